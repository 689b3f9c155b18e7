"""Definitions that come from other semantic layers or go to them: nothing is dropped silently, nothing breaks."""

# ruff: noqa: E501 - the foreign model is laid out as a table

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.interchange.found import SECTIONS, Fate, Found
from tiffin.capabilities.metrics.domain.interchange.osi_reading import read_osi
from tiffin.capabilities.metrics.domain.interchange.osi_writing import DIALECT, VENDOR
from tiffin.capabilities.metrics.service import interchange
from tiffin.capabilities.metrics.service.library import known_tables, unchecked_library
from tiffin.cli.entry import main
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.definitions import yaml_text
from tiffin.runtime.edge import open_context
from tiffin.runtime.json_text import json_text
from tiffin.runtime.workspace import Workspace

STEWARD = (Grant(Role.STEWARD, ("*",), ("*",)),)


@pytest.fixture
def own(small: Workspace, tmp_path: Path) -> Workspace:
    """The small workspace, to write definitions into."""
    folder = tmp_path / "own"
    shutil.copytree(small.root, folder)
    shutil.rmtree(folder / "metrics", ignore_errors=True)
    return Workspace(folder, small.config)


def without_extensions(document: dict[str, Any]) -> dict[str, Any]:
    """Take away what only we read, as a tool that knows the standard alone would."""
    model = document["semantic_model"][0]
    for item in (model, *model["datasets"], *model["metrics"]):
        item.pop("custom_extensions", None)
    return document


