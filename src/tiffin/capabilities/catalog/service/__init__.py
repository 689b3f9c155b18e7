"""What other parts ask of the catalog: which assets there are, as definitions and people describe them."""

from difflib import get_close_matches

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.saying import with_sayings
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.saying import sayings_of
from tiffin.capabilities.scorecards.service.saving import list_saved
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def assets(context: Context) -> tuple[Asset, ...]:
    """List every asset of which the actor may know, by kind and name.

    Whoever has any grant may know which definitions there are, as on the pages of metrics and data; a saved question is
    known to whoever saved it, and to those with whom it is shared. Whoever has no grant may know of nothing.
    """
    return tuple(sorted(visible(context).values(), key=lambda one: one.id))


def find_asset(context: Context, asset: AssetId) -> Asset:
    """Give one asset.

    Raises
    ------
    NotFound
        There is none of that name that the actor may know of.
    """
    known = visible(context)
    if asset in known:
        return known[asset]
    near = get_close_matches(asset.name, [one.name for one in known if one.kind is asset.kind], n=1)
    if near:
        raise NotFound(
            Message(
                "There is no asset {asset} that you may know of. Did you mean {near}?",
                asset=asset.text,
                near=AssetId(asset.kind, near[0]).text,
            )
        )
    raise NotFound(
        Message(
            "There is no asset {asset} that you may know of. `tiffin catalog list` names them all.", asset=asset.text
        )
    )


def visible(context: Context) -> dict[AssetId, Asset]:
    """Give the assets of which the actor may know, by name."""
    if not context.actor.grants:
        return {}
    found = dict(inventory_of(context))
    found |= {one.id: one for one in _questions(context)}
    for named, said in sayings_of(context).items():
        if named in found:
            found[named] = with_sayings(found[named], said)
    return found


def require_grant(context: Context) -> None:
    """Refuse whoever may know of nothing.

    Raises
    ------
    Forbidden
        No grant of the actor is in force.
    """
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no assets: no grant is in force. Ask an administrator for one.", name=context.actor.name
            )
        )


def _questions(context: Context) -> tuple[Asset, ...]:
    """Give the saved questions that the actor may open."""
    return tuple(
        Asset(
            id=AssetId(AssetKind.QUESTION, str(saved.question_id)),
            label={"en": saved.name},
            owner=saved.owner,
            technical_owner=saved.owner,
            classification=Classification.INTERNAL,
            address=f"/explore?{saved.address}",
        )
        for saved in list_saved(context)
    )
