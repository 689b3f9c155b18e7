"""What a reading finds beside the effect, gathered from the facts: by segment, by day, and what carries over."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tiffin.capabilities.experiments.domain.dissecting import (
    arm_sizes,
    by_day,
    by_segment,
    carried_over,
    pairs_of_days,
)
from tiffin.capabilities.experiments.domain.findings import CarryOver, Findings
from tiffin.capabilities.experiments.domain.sums import Floats, Sums
from tiffin.capabilities.experiments.domain.trial import Design, Trial, Unit
from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.service.records import places_in, trial_in
from tiffin.capabilities.experiments.service.summing import DIMENSIONS, HISTORY_DAYS, days_of, slices_of, where_of
from tiffin.capabilities.metrics.service import dimensions_of
from tiffin.capabilities.metrics.service.parts import parts_by
from tiffin.engines.experiments.assigning.windows import is_treated
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.switchback.windows import Windows
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import SLOT_MIN
from tiffin.runtime.context import Context

SEGMENTS: Mapping[str, tuple[str, ...]] = {
    "city_id": ("city_id",),
    "zone_id": ("city_id", "zone_id"),
    "vehicle": ("vehicle",),
    "category": ("category",),
    "day_part": ("day_part",),
    "is_weekend": ("is_weekend",),
    "is_first_order": ("is_first_order",),
}
"""Dimensions by which an effect is looked at, with what names a value of each without doubt."""


class Dissected:
    """The parts of one trial's deciding metric, asked of the warehouse once for all arms."""

    def __init__(self, context: Context, record: TrialRecord, sums: Sums, through: date) -> None:
        self._context, self._record, self._sums, self._through = context, record, sums, through
        self._trial = trial_in(record)
        self._slices = self._segments()
        self._days = self._by_day()
        self._carry_over = _carry_over(context, record, through) if self._trial.design is Design.SWITCHBACK else None

    def findings(self, arm: int, whole: Estimate | None) -> tuple[Findings, tuple[Caution, ...]]:
        """Give what was found of one arm, by its number, and what of it whoever reads the effect has to know."""
        level = self._trial.level
        segments = tuple(
            one
            for name, parts in self._slices.items()
            if (one := by_segment(name, parts, arm, whole=whole, level=level)) is not None
        )
        days, wearing = by_day(self._days, arm, level=level)
        sizes, unequal = arm_sizes(self._trial, self._sums)
        found = Findings(segments, days, self._carry_over, sizes)
        turned = tuple(caution for one in segments for caution in one.cautions)
        return found, (*unequal, *turned[:1], *wearing)

    def _segments(self) -> dict[str, Mapping[str, Sums]]:
        known = {one.name for one in dimensions_of(self._context, self._trial.metric)}
        found = {}
        for name in SEGMENTS:
            if name in known and self._tells(name):
                try:
                    found[name] = slices_of(
                        self._context, self._record, self._trial.metric, self._through, SEGMENTS[name]
                    )
                except (Forbidden, WrongUse):
                    continue  # not for this reader, or not together with the trial's unit: the others still are
        return found

    def _tells(self, name: str) -> bool:
        """Leave out what has one value alone: the city of a trial in one, and the zones of units that are zones."""
        if name == "city_id":
            return len(self._trial.cities) > 1 and self._trial.unit is not Unit.CITY
        return not (name == "zone_id" and self._trial.design is Design.SPLIT and self._trial.unit.is_area)

    def _by_day(self) -> Mapping[int, Sums]:
        if self._trial.design is Design.SWITCHBACK:
            return pairs_of_days(self._trial, self._sums)
        return days_of(self._context, self._record, self._trial.metric, self._through)


def _carry_over(context: Context, record: TrialRecord, through: date) -> CarryOver | None:
    """Lay the windows of a switchback out step by step, and tell what carries over; None where it cannot be told."""
    trial = trial_in(record)
    if not {"slot_at"} <= {one.name for one in dimensions_of(context, trial.metric)}:
        return None
    cells = _by_slot(context, record, Days(trial.first, through))
    if not cells:
        return None
    earlier = Days(trial.first - timedelta(days=HISTORY_DAYS), trial.first - timedelta(days=1))
    usual = _usual(_by_slot(context, record, earlier))
    windows = _windows(trial, cells, usual, (through - trial.first).days + 1)
    try:
        return carried_over(windows, step_min=SLOT_MIN, washout_min=trial.washout_min, level=trial.level)
    except DesignRefused as refusal:
        return CarryOver(SLOT_MIN, (), (), 0, None, refusal.caution)


Slot = tuple[str, int, int]
"""Area, day of the trial and minute since the business day began."""


def _by_slot(context: Context, record: TrialRecord, days: Days) -> dict[Slot, tuple[float, float]]:
    trial = trial_in(record)
    places, area = {one.city_id: one for one in places_in(record)}, DIMENSIONS[trial.unit]
    by = (*area, "slot_at")
    found = {}
    for part in parts_by(context, trial.metric, by, where=where_of(trial), days=days, is_whole=True):
        if None not in part.key:
            at = part.key[-1]
            at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))
            day, minute = places[part.key[0]].moment(at)
            name = "/".join(str(one) for one in part.key[:-1])
            below = 1.0 if part.below is None else part.below
            found[name, (day - trial.first).days, minute] = (part.above, below)
    return found


def _usual(cells: Mapping[Slot, tuple[float, float]]) -> dict[tuple[str, int], float]:
    """Give what each slot of the day of an area was like before the trial."""
    added: dict[tuple[str, int], list[float]] = {}
    for (area, _, minute), (above, below) in cells.items():
        one = added.setdefault((area, minute), [0.0, 0.0])
        one[0], one[1] = one[0] + above, one[1] + below
    return {key: above / below for key, (above, below) in added.items() if below > 0}


def _windows(
    trial: Trial, cells: Mapping[Slot, tuple[float, float]], usual: Mapping[tuple[str, int], float], days: int
) -> Windows:
    """Lay sums out by area, window and step, less what history expects of a slot."""
    schedule = trial.schedule()
    areas = {name: number for number, name in enumerate(sorted({area for area, _, _ in cells}))}
    shape = (len(areas), days * schedule.per_day, trial.window_min // SLOT_MIN)
    totals: Floats = np.zeros(shape)
    counts: Floats = np.zeros(shape)
    for (area, day, minute), (above, below) in cells.items():
        window, step = minute // trial.window_min, minute % trial.window_min // SLOT_MIN
        # The hour that a day gains when clocks go back has no window of its own.
        if 0 <= day < days and window < schedule.per_day:
            place = (areas[area], day * schedule.per_day + window, step)
            totals[place] += above - usual.get((area, minute), 0.0) * below
            counts[place] += below
    treated = np.array(
        [
            [is_treated(schedule, area, day, window) for day in range(days) for window in range(schedule.per_day)]
            for area in areas
        ],
        dtype=bool,
    )
    return Windows(totals, counts, treated)
