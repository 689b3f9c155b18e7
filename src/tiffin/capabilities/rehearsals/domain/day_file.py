"""A simulated day as bytes: what one process, or one machine, hands to another."""

from collections.abc import Sequence
from dataclasses import fields
from io import BytesIO
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.tables import Happened

SHIFTS, HAPPENED = "shifts", "happened"


def day_bytes(day: SimulatedDay) -> bytes:
    """Write a day down; equal days give equal bytes."""
    buffer = BytesIO()
    np.savez(buffer, **_arrays(day))
    return buffer.getvalue()


def day_of(content: bytes) -> SimulatedDay:
    """Read a day that `day_bytes` wrote; it can hold arrays and nothing that would run."""
    with np.load(BytesIO(content), allow_pickle=False) as file:
        arrays = {name: _table(file[name]) for name in file.files}
    happened = Happened(**{name: _value(arrays[f"{HAPPENED}.{name}"]) for name in Happened._fields})
    shifts = tuple(Shift(*map(int, row)) for row in arrays[SHIFTS])
    plain = {field.name for field in fields(SimulatedDay)} - {SHIFTS, HAPPENED}
    return SimulatedDay(shifts=shifts, happened=happened, **{name: arrays[name] for name in plain})


def _arrays(day: SimulatedDay) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for field in fields(day):
        value = getattr(day, field.name)
        if field.name == SHIFTS:
            arrays[SHIFTS] = _rows(value)
        elif field.name == HAPPENED:
            arrays |= {f"{HAPPENED}.{name}": np.asarray(part) for name, part in value._asdict().items()}
        else:
            arrays[field.name] = np.asarray(value)
    return arrays


def _rows(shifts: Sequence[Shift]) -> NDArray[np.int64]:
    row = attrgetter(*(field.name for field in fields(Shift)))
    return np.array([row(shift) for shift in shifts], dtype=np.int64).reshape(len(shifts), -1)


def _table(array: NDArray[Any]) -> Any:
    return array.view(np.recarray) if array.dtype.names else array


def _value(array: NDArray[Any]) -> Any:
    return array if array.ndim else array.item()
