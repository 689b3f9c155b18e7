"""What follows from disputes when a clock ran out: proposals lapse, talks end, and the parties are told."""

from tiffin.capabilities.cases.service.effects import Handlers
from tiffin.capabilities.liability.service.disputes import HANDLERS as EFFECTS

HANDLERS: Handlers = EFFECTS
"""By sort of case and effect."""
