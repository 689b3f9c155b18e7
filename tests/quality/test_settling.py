"""Days are settled once, on the history of the tables; budgets are spent and certificates fall and come back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.metrics.service.promises import promises_of
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain import Outcome, Parameters, burn_of
from tiffin.capabilities.quality.models import SettledDay
from tiffin.capabilities.quality.service.standing import standings
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role

FIRST = date(2026, 2, 8)
DAY = date(2026, 2, 10)
LATER = datetime(2026, 2, 13, 10, tzinfo=UTC)
CITY_ONLY = (Grant(Role.ANALYST, (), ("riyadh",)),)


@pytest.fixture
def fed(marketplace: Any, morning: Callable[..., datetime]) -> Any:
    """Four days that arrived in time in both countries; the feed began before the first of them ended."""
    for number in range(4):
        day = FIRST + timedelta(days=number)
        for city in ("riyadh", "kuwait"):
            marketplace.orders(city, day, numbers=range(20), at=morning(day, hour=-2))
            marketplace.stages(city, day, numbers=range(20), at=morning(day, hour=-2))
    return marketplace


def outcomes(context: Any, metric: str, day: date = DAY, country: str = "SA") -> dict[str, str]:
    return {
        one.target.value: one.outcome.value for one in service.day_outcomes(context, metric, country, Days(day, day))
    }


def test_a_day_that_came_in_time_and_agrees_keeps_its_targets(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        report = service.settle(context)

        assert outcomes(context, "orders") == {"timeliness": "kept", "accuracy": "kept"}
        assert outcomes(context, "basket_value") == {"timeliness": "kept", "accuracy": "unmeasured"}
        assert report.cases == ()
        assert fed.workspace.root.is_dir()


def test_settling_twice_changes_nothing(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        service.settle(context)
    with entering(LATER) as context:
        again = service.settle(context)

    assert (again.days_settled, again.outcomes, again.cases) == (0, {}, ())
    assert fed.workspace.root.is_dir()


def test_a_day_is_settled_two_mornings_after_it_ended_and_not_before(fed: Any, entering: Callable) -> None:
    def newest(now: datetime) -> date | None:
        with entering(now) as context:
            service.settle(context)
            return context.session.scalar(select(func.max(SettledDay.day)))

    assert newest(datetime(2026, 2, 12, 5, 59, tzinfo=UTC)) == DAY - timedelta(days=1)
    assert newest(datetime(2026, 2, 12, 6, 0, tzinfo=UTC)) == DAY
    assert fed.workspace.root.is_dir()


def test_what_came_after_the_hour_is_late_and_opens_one_case(
    fed: Any, entering: Callable, morning: Callable[..., datetime]
) -> None:
    fed.orders("riyadh", DAY, numbers=range(20, 25), at=morning(DAY, hour=7))
    fed.stages("riyadh", DAY, numbers=range(20, 25), at=morning(DAY, hour=7))
    with entering(LATER) as context:
        service.settle(context)

        assert outcomes(context, "orders")["timeliness"] == "missed"
        assert outcomes(context, "orders", country="KW")["timeliness"] == "kept"
        [case] = cases.list_cases(context)
        assert (case.country, case.severity) == ("SA", "minor")
        late = service.day_outcomes(context, "orders", "SA", Days(DAY, DAY))[1]
        assert late.measured == pytest.approx(20 / 25)
        assert late.evidence == "orders"


def test_history_that_was_brought_in_later_is_not_late(
    marketplace: Any, entering: Callable, morning: Callable[..., datetime]
) -> None:
    for number in range(3):
        marketplace.orders("riyadh", FIRST + timedelta(days=number), numbers=range(5), at=morning(DAY, days_later=2))
    with entering(LATER) as context:
        service.settle(context)

        assert outcomes(context, "orders") == {"timeliness": "unmeasured", "accuracy": "unmeasured"}
        assert cases.count_cases(context) == 0


def test_two_ways_to_a_number_that_differ_miss_accuracy(
    fed: Any, entering: Callable, morning: Callable[..., datetime]
) -> None:
    fed.stages("riyadh", DAY, numbers=range(20, 23), at=morning(DAY, hour=1))
    with entering(LATER) as context:
        service.settle(context)
        assert outcomes(context, "orders")["accuracy"] == "missed"
        found = service.reconcile(context, Days(DAY, DAY), ("orders_by_stage",))

        assert {(one.country, one.one, one.other) for one in found} == {("SA", 20, 23), ("KW", 20, 20)}
        assert [one.check for one in service.list_findings(context) if one.metric == "orders"] == ["reconciliation"]
        with pytest.raises(NotFound, match="orders_by_stage"):
            service.reconcile(context, Days(DAY, DAY), ("by_magic",))


def test_an_edit_of_a_settled_day_is_found_and_what_was_settled_stays(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        service.settle(context)
    fed.orders("riyadh", DAY, numbers=range(20), value=1100, at=LATER + timedelta(hours=1))
    with entering(LATER + timedelta(days=1)) as context:
        report = service.settle(context)

        assert outcomes(context, "basket_value")["stability"] == "missed"
        assert "stability" not in outcomes(context, "orders")
        assert report.moved >= 1
        then = context.session.get_one(SettledDay, ("basket_value", "SA", DAY))
        assert then.value == 20_000
        assert any(case.severity == "critical" for case in cases.list_cases(context))


def test_the_stability_of_a_day_is_decided_once_it_was_watched_long_enough(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        service.settle(context)
    with entering(LATER + timedelta(days=28)) as context:
        service.settle(context)

        assert outcomes(context, "orders")["stability"] == "kept"
        assert fed.workspace.root.is_dir()


def test_a_certificate_falls_when_the_budget_is_spent_and_comes_back(
    fed: Any, entering: Callable, morning: Callable[..., datetime]
) -> None:
    for number in range(3):
        day = FIRST + timedelta(days=number + 1)
        fed.orders("riyadh", day, numbers=range(20, 30), at=morning(day, hour=8))
        fed.stages("riyadh", day, numbers=range(20, 30), at=morning(day, hour=8))
    with entering(LATER + timedelta(days=1)) as context:
        report = service.settle(context)
        status = service.promise_status(context, "orders", "SA", DAY)

        assert ("orders", "SA") in report.fallen
        assert (status.declared, status.effective, status.is_fallen) == ("certified", "draft", True)
        assert status.outcomes["timeliness"] == "missed"
        assert not service.promise_status(context, "orders", "KW").is_fallen
        told = promises_of(context, ["orders"], frozenset({"SA"})), promises_of(context, ["orders"], frozenset({"KW"}))
        assert told == ({"orders": "missed"}, {"orders": "kept"})
        assert standings(context.session, ["orders"], countries=["SA"])["orders"][0].budget_used > 1
    day = date(2026, 3, 20)
    for city in ("riyadh", "kuwait"):
        fed.orders(city, day, numbers=range(20), at=morning(day, hour=-2))
    with entering(morning(day, hour=10, days_later=3)) as context:
        report = service.settle(context)

        assert ("orders", "SA") in report.recovered
        assert service.promise_status(context, "orders", "SA").effective == "certified"


def test_one_day_alone_can_be_settled(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        service.settle(context, day=DAY)

        assert set(context.session.scalars(select(SettledDay.day))) == {DAY}
        assert fed.workspace.root.is_dir()


def test_settling_takes_a_steward_and_reading_the_whole_country(fed: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        service.settle(context)
    with entering(LATER, grants=CITY_ONLY) as context:
        with pytest.raises(Forbidden):
            service.settle(context)
        with pytest.raises(Forbidden):
            service.find_anomalies(context)
        assert service.board(context) == ()
        assert service.day_outcomes(context, "orders", "SA", Days(DAY, DAY)) == ()
        assert service.list_findings(context) == ()
        with pytest.raises(NotFound):
            service.promise_status(context, "orders", "SA")
    assert fed.workspace.root.is_dir()


def test_an_empty_workspace_settles_nothing(marketplace: Any, entering: Callable) -> None:
    with entering(LATER) as context:
        assert service.settle(context).days_settled == 0
        assert service.find_anomalies(context) == ()
        assert marketplace.workspace.root.is_dir()


def test_orders_that_stand_twice_under_other_keys_open_a_case(
    fed: Any, entering: Callable, morning: Callable[..., datetime]
) -> None:
    moment = morning(DAY, hour=2)
    rows = [
        {"city_id": "riyadh", "order_id": f"again-{n}", "country": "SA", "currency": "SAR", "status": "delivered",
         "customer_id": f"riyadh-{DAY}-{n}", "placed_at": datetime(2026, 2, 10, 9, tzinfo=UTC) + timedelta(minutes=n),
         "basket_minor": 1000, "business_date": DAY, "local_hour": 12, "slot_at": datetime(2026, 2, 10, 9, tzinfo=UTC),
         "source": "test"}
        for n in range(20)
    ]  # fmt: skip
    fed.write("orders", rows, at=moment)
    with entering(LATER) as context:
        found = service.find_anomalies(context)
        service.find_anomalies(context)

        assert {(one.check, one.city_id, one.day) for one in found} == {("contents", "riyadh", DAY)}
        assert cases.count_cases(context) == 1
        assert len(service.list_findings(context)) == 1


BARE = "covers: [a], one: {}, other: {}"
SINCE = "from: 2026-01-01, source: me"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("parameters: {a: 1}", "must hold a list"),
        ("parameters: [{name: objective}]", "needs name, value"),
        (f"parameters: [{{name: luck, value: 1, {SINCE}}}]", "no parameter"),
        (f"parameters: [{{name: objective, value: 7, {SINCE}}}]", "below 1"),
    ],
)
def test_a_faulty_parameter_is_told(marketplace: Any, entering: Callable, text: str, told: str) -> None:
    path: Path = marketplace.workspace.root / "parameters" / "quality.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")

    with entering(LATER) as context, pytest.raises(InvalidDefinition, match=told):
        service.parameters(context)


def test_a_workspace_states_parameters_of_its_own(marketplace: Any, entering: Callable) -> None:
    path: Path = marketplace.workspace.root / "parameters" / "quality.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"parameters: [{{name: objective, value: 0.9, {SINCE}}}]", encoding="utf-8")

    with entering(LATER) as context:
        assert service.parameters(context).objective == 0.9


SIDE = "label: {en: X, ar: X, zh_Hans: X, zh_Hant: X, pt_BR: X}"


ONE, OTHER = "one: {table: orders, aggregate: count}", "other: {table: orders, aggregate: count}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1]", "must hold names"),
        ("{x: {label: {en: X}}}", "has label, covers"),
        (f"{{x: {{label: {{en: X}}, {BARE}}}}}", "a text in each"),
        (f"{{x: {{{SIDE}, covers: [], {ONE}, {OTHER}}}}}", "at least one"),
        (f"{{x: {{{SIDE}, covers: [a], one: {{table: nothing, aggregate: count}}, {OTHER}}}}}", "no fact table"),
        (f"{{x: {{{SIDE}, covers: [a], one: {{table: orders, aggregate: sum}}, {OTHER}}}}}", "sum `of`"),
        (f"{{x: {{{SIDE}, covers: [a], one: {{table: orders, sort: up}}, {OTHER}}}}}", "a side has"),
    ],
)
def test_a_faulty_reconciliation_is_told(marketplace: Any, entering: Callable, text: str, told: str) -> None:
    path: Path = marketplace.workspace.root / "quality" / "reconciliations.yaml"
    path.parent.mkdir()
    path.write_text(f"reconciliations: {text}", encoding="utf-8")

    with entering(LATER) as context, pytest.raises(InvalidDefinition, match=told):
        service.list_reconciliations(context)


def test_a_budget_allows_two_misses_of_a_full_window_and_not_three() -> None:
    parameters = Parameters(0.97, 28, 2, 28, 60, 0.995, 1100, 14)
    two, three = (
        burn_of("orders", "SA", DAY, [Outcome.MISSED] * count + [Outcome.KEPT, Outcome.UNMEASURED], parameters)
        for count in (2, 3)
    )

    assert (two.is_fallen, three.is_fallen) == (False, True)
    assert two.measured == 3
