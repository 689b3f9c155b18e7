"""Dated terms: what expires, what is capped by what a merchant sold, what good deliveries give back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from tests.liability.ledger.conftest import NOW, Entering

from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_restoring import restore_points
from tiffin.capabilities.liability.service.ledger_terms import terms_on
from tiffin.kernel.errors import Forbidden, InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace

VERDICT = Callable[..., Verdict]
DAY = timedelta(days=1)


def sold(workspace: Workspace, orders: list[dict[str, Any]]) -> None:
    """Write orders that were handed over on time."""
    whole = [
        {
            "city_id": "riyadh",
            "order_id": f"sold-{number}",
            "country": "SA",
            "merchant_id": "shop-3",
            "status": "delivered",
            "currency": "SAR",
            "placed_at": one["delivered_at"] - timedelta(minutes=30),
            "promised_at": one["delivered_at"],
            **one,
        }
        for number, one in enumerate(orders)
    ]
    names = {name for row in whole for name in row}
    schema = pa.schema([one for one in arrow_schema(TABLES["orders"]) if one.name in names])
    city = {
        "city_id": "riyadh",
        "name": "Riyadh",
        "country": "SA",
        "timezone": "Asia/Riyadh",
        "cutoff_min": 240,
        "weekend": "5,6",
    }
    places = [{**city, "currency": "SAR", "timezone_known": True, "is_simulated": True}]
    known = pa.schema([one for one in arrow_schema(TABLES["cities"]) if one.name in places[0]])
    with open_context(workspace.root, now=NOW) as context:
        facts.write_facts(context, "cities", pa.Table.from_pylist(places, schema=known).to_reader(), "simulated:test")
        facts.write_facts(context, "orders", pa.Table.from_pylist(whole, schema=schema).to_reader(), "simulated:test")


def test_what_is_recovered_from_a_merchant_stays_under_a_share_of_what_he_sold_in_the_week(
    workspace: Workspace, entering: Entering, a_verdict: VERDICT
) -> None:
    sold(workspace, [{"delivered_at": NOW, "basket_minor": 40_000}, {"delivered_at": NOW - 7 * DAY, "basket_minor": 9}])
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
        found = ledger.balance(context, Party.MERCHANT, "shop-3", "riyadh").of("SAR")

    assert (found.booked, found.counted, found.capped) == (6000, 4000, 2000)


def test_points_come_back_for_good_deliveries_each_counted_once(
    workspace: Workspace, entering: Entering, a_verdict: VERDICT
) -> None:
    sold(workspace, [{"delivered_at": NOW + DAY * (1 + n % 3), "rider_id": "rider-7"} for n in range(45)])
    with entering(role=Role.EXPERIENCE_MANAGER) as context:
        name = context.warehouse.query_text("SELECT DISTINCT rider_id FROM orders").to_pylist()[0]["rider_id"]
        ledger.post_verdict(context, a_verdict(incident={"rider_id": name}))
    later = NOW + 5 * DAY
    with entering(role=Role.EXPERIENCE_MANAGER, now=later) as context:
        given = [restore_points(context, "riyadh"), restore_points(context, "riyadh")]
        found = ledger.balance(context, Party.RIDER, name, "riyadh").of("points")
        ledger.reverse(context, a_verdict().verdict_id, "closed")
        left = ledger.balance(context, Party.RIDER, name, "riyadh").of("points")

    assert given == [1, 0]
    assert (found.booked, left.booked) == (1, 0)
    with entering(role=Role.ADJUDICATOR, now=later) as context, pytest.raises(Forbidden):
        restore_points(context, "riyadh")


def test_what_was_entered_keeps_the_terms_under_which_it_was_entered(
    workspace: Workspace, entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict())
    own = workspace.overlay("parameters") / "ledger.yaml"
    own.parent.mkdir(exist_ok=True)
    stated = "from: 2026-01-02, source: changed later, country: SA, party: rider, points: {expire_days: 5}"
    own.write_text(f"terms:\n  - {{{stated}}}\n", encoding="utf-8")
    with entering() as context:
        ledger.post_verdict(context, a_verdict(order="o-2"))
        found = ledger.balance(context, Party.RIDER, "rider-7", "riyadh", as_of=NOW + 6 * DAY).of("points")

    assert (found.booked, found.expired) == (4, 2)


def test_shipped_terms_let_no_rider_and_no_customer_pay(workspace: Workspace) -> None:
    for country in ("SA", "AE", "KW", "BR", "HK", "US"):
        terms = terms_on(workspace, country, date(2026, 2, 16))

        allowed = {party: terms.of(party).money.is_allowed for party in Party}
        assert [party for party, is_allowed in allowed.items() if is_allowed] == [Party.MERCHANT]


@pytest.mark.parametrize(
    "stated",
    [
        "country: SA, party: platform",
        "country: 7, party: rider",
        "country: SA, party: rider, points: {expires: 3}",
        "country: SA, party: rider, points: {expire_days: -1}",
        "country: SA, party: rider, points: {most: 3}",
        "country: SA, party: rider, points: {most: 3, per: year}",
        "country: SA, party: rider, points: {restored: 1}",
        "country: SA, party: rider, money: {is_allowed: maybe}",
    ],
)
def test_terms_that_cannot_be_meant_are_refused(workspace: Workspace, stated: str) -> None:
    own = workspace.overlay("parameters") / "ledger.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(f"terms:\n  - {{from: 2026-01-02, source: x, {stated}}}\n", encoding="utf-8")

    with pytest.raises(InvalidDefinition, match=r"ledger\.yaml"):
        terms_on(workspace, "SA", datetime(2026, 2, 16, tzinfo=NOW.tzinfo).date())
