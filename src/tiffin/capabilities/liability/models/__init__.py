"""Tables of liability in the operational database, one module each; all imported here so that the schema knows them."""

from tiffin.capabilities.liability.models import appeals as appeals
from tiffin.capabilities.liability.models import disputes as disputes
from tiffin.capabilities.liability.models import exemptions as exemptions
from tiffin.capabilities.liability.models import ledger as ledger
from tiffin.capabilities.liability.models import notices as notices
from tiffin.capabilities.liability.models import quality as quality
from tiffin.capabilities.liability.models import verdicts as verdicts
