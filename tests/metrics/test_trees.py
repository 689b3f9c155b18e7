"""The shipped trees: complete on real and simulated facts, adding up, and walked on every path."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.metrics.domain.comparing import read_against
from tiffin.capabilities.metrics.service.decomposing import Decomposition, DecompositionRequest, check_trees, decompose
from tiffin.capabilities.metrics.service.forest import find_tree, list_trees, trees_in
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.rehearsals import service as rehearsals
from tiffin.cli.entry import main
from tiffin.engines.metrics.definitions import Combination, Level
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace, create_workspace

DAYS = Days(date(2026, 2, 2), date(2026, 2, 8))
RIYADH = (Condition("city_id", Operator.EQ, ("riyadh",)),)
SHIPPED, FAULTS = trees_in(Workspace(Path("/nowhere"), {}))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, entering: Any) -> Workspace:
    """One city of the demo marketplace over its two weeks."""
    workspace = create_workspace(tmp_path_factory.mktemp("demo") / "workspace")
    with entering(workspace, grants=(Grant(Role.STEWARD, ("*",), ("*",)),)) as context:
        rehearsals.load_demo(context, cities=("doha",))
    return workspace


def asked(context: Context, name: str, **request: Any) -> Decomposition:
    return decompose(context, DecompositionRequest(name, **({"where": RIYADH, "days": DAYS} | request)))


def assert_adds_up(found: Decomposition) -> None:
    """Every fork, and the groups, add up to the last digit that is told."""
    for index, part in enumerate(found.parts):
        below = []
        for other in found.parts[index + 1 :]:
            if other.depth <= part.depth:
                break
            if other.depth == part.depth + 1:
                below.append(other)
        if below and below[0].to_parent is not None:
            assert sum(one.to_parent or 0 for one in below) + part.unexplained == part.change, part
    if found.groups:
        assert sum(group.total for group in found.groups.groups) + found.groups.unexplained == found.groups.change


def test_trees_of_all_three_levels_are_shipped() -> None:
    assert not FAULTS
    assert set(Level) == {tree.level for tree in SHIPPED}
    assert all(tree.drill[:2] == ("country", "city_id") for tree in SHIPPED)


def test_a_metric_is_called_a_part_only_where_a_tree_holds_it() -> None:
    held = {(b.metric, f.metric, b.combination) for tree in SHIPPED for f in tree.forks.values() for b in f.branches}
    claimed = {
        (name, parent.metric, parent.combination)
        for name, metric in unchecked_library(Workspace(Path("/nowhere"), {})).model.metrics.items()
        for parent in metric.parents
        if parent.combination is not Combination.INFLUENCES
    }
    assert claimed <= held, claimed - held


@pytest.mark.parametrize("by", [("city_id", "business_date"), ("city_id",)])
def test_the_parts_give_every_number_of_the_simulated_city(demo: Workspace, entering: Any, by: Any) -> None:
    with entering(demo) as context:
        assert check_trees(context, by=by) == ()


@pytest.mark.parametrize("by", [("city_id", "business_date"), ("city_id",)])
def test_the_parts_give_every_number_of_the_real_files(real: Workspace, entering: Any, by: Any) -> None:
    with entering(real) as context:
        assert check_trees(context, by=by) == ()


def test_a_part_that_does_not_fit_is_found(empty: Workspace, entering: Any, writing: Any) -> None:
    order = {"city_id": "riyadh", "business_date": date(2026, 2, 3)}
    writing(empty, orders=[order | {"order_id": state, "status": state} for state in ("delivered", "placed")])
    folder = empty.overlay("trees")
    folder.mkdir()
    (folder / "own.yaml").write_text(TREE.replace(", subtracts: [open_orders]", ""), encoding="utf-8")
    with entering(empty) as context:
        found = check_trees(context)
    assert [(one.tree, one.metric, one.value, one.given) for one in found] == [("own_tree", "orders", 2, 1.0)]


@pytest.mark.parametrize("name", [tree.name for tree in SHIPPED])
@pytest.mark.parametrize("against", ["previous", "week", "2026-01-28..2026-01-30", "city_id=jeddah"])
def test_every_tree_adds_up_against_anything(small: Workspace, entering: Any, name: str, against: str) -> None:
    with entering(small) as context:
        found = asked(context, name, against=read_against(against))
        assert_adds_up(found)
        assert not any(part.unexplained for part in found.parts)
        assert found.receipt.tables


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("on_time_orders", "zone_id"),
        ("completion_rate", "zone_id"),
        ("door_time", "merchant_id"),
        ("net_order_value", "zone_id"),
        ("team_deliveries_per_hour", "vehicle"),
        ("on_time_share", "local_hour"),
    ],
)
def test_groups_of_a_dimension_add_up_to_the_change(demo: Workspace, entering: Any, name: str, by: str) -> None:
    days, where = Days(date(2026, 2, 23), date(2026, 3, 1)), (Condition("city_id", Operator.EQ, ("doha",)),)
    with entering(demo) as context:
        found = asked(context, name, by=by, days=days, where=where)
        assert found.groups
        assert_adds_up(found)
        assert len(found.groups.groups) > 1
        assert not found.groups.unexplained
        assert found.groups.change == found.parts[0].change


def test_the_number_itself_is_that_of_a_plain_query(small: Workspace, entering: Any, ask: Any) -> None:
    plain = ask("on_time_orders", where=RIYADH, days=DAYS).rows[0][0]
    with entering(small) as context:
        found = asked(context, "on_time_orders")
    assert found.parts[0].actual == plain
    assert found.base_days == Days(date(2026, 1, 26), date(2026, 2, 1))


def test_costs_give_the_margin_of_a_delivery(empty: Workspace, entering: Any, writing: Any) -> None:
    day = date(2026, 2, 3)
    order = {"status": "delivered", "currency": "SAR", "source": "s", "city_id": "riyadh"}
    priced = {"delivery_fee_minor": 1000, "discount_minor": 0}
    kinds = ["rider_pay", "rider_incentive", "promotion", "support", "compensation", "payment", "equipment", "other"]
    writing(
        empty,
        cities=[{"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "source": "s"}],
        orders=[
            order | priced | {"order_id": f"o{day}{n}", "basket_minor": 4000 + n, "business_date": day}
            for day in (day, date(2026, 2, 4))
            for n in range(2 if day.day == 3 else 3)
        ],
        refunds=[
            {"city_id": "riyadh", "refund_id": "r", "amount_minor": 700, "business_date": day, "source": "s"},
            {"city_id": "riyadh", "refund_id": "q", "amount_minor": 500, "business_date": date(2026, 2, 4)},
        ],
        costs=[
            {"city_id": "riyadh", "cost_id": f"{kind}{one}", "kind": kind, "amount_minor": 100 * (at + 1) + one.day}
            | {"currency": "SAR", "business_date": one, "source": "s"}
            for at, kind in enumerate(kinds)
            for one in (day, date(2026, 2, 4))
        ],
    )
    with entering(empty) as context:
        found = asked(context, "margin_per_delivery", days=Days(date(2026, 2, 4), date(2026, 2, 4)))
        assert_adds_up(found)
        assert all(part.to_root is not None for part in found.parts)
        assert found.currency == "SAR"
        assert check_trees(context) == ()


def test_a_target_says_what_its_parts_would_bring(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        found = asked(context, "on_time_orders", against=read_against("previous", ["on_time_share=0.9"]))
        assert_adds_up(found)
        changed = {part.metric for part in found.parts if part.change}
        assert {"on_time_orders", "on_time_share"} <= changed
        assert "orders" not in changed
        assert found.base_receipt is None
        with pytest.raises(WrongUse, match="no part of the tree"):
            asked(context, "on_time_orders", against=read_against("previous", ["rider_hours=3"]))
        with pytest.raises(WrongUse, match="need two sides"):
            asked(context, "on_time_orders", by="zone_id", against=read_against("", ["on_time_share=0.9"]))


def test_what_cannot_be_split_is_refused_with_the_reason(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        with pytest.raises(WrongUse, match="neither be added up nor weighed"):
            asked(context, "team_deliveries", at="team_riders", by="vehicle")
        with pytest.raises(WrongUse, match="need two sides"):
            asked(context, "orders", by="business_date")
        with pytest.raises(NotFound, match="no part of the tree"):
            asked(context, "on_time_orders", at="rider_hours")
        with pytest.raises(NotFound, match=r"There is no tree on_time_order,.*Did you mean on_time_orders"):
            find_tree(context, "on_time_order")
        with pytest.raises(InvalidData, match="No day on which"):
            asked(context, "orders", days=None, where=(Condition("city_id", Operator.EQ, ("nowhere",)),))


def test_without_days_the_last_seven_with_facts_are_meant(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        found = asked(context, "on_time_orders", days=None)
    assert found.days == DAYS


@pytest.mark.parametrize(
    ("text", "targets", "message"),
    [
        ("yesterday", [], "previous, week"),
        ("2026-02-07..2026-02-01", [], "Exchange them"),
        ("2026-02-31..2026-03-01", [], "'2026-02-31' was found"),
        ("previous", ["orders"], "A target such as"),
    ],
)
def test_a_comparison_that_cannot_be_read_is_told(text: str, targets: list[str], message: str) -> None:
    with pytest.raises(WrongUse, match=message):
        read_against(text, targets)


TREE = """
trees:
  own_tree:
    label: {en: Own, ar: خاص, zh_Hans: 自订, zh_Hant: 自訂, pt_BR: Própria}
    meaning: {en: Own, ar: خاص, zh_Hans: 自订, zh_Hant: 自訂, pt_BR: Própria}
    level: team
    root: orders
    drill: [zone_id]
    forks:
      orders: {adds: [ended_orders], subtracts: [open_orders]}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("root: orders", "root: order", "There is no metric order. Did you mean orders"),
        ("[zone_id]", "[zoneid]", "There is no dimension zoneid. Did you mean zone_id"),
        ("subtracts: [open_orders]", "multiplies: [open_orders]", "a sum or a product, not both"),
        ("adds: [ended_orders], subtracts: [open_orders]", "adds: [orders]", "runs in a circle"),
        ("{adds: [ended_orders], subtracts", "{constant: 1, multiplies: [ended_orders], divides", "what a sum begins"),
        ("      orders: {", "      rider_hours: {", "hangs on nothing"),
        ("level: team", "level: nobody", "`level` is one of"),
        ("zh_Hant: 自訂, ", "", "has no text in zh_Hant"),
        ("    root: orders\n", "", "`root` is missing"),
        ("drill:", "dril:", "`dril` means nothing here"),
        ("trees:", "tree:", "`tree` means nothing here"),
        ("  own_tree:", "  own_tree: 3\n  other:", "names with values were expected"),
    ],
)
def test_a_faulty_tree_is_told_with_its_place(empty: Workspace, old: str, new: str, message: str) -> None:
    assert old in TREE
    folder = empty.overlay("trees")
    folder.mkdir(exist_ok=True)
    (folder / "own.yaml").write_text(TREE, encoding="utf-8")
    assert trees_in(empty)[1] == ()
    (folder / "own.yaml").write_text(TREE.replace(old, new, 1) + "# changed\n", encoding="utf-8")
    problems = trees_in(empty)[1]
    assert len(problems) == 1
    assert message in str(problems[0])
    assert "own.yaml" in str(problems[0])


