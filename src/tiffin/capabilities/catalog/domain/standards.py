"""Standards that a machine holds every asset to, findings against them, and waivers that end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.capabilities.catalog.domain.conditions import Condition
from tiffin.kernel.assets import AssetId, AssetKind

WAIVER_DAYS_MAX = 366
"""A waiver lasts a year at most; whoever still needs it says so again."""


class Severity(StrEnum):
    """Whether a standard must be kept, or should be."""

    MUST = "must"
    SHOULD = "should"


class Topic(StrEnum):
    """What a standard is about."""

    NAMING = "naming"
    TYPES = "types"
    KEYS = "keys"
    UNITS = "units"
    TIME = "time"
    CLASSIFICATION = "classification"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    OWNERSHIP = "ownership"
    LIFE_CYCLE = "life_cycle"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard.

    Parameters
    ----------
    when : tuple of Condition
        It concerns assets that pass all of these.
    must : tuple of Condition
        It is kept by those that pass all of these.
    says : mapping of str to str
        What is asked, by language.
    since : date
        It holds from that day on.
    by : str
        Whose check it is where it is not a condition: ``metrics`` for the standards of metric definitions.
    """

    name: str
    topic: Topic
    severity: Severity
    kinds: tuple[AssetKind, ...]
    says: Mapping[str, str]
    since: date
    when: tuple[Condition, ...] = ()
    must: tuple[Condition, ...] = ()
    by: str = ""

    def concerns(self, asset: Asset) -> bool:
        """Tell whether an asset is held to it; what is retired is held to nothing."""
        if asset.kind not in self.kinds or asset.life_cycle is LifeCycle.RETIRED:
            return False
        return all(condition.holds(asset) for condition in self.when)

    def is_kept_by(self, asset: Asset) -> bool:
        """Tell whether an asset keeps it."""
        return all(condition.holds(asset) for condition in self.must)

    def text(self, language: str) -> str:
        """Say what is asked."""
        return self.says.get(language) or self.says["en"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave for an asset not to keep a standard until a day, that day included."""

    number: int
    rule: str
    asset: AssetId
    reason: str
    owner: str
    ends_on: date
    made_by: str

    def holds_on(self, day: date) -> bool:
        """Tell whether it has not ended by itself."""
        return day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Finding:
    """A standard that an asset does not keep.

    Parameters
    ----------
    detail : str
        What exactly is wrong, where the standard does not say it all.
    waiver : Waiver or None
        Set while somebody answers for it.
    """

    asset: AssetId
    standard: Standard
    detail: str = ""
    waiver: Waiver | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether something must be done: the standard must be kept, and nobody has leave not to."""
        return self.standard.severity is Severity.MUST and self.waiver is None


@dataclass(frozen=True, slots=True)
class Compliance:
    """How far the standards are kept.

    Parameters
    ----------
    checked : int
        Pairs of an asset and a standard that concerns it.
    checks : mapping of AssetId to int
        How many standards concern each asset.
    topics : mapping of Topic to int
        How many of the pairs are about each topic.
    """

    checked: int
    findings: tuple[Finding, ...]
    checks: Mapping[AssetId, int] = field(default_factory=dict, hash=False)
    topics: Mapping[Topic, int] = field(default_factory=dict, hash=False)

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that must be mended and are not waived."""
        return tuple(one for one in self.findings if one.is_open)

    @property
    def share(self) -> float:
        """Share of the pairs that are kept; a waiver keeps nothing."""
        return 1.0 if not self.checked else 1 - len(self.findings) / self.checked


def checked(assets: Iterable[Asset], standards: Sequence[Standard]) -> Compliance:
    """Hold standards over assets."""
    by_kind = {kind: [one for one in standards if kind in one.kinds and not one.by] for kind in AssetKind}
    checks: dict[AssetId, int] = {}
    topics: Counter[Topic] = Counter()
    findings = []
    for asset in assets:
        concerned = [standard for standard in by_kind[asset.kind] if standard.concerns(asset)]
        checks[asset.id] = len(concerned)
        topics.update(standard.topic for standard in concerned)
        findings += [Finding(asset.id, standard) for standard in concerned if not standard.is_kept_by(asset)]
    return Compliance(sum(checks.values()), tuple(findings), checks, topics)


def waived(compliance: Compliance, waivers: Iterable[Waiver], day: date) -> Compliance:
    """Put each waiver that holds on a day to its finding."""
    held = {(one.asset, one.rule): one for one in waivers if one.holds_on(day)}
    if not held:
        return compliance
    found = tuple(replace(one, waiver=held.get((one.asset, one.standard.name))) for one in compliance.findings)
    return replace(compliance, findings=found)
