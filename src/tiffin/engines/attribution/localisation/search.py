"""Search: the combinations that together explain what the leaves say, each explaining what the others leave over."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.localisation.cuboids import Cuboid, cuboids_of, strongest
from tiffin.engines.attribution.localisation.evidence import Direction, Evidence
from tiffin.engines.attribution.localisation.leaves import BoolArray, Combination, FloatArray, IntArray

MOST_FOUND = 12
"""More causes at once are no diagnosis; the search ends there."""

CERTAIN = 3.0
"""Nats beyond what naming a combination costs: odds of 20 to 1."""

EACH, LOOKED_AT = 3, 25
"""Cells of each cuboid that are candidates, and candidates that are judged by their own common change."""


@dataclass(frozen=True, slots=True)
class Found:
    """A combination and what it explains.

    Parameters
    ----------
    combination : its dimensions and values.
    direction : whether it fell or rose.
    nats : evidence of the leaves that no earlier combination explains.
    beyond : nats left when naming it is paid for; above `CERTAIN` it is beyond chance.
    actual, expected, weight : sums over all of its leaves.
    share : of the whole change in this direction, what it explains beside those before it.
    """

    combination: Combination
    direction: Direction
    nats: float
    beyond: float
    actual: float
    expected: float
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class Localisation:
    """What carries a change.

    Parameters
    ----------
    causes : combinations beyond chance, as found; empty when nothing is.
    ranked : whole explanations, the likeliest first: that of ``causes`` (or the best there is, if it is not beyond
        chance), then others.
    """

    causes: tuple[Found, ...]
    ranked: tuple[tuple[Combination, ...], ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    cuboid: Cuboid
    cell: int
    direction: Direction
    which: IntArray
    leaf_nats: FloatArray
    nats: float

    @property
    def rank(self) -> tuple[bool, float, int]:
        """Order by evidence; of two that say the same, the shorter words are the better ones."""
        return (self.beyond >= CERTAIN, round(self.nats, 6), -len(self.cuboid.dimensions))

    @property
    def beyond(self) -> float:
        return self.nats - self.cuboid.surprise - math.log1p(self.which.size)


def localise(evidence: Evidence, *, explanations: int = 5) -> Localisation:
    """Find the combinations that carry a change.

    Parameters
    ----------
    explanations : how many are ranked.

    Notes
    -----
    Greedy: the candidate with the most evidence, taken apart when its parts explain more, then the same with the leaves
    that it covers set aside. What a combination covers counts neither for nor against a later one.
    """
    cuboids = cuboids_of(evidence.leaves)
    covered = np.zeros(evidence.actual.size, dtype=bool)
    first = _candidates(evidence, cuboids, covered)
    causes: list[Found] = []
    candidates = first
    while candidates and len(causes) < MOST_FOUND:
        best = _taken_apart(evidence, cuboids, candidates[0])
        found = _found(evidence, best, covered)
        if found.beyond < CERTAIN or (causes and found.share < evidence.material):
            break
        causes.append(found)
        covered |= _members(best)
        candidates = _candidates(evidence, cuboids, covered)
    told = tuple(cause.combination for cause in causes)
    return Localisation(tuple(causes), tuple(_ranked(evidence, told, first))[:explanations])


def rivals_of(
    evidence: Evidence, cuboids: Sequence[Cuboid], covered: BoolArray, cause: tuple[IntArray, Direction]
) -> list[tuple[IntArray, FloatArray]]:
    """List what might explain the leaves that are not covered, a cause itself first: leaves, and what each says."""
    rivals = [(c.which, c.leaf_nats) for c in _candidates(evidence, cuboids, covered)]
    return [(cause[0], _nats(evidence, *cause)), *rivals]


def members_of(evidence: Evidence, combination: Combination) -> BoolArray:
    """Tell which leaves have all the values of a combination."""
    leaves = evidence.leaves
    members = np.ones(evidence.actual.size, dtype=bool)
    for dimension, value in combination.parts:
        place = leaves.names.index(dimension)
        members &= leaves.codes[place] == leaves.labels[place].index(value)
    return members


def _ranked(
    evidence: Evidence, told: tuple[Combination, ...], candidates: Sequence[_Candidate]
) -> Iterator[tuple[Combination, ...]]:
    if told:
        yield told
    for candidate in candidates:
        alone = (_name(evidence, candidate),)
        if alone != told:
            yield alone


def _candidates(evidence: Evidence, cuboids: Sequence[Cuboid], covered: BoolArray) -> list[_Candidate]:
    seen: list[tuple[float, Direction, int, int]] = []
    for direction in Direction:
        weights = np.where(covered, 0.0, evidence.of(direction))
        seen += [(s, direction, place, cell) for s, place, cell in strongest(cuboids, weights, each=EACH)]
    seen.sort(key=lambda c: (c[1], c[2], c[3]))
    seen.sort(key=lambda c: c[0] - cuboids[c[2]].surprise, reverse=True)
    chosen = (_judged(evidence, cuboids[p], cell, direction, covered) for _, direction, p, cell in seen[:LOOKED_AT])
    return sorted(chosen, key=lambda c: c.rank, reverse=True)


def _judged(evidence: Evidence, cuboid: Cuboid, cell: int, direction: Direction, covered: BoolArray) -> _Candidate:
    return _weighed(evidence, cuboid, cell, direction, np.flatnonzero((cuboid.cells == cell) & ~covered))


def _weighed(evidence: Evidence, cuboid: Cuboid, cell: int, direction: Direction, which: IntArray) -> _Candidate:
    nats = _nats(evidence, which, direction)
    return _Candidate(cuboid, cell, direction, which, nats, float(nats.sum()))


def _nats(evidence: Evidence, which: IntArray, direction: Direction) -> FloatArray:
    return evidence.of(direction)[which] if evidence.sharpen is None else evidence.sharpen(which, direction)


def _taken_apart(evidence: Evidence, cuboids: Sequence[Cuboid], whole: _Candidate) -> _Candidate:
    """Give the best part of a candidate instead of it, as long as some parts of one more dimension explain more.

    So a value of which two parts in five are affected is told by its two parts.
    """
    gain, part = 0.0, None
    for cuboid in cuboids:
        if len(cuboid.dimensions) != len(whole.cuboid.dimensions) + 1:
            continue
        if not set(whole.cuboid.dimensions) < set(cuboid.dimensions):
            continue
        cells, place = np.unique(cuboid.cells[whole.which], return_inverse=True)
        beyond = np.bincount(place, weights=whole.leaf_nats) - cuboid.surprise - CERTAIN
        better = float(np.maximum(beyond, 0.0).sum()) - whole.beyond
        affected = np.bincount(place)[beyond > 0].sum()
        if better > gain and 2 * affected < whole.which.size:
            best = int(np.argmax(beyond))
            gain, part = better, (cuboid, int(cells[best]), whole.which[place == best])
    if part is None:
        return whole
    cuboid, cell, which = part
    return _taken_apart(evidence, cuboids, _weighed(evidence, cuboid, cell, whole.direction, which))


def _members(candidate: _Candidate) -> BoolArray:
    return np.asarray(candidate.cuboid.cells == candidate.cell)


def _found(evidence: Evidence, candidate: _Candidate, covered: BoolArray) -> Found:
    members = _members(candidate)
    change = candidate.direction * (evidence.actual - evidence.expected)
    whole = float(np.maximum(change, 0.0).sum())
    return Found(
        combination=_name(evidence, candidate),
        direction=candidate.direction,
        nats=candidate.nats,
        beyond=candidate.beyond,
        actual=float(evidence.actual[members].sum()),
        expected=float(evidence.expected[members].sum()),
        weight=float(evidence.weight[members].sum()),
        share=float(change[members & ~covered].sum()) / whole if whole > 0 else 0.0,
    )


def _name(evidence: Evidence, candidate: _Candidate) -> Combination:
    example = int(np.flatnonzero(_members(candidate))[0])
    dimensions = candidate.cuboid.dimensions
    return evidence.leaves.combination(dimensions, [int(evidence.leaves.codes[d, example]) for d in dimensions])
