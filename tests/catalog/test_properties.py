"""What is told of assets is filled for every kind: who answers, how it stands, what it costs, what it stands on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from shutil import rmtree

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.service.lineage import estate_of, impact
from tiffin.capabilities.catalog.service.rulings import PACKAGE, ruling_files, rulings
from tiffin.capabilities.catalog.service.standing import standings_of
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.api.assistants import tools
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.offering import merging_of, shelf_of
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.uses import ASSET_USES, write_all_uses
from tiffin.runtime.warehouse.refreshing import refresh
from tiffin.runtime.workspace import open_workspace

Entering = Callable[..., AbstractContextManager[Context]]

SAYS_ITS_MEANING = frozenset(AssetKind) - {AssetKind.FEED_COLUMN, AssetKind.DIMENSION, AssetKind.QUESTION}
NOT_LISTED = {AssetKind.TARGET, AssetKind.PUBLISHED, AssetKind.QUESTION}
"""Targets and published numbers are met in lineage; a saved question is one person's own."""


@pytest.fixture(scope="module")
def rolled(loaded: Path) -> Iterator[Path]:
    """Build the roll-ups of the workspace with facts, ask its first number, and take the roll-ups away again."""
    with open_context(loaded) as context:
        context.unit.execute(ASSET_USES.delete())
        merging = merging_of(library_of(context.workspace).model)
        rollup = merging.rollup("orders")
        assert rollup is not None
        refresh(shelf_of(context.workspace), [rollup], now=context.now)
        metrics.query(context, MetricRequest(metrics=("late_share",)))
    write_all_uses()
    yield loaded
    rmtree(open_workspace(loaded).tables / ".rollups")


def listed(context: Context) -> tuple[Asset, ...]:
    return service.assets(context)


@pytest.mark.usefixtures("rolled")
def test_every_kind_of_asset_is_listed(seeing: Entering) -> None:
    with seeing() as context:
        kinds = {one.kind for one in listed(context)}
    assert kinds == set(AssetKind) - NOT_LISTED


@pytest.mark.usefixtures("rolled")
def test_somebody_answers_for_every_asset_and_somebody_keeps_it_running(seeing: Entering) -> None:
    with seeing() as context:
        lacking = [one.id.text for one in listed(context) if not (one.owner and one.technical_owner and one.domain)]
        unclassed = [one.id.text for one in listed(context) if one.classification is None]
    assert lacking == []
    # Headers of strangers' files are classified where they land, by the column that they fill.
    assert {one.partition(":")[0] for one in unclassed} <= {"feed", "feed_column"}


@pytest.mark.usefixtures("rolled")
def test_every_asset_says_what_it_means_in_every_language(seeing: Entering) -> None:
    with seeing() as context:
        silent = [one.id.text for one in listed(context) if one.kind in SAYS_ITS_MEANING and one.languages != LOCALES]
    assert silent == []


@pytest.mark.usefixtures("rolled")
def test_what_an_asset_costs_is_measured(seeing: Entering) -> None:
    with seeing() as context:
        known = {one.id.text: one for one in listed(context)}
        standings = standings_of(context, tuple(known.values()))
        costs = {named.text: one.cost for named, one in standings.items()}
    table, column = costs["table:orders"], costs["column:orders.customer_id"]
    rollups = [one for name, one in costs.items() if name.startswith("rollup:rollup_orders")]
    of_columns = sum(one.bytes or 0 for name, one in costs.items() if name.startswith("column:orders."))

    assert table.bytes
    assert table.rows == 11
    assert column.bytes
    assert 0 < column.bytes < table.bytes
    assert of_columns == pytest.approx(table.bytes, rel=0.02)  # rounding of each column
    assert rollups
    assert all(one.bytes and one.rows for one in rollups)
    assert costs["metric:late_share"].answer_ms
    shown = [costs[f"metric:{name}"].answer_ms or 0 for name in known["dashboard:city_operations"].metrics]
    assert costs["metric:late_share"].answer_ms in shown
    assert costs["dashboard:city_operations"].answer_ms == pytest.approx(sum(shown))


