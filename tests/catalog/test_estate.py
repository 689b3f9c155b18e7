"""The estate outside: what other systems hold, kept apart, matched to what is here, and counted."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog.domain.estate.dbt import read_dbt
from tiffin.capabilities.catalog.domain.estate.found import Estate, OutsideEdge, OutsideKind, OutsideUse
from tiffin.capabilities.catalog.domain.estate.matching import matches
from tiffin.capabilities.catalog.domain.estate.metabase import read_metabase
from tiffin.capabilities.catalog.domain.estate.query_log import read_query_log
from tiffin.capabilities.catalog.domain.estate.schema_rows import read_schema
from tiffin.capabilities.catalog.domain.estate.superset import read_superset
from tiffin.capabilities.catalog.service import estate
from tiffin.capabilities.catalog.service.estate import System
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)
Acting = Callable[..., AbstractContextManager[Context]]

MODEL = {
    "resource_type": "model",
    "name": "fct_orders",
    "schema": "mart",
    "description": "One row an order",
    "group": "logistics",
    "tags": ["daily"],
    "columns": {name: {"name": name, "description": ""} for name in ("order_id", "city_id", "placed_at", "extra")},
    "depends_on": {"nodes": ["source.shop.raw.orders"]},
}
MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.shop.fct_orders": MODEL,
        "test.shop.unique": {"resource_type": "test", "name": "unique", "attached_node": "model.shop.fct_orders"},
        "test.shop.related": {"resource_type": "test", "depends_on": {"nodes": ["model.shop.fct_orders"]}},
    },
    "sources": {"source.shop.raw.orders": {"resource_type": "source", "name": "orders", "schema": "raw"}},
    "exposures": {
        "exposure.shop.board": {
            "resource_type": "exposure",
            "name": "board",
            "label": "Daily board",
            "owner": {"email": "nora@example.org"},
            "depends_on": {"nodes": ["model.shop.fct_orders"]},
        }
    },
    "groups": {"group.shop.logistics": {"name": "logistics", "owner": {"name": "Logistics"}}},
}
RESULTS = {
    "results": [
        {
            "unique_id": "model.shop.fct_orders",
            "timing": [{"completed_at": "2026-02-19T03:00:00Z"}],
            "status": "success",
        },
        {"unique_id": "test.shop.unique", "status": "pass"},
        {"unique_id": "test.shop.related", "status": "fail"},
    ]
}


@pytest.fixture
def acting(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Acting:
    return partial(open_context, new_workspace(tmp_path / "workspace").root, now=NOW)


def test_a_dbt_manifest_tells_models_owners_edges_and_what_became_of_their_tests() -> None:
    found = read_dbt(MANIFEST, RESULTS)

    model = found.find("model.shop.fct_orders")
    assert model is not None
    assert (model.relation, model.owner, model.passed, model.failed) == ("mart.fct_orders", "Logistics", 1, 1)
    assert model.last_run == "2026-02-19T03:00:00Z"
    assert found.downstream("source.shop.raw.orders") == ("model.shop.fct_orders", "exposure.shop.board")
    assert found.upstream("exposure.shop.board") == ("model.shop.fct_orders", "source.shop.raw.orders")
    board = found.find("exposure.shop.board")
    assert board is not None
    assert (board.kind, board.name, board.owner) == (OutsideKind.REPORT, "Daily board", "nora@example.org")


def test_a_log_of_queries_tells_who_asks_what_and_which_column_comes_from_which() -> None:
    log = [
        {
            "query": "SELECT o.order_id FROM mart.orders o JOIN mart.cities c USING (city_id)",
            "usename": "nora",
            "at": "1",
        },
        {"query": "select count(*) from mart.orders", "usename": "nora", "at": "3", "calls": "4"},
        {
            "query": "WITH late AS (SELECT order_id AS id, promised_at FROM mart.orders) "
            "INSERT INTO mart.late SELECT id, promised_at AS due FROM late",
            "usename": "loader",
            "at": "2",
        },
        {"query": "SELEC nothing FROM", "usename": "omar"},
    ]
    found = read_query_log(log, "postgres")

    assert {use for use in found.uses if use.who == "nora"} == {
        OutsideUse("mart.orders", "nora", 5, "3"),
        OutsideUse("mart.cities", "nora", 1, "1"),
    }
    assert OutsideEdge("mart.orders", "mart.late", (("order_id", "id"), ("promised_at", "due"))) in found.edges
    assert len(found.skipped) == 1
    with pytest.raises(InvalidData, match="query_text"):
        read_query_log([{"user": "nora"}])


def test_an_information_schema_tells_tables_columns_and_permissions() -> None:
    rows = [
        {"table_schema": "Mart", "table_name": "orders", "column_name": name, "data_type": "text", "table_type": kind}
        for name, kind in (("order_id", "BASE TABLE"), ("city_id", "BASE TABLE"))
    ]
    granted = {"table_schema": "Mart", "table_name": "orders", "grantee": "nora", "privilege_type": "select"}
    found = read_schema(rows, [granted, granted, {**granted, "table_name": "gone"}])

    (table,) = found.assets
    assert (table.key, table.kind, [c.name for c in table.columns]) == ("mart.orders", "table", ["order_id", "city_id"])
    assert [(one.grantee, one.privilege) for one in found.permissions] == [("nora", "SELECT")]
    with pytest.raises(InvalidData, match="table_name"):
        read_schema([{"table_schema": "mart"}])


SUPERSET = {
    "export/datasets/dwh/orders.yaml": {
        "uuid": "d1",
        "table_name": "orders",
        "schema": "mart",
        "columns": [{"column_name": "order_id", "type": "TEXT"}],
        "metrics": [{"metric_name": "count", "expression": "COUNT(*)"}],
    },
    "export/datasets/dwh/late.yaml": {
        "uuid": "d2",
        "table_name": "late",
        "schema": "mart",
        "sql": "select order_id, city_id from mart.orders where delivered_at > promised_at",
    },
    "export/charts/c.yaml": {"uuid": "c1", "slice_name": "Late orders", "dataset_uuid": "d2", "certified_by": "Nora"},
    "export/dashboards/b.yaml": {
        "uuid": "b1",
        "dashboard_title": "Board",
        "position": {"CHART-1": {"type": "CHART", "meta": {"uuid": "c1"}}, "ROOT_ID": {"type": "ROOT"}},
    },
}


def test_a_superset_export_tells_what_each_dashboard_stands_on() -> None:
    found = read_superset(SUPERSET)

    assert found.upstream("b1") == ("c1", "d2", "mart.orders")
    assert {edge for edge in found.edges if edge.downstream == "d2"} == {
        OutsideEdge("mart.orders", "d2", (("order_id", "order_id"), ("city_id", "city_id")))
    }
    chart = found.find("c1")
    assert chart is not None
    assert chart.owner == "Nora"
    assert found.find("d1/count") is not None
    with pytest.raises(InvalidData, match="Superset"):
        read_superset({"a.yaml": {"b": 1}})


def test_a_metabase_export_tells_what_each_question_reads() -> None:
    def file(model: str, **content: Any) -> dict[str, Any]:
        return {"serdes/meta": [{"model": "Database"}, {"model": model}], **content}

    native = "SELECT * FROM mart.orders WHERE city_id = {{city}} [[AND zone_id = {{zone}}]]"
    files = {
        "t.yaml": file("Table", name="orders", schema="mart", description="orders"),
        "f.yaml": file("Field", name="order_id", table_id=["dwh", "mart", "orders"], database_type="text"),
        "q1.yaml": file(
            "Card", entity_id="q1", name="By hand", dataset_query={"type": "native", "native": {"query": native}}
        ),
        "q2.yaml": file(
            "Card",
            entity_id="q2",
            name="By blocks",
            type="model",
            dataset_query={
                "type": "query",
                "query": {"source-table": "card__q1", "joins": [{"source-table": ["dwh", "mart", "cities"]}]},
            },
        ),
        "b.yaml": file("Dashboard", entity_id="b", name="Board", dashcards=[{"card_id": "q2"}, {"card_id": None}]),
    }
    found = read_metabase(files)

    assert set(found.upstream("b")) == {"q2", "q1", "mart.cities", "mart.orders"}
    table = found.find("mart.orders")
    assert table is not None
    assert [column.name for column in table.columns] == ["order_id"]
    assert found.skipped == ()


def test_tables_are_matched_by_name_and_columns_and_strangers_are_not() -> None:
    own = {name: [column.name for column in table.columns] for name, table in TABLES.items()}
    rows = [
        ("mart", "fct_orders", ["ORDER_ID", "city_id", "placed_at", "status", "loaded_by"]),
        ("mart", "order_item", ["order_id", "item_id", "city_id", "quantity"]),
        ("mart", "salaries", ["person", "amount"]),
    ]
    found = read_schema(
        {"table_schema": schema, "table_name": name, "column_name": column}
        for schema, name, columns in rows
        for column in columns
    )
    best = {match.key: match for match in matches(found, own)}

    assert best["mart.fct_orders"].table == "orders"
    assert best["mart.fct_orders"].is_sure
    assert best["mart.order_item"].table == "order_items"
    assert "mart.salaries" not in best


def test_what_was_read_is_kept_apart_counted_and_replaced_whole(acting: Acting, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    (tmp_path / "target" / "run_results.json").write_text(json.dumps(RESULTS), encoding="utf-8")
    with acting() as context:
        first = estate.read_estate(context, "warehouse", System.DBT, path=tmp_path / "target")
    assert first.estate == read_dbt(MANIFEST, RESULTS)
    assert (first.health.described, first.health.owned, first.health.sound) == (1 / 3, 2 / 3, 0.0)
    assert [match.table for match in first.matched] == ["orders", "orders"]

    with acting() as context, pytest.raises(InvalidData):
        estate.read_estate(context, "warehouse", System.SUPERSET, path=tmp_path / "target")
    with acting() as context:
        assert estate.find_estate(context, "warehouse").estate == first.estate
        estate.decide_match(context, "warehouse", "source.shop.raw.orders", "orders", is_same=False)
        estate.decide_match(context, "warehouse", "model.shop.fct_orders", "orders", is_same=True)
        (kept,) = estate.find_estate(context, "warehouse").matched
        assert (kept.key, kept.likeness) == ("model.shop.fct_orders", 1.0)
        assert [name for name, _ in estate.outside_of(context, "orders")] == ["warehouse"]
    with acting() as context:
        (tmp_path / "target" / "manifest.json").write_text(json.dumps({"nodes": {"m": {**MODEL, "depends_on": {}}}}))
        again = estate.read_estate(context, "warehouse", System.DBT, path=tmp_path / "target")
        assert [asset.key for asset in again.estate.assets] == ["m"]
        estate.forget_estate(context, "warehouse")
        assert estate.list_estates(context) == ()
    with acting() as context:
        acts = context.session.scalars(select(AuditEntry.action)).all()
        assert {"estate_read", "estate_match_decided", "estate_forgotten"} <= set(acts)


def test_only_stewards_read_and_decide_and_nobody_without_a_grant_looks(acting: Acting, tmp_path: Path) -> None:
    export = tmp_path / "export"
    for path, content in SUPERSET.items():
        (export / path).parent.mkdir(parents=True, exist_ok=True)
        (export / path).write_text(yaml.safe_dump(content), encoding="utf-8")
    with acting() as context:
        access.add_account(context, "nora")
        estate.read_estate(context, "bi", System.SUPERSET, path=export)
    with acting(user="nora") as context:
        with pytest.raises(Forbidden):
            estate.list_estates(context)
        with pytest.raises(Forbidden):
            estate.read_estate(context, "bi", System.SUPERSET, path=export)
    with acting() as context:
        found = estate.find_estate(context, "bi").estate
        assert set(found.assets) == set(read_superset(SUPERSET).assets)
        with pytest.raises(NotFound):
            estate.find_estate(context, "other")
        with pytest.raises(NotFound):
            estate.decide_match(context, "bi", "d1", "no_table", is_same=True)


def test_a_live_system_is_named_by_a_variable_and_never_by_its_address(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DWH_ADDRESS", "sqlite:///x")
    with acting() as context:
        with pytest.raises(WrongUse, match="environment variable"):
            estate.read_estate(context, "dwh", System.POSTGRES, address="postgresql://u:p@h/d")
        with pytest.raises(WrongUse, match="sqlite"):
            estate.read_estate(context, "dwh", System.POSTGRES, address="DWH_ADDRESS")
        with pytest.raises(WrongUse, match="path"):
            estate.read_estate(context, "dwh", System.DBT)


def test_an_estate_walks_in_circles_without_end() -> None:
    found = Estate(edges=(OutsideEdge("a", "b"), OutsideEdge("b", "a")))
    assert found.downstream("a") == ("b",)


def test_a_large_estate_is_read_page_by_page_and_taken_away_whole(
    tmp_path: Path, new_workspace: Callable[[Path], Workspace]
) -> None:
    root = new_workspace(tmp_path / "workspace").root
    rows = [f"mart,t{number:03},id,int" for number in range(230)]
    listed = tmp_path / "columns.csv"
    listed.write_text("\n".join(["table_schema,table_name,column_name,data_type", *rows]), encoding="utf-8")
    with open_context(root) as context:
        estate.read_estate(context, "dwh", System.SCHEMA, path=listed)
    browser = signed_in(root)

    pages = [browser.get(f"/catalog/estate/dwh?sort=name&page={number}").text for number in (1, 2, 3)]
    shown = [set(re.findall(r"<bdi>(t\d+)</bdi>", page)) for page in pages]
    assert [len(one) for one in shown] == [100, 100, 30]
    assert len(set.union(*shown)) == 230
    assert all("230 assets" in page for page in pages)
    assert len(browser.get("/catalog/estate/dwh/export.csv").text.splitlines()) == 231
    assert len(browser.get("/catalog/estate/dwh/export.csv?q=t00").text.splitlines()) == 11


def test_a_word_about_a_match_is_taken_back_where_it_was_given(acting: Acting, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    with acting() as context:
        estate.read_estate(context, "warehouse", System.DBT, path=tmp_path / "target")
        root = context.workspace.root
    browser = signed_in(root)
    here = "/catalog/estate/warehouse?show=waiting"
    said = {"key": "source.shop.raw.orders", "table": "orders", "back": here}

    denied = browser.post("/catalog/estate/warehouse/matches", data=said | {"same": "no"}, follow_redirects=False)
    assert (denied.status_code, denied.headers["location"]) == (303, here)
    assert "not orders<" in browser.get("/catalog/estate/warehouse").text
    browser.post("/catalog/estate/warehouse/matches", data=said | {"same": "yes"})
    with acting() as context:
        assert estate.find_estate(context, "warehouse").confirmed == {"source.shop.raw.orders"}
        assert not estate.find_estate(context, "warehouse").denied


def signed_in(root: Path) -> TestClient:
    with open_context(root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser = TestClient(create_app(root))
    browser.get(f"/sign-in/{token}")
    return browser
