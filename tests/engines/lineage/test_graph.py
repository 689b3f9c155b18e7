"""The graph of assets: nothing is forgotten however far it is, circles are named, an edit's impact is whole."""

import itertools
import time
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.lineage.graph import Graph
from tiffin.engines.lineage.impact import Standing, impact_of
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import InvalidDefinition, NotFound

FAST_MS = 50.0


def metric(number: int) -> AssetId:
    return AssetId(AssetKind.METRIC, f"m{number}")


def a_link(earlier: int, later: int, how: How = How.COMPUTED_FROM) -> Link:
    return Link(metric(earlier), metric(later), how)


def plainly_reached(pairs: Iterable[tuple[int, int]], start: int) -> Mapping[int, int]:
    """Walk in plain Python: steps by number."""
    neighbours: dict[int, list[int]] = {}
    for earlier, later in pairs:
        neighbours.setdefault(earlier, []).append(later)
    steps, waiting = {start: 0}, [start]
    for number in waiting:
        for other in neighbours.get(number, []):
            if other not in steps:
                steps[other] = steps[number] + 1
                waiting.append(other)
    return {number: count for number, count in steps.items() if number != start}


ACYCLIC = st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] < pair[1]), min_size=1)


@given(ACYCLIC, st.data())
def test_both_directions_reach_what_a_plain_walk_reaches(pairs: set[tuple[int, int]], data: st.DataObject) -> None:
    graph = Graph.of(a_link(*pair) for pair in pairs)
    start = data.draw(st.sampled_from(sorted({end for pair in pairs for end in pair})))
    down = {one.asset: one.steps for one in graph.downstream(metric(start))}
    up = {one.asset: one.steps for one in graph.upstream(metric(start))}
    assert down == {metric(number): steps for number, steps in plainly_reached(pairs, start).items()}
    turned = [(later, earlier) for earlier, later in pairs]
    assert up == {metric(number): steps for number, steps in plainly_reached(turned, start).items()}


@given(ACYCLIC, st.data())
def test_a_path_is_a_shortest_one_and_each_step_is_a_link(pairs: set[tuple[int, int]], data: st.DataObject) -> None:
    graph = Graph.of(a_link(*pair) for pair in pairs)
    start = data.draw(st.sampled_from(sorted({pair[0] for pair in pairs})))
    for number, steps in plainly_reached(pairs, start).items():
        way = graph.path(metric(start), metric(number))
        assert len(way) == steps + 1
        assert all((int(one.name[1:]), int(two.name[1:])) in pairs for one, two in itertools.pairwise(way))


def test_where_nothing_leads_there_is_no_path() -> None:
    graph = Graph.of([a_link(0, 1), a_link(2, 3)])
    assert graph.path(metric(0), metric(3)) == ()
    assert graph.path(metric(1), metric(0)) == ()


def test_a_chain_of_ten_thousand_is_followed_to_its_end() -> None:
    graph = Graph.of(a_link(number, number + 1) for number in range(10_000))
    assert graph.downstream(metric(0))[-1].steps == 10_000
    assert len(graph.path(metric(0), metric(10_000))) == 10_001


def test_a_circle_is_refused_and_named_in_turn() -> None:
    links = [a_link(0, 1), a_link(1, 2), a_link(2, 3), a_link(3, 1), a_link(3, 4)]
    with pytest.raises(InvalidDefinition, match="metric:m1 → metric:m2 → metric:m3 → metric:m1"):
        Graph.of(links)


def test_an_asset_that_stands_on_itself_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="metric:m1 → metric:m1"):
        Graph.of([a_link(0, 1), a_link(1, 1)])


def test_an_edit_of_a_whole_touches_what_stands_on_its_parts() -> None:
    table, column = AssetId(AssetKind.TABLE, "orders"), AssetId(AssetKind.COLUMN, "orders.status")
    graph = Graph.of([Link(column, table, How.PART_OF), Link(column, metric(1), How.FILTERED_BY), a_link(1, 2)])
    assert {one.asset for one in graph.downstream(table)} == {metric(1), metric(2)}
    assert {one.asset for one in graph.downstream(column)} == {table, metric(1), metric(2)}


def test_an_unknown_asset_is_refused() -> None:
    with pytest.raises(NotFound, match="metric:m9"):
        Graph.of([a_link(0, 1)]).downstream(metric(9))


def test_an_impact_names_certified_metrics_and_people_before_the_rest() -> None:
    tile, column = AssetId(AssetKind.TILE, "board/m2"), AssetId(AssetKind.COLUMN, "orders.status")
    graph = Graph.of(
        [Link(column, metric(1), How.FILTERED_BY), a_link(1, 2), a_link(1, 3), Link(metric(3), tile, How.SHOWN_IN)]
    )
    standing = {metric(3): Standing(is_certified=True, people=("ops", "ana")), tile: Standing(people=("ana",))}
    found = impact_of(graph, column, standing)
    assert found.count == 4
    assert found.certified == (metric(3),)
    assert found.people == ("ana", "ops")
    assert list(found.groups) == [AssetKind.METRIC, AssetKind.TILE]
    assert [one.asset for one in found.groups[AssetKind.METRIC]] == [metric(3), metric(1), metric(2)]


def test_the_impact_of_an_edit_over_ten_thousand_assets_is_told_at_once() -> None:
    links = [a_link(number // 3, number) for number in range(1, 10_000)]
    links += [a_link(number // 7, number) for number in range(9, 10_000)]
    graph = Graph.of(links)
    standing = {metric(number): Standing(is_certified=number % 9 == 0, people=("ops",)) for number in range(10_000)}
    spent = []
    for _ in range(5):
        started = time.process_time()
        found = impact_of(graph, metric(0), standing)
        spent.append((time.process_time() - started) * 1000)
    assert found.count == 9_999
    # Five times the bound, so that a busy machine does not decide; benchmarks/lineage.py prints the figure.
    assert min(spent) < 5 * FAST_MS
