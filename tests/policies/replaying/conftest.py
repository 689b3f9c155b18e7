"""Workspaces of late orders with their refunds, contacts and a storm, and their past cases."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.policies.service.history import gather
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
EVERYWHERE = (Grant(Role.STEWARD, ("*",), ("*",)),)
CITIES = {"riyadh": ("SA", "SAR"), "kuwait-city": ("KW", "KWD"), "sao-paulo": ("BR", "BRL")}
LATE, LIABLE = "late-compensation", "liability"


@contextmanager
def entering(
    workspace: Workspace,
    grants: tuple[Grant, ...] = EVERYWHERE,
    *,
    now: datetime = NOW,
    engine: str | None = None,
) -> Iterator[Context]:
    with open_unit(workspace, lambda _: Actor("tester", grants), now=now, engine=engine) as context:
        yield context


def write(workspace: Workspace, table: str, *rows: dict[str, Any]) -> None:
    contract = TABLES[table]
    found = pa.Table.from_pylist(list(rows), schema=arrow_schema(contract))
    open_store(workspace).upsert(contract, found.to_reader(), now=NOW, source="test")


def an_order(number: int, *, city: str = "riyadh", late_min: float = 20, **changes: Any) -> dict[str, Any]:
    """Make an order that was delivered some minutes after its promise, three weeks before `NOW`."""
    country, currency = CITIES[city]
    placed = datetime(2026, 3, 1, 17, 0, tzinfo=UTC) + timedelta(minutes=number)
    promised = placed + timedelta(minutes=35)
    return {
        "city_id": city,
        "order_id": f"o{number}",
        "country": country,
        "merchant_id": f"m{number % 3}",
        "customer_id": f"c{number % 5}",
        "rider_id": f"r{number % 4}",
        "status": "delivered",
        "placed_at": placed,
        "accepted_at": placed + timedelta(minutes=1),
        "ready_at": placed + timedelta(minutes=12 + number % 3 * 9),
        "assigned_at": placed + timedelta(minutes=5 + number % 4 * 10),
        "picked_up_at": placed + timedelta(minutes=40),
        "arrived_at_customer_at": promised + timedelta(minutes=late_min - number % 2 * 12),
        "promised_at": promised,
        "delivered_at": promised + timedelta(minutes=late_min),
        "is_first_order": number % 6 == 0,
        "currency": currency,
        "business_date": placed.date(),
        "local_hour": placed.hour,
    } | changes


@pytest.fixture(scope="session")
def facts_once(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """Ninety orders of three cities, late by up to an hour and a half, with refunds, contacts and a storm."""
    workspace = new_workspace(tmp_path_factory.mktemp("facts") / "workspace")
    write(workspace, "cities", *({"city_id": city, "country": CITIES[city][0]} for city in CITIES))
    orders = [an_order(number, city=tuple(CITIES)[number % 3], late_min=number) for number in range(90)]
    write(workspace, "orders", *orders)
    write(workspace, "refunds", *(a_refund(number, orders[number]) for number in range(0, 90, 4)))
    write(workspace, "contacts", *(a_contact(number, orders[number]) for number in range(0, 90, 3)))
    storm = {"city_id": "sao-paulo", "observed_at": NOW, "business_date": date(2026, 3, 1), "local_hour": 18}
    write(workspace, "weather", {**storm, "precipitation_mm": 9.0, "wind_m_s": 3.0})
    return workspace


def a_refund(number: int, order: dict[str, Any], **changes: Any) -> dict[str, Any]:
    known = {name: order[name] for name in ("city_id", "order_id", "currency")}
    at = order["delivered_at"] + timedelta(minutes=5)
    return {**known, "refund_id": f"f{number}", "refunded_at": at, "amount_minor": 900, "reason": "late"} | changes


def a_contact(number: int, order: dict[str, Any]) -> dict[str, Any]:
    known = {name: order[name] for name in ("city_id", "order_id", "merchant_id", "rider_id")}
    reason = ("order_late", "item_issue", "handover_failed")[number // 3 % 3]
    return {**known, "contact_id": f"t{number}", "contacted_at": order["delivered_at"], "reason": reason}


@pytest.fixture(scope="session")
def gathered_once(facts_once: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same, with the cases of both policies gathered; read only."""
    workspace = copied(facts_once, tmp_path_factory.mktemp("gathered"))
    for policy in (LATE, LIABLE):
        with entering(workspace) as context:
            gather(context, policy)
    return workspace


@pytest.fixture
def facts(facts_once: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the facts, to be written on."""
    return copied(facts_once, tmp_path)


@pytest.fixture
def gathered(gathered_once: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the facts with their cases, to be written on."""
    return copied(gathered_once, tmp_path)


def copied(workspace: Workspace, folder: Path) -> Workspace:
    return open_workspace(Path(shutil.copytree(workspace.root, folder / "workspace")))


def cases_in(workspace: Workspace, policy: str) -> list[dict[str, Any]]:
    with entering(workspace) as context:
        return context.warehouse.query_text(f"SELECT * FROM policy_cases_{policy.replace('-', '_')}").to_pylist()  # noqa: S608 - a name of ours
