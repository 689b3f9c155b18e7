"""Two versions of a policy side by side: cell by cell, and in words what they decide otherwise."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.policies.pages.pairs import compared
from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.pages.tables import told_table
from tiffin.capabilities.policies.pages.versions import TODAY, choosable, version_of
from tiffin.capabilities.policies.pages.where import choices_of, where_of
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/policies/{name}/compare")
def show_comparison(
    request: Request,
    context: ContextDep,
    name: str,
    was: str = TODAY,
    now: str = "",
    market: str = "",
    everything: str = "",
) -> HTMLResponse:
    """Show two versions beside each other; the newest one or draft stands for the second where none was chosen."""
    where, versions = where_of(context, market=market), choosable(context, name)
    now = now or next((value for value, _ in reversed(versions) if value != was), was)
    before, files_before, missing = version_of(context, name, was, where)
    after, files_after, refusal = version_of(context, name, now, where)
    found = None
    if before is not None and after is not None:
        first = told_table(before, files_before, where, context.locale)
        found = compared(first, told_table(after, files_after, where, context.locale))
    refused = missing or refusal
    return page(
        request,
        context,
        "policies/compare.html",
        status=refused.http_status if refused is not None else HTTPStatus.OK,
        refused=refused.said if refused is not None else "",
        name=name,
        told=titled(context, name),
        where=where,
        choices=choices_of(context),
        versions=versions,
        was=was,
        now=now,
        compared=found,
        everything=bool(everything),
    )
