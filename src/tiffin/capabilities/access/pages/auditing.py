"""The page of the audit trail."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.access import service
from tiffin.capabilities.access.service.wording import ACTIONS
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)


@router.get("/access/audit")
def show_audit(
    request: Request, context: ContextDep, actor: str = "", action: str = "", before: int | None = None
) -> Response:
    """Show who did what, newest first, to administrators."""
    entries = service.list_audit(context, actor=actor or None, action=action or None, before=before)
    older = entries[-1].entry_id if len(entries) == service.AUDIT_PAGE else None
    return page(
        request,
        context,
        "access/audit.html",
        entries=entries,
        by=actor,
        action=action,
        actions=ACTIONS,
        choices=_choices(context.locale, action),
        older=older,
    )


def _choices(locale: str, chosen: str) -> list[tuple[str, str]]:
    """Give what can be looked for, in words and by them; a name from elsewhere stays as it is."""
    known = dict.fromkeys((*ACTIONS, chosen)) if chosen else ACTIONS
    told = ((name, translate(locale, ACTIONS.get(name, name))) for name in known)
    return [("", translate(locale, "All")), *sorted(told, key=lambda one: one[1])]
