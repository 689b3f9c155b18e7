"""Tables of balance in the operational database, one module each; all imported here so that the schema knows them."""

from tiffin.capabilities.balance.models import day_episodes as day_episodes
from tiffin.capabilities.balance.models import roll_outs as roll_outs
from tiffin.capabilities.balance.models import strategies as strategies
