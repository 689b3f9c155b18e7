"""Every tile is traced to the columns of files behind it and back, exactly, and an edit's impact is told before it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlglot

from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog.service.lineage import Estate, estate_of, impact
from tiffin.capabilities.catalog.service.lineage_feeds import CHECKS, JUDGING
from tiffin.capabilities.catalog.service.lineage_simulated import SIMULATED
from tiffin.capabilities.catalog.service.lineage_traces import traces_of
from tiffin.capabilities.catalog.service.lineage_versions import model_in_force
from tiffin.capabilities.catalog.service.lineage_walks import FEW, Way, picture_of, walk
from tiffin.capabilities.metrics.service.library import fragments_of, unchecked_library
from tiffin.capabilities.rehearsals.domain.demo import DEMO_DAYS
from tiffin.capabilities.rehearsals.service import read_profiles, read_scenario, simulated_tables
from tiffin.capabilities.scorecards.service.saving import save_question
from tiffin.engines.lineage.links import How
from tiffin.engines.lineage.queries import columns_read
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.model import Model, NestedAggregate
from tiffin.engines.metrics.reads import columns_under
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

READ: Mapping[str, str] = {
    "orders": "orders.city_id orders.order_id orders.business_date",
    "delivered_orders": "orders.status orders.business_date",
    "late_share": "orders.status orders.delivered_at orders.promised_at orders.business_date",
    "on_time_share": "orders.status orders.delivered_at orders.promised_at orders.business_date",
    "click_to_door_mean": "orders.placed_at orders.delivered_at orders.status orders.business_date",
    "unique_customers": "orders.city_id orders.customer_id orders.business_date",
    "refund_value": "refunds.amount_minor refunds.business_date",
    "refund_share": "refunds.order_id orders.city_id orders.order_id refunds.city_id refunds.business_date "
    "orders.business_date",
    "session_hours": "rider_sessions.online_min rider_sessions.business_date",
    "people_unserved": "marketplace_slots.people_unserved marketplace_slots.business_date",
    "rating_mean": "ratings.stars ratings.business_date",
    "contact_rate": "contacts.city_id contacts.contact_id contacts.business_date orders.city_id orders.order_id "
    "orders.business_date",
    "orders_last_7_days": "orders.city_id orders.order_id orders.business_date",
    "orders_change_on_week": "orders.city_id orders.order_id orders.business_date",
    "busiest_day_orders": "orders.city_id orders.order_id orders.business_date",
}
"""What each metric reads, found by hand in its definition: its values, its filter, its business day."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of nothing but what ships, with an account that may see one city."""
    root = create_workspace(tmp_path_factory.mktemp("lineage") / "workspace").root
    with open_context(root, now=NOW - timedelta(days=1)) as context:
        for name in ("vic", "nobody"):
            access.add_account(context, name, locale="en")
        access.grant(context, "vic", Role.VIEWER, cities=["riyadh"], terms=access.Terms("tests"))
    return root


def opened(root: Path, user: str | None = None) -> AbstractContextManager[Context]:
    return open_context(root, user=user, now=NOW)


@pytest.fixture(scope="module")
def estate(workspace: Path) -> Iterator[Estate]:
    with opened(workspace) as context:
        yield estate_of(context)


@pytest.fixture(scope="module")
def model(workspace: Path) -> Model:
    with opened(workspace) as context:
        return unchecked_library(context.workspace).model


def asset(text: str) -> AssetId:
    return AssetId.parse(text)


def test_every_shipped_tile_is_traced_to_columns_of_files_and_back(estate: Estate) -> None:
    traces = traces_of(estate.graph)
    assert len(traces) >= 40
    assert [one.asset.text for one in traces if not one.is_traced] == []
    without = [one for one in traces if not one.columns]
    assert {feed for one in without for feeds in one.elsewhere.values() for feed in feeds} <= {CHECKS, JUDGING}
    for one in traces:
        for column in one.columns:
            assert estate.graph.path(column, one.asset)[-1] == one.asset


