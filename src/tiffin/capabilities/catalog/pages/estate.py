"""The estate outside, in a browser: which systems were read, what they hold, which of it is ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from tiffin.capabilities.catalog.domain.estate.found import OutsideAsset, OutsideKind
from tiffin.capabilities.catalog.domain.estate.matching import Match
from tiffin.capabilities.catalog.service import estate
from tiffin.capabilities.catalog.service.estate import Reading
from tiffin.capabilities.catalog.service.exporting import outside_as_csv
from tiffin.runtime.actor import Role
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import own_path, page
from tiffin.web.paging import ordered, paged

router = APIRouter()

SHOWN = 100
KINDS = {
    OutsideKind.TABLE: mark("Table"),
    OutsideKind.VIEW: mark("View"),
    OutsideKind.MODEL: mark("Model"),
    OutsideKind.METRIC: mark("Metric"),
    OutsideKind.CHART: mark("Chart"),
    OutsideKind.DASHBOARD: mark("Dashboard"),
    OutsideKind.REPORT: mark("Report"),
}


class Filters(BaseModel):
    """What a reader looks for in one system; every part may be empty."""

    model_config = ConfigDict(extra="ignore")

    q: str = ""
    kind: str = ""
    show: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class OutsideEntry:
    """One asset of the list, with what is known of it here.

    Parameters
    ----------
    denied : str
        Table here that somebody said it is not; empty where nobody did.
    """

    asset: OutsideAsset
    count: int
    people: int
    match: Match | None
    is_confirmed: bool
    denied: str

    @property
    def waits(self) -> bool:
        """Tell whether it is likely a table here, and nobody has said so yet."""
        return self.match is not None and not self.is_confirmed


SHOWS: Mapping[str, tuple[str, Callable[[OutsideEntry], bool]]] = {
    "": (mark("All"), lambda _: True),
    "waiting": (mark("To be confirmed"), lambda entry: entry.waits),
    "ours": (mark("Tables that we have too"), lambda entry: entry.match is not None),
    "unowned": (mark("Owned by nobody"), lambda entry: not entry.asset.owner),
    "failing": (mark("Checks fail"), lambda entry: entry.asset.failed > 0),
}
SORTS: dict[str, Callable[[OutsideEntry], Any]] = {
    "name": lambda entry: entry.asset.name.casefold(),
    "kind": lambda entry: entry.asset.kind.value,
    "owner": lambda entry: entry.asset.owner.casefold() or None,
    "asked": lambda entry: entry.count,
    "people": lambda entry: entry.people,
}


@router.get("/estate")
def show_estates(request: Request, context: ContextDep) -> HTMLResponse:
    """Show every system outside that was read."""
    return page(request, context, "catalog/estates.html", readings=estate.list_estates(context))


@router.get("/estate/{name}")
def show_estate(
    request: Request,
    context: ContextDep,
    name: str,
    filters: Annotated[Filters, Query()],
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> HTMLResponse:
    """Show what one system holds, page by page."""
    reading = estate.find_estate(context, name)
    entries = _entries(reading, filters)
    return page(
        request,
        context,
        "catalog/estate.html",
        reading=reading,
        found=paged(ordered(entries, sort=filters.sort, keys=SORTS), number=page_number, size=SHOWN),
        filters=filters,
        kinds=KINDS,
        choices=_choices(reading, context.locale),
        may_decide=context.actor.has_role_everywhere(Role.STEWARD),
    )


@router.get("/estate/{name}/export.csv")
def export(context: ContextDep, name: str, filters: Annotated[Filters, Query()]) -> Response:
    """Give the assets of one system that match as a file."""
    reading = estate.find_estate(context, name)
    entries = ordered(_entries(reading, filters), sort=filters.sort, keys=SORTS)
    text = outside_as_csv((entry.asset for entry in entries), reading)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.csv"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/estate/{name}/matches")
def decide(
    context: ContextDep,
    name: str,
    key: Annotated[str, Form()],
    table: Annotated[str, Form()],
    same: Annotated[str, Form()],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Confirm or deny that a table outside is one of ours; the last word counts, so that it can be taken back."""
    estate.decide_match(context, name, key, table, is_same=same == "yes")
    address = own_path(back) if back else f"/catalog/estate/{quote(name, safe='')}"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _entries(reading: Reading, filters: Filters) -> list[OutsideEntry]:
    wanted, (_, is_shown) = filters.q.casefold().strip(), SHOWS.get(filters.show, SHOWS[""])
    matched, uses = {one.key: one for one in reading.matched}, reading.uses
    entries = (
        OutsideEntry(
            asset,
            *uses.get(asset.key, (0, 0)),
            matched.get(asset.key),
            asset.key in reading.confirmed,
            reading.denied.get(asset.key, ""),
        )
        for asset in reading.estate.assets
        if filters.kind in ("", asset.kind.value)
        if not wanted or wanted in f"{asset.name} {asset.relation} {asset.description} {asset.owner}".casefold()
    )
    return [entry for entry in entries if is_shown(entry)]


def _choices(reading: Reading, locale: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    kinds = {asset.kind for asset in reading.estate.assets}
    found = [(kind.value, translate(locale, said)) for kind, said in KINDS.items() if kind in kinds]
    shows = [(name, translate(locale, said)) for name, (said, _) in SHOWS.items()]
    return {"kind": [("", translate(locale, mark("All"))), *found], "show": shows}
