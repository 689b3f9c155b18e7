"""Access over HTTP: who I am, the accounts, the audit trail."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing
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
