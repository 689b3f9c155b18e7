"""The pages on which people see their access, ask for more, and decide on what others ask for."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from markupsafe import Markup

from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.requesting import ASKABLE, Ask, Surroundings
from tiffin.capabilities.access.pages.framing import framed, went_to
from tiffin.capabilities.access.service import emergencies, requests
from tiffin.capabilities.access.service.granting import read_grant
from tiffin.capabilities.access.service.rules import term_rules
from tiffin.capabilities.access.service.surroundings import asset_of_page
from tiffin.kernel.errors import Conflict, InvalidData, WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_percent, mark, translate
from tiffin.web.charts.bar import bar_chart
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Series
from tiffin.web.edge import ContextDep

router = APIRouter(include_in_schema=False)

YEAR_DAYS = 365
USUAL_DAYS = 90
DAYS_WRONG = mark("The number of days is a whole number of 1 or more. Mend it and try again.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a form of asking says, as it was typed."""

    purpose: str = ""
    asset: str = ""
    countries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    days: str = str(USUAL_DAYS)
    role: str = Role.VIEWER.value
    rows: str = ""
    masked: tuple[str, ...] = ()
    only: bool = False

    def ask(self) -> Ask:
        """Read it.

        Raises
        ------
        WrongUse
            The number of days is none, or the role is unknown.
        InvalidData
            Rows or classes cannot be read.
        """
        if not self.days.isdecimal() or self.role not in {*Role}:
            raise WrongUse(DAYS_WRONG)
        assets = (self.asset.strip(),) if self.only else ()
        limits = Limits(tuple(self.rows.split()), self.opens, masked=self.masked, assets=assets)
        grant = read_grant(Role(self.role), countries=self.countries, cities=self.cities, limits=limits)
        return Ask(grant, self.purpose, int(self.days), self.asset.strip())


async def said_in_form(request: Request) -> Said:
    """Give what a form says."""
    form = await request.form()

    def text(name: str, otherwise: str = "") -> str:
        return str(form.get(name) or otherwise)

    def many(name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in form.getlist(name))

    return Said(
        text("purpose"),
        text("asset"),
        many("countries"),
        many("cities"),
        many("opens"),
        text("days", str(USUAL_DAYS)).strip(),
        text("role", Role.VIEWER.value),
        text("rows"),
        many("masked"),
        bool(text("only")),
    )


