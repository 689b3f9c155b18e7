"""Workspaces with facts, and asking metrics of them on either engine."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics.service import MetricResult, query
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
EVERYWHERE = (Grant(Role.STEWARD, ("*",), ("*",)),)


def write(workspace: Workspace, **rows: list[dict[str, Any]]) -> None:
    """Write rows of tables as they are; columns left out are empty."""
    store = open_store(workspace)
    for table, listed in rows.items():
        contract = TABLES[table]
        found = pa.Table.from_pylist(listed, schema=arrow_schema(contract))
        store.upsert(contract, found.to_reader(), now=NOW, source="test")


@contextmanager
def context_in(
    workspace: Workspace,
    *,
    engine: str | None = None,
    grants: tuple[Grant, ...] = EVERYWHERE,
    locale: str = "en",
    as_of: Any = None,
) -> Iterator[Context]:
    """Open a unit of work of somebody with these grants."""
    with open_unit(
        workspace, lambda _: Actor("tester", grants), now=NOW, engine=engine, locale=locale, as_of=as_of
    ) as context:
        yield context


@pytest.fixture(scope="session")
def entering() -> Callable[..., AbstractContextManager[Context]]:
    return context_in


@pytest.fixture(scope="session")
def writing() -> Callable[..., None]:
    return write


@pytest.fixture
def empty(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace without facts."""
    return new_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Four cities in three countries with every table that metrics read, full of gaps and odd texts; read only."""
    workspace = create_workspace(tmp_path_factory.mktemp("small") / "workspace")
    dice = random.Random(20260301)  # noqa: S311 - not a secret
    write(workspace, **_facts(dice))
    return workspace


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Workspace:
    """The real files of every feed, loaded once."""
    workspace = create_workspace(tmp_path_factory.mktemp("real") / "workspace")
    everywhere = (Grant(Role.STEWARD, ("*",), ("*",)),)
    with context_in(workspace, grants=everywhere) as context:
        for feed, folder in FEEDS.items():
            facts.load(context, feed, [real_data / folder])
    return workspace


@pytest.fixture
def ask(small: Workspace) -> Callable[..., MetricResult]:
    """Ask the small workspace."""

    def asked(*metrics: str, engine: str = "duckdb", grants: tuple[Grant, ...] = EVERYWHERE, **request: Any) -> Any:
        with context_in(small, engine=engine, grants=grants) as context:
            return query(context, MetricRequest(metrics, **request))

    return asked


FEEDS = {
    "doordash-ops": "doordash_ops",
    "doordash-eta": "doordash_eta",
    "wolt-2020": "wolt_2020",
    "bolt-hourly": "bolt_hourly",
    "uber-requests": "uber_requests",
    "instacart-issues": "instacart_issues",
    "grubhub-mdrp": "grubhub_mdrp/0o50t75s1p100",
}

CITIES = {"riyadh": ("SA", "SAR"), "jeddah": ("SA", "SAR"), "kuwait": ("KW", "KWD"), "o'clock\\": ("ZZ", "EUR")}
FIRST = date(2026, 1, 26)


def _facts(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    orders = [_order(dice, index) for index in range(400)]
    delivered = [row for row in orders if row["status"] == "delivered"]
    days = [FIRST + timedelta(days=day) for day in range(14)]
    return {
        "cities": [_city(name) for name in CITIES],
        "city_days": [
            {"city_id": name, "business_date": day, "is_weekend": day.isoweekday() > 5, "is_ramadan": False}
            for name in list(CITIES)[:3]
            for day in days
        ],
        "merchants": [
            {"city_id": name, "merchant_id": f"m{m}", "category": ["kitchen", "grocery", None][m % 3]}
            for name in CITIES
            for m in range(5)
        ],
        "orders": orders,
        "refunds": [
            _after(dice, row, "refund_id", amount_minor=dice.randrange(5000)) for row in dice.sample(delivered, 40)
        ],
        "contacts": [
            _after(dice, row, "contact_id", reason=dice.choice(["late", "it's \\ odd"])) for row in delivered[:60]
        ],
        "ratings": [
            _after(dice, row, "", rated_at=row["delivered_at"], stars=dice.randrange(6)) for row in delivered[60:160]
        ],
        "marketplace_slots": [_slot(dice, name, zone, slot) for name in CITIES for zone in "ns" for slot in range(48)],
        "rider_sessions": [_session(dice, name, rider) for name in CITIES for rider in range(12)],
    }


def _city(name: str) -> dict[str, Any]:
    country, currency = CITIES[name]
    known = {"city_id": name, "name": name.title(), "country": country, "currency": currency}
    return known | {"is_simulated": name == "kuwait", "source": f"feed of {name}"}


def _order(dice: random.Random, index: int) -> dict[str, Any]:
    city = dice.choice(list(CITIES))
    day = FIRST + timedelta(days=dice.randrange(14))
    placed = datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=dice.randrange(86_400))
    status = dice.choices(["delivered", "cancelled", "returned", "placed"], [8, 2, 0.5, 0.5])[0]
    later = sorted(dice.randrange(60, 6000) + dice.random() for _ in range(6))
    stages = [
        "accepted_at",
        "assigned_at",
        "arrived_at_merchant_at",
        "ready_at",
        "picked_up_at",
        "arrived_at_customer_at",
    ]
    times = {
        name: placed + timedelta(seconds=s) if dice.random() < 0.8 else None
        for name, s in zip(stages, later, strict=True)
    }
    is_delivered = status == "delivered"
    return times | {
        "city_id": city,
        "order_id": f"o{index}",
        "country": CITIES[city][0],
        "currency": CITIES[city][1],
        "zone_id": dice.choice(["n", "s", None]),
        "merchant_id": dice.choice(["m0", "m1", "m2", "m9", None]),
        "customer_id": f"c{dice.randrange(60)}",
        "rider_id": f"r{dice.randrange(12)}",
        "category": dice.choice(["kitchen", "it's; -- \\", None]),
        "vehicle": dice.choice(["bicycle", "car"]),
        "status": status,
        "cancelled_by": dice.choice(["customer", "platform", None]) if status == "cancelled" else None,
        "cancel_reason": dice.choice(["no_rider", "too_slow"]) if status == "cancelled" else None,
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=dice.randrange(20, 60)) if dice.random() < 0.9 else None,
        "delivered_at": placed + timedelta(seconds=later[-1] + 90) if is_delivered else None,
        "distance_m": dice.choice([None, dice.random() * 5000]),
        "item_count": dice.choice([None, dice.randrange(9)]),
        "is_first_order": dice.choice([True, False, None]),
        "is_asap": True,
        "basket_minor": dice.randrange(20_000),
        "delivery_fee_minor": dice.randrange(900),
        "discount_minor": dice.choice([None, 0, 500]),
        "tip_minor": dice.choice([None, 0, 300]),
        "riders_on_shift": dice.choice([None, float(dice.randrange(30))]),
        "riders_busy": float(dice.randrange(30)),
        "outstanding_orders": dice.choice([None, float(dice.randrange(60))]),
        "business_date": day,
        "local_hour": placed.hour,
        "slot_at": placed.replace(minute=placed.minute // 30 * 30, second=0, microsecond=0),
        "source": f"feed of {city}",
    }


def _after(dice: random.Random, order: dict[str, Any], key: str, **more: Any) -> dict[str, Any]:
    kept = ("city_id", "order_id", "zone_id", "merchant_id", "rider_id", "business_date", "currency", "source")
    row = {name: order[name] for name in kept}
    return row | ({key: f"{order['order_id']}-{dice.randrange(10**9)}"} if key else {}) | more


def _slot(dice: random.Random, city: str, zone: str, slot: int) -> dict[str, Any]:
    start = datetime.combine(FIRST + timedelta(days=slot % 3), datetime.min.time(), UTC) + timedelta(minutes=30 * slot)
    asked = dice.randrange(40)
    online = dice.choice([None, dice.random() * 300])
    return {
        "city_id": city,
        "zone_id": zone,
        "slot_at": start,
        "slot_min": 30,
        "demand_orders": float(asked),
        "lost_orders": dice.choice([None, asked * 0.1]),
        "people_asked": dice.choice([None, float(asked)]),
        "people_unserved": float(dice.randrange(asked + 1)),
        "riders_on_shift": dice.choice([None, dice.random() * 12]),
        "riders_busy": dice.random() * 6,
        "outstanding_orders": dice.random() * 20,
        "online_min": online,
        "busy_min": online and online * dice.random(),
        "waiting_min": dice.random() * 60,
        "orders_finished": float(dice.randrange(20)),
        "business_date": start.date(),
        "local_hour": start.hour,
        "source": f"feed of {city}",
    }


def _session(dice: random.Random, city: str, rider: int) -> dict[str, Any]:
    start = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(hours=dice.randrange(300))
    return {
        "city_id": city,
        "rider_id": f"r{rider}",
        "on_at": start,
        "fleet_id": dice.choice(["own", "partner"]),
        "vehicle": dice.choice(["bicycle", "car"]),
        "zone_id": "n",
        "online_min": dice.choice([None, dice.random() * 480]),
        "busy_min": dice.random() * 200,
        "orders_delivered": dice.randrange(12),
        "business_date": start.date(),
        "source": f"feed of {city}",
    }


@pytest.fixture(scope="session")
def metric_yaml() -> str:
    """A sound file with one metric of an operator."""
    return """\
metrics:
  own_orders:
    label: {en: Own, ar: خاص, zh_Hans: 自定义, zh_Hant: 自訂, pt_BR: Próprio}
    meaning: {en: Own orders., ar: طلبات خاصة., zh_Hans: 自有订单。, zh_Hant: 自有訂單。, pt_BR: Pedidos próprios.}
    kind: simple
    source: orders
    aggregate: count
    where: status = 'delivered'
    version: 1
    since: 2026-01-01
    unit: orders
    direction: up
    level: team
    owner: me
    tier: draft
    example: {rows: {orders: [{status: delivered}]}, gives: 1}
"""
