"""What would have changed an outcome: the smallest changes of a case that lead to each other outcome.

All cases are gone through by the parts into which the table's cells cut its inputs: first every change of one input,
then every change of two. What differs in more inputs is not looked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tiffin.engines.decisions.explaining.nearness import Step, steps
from tiffin.engines.decisions.explaining.settling import ReadyPolicy, Settled, bits
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.grids.grid import Grid

MAX_TRIED = 300_000
"""Combinations of two inputs' parts that are tried at most."""
MAX_WAYS = 3
"""Ways to one outcome that are kept, the nearest ones."""


@dataclass(frozen=True, slots=True)
class Way:
    """One change of a case, of one input or of two.

    Parameters
    ----------
    steps : tuple of Step
        What changes, in the order of the inputs.
    settled : Settled
        What the table makes of the case then.
    """

    steps: tuple[Step, ...]
    settled: Settled

    @property
    def distance(self) -> float:
        """How far it is from the case, for order alone."""
        return sum(one.distance for one in self.steps)


@dataclass(frozen=True, slots=True)
class OtherOutcome:
    """An outcome that another case would have had, and the smallest changes that lead to it, the nearest first.

    Parameters
    ----------
    value : Value
        The outcome.
    conflict : bool
        Whether it is that rows contradict each other.
    """

    value: Value
    conflict: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What would have changed an outcome.

    Parameters
    ----------
    others : tuple of OtherOutcome
        Those that a change of one input or of two leads to: the fewest changes first, then the nearest.
    unreached : tuple of Value
        Outcomes of single rows, which pass what is fixed, to which only more changes lead, or none.
    """

    others: tuple[OtherOutcome, ...]
    unreached: tuple[Value, ...]


def changes(ready: ReadyPolicy, grid: Grid, values: Sequence[Value], *, fixed: frozenset[str] = frozenset()) -> Changes:
    """Find the smallest changes of a case that lead to each other outcome.

    Parameters
    ----------
    grid : Grid
        The policy's own.
    values : Sequence
        The case: a value for each input, in order.
    fixed : frozenset of str
        Inputs that stay as they are.
    """
    search = _Search(ready, grid, values, fixed)
    found: dict[str, list[Way]] = {}
    for size in (1, 2):
        reached = frozenset(found)
        for way in search.ways(size):
            key = _key(way.settled)
            if key != search.own and key not in reached:
                found.setdefault(key, []).append(way)
    others = [_other(ways) for ways in found.values()]
    others.sort(key=lambda one: (len(one.ways[0].steps), one.ways[0].distance))
    return Changes(tuple(others), tuple(search.unreached({search.own, *found})))


def _other(ways: list[Way]) -> OtherOutcome:
    """Keep the nearest ways: of those that change the same inputs in the same directions one."""
    nearest: dict[tuple[object, ...], Way] = {}
    for way in sorted(ways, key=lambda one: one.distance):
        nearest.setdefault(tuple((one.input, one.part if one.rises is None else one.rises) for one in way.steps), way)
    kept = tuple(nearest.values())[:MAX_WAYS]
    return OtherOutcome(kept[0].settled.value, bool(kept[0].settled.conflict), kept)


def _key(settled: Settled) -> str:
    return "conflict" if settled.conflict else literal_of(settled.value)


class _Search:
    """Goes through the changes of one case by masks of the rows that pass each part of each input."""

    def __init__(self, ready: ReadyPolicy, grid: Grid, values: Sequence[Value], fixed: frozenset[str]) -> None:
        self.ready, self.values = ready, tuple(values)
        self.rows = len(grid.cells)
        self.settled: dict[tuple[int, tuple[Value, ...]], Settled] = {}
        self.rests_on_inputs = ready.compiled is None
        self.own = _key(ready.settle(self.values))
        self.passing = [passing_rows(grid, number) for number in range(len(grid.axes))]
        self.here: list[int] = []
        self.steps: list[tuple[Step, ...]] = []
        for number, axis in enumerate(grid.axes):
            part, possible = steps(axis, number, values[number])
            self.here.append(part)
            self.steps.append(() if axis.domain.name in fixed else possible)

    def ways(self, size: int) -> Iterator[Way]:
        """Give every change of so many inputs."""
        tried = 0
        for inputs in combinations(range(len(self.steps)), size):
            left = self._passing_others(inputs)
            for changed in _products([self.steps[number] for number in inputs]):
                tried += 1
                if tried > MAX_TRIED:
                    return
                mask = left
                for one in changed:
                    mask &= self.passing[one.input][one.part]
                yield Way(changed, self._settle(mask, changed))

    def unreached(self, reached: set[str]) -> Iterator[Value]:
        """Give the outcomes of single rows that are not among others."""
        seen = set(reached)
        open_inputs = [number for number, possible in enumerate(self.steps) if possible]
        possible = self._passing_others(open_inputs)
        for number in range(self.rows):
            if not possible >> number & 1:
                continue
            one = self._settle(1 << number, ())
            if _key(one) not in seen:
                seen.add(_key(one))
                yield one.value

    def _passing_others(self, inputs: Sequence[int]) -> int:
        mask = (1 << self.rows) - 1
        for number, part in enumerate(self.here):
            if number not in inputs:
                mask &= self.passing[number][part]
        return mask

    def _settle(self, mask: int, changed: Sequence[Step]) -> Settled:
        values = self._changed(changed) if self.rests_on_inputs else ()
        found = self.settled.get((mask, values)) if not values else None
        if found is None:
            found = self.ready.settle_rows(values or self.values, self.ready.highest(bits(mask)))
            if not values:
                self.settled[mask, values] = found
        return found

    def _changed(self, changed: Sequence[Step]) -> tuple[Value, ...]:
        new: Mapping[int, Value] = {one.input: one.value for one in changed}
        return tuple(new.get(number, value) for number, value in enumerate(self.values))


def passing_rows(grid: Grid, axis: int) -> list[int]:
    """Give for each part of an input a bit for every row that passes it."""
    found = [0] * len(grid.axes[axis].atoms)
    for number, row in enumerate(grid.cells):
        for part in range(len(found)):
            found[part] |= (row[axis] >> part & 1) << number
    return found


def _products(choices: Sequence[Sequence[Step]]) -> Iterator[tuple[Step, ...]]:
    if len(choices) == 1:
        yield from ((one,) for one in choices[0])
        return
    for one in choices[0]:
        for rest in _products(choices[1:]):
            yield (one, *rest)
