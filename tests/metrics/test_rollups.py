"""Answers from roll-ups: the same as from the facts, to whoever asks, and never from a roll-up that does not stand."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from tiffin.capabilities.cases.service import list_cases
from tiffin.capabilities.metrics.service import query, rollup_answers, rollup_demand, rollup_planning, rollups
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.offering import shelf_of
from tiffin.capabilities.metrics.service.rollup_planning import plan_rollups
from tiffin.cli.entry import main
from tiffin.engines.metrics import rollup_plan
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace

STEWARD = (Grant(Role.STEWARD, ("*",), ("*",)),)
VALUES = 120_000
FIRST = date(2026, 1, 26)
Entering = Callable[..., Any]


def with_settings(workspace: Workspace, **settings: Any) -> Workspace:
    return replace(workspace, config={**workspace.config, "rollups": settings})


@pytest.fixture(scope="session")
def built(small: Workspace, tmp_path_factory: pytest.TempPathFactory, entering: Entering) -> Workspace:
    """A copy of the small workspace with roll-ups."""
    folder = tmp_path_factory.mktemp("rolled") / "workspace"
    shutil.copytree(small.root, folder)
    workspace = with_settings(replace(small, root=folder), values=VALUES, checked_one_in=0)
    with pytest.MonkeyPatch.context() as patch, entering(workspace, grants=STEWARD) as context:
        patch.setattr(rollup_plan, "LEAST_SAVING", 0)
        assert len(rollups.build_rollups(context)) > 5
    return workspace


@pytest.fixture
def rolled(built: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The same, to be changed by a test."""
    monkeypatch.setattr(rollup_plan, "LEAST_SAVING", 0)
    shutil.copytree(built.root, tmp_path / "workspace")
    return replace(built, root=tmp_path / "workspace")


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Which roll-ups each answer was read from."""
    found: list[tuple[str, ...]] = []
    real = rollup_answers.fetch

    def noted(*arguments: Any) -> Any:
        answer = real(*arguments)
        found.append(answer.compiled.rollups)
        return answer

    monkeypatch.setattr("tiffin.capabilities.metrics.service.answering.fetch", noted)
    return found


def ask(context: Context, *metrics: str, **request: Any) -> tuple[tuple[Any, ...], ...]:
    return query(context, MetricRequest(metrics, **request)).rows


def close(found: Any, expected: Any) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        for left, right in zip(one, other, strict=True):
            assert left == (pytest.approx(right) if isinstance(right, float) else right)


def requests(workspace: Workspace, count: int) -> Iterator[MetricRequest]:
    dice = random.Random(20260126)  # noqa: S311 - not a secret
    model = library_of(workspace).model
    while count:
        metrics = tuple(dice.sample(sorted(model.metrics), dice.choice((1, 1, 2, 4))))
        shared = sorted(frozenset.intersection(*(model.resolved[name].dimensions for name in metrics)) - {"rider_id"})
        if any(model.resolved[name].is_money for name in metrics) and "city_id" not in shared:
            continue
        by = ["city_id"] if any(model.resolved[name].is_money for name in metrics) else []
        by += [name for name in dice.sample(shared, min(len(shared), dice.choice((0, 1, 2)))) if name not in by]
        periods = ("business_date", "week", "month", "quarter", "year", "weekday")
        framed = any(model.resolved[name].is_framed for name in metrics)
        moments = [name for name in by if model.dimensions[name].type is ColumnType.INSTANT]
        by = [name for name in by if not framed or name not in (*periods, *moments) or name == "business_date"]
        where = (Condition("city_id", Operator.IN, tuple(dice.sample(("riyadh", "jeddah", "kuwait"), 2))),)
        first = FIRST + timedelta(days=dice.randrange(10))
        days = Days(first, first + timedelta(days=dice.randrange(9)))
        yield MetricRequest(metrics, tuple(by), where if dice.random() < 0.3 else (), days)
        count -= 1


def test_any_request_is_answered_alike_from_rollups_and_from_facts(
    built: Workspace, entering: Entering, used: list[tuple[str, ...]]
) -> None:
    plain = with_settings(built, use=False)
    grants = [STEWARD, (Grant(Role.ANALYST, ("SA",), ()),), (Grant(Role.ANALYST, ("KW",), ("jeddah",)),)]
    refused = 0
    for index, request in enumerate(requests(built, 60)):
        how = {"grants": grants[index % 3]}
        try:
            with entering(built, **how) as context:
                one = query(context, request)
        except Forbidden:
            refused += 1
            with pytest.raises(Forbidden), entering(plain, **how) as facts:
                query(facts, request)
            continue
        with entering(plain, **how) as facts:
            other = query(facts, request)
        close(one.rows, other.rows)
        assert one.columns == other.columns
        assert one.receipt.tables == other.receipt.tables
        assert one.receipt.rerun_hash == other.receipt.rerun_hash
    assert refused <= 5
    assert sum(map(bool, used)) > 15


def test_money_in_one_currency_is_told_alike_by_rollups_and_by_facts(
    rolled: Workspace, entering: Entering, writing: Callable[..., None], used: list[tuple[str, ...]]
) -> None:
    strange = {"city_id": "riyadh", "order_id": "o1", "status": "delivered", "currency": "XXX", "basket_minor": 100}
    with entering(rolled, grants=STEWARD):
        writing(rolled, orders=[strange | {"country": "SA", "business_date": FIRST, "source": "test"}])
    money = sorted(name for name, found in library_of(rolled).model.resolved.items() if found.is_money)
    ways = [{}, {"by": ("country",)}, {"by": ("business_date", "city_id")}, {"by": ("currency",)}, {"by": ("month",)}]
    fewer, plain = (Grant(Role.ANALYST, ("*",), (), minimum_size=6),), with_settings(rolled, use=False)
    for index, name in enumerate(money):
        asked = {**ways[index % len(ways)], "currency": ("USD", "KWD")[index % 2]}
        grants = fewer if index % 3 == 2 else STEWARD
        with entering(rolled, grants=grants) as context, entering(plain, grants=grants) as facts:
            close(ask(context, name, **asked), ask(facts, name, **asked))
    told = {name for name, tables in zip(money, used[::2], strict=True) if tables}
    assert {"basket_value", "basket_value_mean", "discount_value", "refund_value", "tip_mean"} & set(money) <= told
    assert len(told) > len(money) / 2


def test_what_names_no_city_is_read_from_the_few_rows_of_countries(
    rolled: Workspace, entering: Entering, writing: Callable[..., None], used: list[tuple[str, ...]]
) -> None:
    row = {"country": "SA", "currency": "SAR", "status": "delivered", "business_date": FIRST, "source": "test"}
    writing(rolled, orders=[row | {"order_id": f"o{index}", "city_id": f"city-{index}"} for index in range(40)])
    with entering(rolled, grants=STEWARD) as context:
        rollups.build_rollups(context)
    riyadh = (Condition("city_id", Operator.IN, ("riyadh",)),)
    with entering(rolled) as context, entering(with_settings(rolled, use=False)) as facts:
        for asked in ({"by": ("week", "country")}, {"by": ("country",), "where": riyadh}):
            close(ask(context, "orders", "late_share", **asked), ask(facts, "orders", "late_share", **asked))
    assert [bool(tables) and "by_country_currency" in tables[0] for tables in used] == [True, False, False, False]


def test_restated_and_new_orders_and_a_new_city_are_in_the_next_answer(
    rolled: Workspace, entering: Entering, writing: Callable[..., None], used: list[tuple[str, ...]]
) -> None:
    with entering(rolled) as context:
        before = dict(ask(context, "orders", by=("city_id",)))
    row = {"order_id": "o1", "city_id": "mecca", "business_date": FIRST, "status": "delivered", "source": "new"}
    with entering(rolled, grants=STEWARD):
        writing(rolled, orders=[row, row | {"order_id": "o2", "country": "SA"}])
        writing(rolled, cities=[{"city_id": "mecca", "country": "SA", "currency": "SAR", "source": "new"}])
    with entering(rolled) as context:
        after = dict(ask(context, "orders", by=("city_id",)))
    assert after == before | {"mecca": 2}
    assert all(used)


def test_a_rollup_behind_its_facts_is_not_used(
    rolled: Workspace, entering: Entering, writing: Callable[..., None], used: list[tuple[str, ...]]
) -> None:
    row = {"order_id": "new", "city_id": "riyadh", "business_date": FIRST, "status": "delivered", "source": "new"}
    writing(rolled, orders=[row])  # by another process: nothing follows it
    with entering(with_settings(rolled, checked_one_in=0)) as context:
        assert ask(context, "orders")[0][0] == 401
        states = rollups.list_rollups(context)
    assert used == [()]
    assert {state.stands_for == state.facts_version for state in states if state.source == "orders"} == {False}


def test_facts_as_of_an_earlier_version_come_from_the_rollup_of_that_version_or_from_the_facts(
    rolled: Workspace, entering: Entering, writing: Callable[..., None], used: list[tuple[str, ...]]
) -> None:
    row = {"order_id": "new", "city_id": "riyadh", "business_date": FIRST, "status": "delivered", "source": "new"}
    with entering(rolled, grants=STEWARD):
        writing(rolled, orders=[row])
    for version, orders in ((0, 400), (1, 401)):
        with entering(rolled, as_of={"orders": version}) as context:
            assert ask(context, "orders") == ((orders,),)
    assert all(used)
    shelf = shelf_of(rolled)
    for kept in list(shelf.kept()):
        shutil.rmtree(shelf.store.location(kept.rollup.name))
    with entering(rolled, as_of={"orders": 0}) as context:
        assert ask(context, "orders") == ((400,),)
    assert used[-1] == ()


def test_a_rollup_whose_files_are_gone_is_replaced_by_the_facts(rolled: Workspace, entering: Entering) -> None:
    for file in (rolled.tables / ".rollups").glob("rollup_orders*/*.parquet"):
        file.unlink()
    with entering(rolled) as context:
        assert ask(context, "orders") == ((400,),)


def tampered(workspace: Workspace) -> None:
    """Change every number in the roll-ups of orders behind Tiffin's back."""
    for file in (workspace.tables / ".rollups").glob("rollup_orders*/*.parquet"):
        table = pq.read_table(file)
        for index, field in enumerate(table.schema):
            if pa.types.is_integer(field.type):
                values = [None if value is None else value + 1 for value in table.column(index).to_pylist()]
                table = table.set_column(index, field, pa.array(values, field.type))
        pq.write_table(table, file)


