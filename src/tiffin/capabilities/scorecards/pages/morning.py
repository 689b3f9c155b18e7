"""The page of a city's morning sheet."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.capabilities.scorecards.service.morning import morning_sheet, sheet_file
from tiffin.capabilities.scorecards.service.places import places_of
from tiffin.capabilities.scorecards.service.words import PROMISES
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/morning", include_in_schema=False)


@router.get("")
def choose(context: ContextDep, city: str = "", day: str = "") -> Response:
    """Go to the sheet of the chosen city, or of the first one."""
    cities = _cities(context)
    if not cities:
        raise (NotFound if context.actor.grants else Forbidden)(
            Message("There is no city that you may see. Load facts, or ask a steward for a grant on a city.")
        )
    return RedirectResponse(f"/morning/{city or cities[0][0]}" + (f"?day={day}" if day else ""), status_code=303)


@router.get("/{city_id}")
def show_sheet(request: Request, context: ContextDep, city_id: str, day: str = "") -> HTMLResponse:
    """Show the sheet of a city."""
    words = {key: translate(context.locale, said) for key, said in PROMISES.items()}
    sheet = morning_sheet(context, city_id, day=_date(day))
    return page(request, context, "scorecards/morning.html", sheet=sheet, words=words, cities=_cities(context))


@router.get("/{city_id}/file.html")
def download(context: ContextDep, city_id: str, day: str = "") -> Response:
    """Give the sheet as a self-contained file."""
    sheet = morning_sheet(context, city_id, day=_date(day))
    headers = {"Content-Disposition": f'attachment; filename="morning-{city_id}-{sheet.day}.html"'}
    return Response(sheet_file(context, sheet), media_type="text/html; charset=utf-8", headers=headers)


def _cities(context: Context) -> tuple[tuple[str, str], ...]:
    return places_of(context).options("city_id", {}, context.locale)


def _date(text: str) -> date | None:
    return read_day(text) if text else None
