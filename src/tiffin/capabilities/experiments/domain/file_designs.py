"""Read-outs of tables that somebody brings: which columns each design needs, and what reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.panels import Panel, panel_from_rows
from tiffin.engines.experiments.observational.staggered import staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import Solver, synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import synthetic_did
from tiffin.engines.experiments.readout.assigned import Reading, read_assigned
from tiffin.engines.experiments.readout.cells import Cells, sums_by
from tiffin.engines.experiments.readout.contrasts import difference_of_ratios
from tiffin.engines.experiments.readout.moments import Floats, Integers, Moments
from tiffin.engines.experiments.readout.randomisation import Randomisation
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

ARMS = 2
_MARKS = {"0", "1", "0.0", "1.0", "True", "False", "true", "false"}


class FileDesign(StrEnum):
    """How what a table holds came about."""

    AB = "ab"
    CLUSTER = "cluster"
    SWITCHBACK = "switchback"
    DID = "did"
    STAGGERED = "staggered"
    SYNTHETIC_CONTROL = "synthetic-control"
    SDID = "sdid"
    GEO = "geo"


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns of a table.

    Parameters
    ----------
    unit : str
        Of what was drawn, or of a panel's rows: a user, a city, a cluster, the area of a switchback.
    time : str
        Of a panel's periods, or of a switchback's windows.
    arm : str
        Two values, the untreated one first in the order of numbers or letters; of a panel, whether treated then, and of
        a staggered one else the first time treated, 0 for never.
    value, denominator : str
        The metric is the ratio of their sums; without a denominator each row counts once.
    """

    unit: str = "unit"
    time: str = "time"
    arm: str = "arm"
    value: str = "value"
    denominator: str = ""


Table = Mapping[str, Sequence[Any]]


def needed(design: FileDesign, columns: Columns) -> tuple[str, ...]:
    """Name the columns that a design reads."""
    timed = () if design in (FileDesign.AB, FileDesign.CLUSTER) else (columns.time,)
    drawn = () if design is FileDesign.AB else (columns.unit,)
    below = (columns.denominator,) if columns.denominator and design in _LOTS else ()
    return (*drawn, *timed, columns.arm, columns.value, *below)


def read_table(design: FileDesign, table: Table, columns: Columns, *, level: float = 0.95) -> Estimate:
    """Read a table out.

    Raises
    ------
    WrongUse
        A column is missing, an arm is not one of two, or a value is no number.
    InvalidData
        A panel is not whole.
    DesignRefused
        The design cannot hold its size.
    """
    missing = [name for name in needed(design, columns) if name not in table]
    if missing:
        raise WrongUse(
            Message(
                "A table of the design {design} has the columns {needed}; {missing} is not among those found: {found}. "
                "Name the columns by --unit, --time, --arm, --value and --denominator.",
                design=design.value,
                needed=", ".join(needed(design, columns)),
                missing=", ".join(missing),
                found=", ".join(table),
            )
        )
    if design in _LOTS:
        return _LOTS[design](table, columns, level)
    treated = _treated(table, columns) if design is FileDesign.STAGGERED else table[columns.arm]
    rows = zip(table[columns.unit], table[columns.time], table[columns.value], treated, strict=True)
    return _PANELS[design](panel_from_rows(rows), level)


def _treated(table: Table, columns: Columns) -> Sequence[Any]:
    """Mark who is treated when, also where the column names each unit's first time, and 0 for none."""
    marks = table[columns.arm]
    if {str(one) for one in marks} <= _MARKS:
        return marks
    starts, times = _numbers(marks, columns.arm), _numbers(table[columns.time], columns.time)
    return [bool(start > 0 and time >= start) for start, time in zip(starts, times, strict=True)]


def _ab(table: Table, columns: Columns, level: float) -> Estimate:
    above, below, arm = _parts(table, columns)
    rows = np.column_stack([above, below])
    treated, control = (Moments.of(rows[arm == one]) for one in (1, 0))
    return difference_of_ratios(treated, control, level=level)


