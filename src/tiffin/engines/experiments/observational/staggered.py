"""Staggered adoption: how much more the treated changed, where units started at different times."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy import stats

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Bools, Floats, Panel
from tiffin.engines.experiments.observational.placebos import FEW_TREATED, Placebo, from_error
from tiffin.kernel.errors import InvalidData

DRAWS = 1999
LEAST_AGAINST = 2


class Comparison(StrEnum):
    """Against whom a start is compared."""

    NEVER = "never"
    NOT_YET = "not_yet"


class Weighing(StrEnum):
    """How the effects of starts and times become one number."""

    SIMPLE = "simple"
    DYNAMIC = "dynamic"
    BY_START = "by_start"


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect at one time on the units that started at one time; before the start it is a placebo.

    Parameters
    ----------
    start, time : int
        Positions in the panel's times.
    estimate : Estimate
    low, high : float
        The band that holds all group-times at once at the asked level.
    """

    start: int
    time: int
    estimate: Estimate
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class EventTime:
    """The average effect so many times after the start (negative: before), and its band over all of them at once."""

    after: int
    estimate: Estimate
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StaggeredReading:
    """What a staggered difference in differences says.

    Parameters
    ----------
    estimate : Estimate
        The average effect, weighed as asked.
    group_times : tuple of GroupTime
    events : tuple of EventTime
    placebos : tuple of Placebo
        `pre_trend`: are all group-times before their start zero (Wald)?
    """

    estimate: Estimate
    group_times: tuple[GroupTime, ...]
    events: tuple[EventTime, ...]
    placebos: tuple[Placebo, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Effects of starts and times, and how much each unit's chance moves them.

    `starts`, `times`, `effects` : (n_cells,); `influence` : (n_units, n_cells); `shares` : (n_cells,) of units.
    """

    starts: Floats
    times: Floats
    effects: Floats
    influence: Floats
    shares: Floats
    member: Floats


def staggered_differences(
    panel: Panel,
    *,
    comparison: Comparison = Comparison.NEVER,
    weighing: Weighing = Weighing.SIMPLE,
    level: float = 0.95,
    seed: int = 0,
) -> StaggeredReading:
    """Estimate the effect of each start at each time against units that had not started, and bring them together.

    Parameters
    ----------
    comparison : Comparison
        Against units that never start, or against those too that start later.
    weighing : Weighing
        `simple`: every treated unit and time alike; `dynamic`: every time since the start alike; `by_start`: every
        treated unit alike, however long it is treated.
    seed : int
        Of the draws behind the bands.

    Raises
    ------
    InvalidData
        Where no start has anybody to be compared with.

    Notes
    -----
    Assumes that units which start at some time would have moved in parallel with those they are compared with, and
    that nobody acts on a start before it. One regression with effects of units and times would compare late starters
    with early ones that are treated already, and can get the sign wrong; this does not. It breaks where places start
    because of what just happened to them, and where a start spills over to those that wait.

    References
    ----------
    Callaway and Sant'Anna (2021), Journal of Econometrics 225(2), equations 2.7-2.8 and 3.4-3.8; algorithm 1 with
    normal multipliers.
    """
    cells = _cells(panel, comparison)
    z = _sup_t(cells.influence, level=level, seed=seed)
    group_times = tuple(
        GroupTime(int(cells.starts[k]), int(cells.times[k]), one, *_band(one, z))
        for k, one in enumerate(_estimates(cells, level))
    )
    pre = _pre_trend(cells)
    found = _average(cells, weighing, level)
    warned = _cautions(panel, pre)
    return StaggeredReading(
        replace(found, cautions=warned), group_times, _events(cells, level, seed), (pre,) if pre else ()
    )


def _cells(panel: Panel, comparison: Comparison) -> _Cells:
    found = []
    for start in sorted(set(panel.starts[panel.treated].tolist())):
        for time in range(1, panel.n_times):
            base = start - 1 if time >= start else time - 1
            against = panel.starts == panel.n_times
            if comparison is Comparison.NOT_YET:
                against = (panel.starts > max(time, base)) & (panel.starts != start)
            if against.sum() >= LEAST_AGAINST:
                found.append((start, time, *_two_by_two(panel, panel.starts == start, against, (base, time))))
    if not any(time >= start for start, time, *_ in found):
        raise InvalidData(
            f"At no time after a start are {LEAST_AGAINST} of the {len(panel.units)} units untreated that it could be "
            "compared with. Hand in units that never start, or compare with those that start later."
        )
    starts, times, effects, influence = (np.array(column) for column in zip(*found, strict=True))
    shares = np.array([(panel.starts == start).mean() for start in starts])
    member = (panel.starts[:, None] == starts[None, :]).astype(np.float64)
    return _Cells(starts, times, effects, influence.T, shares, member)


def _two_by_two(panel: Panel, treated: Bools, against: Bools, times: tuple[int, int]) -> tuple[float, Floats]:
    change = panel.outcomes[:, times[1]] - panel.outcomes[:, times[0]]
    moved, others = change[treated].mean(), change[against].mean()
    n = len(change)
    # Few treated tell too little of their own spread, and one tells none: the others' stands in, as if all the chance
    # of a start went the same way at all times, which makes no average look surer than it is.
    off = change[against].std(ddof=1) if treated.sum() < FEW_TREATED else change - moved
    influence = np.where(treated, off * n / treated.sum(), 0.0)
    influence -= np.where(against, (change - others) * n / against.sum(), 0.0)
    return float(moved - others), influence


def _average(cells: _Cells, weighing: Weighing, level: float) -> Estimate:
    after = cells.times >= cells.starts
    if weighing is Weighing.SIMPLE:
        return _from_influence(*_weighed(cells, after), level=level, method="staggered_simple")
    key: Floats = cells.times - cells.starts if weighing is Weighing.DYNAMIC else cells.starts
    parts = [_weighed(cells, after & (key == one)) for one in np.unique(key[after])]
    effects, influence = np.array([effect for effect, _ in parts]), np.array([moved for _, moved in parts]).T
    if weighing is Weighing.DYNAMIC:
        return _from_influence(float(effects.mean()), influence.mean(axis=1), level=level, method="staggered_dynamic")
    first = [int(np.flatnonzero(cells.starts == one)[0]) for one in np.unique(key[after])]
    shares = cells.shares[first]
    spread = _weight_influence(cells.member[:, first], shares) @ effects
    weights = shares / shares.sum()
    return _from_influence(
        float(weights @ effects), influence @ weights + spread, level=level, method="staggered_by_start"
    )


def _weighed(cells: _Cells, keep: Bools) -> tuple[float, Floats]:
    """Average cells by how many units each start has, counting that those shares are themselves drawn."""
    shares, effects = cells.shares[keep], cells.effects[keep]
    weights = shares / shares.sum()
    moved: Floats = cells.influence[:, keep] @ weights + _weight_influence(cells.member[:, keep], shares) @ effects
    return float(weights @ effects), moved


def _weight_influence(member: Floats, shares: Floats) -> Floats:
    off = member - shares
    spread: Floats = off / shares.sum() - off.sum(axis=1, keepdims=True) * shares / shares.sum() ** 2
    return spread


def _events(cells: _Cells, level: float, seed: int) -> tuple[EventTime, ...]:
    after = cells.times - cells.starts
    at = np.unique(after)
    parts = [_weighed(cells, after == one) for one in at]
    z = _sup_t(np.array([moved for _, moved in parts]).T, level=level, seed=seed)
    found = [_from_influence(effect, moved, level=level, method="staggered_event") for effect, moved in parts]
    return tuple(EventTime(int(after), one, *_band(one, z)) for after, one in zip(at, found, strict=True))


def _estimates(cells: _Cells, level: float) -> list[Estimate]:
    columns = zip(cells.effects, cells.influence.T, strict=True)
    return [
        _from_influence(float(effect), moved, level=level, method="staggered_group_time") for effect, moved in columns
    ]


def _from_influence(effect: float, influence: Floats, *, level: float, method: str) -> Estimate:
    n = len(influence)
    return from_error(effect, float(np.sqrt(influence @ influence)) / n, n=n, method=method, level=level)


def _sup_t(influence: Floats, *, level: float, seed: int) -> float:
    """Give how many errors wide a band is that holds all of them at once.

    Normal multipliers of whole units make the effects jointly normal with these units' own covariance, so that is drawn
    from directly, whatever the number of units.
    """
    errors = np.sqrt((influence**2).sum(axis=0))
    alone = float(stats.norm.ppf(0.5 + level / 2))
    if not (errors > 0).any():
        return alone
    scaled = influence[:, errors > 0] / errors[errors > 0]
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    drawn = np.random.default_rng(seed).normal(size=(DRAWS, len(values)))
    largest = np.abs(drawn * np.sqrt(np.maximum(values, 0.0)) @ vectors.T).max(axis=1)
    return max(float(np.quantile(largest, level)), alone)


def _band(found: Estimate, z: float) -> tuple[float, float]:
    return found.effect - z * found.se, found.effect + z * found.se


def _pre_trend(cells: _Cells) -> Placebo | None:
    before = cells.times < cells.starts
    n = len(cells.influence)
    if not before.any():
        return None
    effects, influence = cells.effects[before], cells.influence[:, before]
    spread = influence.T @ influence / n**2
    wald = float(effects @ np.linalg.pinv(spread, hermitian=True) @ effects)
    df = int(np.linalg.matrix_rank(spread, hermitian=True))
    return Placebo("pre_trend", float(np.abs(effects).max()), float(stats.chi2.sf(wald, df)), n)


def _cautions(panel: Panel, pre: Placebo | None) -> tuple[Caution, ...]:
    sizes = [int((panel.starts == start).sum()) for start in set(panel.starts[panel.treated].tolist())]
    never = int((~panel.treated).sum())
    return together(
        [
            caution("few_treated", treated=min(sizes)) if min(sizes) < FEW_TREATED else None,
            caution("few_controls", controls=never) if never < FEW_TREATED else None,
            caution("no_placebo", periods=int(panel.starts.min())) if pre is None else None,
            caution("pre_trend", p=pre.p) if pre and not pre.passed else None,
        ]
    )
