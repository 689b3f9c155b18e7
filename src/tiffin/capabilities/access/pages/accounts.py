"""The page of the accounts and what they are granted."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.access import service
from tiffin.capabilities.access.service.wording import CLASSES
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)


@router.get("/access/accounts")
def show_accounts(request: Request, context: ContextDep) -> Response:
    """Show the accounts with their grants, to administrators."""
    return page(request, context, "access/accounts.html", accounts=service.list_accounts(context), classes=CLASSES)
