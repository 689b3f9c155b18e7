"""Synthetic difference in differences: how much more the treated changed than a mixture that moved like them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Block, Floats, Panel, block_of
from tiffin.engines.experiments.observational.placebos import FEW_TREATED, Placebo, from_error
from tiffin.engines.experiments.observational.simplex import published_weights
from tiffin.engines.experiments.observational.synthetic_control import rank_p, refuse_few

REPLICATIONS = 200
TIME_RIDGE = 1e-6
LEAST = 1e-5
LEAST_BEFORE = 4


class Errors(StrEnum):
    """Where the standard error comes from."""

    PLACEBO = "placebo"
    JACKKNIFE = "jackknife"


@dataclass(frozen=True, slots=True)
class _Strictness:
    """Penalties and stop of the descents: all follow from how much controls jump from time to time before."""

    units: float
    times: float
    least: float


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticDidReading:
    """What a synthetic difference in differences says.

    Parameters
    ----------
    estimate : Estimate
        Average effect per treated unit and time.
    weights : Mapping
        Of the donors with any.
    time_weights : Mapping
        Of the times before with any.
    gaps : (n_times,)
        Treated less its mixture, less that gap at the weighted times before.
    rank_p : float
        How rarely a donor read as if treated shows so great an effect; it asks for no normal law. NaN with no donor to
        read.
    placebos : tuple of Placebo
        `in_time`: the same reading, begun earlier, ranked among donors.
    """

    estimate: Estimate
    weights: Mapping[str, float]
    time_weights: Mapping[str, float]
    gaps: Floats
    rank_p: float
    placebos: tuple[Placebo, ...]


def synthetic_did(
    panel: Panel,
    *,
    level: float = 0.95,
    errors: Errors = Errors.PLACEBO,
    replications: int = REPLICATIONS,
    seed: int = 0,
) -> SyntheticDidReading:
    """Compare the treated's change with that of weighted donors, from weighted times before.

    Parameters
    ----------
    errors : Errors
        `placebo` rereads donors as if treated, and is the only one for a single treated unit; `jackknife` leaves out
        one unit at a time with the weights kept.
    replications : int
        Placebos that are drawn.

    Raises
    ------
    DesignRefused
        Where units start at different times; where fewer donors than treated leave no placebo, or a jackknife is asked
        with one treated unit.

    Notes
    -----
    Assumes that the treated would have gone on in parallel with donors weighted to have moved in parallel before;
    levels may differ, as they may not for a synthetic control. The placebo error assumes besides that treated and
    donors are equally noisy. It breaks where the start was chosen by a passing high or low, and where donors are
    touched.

    References
    ----------
    Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review 111(12), algorithms 1, 3 and 4.
    """
    block = block_of(panel)
    refuse_few(block)
    strict = _strictness(block)
    units, times = _weights(block, strict)
    effect = _effect(block, units, times)
    drawn = _placebos(block, strict, (units, times), replications=replications, seed=seed)
    se = _jackknife(block, units, times) if errors is Errors.JACKKNIFE else _spread(block, drawn)
    n = len(block.controls) + len(block.treated)
    found = from_error(effect, se, n=n, method=f"synthetic_did_{errors.value}", level=level)
    in_time = _in_time(block, seed)
    gaps = block.mean - units @ block.controls
    return SyntheticDidReading(
        replace(found, cautions=_cautions(block, units, in_time)),
        {name: float(one) for name, one in zip(block.donors, units, strict=True) if one > 0},
        {name: float(one) for name, one in zip(panel.times[: block.before], times, strict=True) if one > 0},
        gaps - times @ gaps[: block.before],
        rank_p(abs(effect), np.abs(drawn)) if len(drawn) else float("nan"),
        (in_time,) if in_time else (),
    )


def _strictness(block: Block) -> _Strictness:
    noise = float(np.diff(block.controls[:, : block.before], axis=1).std(ddof=1))
    treated_cells = len(block.treated) * (block.controls.shape[1] - block.before)
    return _Strictness((treated_cells**0.25 * noise) ** 2, (TIME_RIDGE * noise) ** 2, LEAST * noise)


def _weights(block: Block, strict: _Strictness, start: tuple[Floats, Floats] | None = None) -> tuple[Floats, Floats]:
    """Weights of donors and of times before; an intercept is taken out of both by demeaning."""
    past, after = block.controls[:, : block.before], block.controls[:, block.before :].mean(axis=1)
    units, times = start or (np.full(len(past), 1 / len(past)), np.full(block.before, 1 / block.before))
    wanted = block.mean[: block.before]
    time_weights = published_weights(
        past - past.mean(axis=0), after - after.mean(), ridge=strict.times, least=strict.least, start=times
    )
    moved = past.T - past.mean(axis=1)
    unit_weights = published_weights(moved, wanted - wanted.mean(), ridge=strict.units, least=strict.least, start=units)
    return unit_weights, time_weights


def _effect(block: Block, units: Floats, times: Floats) -> float:
    gaps = block.mean - units @ block.controls
    return float(gaps[block.before :].mean() - times @ gaps[: block.before])


def _placebos(
    block: Block, strict: _Strictness, weights: tuple[Floats, Floats], *, replications: int, seed: int
) -> Floats:
    """Effects found on drawn donors as if treated; where all of one donor each can be read, no more is drawn."""
    donors, treated = len(block.controls), len(block.treated)
    if donors - treated < 1 or donors < 3:  # noqa: PLR2004 - two to be mixed, one to be read
        return np.empty(0)
    draw = np.random.default_rng(seed)
    found = np.empty(replications)
    for one in range(replications):
        order = draw.permutation(donors)
        kept, read = order[: donors - treated], order[donors - treated :]
        units = weights[0][kept]
        start = (units / units.sum() if units.sum() > 0 else np.full(len(kept), 1 / len(kept)), weights[1])
        placebo = Block(block.controls[kept], block.controls[read], block.before, ())
        found[one] = _effect(placebo, *_weights(placebo, strict, start))
    return found


def _spread(block: Block, drawn: Floats) -> float:
    if len(drawn) < 2:  # noqa: PLR2004 - a spread takes two
        raise DesignRefused(caution("no_error", treated=len(block.treated), controls=len(block.controls)))
    return float(drawn.std())


def _jackknife(block: Block, units: Floats, times: Floats) -> float:
    donors, treated = len(block.controls), len(block.treated)
    if treated < 2 or (units > 0).sum() < 2:  # noqa: PLR2004 - one has to remain
        raise DesignRefused(caution("no_error", treated=treated, controls=donors))
    left = [
        _effect(
            Block(np.delete(block.controls, one, axis=0), block.treated, block.before, ()), rest / rest.sum(), times
        )
        for one in range(donors)
        for rest in (np.delete(units, one),)
    ] + [
        _effect(Block(block.controls, np.delete(block.treated, one, axis=0), block.before, ()), units, times)
        for one in range(treated)
    ]
    n = len(left)
    return float(np.sqrt((n - 1) * np.var(left)))


def _in_time(block: Block, seed: int) -> Placebo | None:
    if block.before < LEAST_BEFORE:
        return None
    earlier = block.untreated_part(max(2, block.before * 2 // 3))
    strict = _strictness(earlier)
    weights = _weights(earlier, strict)
    moved = _effect(earlier, *weights)
    others = _placebos(earlier, strict, weights, replications=len(block.controls), seed=seed)
    return Placebo("in_time", moved, rank_p(abs(moved), np.abs(others)), len(others))


def _cautions(block: Block, units: Floats, in_time: Placebo | None) -> tuple[Caution, ...]:
    heaviest = int(units.argmax())
    return together(
        [
            caution("few_treated", treated=len(block.treated)) if len(block.treated) < FEW_TREATED else None,
            caution("few_controls", controls=len(block.controls)) if len(block.controls) < FEW_TREATED else None,
            caution("heavy_weight", unit=block.donors[heaviest], weight=float(units[heaviest]))
            if units[heaviest] > 1 / 2
            else None,
            caution("no_placebo", periods=block.before) if in_time is None else None,
            caution("placebo_in_time", effect=in_time.effect, p=in_time.p) if in_time and not in_time.passed else None,
        ]
    )
