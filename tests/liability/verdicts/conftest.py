"""A city with orders that went wrong, and people who judge them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, open_workspace

DAY = date(2026, 2, 20)
NOW = datetime(2026, 2, 21, 8, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]
CITY = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "timezone": "Asia/Riyadh", "currency": "SAR"}
RULES = {"cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "timezone_known": True}


def an_order(number: int, **changes: Any) -> dict[str, Any]:
    """Build an order of the day; delivered in time unless it says otherwise."""
    placed = datetime(2026, 2, 20, 9, number % 60, tzinfo=UTC)
    return {
        "city_id": "riyadh",
        "order_id": f"o{number}",
        "country": "SA",
        "status": "delivered",
        "cancelled_by": None,
        "cancel_reason": None,
        "merchant_id": "shop-1",
        "rider_id": "rider-1",
        "customer_id": "customer-1",
        "currency": "SAR",
        "basket_minor": 4000,
        "discount_minor": 0,
        "delivery_fee_minor": 900,
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=40),
        "picked_up_at": placed + timedelta(minutes=20),
        "arrived_at_customer_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=35),
        "cancelled_at": None,
    } | changes


def write(context: Context, table: str, rows: list[dict[str, Any]]) -> None:
    """Write rows of a fact table."""
    schema = arrow_schema(TABLES[table])
    known = pa.schema([field for field in schema if field.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "test")


def fill(root: Path) -> None:
    """Load a city's orders: one whose refund was for goods, one cancelled by the merchant, one costly, others sound."""
    ended = datetime(2026, 2, 20, 9, 20, tzinfo=UTC)
    gone = {"status": "cancelled", "delivered_at": None, "cancelled_at": ended, "cancelled_by": "merchant"}
    refund = {"city_id": "riyadh", "refunded_at": NOW, "currency": "SAR", "reason": "item_issue"}
    with open_context(root, now=NOW) as context:
        write(context, "cities", [CITY | RULES])
        write(
            context,
            "orders",
            [
                an_order(1),
                an_order(2, **gone, cancel_reason="merchant_closed"),
                an_order(3, basket_minor=90_000),
                *[an_order(number, rider_id="rider-2") for number in range(4, 12)],
            ],
        )
        write(context, "refunds", [refund | {"refund_id": "r1", "order_id": "o1", "amount_minor": 1500}])


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Path:
    """Load the city once; each test works on a copy."""
    root = new_workspace(tmp_path_factory.mktemp("judged") / "workspace").root
    fill(root)
    return root


@pytest.fixture
def workspace(tmp_path: Path, filled: Path) -> Workspace:
    return open_workspace(shutil.copytree(filled, tmp_path / "workspace"))


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant, or of a party about its own affairs."""

    @contextmanager
    def entered(
        name: str = "adam",
        role: Role = Role.ADJUDICATOR,
        *,
        cities: tuple[str, ...] = ("riyadh",),
        now: datetime = NOW,
        party: OwnParty | None = None,
    ) -> Iterator[Context]:
        grants = () if party else (Grant(role, (), cities),)
        with open_unit(workspace, lambda _: Actor(name, grants, party=party), now=now) as context:
            yield context

    return entered


def an_incident(order_id: str = "o1", incident: IncidentType = IncidentType.MISSING_ITEM, **facts_: Any) -> Incident:
    """Build what somebody reports; who, when and where follow from the order."""
    return Incident(
        city_id="riyadh",
        country="",
        order_id=order_id,
        incident=incident,
        happened_at=NOW,
        business_date=DAY,
        reported_at=NOW,
        reported_by="employee",
        facts=facts_,
    )
