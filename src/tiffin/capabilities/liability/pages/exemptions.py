"""Exemptions in a browser: what holds where, what is declared, and what was ended before its time."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.exemption_listing import (
    SHOWN,
    ExemptionCity,
    Held,
    exemption_cities,
    exemption_city,
    list_exemptions,
)
from tiffin.capabilities.liability.service.exemption_rules import rules_on
from tiffin.capabilities.liability.service.exemption_words import SCOPES
from tiffin.capabilities.liability.service.exemptions import NewExemption, declare, end
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

HELD = {Held.NOW: mark("Holds now"), Held.LATER: mark("Holds later"), Held.OVER: mark("Over")}
TONES = {Held.NOW: "good", Held.LATER: "warn", Held.OVER: ""}
REFUSALS = (InvalidData, Forbidden, Conflict)


class Typed:
    """What somebody typed to declare an exemption; a refusal shows it again."""

    def __init__(
        self,
        city: Annotated[str, Form()],
        circumstance: Annotated[Circumstance, Form()],
        scope: Annotated[Scope, Form()],
        starts: Annotated[str, Form()],
        ends: Annotated[str, Form()],
        reference: Annotated[str, Form(max_length=128)] = "",
        scope_id: Annotated[str, Form(max_length=128)] = "",
    ) -> None:
        self.city, self.circumstance, self.scope = city, circumstance, scope
        self.starts, self.ends, self.reference, self.scope_id = starts, ends, reference, scope_id

    def told(self, city: ExemptionCity) -> NewExemption:
        """Give it as the service takes it; times are those of the city's clock."""
        return NewExemption(
            circumstance=self.circumstance,
            scope=self.scope,
            scope_id=self.scope_id.strip(),
            starts_at=city.read_time(self.starts),
            ends_at=city.read_time(self.ends),
            reference=self.reference.strip(),
        )


@router.get("/liability/exemptions")
def show_exemptions(request: Request, context: ContextDep, held: str = "", city: str = "") -> Response:
    """Show what is declared in the cities that the reader sees, last begun first."""
    return _page(request, context, held=held, city=city)


@router.post("/liability/exemptions")
def declare_exemption(request: Request, context: ContextDep, typed: Annotated[Typed, Depends()]) -> Response:
    """Declare one; a refusal says why and keeps what was typed."""
    try:
        declare(context, typed.city, typed.told(exemption_city(context, typed.city)))
    except REFUSALS as refusal:
        return _page(request, context, typed=typed, refusal=refusal)
    return RedirectResponse("/liability/exemptions", HTTPStatus.SEE_OTHER)


@router.post("/liability/exemptions/{exemption_id}/end")
def end_exemption(request: Request, context: ContextDep, exemption_id: int) -> Response:
    """End one now; what happened while it held stays exempt."""
    try:
        end(context, exemption_id)
    except REFUSALS as refusal:
        return _page(request, context, refusal=refusal)
    return RedirectResponse("/liability/exemptions", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    context: Context,
    *,
    held: str = "",
    city: str = "",
    typed: Typed | None = None,
    refusal: TiffinError | None = None,
) -> Response:
    locale, cities = context.locale, exemption_cities(context)
    wanted = Held(held) if held in set(Held) else None
    return page(
        request,
        context,
        "liability/exemptions.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        tabs=TABS,
        refused=translate(locale, refusal.said) if refusal else "",
        typed=typed,
        found=list_exemptions(context, city_id=city, held=wanted),
        most=SHOWN,
        cities=[(one.city_id, translate(locale, one.name)) for one in cities],
        own=[(one.city_id, translate(locale, one.name)) for one in cities if one.is_own],
        city=city,
        held=held,
        **_words(context),
    )


def _words(context: Context) -> Mapping[str, Any]:
    locale, rules = context.locale, rules_on(context.workspace, context.now.date())
    return {
        "choices": [
            ("", translate(locale, mark("All"))),
            *((one, translate(locale, text)) for one, text in HELD.items()),
        ],
        "circumstances": [(one, value_name(one, locale)) for one in rules],
        "rules": [
            (
                value_name(one, locale),
                int(rule.most.total_seconds() // 3600),
                [value_name(party, locale) for party in sorted(rule.exempts)],
            )
            for one, rule in rules.items()
        ],
        "scopes": [(one, translate(locale, text)) for one, text in SCOPES.items()],
        "scope_of": lambda one: translate(locale, SCOPES[one]),
        "circumstance_of": lambda one: value_name(one, locale),
        "held_of": lambda one: translate(locale, HELD[one]),
        "tones": TONES,
    }
