"""Signals in a browser: what is asked about a day, why, and who hangs together, by pseudonym alone."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from tiffin.capabilities.liability.domain.signals import Graph
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service import signals
from tiffin.capabilities.liability.service.quality_words import ASKS
from tiffin.engines.claim_graphs.claims import Side
from tiffin.engines.claim_graphs.rings import Ring
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, mark, translate
from tiffin.web.charts.circle import Dot, circle_chart
from tiffin.web.charts.figure import Caption, Key
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

MOST_RINGS = 6
_SIDES = {Side.CUSTOMER: mark("Customer"), Side.RIDER: mark("Rider"), Side.MERCHANT: mark("Merchant")}
_CSS = {Side.CUSTOMER: "s1", Side.RIDER: "s2", Side.MERCHANT: "s3"}
_SHORT = 8
"""Last letters of a pseudonym, which tell members of one ring apart."""


@router.get("/liability/signals")
def show_signals(request: Request, context: ContextDep, city: str = "", day: str = "") -> Response:
    """Show what is asked about the orders of a day: of the first city and its last day, unless said otherwise."""
    cities = signals.signal_cities(context)
    chosen = next((one for one in cities if one.city_id == city), cities[0] if cities and not city else None)
    found = None
    if chosen is not None or city:
        on = read_day(day) if day else chosen.last if chosen else date.min
        found = signals.signals_of_day(context, city or (chosen.city_id if chosen else ""), on)
    return page(
        request,
        context,
        "liability/signals.html",
        tabs=TABS,
        cities=[(one.city_id, one.name) for one in cities],
        city=found.city_id if found else "",
        found=found,
        asks=ASKS,
        told=lambda one: signals.told(context, one),
        rings=_rings(context, found.graph) if found else (),
    )


def _rings(context: Context, graph: Graph) -> Sequence[Markup]:
    return [_ring(context, graph, one, number) for number, one in enumerate(graph.rings[:MOST_RINGS], start=1)]


def _ring(context: Context, graph: Graph, ring: Ring, number: int) -> Markup:
    locale = context.locale
    at = {member: place for place, member in enumerate(ring.members)}
    dots = [Dot(graph.names[side][which][-_SHORT:], _CSS[side]) for side, which in ring.members]
    caption = Caption(
        translate(locale, "Ring {number}: {claims} claims", number=number, claims=format_number(ring.claims, locale)),
        translate(locale, "Customers whose claims are more than chance, with the riders and merchants they share."),
    )
    return circle_chart(
        dots,
        [(at[one.first], at[one.second], one.claims) for one in ring.links],
        caption=caption,
        columns=(translate(locale, "Customer"), translate(locale, "Rider or merchant"), translate(locale, "Claims")),
        keys=[Key(translate(locale, text), _CSS[side]) for side, text in _SIDES.items()],
        locale=locale,
    )
