"""What exists already and may answer what somebody asks for."""

from sqlalchemy import select

from tiffin.capabilities.adoption.domain.items import Near
from tiffin.capabilities.adoption.domain.likeness import likeness, parts_of, weights_of
from tiffin.capabilities.adoption.domain.states import Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.estate import Offer, offers
from tiffin.capabilities.adoption.service.records import require_grant
from tiffin.runtime.context import Context

SHOWN = 6
LEAST = 0.3
"""Share of the asker's words that something must offer to be shown."""


def near(context: Context, text: str, *, apart_from: int | None = None) -> tuple[Near, ...]:
    """List metrics, dashboards and open requirements that are near to a text, the nearest first.

    Parameters
    ----------
    apart_from : int or None
        A requirement that is not shown: the one that is asked about.
    """
    require_grant(context)
    asked = parts_of(text)
    listed = [(one, parts_of(one.words)) for one in (*offers(context), *_open_requirements(context, apart_from))]
    weights = weights_of(parts for _, parts in listed)
    found = [(likeness(asked, parts, weights), one) for one, parts in listed]
    best = sorted((one for one in found if one[0] >= LEAST), key=lambda one: (-one[0], one[1].asset))
    return tuple(Near(one.asset, one.label, one.meaning, one.address, round(share, 3)) for share, one in best[:SHOWN])


def _open_requirements(context: Context, apart_from: int | None) -> list[Offer]:
    wanted = select(AdoptionItem).where(AdoptionItem.kind == Kind.REQUIREMENT, AdoptionItem.closed_at.is_(None))
    return [
        Offer(
            f"requirement:{row.item_id}",
            row.headline,
            str(row.details["ask"].get("today") or ""),
            f"/adoption/requirements/{row.item_id}",
            row.headline,
        )
        for row in context.session.scalars(wanted)
        if row.item_id != apart_from
    ]
