"""What follows from decided incidents: the ledger and notices."""

from tiffin.capabilities.cases.service.effects import Handlers
from tiffin.capabilities.liability.service.judging_effects import HANDLERS as EFFECTS

HANDLERS: Handlers = EFFECTS
"""By sort of case and effect."""
