"""What journeys of liability begin from: incidents on orders of the marketplace, and parties with a telephone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page, ViewportSize
from tests.journeys.test_pages import barriers, overflow

from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.service.incidents import report
from tiffin.runtime.actor import Party
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context

PHONE: ViewportSize = {"width": 390, "height": 844}
CITIES = {"en": "riyadh", "ar": "sao-paulo"}
OPEN = {"is_confirmed": True, "seal": "open", "at_stake_minor": 9000}
"""An item is missing from a bag that came open: the table asks a person."""
SEALED = {"is_confirmed": True, "seal": "sealed", "at_stake_minor": 900}
"""An item is missing from a sealed bag: the table decides by itself, and its merchant answers."""
_OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


class Delivered(NamedTuple):
    """An order of the marketplace that arrived."""

    city_id: str
    order_id: str
    merchant_id: str
    rider_id: str


def delivered(workspace: Path, city_id: str, count: int, *, past: int = 0) -> list[Delivered]:
    """Give delivered orders of a city, each of another merchant; ``past`` leaves out those of other tests."""
    with open_context(workspace) as context:
        rows: list[dict[str, Any]] = context.warehouse.query_text(
            "SELECT city_id, order_id, merchant_id, rider_id FROM orders WHERE status = 'delivered'"
        ).to_pylist()
    of_merchant = {row["merchant_id"]: Delivered(**row) for row in rows if row["city_id"] == city_id}
    return [of_merchant[name] for name in sorted(of_merchant)][past : past + count]


def reported(context: Context, order: Delivered, **facts: Any) -> int:
    """Report an item missing from an order; gives the number of the case."""
    now = datetime.now(UTC)
    about = Incident(
        city_id=order.city_id,
        country="",
        order_id=order.order_id,
        incident=IncidentType.MISSING_ITEM,
        happened_at=now,
        business_date=date(2026, 2, 20),
        reported_at=now,
        reported_by="employee",
        facts=facts,
    )
    return report(context, about)


def as_party(context: Context, party: Party) -> Context:
    """Let somebody act on his own affairs."""
    return replace(context, actor=replace(context.actor, name=f"of-{party.party_id}", grants=(), party=party))


def on_the_phone(a_browser: Callable[..., Any], workspace: Path, party: Party, lang: str) -> Page:
    """Open the telephone of a rider, merchant or customer, who signs in by his link."""
    with open_context(workspace) as context:
        made = access.add_party(context, party, locale=lang)
        token = access.make_sign_in_link(context, made.name)
    page: Page = a_browser(lang).new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"/sign-in/{token}")
    return page


def bars_nobody(page: Page) -> None:
    """Hold a page, as it stands, to what the others are held to."""
    assert not barriers(page)
    assert overflow(page) == 0


def press_through(page: Page, target: str) -> None:
    """Go on with the key of tabulation until something has the focus; each stop on the way must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            assert page.evaluate(_OUTLINE) != "none", target
            return
    raise AssertionError(f"{target} cannot be reached by keyboard")