SaidDep = Annotated[Said, Depends(said_in_form)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address wants the form to be filled with."""

    asset: str = ""
    city: str = ""
    country: str = ""
    page: str = ""
    request: int | None = None
    again: int | None = None


@router.get("/access")
def show_mine(request: Request, context: ContextDep) -> Response:
    """Show what the reader may see, until when and why."""
    return mine(request, context)


def mine(request: Request, context: Context, *, refused: str = "", status: int = HTTPStatus.OK) -> Response:
    """Draw the page of one's own access."""
    rule = term_rules(context).emergency
    return framed(
        request,
        context,
        "mine.html",
        status=status,
        refused=refused,
        grants=requests.my_grants(context),
        asked=requests.my_requests(context),
        may_open=context.actor.has_role(*rule.roles),
        hours=rule.hours,
    )


@router.get("/access/ask")
def show_ask(request: Request, context: ContextDep, wanted: Annotated[Wanted, Depends()]) -> Response:
    """Show the form, filled with what a page refused or an earlier request said."""
    return framed(request, context, "ask.html", said=_prefilled(context, wanted), askable=ASKABLE)


@router.post("/access/ask")
def ask(request: Request, context: ContextDep, said: SaidDep) -> Response:
    """Ask; a refusal shows the form again and says why."""
    try:
        made = requests.ask_for(context, said.ask())
    except (InvalidData, Conflict, WrongUse) as refusal:
        return framed(
            request,
            context,
            "ask.html",
            status=int(refusal.http_status),
            refused=refusal.said,
            said=said,
            askable=ASKABLE,
        )
    return went_to(f"/access/requests/{made.request_id}")


@router.get("/access/requests")
def show_queue(request: Request, context: ContextDep) -> Response:
    """Show what waits for the reader's decision."""
    return framed(
        request,
        context,
        "requests.html",
        waiting=requests.waiting_requests(context),
        decided=requests.decided_requests(context, limit=50),
        emergencies=[one for one in emergencies.list_emergencies(context) if one.may_review],
    )


@router.get("/access/requests/{request_id}")
def show_request(request: Request, context: ContextDep, request_id: int) -> Response:
    """Show one request."""
    return _request_page(request, context, request_id)


@router.post("/access/requests/{request_id}")
def decide(
    request: Request,
    context: ContextDep,
    request_id: int,
    decision: Annotated[str, Form()],
    said: SaidDep,
    version: Annotated[int | None, Form()] = None,
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decide on a request; a refusal shows it again as it stands now, and says why."""
    try:
        _decide(context, request_id, decision, said, note, version)
    except (Conflict, WrongUse, InvalidData) as refusal:
        return _request_page(request, context, request_id, refused=refusal.said, status=int(refusal.http_status))
    return went_to("/access" if decision == "withdraw" else f"/access/requests/{request_id}")


def _decide(context: Context, request_id: int, decision: str, said: Said, note: str, version: int | None) -> None:
    if decision == "withdraw":
        requests.withdraw(context, request_id)
    elif decision == "refuse":
        requests.refuse(context, request_id, note, version=version)
    elif decision == "as_asked":
        requests.approve(context, request_id, note=note, version=version)
    elif decision == "least":
        least = requests.assess(context, request_id).least
        requests.approve(context, request_id, least, note=note, version=version)
    else:
        asked, less = requests.show_request(context, request_id).ask, replace(said, only=False).ask()
        grant = replace(asked.grant, countries=less.grant.countries, cities=less.grant.cities, opens=less.grant.opened)
        grant = replace(grant, masked=less.grant.masked)
        if said.only:
            alone = requests.assess(context, request_id).least.grant.assets
            grant = replace(grant, role=Role.VIEWER, assets=alone)
        requests.approve(context, request_id, replace(asked, grant=grant, days=less.days), note=note, version=version)


def _request_page(
    request: Request, context: Context, request_id: int, *, refused: str = "", status: int = HTTPStatus.OK
) -> Response:
    one = requests.show_request(context, request_id)
    is_mine = one.requester == context.actor.name
    told = None if is_mine else requests.assess(context, request_id)
    picture = _picture(one.ask, told, context.locale) if told else ""
    return framed(
        request,
        context,
        "request.html",
        status=status,
        refused=refused,
        one=one,
        mine=is_mine,
        told=told,
        picture=picture,
    )


def _picture(ask: Ask, told: requests.Assessment, locale: str) -> Markup:
    """Draw how much of everything is open now, with the least granted, and with what is asked."""
    parts = (mark("Cities"), mark("Guarded columns"), mark("Days of a year"))
    now = _shares(told.around.cities_now, told.held, 0, told.around)
    least = _shares(told.around_least.cities_after, (*told.held, told.least.grant), told.least.days, told.around)
    asked = _shares(told.around.cities_after, (*told.held, ask.grant), ask.days, told.around)
    series = [
        Series(translate(locale, mark("Has now")), now),
        Series(translate(locale, mark("The least that does it")), least),
        Series(translate(locale, mark("Asked for")), asked),
    ]
    caption = Caption(translate(locale, mark("How much of everything would be open")))
    return bar_chart(
        [translate(locale, part) for part in parts],
        series,
        caption=caption,
        locale=locale,
        show=lambda value: format_percent(value, locale),
        height=190.0,
    )


def _shares(cities: int, grants: tuple[Grant, ...], days: int, around: Surroundings) -> tuple[float, ...]:
    opened = {name for grant in grants if not grant.assets for name in grant.opened}
    columns = sum(count for name, count in around.columns.items() if name in opened)
    everything = sum(around.columns.values())
    return (cities / max(around.cities_all, 1), columns / max(everything, 1), min(days / YEAR_DAYS, 1.0))


def _prefilled(context: Context, wanted: Wanted) -> Said:
    if wanted.request is not None:
        return _of_ask(requests.show_request(context, wanted.request).ask)
    again = [one for one in requests.my_grants(context) if one.grant_id == wanted.again]
    if again:
        held = again[0]
        rows, masked = tuple(held.rows.items()), tuple(held.masks)
        grant = Grant(Role(held.role), held.countries, held.cities, rows, held.opens, 1, masked, held.assets)
        return _of_ask(Ask(grant, held.purpose, USUAL_DAYS, _shown_asset(held.assets)))
    asset, city = asset_of_page(wanted.page)
    cities = tuple(name for name in (wanted.city or city,) if name)
    return Said(asset=wanted.asset or asset, cities=cities, countries=tuple(c for c in (wanted.country,) if c))


def _of_ask(ask: Ask) -> Said:
    grant = ask.grant
    rows = "\n".join(f"{name}={value}" for name, values in grant.rows for value in values)
    opens = tuple(name.value for name in grant.opened)
    role = grant.role.value if grant.role in ASKABLE else Role.VIEWER.value
    said = Said(ask.purpose, ask.asset, grant.countries, grant.cities, opens, str(ask.days), role, rows)
    return replace(said, masked=tuple(name.value for name in grant.masked), only=bool(grant.assets))


def _shown_asset(assets: tuple[str, ...]) -> str:
    """Give the asset with which others were granted: what shows metrics, or the first of them."""
    return next((one for one in assets if not one.startswith("metric:")), assets[0] if assets else "")
