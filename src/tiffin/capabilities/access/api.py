"""Access over HTTP: who I am, the accounts, the audit trail."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from tiffin.capabilities.access import service
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/access", tags=["access"])


@router.get("/me")
def me(context: ContextDep) -> dict[str, Any]:
    """Tell which account asks, and what it is granted at this moment."""
    return asdict(context.actor)


@router.get("/accounts")
def accounts(context: ContextDep) -> dict[str, Any]:
    """List every account with its grants, to administrators."""
    return {"accounts": [asdict(account) for account in service.list_accounts(context)]}


@router.get("/audit")
def audit(context: ContextDep, actor: str | None = None, action: str | None = None, before: int | None = None) -> Any:
    """List who did what, newest first, to administrators."""
    entries = service.list_audit(context, actor=actor, action=action, before=before)
    return {"entries": [asdict(entry) for entry in entries]}
