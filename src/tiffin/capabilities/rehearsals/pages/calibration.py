"""How true the simulated city is, in a browser."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.capabilities.rehearsals.service.calibration import find_report
from tiffin.capabilities.rehearsals.service.calibration_views import (
    assumed_of,
    is_near,
    lines_of,
    pictures_of,
    settled_of,
)
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/rehearsals/calibration")
def show_calibration(request: Request, context: ContextDep, source: str = "") -> HTMLResponse:
    """Show every quantity that was set against a real file, and the pictures of one source."""
    report = find_report(context)
    sources = [one["source"] for one in report["sources"]]
    chosen = source if source in sources else sources[0]
    return page(
        request,
        context,
        "rehearsals/calibration.html",
        report=report,
        made_on=date.fromisoformat(report["made_on"]),
        sources=report["sources"],
        chosen=next(one for one in report["sources"] if one["source"] == chosen),
        lines=lines_of(report, context.locale),
        near=sum(is_near(one) for one in report["quantities"]),
        comparable=sum("calibrated" in one for one in report["quantities"]),
        pictures=pictures_of(report, chosen, context.locale),
        settled=settled_of(report, context.locale),
        assumed=assumed_of(report, context.locale),
    )


@router.get("/rehearsals/calibration.json")
def export_calibration(context: ContextDep) -> Response:
    """Give the whole report as a file."""
    return Response(
        json_text(find_report(context)),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="calibration.json"'},
    )
