"""Tables that hold the same: columns are paired by their values, whatever they are called.

A pair of tables is the same where the smaller one's values are found again in the other: first those of the columns
that name its rows, then the share of all columns, each counted by how much it tells. A table of another grain has no
rows of its own there, one of another unit no quantities, one of the same name and other contents neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from tiffin.engines.likeness.sketches import Sketch, ValueKind, contained, of_one_size

LEAST_FOUND = 0.8
"""Share of the smaller table's columns, by what they tell, that must be found again."""
LEAST_VALUES = 0.7
"""Share of a column's distinct values that must be found in its partner; sketches err by some hundredths."""
LEAST_COLUMNS = 3
"""Fewer columns than these may meet by chance."""
OFTENER = 1.5
"""How much oftener a value that names rows may stand in the whole than in the part; oftener is another grain."""
SAME_ROWS = 0.9
"""Of two copies one has at least this share of the other's rows; with less it is a part."""
OF_ROWS = 0.5
"""A column with this share of the distinct values of the richest names rows."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept of a table.

    Parameters
    ----------
    columns : mapping of str to Sketch
        By name; those that every table has for bookkeeping are left out by whoever profiles.
    """

    name: str
    columns: Mapping[str, Sketch]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max((one.rows for one in self.columns.values()), default=0)

    @property
    def distinct(self) -> float:
        """Distinct values of its richest column."""
        return max((one.distinct for one in self.columns.values()), default=0.0)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two tables of which one holds what the other does.

    Parameters
    ----------
    part, whole : str
        The smaller table and the one in which it is found.
    found : float
        Share of the part's columns, by what they tell, that are found again, 0 to 1.
    columns : mapping of str to str
        Column of the part, to its partner.
    is_whole : bool
        Whether both have the same columns and about the same rows: a copy; else a part of it.
    """

    part: str
    whole: str
    found: float
    columns: Mapping[str, str]
    is_whole: bool


def paired(one: Profile, other: Profile) -> Pairing | None:
    """Pair two tables; None where they do not hold the same."""
    part, whole = (one, other) if _size(one) <= _size(other) else (other, one)
    names, partners = _telling(part), list(whole.columns)
    if len(names) < LEAST_COLUMNS or not partners:
        return None
    shares = np.array([[_likeness(part, whole, name, partner) for partner in partners] for name in names])
    rows, columns = linear_sum_assignment(-shares)
    chosen = {names[row]: partners[column] for row, column in zip(rows, columns, strict=True)}
    held = {name: partner for name, partner in chosen.items() if _is_found(part, whole, name, partner)}
    told = {name: part.columns[name].weight for name in names}
    found = sum(told[name] for name in held) / sum(told.values())
    if found < LEAST_FOUND or len(held) < LEAST_COLUMNS or not _same_grain(part, whole, held):
        return None
    same_rows = min(part.rows, whole.rows) >= SAME_ROWS * max(part.rows, whole.rows)
    is_whole = same_rows and len(names) == len(_telling(whole))
    return Pairing(part.name, whole.name, found, held, is_whole=is_whole)


def alike_tables(profiles: Sequence[Profile]) -> tuple[Pairing, ...]:
    """List the pairs of tables that hold the same, the surest first."""
    pairs = (paired(one, other) for index, one in enumerate(profiles) for other in profiles[index + 1 :])
    return tuple(sorted((pair for pair in pairs if pair), key=lambda pair: (-pair.found, pair.part, pair.whole)))


def _size(profile: Profile) -> tuple[int, int, str]:
    return len(_telling(profile)), profile.rows, profile.name


def _telling(profile: Profile) -> list[str]:
    return [name for name, one in profile.columns.items() if one.weight > 0]


def _likeness(part: Profile, whole: Profile, name: str, partner: str) -> float:
    """Tell how alike two columns are: of values as far as they go, then by how often they are empty, then by name."""
    one, other = part.columns[name], whole.columns[partner]
    if not of_one_size(one, other):
        return 0.0
    values = contained(one, other)
    back = contained(other, one)
    empty = abs(one.filled / max(one.rows, 1) - other.filled / max(other.rows, 1))
    return values + 0.3 * back + 0.1 * (1 - empty) * (values > 0) + 0.02 * (name == partner)


def _same_grain(part: Profile, whole: Profile, held: Mapping[str, str]) -> bool:
    """Tell whether some column that names the part's rows is found, and names rows as finely in the whole."""
    naming = [name for name in _telling(part) if part.columns[name].distinct >= OF_ROWS * part.distinct]
    # Quantities name rows only where nothing else does.
    names = [name for name in naming if part.columns[name].kind in (ValueKind.TEXT, ValueKind.TIME)] or naming
    naming = [name for name in names if name in held]
    return any(_often(whole.columns[held[name]]) <= OFTENER * _often(part.columns[name]) for name in naming)


def _often(one: Sketch) -> float:
    return one.filled / max(one.distinct, 1.0)


def _is_found(part: Profile, whole: Profile, name: str, partner: str) -> bool:
    one, other = part.columns[name], whole.columns[partner]
    return of_one_size(one, other) and contained(one, other) >= LEAST_VALUES
