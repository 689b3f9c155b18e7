"""Leaves: the finest rows of a figure, one value of every dimension each, with the values as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.kernel.errors import InvalidData

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_DIMENSIONS = 10
"""2 ** 10 cuboids are walked; more dimensions are more than a person can act upon anyway."""


@dataclass(frozen=True, slots=True, order=True)
class Combination:
    """Some dimensions with one value each, such as zone=North and hour=12; the leaves that have them all."""

    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Write it as ``dim=value&dim=value``, dimensions in order."""
        return "&".join(f"{dimension}={value}" for dimension, value in self.parts)


@dataclass(frozen=True, slots=True)
class Leaves:
    """The dimensions of a figure and, for each leaf, which value of each it has.

    Parameters
    ----------
    names : dimensions, in order.
    labels : for each dimension its values, in order.
    codes : (n_dimensions, n_leaves), places in ``labels``.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: IntArray

    @property
    def sizes(self) -> tuple[int, ...]:
        """Count the values of each dimension."""
        return tuple(len(values) for values in self.labels)

    def kept(self, keep: BoolArray) -> "Leaves":
        """Leave out the leaves that say nothing."""
        return Leaves(self.names, self.labels, self.codes[:, keep])

    def combination(self, dimensions: Sequence[int], values: Sequence[int]) -> Combination:
        """Name a cell of a cuboid."""
        parts = ((self.names[d], self.labels[d][v]) for d, v in zip(dimensions, values, strict=True))
        return Combination(tuple(sorted(parts)))


def leaves_of(columns: Mapping[str, Sequence[Any]]) -> Leaves:
    """Give each value of each dimension a number.

    Raises
    ------
    InvalidData
        There is no dimension or no row, there are too many dimensions, the columns differ in length, or a value is
        missing.
    """
    _check_shape({name: len(column) for name, column in columns.items()})
    names = tuple(sorted(columns))
    labels: list[tuple[str, ...]] = []
    codes: list[IntArray] = []
    for name in names:
        known: dict[Any, int] = {}
        numbered = np.array([known.setdefault(value, len(known)) for value in columns[name]], dtype=np.int64)
        if None in known:
            raise InvalidData(
                f"A value in every row of dimension {name} was expected, and at least one has none. Leave "
                "the dimension out, or write a word such as `none` for what has no value."
            )
        values, places = np.unique(np.array([str(v) for v in known]), return_inverse=True)
        labels.append(tuple(values.tolist()))
        codes.append(places.astype(np.int64)[numbered])
    return Leaves(names, tuple(labels), np.array(codes))


def _check_shape(lengths: Mapping[str, int]) -> None:
    if not lengths:
        raise InvalidData("At least one dimension was expected to look along, and none was given.")
    if len(lengths) > MOST_DIMENSIONS:
        raise InvalidData(
            f"At most {MOST_DIMENSIONS} dimensions were expected, {len(lengths)} were found. Choose those along which "
            "somebody could act."
        )
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        told = ", ".join(f"{name} {n}" for name, n in lengths.items())
        raise InvalidData(f"Equally many rows in every dimension were expected, at least one; found {told}.")


def check_numbers(names_and_numbers: Mapping[str, FloatArray], *, n_leaves: int) -> None:
    """Refuse numbers that no localisation can be read from.

    Raises
    ------
    InvalidData
        A column has another length than there are leaves, misses numbers altogether or in some rows, or has negative
        ones.
    """
    for name, numbers in names_and_numbers.items():
        if numbers.shape[-1] != n_leaves:
            raise InvalidData(f"{n_leaves} numbers of {name} were expected, one a leaf; found {numbers.shape[-1]}.")
        missing = ~np.isfinite(numbers)
        if missing.all():
            raise InvalidData(f"Numbers of {name} were expected, and every row lacks one. Is it the right column?")
        if missing.any():
            raise InvalidData(
                f"A number of {name} in every row was expected; {int(missing.sum())} of {missing.size} rows lack one. "
                "Write 0 where nothing happened, and leave out rows that nobody counted."
            )
        if (numbers < 0).any():
            raise InvalidData(
                f"Numbers of {name} of at least 0 were expected; {int((numbers < 0).sum())} are negative, the least is "
                f"{float(numbers.min()):g}. Split a balance into what is added and what is taken, and ask for each."
            )
