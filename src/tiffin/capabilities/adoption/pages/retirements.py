"""What nobody uses, and one retirement from its proposal to its end."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.adoption.pages.forms import acted, seen, shown, status_of
from tiffin.capabilities.adoption.service import retirements
from tiffin.capabilities.adoption.service.estate import label_of
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.paging import paged

router = APIRouter()

PageNumber = Annotated[int, Query(alias="page", ge=1)]


@router.get("/unused")
def show_unused(request: Request, context: ContextDep, page_number: PageNumber = 1) -> Response:
    """Show what nobody uses, since when, and what hangs on it."""
    return _unused(request, context, number=page_number)


@router.post("/unused")
def propose(request: Request, context: ContextDep, asset: Annotated[str, Form()]) -> Response:
    """Propose to retire something."""
    try:
        made = retirements.propose(context, asset)
    except (Conflict, WrongUse) as refusal:
        return _unused(request, context, refused=refusal.said, status=status_of(refusal))
    return seen(f"/adoption/retirements/{made.item.item_id}")


@router.get("/retirements/{item_id}")
def show_retirement(request: Request, context: ContextDep, item_id: int) -> Response:
    """Show one retirement."""
    return _retirement(request, context, item_id)


@router.post("/retirements/{item_id}")
def act_on_retirement(
    request: Request,
    context: ContextDep,
    item_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Act on a retirement; a refusal shows it again and says why."""
    return acted(
        lambda: retirements.act_on_retirement(context, item_id, action, said, version=version),
        f"/adoption/retirements/{item_id}",
        lambda **again: _retirement(request, context, item_id, **again),
        {f"{action}-{name}": text for name, text in said.items()},
    )


def _unused(request: Request, context: Context, *, number: int = 1, **again: Any) -> Response:
    report = retirements.list_unused(context)
    running = [
        one for one in retirements.list_retirements(context) if one.state in ("proposed", "announced", "retired")
    ]
    return shown(
        request,
        context,
        "adoption/unused.html",
        report=report,
        found=paged(report.rows, number=number),
        running=[(one, label_of(context, one.subject)) for one in running],
        may_propose=context.actor.has_role(Role.STEWARD, Role.ANALYST),
        **{"refused": ""} | again,
    )


def _retirement(request: Request, context: Context, item_id: int, **again: Any) -> Response:
    found = retirements.show_retirement(context, item_id)
    return shown(request, context, "adoption/retirement.html", found=found, **{"refused": "", "said": {}} | again)
