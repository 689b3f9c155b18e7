"""Exemptions over HTTP: what holds, and what another system declares when it happens."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.service.exemption_listing import Held, list_exemptions
from tiffin.capabilities.liability.service.exemptions import NewExemption, declare, end
from tiffin.web.edge import ContextDep

router = APIRouter(tags=["liability"])


class DeclaredExemption(BaseModel):
    """A circumstance that exempts within a place and a time; instants name their zone."""

    model_config = ConfigDict(extra="forbid")

    city_id: Annotated[str, Field(min_length=1, max_length=128)]
    circumstance: Circumstance
    scope: Scope = Scope.CITY
    scope_id: Annotated[str, Field(max_length=128)] = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reference: Annotated[str, Field(min_length=1, max_length=128)]


@router.get("/api/liability/exemptions")
def give_exemptions(context: ContextDep, city_id: str = "", held: Held | None = None) -> dict[str, Any]:
    """List what is declared in the cities that the asker sees, last begun first."""
    return {"exemptions": [asdict(one) for one in list_exemptions(context, city_id=city_id, held=held)]}


@router.post("/api/liability/exemptions")
def declare_exemption(context: ContextDep, told: DeclaredExemption) -> dict[str, int]:
    """Declare one, and give its number."""
    wanted = NewExemption(
        circumstance=told.circumstance,
        scope=told.scope,
        scope_id=told.scope_id,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        reference=told.reference,
    )
    return {"exemption_id": declare(context, told.city_id, wanted)}


@router.post("/api/liability/exemptions/{exemption_id}/end")
def end_exemption(context: ContextDep, exemption_id: int) -> dict[str, int]:
    """End one now; what happened while it held stays exempt."""
    end(context, exemption_id)
    return {"exemption_id": exemption_id}
