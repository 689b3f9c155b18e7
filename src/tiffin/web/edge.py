"""The console's edge: one request is one unit of work, done by whoever is signed in, in the language he reads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from tiffin.kernel.errors import Forbidden, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit
from tiffin.runtime.edge import open_unit
from tiffin.runtime.i18n import LOCALES, RIDER_LOCALES, preferred_locale
from tiffin.runtime.sessions import session_actor
from tiffin.runtime.tokens import token_actor
from tiffin.runtime.workspace import Workspace
from tiffin.web.viewing import note_shown

SESSION_COOKIE = "tiffin_session"
LOCALE_COOKIE = "tiffin_locale"
THEME_COOKIE = "tiffin_theme"
THEMES = ("auto", "light", "dark")
OWN_AFFAIRS = "/me"
"""Where riders, merchants and customers see what concerns them."""

NOT_FOR_PARTIES = Message("This page is for people who work here. What concerns you is on your own page.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; ``label`` is a message to translate, ``icon`` a symbol of ``icons.svg``."""

    label: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True)
class Console:
    """What the composition hands to the pages, since pages know no other capability.

    Parameters
    ----------
    is_simulated : callable
        Tells whether any fact that the actor may see comes from the simulated marketplace.
    uses_kept_days : callable or None
        Tells for how many days it is kept who used what; None keeps it for ever.
    """

    workspace: Workspace
    is_simulated: Callable[[Context], bool]
    menu: tuple[Entry, ...] = ()
    uses_kept_days: Callable[[date], int] | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def console_of(request: Request) -> Console:
    """Give the console that a request came to."""
    console: Console = request.app.state.console
    return console


def bearer_of(request: Request) -> str | None:
    """Give the access token that a program shows (``Authorization: Bearer …``, RFC 6750)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def locale_of(request: Request) -> str:
    """Choose the language: what was chosen in the menu, else what the browser asks for."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    return chosen if chosen in LOCALES else preferred_locale(request.headers.get("accept-language", ""))


def own_locale_of(request: Request) -> str:
    """Choose the language of riders, merchants and customers, of whom more languages are spoken to."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    if chosen in RIDER_LOCALES:
        return chosen
    return preferred_locale(request.headers.get("accept-language", ""), RIDER_LOCALES)


def theme_of(request: Request) -> str:
    """Tell which theme was chosen; ``auto`` follows the system."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else "auto"


def request_context(request: Request) -> Iterator[Context]:
    """Open the unit of work of one request of somebody who works here.

    Raises
    ------
    SignInNeeded
        Nobody is signed in, and no live token is shown.
    Forbidden
        The account is a rider's, a merchant's or a customer's: no page is open to them that does not say so.
    """
    with _request_of(request) as context:
        if context.actor.party is not None:
            raise Forbidden(NOT_FOR_PARTIES)
        yield context


opened_context = contextmanager(request_context)
"""The same unit of work, opened within a handler: what is asked thousands of times a minute then goes to a thread once
instead of three times, to open, to answer and to close."""


def own_context(request: Request) -> Iterator[Context]:
    """Open the unit of work of one request of anybody who is signed in, riders, merchants and customers too.

    Raises
    ------
    SignInNeeded
        Nobody is signed in, and no live token is shown.
    """
    with _request_of(request) as context:
        yield context


def request_locale_of(request: Request, actor: Actor | None) -> str:
    """Choose the language for whoever asks: riders, merchants and customers have more of them."""
    return own_locale_of(request) if actor and actor.party else locale_of(request)


@contextmanager
def _request_of(request: Request) -> Iterator[Context]:
    with _unit_of(request) as context:
        request.state.actor = context.actor
        begun = perf_counter()
        yield replace(context, locale=request_locale_of(request, context.actor))
        took = (perf_counter() - begun) * 1000
        note_shown(request, context, milliseconds=took, kept_days=console_of(request).uses_kept_days)


def reader_of(request: Request, *, may_ask: bool) -> Actor | None:
    """Tell who is signed in while something fails; None where that fails as well.

    Parameters
    ----------
    may_ask : bool
        Whether the database may be asked where the request had not come so far.
    """
    if hasattr(request.state, "actor"):
        found: Actor = request.state.actor
        return found
    if not may_ask or SESSION_COOKIE not in request.cookies:
        return None
    try:
        with _unit_of(request) as context:
            return context.actor
    except (TiffinError, SQLAlchemyError):
        return None


def _unit_of(request: Request) -> AbstractContextManager[Context]:
    now = console_of(request).clock()
    cookie, bearer = request.cookies.get(SESSION_COOKIE), bearer_of(request)

    def sign_in(unit: Unit) -> Actor:
        session = unit.session
        return token_actor(session, bearer, now=now) if bearer else session_actor(session, cookie, now=now)

    asked = f"{request.method} {request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    return open_unit(console_of(request).workspace, sign_in, now=now, locale=locale_of(request), doing=asked)


def visitor_context(request: Request) -> Iterator[Context]:
    """Open the unit of work of somebody who is not signed in and may do nothing but that."""
    console = console_of(request)
    with open_unit(
        console.workspace, lambda _: Actor("nobody"), now=console.clock(), locale=locale_of(request)
    ) as context:
        yield context


ContextDep = Annotated[Context, Depends(request_context, scope="function")]
"""The unit of work of a page or an API call; it is committed before the answer goes out."""

OwnContextDep = Annotated[Context, Depends(own_context, scope="function")]
"""The unit of work of a page for riders, merchants and customers, who see there what concerns them alone."""

VisitorDep = Annotated[Context, Depends(visitor_context, scope="function")]
"""The unit of work of the sign-in page."""


def no_parameters(request: Request, *names: str) -> Mapping[str, str]:
    """Give the query's parameters without some of them, for links that change one thing and keep the rest."""
    return {key: value for key, value in request.query_params.items() if key not in names and value}
