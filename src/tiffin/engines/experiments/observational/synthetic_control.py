"""Synthetic control: what the one treated place would have been, by a mixture of others that matched it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Block, Floats, Integers, Panel, block_of
from tiffin.engines.experiments.observational.placebos import Placebo
from tiffin.engines.experiments.observational.simplex import exact_weights, published_weights
from tiffin.kernel.errors import InvalidData

METHOD = "synthetic_control"
POOR_FIT = 0.5
"""Above this share of an even mixture's miss the matched mixture is no good stand-in."""
HEAVY = 0.5
GROUPS = 200
LEAST_BEFORE = 4
LEAST_DONORS = 2
PUBLISHED_RIDGE = 1e-6
PUBLISHED_LEAST = 1e-5


class Solver(StrEnum):
    """How the weights are found."""

    EXACT = "exact"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class PlaceboUnit:
    """A donor (or a group of them) read as if it were the treated one.

    Parameters
    ----------
    name : str
    effect : float
    miss_before : float
        Root mean square of the gap before the start.
    ratio : float
        The same after the start, divided by `miss_before`.
    """

    name: str
    effect: float
    miss_before: float
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class ControlReading:
    """What a synthetic control says.

    Parameters
    ----------
    estimate : Estimate
        Average effect per unit and time; the p ranks the ratio of misses among donors read in the same way.
    weights : Mapping
        Of the donors with any.
    gaps : (n_times,)
        Treated less its mixture.
    itself : PlaceboUnit
        The treated, in the placebos' terms.
    donors : tuple of PlaceboUnit
    placebos : tuple of Placebo
        `in_time`: the same reading, begun at two thirds of the time before.
    """

    estimate: Estimate
    weights: Mapping[str, float]
    gaps: Floats
    itself: PlaceboUnit
    donors: tuple[PlaceboUnit, ...]
    placebos: tuple[Placebo, ...]


def synthetic_control(
    panel: Panel, *, level: float = 0.95, solver: Solver = Solver.EXACT, seed: int = 0
) -> ControlReading:
    """Set the treated against the mixture of donors that was nearest to it before the start.

    Parameters
    ----------
    solver : Solver
        `exact` finds the optimum; `published` rests where the published program does, for its digits.
    seed : int
        Of the groups of donors that are drawn where several units are treated.

    Raises
    ------
    DesignRefused
        Where units start at different times.
    InvalidData
        With fewer than two donors, or one time before.

    Notes
    -----
    Assumes that who resembled the treated for long before would have gone on to resemble it, and that donors were left
    alone. It breaks with few times before (anything can be matched by chance), where the treated lay outside all
    donors, and where something befell a donor with a great weight. There is no standard error: the p says how rare so
    great a miss after the start is among donors, and the interval holds each effect, the same at all times, that is not
    rejected.

    References
    ----------
    Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105(490).
    Firpo and Possebom (2018), Journal of Causal Inference 6(2) (the interval).
    """
    block = block_of(panel)
    refuse_few(block)
    weights = _fit(block.controls, block.mean, block.before, solver)
    gaps = block.mean - weights @ block.controls
    itself = _told("", gaps, block.before)
    donors = _in_space(block, solver, seed)
    found = _interval(gaps, itself, donors, before=block.before, level=level)
    in_time = _in_time(block, solver, seed)
    warned = (*found.cautions, *_cautions(block, weights, in_time))
    return ControlReading(
        replace(found, cautions=warned),
        {name: float(one) for name, one in zip(block.donors, weights, strict=True) if one > 0},
        gaps,
        itself,
        donors,
        (in_time,) if in_time else (),
    )


def refuse_few(block: Block) -> None:
    """Refuse a block with which no mixture can be matched and judged.

    Raises
    ------
    InvalidData
    """
    if len(block.controls) < LEAST_DONORS:
        raise InvalidData(
            f"A mixture takes at least {LEAST_DONORS} donors that are never treated; found {len(block.controls)}. "
            "Hand in more untreated units."
        )
    if block.before < LEAST_DONORS:
        raise InvalidData(
            f"A mixture is matched over at least {LEAST_DONORS} times before the start; found {block.before}. "
            "Hand in more times from before."
        )


def _fit(controls: Floats, target: Floats, before: int, solver: Solver) -> Floats:
    past, wanted = controls[:, :before].T, target[:before]
    if solver is Solver.EXACT:
        return exact_weights(past, wanted)
    noise = float(np.diff(controls[:, :before], axis=1).std(ddof=1))
    even = np.full(len(controls), 1 / len(controls))
    ridge = (PUBLISHED_RIDGE * noise) ** 2
    return published_weights(past, wanted, ridge=ridge, least=PUBLISHED_LEAST * noise, start=even)


