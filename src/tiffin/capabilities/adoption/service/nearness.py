"""What exists already and may answer what somebody asks for: assets by the catalog's search, and open requirements."""

from sqlalchemy import select

from tiffin.capabilities.adoption.domain.items import Near
from tiffin.capabilities.adoption.domain.likeness import likeness, parts_of, weights_of
from tiffin.capabilities.adoption.domain.states import Kind
from tiffin.capabilities.adoption.models import AdoptionItem
from tiffin.capabilities.adoption.service.records import require_grant
from tiffin.capabilities.catalog.service.searching import search
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of

ANSWERING = (AssetKind.METRIC, AssetKind.DASHBOARD, AssetKind.REPORT, AssetKind.TREE)
"""Kinds of assets that answer a question of the business."""

SHOWN = 6
MOST_ASKED = 2
LEAST = 0.3
"""Share of the asker's words that another requirement must hold to be shown."""


def near(context: Context, text: str, *, apart_from: int | None = None) -> tuple[Near, ...]:
    """List open requirements, then metrics, dashboards, reports and trees that are near to a text, the nearest first.

    Parameters
    ----------
    apart_from : int or None
        A requirement that is not shown: the one that is asked about.
    """
    require_grant(context)
    language = language_of(context.locale)
    asked = _requirements(context, text, apart_from)
    found = search(context, text, kinds=ANSWERING, limit=SHOWN).found if text.strip() else ()
    best = max((one.score for one in found), default=1.0)
    assets = tuple(
        Near(
            one.asset.id.text,
            one.asset.label_in(language),
            one.asset.meaning_in(language),
            one.asset.address,
            round(float(one.score / best), 3),
        )
        for one in found
    )
    return (*asked, *assets)


def _requirements(context: Context, text: str, apart_from: int | None) -> tuple[Near, ...]:
    wanted = select(AdoptionItem).where(AdoptionItem.kind == Kind.REQUIREMENT, AdoptionItem.closed_at.is_(None))
    listed = [(row, parts_of(row.headline)) for row in context.session.scalars(wanted) if row.item_id != apart_from]
    weights, asked = weights_of(parts for _, parts in listed), parts_of(text)
    found = ((likeness(asked, parts, weights), row) for row, parts in listed)
    best = sorted((one for one in found if one[0] >= LEAST), key=lambda one: (-one[0], one[1].item_id))
    return tuple(
        Near(
            f"requirement:{row.item_id}",
            row.headline,
            str(row.details["ask"].get("today") or ""),
            f"/adoption/requirements/{row.item_id}",
            round(share, 3),
        )
        for share, row in best[:MOST_ASKED]
    )