def test_a_tile_that_no_files_fill_wholly_says_which_column_comes_from_where(estate: Estate) -> None:
    partly = {one.asset.name: one.elsewhere for one in traces_of(estate.graph) if not one.is_from_files}
    assert partly["rider_team/team_hours"] == {
        asset("column:rider_sessions.busy_min"): (asset("feed:simulated"),),
        asset("column:rider_sessions.orders_delivered"): (asset("feed:simulated"),),
    }
    assert "city_operations/late_share" not in partly
    costs = next(one for one in traces_of(estate.graph, AssetKind.METRIC) if one.asset.name == "marketplace_cost")
    assert costs.columns == ()
    assert costs.elsewhere[asset("column:costs.amount_minor")] == (asset("feed:http"),)


def test_results_of_checks_come_from_the_checks_and_from_no_other_door(estate: Estate) -> None:
    found = {one.asset for one in estate.graph.upstream(asset("table:check_results"))}

    assert {one for one in found if one.kind is AssetKind.FEED} == {asset("feed:checks")}
    assert asset("column:check_results.status") in found


@pytest.mark.parametrize("metric", READ)
def test_a_metric_reads_exactly_the_columns_that_its_definition_names(metric: str, model: Model) -> None:
    assert {f"{table}.{column}" for table, column in columns_under(metric, model)} == set(READ[metric].split())


def test_every_metric_reads_the_columns_that_its_compiled_statement_names(model: Model) -> None:
    fragments = fragments_of(model)["duckdb"]
    schema = {name: contract.column_names for name, contract in TABLES.items()}
    days = Days(date(2026, 1, 1), date(2026, 1, 7))
    for metric in model.resolved:
        compiled = compile_request(MetricRequest((metric,), days=days), fragments)
        named = columns_read(sqlglot.parse_one(compiled.sql, read="duckdb"), schema)
        assert columns_under(metric, model) - _keys_of_counted(metric, model) <= named <= columns_under(metric, model)


def _keys_of_counted(metric: str, model: Model) -> set[tuple[str, str]]:
    """Rows that are counted bare are told apart by their key, which a statement need not name."""
    leaves = [model.aggregates[number] for number in model.resolved[metric].aggregates]
    for leaf in leaves:
        if isinstance(leaf, NestedAggregate):
            leaves += [model.aggregates[number] for number in leaf.metric.aggregates]
    bare = [leaf for leaf in leaves if not isinstance(leaf, NestedAggregate) and not leaf.of and not leaf.where]
    sources = [model.sources[leaf.source].source for leaf in bare]
    return {(source.table, column) for source in sources for column in source.key}


def test_a_tile_stands_on_its_metric_its_split_and_nothing_else(estate: Estate) -> None:
    up = estate.graph.upstream(asset("tile:city_operations/late_share-2"))
    read = {one.asset.name for one in up if one.asset.kind is AssetKind.COLUMN and one.asset.name.startswith("orders.")}
    formula = {"orders.status", "orders.delivered_at", "orders.promised_at", "orders.business_date"}
    # The map splits by zone; zones and days are computed from where and when orders were placed.
    derived = ("zone_id", "pickup_latitude", "pickup_longitude", "city_id", "placed_at")
    assert read == formula | {f"orders.{name}" for name in derived}


def test_a_renamed_and_a_computed_column_of_a_file_lead_to_what_they_fill(estate: Estate) -> None:
    links = estate.graph.beside(asset("feed_column:wolt-2020/ESTIMATED_DELIVERY_MINUTES"))
    later = {(link.later.name, link.how) for link in links if link.later.kind is AssetKind.COLUMN}
    assert ("orders.promised_at", How.COMPUTED_FROM) in later
    # A row whose minutes do not add up goes to quarantine, so the column decides over every value of the row.
    assert ("orders.placed_at", How.FILTERED_BY) in later
    assert ("orders.placed_at", How.COMPUTED_FROM) not in later
    assert "weather.temperature_c" not in {name for name, _ in later}
    stated = estate.graph.beside(asset("feed:wolt-2020"))
    assert asset("column:orders.currency") in {link.later for link in stated if link.how is How.STATED_BY}


