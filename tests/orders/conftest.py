"""A workspace with a handful of orders, and people with one grant each, or none and a party."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.facts import service as facts
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Party, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)  # 15:00 in Riyadh
Entering = Callable[..., AbstractContextManager[Context]]

RIDER, OTHER_RIDER, MERCHANT, CUSTOMER = "r-carried-it", "r-declined-it", "m-cooked-it", "c-ate-it"


def at(minute: float) -> datetime:
    """Give an instant so many minutes after the order was placed."""
    return PLACED + timedelta(minutes=minute)


def an_order(**changes: Any) -> dict[str, Any]:
    """A delivered order, ten minutes late; only what matters is stated."""
    stated = {
        "city_id": "riyadh",
        "order_id": "o-1",
        "country": "SA",
        "zone_id": "olaya",
        "dropoff_zone_id": "malaz",
        "merchant_id": MERCHANT,
        "customer_id": CUSTOMER,
        "rider_id": RIDER,
        "vehicle": "motorcycle",
        "status": "delivered",
        "cancelled_by": None,
        "cancel_reason": None,
        "placed_at": at(0),
        "accepted_at": at(2),
        "ready_at": at(14),
        "assigned_at": at(8),
        "arrived_at_merchant_at": at(13),
        "picked_up_at": at(16),
        "arrived_at_customer_at": at(38),
        "delivered_at": at(40),
        "cancelled_at": None,
        "promised_at": at(30),
        "currency": "SAR",
        "basket_minor": 7325,
        "delivery_fee_minor": 790,
        "discount_minor": 0,
        "tip_minor": 300,
        "pickup_latitude": 24.7,
        "pickup_longitude": 46.7,
        "dropoff_latitude": 24.7321,
        "dropoff_longitude": 46.7321,
    }
    return stated | changes


def _of(**values: Any) -> dict[str, Any]:
    return {"city_id": "riyadh", "order_id": "o-1", **values}


def _position(minute: float, state: str, north: float) -> dict[str, Any]:
    return _of(rider_id=RIDER, at=at(minute), latitude=north, longitude=46.7123, state=state)


ROWS: Mapping[str, list[dict[str, Any]]] = {
    "cities": [
        {
            "city_id": "riyadh",
            "name": "Riyadh",
            "country": "SA",
            "timezone": "Asia/Riyadh",
            "timezone_known": True,
            "cutoff_min": 240,
            "weekend": "5,6",
            "currency": "SAR",
            "is_simulated": False,
        },
        {
            "city_id": "dubai",
            "name": "Dubai",
            "country": "AE",
            "timezone": "Asia/Dubai",
            "timezone_known": True,
            "cutoff_min": 240,
            "weekend": "6,7",
            "currency": "AED",
            "is_simulated": False,
        },
    ],
    "orders": [
        an_order(),
        an_order(
            order_id="o-before",
            customer_id="c-before",
            placed_at=at(-30),
            accepted_at=at(-28),
            ready_at=at(-15),
            assigned_at=at(-20),
            arrived_at_merchant_at=at(-14),
            picked_up_at=at(-12),
            arrived_at_customer_at=at(8),
            delivered_at=at(10),
            promised_at=at(15),
        ),
        an_order(
            order_id="o-gone",
            rider_id=None,
            status="cancelled",
            cancelled_by="platform",
            cancel_reason="no_rider",
            assigned_at=None,
            arrived_at_merchant_at=None,
            picked_up_at=None,
            arrived_at_customer_at=None,
            delivered_at=None,
            cancelled_at=at(45),
        ),
        an_order(city_id="dubai", order_id="o-1", country="AE", currency="AED", rider_id="r-dubai"),
    ],
    "promises": [
        _of(made_at=at(0), promised_at=at(30), shown="checkout", reason="first"),
        _of(made_at=at(20), promised_at=at(45), shown="tracking", reason="traffic"),
    ],
    "dispatch_offers": [
        _of(
            rider_id=OTHER_RIDER,
            offered_at=at(3),
            answered_at=at(4),
            outcome="declined",
            decline_reason="too_far",
            pay_minor=900,
            currency="SAR",
        ),
        _of(rider_id=RIDER, offered_at=at(7), answered_at=at(8), outcome="accepted", pay_minor=900, currency="SAR"),
    ],
    "rider_positions": [
        _position(9, "to_merchant", 24.7001),
        _position(20, "to_customer", 24.7151),
        _position(39, "at_customer", 24.7321),
    ],
    "contacts": [_of(contact_id="k-1", contacted_at=at(35), channel="chat", reason="order_late")],
    "refunds": [
        _of(refund_id="f-1", refunded_at=at(60), amount_minor=500, currency="SAR", reason="late", merchant_id=MERCHANT)
    ],
    "costs": [
        _of(
            cost_id="x-1",
            incurred_at=at(40),
            kind="rider_pay",
            basis="order",
            amount_minor=900,
            currency="SAR",
            rider_id=RIDER,
        )
    ],
    "evidence": [
        _of(
            evidence_id="e-1",
            recorded_at=at(41),
            kind="photo",
            provided_by="rider",
            states="bag at the blue door",
            grade="B",
            rider_id=RIDER,
        ),
        _of(
            evidence_id="e-2",
            recorded_at=at(50),
            kind="statement",
            provided_by="customer",
            states="the soup was cold",
            grade="C",
        ),
    ],
}


def write(root: Path, table: str, rows: list[dict[str, Any]]) -> None:
    """Write rows of a fact table; columns that some lack are empty there."""
    schema = arrow_schema(TABLES[table])
    names = {name for row in rows for name in row}
    known = pa.schema([one for one in schema if one.name in names])
    with open_context(root, now=NOW) as context:
        facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "simulated:test")


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Path:
    """Lay the orders down once; tests add to the database and never to the facts."""
    made = new_workspace(tmp_path_factory.mktemp("orders") / "workspace").root
    for table, rows in ROWS.items():
        write(made, table, rows)
    return made


@pytest.fixture(scope="session")
def entering(root: Path) -> Entering:
    """Open a unit of work of a person with one grant, or of a party."""

    @contextmanager
    def entered(
        name: str = "ana",
        role: Role = Role.ADJUDICATOR,
        *,
        party: Party | None = None,
        now: datetime = NOW,
        locale: str = "en",
        **grant: Any,
    ) -> Iterator[Context]:
        scope = {"countries": ("SA",), "cities": ()} | grant
        grants = () if party else (Grant(role, **scope),)
        with open_unit(
            open_workspace(root), lambda _: Actor(name, grants, party=party), now=now, locale=locale
        ) as context:
            yield context

    return entered
