"""A panel: one outcome of the same units at the same times, and since when each unit is treated."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.observational.cautions import caution
from tiffin.kernel.errors import InvalidData

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One outcome of all units at all times; treatment, once begun, stays.

    Parameters
    ----------
    outcomes : (n_units, n_times)
    starts : (n_units,)
        Position of the first treated time; `n_times` for a unit that is never treated.
    units, times : tuple of str
    """

    outcomes: Floats
    starts: Integers
    units: tuple[str, ...]
    times: tuple[str, ...]

    @property
    def n_times(self) -> int:
        """How many times there are."""
        return int(self.outcomes.shape[1])

    @property
    def treated(self) -> Bools:
        """Which units are ever treated, (n_units,)."""
        return self.starts < self.n_times


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A panel whose treated units all start at one time.

    Parameters
    ----------
    controls : (n_controls, n_times)
    treated : (n_treated, n_times)
    before : int
        How many times lie before the start.
    donors : tuple of str
        Names of the controls.
    """

    controls: Floats
    treated: Floats
    before: int
    donors: tuple[str, ...]

    @property
    def mean(self) -> Floats:
        """The treated units' average, (n_times,)."""
        averaged: Floats = self.treated.mean(axis=0)
        return averaged

    def untreated_part(self, before: int) -> "Block":
        """Keep the times before the start, as if it had come earlier: nothing was done then, so there is no effect."""
        return Block(self.controls[:, : self.before], self.treated[:, : self.before], before, self.donors)


def panel_of(outcomes: ArrayLike, treated: ArrayLike, *, units: Sequence[str], times: Sequence[str]) -> Panel:
    """Make a panel of a matrix and a mask of the same shape (n_units, n_times), with times in order.

    Raises
    ------
    InvalidData
        Where an outcome is no number, a unit is treated from the start or stops, or there is nothing to compare.
    """
    values = np.asarray(outcomes, dtype=np.float64)
    mask = np.asarray(treated, dtype=bool)
    if values.ndim != 2 or values.shape != mask.shape or values.shape != (len(units), len(times)):  # noqa: PLR2004 - a matrix
        raise InvalidData(
            "A panel takes one outcome and one mark of treatment for each of its units and times, so two matrices of "
            f"{len(units)} by {len(times)}; found outcomes of {values.shape} and marks of {mask.shape}. "
            "Hand in the same units at the same times for both."
        )
    starts = np.where(mask.any(axis=1), mask.argmax(axis=1), len(times)).astype(np.int64)
    made = Panel(values, starts, tuple(units), tuple(times))
    _refuse_gaps(made)
    _refuse_treatment(made, mask)
    return made


def panel_from_rows(rows: Iterable[tuple[str, str, str | float, str | float | bool]]) -> Panel:
    """Make a panel of rows (unit, time, outcome, treated then), in any order.

    Times are put in order as numbers where all are numbers, and otherwise as text, so dates are to be written year
    first.

    Raises
    ------
    InvalidData
        Where a unit lacks a time or has it twice, an outcome is no number, or as `panel_of` says.
    """
    cells: dict[tuple[str, str], tuple[float, bool]] = {}
    for number, (unit, time, outcome, treated) in enumerate(rows, 1):
        at = (str(unit), str(time))
        if at in cells:
            raise InvalidData(
                f"A panel has one row for each unit and time; row {number} is the second of {at[0]} at {at[1]}. "
                "Add such rows up, or take the average, before handing them in."
            )
        cells[at] = (_number(outcome, number, "outcome"), _number(treated, number, "mark of treatment") != 0)
    units = sorted({unit for unit, _ in cells})
    times = sorted({time for _, time in cells}, key=_order)
    _refuse_unbalanced(cells, units, times)
    values = [[cells[unit, time][0] for time in times] for unit in units]
    marks = [[cells[unit, time][1] for time in times] for unit in units]
    return panel_of(values, marks, units=units, times=times)


