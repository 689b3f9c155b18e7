"""Finding assets by what they are and whose they are; no ranking, every word must stand somewhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.kernel.assets import AssetKind


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; an empty part asks for nothing."""

    text: str = ""
    kind: str = ""
    owner: str = ""
    domain: str = ""
    tier: str = ""
    class_name: str = ""
    health: str = ""


def matching(
    assets: Iterable[Asset],
    wanted: Filters,
    language: str,
    health: Callable[[Asset], str],
    *,
    parts: tuple[AssetKind, ...] = (),
) -> tuple[Asset, ...]:
    """Give the assets that match all filters.

    Parameters
    ----------
    health : callable
        Names the health of an asset, as the filter does.
    parts : tuple of AssetKind
        Kinds that are left out while nothing narrower than everything is asked for.
    """
    words = wanted.text.casefold().split()
    is_narrow = any((words, wanted.kind, wanted.class_name, wanted.health))
    return tuple(
        asset
        for asset in assets
        if (is_narrow or asset.kind not in parts)
        and _is_of(asset, wanted)
        and wanted.health in ("", health(asset))
        and all(word in _text_of(asset, language) for word in words)
    )


def _is_of(asset: Asset, wanted: Filters) -> bool:
    pairs = (
        (wanted.kind, asset.kind.value),
        (wanted.owner, asset.owner),
        (wanted.domain, asset.domain),
        (wanted.tier, asset.tier.value),
        (wanted.class_name, asset.classification.value if asset.classification else ""),
    )
    return all(asked in ("", found) for asked, found in pairs)


def _text_of(asset: Asset, language: str) -> str:
    return " ".join(
        (asset.id.text, asset.label_in(language), asset.label_in("en"), asset.meaning_in(language), *asset.tags)
    ).casefold()
