"""What exists, as the catalog knows it: with its words, its page, and what reads what."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.adoption.domain.retiring import Readers
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.lineage import estate_of
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, mark, translate

ANSWERING = (AssetKind.METRIC, AssetKind.DASHBOARD, AssetKind.REPORT, AssetKind.TREE)
"""Kinds of assets that answer a question of the business."""

RETIRABLE = (AssetKind.METRIC, AssetKind.DASHBOARD)
"""Kinds that are made for people, have pages of their own, and of which use can therefore be seen."""

KEEPING = (
    AssetKind.ALERT,
    AssetKind.REPORT,
    AssetKind.QUESTION,
    AssetKind.PUBLISHED,
    AssetKind.POLICY,
    AssetKind.MODEL,
)
"""Kinds that serve people although nobody need open a page of theirs: what they stand on is in use."""

PARTS = (AssetKind.TILE, AssetKind.TARGET)
"""Kinds that are told by the name of what they are part of."""

HIDDEN = mark("a saved question or a publication of somebody else")


@dataclass(frozen=True, slots=True)
class Offer:
    """One asset: its name, its words in the reader's language, and those in every language for searching."""

    asset: str
    label: str
    meaning: str
    address: str
    words: str


def offers(context: Context) -> tuple[Offer, ...]:
    """List what could answer somebody's question."""
    language = language_of(context.locale)
    found = (one for one in inventory_of(context).values() if one.kind in ANSWERING)
    return tuple(_offer(one, language) for one in found)


def retirable(context: Context) -> tuple[str, ...]:
    """List the assets that could be retired for want of use."""
    return tuple(one.id.text for one in inventory_of(context).values() if one.kind in RETIRABLE)


def label_of(context: Context, asset: str) -> str:
    """Name an asset for a reader; what the catalog does not know is named as it is written."""
    found = _find(context, asset)
    return found.label_in(language_of(context.locale)) if found else asset.partition(":")[2] or asset


def address_of(context: Context, asset: str) -> str:
    """Give the page of an asset; nothing where it has none."""
    found = _find(context, asset)
    return found.address if found else ""


def is_known(context: Context, asset: str) -> bool:
    """Tell whether the catalog knows an asset."""
    return _find(context, asset) is not None


def readers_of(context: Context) -> Readers:
    """Give, by asset, what reads it directly; a part, such as a tile, is read by what it is part of."""
    found: dict[str, set[str]] = {}
    for link in estate_of(context).graph.links:
        found.setdefault(link.earlier.text, set()).add(link.later.text)
    for one in inventory_of(context).values():
        if one.part_of is not None:
            found.setdefault(one.id.text, set()).add(one.part_of.text)
    return found


def serving(context: Context) -> frozenset[str]:
    """Give the assets that are in use by being there: alerts, reports, saved questions, published numbers."""
    linked = {one for one in estate_of(context).graph.assets if one.kind in KEEPING}
    listed = {one.id for one in inventory_of(context).values() if one.kind in KEEPING}
    return frozenset(one.text for one in linked | listed)


def names_for(context: Context, assets: tuple[str, ...]) -> tuple[str, ...]:
    """Name assets for a reader, each once and no parts; what is not his to know is told without its name."""
    hidden = {one.text for one in estate_of(context).hidden}
    said = translate(context.locale, HIDDEN)
    told = (one for one in assets if one.partition(":")[0] not in PARTS)
    return tuple(dict.fromkeys(said if one in hidden else label_of(context, one) for one in told))


def _find(context: Context, asset: str) -> Asset | None:
    known: Mapping[AssetId, Asset] = inventory_of(context)
    try:
        return known.get(AssetId.parse(asset))
    except WrongUse:
        return None


def _offer(asset: Asset, language: str) -> Offer:
    words = " ".join((asset.name.replace("_", " "), *asset.label.values(), *asset.meaning.values()))
    return Offer(asset.id.text, asset.label_in(language), asset.meaning_in(language), asset.address, words)