def _cluster(table: Table, columns: Columns, level: float) -> Estimate:
    above, below, arm = _parts(table, columns)
    unit = _numbered(table[columns.unit])
    count = int(unit.max()) + 1
    cells = Cells(above, below, arm)
    design = Randomisation(unit, np.zeros(count, dtype=np.int64))
    _refuse_mixed(design, arm, columns)
    return read_assigned(cells, design, reading=Reading(level=level))


def _switchback(table: Table, columns: Columns, level: float) -> Estimate:
    above, below, arm = _parts(table, columns)
    area = _numbered(table[columns.unit])
    pairs = np.array([f"{one}\x1f{at}" for one, at in zip(area, table[columns.time], strict=True)])
    window = _numbered(pairs)
    count = int(window.max()) + 1
    stratum = np.zeros(count, dtype=np.int64)
    stratum[window] = area
    _refuse_mixed(Randomisation(window, stratum), arm, columns)
    arms = np.zeros(count, dtype=np.int64)
    arms[window] = arm
    cells = Cells(sums_by(above, window, count), sums_by(below, window, count), arms)
    design = Randomisation(np.arange(count, dtype=np.int64), stratum)
    return read_assigned(cells, design, reading=Reading(level=level))


def _parts(table: Table, columns: Columns) -> tuple[Floats, Floats, Integers]:
    above = _numbers(table[columns.value], columns.value)
    below = _numbers(table[columns.denominator], columns.denominator) if columns.denominator else np.ones(len(above))
    arms = sorted(set(table[columns.arm]), key=lambda one: (str(type(one)), one))
    if len(arms) != ARMS:
        raise WrongUse(
            Message(
                "Column {column} was expected to hold two arms; found {count}: {found}. Read two arms at a time.",
                column=columns.arm,
                count=len(arms),
                found=", ".join(map(str, arms[:6])),
            )
        )
    return above, below, np.array([int(one == arms[1]) for one in table[columns.arm]], dtype=np.int64)


def _numbers(values: Sequence[Any], column: str) -> Floats:
    for row, value in enumerate(values, 1):
        try:
            is_number = bool(np.isfinite(float(value)))
        except (TypeError, ValueError):
            is_number = False
        if not is_number:
            raise WrongUse(
                Message(
                    "Column {column} was expected to hold numbers; row {row} holds '{found}'. "
                    "Leave such rows out, or give them a number.",
                    column=column,
                    row=row,
                    found=str(value),
                )
            )
    return np.array([float(value) for value in values])


def _numbered(values: Sequence[Any] | np.ndarray[Any, Any]) -> Integers:
    return np.unique(np.asarray(values, dtype=str), return_inverse=True)[1].astype(np.int64)


def _refuse_mixed(design: Randomisation, arm: Integers, columns: Columns) -> None:
    try:
        design.arms(arm)
    except ValueError:
        raise WrongUse(
            Message(
                "All rows of one {unit} were expected to have one arm; some have both. "
                "Name what was drawn as the unit.",
                unit=columns.unit,
            )
        ) from None


_LOTS: Mapping[FileDesign, Callable[[Table, Columns, float], Estimate]] = {
    FileDesign.AB: _ab,
    FileDesign.CLUSTER: _cluster,
    FileDesign.SWITCHBACK: _switchback,
}
_PANELS: Mapping[FileDesign, Callable[[Panel, float], Estimate]] = {
    FileDesign.DID: lambda panel, level: difference_in_differences(panel, level=level).estimate,
    FileDesign.STAGGERED: lambda panel, level: staggered_differences(panel, level=level).estimate,
    FileDesign.SYNTHETIC_CONTROL: lambda panel, level: (
        synthetic_control(panel, level=level, solver=Solver.PUBLISHED).estimate
    ),
    FileDesign.SDID: lambda panel, level: synthetic_did(panel, level=level).estimate,
    FileDesign.GEO: lambda panel, level: geo_test(panel, level=level).estimate,
}