def test_the_command_gives_the_tree_as_json_and_as_text(small: Workspace, capsys: Any) -> None:
    words = ["--from", "2026-02-02", "--to", "2026-02-08", "--workspace", str(small.root)]
    assert main(["metrics", "tree", "completion_rate", "--city", "riyadh", "--by", "zone_id", "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["metric"] == "completion_rate"
    totals = [Decimal(str(group["contribution"])) for group in found["groups"]["groups"]]
    assert sum(totals) == Decimal(str(found["parts"][0]["change"]))
    assert main(["metrics", "tree", "completion_rate", "--city", "riyadh", "--by", "zone_id", *words]) == 0
    assert "Cancellation rate" in capsys.readouterr().out
    assert main(["metrics", "tree", "--workspace", str(small.root)]) == 0
    assert "team_deliveries" in capsys.readouterr().out
    assert main(["metrics", "tree", "orders", "--from", "2026-02-02", "--workspace", str(small.root)]) != 0
    assert "or neither" in capsys.readouterr().err


@pytest.fixture(scope="module")
def client(small: Workspace) -> TestClient:
    """The console over the small workspace, signed in as its owner."""
    client = TestClient(create_app(small), follow_redirects=False, raise_server_exceptions=False)
    with open_context(small.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def test_trees_over_http_are_those_of_the_command(client: TestClient) -> None:
    assert {tree["name"] for tree in client.get("/api/metrics/trees").json()["trees"]} == {t.name for t in SHIPPED}
    found = client.get("/api/metrics/tree/on_time_orders", params={"city": "riyadh", "against": "week"}).json()
    assert found["parts"][0]["metric"] == "on_time_orders"
    assert found["receipt"]["tables"]["orders"] == found["base_receipt"]["tables"]["orders"]
    assert client.get("/api/metrics/tree/nothing").status_code == 404
    assert client.get("/api/metrics/tree/orders", params={"against": "never"}).status_code == 400


@pytest.mark.parametrize("tree", [tree.name for tree in SHIPPED])
def test_every_tree_is_drawn_and_can_be_walked(client: TestClient, tree: str) -> None:
    page = client.get(f"/metrics/trees/{tree}", params={"city": "riyadh"})
    assert page.status_code == 200
    assert "at=" in page.text
    assert 'href="/data"' in page.text, "the menu is there"


def test_the_page_of_a_metric_leads_to_its_trees(client: TestClient) -> None:
    page = client.get("/metrics/completion_rate", params={"city": "riyadh"})
    assert "/metrics/trees/on_time_orders?at=completion_rate" in page.text
    assert client.get("/metrics/trees/completion_rate", params={"city": "riyadh"}).status_code == 200


def test_walking_into_a_group_splits_it_by_the_next_dimension(client: TestClient) -> None:
    page = client.get("/metrics/trees/on_time_orders", params={"city": "*", "by": "country"})
    assert "inside=country%3ASA" in page.text
    inner = client.get(
        "/metrics/trees/on_time_orders", params={"city": "*", "inside": "country:SA", "by": "city_id", "lang": "ar"}
    )
    assert "city=riyadh" in inner.text
    assert client.get("/metrics/trees/on_time_orders", params={"inside": "no group"}).status_code == 400
    assert client.get("/metrics/trees").status_code == 200


def test_shipped_trees_are_listed_to_everybody_who_may_ask(small: Workspace, entering: Any) -> None:
    with entering(small, locale="ar") as context:
        assert [tree.name for tree in list_trees(context)] == [tree.name for tree in SHIPPED]