def test_the_simulator_writes_the_columns_that_are_linked_to_it() -> None:
    scenario = read_scenario("riyadh", profiles=read_profiles(), overlay=Path("none"))
    tables = simulated_tables(scenario, Days(DEMO_DAYS.first, DEMO_DAYS.first), seed=1)
    assert {name: tuple(rows.schema.names) for name, rows in tables.items()} == SIMULATED


def test_an_edit_of_a_column_touches_metrics_dashboards_and_the_sheet_that_people_read(workspace: Path) -> None:
    with opened(workspace) as context:
        found = impact(context, asset("column:orders.promised_at")).impact
    touched = {one.asset.text for reached in found.groups.values() for one in reached}
    assert {"metric:late_share", "dashboard:city_operations", "report:morning_sheet", "report:daybook"} <= touched
    assert {"alert:on_time_low", "tree:on_time_orders", "tile:city_operations/late_share"} <= touched
    assert asset("metric:late_share") in found.certified
    assert "metric:refund_value" not in touched
    assert next(iter(found.groups)) is AssetKind.METRIC
    assert found.people


def test_saved_questions_are_told_to_their_owner_and_counted_for_others(workspace: Path) -> None:
    with opened(workspace, "vic") as context:
        kept = save_question(context, name="Late", address="metrics=late_share&by=zone_id", role=None)
        own = impact(context, asset("metric:late_share"))
    question = AssetId(AssetKind.QUESTION, str(kept.question_id))
    assert question in {one.asset for one in own.impact.groups[AssetKind.QUESTION]}
    assert own.hidden == 0
    with opened(workspace) as context:
        others = impact(context, asset("metric:late_share"))
        assert AssetKind.QUESTION not in others.impact.groups
        assert others.hidden == 1
        with pytest.raises(NotFound):
            impact(context, question)


def test_without_a_grant_nothing_is_told(workspace: Path) -> None:
    with opened(workspace, "nobody") as context, pytest.raises(Forbidden, match="nobody"):
        estate_of(context)


DATED = """\
metrics:
  own_orders:
    label: {en: Own, ar: خاص, zh_Hans: 自定义, zh_Hant: 自訂, pt_BR: Próprio}
    meaning: {en: Own orders., ar: طلبات., zh_Hans: 订单。, zh_Hant: 訂單。, pt_BR: Pedidos.}
    unit: orders
    direction: up
    level: team
    owner: me
    tier: draft
    kind: simple
    source: orders
    aggregate: count
    where: status = 'delivered'
    version: 2
    since: 2026-04-01
    earlier:
      - {version: 1, since: 2026-01-01, kind: simple, source: orders, aggregate: count, where: is_asap}
    example: {rows: {orders: [{status: delivered}]}, gives: 1}
"""


def test_a_metric_reads_what_its_version_in_force_reads(tmp_path: Path) -> None:
    created = create_workspace(tmp_path / "workspace")
    (created.overlay("metrics") / "own.yaml").write_text(DATED, encoding="utf-8")

    def read_on(day: datetime) -> set[str]:
        model = model_in_force(created, day.date())
        return {column for _, column in columns_under("own_orders", model)}

    assert read_on(NOW) == {"is_asap", "business_date"}
    assert read_on(NOW + timedelta(days=60)) == {"status", "business_date"}


def test_a_picture_shows_many_of_a_kind_as_one_box_until_it_is_opened(workspace: Path) -> None:
    with opened(workspace) as context:
        found = walk(context, asset("column:orders.promised_at"), Way.DOWN)
    folded, unfolded = picture_of(found), picture_of(found, (AssetKind.TILE,))
    boxes = {box.key: box for layer in folded.layers for box in layer}
    tiles = [one for one in found.down if one.asset.kind is AssetKind.TILE]
    assert len(tiles) > FEW
    assert boxes["down:tile"].count == len(tiles)
    assert len([box for layer in unfolded.layers for box in layer if box.kind is AssetKind.TILE]) == len(tiles)
    place = {box.key: number for number, layer in enumerate(folded.layers) for box in layer}
    assert all(place[start] < place[end] for start, end in folded.edges)
