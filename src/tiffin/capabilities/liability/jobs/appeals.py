"""What follows from appeals when a clock ran out: stays end, silence is told or grants, the party is told."""

from tiffin.capabilities.cases.service.effects import Handlers
from tiffin.capabilities.liability.service.appeal_acting import HANDLERS as EFFECTS

HANDLERS: Handlers = EFFECTS
"""By sort of case and effect."""
