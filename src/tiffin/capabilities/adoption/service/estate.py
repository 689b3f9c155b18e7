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


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that exists, as one reader may know it, with what reads what.

    Parameters
    ----------
    readers : mapping of str to collection of str
        By asset, what reads it directly; a part, such as a tile, is read by what it is part of.
    hidden : frozenset of str
        What is counted for the reader and never named.
    """

    assets: Mapping[str, Asset]
    readers: Readers
    hidden: frozenset[str]
    locale: str

    @property
    def retirable(self) -> tuple[str, ...]:
        """List the assets that could be retired for want of use."""
        return tuple(name for name, one in self.assets.items() if one.kind in RETIRABLE)

    @property
    def serving(self) -> frozenset[str]:
        """Give the assets that are in use by being there: alerts, reports, saved questions, published numbers."""
        linked = {one for ends in self.readers.values() for one in ends}.union(self.readers, self.assets)
        return frozenset(one for one in linked if one.partition(":")[0] in KEEPING)

    def label(self, asset: str) -> str:
        """Name an asset for the reader."""
        found = self.assets.get(asset)
        return found.label_in(language_of(self.locale)) if found else asset.partition(":")[2] or asset

    def names(self, assets: tuple[str, ...]) -> tuple[str, ...]:
        """Name assets for the reader, each once and no parts; what is not his to know is told without its name."""
        told = (one for one in assets if one.partition(":")[0] not in PARTS)
        said = translate(self.locale, HIDDEN)
        return tuple(dict.fromkeys(said if one in self.hidden else self.label(one) for one in told))


def known(context: Context) -> Known:
    """Give everything that exists, with what reads what."""
    estate = estate_of(context)
    readers: dict[str, set[str]] = {}
    for link in estate.graph.links:
        readers.setdefault(link.earlier.text, set()).add(link.later.text)
    for one in estate.inventory.values():
        if one.part_of is not None:
            readers.setdefault(one.id.text, set()).add(one.part_of.text)
    assets = {one.id.text: one for one in estate.inventory.values()}
    return Known(assets, readers, frozenset(one.text for one in estate.hidden), context.locale)


def _find(context: Context, asset: str) -> Asset | None:
    known: Mapping[AssetId, Asset] = inventory_of(context)
    try:
        return known.get(AssetId.parse(asset))
    except WrongUse:
        return None
