"""The life of an incident about broken data on both databases: opened, seen on the numbers, closed by itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.service import incident_acts
from tiffin.capabilities.quality.service.incident_views import (
    as_markdown,
    list_incidents,
    list_post_mortems,
    show_incident,
)
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 10)
NOW = datetime(2026, 2, 11, 8, tzinfo=UTC)
"""A Wednesday, eleven in Riyadh."""

CITY = {
    "city_id": "riyadh",
    "name": "Riyadh",
    "country": "SA",
    "currency": "SAR",
    "timezone": "Asia/Riyadh",
    "timezone_known": True,
    "cutoff_min": 240,
    "weekend": "5,6",
    "is_simulated": False,
    "source": "test",
}
LEARNED = {
    "cause": "The export sent minutes as seconds",
    "done": "Loaded again",
    "prevention": "Refuse baskets below nought at intake",
    "prevention_owner": "Feeds team",
    "prevention_due": "2026-03-31",
}
Entering = Callable[..., AbstractContextManager[Context]]


def orders(*, basket: int) -> list[dict[str, Any]]:
    """Give the orders of two days; those of the second have one basket."""
    return [
        {
            "city_id": "riyadh",
            "order_id": f"{day}-{number}",
            "country": "SA",
            "currency": "SAR",
            "status": "delivered",
            "customer_id": f"c{number}",
            "placed_at": datetime(day.year, day.month, day.day, 9, number, tzinfo=UTC),
            "delivered_at": datetime(day.year, day.month, day.day, 10, number, tzinfo=UTC),
            "basket_minor": basket if day == DAY else 1000,
            "business_date": day,
            "local_hour": 12,
            "slot_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            "source": "test",
        }
        for day in (DAY - timedelta(days=1), DAY)
        for number in range(6)
    ]


@pytest.fixture
def loaded(workspace: Workspace) -> Callable[[int], None]:
    """Load the orders with a basket."""

    def load(basket: int) -> None:
        for table, rows in (("cities", [CITY]), ("orders", orders(basket=basket))):
            found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[table]))
            open_store(workspace).upsert(TABLES[table], found.to_reader(), now=NOW - timedelta(hours=3), source="test")

    return load


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work for somebody."""

    @contextmanager
    def entered(
        name: str = "ana", *, role: Role = Role.STEWARD, hours: int = 0, country: str = "*", locale: str = "en"
    ) -> Iterator[Context]:
        actor = Actor(name, (Grant(role, (country,), ()),))
        now = NOW + timedelta(hours=hours)
        with open_unit(workspace, lambda _: actor, now=now, locale=locale) as context:
            yield context

    return entered


def faults(context: Context, metric: str, day: date) -> tuple[Any, ...]:
    """Give what an answer's receipt says is known to be wrong."""
    return metrics.query(context, MetricRequest((metric,), by=("city_id",), days=Days(day, day))).receipt.faults


def readable(context: Context, number: int) -> str:
    """Name a metric that reads what an incident is about."""
    known = {one.name for one in metrics.list_metrics(context)}
    return next(name for name in show_incident(context, number).metrics if name in known)


def test_a_failed_check_opens_an_incident_with_owner_severity_and_deadline(
    loaded: Callable, entering: Entering
) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        one = show_incident(context, number)
    assert (one.country, one.owner, one.case.summary.severity) == ("SA", "marketplace-operations", "critical")
    assert one.certified <= set(one.metrics)
    assert one.certified
    assert "orders" not in one.metrics
    assert one.case.clocks["answer"] == NOW + timedelta(hours=1)
    with entering(hours=1) as context:
        assert service.check_tables(context, is_forced=True).incidents == (number,)


def test_readers_are_told_of_the_days_and_columns_that_are_wrong_and_of_no_others(
    loaded: Callable, entering: Entering
) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        read = readable(context, number)
    with entering(hours=1) as context:
        [told] = faults(context, read, DAY)
        assert (told["incident"], told["since"], told["certain"], told["metrics"]) == (number, NOW, True, [read])
        assert faults(context, read, DAY - timedelta(days=1)) == ()
        assert faults(context, "orders", DAY) == ()


def test_an_incident_closes_by_itself_once_it_passes_and_a_second_person_confirmed(
    loaded: Callable, entering: Entering
) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        read = readable(context, number)
        incident_acts.act(context, number, "take")
        incident_acts.act(context, number, "repair", {"cause": "edited_source", "done": "loaded again"})
        incident_acts.write_post_mortem(context, number, LEARNED)
    with entering(hours=2) as context, pytest.raises(Forbidden):
        incident_acts.act(context, number, "confirm")
    with entering("ben", role=Role.ANALYST, hours=2) as context:
        assert incident_acts.act(context, number, "confirm").case.summary.state == "confirmed"
        assert faults(context, read, DAY) != ()
    loaded(900)
    with entering(hours=3) as context:
        assert service.check_tables(context).passed_again == (number,)
        assert show_incident(context, number).case.summary.state == "resolved"
        assert faults(context, read, DAY) == ()
        assert list_incidents(context) == ()
        assert [one.case.summary.case_id for one in list_incidents(context, is_open=False)] == [number]


def test_a_grave_incident_is_not_confirmed_before_its_post_mortem_is_written(
    loaded: Callable, entering: Entering
) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        incident_acts.act(context, number, "take")
        incident_acts.act(context, number, "repair", {"cause": "edited_source", "done": "loaded again"})
    with entering("ben", role=Role.ANALYST, hours=2) as context:
        with pytest.raises(Conflict, match="post-mortem"):
            incident_acts.act(context, number, "confirm")
        for wrong in ({"cause": " "}, {"prevention_due": "soon"}):
            with pytest.raises(WrongUse):
                incident_acts.write_post_mortem(context, number, LEARNED | wrong)
        incident_acts.write_post_mortem(context, number, LEARNED)
        incident_acts.act(context, number, "confirm")
        text = as_markdown(context, number)
        assert [one.case_id for one in list_post_mortems(context, "baskets EXPORT")] == [number]
        assert list_post_mortems(context, "baskets 100%_nothing") == ()
    for said in (*(value for key, value in LEARNED.items() if key != "prevention_due"), "Mar 31, 2026"):
        assert said in text


def test_a_repair_that_repaired_nothing_is_in_hand_again(loaded: Callable, entering: Entering) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        incident_acts.act(context, number, "take")
        incident_acts.act(context, number, "repair", {"cause": "other", "done": "nothing"})
    loaded(-6)
    with entering(hours=1) as context:
        service.check_tables(context)
        one = show_incident(context, number)
        assert one.case.summary.state == "investigating"
        assert [event.action for event in one.case.trail][-1] == "fails_again"


def test_a_dismissed_incident_does_not_come_back_for_the_same(loaded: Callable, entering: Entering) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
        incident_acts.act(context, number, "dismiss", {"reason": "A trial of ours"})
        assert service.check_tables(context, is_forced=True).incidents == ()
        assert service.check_tables(context, is_forced=True).failed


def test_others_neither_see_nor_act(loaded: Callable, entering: Entering) -> None:
    loaded(-5)
    with entering() as context:
        [number] = service.check_tables(context).incidents
    with entering("kim", country="KW") as context:
        assert list_incidents(context) == ()
        assert list_post_mortems(context) == ()
        with pytest.raises(NotFound):
            show_incident(context, number)
    with entering("vera", role=Role.VIEWER) as context:
        assert show_incident(context, number).case.actions == ()
        with pytest.raises(Forbidden):
            incident_acts.act(context, number, "take")
        with pytest.raises(Forbidden):
            incident_acts.write_post_mortem(context, number, LEARNED)
