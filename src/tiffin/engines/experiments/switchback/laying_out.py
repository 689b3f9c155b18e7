"""Orders laid out in the windows and steps of a switchback's plan."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.switchback.windows import Flags, Floats, Integers, Windows

DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Happened:
    """Orders of a trial, or sums of them: one row each.

    Parameters
    ----------
    area, day : (n,)
        From 0; days of the trial.
    minute : (n,)
        Since the beginning of the business day. What happened in the extra hour of a day on which clocks go back stands
        in no window of the plan.
    numerator, denominator : (n,)
        The metric is the ratio of their sums.
    """

    area: Integers
    day: Integers
    minute: Integers
    numerator: Floats
    denominator: Floats


def windows_from(happened: Happened, treated: Flags, *, step_min: int, expected: Floats) -> Windows:
    """Add orders up by window and step.

    Parameters
    ----------
    treated : (n_areas, n_days, n_windows), whether an area was treated in a window of a day
        As the plan has it; its windows fill a day.
    step_min : int
        Minutes of a step; divides a window.
    expected : (n_areas, n_windows), the metric that history expects of an area's hour
        Nought where nothing is known; learned before the trial, never from it.

    Raises
    ------
    ValueError
        Where steps do not divide a window, or an order lies outside of the plan.
    """
    areas, days, per_day = treated.shape
    window_min, rest = divmod(DAY_MIN, per_day)
    if rest or step_min <= 0 or window_min % step_min:
        raise ValueError(
            f"Windows fill a day and steps fill a window: {per_day} windows with steps of {step_min} minutes do not."
        )
    inside = (happened.minute >= 0) & (happened.minute < DAY_MIN)
    area, day, minute = happened.area[inside], happened.day[inside], happened.minute[inside]
    if ((area < 0) | (area >= areas) | (day < 0) | (day >= days)).any():
        raise ValueError(f"Orders lie in the {areas} areas and {days} days of the plan; leave out those that do not.")
    window, within = np.divmod(minute, window_min)
    shape = (areas, days * per_day, window_min // step_min)
    key = ((area * days + day) * per_day + window) * shape[2] + within // step_min
    orders = happened.denominator[inside]
    above = happened.numerator[inside] - expected[area, window] * orders
    size = int(np.prod(shape))
    return Windows(
        totals=np.bincount(key, above, size).astype(np.float64).reshape(shape),
        counts=np.bincount(key, orders, size).astype(np.float64).reshape(shape),
        treated=treated.reshape(areas, -1),
    )