def incidents(context: Context) -> list[str]:
    entries = context.session.scalars(select(AuditEntry).where(AuditEntry.action == "rollup_quarantined"))
    return [entry.subject for entry in entries]


def test_a_tampered_rollup_is_found_by_an_answer_quarantined_and_noted(
    rolled: Workspace, entering: Entering, used: list[tuple[str, ...]]
) -> None:
    tampered(rolled)
    checked = with_settings(rolled, checked_one_in=1)
    with entering(checked) as context:
        assert ask(context, "orders") == ((400,),)
    assert used == [()]
    with entering(checked, grants=STEWARD) as context:
        (found,) = incidents(context)
        states = {state.name: state.quarantined for state in rollups.list_rollups(context)}
        assert states[found]
        (case,) = list_cases(context)
        assert found in case.headline
        built = rollups.build_rollups(context)
        assert not any(state.quarantined for state in built)
    with entering(checked) as context:
        assert ask(context, "orders") == ((400,),)
    assert used[-1]


def test_a_checked_answer_is_not_checked_again(
    rolled: Workspace, entering: Entering, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bool] = []
    real = rollup_answers.from_facts
    monkeypatch.setattr(rollup_answers, "from_facts", lambda *given: compared.append(True) or real(*given))
    for _ in range(3):
        with entering(with_settings(rolled, checked_one_in=1)) as context:
            ask(context, "delivered_orders", by=("city_id",), limit=2)
    assert len(compared) == 1


