"""Asking for access and deciding on it: each request is a case with a clock and a trail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from tiffin.capabilities.access.domain.accounts import GrantView
from tiffin.capabilities.access.domain.requesting import (
    Ask,
    Risk,
    Surroundings,
    check_ask,
    is_open_already,
    is_within,
    may_decide,
    risk_of,
    smallest,
)
from tiffin.capabilities.access.domain.terms import Terms, cleaned_purpose
from tiffin.capabilities.access.service.granting import find_row, give, grant_view, grants_of, masks_for
from tiffin.capabilities.access.service.rules import term_rules
from tiffin.capabilities.access.service.surroundings import (
    all_alone,
    alone,
    classes_needed,
    countries_of_cities,
    held_by,
    owner_of,
    surroundings,
)
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.access_cases import ACCESS_REQUEST
from tiffin.capabilities.cases.domain.case import CaseDetail, NewCase, TrailEntry
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Grant
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.teams import is_of

HEADLINE = mark("{who} asks for access: {purpose}")
HALF = "half_agreed"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its requester and its deciders see it.

    Parameters
    ----------
    agreed : Ask or None
        What the first of two people agreed to.
    given : Ask or None
        What was granted in the end.
    reason : str
        Why it was refused.
    may_decide : bool
        Whether the reader may decide on it as it stands.
    needs_two : bool
        Whether a second person must agree.
    """

    request_id: int
    requester: str
    ask: Ask
    agreed: Ask | None
    given: Ask | None
    state: str
    version: int
    asked_at: datetime
    due_at: datetime | None
    is_overdue: bool
    reason: str
    may_decide: bool
    needs_two: bool
    trail: tuple[TrailEntry, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a decider is told of a request: what there is, what is asked, the least that does it, and the risk.

    Parameters
    ----------
    least : Ask
        The smallest grant that does what is asked for.
    owner : str
        Who answers for the asset, as the catalog says; empty where nobody is named.
    around, around_least : Surroundings
        What is open with the request, and with the least, granted.
    """

    held: tuple[Grant, ...]
    least: Ask
    is_least: bool
    is_open_already: bool
    owner: str
    risk: Risk
    around: Surroundings
    around_least: Surroundings
    usual_days: int


def ask_for(context: Context, ask: Ask) -> RequestView:
    """Ask for access, for oneself; the request waits for whoever may decide.

    Raises
    ------
    InvalidData
        It names no place or no purpose, or is for longer than the rules allow.
    Conflict
        The same waits already.
    WrongUse
        The asset is not named as assets are.
    """
    wanted = replace(ask, purpose=cleaned_purpose(ask.purpose))
    if wanted.asset:
        AssetId.parse(wanted.asset)
    if wanted.grant.assets:
        wanted = replace(wanted, grant=replace(wanted.grant, assets=all_alone(context, wanted.grant.assets)))
    check_ask(wanted)
    masks_for(context, wanted.grant)
    find_row(context.session, context.actor.name)
    longest = term_rules(context).longest(wanted.grant).days
    if wanted.days > longest:
        raise InvalidData(
            Message("What you ask for is granted for {days} days at most. Ask for less time, or less.", days=longest)
        )
    for waiting in my_requests(context, is_closed=False):
        if waiting.ask == wanted:
            raise Conflict(
                Message("You have asked for this already: request {number} waits.", number=waiting.request_id)
            )
    country, city = _place(wanted.grant)
    values = {"who": context.actor.name, "purpose": wanted.purpose, "ask": wanted.as_values()}
    new = NewCase(
        ACCESS_REQUEST.name, uuid4().hex, HEADLINE, values, country=country, city_id=city, subject=context.actor.name
    )
    made = cases.open_case(context, new)
    audit.record(context, action="access_requested", subject=str(made.case_id), details=wanted.as_values())
    return show_request(context, made.case_id)


def my_requests(context: Context, *, is_closed: bool | None = None) -> tuple[RequestView, ...]:
    """List what the actor asked for, newest first."""
    found = cases.guided_cases(context, ACCESS_REQUEST.name, subject=context.actor.name, is_closed=is_closed)
    return tuple(_view(context, one, {}) for one in sorted(found, key=lambda one: -one.summary.case_id))


def waiting_requests(context: Context) -> tuple[RequestView, ...]:
    """List the requests that wait for the actor, the most urgent first."""
    homes = countries_of_cities(context)
    found = cases.guided_cases(context, ACCESS_REQUEST.name)
    return tuple(view for view in (_view(context, one, homes) for one in found) if view.may_decide)


def decided_requests(context: Context, *, limit: int = 100) -> tuple[RequestView, ...]:
    """List the closed requests on which the actor could have decided, newest first."""
    homes = countries_of_cities(context)
    found = cases.guided_cases(context, ACCESS_REQUEST.name, is_closed=True, limit=limit)
    listed = ((one, Ask.from_values(one.values["ask"])) for one in found)
    return tuple(
        _view(context, one, {}) for one, ask in listed if may_decide(context.actor, _who(one), ask.grant, homes)
    )


def show_request(context: Context, request_id: int) -> RequestView:
    """Show a request to its requester and to whoever may decide on it.

    Raises
    ------
    NotFound
        There is no such request that the actor may see.
    """
    found = cases.guided_case(context, request_id)
    if found.summary.case_type == ACCESS_REQUEST.name:
        view = _view(context, found, countries_of_cities(context))
        if _who(found) == context.actor.name or _entitled(context, found, view.ask, countries_of_cities(context)):
            return view
    raise NotFound(Message("There is no request {number} that you may see.", number=request_id))


def assess(context: Context, request_id: int) -> Assessment:
    """Tell whoever decides what a request would change and risk, and the least that does it.

    Raises
    ------
    NotFound
        There is no such request that the actor may see.
    """
    view = show_request(context, request_id)
    held, rules = held_by(context, view.requester), term_rules(context)
    needed = classes_needed(context, view.ask.asset)
    usual = rules.usual(view.ask.grant).days
    least = smallest(view.ask, held, needed, usual_days=usual, alone=alone(context, view.ask.asset))
    around = surroundings(context, view.requester, view.ask, held)
    return Assessment(
        held=held,
        least=least,
        is_least=least == view.ask,
        is_open_already=is_open_already(view.ask, held),
        owner=owner_of(context, view.ask.asset),
        risk=risk_of(view.ask, around, usual_days=usual),
        around=around,
        around_least=surroundings(context, view.requester, least, held),
        usual_days=usual,
    )


def approve(
    context: Context, request_id: int, given: Ask | None = None, *, note: str = "", version: int | None = None
) -> RequestView:
    """Agree to a request, or to less of it; what tells of people is granted when a second person agrees too.

    Parameters
    ----------
    given : Ask or None
        What is given; None gives what was asked, or what the first person agreed to.
    version : int or None
        Version of the request that the actor saw when he decided.

    Raises
    ------
    NotFound
        There is no such request that the actor may see.
    Forbidden
        The actor asked himself, may not decide on it, or agreed to it before.
    Conflict
        Somebody else decided meanwhile.
    InvalidData
        What is given is more than what was asked or agreed to.
    """
    view = _decidable(context, request_id)
    base = view.agreed or view.ask
    settled = replace(given, purpose=base.purpose, asset=base.asset) if given else base
    if settled.grant.assets and not base.grant.assets:
        settled = replace(settled, grant=replace(settled.grant, assets=all_alone(context, settled.grant.assets)))
    check_ask(settled)
    if not is_within(settled, base):
        raise InvalidData(Message("What is given must lie within what was asked and agreed to. Give the same or less."))
    action = "grant"
    if view.state == HALF:
        action = "agree_too"
    elif term_rules(context).needs_two(settled.grant):
        action = "agree"
    values = {"given": settled.as_values(), "note": note.strip()}
    cases.act_as(context, request_id, action, values, role="approver", version=version)
    if action != "agree":
        _give(context, view, settled)
    return show_request(context, request_id)


def refuse(context: Context, request_id: int, reason: str, *, version: int | None = None) -> RequestView:
    """Refuse a request with a reason; it can be asked again.

    Raises
    ------
    NotFound
        There is no such request that the actor may see.
    Forbidden
        The actor may not decide on it.
    Conflict
        Somebody else decided meanwhile.
    WrongUse
        There is no reason.
    """
    _decidable(context, request_id)
    cases.act_as(context, request_id, "refuse", {"reason": reason.strip()}, role="approver", version=version)
    return show_request(context, request_id)


def withdraw(context: Context, request_id: int) -> RequestView:
    """Take one's own request back.

    Raises
    ------
    NotFound
        There is no such request of the actor.
    Conflict
        It is decided already.
    """
    view = show_request(context, request_id)
    if view.requester != context.actor.name:
        raise NotFound(Message("There is no request {number} of yours.", number=request_id))
    cases.act_as(context, request_id, "withdraw", {}, role="requester")
    return show_request(context, request_id)


def my_grants(context: Context) -> tuple[GrantView, ...]:
    """List what the actor is granted: what is in force first, then what has ended."""
    account = find_row(context.session, context.actor.name)
    listed = [grant_view(row, now=context.now) for row in grants_of(context, account)]
    return tuple(sorted(listed, key=lambda one: (one.state != "in force", one.expires_at)))


def _decidable(context: Context, request_id: int) -> RequestView:
    view = show_request(context, request_id)
    if view.requester == context.actor.name:
        raise Forbidden(Message("Nobody decides on what he asks for himself. It waits for somebody else."))
    return view


def _give(context: Context, view: RequestView, settled: Ask) -> None:
    until = context.now + timedelta(days=settled.days)
    terms = Terms(settled.purpose, until, context.actor.name, f"request:{view.request_id}")
    give(context, find_row(context.session, view.requester), settled.grant, terms)


def _view(context: Context, found: CaseDetail, homes: Mapping[str, str]) -> RequestView:
    one, ask = found.summary, Ask.from_values(found.values["ask"])
    said = {entry.action: entry for entry in found.trail}
    agreed = Ask.from_values(said["agree"].values["given"]) if "agree" in said else None
    last = said.get("agree_too") or said.get("grant")
    is_first = "agree" in said and said["agree"].actor == context.actor.name
    return RequestView(
        request_id=one.case_id,
        requester=_who(found),
        ask=ask,
        agreed=agreed,
        given=Ask.from_values(last.values["given"]) if last else None,
        state=one.state,
        version=one.version,
        asked_at=one.opened_at,
        due_at=one.due_at,
        is_overdue=one.is_overdue,
        reason=str(said["refuse"].values["reason"]) if "refuse" in said else "",
        may_decide=one.closed_at is None and not is_first and _entitled(context, found, agreed or ask, homes),
        needs_two=term_rules(context).needs_two(ask.grant),
        trail=found.trail,
    )


def _entitled(context: Context, found: CaseDetail, ask: Ask, homes: Mapping[str, str]) -> bool:
    if may_decide(context.actor, _who(found), ask.grant, homes):
        return True
    owns = bool(ask.asset) and is_of(context, owner_of(context, ask.asset))
    return owns and may_decide(context.actor, _who(found), ask.grant, homes, owns_asset=True)


def _who(found: CaseDetail) -> str:
    return found.summary.subject


def _place(grant: Grant) -> tuple[str | None, str | None]:
    """Give the one country or city of a request for the queue of cases; none where it is over several."""
    places = (*grant.countries, *grant.cities)
    if len(places) != 1 or EVERY in places:
        return None, None
    return (places[0], None) if grant.countries else (None, places[0])
