"""The library of levers: its worked cases hold, strengths stay within limits, and money follows from quantities."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.lever_costs import rehearsed
from tiffin.capabilities.balance.domain.lever_findings import Figure, Finding, finding_from
from tiffin.capabilities.balance.domain.levers import Condition, LeadTime, judge_all
from tiffin.capabilities.balance.domain.strategy_candidates import candidates
from tiffin.capabilities.balance.service.strategies.library import read_levers, read_prices
from tiffin.capabilities.rehearsals.domain.levers import QUANTITIES
from tiffin.engines.simulation.levers import Lever, Pull
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.markets import MARKETS_FOLDER
from tiffin.runtime.workspace import Workspace, create_workspace

DAY = date(2026, 2, 26)
MISSING = Finding(
    zones=("a", "b"), start_s=61200, end_s=75600, lenders=("c",), miss_min=900.0, causes={Cause.FEWER_RIDERS: 0.8},
    riders_lacking=3.0, riders_lacking_share=0.4, idle_elsewhere_hours=12.0, share_to_move=0.3, zones_share=0.4,
    kitchens_slower_share=0.02, distance_m=2400.0, door_longer_min=11.0, hour=21.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return create_workspace(tmp_path_factory.mktemp("levers") / "workspace")


def test_every_lever_is_in_the_library_once_with_worked_cases_of_both_kinds(plain: Workspace) -> None:
    library = read_levers(plain, DAY)

    assert [one.lever for one in library] == list(Lever)
    assert all({case.holds for case in one.cases} == {True, False} for one in library)


def test_every_market_but_the_unknown_one_has_prices_in_its_currency(plain: Workspace) -> None:
    for path in sorted(MARKETS_FOLDER.glob("??.yaml")):
        if path.stem != "ZZ":
            currency = next(
                line.split()[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("curr")
            )
            assert read_prices(plain, path.stem, DAY).currency == currency
    with pytest.raises(NotFound, match=r"levers\.yaml"):
        read_prices(plain, "ZZ", DAY)


def test_a_lever_whose_worked_case_does_not_hold_is_refused(tmp_path: Path) -> None:
    plain = create_workspace(tmp_path / "workspace")
    own = plain.overlay("parameters") / "levers.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    shipped = (Path(__file__).parents[2] / "src/tiffin/capabilities/balance/levers.yaml").read_text(encoding="utf-8")
    own.write_text(shipped.replace("holds: true", "holds: false", 1), encoding="utf-8")

    with pytest.raises(InvalidDefinition, match="worked case 1 of move_riders"):
        read_levers(plain, DAY)


def test_missing_riders_call_for_riders_and_not_for_kitchens(plain: Workspace) -> None:
    judged = {one.definition.lever: one for one in judge_all(read_levers(plain, DAY), MISSING, LeadTime.MORNING)}

    assert judged[Lever.MOVE_RIDERS].holds
    assert judged[Lever.SHIFT_TOP_UP].holds
    assert judged[Lever.INCENTIVE].holds
    assert [one.figure for one in judged[Lever.MERCHANT_PACING].broken] == [
        Figure.CAUSE_SHARE,
        Figure.KITCHENS_SLOWER_SHARE,
    ]
    during = {one.definition.lever: one for one in judge_all(read_levers(plain, DAY), MISSING, LeadTime.INTRADAY)}
    assert not during[Lever.SHIFT_TOP_UP].holds
    assert not during[Lever.SHIFT_TOP_UP].is_in_time


def test_each_option_has_a_name_of_its_own_and_stays_where_and_when_the_miss_was(plain: Workspace) -> None:
    judged = judge_all(read_levers(plain, DAY), MISSING, LeadTime.MORNING)
    found = candidates(judged, MISSING, {"a": 0, "b": 1, "c": 2})

    assert len({one.name for one in found}) == len(found) > 8
    assert {one.pulls[0].zones for one in found} == {(0, 1)}
    assert {(one.pulls[0].start_s, one.pulls[0].end_s) for one in found} == {(61200, 75600)}
    assert {one.pulls[0].from_zones for one in found if one.lever is Lever.MOVE_RIDERS} == {(2,)}


def test_hours_go_across_midnight() -> None:
    evening = Condition(Figure.HOUR, hours=(20, 2))

    assert [evening.holds(Finding(hour=hour)) for hour in (19.0, 20.0, 23.0, 1.0, 3.0)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@given(lacking=st.none() | st.floats(0, 500), share=st.none() | st.floats(0, 1), door=st.none() | st.floats(-50, 200))
def test_no_strength_leaves_its_limits_and_what_is_not_known_is_not_tried(
    lacking: float | None, share: float | None, door: float | None, plain: Workspace
) -> None:
    library = read_levers(plain, DAY)
    finding = Finding(riders_lacking=lacking, riders_lacking_share=share, door_longer_min=door)

    for one in library:
        sized = one.strengths.sized(finding)
        assert all(one.strengths.least <= strength <= one.strengths.most for strength in sized)
        assert len(set(sized)) == len(sized)
        known = one.strengths.of is None or finding.figure(one.strengths.of) is not None
        assert bool(sized) == known


def test_a_finding_is_kept_and_read_back() -> None:
    assert finding_from(MISSING.plain()) == MISSING


def draws(**changes: tuple[float, ...]) -> dict[str, tuple[float, ...]]:
    return dict.fromkeys(QUANTITIES, (0.0, 0.0)) | changes


def test_money_follows_from_quantities_and_prices(plain: Workspace) -> None:
    prices = read_prices(plain, "SA", DAY)
    pull = Pull(Lever.SHIFT_TOP_UP, (0,), 61200, 75600, 2.0)
    got = draws(
        lateness_min_avoided=(100.0, 140.0), lost_avoided=(1.0, 0.0), late_avoided=(10.0, 12.0),
        extra_rider_hours=(8.0, 8.0), fewer_orders=(-2.0, 0.0),
    )  # fmt: skip

    found = rehearsed("shift_top_up_2", (pull,), got, prices, lost_order_min=60.0)

    assert found.avoided_min.tolist() == [160.0, 140.0]
    assert found.outlay_minor.tolist() == [8 * 2600, 8 * 2600]
    assert found.saved_minor.tolist() == [10 * 290 + 960 + 2 * 960, 12 * 290]


def test_customers_who_are_turned_away_cost_their_margin_and_are_no_minutes(plain: Workspace) -> None:
    prices = read_prices(plain, "SA", DAY)
    pull = Pull(Lever.THROTTLE, (0,), 61200, 75600, 0.2)

    found = rehearsed("throttle", (pull,), draws(fewer_orders=(5.0, 7.0)), prices, lost_order_min=60.0)

    assert found.outlay_minor.tolist() == [5 * 960, 7 * 960]
    assert found.avoided_min.tolist() == [0.0, 0.0]
