"""Whether somebody may use an asset, told before he asks."""

from dataclasses import dataclass

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.kernel.contract import Classification
from tiffin.runtime.actor import EVERY, GUARDED
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class MayUse:
    """Whether the actor's grants open an asset.

    Parameters
    ----------
    is_open : bool
        Its class is opened by a grant; which rows he then sees, the grants' places say.
    countries, cities : tuple of str
        Where; empty for everywhere.
    is_everywhere : bool
        A grant that opens it covers every place.
    is_masked : bool
        No grant opens its class, and one tells it masked there.
    """

    is_open: bool
    countries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    is_everywhere: bool = False
    is_masked: bool = False


def may_use(context: Context, asset: Asset) -> MayUse:
    """Tell whether the actor may see an asset's values, and where."""
    needed = asset.classification or Classification.INTERNAL
    alone = [one for one in context.actor.asset_grants if asset.id.text in one.assets]
    held = (*context.actor.grants, *alone)
    grants = [one for one in held if needed not in GUARDED or needed in one.opened]
    is_masked = not grants and any(needed in one.masked for one in held)
    grants = grants or [one for one in held if needed in one.masked]
    countries = {name for one in grants for name in one.countries}
    cities = {name for one in grants for name in one.cities}
    is_everywhere = EVERY in countries | cities
    return MayUse(
        bool(grants),
        () if is_everywhere else tuple(sorted(countries)),
        () if is_everywhere else tuple(sorted(cities)),
        is_everywhere,
        is_masked,
    )
