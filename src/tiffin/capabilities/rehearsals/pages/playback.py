"""The playback of a rehearsed day: a map and a time line, and the same as a table."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.rehearsals.service.playback import playback, stage_told
from tiffin.capabilities.rehearsals.service.playback_words import PACES, clock, spoken
from tiffin.runtime.i18n import digits_of
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/rehearsals/{rehearsal_id}/playback")
def show_playback(request: Request, context: ContextDep, rehearsal_id: int, replication: int = 1) -> Response:
    """Show a day of a rehearsal as it went, minute by minute."""
    found, played = playback(context, rehearsal_id, replication)
    told = stage_told(context, found)
    return page(
        request,
        context,
        "rehearsals/playback.html",
        played=played,
        replication=replication,
        clock=lambda at_s: clock(at_s, told["cutoff_min"], context.locale),
        digits=digits_of(context.locale),
        words=spoken(context.locale),
        paces=PACES,
        **told,
    )