def block_of(panel: Panel) -> Block:
    """Take a panel apart whose treated units all start together.

    Raises
    ------
    DesignRefused
        Where they start at different times: `staggered` reads those.
    """
    starts = panel.starts[panel.treated]
    if len(set(starts.tolist())) > 1:
        raise DesignRefused(caution("several_starts", starts=len(set(starts.tolist()))))
    if panel.treated.all():
        raise InvalidData(
            f"All {len(panel.units)} units are treated at the end, so nobody tells what would have been without. "
            "Hand in units that are never treated too."
        )
    never = ~panel.treated
    donors = tuple(unit for unit, one in zip(panel.units, never, strict=True) if one)
    return Block(panel.outcomes[never], panel.outcomes[panel.treated], int(starts[0]), donors)


def _refuse_gaps(panel: Panel) -> None:
    if panel.n_times < 2:  # noqa: PLR2004 - one before, one after
        raise InvalidData(
            f"A panel needs at least one time before the treatment and one with it; found {panel.n_times} time in all. "
            "Hand in the times from before too."
        )
    bad = np.argwhere(~np.isfinite(panel.outcomes))
    if len(bad):
        unit, time = bad[0]
        raise InvalidData(
            f"Every outcome of a panel is a number; that of {panel.units[unit]} at {panel.times[time]} is "
            f"{panel.outcomes[unit, time]}, and {len(bad)} are in all. Leave out the unit, or the time for all units."
        )


def _refuse_treatment(panel: Panel, mask: Bools) -> None:
    if not mask.any():
        raise InvalidData(
            f"Somebody has to be treated at some time; none of the {len(panel.units)} units is. "
            "Mark the times at which each treated unit had the treatment."
        )
    stays = np.maximum.accumulate(mask, axis=1)
    if (stopped := np.flatnonzero((stays & ~mask).any(axis=1))).size:
        raise InvalidData(
            f"Treatment, once begun, has to stay; {panel.units[stopped[0]]} stops after "
            f"{panel.times[panel.starts[stopped[0]]]}. Leave out the times after it stopped; where it goes on and off "
            "by plan, read it as a switchback."
        )
    if (always := np.flatnonzero(panel.starts == 0)).size:
        raise InvalidData(
            f"{panel.units[always[0]]} is treated from the start ({panel.times[0]}), so what it was without is "
            f"unknown; {always.size} unit(s) are. Hand in earlier times, or leave them out."
        )
    if len(panel.units) < 2:  # noqa: PLR2004 - one treated, one to compare with
        raise InvalidData(
            f"{panel.units[0]} stands alone, so nobody tells what would have been without the treatment. "
            "Hand in units that are never treated too."
        )


def _refuse_unbalanced(cells: dict[tuple[str, str], tuple[float, bool]], units: list[str], times: list[str]) -> None:
    missing = len(units) * len(times) - len(cells)
    if missing:
        unit, time = next((unit, time) for unit in units for time in times if (unit, time) not in cells)
        raise InvalidData(
            f"A panel has every unit at every time, so {len(units)} units at {len(times)} times make "
            f"{len(units) * len(times)} rows; {missing} are missing, the first that of {unit} at {time}. "
            "Fill them from the source, or leave out those units."
        )
    if not cells:
        raise InvalidData(
            "A panel needs rows of unit, time, outcome and treatment; none was found. Hand in the file's rows."
        )


def _number(value: str | float | bool, row: int, what: str) -> float:  # noqa: FBT001 - a cell, whatever its type
    try:
        return float(value)
    except ValueError:
        raise InvalidData(
            f"Row {row} has the {what} {value!r}, which is no number. Write plain numbers with a decimal point; "
            "a mark of treatment is 0 or 1."
        ) from None


def _order(time: str) -> tuple[float, str]:
    try:
        number = float(time)
    except ValueError:
        number = math.inf
    return (number, time)
