"""Pages of a long list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, counted from one; ``total`` counts the whole list."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // self.size))


def paged(rows: Sequence[T], *, number: int = 1, size: int = 50) -> Page[T]:
    """Cut one page out of a list; a number beyond the last page gives the last one."""
    last = max(1, -(-len(rows) // size))
    number = min(max(number, 1), last)
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))


def ordered(rows: Sequence[T], *, sort: str, keys: dict[str, Callable[[T], Any]]) -> list[T]:
    """Sort a list by the name of a column, descending with a minus before it; an unknown name changes nothing."""
    key = keys.get(sort.removeprefix("-"))
    if key is None:
        return list(rows)
    missing = [row for row in rows if key(row) is None]
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=sort.startswith("-"))
    return [*known, *missing]
