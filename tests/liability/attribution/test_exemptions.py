"""Exemptions: declared at the event by who looks after the city, audited, ended, and read before anybody is asked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from tiffin.capabilities.liability.domain.attribution import Circumstance, OrderAttribution, Outcome
from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service.attribution import attribute, attribute_order
from tiffin.capabilities.liability.service.exemption_rules import rules_on, severe_mm
from tiffin.capabilities.liability.service.exemptions import NewExemption, declare, declared, end
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.facts.cities import CITIES
from tiffin.kernel.facts.orders import ORDERS
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 1, 20)
NOON = datetime(2026, 1, 20, 9, tzinfo=UTC)
RAIN = NewExemption(
    circumstance=Circumstance.WEATHER,
    scope=Scope.ZONE,
    scope_id="west-bay",
    starts_at=NOON - timedelta(hours=1),
    ends_at=NOON + timedelta(hours=3),
    reference="warning 17",
)


def an_order(number: int, **changes: Any) -> dict[str, Any]:
    """One order of a day, each day one half hour after another; it takes 30 minutes and keeps its promise."""
    day = DAY - timedelta(days=number // 4)
    placed = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(minutes=30 * (number % 4))
    minutes = {"accepted_at": 3, "assigned_at": 9, "arrived_at_merchant_at": 14, "ready_at": 16, "picked_up_at": 18,
               "arrived_at_customer_at": 27, "delivered_at": 30, "promised_at": 35}  # fmt: skip
    times = {name: placed + timedelta(minutes=minute + changes.pop(name, 0)) for name, minute in minutes.items()}
    return {
        "city_id": "doha", "order_id": f"o-{number}", "country": "QA", "zone_id": "west-bay", "merchant_id": "m-1",
        "rider_id": f"r-{number % 3}", "vehicle": "motorcycle", "status": "delivered", "placed_at": placed,
        "distance_m": 2700.0, "business_date": day, "local_hour": 12, "source": "test", **times, **changes,
    }  # fmt: skip


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Doha with four weeks of orders in time, and one of today whose kitchen was twenty minutes late."""
    late = dict.fromkeys(
        ("ready_at", "assigned_at", "arrived_at_merchant_at", "picked_up_at", "arrived_at_customer_at", "delivered_at"),
        20,
    )
    rows = [an_order(number, **(late if number == 1 else {})) for number in range(112)]
    rows.append(an_order(112, zone_id="old-town", merchant_id="m-2"))
    put(
        workspace,
        CITIES,
        [{"city_id": "doha", "name": "Doha", "country": "QA", "timezone": "Asia/Qatar", "source": "t"}],
    )
    put(workspace, ORDERS, rows)
    return workspace


def put(workspace: Workspace, contract: TableContract, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=arrow_schema(contract))
    open_store(workspace).upsert(contract, table.to_reader(), now=NOON, source="test")


def entered(workspace: Workspace, role: Role = Role.CITY_MANAGER, city: str = "doha") -> Any:
    return open_unit(workspace, lambda _: Actor("mona", (Grant(role, (), (city,)),)), now=NOON)


def the_late_one(context: Context) -> OrderAttribution:
    return attribute_order(context, "doha", "o-1")


def test_a_late_kitchen_is_found_from_orders_alone_and_the_same_alone_or_among_all(workspace: Workspace) -> None:
    with entered(workspace) as context:
        found = attribute(context, "doha", Days(DAY, DAY))
        alone = the_late_one(context)
    assert found.looked_at == 4
    assert [one.order_id for one in found.orders] == ["o-1"]
    assert found.orders[0] == alone
    assert (alone.outcome, alone.top, alone.late_min, alone.kitchen_min) == (Outcome.LATE, Party.MERCHANT, 15, 20)
    assert alone.is_merchant_slow
    assert not alone.is_rider_slow


