"""What second looks come to: agreement by type, reviewer and week, calibration of confidence, and equity of groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.liability.domain.quality import Looked, QualityPlan, numbered
from tiffin.engines.agreement.alpha import Scale
from tiffin.engines.agreement.calibration import (
    Bin,
    Recalibration,
    brier_score,
    calibration_error,
    recalibrated,
    reliability,
)
from tiffin.engines.agreement.equity import RateRatio, holm, rate_ratio
from tiffin.engines.agreement.intervals import Agreement, agreement

SEED = 20_260_101
"""Of the draws behind an interval: the same looks give the same interval."""


@dataclass(frozen=True, slots=True)
class AgreementOf:
    """How far the judges of some verdicts agree.

    Parameters
    ----------
    name : str
        An incident's type, a reviewer, or the first day of a week; empty for all.
    alike, settled_otherwise : int
        Looks that ended with the verdict's own answer, and with another one.
    """

    name: str
    found: Agreement
    alike: int
    settled_otherwise: int


@dataclass(frozen=True, slots=True)
class GoldScore:
    """How often a judge gave the known answer."""

    judge: str
    right: int
    count: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well the confidence of verdicts tells.

    Parameters
    ----------
    recalibration : Recalibration or None
        What confidences mean by what became of them; None where too few are known.
    """

    count: int
    bins: tuple[Bin, ...]
    error: float
    brier: float
    recalibration: Recalibration | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """How often one group is held liable beside all others, in the same cities and for the same types of incident.

    Parameters
    ----------
    dimension, group : str
        ``city``, ``tenure``, ``vehicle`` or ``language``, and which.
    found : RateRatio or None
        None where the group is too small to be told.
    adjusted : float
        Chance of such a difference were there none, adjusted for all groups that are compared.
    """

    dimension: str
    group: str
    verdicts: int
    found: RateRatio | None
    adjusted: float
    is_called: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict for comparisons of groups.

    Parameters
    ----------
    groups : mapping
        By dimension, the group of the rider.
    stratum : str
        City and type of incident: what is compared with its like alone.
    is_liable : bool
        The rider was held liable most.
    """

    groups: Mapping[str, str]
    stratum: str
    city_id: str
    incident: str
    is_liable: bool


def by_type(looks: Sequence[Looked], level: float) -> tuple[AgreementOf, ...]:
    """Give the agreement on each type of incident, the most looked at first."""
    return _by(looks, lambda one: one.incident.value, level)


def by_reviewer(looks: Sequence[Looked], level: float) -> tuple[AgreementOf, ...]:
    """Give the agreement with each reviewer, and with the policies, the most looked at first."""
    return _by(looks, lambda one: one.reviewer, level)


def by_week(looks: Sequence[Looked], level: float) -> tuple[AgreementOf, ...]:
    """Give the agreement on the verdicts of each week, the earliest first; a week begins on Monday, UTC."""
    return tuple(sorted(_by(looks, _week, level), key=lambda one: one.name))


def agreement_on(looks: Iterable[Looked], name: str, level: float) -> AgreementOf:
    """Give how far first, second and third judgements agree."""
    judged = [one for one in looks if one.second is not None]
    table = np.array([numbered([getattr(one, part) for one in judged]) for part in ("first", "second", "third")])
    known = [one for one in judged if one.truth is not None]
    alike = sum(one.truth is one.first for one in known)
    found = agreement(table.reshape(3, len(judged)), Scale.NOMINAL, level=level, seed=SEED)
    return AgreementOf(name, found, alike, len(known) - alike)


def calibration_of(looks: Sequence[Looked], plan: QualityPlan) -> Calibration:
    """Hold the confidence of verdicts against what those agree on who judged them blind."""
    known = [one for one in looks if one.truth is not None]
    confidence = np.array([one.confidence for one in known], dtype=np.float64)
    is_right = np.array([one.truth is one.first for one in known], dtype=np.bool_)
    bins = reliability(confidence, is_right, bins=plan.bins, level=plan.level)
    enough = len(known) >= plan.least_group
    learned = recalibrated(confidence, is_right) if enough else None
    return Calibration(len(known), bins, calibration_error(bins), brier_score(confidence, is_right), learned)


def equity_of(judged: Sequence[Judged], plan: QualityPlan) -> tuple[GroupRow, ...]:
    """Compare each group of riders with all others, stratum by stratum; small groups are withheld."""
    rows = [
        (dimension, group, _counts(judged, dimension, group))
        for dimension, groups in _groups(judged).items()
        for group in groups
    ]
    compared = [
        (dimension, group, counts, rate_ratio(*counts, level=plan.level))
        for dimension, group, counts in rows
        if counts[1].sum() >= plan.least_group
    ]
    adjusted = holm([found.p for *_, found in compared])
    told = [
        GroupRow(dimension, group, int(counts[1].sum()), found, p, p < plan.called_below)
        for (dimension, group, counts, found), p in zip(compared, adjusted, strict=True)
    ]
    withheld = [
        GroupRow(dimension, group, 0, None, 1.0, is_called=False)
        for dimension, group, counts in rows
        if counts[1].sum() < plan.least_group
    ]
    return (*told, *withheld)


def _groups(judged: Sequence[Judged]) -> Mapping[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        for dimension, group in one.groups.items():
            found[dimension].add(group)
    return {dimension: sorted(groups) for dimension, groups in found.items() if len(groups) > 1}


_Counts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _counts(judged: Sequence[Judged], dimension: str, group: str) -> _Counts:
    """Count liable and all verdicts of a group and of the others, by stratum; cities are compared by type alone."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in judged:
        if dimension not in one.groups:
            continue
        stratum = one.incident if dimension == "city" else one.stratum
        at = 0 if one.groups[dimension] == group else 2
        found[stratum][at] += one.is_liable
        found[stratum][at + 1] += 1
    table = np.array(list(found.values()), dtype=np.int64)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def _by(looks: Sequence[Looked], name_of: Callable[[Looked], str], level: float) -> tuple[AgreementOf, ...]:
    parts: dict[str, list[Looked]] = defaultdict(list)
    for one in looks:
        parts[name_of(one)].append(one)
    found = (agreement_on(part, name, level) for name, part in parts.items())
    return tuple(sorted(found, key=lambda one: (-one.found.units, one.name)))


def _week(one: Looked) -> str:
    day: date = one.decided_at.date()
    return (day - timedelta(days=day.weekday())).isoformat()
