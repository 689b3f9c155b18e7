"""Taking up past cases beside the console: asked for by a button, done after the answer, with its progress told."""

import threading
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.background import BackgroundTask

from tiffin.capabilities.policies.pages.shown import found_on
from tiffin.capabilities.policies.pages.where import where_of
from tiffin.capabilities.policies.service.history import gather, history_of
from tiffin.kernel.errors import Forbidden, NotFound, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}/gathering")

_under_way: dict[tuple[Path, str], float] = {}
"""Share that is done of each gathering of this process, by workspace and policy."""
_failed: dict[tuple[Path, str], str] = {}
"""Why the last gathering of a policy came to nothing."""
_noting = threading.Lock()


@router.get("")
def show_gathering(request: Request, context: ContextDep, name: str) -> HTMLResponse:
    """Show how many past cases there are, or how far their gathering is."""
    key = (context.workspace.root, name)
    found, _ = found_on(context, name, where_of(context))
    may_gather = _may_gather(context) and found is not None and bool(found.stated.cases)
    history = None
    if found is not None and may_gather:
        with suppress(NotFound):
            history = history_of(context, found)
    return page(
        request,
        context,
        "policies/gathering.html",
        name=name,
        history=history,
        share=_under_way.get(key),
        failure=_failed.get(key, ""),
        may_gather=may_gather,
    )


@router.post("")
def begin(context: ContextDep, name: str) -> RedirectResponse:
    """Begin to take up cases, once the answer has gone out; one at a time of each policy.

    Raises
    ------
    Forbidden
        The actor is no analyst or steward over everything.
    """
    if not _may_gather(context):
        raise Forbidden(
            Message(
                "Past cases are gathered by analysts and stewards over all cities; {name} is neither.",
                name=context.actor.name,
            )
        )
    answer = RedirectResponse(f"/policies/{name}/backtest", status_code=HTTPStatus.SEE_OTHER)
    key = (context.workspace.root, name)
    with _noting:
        if key not in _under_way:
            _under_way[key] = 0.0
            answer.background = BackgroundTask(_gather, key, context.actor.name)
    return answer


def _may_gather(context: Context) -> bool:
    return context.actor.has_role_everywhere(Role.STEWARD, Role.ANALYST)


def _gather(key: tuple[Path, str], user: str) -> None:
    root, name = key

    def note(share: float) -> None:
        _under_way[key] = share

    _failed.pop(key, None)
    try:
        with open_context(root, user=user) as context:
            gather(context, name, note)
    except TiffinError as error:
        _failed[key] = error.said
    finally:
        _under_way.pop(key, None)
