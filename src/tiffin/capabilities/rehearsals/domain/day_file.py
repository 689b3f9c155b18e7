"""A simulated day as bytes: what one process, or one machine, hands to another."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.tables import Happened

SHIFTS, HAPPENED = "shifts", "happened"
LENGTH_BYTES = 8
"""Before the list of arrays: how many bytes it has."""


def day_bytes(day: SimulatedDay) -> bytes:
    """Write a day down: the list of its arrays, then their bytes; equal days give equal bytes."""
    arrays = {name: np.ascontiguousarray(array) for name, array in _arrays(day)}
    # Padded, so that the arrays behind it begin on a border of eight bytes, as fast reading wants it.
    listed = json.dumps([[name, _form(array), array.shape] for name, array in arrays.items()]).encode()
    listed += b" " * (-len(listed) % LENGTH_BYTES)
    content = (_padded(array.tobytes()) for array in arrays.values())
    return b"".join((len(listed).to_bytes(LENGTH_BYTES, "little"), listed, *content))


def day_of(content: bytes) -> SimulatedDay:
    """Read a day that `day_bytes` wrote; it can hold numbers and nothing that would run."""
    arrays = dict(_read(content))
    happened = Happened(**{name: _value(arrays[f"{HAPPENED}.{name}"]) for name in Happened._fields})
    shifts = tuple(Shift(*map(int, row)) for row in arrays[SHIFTS])
    plain = {field.name for field in fields(SimulatedDay)} - {SHIFTS, HAPPENED}
    return SimulatedDay(shifts=shifts, happened=happened, **{name: arrays[name] for name in plain})


def _arrays(day: SimulatedDay) -> Iterator[tuple[str, NDArray[Any]]]:
    for field in fields(day):
        value = getattr(day, field.name)
        if field.name == SHIFTS:
            yield SHIFTS, _rows(value)
        elif field.name == HAPPENED:
            parts: Mapping[str, Any] = value._asdict()
            yield from ((f"{HAPPENED}.{name}", np.asarray(part)) for name, part in parts.items())
        else:
            yield field.name, np.asarray(value)


def _rows(shifts: Sequence[Shift]) -> NDArray[np.int64]:
    row = attrgetter(*(field.name for field in fields(Shift)))
    return np.array([row(shift) for shift in shifts], dtype=np.int64).reshape(len(shifts), -1)


def _form(array: NDArray[Any]) -> Any:
    return array.dtype.descr if array.dtype.names else array.dtype.str


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % LENGTH_BYTES)


def _read(content: bytes) -> Iterator[tuple[str, Any]]:
    begin = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    for name, form, shape in json.loads(content[LENGTH_BYTES:begin]):
        dtype = np.dtype(form if isinstance(form, str) else [tuple(column) for column in form])
        count = int(np.prod(shape, dtype=np.int64))
        array = np.frombuffer(content, dtype, count, begin).reshape(shape)
        yield name, array.view(np.recarray) if dtype.names else array
        begin += array.nbytes + -array.nbytes % LENGTH_BYTES


def _value(array: NDArray[Any]) -> Any:
    return array if array.ndim else array.item()