def _told(name: str, gaps: Floats, before: int) -> PlaceboUnit:
    miss = float(np.sqrt(np.mean(gaps[:before] ** 2)))
    after = float(np.sqrt(np.mean(gaps[before:] ** 2)))
    ratio = after / miss if miss > 0 else float("inf") if after > 0 else 0.0
    return PlaceboUnit(name, float(gaps[before:].mean()), miss, ratio)


def _in_space(block: Block, solver: Solver, seed: int) -> tuple[PlaceboUnit, ...]:
    """Read each donor, or drawn groups of as many as are treated, as if treated; the truly treated are no donors."""
    told = []
    for group in _groups(len(block.controls), len(block.treated), seed):
        others = np.delete(block.controls, group, axis=0)
        target = block.controls[group].mean(axis=0)
        gaps = target - _fit(others, target, block.before, solver) @ others
        told.append(_told(" + ".join(block.donors[one] for one in group), gaps, block.before))
    return tuple(told)


def _groups(donors: int, size: int, seed: int) -> list[Integers]:
    if size == 1:
        return [np.array([one]) for one in range(donors)]
    if donors - size < 1:
        return []
    draw = np.random.default_rng(seed)
    return [np.sort(draw.choice(donors, size=size, replace=False)) for _ in range(GROUPS)]


def rank_p(own: float, others: Floats) -> float:
    """Give the share of readings, its own among them, that are at least as extreme."""
    return float((1 + (others >= own).sum()) / (1 + len(others)))


def _interval(
    gaps: Floats, itself: PlaceboUnit, donors: tuple[PlaceboUnit, ...], *, before: int, level: float
) -> Estimate:
    """Hold every effect, the same at all times, whose ratio of misses is not rarer than the level allows."""
    ratios = np.sort(np.array([one.ratio for one in donors]))[::-1]
    p = rank_p(itself.ratio, ratios)
    n = 1 + len(ratios)
    # An effect is kept while p > 1 - level, so while at least this many donors have a ratio as great as its own.
    needed = int(np.floor((1 - level) * n + 1e-9))
    after = gaps[before:]
    if needed < 1:
        unreachable = caution("level_unreachable", smallest_p=1 / n)
        return Estimate(itself.effect, np.nan, -np.inf, np.inf, p, n, METHOD, level, (unreachable,))
    room = (float(ratios[needed - 1]) * itself.miss_before) ** 2 - float(after.var())
    if room < 0:
        return Estimate(
            itself.effect, np.nan, np.nan, np.nan, p, n, METHOD, level, (caution("effect_not_constant", p=p),)
        )
    half = float(np.sqrt(room))
    return Estimate(itself.effect, np.nan, itself.effect - half, itself.effect + half, p, n, METHOD, level)


def _in_time(block: Block, solver: Solver, seed: int) -> Placebo | None:
    if block.before < LEAST_BEFORE:
        return None
    earlier = block.untreated_part(max(2, block.before * 2 // 3))
    gaps = earlier.mean - _fit(earlier.controls, earlier.mean, earlier.before, solver) @ earlier.controls
    own = _told("", gaps, earlier.before)
    others = np.array([one.ratio for one in _in_space(earlier, solver, seed)])
    return Placebo("in_time", own.effect, rank_p(own.ratio, others), 1 + len(others))


def _cautions(block: Block, weights: Floats, in_time: Placebo | None) -> tuple[Caution, ...]:
    past = slice(None, block.before)
    scaled = scaled_miss(block.controls[:, past], block.mean[past], weights)
    heaviest = int(weights.argmax())
    return together(
        [
            caution("poor_fit", scaled=scaled) if scaled > POOR_FIT else None,
            caution("heavy_weight", unit=block.donors[heaviest], weight=float(weights[heaviest]))
            if weights[heaviest] > HEAVY
            else None,
            caution("no_placebo", periods=block.before) if in_time is None else None,
            caution("placebo_in_time", effect=in_time.effect, p=in_time.p) if in_time and not in_time.passed else None,
        ]
    )


def scaled_miss(controls: Floats, target: Floats, weights: Floats) -> float:
    """Give the mixture's miss as a share of an even mixture's; both over the same times."""
    even = float(np.linalg.norm(target - controls.mean(axis=0)))
    return float(np.linalg.norm(target - weights @ controls)) / even if even > 0 else 0.0
