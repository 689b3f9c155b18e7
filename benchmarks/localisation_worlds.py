"""Cases of localisation with known answers, drawn by public recipes: amounts, rounded counts, shares with history.

`measured_case` follows the recipe of RiskLoc (Kalander 2022, arXiv:2205.10004, section 5.1): leaves from a Weibull
distribution, some of them nothing, forecasts with relative Gaussian noise on either side, and one or several anomalies
of one or several elements each, that have a severity and a deviation of their own. `rounded_case` follows Squeeze (Li
et al. 2019): counts of very different sizes, whose affected leaves all lose the same share, rounded. `shared_case`
draws events of a service by minute, with shares that differ by leaf and a rise in one combination at the last minute.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.localisation.evidence import Evidence
from tiffin.engines.attribution.localisation.leaves import Combination, FloatArray, IntArray, Leaves
from tiffin.engines.attribution.localisation.measures import evidence_of_measures
from tiffin.engines.attribution.localisation.ratios import evidence_of_ratios

S_SIZES, L_SIZES, B_SIZES = (10, 12, 10, 8, 5), (10, 24, 10, 15), (6, 36, 10, 10)
SHARED_SIZES = (8, 7, 7, 2, 7)

EMPTY, FEW, SMALL, MOST_HELD = 0.3, 6, 200, 0.6
"""Share of leaves without numbers; least leaves and things of an element; most of all events that one may hold."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Ranges from which a measured case is drawn, all uniform."""

    sizes: tuple[int, ...]
    noise: tuple[float, float]
    severity: tuple[float, float]
    deviation: tuple[float, float]
    anomalies: tuple[int, int]
    elements: tuple[int, int]
    last_layer_only: bool = False
    empty: tuple[float, float] = (0.0, 0.25)


S = Recipe(S_SIZES, (0.0, 0.25), (0.2, 1.0), (0.0, 0.1), (1, 3), (1, 3))
L = Recipe(L_SIZES, (0.0, 0.1), (0.5, 1.0), (0.0, 0.0), (1, 5), (1, 1), last_layer_only=True)

Element = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """A drawn case: what each leaf says, and the truth."""

    leaves: Leaves
    numbers: tuple[FloatArray, ...]
    truth: frozenset[Combination]

    def evidence(self) -> Evidence:
        """Read the numbers as what they are: an amount and its forecast, or a share and its history."""
        numerator, denominator, *history = self.numbers
        if not history:
            return evidence_of_measures(self.leaves, actual=numerator, expected=denominator)
        usual, usual_denominator = history
        return evidence_of_ratios(
            self.leaves,
            numerator=numerator,
            denominator=denominator,
            usual=usual,
            usual_denominator=usual_denominator,
        )


def all_leaves(sizes: tuple[int, ...]) -> Leaves:
    """Lay out every combination of values."""
    names = tuple("abcdefghij"[: len(sizes)])
    labels = tuple(tuple(f"{name}{k + 1}" for k in range(size)) for name, size in zip(names, sizes, strict=True))
    return Leaves(names, labels, np.indices(sizes).reshape(len(sizes), -1).astype(np.int64))


def measured_case(rng: np.random.Generator, recipe: Recipe) -> Case:
    """Draw a case of amounts against forecasts."""
    leaves = all_leaves(recipe.sizes)
    n = leaves.codes.shape[1]
    noise = rng.uniform(*recipe.noise)
    there = rng.random(n) > rng.uniform(*recipe.empty)
    actual = rng.weibull(rng.uniform(0.5, 1.0), n) * 100 * there
    expected = actual * (1 + rng.normal(0, noise, n))
    swapped = rng.integers(0, 1, n, endpoint=True) == 1
    actual, expected = np.where(swapped, expected, actual), np.where(swapped, actual, expected)
    actual, expected = np.maximum(actual, 0), np.maximum(expected, 0)
    rises = actual.sum() > expected.sum()
    truth: set[Combination] = set()
    used: list[list[Element]] = []
    for _ in range(rng.integers(*recipe.anomalies, endpoint=True)):
        elements = _free_elements(rng, recipe, leaves, used, actual)
        used.append(elements)
        struck = np.any([_members(leaves, element) for element in elements], axis=0)
        severity, deviation = rng.uniform(*recipe.severity) + noise, rng.uniform(*recipe.deviation)
        left = np.maximum(1 - rng.normal(severity, deviation, int(struck.sum())), 0)
        if rises:
            expected[struck] = actual[struck] * left
        else:
            actual[struck] = expected[struck] * left
        truth |= {leaves.combination(*element) for element in elements}
    return Case(leaves, (actual, expected), frozenset(truth))


