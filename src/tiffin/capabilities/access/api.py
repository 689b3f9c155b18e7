"""Access over HTTP: who I am, the accounts, the audit trail."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import auditing, requests
from tiffin.capabilities.access.service.granting import read_grant
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_chain import read_anchor
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/access", tags=["access"])


class Asked(BaseModel):
    """What is looked for in the audit trail; what is left out does not matter."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    text: str = Field(default="", max_length=200)
    before: int | None = None


class AskBody(BaseModel):
    """What is asked for."""

    purpose: str = Field(max_length=500)
    asset: str = Field(default="", max_length=200)
    countries: list[str] = []
    cities: list[str] = []
    rows: list[str] = []
    opens: list[str] = []
    masked: list[str] = []
    assets: list[str] = []
    minimum_size: int = 1
    role: Role = Role.VIEWER
    days: int = 90

    def ask(self) -> Ask:
        """Read it."""
        limits = Limits(tuple(self.rows), tuple(self.opens), self.minimum_size, tuple(self.masked), tuple(self.assets))
        grant = read_grant(self.role, countries=self.countries, cities=self.cities, limits=limits)
        return Ask(grant, self.purpose, self.days, self.asset)


class DecisionBody(BaseModel):
    """What is decided: grant (all, or what ``given`` states), grant_least, refuse with a reason, or withdraw."""

    decision: Literal["grant", "grant_least", "refuse", "withdraw"]
    given: AskBody | None = None
    note: str = Field(default="", max_length=500)
    version: int | None = None


@router.get("/me")
def me(context: ContextDep) -> dict[str, Any]:
    """Tell which account asks, and what it is granted at this moment."""
    return asdict(context.actor)


@router.get("/accounts")
def accounts(context: ContextDep) -> dict[str, Any]:
    """List every account with its grants, to administrators."""
    return {"accounts": [asdict(account) for account in service.list_accounts(context)]}


@router.get("/audit")
def audit(context: ContextDep, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """Find entries of the audit trail, newest first, for auditors and administrators."""
    entries = auditing.search_audit(context, AuditSearch(**dict(asked)))
    return {"entries": [asdict(entry) for entry in entries]}


@router.post("/audit/verify")
def verify(context: ContextDep, anchor: Annotated[list[str] | None, Query()] = None) -> dict[str, Any]:
    """Verify the chain of the audit trail, and hold it against anchors that were noted earlier."""
    check = auditing.verify_audit(context, anchors=[read_anchor(one) for one in anchor or ()])
    return asdict(check) | {"anchor": check.anchor.text, "is_whole": check.is_whole}


@router.get("/requests")
def waiting_requests(context: ContextDep) -> dict[str, Any]:
    """List the requests that wait for the actor, and his own."""
    waiting, own = requests.waiting_requests(context), requests.my_requests(context)
    return {"waiting": [asdict(one) for one in waiting], "mine": [asdict(one) for one in own]}


@router.post("/requests", status_code=201)
def ask(context: ContextDep, body: AskBody) -> dict[str, Any]:
    """Ask for access."""
    return {"request": asdict(requests.ask_for(context, body.ask()))}


@router.get("/requests/{request_id}")
def show_request(context: ContextDep, request_id: int) -> dict[str, Any]:
    """Show a request; to others than its requester with what it would change and risk."""
    one = requests.show_request(context, request_id)
    is_mine = one.requester == context.actor.name
    return {"request": asdict(one), "assessment": None if is_mine else asdict(requests.assess(context, request_id))}


@router.post("/requests/{request_id}")
def decide(context: ContextDep, request_id: int, body: DecisionBody) -> dict[str, Any]:
    """Decide on a request."""
    note, version = body.note, body.version
    if body.decision == "withdraw":
        done = requests.withdraw(context, request_id)
    elif body.decision == "refuse":
        done = requests.refuse(context, request_id, body.note, version=body.version)
    elif body.decision == "grant_least":
        done = requests.approve(
            context, request_id, requests.assess(context, request_id).least, note=note, version=version
        )
    else:
        done = requests.approve(
            context, request_id, body.given.ask() if body.given else None, note=note, version=version
        )
    return {"request": asdict(done)}
