"""Several arms by lot: what each brought against the one without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.cautions import caution, together
from tiffin.engines.experiments.observational.panels import Floats
from tiffin.engines.experiments.observational.placebos import Placebo, from_error
from tiffin.kernel.errors import InvalidData

RATIO_FAILS_AT = 0.001
LEAST_UNITS = 2


@dataclass(frozen=True, slots=True)
class ArmsReading:
    """What a trial with several arms says.

    Parameters
    ----------
    means : Mapping
        Average outcome of each arm.
    sizes : Mapping
        Units of each arm.
    estimates : Mapping
        Each arm less the one without. The p's are raised together (Holm); intervals are each arm's own (Welch).
    placebos : tuple of Placebo
        `sample_ratio`, and one for each covariate from before (an F test that all arms have the same average), its p
        raised for their number.
    """

    means: Mapping[str, float]
    sizes: Mapping[str, int]
    estimates: Mapping[str, Estimate]
    placebos: tuple[Placebo, ...]


def compare_arms(
    outcomes: ArrayLike,
    arms: Sequence[str],
    *,
    without: str,
    shares: Mapping[str, float] | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    level: float = 0.95,
) -> ArmsReading:
    """Compare each arm with the one without treatment.

    Parameters
    ----------
    outcomes : (n,)
    arms : sequence of str
        Each unit's arm.
    without : str
        The arm that all others are held against.
    shares : Mapping, optional
        Of units drawn for each arm; even where not given.
    covariates : Mapping, optional
        What was known before, (n,) each, by name.

    Raises
    ------
    InvalidData
        Where lengths differ, an outcome is no number, or an arm is missing or has one unit.

    Notes
    -----
    Assumes that the lot decided and nothing else, and that units do not touch each other. It breaks where units were
    lost after the lot (the sample ratio tells some of that) and where arms compete for the same riders or customers.

    References
    ----------
    Welch (1947), Biometrika 34. Holm (1979), Scandinavian Journal of Statistics 6(2).
    """
    groups = _groups(np.asarray(outcomes, dtype=np.float64), np.asarray(arms), without)
    base = groups[without]
    ratio = _ratio(groups, shares)
    others = [name for name in groups if name != without]
    found = {name: _difference(groups[name], base, level) for name in others}
    raised = _holm([found[name].p for name in others])
    warned = together(
        [
            caution("sample_ratio", p=ratio.p) if ratio.p < RATIO_FAILS_AT else None,
            caution("many_comparisons", arms=len(others)) if len(others) > 1 else None,
        ]
    )
    return ArmsReading(
        {name: float(group.mean()) for name, group in groups.items()},
        {name: len(group) for name, group in groups.items()},
        {name: replace(found[name], p=p, cautions=warned) for name, p in zip(others, raised, strict=True)},
        (ratio, *_alike(covariates or {}, np.asarray(arms), without)),
    )


def _groups(outcomes: Floats, arms: np.ndarray, without: str) -> dict[str, Floats]:
    if outcomes.shape != arms.shape:
        raise InvalidData(
            f"Each unit has one outcome and one arm; found {len(outcomes)} outcomes and {len(arms)} arms. "
            "Hand in one row a unit."
        )
    if not np.isfinite(outcomes).all():
        raise InvalidData(
            f"Every outcome is a number; {int((~np.isfinite(outcomes)).sum())} are not, the first in row "
            f"{int((~np.isfinite(outcomes)).argmax()) + 1}. Write 0 for units that did nothing."
        )
    groups = {str(name): outcomes[arms == name] for name in np.unique(arms)}
    if without not in groups or len(groups) < LEAST_UNITS or min(map(len, groups.values())) < LEAST_UNITS:
        raise InvalidData(
            f"At least two arms with two units each are compared, one of them {without!r}; found "
            f"{', '.join(f'{name} ({len(group)})' for name, group in groups.items())}. Name the arm without treatment."
        )
    return groups


def _difference(treated: Floats, base: Floats, level: float) -> Estimate:
    parts = [float(group.var(ddof=1)) / len(group) for group in (treated, base)]
    whole = sum(parts)
    below = parts[0] ** 2 / (len(treated) - 1) + parts[1] ** 2 / (len(base) - 1)
    df = whole**2 / below if below > 0 else float(len(treated) + len(base) - 2)
    effect = float(treated.mean() - base.mean())
    n = len(treated) + len(base)
    return from_error(effect, float(np.sqrt(whole)), n=n, method="difference_in_means", level=level, df=df)


def _holm(found: Sequence[float]) -> list[float]:
    order = np.argsort(found)
    raised = np.empty(len(found))
    raised[order] = np.maximum.accumulate(np.array(found)[order] * np.arange(len(found), 0, -1))
    return [float(p) for p in np.minimum(raised, 1.0)]


def _ratio(groups: Mapping[str, Floats], shares: Mapping[str, float] | None) -> Placebo:
    seen = np.array([len(group) for group in groups.values()], dtype=np.float64)
    drawn = np.array([shares[name] for name in groups]) if shares else np.ones(len(groups))
    p = float(stats.chisquare(seen, seen.sum() * drawn / drawn.sum()).pvalue)
    return Placebo("sample_ratio", float("nan"), p, int(seen.sum()))


def _alike(covariates: Mapping[str, ArrayLike], arms: np.ndarray, without: str) -> tuple[Placebo, ...]:
    told = []
    for name, given in covariates.items():
        values = np.asarray(given, dtype=np.float64)
        groups = [values[arms == one] for one in np.unique(arms)]
        base = float(values[arms == without].mean())
        largest = max((float(group.mean()) - base for group in groups), key=abs)
        p = float(stats.f_oneway(*groups).pvalue) if np.ptp(values) > 0 else 1.0
        told.append(Placebo(name, largest, min(1.0, p * len(covariates)), len(values)))
    return tuple(told)