def test_about_one_in_so_many_answers_is_checked(rolled: Workspace, entering: Entering) -> None:
    with entering(with_settings(rolled, checked_one_in=4)) as context:
        statements = [rollup_answers.Compiled(f"SELECT {number}", "duckdb", (), ()) for number in range(400)]
        drawn = [rollup_answers._is_due(context, item) for item in statements]
        again = [rollup_answers._is_due(context, item) for item in statements]
    assert 60 < sum(drawn) < 140
    assert drawn == again


def test_verifying_finds_a_tampered_rollup_and_says_where(
    rolled: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tampered(rolled)
    (rolled.root / "tiffin.toml").write_text(f"[rollups]\nvalues = {VALUES}\n", encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        code = main(["metrics", "rollups", *words, "--workspace", str(rolled.root)])
        return code, capsys.readouterr().out

    code, out = run("verify")
    assert code == 1
    assert "rollup_orders" in out
    assert "quarantined" in run("list")[1]
    assert run("build", "--anew")[0] == 0
    assert "in use" in run("list")[1]
    assert run("verify", "--json")[0] == 0
    assert '"is_built": true' in run("plan", "--json")[1]
    assert "orders" in run("plan")[1]


def test_only_a_steward_of_all_cities_builds_rollups(rolled: Workspace, entering: Entering) -> None:
    some = (Grant(Role.STEWARD, ("SA",), ()), Grant(Role.ANALYST, ("*",), ("*",)))
    with entering(rolled, grants=some) as context, pytest.raises(Forbidden):
        rollups.build_rollups(context)
    with entering(rolled, grants=some) as context, pytest.raises(Forbidden):
        rollups.verify_rollups(context)


def test_what_is_asked_often_of_the_facts_is_planned(
    small: Workspace, tmp_path: Path, entering: Entering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_plan, "LEAST_SAVING", 0)
    shutil.copytree(small.root, tmp_path / "workspace")
    workspace = replace(small, root=tmp_path / "workspace")
    with entering(workspace, grants=STEWARD) as context:
        for _ in range(3):
            ask(context, "orders", by=("vehicle", "zone_id"))
        planned = {plan.more for plan in plan_rollups(context, values=10**9)}
    assert ("vehicle", "zone_id") in planned
    path = workspace.state / rollup_demand.FILE
    path.write_text(path.read_text(encoding="utf-8") + '{"source": "orders", "colu', encoding="utf-8")
    monkeypatch.setattr(rollup_demand, "LARGE", 1)
    first = rollup_demand.demand_in(workspace)
    assert rollup_demand.demand_in(workspace) == first
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(first)


def test_a_plan_of_many_facts_counts_some_days_and_comes_near(
    small: Workspace, entering: Entering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup_plan, "LEAST_SAVING", 0)
    with entering(small, grants=STEWARD) as context:
        whole = {plan.rollup.name: plan.rows for plan in plan_rollups(context, values=10**9)}
        monkeypatch.setattr(rollup_planning, "COUNTED_ROWS", 150)
        monkeypatch.setattr(rollup_planning, "LEAST_DAYS", 4)
        some = {plan.rollup.name: plan.rows for plan in plan_rollups(context, values=10**9)}
    assert some != whole
    both = some.keys() & whole.keys()  # a near estimate may leave another one out
    assert len(both) > len(whole) / 2
    assert {name: some[name] for name in both} == {name: pytest.approx(whole[name], rel=0.35, abs=12) for name in both}


def test_a_plan_without_room_removes_what_was_built(rolled: Workspace, entering: Entering) -> None:
    with entering(rolled, grants=STEWARD) as context:
        assert rollups.build_rollups(context, values=0) == ()
    assert not shelf_of(rolled).names()


@pytest.mark.parametrize("engine", ["spark"])
def test_the_other_engine_reads_the_same_rollups(
    rolled: Workspace, entering: Entering, used: list[tuple[str, ...]], engine: str
) -> None:
    asked = {"by": ("business_date", "country")}
    with entering(rolled, engine=engine) as context, entering(with_settings(rolled, use=False)) as facts:
        close(ask(context, "orders", "late_share", **asked), ask(facts, "orders", "late_share", **asked))
    assert used[0]