def test_an_order_that_is_not_there_and_a_day_without_orders_are_told(workspace: Workspace) -> None:
    with entered(workspace) as context:
        assert attribute(context, "doha", Days(date(2020, 1, 1), date(2020, 1, 2))).orders == ()
        with pytest.raises(NotFound, match="o-999"):
            attribute_order(context, "doha", "o-999")


def test_what_is_declared_is_audited_and_decides_before_anybody_is_asked(workspace: Workspace) -> None:
    with entered(workspace) as context:
        number = declare(context, "doha", RAIN)
        assert the_late_one(context).exemption is Circumstance.WEATHER
        assert the_late_one(context).question is None
    with entered(workspace) as context:
        actions = context.session.scalars(select(AuditEntry.action)).all()
        assert actions.count("exemption_declared") == 1
        assert [one.exemption_id for one in declared(context, "doha", NOON, NOON)] == [number]


def test_a_closed_road_says_nothing_for_a_slow_kitchen(workspace: Workspace) -> None:
    road = NewExemption(
        circumstance=Circumstance.ROAD_CLOSED, scope=Scope.CITY, scope_id="doha", starts_at=RAIN.starts_at,
        ends_at=RAIN.ends_at, reference="report 4",
    )  # fmt: skip
    with entered(workspace) as context:
        declare(context, "doha", road)
        assert the_late_one(context).exemption is None


@pytest.mark.parametrize(
    ("scope", "scope_id"), [(Scope.ZONE, "old-town"), (Scope.MERCHANT, "m-2"), (Scope.ORDER, "o-2")]
)
def test_an_exemption_of_another_place_does_not_hold(workspace: Workspace, scope: Scope, scope_id: str) -> None:
    elsewhere = NewExemption(
        circumstance=Circumstance.WEATHER, scope=scope, scope_id=scope_id, starts_at=RAIN.starts_at,
        ends_at=RAIN.ends_at, reference="x",
    )  # fmt: skip
    with entered(workspace) as context:
        declare(context, "doha", elsewhere)
        assert the_late_one(context).exemption is None


def test_what_was_ended_held_until_then_and_is_ended_once(workspace: Workspace) -> None:
    with entered(workspace) as context:
        number = declare(context, "doha", RAIN)
        end(context, number)
        (held,) = declared(context, "doha", RAIN.starts_at, RAIN.ends_at)
        assert held.ends_at == NOON
        with pytest.raises(Conflict, match="over already"):
            end(context, number)
        with pytest.raises(NotFound, match="99"):
            end(context, 99)


@pytest.mark.parametrize(("role", "city"), [(Role.ADJUDICATOR, "doha"), (Role.CITY_MANAGER, "riyadh")])
def test_only_who_manages_the_city_declares_and_ends(workspace: Workspace, role: Role, city: str) -> None:
    with entered(workspace) as context:
        number = declare(context, "doha", RAIN)
    with pytest.raises(Forbidden, match="city managers"), entered(workspace, role, city) as context:
        declare(context, "doha", RAIN)
    with pytest.raises(Forbidden, match="city managers"), entered(workspace, role, city) as context:
        end(context, number)


@pytest.mark.parametrize("hours", [-1, 0, 25])
def test_an_exemption_ends_after_it_starts_and_holds_no_longer_than_it_may(workspace: Workspace, hours: int) -> None:
    wrong = NewExemption(
        circumstance=Circumstance.WEATHER, scope=Scope.CITY, scope_id="doha", starts_at=NOON,
        ends_at=NOON + timedelta(hours=hours), reference="x",
    )  # fmt: skip
    with entered(workspace) as context, pytest.raises(InvalidData, match="24 hours"):
        declare(context, "doha", wrong)


def test_every_circumstance_has_a_rule_and_the_gulf_its_own_threshold(workspace: Workspace) -> None:
    assert set(rules_on(workspace, DAY)) == set(Circumstance)
    assert severe_mm(workspace, "QA", DAY) < severe_mm(workspace, "BR", DAY)
