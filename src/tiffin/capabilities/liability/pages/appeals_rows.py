"""How rows of policies stand by their appeals: rate, bounds, limit; and a row that people decide in the place of."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from tiffin.capabilities.cases.service.words import shown, word
from tiffin.capabilities.liability.domain.row_standing import RowStanding, RowState
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.row_learning import (
    act_on_demotion,
    demotion_case,
    row_standings,
    take_up_mended,
)
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import NOTHING, format_number, format_percent, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

STATES = {
    RowState.TRUSTED: mark("Decides by itself"),
    RowState.DEMOTED: mark("People decide in its place"),
    RowState.MENDED: mark("Mended by a new version"),
    RowState.RESTORED: mark("Restored"),
}
TONES = {RowState.DEMOTED: "bad", RowState.MENDED: "good", RowState.RESTORED: "good", RowState.TRUSTED: ""}
TITLE = mark("Share of the appeals in which the verdict did not stand")
SEEN = mark("The band holds at all times at once; when its lower edge passes the limit, people decide.")


@router.get("/liability/rows")
def show_rows(request: Request, context: ContextDep) -> Response:
    """Show every row against whose verdicts anybody appealed; one that was mended meanwhile stands there as mended."""
    rows = row_standings(context)
    if take_up_mended(context):
        rows = row_standings(context)
    return page(
        request,
        context,
        "liability/rows.html",
        tabs=TABS,
        rows=rows,
        states=STATES,
        tones=TONES,
    )


@router.get("/liability/rows/{case_id}")
def show_row(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show a row that was handed to people, with its appeals over time."""
    return _page(request, context, case_id)


@router.post("/liability/rows/{case_id}")
def act_on_row(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Restore a row or leave it to people; a refusal shows it again and says why."""
    try:
        act_on_demotion(context, case_id, action, said, version=version)
    except (Conflict, WrongUse, Forbidden) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _page(request, context, case_id, refused=refusal.said, status=status, said=said)
    return RedirectResponse(f"/liability/rows/{case_id}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    context: Context,
    case_id: int,
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    said: Mapping[str, str] | None = None,
) -> Response:
    standing, case = demotion_case(context, case_id)
    if take_up_mended(context):
        standing, case = demotion_case(context, case_id)
    locale = context.locale
    return page(
        request,
        context,
        "liability/row.html",
        status=status,
        tabs=TABS,
        row=standing,
        case=case,
        chart=_chart(standing, locale),
        states=STATES,
        tones=TONES,
        refused=refused,
        said=said or {},
        word=lambda name: word(name, locale),
        shown=lambda value: word(shown(value, locale), locale),
    )


def _chart(standing: RowStanding, locale: str) -> Markup:
    """Draw the rate after each settled appeal within its bounds, with the limit."""
    bounds = standing.sequence
    limit = tuple(standing.limit.limit for _ in bounds)
    band = Band(
        translate(locale, mark("Bounds that hold at all times")),
        tuple(one.lower for one in bounds),
        tuple(one.upper for one in bounds),
    )
    return line_chart(
        [format_number(number, locale=locale) for number in range(1, len(bounds) + 1)],
        [
            Series(translate(locale, mark("Rate")), standing.rates),
            Series(translate(locale, mark("Limit")), limit),
        ],
        caption=Caption(translate(locale, TITLE), translate(locale, SEEN)),
        locale=locale,
        band=band,
        show=lambda value: NOTHING if value is None else format_percent(value, locale=locale),
    )