def test_every_shipped_definition_comes_back_as_it_went(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        definitions = interchange.definitions_of(context.workspace)
        document, remarks = interchange.export_osi(context)
        found = Found("test", known_tables(), context.now.date())
    read_osi(json.loads(json_text(document)), found)
    assert found.remarks == []
    for section in SECTIONS:
        assert found.section(section) == definitions[section], section
    told = {item["name"] for item in document["semantic_model"][0]["metrics"]}
    beside = {remark.what.removeprefix("metric ") for remark in remarks if remark.what.startswith("metric ")}
    assert told | beside == set(definitions["metrics"])
    assert all(remark.why for remark in remarks)


def test_the_document_says_what_the_standard_asks_for(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        document, _ = interchange.export_osi(context, "marketplace")
    assert set(document) == {"version", "semantic_model"}
    (model,) = document["semantic_model"]
    assert model["name"] == "marketplace"
    datasets = {item["name"]: item for item in model["datasets"]}
    assert datasets["orders"]["primary_key"] == ["city_id", "order_id"]
    fields = {item["name"]: item for item in datasets["orders"]["fields"]}
    assert fields["business_date"]["dimension"] == {"is_time": True}
    assert fields["business_date"]["datatype"] == "Date"
    for item in model["relationships"]:
        assert {item["from"], item["to"]} <= set(datasets)
        assert len(item["from_columns"]) == len(item["to_columns"]) > 0
        assert set(item["from_columns"]) <= {field["name"] for field in datasets[item["from"]]["fields"]}
    for item in (*model["metrics"], *(field for dataset in model["datasets"] for field in dataset["fields"])):
        assert [told["dialect"] for told in item["expression"]["dialects"]] == [DIALECT]
    for extension in model["custom_extensions"]:
        assert extension["vendor_name"] == VENDOR
        json.loads(extension["data"])


def test_metrics_read_from_the_standard_alone_give_the_same_numbers(own: Workspace, entering: Any) -> None:
    with entering(own, grants=STEWARD) as context:
        document, _ = interchange.export_osi(context)
        model = without_extensions(document)["semantic_model"][0]
        names = [item["name"] for item in model["metrics"]]
        for item in model["metrics"]:
            item["name"] = f"foreign_{item['name']}"
        file = own.root / "model.json"
        file.write_text(json_text(document), encoding="utf-8")
        report = interchange.import_osi(context, file)
    left_out = {remark.what: remark.why for remark in report.remarks if remark.fate is Fate.LEFT_OUT}
    taken = [name for name in names if f"foreign_{name}" in report.taken["metrics"]]
    assert len(taken) > 100
    assert all(f"metric foreign_{name}" in left_out for name in names if name not in taken)
    with entering(own) as context:
        for name in taken:
            rows = [
                service.query(context, MetricRequest((metric,), ("city_id",))).rows
                for metric in (name, f"foreign_{name}")
            ]
            assert len(rows[0]) == len(rows[1]), name
            for ours, theirs in zip(*rows, strict=True):
                assert ours == pytest.approx(theirs, nan_ok=True), name


FOREIGN = {
    "version": "0.1.1",
    "semantic_model": {
        "name": "shop",
        "datasets": [
            {
                "name": "sales",
                "source": "lake.public.orders",
                "fields": [
                    {"name": "State", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "status"}]},
                     "dimension": {"is_time": False}, "label": "State of the order"},
                    {"name": "basket", "expression": {"dialects": [
                        {"dialect": "MDX", "expression": "[x]"},
                        {"dialect": "SNOWFLAKE", "expression": "basket_minor"}]}},
                    {"name": "hashed", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "md5(status)"}]},
                     "dimension": {}},
                ],
                "custom_extensions": [{"vendor_name": "SNOWFLAKE", "data": "{}"}],
            },
            {
                "name": "towns",
                "source": "cities",
                "fields": [{"name": "land", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "country"}]},
                            "dimension": {}}],
            },
            {"name": "shops", "source": "merchants", "fields": []},
            {"name": "weather_log", "source": "public.storms", "fields": []},
        ],
        "relationships": [
            {"name": "to_towns", "from": "sales", "to": "towns", "from_columns": ["city_id"], "to_columns": ["city_id"]},
            {"name": "to_shops", "from": "sales", "to": "shops", "from_columns": ["merchant_id"],
             "to_columns": ["merchant_id"]},
        ],
        "metrics": [
            {"name": "Turnover", "description": "Baskets delivered.",
             "expression": {"dialects": [{"dialect": "ANSI_SQL",
                                          "expression": "SUM(CASE WHEN sales.State = 'delivered' THEN sales.basket END)"}]}},
            {"name": "saudi_orders",
             "expression": {"dialects": [{"dialect": "ANSI_SQL",
                                          "expression": "COUNT(*) FILTER (WHERE towns.land = 'SA' AND sales.item_count > 0)"}]}},
            {"name": "spread",
             "expression": {"dialects": [{"dialect": "ANSI_SQL",
                                          "expression": "MAX(sales.basket) - MIN(sales.basket) + COUNT(sales.State)"}]}},
            {"name": "deviation",
             "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "STDDEV(sales.basket)"}]}},
            {"name": "tabular", "expression": {"dialects": [{"dialect": "DAX", "expression": "SUM([x])"}]}},
            {"name": "stormy",
             "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "SUM(weather_log.wind)"}]}},
            {"name": "orders", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": "COUNT(sales.State)"}]}},
        ],
    },
}  # fmt: skip


def test_a_foreign_model_is_taken_as_far_as_it_goes_and_the_rest_is_told(own: Workspace, entering: Any) -> None:
    file = own.root / "shop.yaml"
    file.write_text(yaml_text(FOREIGN), encoding="utf-8")
    with entering(own, grants=STEWARD) as context:
        report = interchange.import_osi(context, file)
    assert set(report.taken["metrics"]) == {
        "turnover", "saudi_orders", "spread", "spread_part_1", "spread_part_2", "spread_part_3"
    }  # fmt: skip
    left_out = {remark.what: remark.why for remark in report.remarks if remark.fate is Fate.LEFT_OUT}
    assert set(left_out) == {
        "dataset weather_log", "field sales.hashed", "metric deviation", "metric tabular", "metric stormy",
        "metric orders",
    }  # fmt: skip
    assert "storms" in left_out["dataset weather_log"]
    changed = {remark.what: remark.why for remark in report.remarks if remark.fate is Fate.CHANGED}
    assert "city_id" in changed["relationship to_shops"]
    assert "SNOWFLAKE" in changed["dataset sales"]
    assert report.untranslated > 0
    with entering(own) as context:
        found = service.query(context, MetricRequest(("turnover", "basket_value"), ("currency",)))
        assert all(row[1] == row[2] for row in found.rows)
        saudi = service.query(context, MetricRequest(("saudi_orders", "spread"), ("land", "currency"))).rows
        assert {row[0]: row[2] for row in saudi}["ZZ"] == 0
        metric = service.find_metric(context, "turnover")
    assert metric.tier == "draft"
    assert metric.meaning.text("ar") == "Baskets delivered."
    assert unchecked_library(own).problems == ()


def test_importing_what_is_here_already_changes_nothing(own: Workspace, entering: Any) -> None:
    with entering(own, grants=STEWARD) as context:
        document, _ = interchange.export_osi(context)
        file = own.root / "same.json"
        file.write_text(json_text(document), encoding="utf-8")
        report = interchange.import_osi(context, file)
    assert report.file is None
    assert {remark.fate for remark in report.remarks} == {Fate.UNCHANGED}


def test_an_expression_that_was_changed_elsewhere_wins_over_our_extension(own: Workspace, entering: Any) -> None:
    with entering(own, grants=STEWARD) as context:
        document, _ = interchange.export_osi(context)
    metrics = document["semantic_model"][0]["metrics"]
    item = next(item for item in metrics if item["name"] == "returned_orders")
    item["expression"]["dialects"][0]["expression"] = "COUNT(CASE WHEN orders.status <> 'placed' THEN 1 END)"
    found = Found("test", known_tables(), context.now.date())
    read_osi(json.loads(json_text(document)), found)
    assert found.metrics["returned_orders"]["where"] == "status <> 'placed'"
    assert found.metrics["returned_orders"]["label"]["ar"]
    assert [remark.what for remark in found.remarks] == ["metric returned_orders"]


def test_only_a_steward_imports_and_never_over_an_earlier_import(own: Workspace, entering: Any) -> None:
    file = own.root / "shop.yaml"
    file.write_text(yaml_text(FOREIGN), encoding="utf-8")
    analyst = (Grant(Role.ANALYST, ("*",), ("*",)),)
    with entering(own, grants=analyst) as context, pytest.raises(Forbidden, match="steward"):
        interchange.import_osi(context, file)
    with entering(own, grants=STEWARD) as context:
        interchange.import_osi(context, file)
        with pytest.raises(Conflict, match="imported_shop"):
            interchange.import_osi(context, file)


def test_what_is_no_such_document_is_refused(own: Workspace, entering: Any) -> None:
    file = own.root / "list.yaml"
    file.write_text("- a\n", encoding="utf-8")
    with entering(own, grants=STEWARD) as context, pytest.raises(InvalidDefinition, match="semantic_model"):
        interchange.import_osi(context, file)


DBT = """\
semantic_model:
  name: orders_source
  defaults: {agg_time_dimension: placed}
  node_relation: {schema_name: marts, alias: orders}
  entities:
    - {name: "order", type: primary, expr: order_id}
    - {name: town, type: foreign, expr: city_id}
  dimensions:
    - {name: placed, type: time, expr: placed_at, type_params: {time_granularity: day}}
    - {name: state, type: categorical, expr: status}
    - {name: is_big, type: categorical, expr: item_count > 3}
  measures:
    - {name: order_count, agg: count, expr: "1"}
    - {name: baskets, agg: sum, expr: basket_minor}
    - {name: buyers, agg: count_distinct, expr: customer_id}
    - {name: middle_basket, agg: median, expr: basket_minor}
    - {name: odd, agg: sum, expr: regexp_count(status)}
---
semantic_model:
  name: towns
  node_relation: {schema_name: marts, alias: cities}
  entities: [{name: town, type: primary, expr: city_id}]
  dimensions: [{name: land, type: categorical, expr: country}]
---
semantic_model:
  name: elsewhere
  node_relation: {schema_name: marts, alias: nowhere}
  entities: [{name: thing, type: primary, expr: id}]
  measures: [{name: things, agg: sum, expr: "1"}]
---
metric: {name: all_orders, type: simple, type_params: {measure: order_count}}
---
metric:
  name: big_saudi_orders
  type: simple
  type_params: {measure: order_count}
  filter: "{{ Dimension('order__is_big') }} and {{ Dimension('town__land') }} = 'SA'"
---
metric: {name: basket_per_order, type: ratio, type_params: {numerator: basket_sum, denominator: all_orders}}
---
metric: {name: basket_sum, type: simple, type_params: {measure: baskets}}
---
metric: {name: middle, type: simple, type_params: {measure: middle_basket}}
---
metric: {name: odd_one, type: simple, type_params: {measure: odd}}
---
metric: {name: things_seen, type: simple, type_params: {measure: things}}
---
metric:
  name: week_on_week
  type: derived
  type_params:
    expr: (now - before) / before
    metrics: [{name: all_orders, alias: now}, {name: all_orders, alias: before, offset_window: 7 days}]
---
metric: {name: orders_this_month, type: cumulative, type_params: {measure: order_count, grain_to_date: month}}
---
metric:
  name: orders_of_buyers
  type: simple
  type_params: {measure: order_count}
  filter: "{{ Metric('all_orders', group_by=['town']) }} > 3"
"""


def test_a_dbt_layer_becomes_sources_joins_and_metrics(own: Workspace, entering: Any, tmp_path: Path) -> None:
    folder = tmp_path / "shop_dbt"
    folder.mkdir()
    (folder / "layer.yaml").write_text(DBT, encoding="utf-8")
    with entering(own, grants=STEWARD) as context:
        report = interchange.import_dbt(context, folder)
    assert set(report.taken["metrics"]) == {
        "all_orders", "big_saudi_orders", "basket_per_order", "basket_sum", "middle", "week_on_week",
        "week_on_week_before", "orders_this_month",
    }  # fmt: skip
    left_out = {remark.what: remark.why for remark in report.remarks if remark.fate is Fate.LEFT_OUT}
    assert set(left_out) == {
        "semantic model elsewhere", "metric odd_one", "metric things_seen", "metric orders_of_buyers"
    }  # fmt: skip
    assert "Metric(" in left_out["metric orders_of_buyers"]
    assert any("city's own day" in remark.why for remark in report.remarks)
    with entering(own) as context:
        found = service.query(context, MetricRequest(("all_orders", "big_saudi_orders"), ("land",))).rows
        assert {row[0]: row[1] for row in found} == dict(
            service.query(context, MetricRequest(("orders",), ("country",))).rows
        )
        assert {row[0] for row in found if row[2]} == {"SA"}
        money = service.query(context, MetricRequest(("basket_per_order",), ("currency",))).rows
        assert all(row[1] > 0 for row in money)


def test_interchange_from_the_command_line(own: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with open_context(own.root):
        pass
    out, at = own.root / "model.json", ["--workspace", str(own.root)]
    assert main(["metrics", "export", "osi", "--out", str(out), *at]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["semantic_model"][0]["metrics"]
    capsys.readouterr()
    file = own.root / "shop.yaml"
    file.write_text(yaml_text(FOREIGN), encoding="utf-8")
    assert main(["metrics", "import", "osi", str(file), *at]) == 0
    told = capsys.readouterr().out
    assert "6 metrics imported as drafts." in told
    assert "Left out: metric deviation" in told
    file.rename(own.root / "again.yaml")
    assert main(["metrics", "import", "osi", str(own.root / "again.yaml"), "--json", *at]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"file", "taken", "untranslated", "remarks"} <= set(report)
