"""Assets as the search takes them: their texts by field and language, and how much they are used and trusted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log1p

from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle, Tier
from tiffin.capabilities.catalog.domain.glossary import Term
from tiffin.engines.search.documents import Document, Field, Text
from tiffin.engines.search.reasons import Explanation
from tiffin.kernel.assets import AssetId, AssetKind

KIND_TRUST: Mapping[AssetKind, float] = {
    AssetKind.METRIC: 0.75,
    AssetKind.DASHBOARD: 0.8,
    AssetKind.REPORT: 0.8,
    AssetKind.QUESTION: 0.7,
    AssetKind.TABLE: 0.7,
    AssetKind.FEED: 0.7,
    AssetKind.TREE: 0.55,
    AssetKind.ALERT: 0.4,
    AssetKind.COLUMN: 0.35,
    AssetKind.DIMENSION: 0.3,
    AssetKind.POLICY: 0.25,
    AssetKind.MODEL: 0.25,
    AssetKind.ROLLUP: 0.1,
}
"""How likely each kind is what somebody looks for; a part of something is less so than the whole."""

PART_TRUST = 0.05
"""For kinds that are not named above: tiles, columns of files, tools."""

LOCAL_LOSS, DEPRECATED_LOSS, RETIRED_LOSS = 0.2, 0.5, 0.7
"""What a draft, a deprecated and a retired asset lose."""

SHOWN_GAIN, MOST_SHOWN = 0.05, 5
"""What each dashboard or tile that shows a metric adds to it, and how many count."""

USE_GAIN = 0.2
"""What the most used asset gains; others by the logarithm of their uses."""

NAMED_BY_CODE = frozenset(
    {AssetKind.TABLE, AssetKind.COLUMN, AssetKind.FEED_COLUMN, AssetKind.ROLLUP, AssetKind.TOOL, AssetKind.ALERT}
)
"""Kinds whose label is a name in code, not words for people."""


ANSWERS = "answers"
"""Trait of an asset whose meaning is the question that it answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """An asset that answers a question, and why."""

    asset: Asset
    score: float
    why: Explanation


@dataclass(frozen=True, slots=True)
class Results:
    """What a question found.

    Parameters
    ----------
    found : tuple of Found
        Best first.
    kinds : Mapping of AssetKind to int
        How many of each kind were found before any filter.
    terms : tuple of Term
        Terms of the glossary that the question speaks of; where nothing was found, the nearest ones.
    n_found : int
        How many were found, of the kinds that were asked for.
    """

    question: str
    found: tuple[Found, ...]
    kinds: Mapping[AssetKind, int]
    terms: tuple[Term, ...]
    n_found: int

    @property
    def groups(self) -> Mapping[AssetKind, tuple[Found, ...]]:
        """Give them by kind; the kind of the best answer first."""
        made: dict[AssetKind, list[Found]] = {}
        for one in self.found:
            made.setdefault(one.asset.kind, []).append(one)
        return {kind: tuple(listed) for kind, listed in made.items()}


def documents_of(assets: Iterable[Asset]) -> tuple[Document, ...]:
    """Give assets as documents, in a fixed order."""
    listed = sorted(assets, key=lambda one: one.id)
    shown = _shown(listed)
    return tuple(Document(one.id.text, _texts(one), trust(one, shown.get(one.name, 0))) for one in listed)


def trust(asset: Asset, n_shown: int) -> float:
    """Tell how much an asset is trusted, between 0 and 1, by its kind, its standing and where it is shown."""
    found = KIND_TRUST.get(asset.kind, PART_TRUST)
    if asset.kind is AssetKind.METRIC:
        found += SHOWN_GAIN * min(MOST_SHOWN, n_shown)
    found -= LOCAL_LOSS * (asset.tier is Tier.LOCAL and asset.kind is not AssetKind.QUESTION)
    found -= {LifeCycle.DEPRECATED: DEPRECATED_LOSS, LifeCycle.RETIRED: RETIRED_LOSS}.get(asset.life_cycle, 0.0)
    return min(1.0, max(0.0, found))


def used(uses: Mapping[AssetId, int]) -> Mapping[str, float]:
    """Tell what each asset gains by how often it was used, against the most used one."""
    most = max(uses.values(), default=0)
    if not most:
        return {}
    return {asset.text: USE_GAIN * log1p(count) / log1p(most) for asset, count in uses.items()}


def _shown(assets: Iterable[Asset]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for asset in assets:
        if asset.kind in (AssetKind.DASHBOARD, AssetKind.TILE):
            for metric in asset.metrics:
                counted[metric] = counted.get(metric, 0) + 1
    return counted


def _texts(asset: Asset) -> tuple[Text, ...]:
    labels = {} if asset.kind in NAMED_BY_CODE else asset.label
    columns = asset.traits.get("columns")
    made = [Text(Field.LABEL, locale, text) for locale, text in labels.items()]
    # A question that an asset answers has the words of every number about the same thing; those are meant with them.
    meanings = {} if asset.traits.get(ANSWERS) else asset.meaning
    made += [Text(Field.MEANING, locale, text) for locale, text in meanings.items()]
    made.append(Text(Field.NAME, "en", _words(asset.name)))
    if isinstance(columns, tuple | list):
        made.append(Text(Field.COLUMNS, "en", _words(" ".join(map(str, columns)))))
    if asset.owner:
        made.append(Text(Field.OWNER, "en", _words(asset.owner)))
    for more in (*asset.tags, asset.note):
        if more:
            made.append(Text(Field.SYNONYM, "en", more))
    return tuple(made)


def _words(name: str) -> str:
    return " ".join(name.translate(str.maketrans("_./-", "    ")).split())
