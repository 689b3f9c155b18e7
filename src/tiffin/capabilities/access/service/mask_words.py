"""Masks, shapes of values, states of changes and shipped reasons in words."""

from collections.abc import Mapping

from tiffin.capabilities.access.domain.masks import ChangeState
from tiffin.kernel.masks import Mask, MaskKind, Shape
from tiffin.runtime.i18n import format_number, mark, translate

SHAPES: Mapping[Shape, str] = {
    Shape.TEXT: mark("names, keys and texts"),
    Shape.PLACE: mark("coordinates"),
    Shape.TIME: mark("days and times"),
}

STATES: Mapping[ChangeState, str] = {
    ChangeState.WAITING: mark("waits for a second person"),
    ChangeState.SETTLED: mark("put in force"),
    ChangeState.DECLINED: mark("declined"),
    ChangeState.WITHDRAWN: mark("taken back by who asked"),
    ChangeState.OVERTAKEN: mark("overtaken by a stricter one"),
}

SHIPPED_REASONS = (
    mark("Contracts and partners are told apart and not named."),
    mark("A twentieth of a degree is five kilometers - a part of a city and no address."),
    mark("As for viewers."),
    mark("A hundredth of a degree is one kilometer - a district and no address."),
    mark("Told apart and not known."),
    mark("Who calls back compares the last four digits."),
)
"""Why the shipped rules are as they are, word for word as their file says it."""

_KINDS = {
    MaskKind.HASH: mark("a code in its place"),
    MaskKind.LAST_FOUR: mark("the last four characters"),
    MaskKind.MONTH: mark("the month only"),
}
WHOLE_FROM = 10
"""From how many kilometers on they are told without a fraction."""

KILOMETERS = 111.2
"""Length of a degree of latitude, in kilometers."""


def mask_word(mask: Mask | None, locale: str) -> str:
    """Say what a mask shows."""
    if mask is None:
        return translate(locale, mark("closed: nothing is told"))
    if mask.kind is MaskKind.COARSE:
        side = KILOMETERS / mask.cells
        number = format_number(side, locale, decimals=int(side < WHOLE_FROM))
        return translate(locale, mark("the corner of a square of {number} km"), number=number)
    return translate(locale, _KINDS[mask.kind])
