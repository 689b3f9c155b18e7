"""Columns are proposed by detectors, confirmed by people, and guarded at once where people say so."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.classification import Holder
from tiffin.capabilities.access.service import classification as service
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics import service as metrics
from tiffin.cli.composition import compose
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.store import arrow_schema
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]

ORDERS = Holder("orders")
PHONES = "+966 50 123 4567"
WHY = "Whole districts of the city only"


@pytest.fixture
def loaded(acting: Acting, workspace: Workspace) -> Workspace:
    """Load a city with some orders; two stewards and an analyst are there."""
    city = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "timezone": "Asia/Riyadh", "currency": "SAR"}
    city |= {"timezone_known": True, "cutoff_min": 240, "weekend": "5,6", "is_simulated": True, "source": "t"}
    rows = [
        {"city_id": "riyadh", "order_id": f"o{n}", "vehicle": "bicycle" if n % 2 else "car", "status": "placed"}
        | {
            "placed_at": datetime(2026, 2, 1 + n % 19, 12, tzinfo=UTC),
            "currency": "SAR",
            "source": "t",
            "country": "SA",
        }
        for n in range(60)
    ]
    with acting() as context:
        _write(context, "cities", [city])
        _write(context, "orders", rows)
        for name, role in (("sara", Role.STEWARD), ("omar", Role.STEWARD), ("vera", Role.VIEWER)):
            access.add_account(context, name)
            access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    return workspace


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    lines = [f"{n},{PHONES[:-2]}{n:02},1987-0{1 + n % 9}-1{n % 9}" for n in range(40)]
    path.write_text("number,customer phone,birth date\n" + "\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def browser(loaded: Workspace, acting: Acting) -> Iterator[TestClient]:
    with acting(user="sara") as context:
        service.classify_table(context, "orders")
    with TestClient(create_app(loaded.root), base_url="http://localhost", follow_redirects=True) as client:
        with open_context(loaded.root) as context:
            token = access.make_sign_in_link(context, context.actor.name)
        client.get(f"/sign-in/{token}")
        yield client


@pytest.mark.usefixtures("loaded")
def test_a_stricter_class_holds_from_the_next_question_on(acting: Acting) -> None:
    asked = MetricRequest(("orders",), ("vehicle",))
    with acting(user="vera") as context:
        assert len(metrics.query(context, asked).rows) == 2
    with acting(user="sara") as context:
        service.classify_table(context, "orders")
        service.confirm(context, ORDERS, "vehicle", Classification.PERSONAL, reason="Tells riders apart here")
    with acting(user="vera") as context, pytest.raises(Forbidden):
        metrics.query(context, asked)
    with acting(user="sara") as context:
        assert len(metrics.query(context, asked).rows) == 2


@pytest.mark.usefixtures("loaded")
def test_guarding_less_needs_a_second_person(acting: Acting) -> None:
    with acting(user="sara") as context:
        service.classify_table(context, "orders")
        service.confirm(context, ORDERS, "vehicle", Classification.PERSONAL, reason="Tells riders apart here")
        asked = service.confirm(context, ORDERS, "vehicle", Classification.INTERNAL)
        with pytest.raises(Forbidden):
            service.agree(context, ORDERS, "vehicle")
    with acting(user="omar") as context:
        agreed = service.agree(context, ORDERS, "vehicle")
        with pytest.raises(Conflict):
            service.decline(context, ORDERS, "vehicle")

    assert (asked.in_force, asked.looser) == (Classification.PERSONAL, Classification.INTERNAL)
    assert (agreed.in_force, agreed.looser, agreed.confirmed_by) == (Classification.INTERNAL, None, "omar")


@pytest.mark.usefixtures("loaded")
def test_a_declined_wish_leaves_the_column_as_guarded_as_it_was(acting: Acting, survey: Path) -> None:
    holder = Holder("survey.csv", is_file=True)
    with acting(user="sara") as context:
        service.classify_file(context, survey)
        service.confirm(context, holder, "birth date", Classification.INTERNAL, reason=WHY)
    with acting(user="omar") as context:
        kept = service.decline(context, holder, "birth date")

    assert (kept.in_force, kept.looser, kept.confirmed) == (Classification.PERSONAL, None, None)


@pytest.mark.usefixtures("loaded")
def test_a_workspace_cannot_guard_less_than_the_contract(acting: Acting) -> None:
    with acting(user="sara") as context:
        service.classify_table(context, "orders")
        with pytest.raises(Conflict):
            service.confirm(context, ORDERS, "customer_id", Classification.INTERNAL, reason=WHY)


@pytest.mark.usefixtures("loaded")
def test_another_class_than_the_proposed_needs_a_reason(acting: Acting) -> None:
    with acting(user="sara") as context:
        service.classify_table(context, "orders")
        with pytest.raises(InvalidData):
            service.confirm(context, ORDERS, "vehicle", Classification.SPECIAL, reason="no")


@pytest.mark.usefixtures("loaded")
def test_confirming_all_never_falls_below_a_contract_and_is_audited(acting: Acting) -> None:
    with acting(user="sara") as context:
        columns = service.classify_table(context, "orders")
        assert service.confirm_all(context, ORDERS) == len(columns)
        after = service.columns_of(context, ORDERS)
    with acting() as context:
        entries = access.list_audit(context, action="column_class_confirmed")

    before = {one.name: one.in_force for one in columns}
    order = list(Classification)
    assert all(order.index(one.in_force) >= order.index(before[one.name]) for one in after)
    assert len(entries) == len(columns)
    assert not any(one.waits for one in after)


@pytest.mark.usefixtures("loaded")
def test_no_value_of_a_file_is_kept(acting: Acting, survey: Path) -> None:
    with acting(user="sara") as context:
        found = {one.name: one for one in service.classify_file(context, survey)}
        again = service.classify_file(context, survey)
        holders = service.list_holders(context)

    assert found["customer phone"].looks == ("+999 99 999 9999",)
    assert found["customer phone"].found[0].kind == "phone"
    assert found["birth date"].proposed is Classification.PERSONAL
    assert len(again) == 3
    assert [one.holder.name for one in holders] == ["survey.csv"]


@pytest.mark.usefixtures("loaded")
def test_only_stewards_of_all_countries_classify(acting: Acting, survey: Path) -> None:
    with acting(user="vera") as context:
        for act in (
            lambda: service.classify_table(context, "orders"),
            lambda: service.classify_file(context, survey),
            lambda: service.list_holders(context),
            lambda: service.columns_of(context, ORDERS),
            lambda: service.confirm(context, ORDERS, "vehicle", Classification.SPECIAL),
            lambda: service.confirm_all(context, ORDERS),
            lambda: service.agree(context, ORDERS, "vehicle"),
            lambda: service.decline(context, ORDERS, "vehicle"),
        ):
            with pytest.raises(Forbidden):
                act()


@pytest.mark.usefixtures("loaded")
def test_what_is_not_there_is_told(acting: Acting) -> None:
    with acting(user="sara") as context:
        with pytest.raises(NotFound):
            service.classify_table(context, "plates")
        with pytest.raises(Conflict):
            service.classify_table(context, "refunds")
        with pytest.raises(NotFound):
            service.columns_of(context, ORDERS)
        service.classify_table(context, "orders")
        with pytest.raises(NotFound):
            service.confirm(context, ORDERS, "colour", Classification.SPECIAL)


def test_the_pages_show_confirm_and_refuse(browser: TestClient) -> None:
    holders = browser.get("/access/classification")
    columns = browser.get("/access/classification/columns?of=orders&show=all")
    sent = {"of": "orders", "file": "false", "column": "vehicle"}
    headers = {"origin": "http://localhost"}
    refused = browser.post("/access/classification/confirm", data=sent | {"chosen": "special"}, headers=headers)
    data = sent | {"chosen": "personal", "reason": "Tells riders apart"}
    done = browser.post("/access/classification/confirm", data=data, headers=headers)
    looser = browser.post("/access/classification/confirm", data=sent | {"chosen": "internal"}, headers=headers)
    own = browser.post("/access/classification/loosen", data=sent | {"answer": "agree"}, headers=headers)
    back = browser.post("/access/classification/loosen", data=sent | {"answer": "decline"}, headers=headers)
    every = browser.post("/access/classification/confirm-all", data={"of": "orders", "file": "false"}, headers=headers)
    again = browser.post("/access/classification/look", data={"table": "orders"}, headers=headers)
    empty = browser.post("/access/classification/look", data={"table": "refunds"}, headers=headers)

    assert "orders" in holders.text
    assert "keys of people" in columns.text
    assert refused.status_code == 422 or "A reason of" in refused.text
    assert "Tells riders apart" in done.text
    assert "Take back" in looser.text
    assert own.status_code == 403
    assert "Take back" not in back.text
    assert "Confirm all" not in every.text
    assert again.status_code == 200
    assert empty.status_code == 409


def test_the_command_proposes_and_confirms(loaded: Workspace, survey: Path) -> None:
    run = CliRunner()
    asked = ["--workspace", str(loaded.root)]
    proposed = run.invoke(compose(), ["access", "classify", str(survey), "--json", *asked])
    one = run.invoke(compose(), ["access", "confirm", "survey.csv", "birth date", "--file", *asked])
    every = run.invoke(compose(), ["access", "confirm", "survey.csv", "--file", "--json", *asked])

    assert '"proposed": "personal"' in proposed.stdout
    assert PHONES not in proposed.stdout
    assert "birth date" in one.stdout
    assert '"confirmed": null' not in every.stdout


def _write(context: Context, table: str, rows: list[dict[str, object]]) -> None:
    known = pa.schema([field for field in arrow_schema(TABLES[table]) if field.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "t")
