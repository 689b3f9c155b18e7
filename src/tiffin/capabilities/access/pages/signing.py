"""Signing in and out in a browser."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.access import service
from tiffin.runtime.actor import SignInNeeded
from tiffin.runtime.context import Context
from tiffin.runtime.sessions import SESSION_LIFE
from tiffin.runtime.settings import settings
from tiffin.web.edge import LOCALE_COOKIE, OWN_AFFAIRS, SESSION_COOKIE, OwnContextDep, VisitorDep
from tiffin.web.own import is_own
from tiffin.web.page import YEAR_S, open_page, own_path

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the usual name in an address
    """Show the form."""
    return open_page(request, "access/sign_in.html", target=own_path(next), refused="", name="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    context: VisitorDep,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the usual name in a form
) -> Response:
    """Sign in with a name and a password; a refusal shows the form again and says why."""
    try:
        token = service.sign_in(context, name, password)
    except SignInNeeded as refusal:
        status = HTTPStatus.UNAUTHORIZED
        said = {"target": own_path(next), "refused": refusal.said, "name": name}
        return open_page(request, "access/sign_in.html", status=status, **said)
    return _signed_in(context, token, own_path(next))


@router.get("/sign-in/{token}")
def follow_link(request: Request, token: str, context: VisitorDep) -> Response:
    """Sign in with a one-time link; one that no longer works shows the form and says why."""
    try:
        session_token = service.follow_sign_in_link(context, token)
    except SignInNeeded as refusal:
        said = {"target": "/", "refused": refusal.said, "name": ""}
        return open_page(request, "access/sign_in.html", status=HTTPStatus.UNAUTHORIZED, **said)
    return _signed_in(context, session_token, "/")


@router.post("/sign-out")
def sign_out(request: Request, context: OwnContextDep) -> Response:
    """End the session of this browser."""
    service.sign_out(context, request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _signed_in(context: Context, token: str, target: str) -> Response:
    """Lead to what was asked for; a rider, merchant or customer to his own page, in his language."""
    own_locale = service.own_locale(context, token)
    if own_locale is None:
        return _with_session(token, target)
    response = _with_session(token, target if is_own(target) else OWN_AFFAIRS)
    response.set_cookie(LOCALE_COOKIE, own_locale, max_age=YEAR_S, samesite="lax", httponly=True)
    return response


def _with_session(token: str, target: str) -> Response:
    response = RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=(settings().public_url or "").startswith("https://"),
    )
    return response