@pytest.mark.usefixtures("rolled")
def test_a_column_is_used_where_a_metric_that_reads_it_is(seeing: Entering) -> None:
    columns = [AssetId(AssetKind.COLUMN, f"orders.{name}") for name in ("promised_at", "tip_minor")]
    with seeing() as context:
        found = standings_of(context, [service.find_asset(context, one) for one in columns])
    read, unread = (found[one].usage for one in columns)
    assert read is not None
    assert unread is not None
    assert (read.users, unread.users) == (1, 0)


@pytest.mark.usefixtures("rolled")
def test_a_roll_up_stands_between_the_columns_and_the_metrics_that_it_answers(seeing: Entering) -> None:
    with seeing() as context:
        estate = estate_of(context)
        orders = [one for one in estate.inventory if one.name.startswith("rollup_orders_") and "_by_" not in one.name]
        rollup = estate.inventory[orders[0]]
        up = {one.asset.text for one in estate.graph.upstream(rollup.id)}
        down = {one.asset.text for one in estate.graph.downstream(rollup.id)}
        touched = impact(context, AssetId(AssetKind.COLUMN, "orders.promised_at")).impact

    assert {"column:orders.promised_at", "column:orders.business_date", "column:orders.city_id"} <= up
    assert {"metric:late_share", "dashboard:city_operations", "tool:query_metrics"} <= down
    assert "metric:rating_mean" not in down
    assert rollup.id in {one.asset for one in touched.groups[AssetKind.ROLLUP]}


def test_policies_and_models_are_stated_in_files_that_are_there(rolled: Path, seeing: Entering) -> None:
    workspace = open_workspace(rolled)
    for ruling in rulings():
        assert all((PACKAGE / name).exists() for name in ruling.files), ruling.id
        assert ruling.id.kind is AssetKind.MODEL or ruling_files(ruling, workspace), ruling.id
    with seeing() as context:
        estate = estate_of(context)
        assets = {one.id: one for one in listed(context)}
        versions = {one.id.name: assets[one.id].contract for one in rulings() if one.id.kind is AssetKind.POLICY}
        decided = {one.id.name: {r.asset.text for r in estate.graph.downstream(one.id)} for one in rulings()}
        named = {wanted for one in rulings() for wanted in (*one.decides, *one.reads) if wanted.name != "*"}

    assert all(versions.values())
    assert named <= set(assets)
    assert "report:daybook" in decided["miss_attribution"] & decided["miss_thresholds"]
    assert "alert:orders_unusual" in decided["expected_day"]
    assert "feed:simulated" in decided["city_simulation"]
    assert any(one.startswith("target:") for one in decided["quality_targets"])


def test_a_workspace_that_restates_a_policy_has_a_newer_version(inside: Entering) -> None:
    policy = AssetId(AssetKind.POLICY, "contract_notice")
    with inside() as context:
        before = service.find_asset(context, policy).contract
        own = context.workspace.overlay("catalog")
        own.mkdir(exist_ok=True)
        (own / "contract_notice.yaml").write_text(
            "notice:\n  - {from: 2026-02-01, days: 14, silence: escalate, source: ours}\n", encoding="utf-8"
        )
    with inside() as context:
        after = service.find_asset(context, policy).contract
    assert (before, after) == ("2000-01-01", "2026-02-01")


def test_tools_are_what_assistants_are_offered(loaded: Path, seeing: Entering) -> None:
    create_app(loaded).openapi()  # by now every capability has offered its tools
    with seeing() as context:
        kept = {one.name: one.meaning_in("en") for one in listed(context) if one.kind is AssetKind.TOOL}
    assert kept == {name: str(tool.meaning) for name, tool in tools().items()}


@pytest.mark.usefixtures("rolled")
def test_every_asset_of_a_kind_opens_at_its_address(reader_of: Callable[..., TestClient]) -> None:
    client = reader_of()
    assert "rollup_orders_" in client.get("/catalog?kind=rollup").text
    for address in {ruling.address for ruling in rulings()} - {"/daybooks"}:
        assert client.get(address).status_code == 200, address
    for ruling in (rulings()[0], rulings()[-1]):
        shown = client.get(f"/catalog/{ruling.id.kind.value}/{ruling.id.name}", headers={"Accept-Language": "ar"})
        assert shown.status_code == 200
        assert ruling.label["ar"] in shown.text or ruling.label["en"] in shown.text
        assert client.get(f"/catalog/lineage-of/{ruling.id.kind.value}/{ruling.id.name}").status_code == 200
