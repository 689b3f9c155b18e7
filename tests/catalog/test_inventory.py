"""The inventory fills itself from what is there, and tells nobody of what he may not know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from time import process_time

import pytest

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import LifeCycle, Tier
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.lineage import estate_of
from tiffin.capabilities.catalog.service.using import may_use
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.forest import list_trees
from tiffin.capabilities.policies.service.library import policy_names
from tiffin.capabilities.scorecards.service.library import list_dashboards
from tiffin.capabilities.scorecards.service.saving import save_question
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

Entering = Callable[..., AbstractContextManager[Context]]


def test_everything_that_is_defined_is_listed_once(seeing: Entering) -> None:
    with seeing() as context:
        names = [one.id.text for one in service.assets(context)]
        wanted = {f"table:{name}" for name in TABLES}
        wanted |= {f"column:{table.name}.{name}" for table in TABLES.values() for name in table.column_names}
        wanted |= {f"metric:{one.name}" for one in metrics.list_metrics(context)}
        wanted |= {f"dimension:{one.name}" for one in metrics.dimensions_of(context)}
        wanted |= {f"feed:{one.name}" for one in facts.list_feeds(context)}
        wanted |= {f"tree:{one.name}" for one in list_trees(context)}
        for board in list_dashboards(context):
            wanted |= {f"dashboard:{board.name}", *(f"tile:{board.name}/{name}" for name in board.tile_names)}

    assert wanted <= set(names)
    assert len(names) == len(set(names))
    assert {"report:daybook", "report:morning_sheet", "tool:query_metrics"} <= set(names)


def test_every_policy_is_listed_with_the_tables_of_its_cases_and_stands_in_the_lineage(seeing: Entering) -> None:
    with seeing() as context:
        known = {f"policy:{name}" for name in policy_names(context)}
        found = service.find_asset(context, AssetId(AssetKind.POLICY, "late-compensation"))
        estate = estate_of(context)
        listed = {one.id.text for one in service.assets(context)}

    assert known <= listed
    assert (found.life_cycle, found.address) == (LifeCycle.ACTIVE, "/policies/late-compensation")
    assert found.languages == LOCALES
    assert "orders" in found.tables
    assert {one.earlier.text for one in estate.graph.links if one.later == found.id} == {
        f"table:{name}" for name in found.tables
    }


def test_an_asset_is_described_in_every_language(seeing: Entering) -> None:
    with seeing() as context:
        orders = service.find_asset(context, AssetId(AssetKind.TABLE, "orders"))

    assert orders.languages == LOCALES
    assert len({orders.meaning_in(language) for language in LOCALES}) == len(LOCALES)
    assert (orders.owner, orders.technical_owner, orders.domain) == (
        "marketplace_operations",
        "data_platform",
        "orders",
    )


def test_what_a_certified_number_is_made_of_weighs_most(seeing: Entering) -> None:
    with seeing() as context:
        tiers = {one.id.text: one.tier for one in service.assets(context)}

    assert tiers["table:orders"] is tiers["metric:orders"] is tiers["dashboard:city_operations"] is Tier.CRITICAL
    assert tiers["table:survey_answers"] is Tier.STANDARD


def test_whoever_has_no_grant_knows_of_nothing(seeing: Entering) -> None:
    with seeing("nobody", None) as context:
        assert service.assets(context) == ()
        with pytest.raises(NotFound):
            service.find_asset(context, AssetId(AssetKind.TABLE, "orders"))
    with pytest.raises(Forbidden), seeing("nobody", None) as context:
        service.require_grant(context)


def test_a_saved_question_is_told_to_its_owner_and_its_readers_alone(entering: Entering) -> None:
    with entering("ana", Role.ANALYST) as context:
        own = save_question(context, name="Mine", address="metric=orders", role=None)
        shared = save_question(context, name="Ours", address="metric=orders", role="steward")
    seen = {}
    for name, role in (("ana", Role.ANALYST), ("sana", Role.STEWARD), ("vic", Role.VIEWER)):
        with entering(name, role) as context:
            seen[name] = {one.name for one in service.assets(context) if one.kind is AssetKind.QUESTION}

    assert seen == {
        "ana": {str(own.question_id), str(shared.question_id)},
        "sana": {str(shared.question_id)},
        "vic": set(),
    }


def test_an_edited_definition_is_there_at_the_next_question(inside: Entering, empty: Workspace) -> None:
    with inside() as context:
        before = service.find_asset(context, AssetId(AssetKind.REPORT, "daybook"))
    own = empty.overlay("catalog")
    own.mkdir(parents=True, exist_ok=True)
    label = "{en: Sales, ar: المبيعات, zh_Hans: 销售, zh_Hant: 銷售, pt_BR: Vendas}"
    (own / "domains.yaml").write_text(
        f"domains:\n  orders: {{label: {label}, owner: sales, tables: [orders]}}\n"
        "technical_owners: {report: the_night_shift}\n",
        encoding="utf-8",
    )
    with inside() as context:
        after = service.find_asset(context, AssetId(AssetKind.REPORT, "daybook"))
        board = service.find_asset(context, AssetId(AssetKind.DASHBOARD, "city_operations"))

    assert (before.technical_owner, after.technical_owner) == ("analytics_engineering", "the_night_shift")
    assert board.owner == "sales"


def test_an_inventory_is_kept_until_a_definition_changes(entering: Entering) -> None:
    with entering() as context:
        begun = process_time()
        first = inventory_of(context)
        cold = process_time() - begun
        begun = process_time()
        second = inventory_of(context)
        warm = process_time() - begun

    assert first is second
    assert warm < 0.5
    assert cold < 5  # a bound for any machine; the benchmark's figure is far below


def test_near_names_help_whoever_mistypes(seeing: Entering) -> None:
    with seeing() as context, pytest.raises(NotFound, match=r"metric:late_share"):
        service.find_asset(context, AssetId(AssetKind.METRIC, "late_shar"))


def test_a_personal_column_is_listed_and_closed_to_whoever_no_grant_opens_it_for(seeing: Entering) -> None:
    personal = AssetId(AssetKind.COLUMN, "orders.customer_id")
    with seeing("vic", Role.VIEWER, countries=("SA",)) as context:
        found = service.find_asset(context, personal)
        closed = may_use(context, found)
        open_ = may_use(context, service.find_asset(context, AssetId(AssetKind.COLUMN, "orders.status")))
    with seeing("sana", Role.STEWARD) as context:
        opened = may_use(context, found)

    assert found.classification is Classification.PERSONAL
    assert (closed.is_open, open_.is_open, opened.is_open) == (False, True, True)
    assert (open_.countries, opened.is_everywhere) == (("SA",), True)


def test_everything_listed_is_alive_until_somebody_says_otherwise(seeing: Entering) -> None:
    with seeing() as context:
        lives = {one.life_cycle for one in service.assets(context)}

    assert lives <= {LifeCycle.ACTIVE, LifeCycle.DEPRECATED}
