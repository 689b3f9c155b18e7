"""The page of links: who is told what happens, who tells us, and what is on its way, arrived or given up."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.service.domain.messages import Audience, Kind
from tiffin.capabilities.service.domain.retrying import State
from tiffin.capabilities.service.service import replaying
from tiffin.capabilities.service.service.receivers import (
    NewReceiver,
    add_receiver,
    change_secret,
    list_receivers,
    switch,
)
from tiffin.capabilities.service.service.senders import add_sender, last_heard, list_senders, switch_sender
from tiffin.capabilities.service.service.words import word
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page
from tiffin.web.paging import Page

router = APIRouter(include_in_schema=False)

SHOWN = 50
PageNumber = Annotated[int, Query(alias="page", ge=1)]


@router.get("/links")
def show_links(
    request: Request, context: ContextDep, receiver: str = "", state: str = "", page_number: PageNumber = 1
) -> Response:
    """Show receivers, senders and the newest deliveries."""
    return _links(request, context, receiver=receiver, state=state, number=page_number)


@router.post("/links/receivers")
def register(request: Request, context: ContextDep, said: Said) -> Response:
    """Register a receiver, and show its secret this once."""
    try:
        audience = Audience(said.get("audience", Audience.CUSTOMER_SERVICE))
        kinds = [one for one in Kind if said.get(f"kind-{one.value}")]
        new = NewReceiver(
            name=said.get("name", ""),
            url=said.get("url", ""),
            audience=audience,
            countries=said.get("countries", "*").replace(",", " ").split() or ["*"],
            merchant_id=said.get("merchant") or None,
            kinds=kinds,
        )
        made, secret = add_receiver(context, new)
    except (WrongUse, Conflict, ValueError) as refusal:
        return _links(request, context, refused=_told(refusal), said=said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _links(request, context, secret=(made.name, secret))


@router.post("/links/receivers/{name}")
def act_on_receiver(request: Request, context: ContextDep, name: str, action: Annotated[str, Form()]) -> Response:
    """Test a receiver, change its secret, or switch it on or off."""
    if action == "rotate":
        return _links(request, context, secret=(name, change_secret(context, name)))
    if action == "test":
        replaying.send_test(context, name)
    elif action in ("on", "off"):
        switch(context, name, on=action == "on")
    return RedirectResponse("/links", HTTPStatus.SEE_OTHER)


@router.post("/links/senders")
def let_in(request: Request, context: ContextDep, said: Said) -> Response:
    """Let a system tell us things as an account, and show its secret this once."""
    name = said.get("name", "")
    try:
        secret = add_sender(context, name, said.get("account", ""))
    except (WrongUse, Conflict, NotFound) as refusal:
        return _links(request, context, refused=_told(refusal), said=said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _links(request, context, secret=(name, secret))


@router.post("/links/senders/{name}")
def act_on_sender(context: ContextDep, name: str, action: Annotated[str, Form()]) -> Response:
    """Switch a sender on or off."""
    switch_sender(context, name, on=action == "on")
    return RedirectResponse("/links", HTTPStatus.SEE_OTHER)


@router.post("/links/deliveries/{delivery_id}")
def send_again(context: ContextDep, delivery_id: int) -> Response:
    """Let a delivery be tried again."""
    replaying.send_again(context, delivery_id)
    return RedirectResponse("/links#deliveries", HTTPStatus.SEE_OTHER)


def _links(  # noqa: PLR0913 - what is chosen, and what is told of the last act
    request: Request,
    context: Context,
    *,
    receiver: str = "",
    state: str = "",
    number: int = 1,
    refused: str | Message = "",
    secret: tuple[str, str] | None = None,
    said: Any = None,
    status: int = HTTPStatus.OK,
) -> Response:
    known = State(state) if state in {one.value for one in State} else None
    total = replaying.count_deliveries(context, receiver=receiver or None, state=known)
    number = min(number, max(1, -(-total // SHOWN)))
    rows = replaying.list_deliveries(
        context, receiver=receiver or None, state=known, limit=SHOWN, offset=(number - 1) * SHOWN
    )
    receivers = list_receivers(context)
    return page(
        request,
        context,
        "service/links.html",
        status=status,
        receivers=receivers,
        health=replaying.health_of(context),
        senders=list_senders(context),
        heard=last_heard(context),
        found=Page(rows, number, SHOWN, total),
        filters={"receiver": receiver, "state": state},
        choices=_choices(context.locale, [one.name for one in receivers]),
        kinds=list(Kind)[:-1],
        audiences=list(Audience),
        refused=refused,
        secret=secret,
        said=said or {},
        word=lambda name: word(name, context.locale),
    )


def _choices(locale: str, names: list[str]) -> dict[str, list[tuple[str, str]]]:
    return {
        "receiver": [("", word("all", locale)), *((name, name) for name in names)],
        "state": [("", word("all", locale)), *((one.value, word(one.value, locale)) for one in State)],
    }


def _told(refusal: Exception) -> str | Message:
    return refusal.said if isinstance(refusal, WrongUse | Conflict | NotFound) else str(refusal)
