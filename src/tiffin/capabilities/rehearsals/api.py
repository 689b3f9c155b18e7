"""The truth about simulated days over HTTP."""

from dataclasses import asdict

from fastapi import APIRouter

from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api", tags=["rehearsals"])


@router.get("/rehearsals/planted")
def show_planted(context: ContextDep) -> dict[str, object]:
    """List what was planted in the cities that the asker may see, with the cause that a diagnosis should name."""
    return {"is_simulated": True, "planted": [asdict(one) for one in list_planted(context)]}
