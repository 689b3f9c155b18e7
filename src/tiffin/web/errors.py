"""Failures over HTTP: an expected one becomes a page that says what to do, or, for a program, a problem document.

References
----------
RFC 9457, Problem Details for HTTP APIs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from tiffin.kernel.errors import (
    Conflict,
    FailedCheck,
    Forbidden,
    Infeasible,
    InvalidData,
    InvalidDefinition,
    NotFound,
    TiffinError,
    Unavailable,
    WrongUse,
)
from tiffin.runtime.actor import SignInNeeded
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import request_locale_of
from tiffin.web.headers import HEADERS


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure in words; heading and text are messages to translate, the values fill the text's placeholders."""

    status: int
    heading: str
    said: str
    values: Mapping[str, str] = field(default_factory=dict)


ErrorPage = Callable[[Request, Explanation], Response]
"""Draws the page of a failure."""

HEADINGS: dict[type[TiffinError], str] = {
    NotFound: mark("There is nothing here"),
    Forbidden: mark("This is not open to you"),
    Conflict: mark("It has changed meanwhile"),
    WrongUse: mark("The request makes no sense"),
    InvalidDefinition: mark("A definition needs mending"),
    InvalidData: mark("These facts cannot be right"),
    FailedCheck: mark("A check found something wrong"),
    Infeasible: mark("Nothing satisfies all conditions"),
    Unavailable: mark("A part of the platform does not answer"),
}
BROKEN = mark("Something broke here")
BROKEN_SAID = mark(
    "The fault is ours, not yours. It is in the log; try again, and tell your administrator if it stays."
)
NO_SUCH_PAGE = mark("No page has this address. The menu leads to every page there is.")
NOT_UNDERSTOOD = mark("The address or the form holds a value that this page cannot read: {fields}.")


def install_error_pages(app: FastAPI, page: ErrorPage) -> None:
    """Answer every failure of the application in the form that the caller reads."""

    async def expected(request: Request, error: Exception) -> Response:
        # Who reads may have to be asked of the database, for which no other request waits.
        answer = await run_in_threadpool(answer_to, request, error, page)
        # The answer to a bug is made outside the guard that puts these on every other answer.
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    for kind in (TiffinError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, expected)


def answer_to(request: Request, error: Exception, page: ErrorPage) -> Response:
    """Turn a failure into a response: a program gets JSON, somebody not signed in the sign-in page, a person a page."""
    found = explained(error)
    if for_programs(request):
        locale = request_locale_of(request, getattr(request.state, "actor", None))
        return problem(found.status, translate(locale, found.heading), translate(locale, found.said, **found.values))
    if isinstance(error, SignInNeeded):
        target = target_of(request) if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(target)}", status_code=HTTPStatus.SEE_OTHER)
    return page(request, found)


def explained(error: Exception) -> Explanation:
    """Tell a failure's HTTP status, heading and message; the message of a bug stays in the log."""
    if isinstance(error, TiffinError):
        heading = next((HEADINGS[kind] for kind in type(error).__mro__ if kind in HEADINGS), BROKEN)
        return Explanation(int(error.http_status), heading, error.said)
    if isinstance(error, RequestValidationError):
        fields = ", ".join(str(fault["loc"][-1]) for fault in error.errors())
        return Explanation(int(HTTPStatus.BAD_REQUEST), HEADINGS[WrongUse], NOT_UNDERSTOOD, {"fields": fields})
    if isinstance(error, HTTPException):
        nowhere = error.status_code == HTTPStatus.NOT_FOUND
        said = NO_SUCH_PAGE if nowhere else HTTPStatus(error.status_code).description
        return Explanation(error.status_code, HEADINGS[NotFound] if nowhere else HEADINGS[WrongUse], said)
    return Explanation(int(HTTPStatus.INTERNAL_SERVER_ERROR), BROKEN, BROKEN_SAID)


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """Write a problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def for_programs(request: Request) -> bool:
    """Tell whether a program asked: under ``/api``, or whoever accepts JSON and no HTML."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accepted and "html" not in accepted)


def target_of(request: Request) -> str:
    """Give the path and query that were asked for."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
