"""The estate outside, in a browser: which systems were read, what they hold, which of it is ours."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.capabilities.catalog.domain.estate.found import OutsideKind
from tiffin.capabilities.catalog.service import estate
from tiffin.capabilities.catalog.service.estate import Reading
from tiffin.runtime.actor import Role
from tiffin.runtime.i18n import mark
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

KINDS = {
    OutsideKind.TABLE: mark("Table"),
    OutsideKind.VIEW: mark("View"),
    OutsideKind.MODEL: mark("Model"),
    OutsideKind.METRIC: mark("Metric"),
    OutsideKind.CHART: mark("Chart"),
    OutsideKind.DASHBOARD: mark("Dashboard"),
    OutsideKind.REPORT: mark("Report"),
}


@router.get("/estate")
def show_estates(request: Request, context: ContextDep) -> HTMLResponse:
    """Show every system outside that was read."""
    return page(request, context, "catalog/estates.html", readings=estate.list_estates(context))


@router.get("/estate/{name}")
def show_estate(request: Request, context: ContextDep, name: str, q: str = "") -> HTMLResponse:
    """Show what one system holds."""
    reading = estate.find_estate(context, name)
    wanted = q.casefold().strip()
    shown = [
        asset
        for asset in reading.estate.assets
        if not wanted or wanted in f"{asset.name} {asset.relation} {asset.description} {asset.owner}".casefold()
    ]
    return page(
        request,
        context,
        "catalog/estate.html",
        reading=reading,
        shown=shown,
        kinds=KINDS,
        matches={match.key: match for match in reading.matched},
        uses=_uses(reading),
        q=q,
        may_decide=context.actor.has_role_everywhere(Role.STEWARD),
    )


@router.post("/estate/{name}/matches")
def decide(
    context: ContextDep,
    name: str,
    key: Annotated[str, Form()],
    table: Annotated[str, Form()],
    same: Annotated[str, Form()],
) -> Response:
    """Confirm or deny that a table outside is one of ours."""
    estate.decide_match(context, name, key, table, is_same=same == "yes")
    return RedirectResponse(f"/catalog/estate/{name}", status_code=303)


def _uses(reading: Reading) -> dict[str, tuple[int, int]]:
    """Give for each asset how often it was asked, and by how many people."""
    found: dict[str, tuple[int, int]] = {}
    for use in reading.estate.uses:
        count, people = found.get(use.key, (0, 0))
        found[use.key] = (count + use.count, people + 1)
    return found
