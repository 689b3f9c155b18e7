"""What riders, merchants and customers are told: every notice in every language, side by side."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.notice_library import faults_in
from tiffin.capabilities.liability.service.notice_preview import list_kinds, previews
from tiffin.runtime.markets import load_markets
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

TOLD = (Party.RIDER, Party.MERCHANT, Party.CUSTOMER)


@router.get("/liability/notices")
def show_notices(
    request: Request,
    context: ContextDep,
    kind: str = "verdict",
    party: Annotated[Party, Query()] = Party.RIDER,
    country: str = "SA",
) -> Response:
    """Show one kind of notice in all languages, filled with the values of an invented order."""
    return page(
        request,
        context,
        "liability/notices.html",
        tabs=TABS,
        kinds=list_kinds(context),
        shown=previews(context, kind, country=country, party=party),
        missing=faults_in(),
        kind=kind,
        party=party.value,
        parties=[one.value for one in TOLD],
        country=country,
        countries=sorted(load_markets(context.workspace.overlay("markets"))),
    )
