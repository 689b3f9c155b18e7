"""What the pages of trials call designs and units, and the tones of states."""

from collections.abc import Mapping

from tiffin.capabilities.experiments.domain.trial import Design, Unit
from tiffin.runtime.i18n import mark

DESIGNS: Mapping[Design, str] = {
    Design.SPLIT: mark("Split"),
    Design.SWITCHBACK: mark("Switchback"),
    Design.GEO: mark("Geographic"),
    Design.STAGED: mark("Staged roll-out"),
}
MEANINGS: Mapping[Design, str] = {
    Design.SPLIT: mark("Each unit keeps one arm as long as the trial lasts."),
    Design.SWITCHBACK: mark("Each area changes its arm from window to window, so that it is compared with itself."),
    Design.GEO: mark("Some areas begin on the first day and are set against a mixture of others that moved like them."),
    Design.STAGED: mark("Areas begin in waves, in an order drawn by chance; those that wait are compared with."),
}
UNITS: Mapping[Unit, str] = {
    Unit.CUSTOMER: mark("Customers"),
    Unit.RIDER: mark("Riders"),
    Unit.MERCHANT: mark("Merchants"),
    Unit.ZONE: mark("Zones"),
    Unit.CITY: mark("Cities"),
}
TONES: Mapping[str, str] = {
    "trial_submitted": "warn",
    "trial_running": "good",
    "trial_ended": "warn",
}
STEPS = (
    "trial_designed",
    "trial_submitted",
    "trial_approved",
    "trial_running",
    "trial_ended",
    "trial_judged",
)
"""The way of a trial that is not withdrawn."""