def rounded_case(rng: np.random.Generator) -> Case:
    """Draw a case of counts that fell by the same share everywhere in each element, with noise of 1 %."""
    leaves = all_leaves(B_SIZES)
    n = leaves.codes.shape[1]
    sizes = sum(rng.normal(0, 0.9, size)[leaves.codes[d]] for d, size in enumerate(B_SIZES))
    expected = np.round(np.exp(sizes + rng.normal(2.2, 1.0, n))) * (rng.random(n) > EMPTY)
    actual = expected.copy()
    level, wanted = int(rng.integers(1, 3, endpoint=True)), int(rng.integers(1, 3, endpoint=True))
    severities = rng.choice([0.4, 0.6, 0.8, 1.0], wanted, replace=False)
    truth: set[Combination] = set()
    while len(truth) < wanted:
        dimensions = _dimensions(rng, len(B_SIZES), level)
        element = (dimensions, tuple(int(rng.integers(B_SIZES[d])) for d in dimensions))
        members = _members(leaves, element)
        name = leaves.combination(*element)
        if name in truth or (expected[members] > 0).sum() < FEW or expected[members].sum() < SMALL:
            continue
        actual[members] = np.round(actual[members] * (1 - severities[len(truth)]))
        truth.add(name)
    return Case(leaves, (np.maximum(actual * (1 + rng.normal(0, 0.01, n)), 0), expected), frozenset(truth))


def shared_case(rng: np.random.Generator) -> Case:
    """Draw a case of events by minute: shares that differ by leaf, and one combination in which they rose."""
    everything = all_leaves(SHARED_SIZES)
    leaves = everything.kept(rng.random(everything.codes.shape[1]) > 1 - EMPTY)
    volume = np.exp(rng.normal(0, 1, leaves.codes.shape[1]))
    for d, size in enumerate(SHARED_SIZES):
        volume *= np.exp(rng.normal(0, 1.1, size))[leaves.codes[d]]
    volume *= 10 ** rng.uniform(3.5, 5.5) / volume.sum()
    share = rng.beta(2, 60, volume.size)
    minutes = int(rng.integers(5, 15, endpoint=True))
    usual_denominator = rng.poisson(volume, (minutes, volume.size)).astype(float)
    usual = _events(rng, usual_denominator, share)
    denominator = rng.poisson(volume).astype(float)
    element = _heavy_element(rng, leaves, denominator)
    rise = np.clip(rng.beta(4, 8) * rng.uniform(0.6, 1.4, volume.size), 0.05, 0.95)
    struck = np.where(_members(leaves, element), share + (1 - share) * rise, share)
    numbers = (_events(rng, denominator, struck), denominator, usual, usual_denominator)
    return Case(leaves, numbers, frozenset({leaves.combination(*element)}))


def _events(rng: np.random.Generator, count: FloatArray, share: FloatArray) -> FloatArray:
    steady = 1000.0
    drawn = rng.beta(share * steady, (1 - share) * steady, count.shape)
    return np.asarray(rng.binomial(count.astype(np.int64), drawn), dtype=float)


def _heavy_element(rng: np.random.Generator, leaves: Leaves, denominator: FloatArray) -> Element:
    """Choose a combination that holds enough events to be seen, and not nearly all of them."""
    while True:
        dimensions = _dimensions(rng, len(leaves.names), int(rng.integers(1, 3, endpoint=True)))
        element = (dimensions, tuple(int(rng.integers(leaves.sizes[d])) for d in dimensions))
        held = denominator[_members(leaves, element)].sum()
        if SMALL / 2 <= held <= MOST_HELD * denominator.sum():
            return element


def _free_elements(
    rng: np.random.Generator, recipe: Recipe, leaves: Leaves, used: list[list[Element]], actual: FloatArray
) -> list[Element]:
    """Choose elements of dimensions that no anomaly has yet, of values that no anomaly has in them."""
    n = len(recipe.sizes)
    while True:
        level = n if recipe.last_layer_only else int(rng.integers(1, n, endpoint=True))
        wanted = int(rng.integers(*recipe.elements, endpoint=True))
        dimensions = _dimensions(rng, n, level)
        if level < n and any(elements[0][0] == dimensions for elements in used):
            continue
        free = [_free_values(d, recipe.sizes[d], used) for d in dimensions]
        if not all(free):
            continue
        columns = [rng.choice(values, wanted) for values in free]
        elements = [(dimensions, tuple(int(v) for v in cell)) for cell in zip(*columns, strict=True)]
        if len(set(elements)) == wanted and (level < n or all(actual[_members(leaves, e)].all() for e in elements)):
            return elements


def _free_values(dimension: int, size: int, used: list[list[Element]]) -> list[int]:
    taken = {
        cell[dimensions.index(dimension)]
        for elements in used
        for dimensions, cell in elements
        if dimension in dimensions
    }
    return sorted(set(range(size)) - taken)


def _dimensions(rng: np.random.Generator, n: int, level: int) -> tuple[int, ...]:
    return tuple(sorted(int(d) for d in rng.choice(n, level, replace=False)))


def _members(leaves: Leaves, element: Element) -> NDArray[np.bool_]:
    codes: IntArray = leaves.codes
    return np.asarray(np.all([codes[d] == v for d, v in zip(*element, strict=True)], axis=0))
