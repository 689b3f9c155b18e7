"""What a number is compared with: other days, another place, or a target."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, asked_days, read_day


class Comparison(StrEnum):
    """What sort of thing stands on the other side."""

    PREVIOUS = "previous"
    WEEK = "week"
    DAYS = "days"
    PLACE = "place"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Against:
    """The other side of a comparison.

    Parameters
    ----------
    days : Days or None
        For `Comparison.DAYS`.
    place : Condition or None
        For `Comparison.PLACE`: the condition that replaces the request's own on the same dimension.
    targets : mapping of str to float
        For `Comparison.TARGET`: aimed values by metric.
    """

    comparison: Comparison = Comparison.PREVIOUS
    days: Days | None = None
    place: Condition | None = None
    targets: Mapping[str, float] = field(default_factory=dict)

    def days_for(self, days: Days) -> Days:
        """Give the days on the other side."""
        if self.comparison is Comparison.DAYS and self.days:
            return self.days
        if self.comparison is Comparison.WEEK:
            back = timedelta(days=7 * -(-len(days) // 7))
            return Days(days.first - back, days.last - back)
        if self.comparison is Comparison.PREVIOUS:
            return Days(days.first - timedelta(days=len(days)), days.first - timedelta(days=1))
        return days

    def where_for(self, where: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Give the conditions on the other side."""
        if self.place is None:
            return where
        return (*(one for one in where if one.dimension != self.place.dimension), self.place)


_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_PLACE = re.compile(r"(city_id|city|country|zone_id|fleet_id|vehicle|merchant_id)=(.+)")


def read_against(text: str, targets: Iterable[str] = ()) -> Against:
    """Read what somebody wants to compare with.

    Parameters
    ----------
    text : str
        ``previous``, ``week``, ``2026-02-01..2026-02-07``, ``city_id=doha``, or ``target``.
    targets : iterable of str
        ``metric=value``; any makes it a comparison with targets.

    Raises
    ------
    WrongUse
        It cannot be read.

    Examples
    --------
    >>> read_against("2026-02-01..2026-02-07").days
    Days(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 2, 7))
    """
    aims = dict(_target(one) for one in targets)
    if aims:
        return Against(Comparison.TARGET, targets=aims)
    if found := _DAYS.fullmatch(text.strip()):
        return Against(Comparison.DAYS, days=_days(found[1], found[2]))
    if found := _PLACE.fullmatch(text.strip()):
        dimension = "city_id" if found[1] == "city" else found[1]
        return Against(Comparison.PLACE, place=Condition(dimension, Operator.EQ, (found[2],)))
    if text in (Comparison.PREVIOUS, Comparison.WEEK):
        return Against(Comparison(text))
    raise WrongUse(
        Message(
            "previous, week, 2026-02-01..2026-02-07, city_id=doha or targets were expected, '{text}' was found. "
            "Say what to compare with in one of these ways.",
            text=text,
        )
    )


def _days(first: str, last: str) -> Days:
    return asked_days(read_day(first), read_day(last))


def _target(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise WrongUse(f"A target such as completion_rate=0.97 was expected, {text!r} was found.") from None
