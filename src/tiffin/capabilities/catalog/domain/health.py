"""The health of an asset: parts of nought to one, weighed by dated numbers into a score of a hundred."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standards import Finding
from tiffin.capabilities.catalog.domain.standing import Standing
from tiffin.kernel.assets import AssetKind
from tiffin.kernel.contract import LOCALES


class Part(StrEnum):
    """What health is made of."""

    DOCUMENTED = "documented"
    TRANSLATED = "translated"
    OWNED = "owned"
    CLASSIFIED = "classified"
    FRESH = "fresh"
    QUALITY = "quality"
    USED = "used"
    TESTED = "tested"
    STANDARDS = "standards"


@dataclass(frozen=True, slots=True)
class HealthRules:
    """The dated numbers of the score, as ``health.yaml`` explains them.

    Parameters
    ----------
    weights : mapping of AssetKind to mapping of Part to float
        Parts that count for each kind.
    fresh_days, stale_days : float
        Facts so far behind are wholly fresh, and not fresh at all.
    users : float
        So many accounts make an asset wholly used.
    good, fair : float
        Scores from which an asset is in good health, and in fair health.
    """

    weights: Mapping[AssetKind, Mapping[Part, float]]
    fresh_days: float
    stale_days: float
    users: float
    good: float
    fair: float


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its value from nought to one, None where nothing can be said yet, and what it weighs."""

    part: Part
    value: float | None
    weight: float

    @property
    def missing(self) -> float:
        """Weight that is lost by it."""
        return 0.0 if self.value is None else self.weight * (1 - self.value)


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one asset."""

    parts: tuple[PartScore, ...]

    @property
    def score(self) -> float | None:
        """The weighed mean of the parts that are known, times a hundred; None where none is."""
        known = [one for one in self.parts if one.value is not None]
        weight = sum(one.weight for one in known)
        return 100 * sum(one.weight * (one.value or 0.0) for one in known) / weight if weight else None

    @property
    def to_do(self) -> tuple[PartScore, ...]:
        """Parts that are not whole, those that cost most first."""
        return tuple(sorted((one for one in self.parts if one.missing > 0), key=lambda one: -one.missing))


@dataclass(frozen=True, slots=True)
class Sight:
    """What a part looks at."""

    asset: Asset
    standing: Standing
    findings: Sequence[Finding]
    rules: HealthRules


def health_of(sight: Sight) -> Health:
    """Score an asset."""
    weights = sight.rules.weights.get(sight.asset.kind, {})
    return Health(tuple(PartScore(part, _PARTS[part](sight), weight) for part, weight in weights.items()))


def mean_score(healths: Iterable[Health]) -> float | None:
    """Give the mean of the scores that are known."""
    scores = [one.score for one in healths]
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None


def _documented(sight: Sight) -> float:
    meaning = sight.asset.meaning.get("en", "").strip()
    return float(bool(meaning) and meaning.casefold() != sight.asset.label.get("en", "").strip().casefold())


def _translated(sight: Sight) -> float:
    return len(sight.asset.languages) / len(LOCALES)


def _owned(sight: Sight) -> float:
    return (bool(sight.asset.owner) + bool(sight.asset.technical_owner)) / 2


def _classified(sight: Sight) -> float:
    return float(sight.asset.classification is not None)


def _fresh(sight: Sight) -> float | None:
    found = sight.standing.freshness
    if found is None or found.behind_days is None:
        return None
    rules = sight.rules
    over = (found.behind_days - rules.fresh_days) / (rules.stale_days - rules.fresh_days)
    return min(1.0, max(0.0, 1 - over))


def _quality(sight: Sight) -> float | None:
    found = sight.standing.quality
    if found.fallen:
        return 0.0
    return found.kept_share if found.is_known else None


def _used(sight: Sight) -> float | None:
    found = sight.standing.usage
    return None if found is None else min(1.0, found.users / sight.rules.users)


def _tested(sight: Sight) -> float:
    tests = sight.asset.traits.get("tests", 0)
    return float(isinstance(tests, int) and tests > 0)


def _standards(sight: Sight) -> float:
    if any(one.is_open for one in sight.findings):
        return 0.0
    return 0.5 if sight.findings else 1.0


_PARTS: Mapping[Part, Callable[[Sight], float | None]] = {
    Part.DOCUMENTED: _documented,
    Part.TRANSLATED: _translated,
    Part.OWNED: _owned,
    Part.CLASSIFIED: _classified,
    Part.FRESH: _fresh,
    Part.QUALITY: _quality,
    Part.USED: _used,
    Part.TESTED: _tested,
    Part.STANDARDS: _standards,
}
