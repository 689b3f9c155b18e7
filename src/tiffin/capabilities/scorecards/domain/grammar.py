"""The visual grammar: which drawing tells an answer, from what it is split by. The same everywhere.

A course over time is a line, a few groups are bars, two clocks are a grid of shades, zones are a map, anything wider
is a table, and a number alone is a value beside its week before.
"""

from collections.abc import Sequence

from tiffin.capabilities.scorecards.domain.dashboards import DAY, HOUR, WEEKDAY, ZONE, Form

PERIODS = (DAY, "week", "month", "quarter")
FEW_GROUPS = 12
BOTH = 2


def form_for(by: Sequence[str], *, units: int, has_city: bool, metrics: int = 1) -> Form:
    """Choose the drawing of an answer.

    Parameters
    ----------
    units : int
        Distinct units among its metrics: one axis has one unit.
    has_city : bool
        Whether one city is chosen, which a map needs.

    Examples
    --------
    >>> form_for(("local_hour",), units=1, has_city=True)
    <Form.LINE: 'line'>
    """
    if not by:
        return Form.VALUE
    if len(by) == 1 and units == 1:
        return _of_one(by[0], has_city=has_city, metrics=metrics)
    if len(by) == BOTH and metrics == 1 and HOUR in by and {*by} & {WEEKDAY, DAY}:
        return Form.HEATMAP
    return Form.TABLE


def _of_one(dimension: str, *, has_city: bool, metrics: int) -> Form:
    if dimension in (*PERIODS, HOUR):
        return Form.LINE
    if dimension == ZONE and has_city and metrics == 1:
        return Form.MAP
    return Form.BAR


def in_order(by: Sequence[str]) -> tuple[str, ...]:
    """Put the hour last, so that the clock runs across a grid."""
    return tuple(sorted(by, key=lambda name: name == HOUR))
