"""Rehearsals and the truth about simulated days over HTTP."""

import json
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.capabilities.rehearsals.service.playback import as_data, playback
from tiffin.capabilities.rehearsals.service.run_files import as_payload
from tiffin.capabilities.rehearsals.service.run_views import find_rehearsal, list_rehearsals
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api", tags=["rehearsals"])


@router.get("/rehearsals/planted")
def show_planted(context: ContextDep) -> dict[str, object]:
    """List what was planted in the cities that the asker may see, with the cause that a diagnosis should name."""
    return {"is_simulated": True, "planted": [asdict(one) for one in list_planted(context)]}


@router.get("/rehearsals")
def show_rehearsals(context: ContextDep) -> dict[str, Any]:
    """List the rehearsals of cities that the asker may see, newest first."""
    return {"is_simulated": True, "rehearsals": [as_payload(one) for one in list_rehearsals(context)]}


@router.get("/rehearsals/{rehearsal_id}")
def show_rehearsal(context: ContextDep, rehearsal_id: int) -> dict[str, Any]:
    """Give a rehearsal: how far it is, what it came to, and from what."""
    return as_payload(find_rehearsal(context, rehearsal_id))


@router.get("/rehearsals/{rehearsal_id}/playback")
def show_playback(context: ContextDep, rehearsal_id: int, replication: int = 1) -> Response:
    """Give a day of a rehearsal as it went: seconds since the business day began, metres around the city's centre."""
    found, played = playback(context, rehearsal_id, replication)
    # Some hundred thousand plain numbers: written as they are, without a look at each.
    data = json.dumps(as_data(context, found, played, replication), separators=(",", ":"), ensure_ascii=False)
    return Response(data, media_type="application/json")
