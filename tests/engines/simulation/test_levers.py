"""Levers in a simulated day: what each does, what it leaves as it is, and what cannot be pulled."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.simulation.conftest import PARAMETERS, a_city, a_plan

from tiffin.engines.simulation.city_day import DrawnDay, SimulatedDay, draw_day, lived, rules_of
from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.levers import Lever, LeverParameters, Pull
from tiffin.engines.simulation.levers_pulled import Pulled, Taken, pull_levers, taken_by
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, Floats, Records, Status
from tiffin.kernel.errors import WrongUse

CITY, PLAN, RULES = a_city(), a_plan(), rules_of(PARAMETERS)
STREAM = Stream.of_seed(1).child("day")
LEVERS = LeverParameters(incentive_elasticity=0.6, nearer_share=0.5, farther_m=500, later_s=3600)
EVENING = {"start_s": 14 * 3600, "end_s": 18 * 3600}
STRENGTHS = {Lever.SHIFT_TOP_UP: 3.0, Lever.RADIUS: 1500.0, Lever.PROMISE: 10.0, Lever.MERCHANT_PACING: 2.0}
SOME, OTHERS = (0, 1, 3, 4), (2, 5, 6, 7, 8)


def pulled(*pulls: Pull, drawn: DrawnDay, parameters: LeverParameters = LEVERS) -> Pulled:
    return pull_levers(drawn, pulls, CITY, (PARAMETERS, parameters), STREAM.child("levers"), vehicles=PLAN.vehicles)


@pytest.fixture(scope="module")
def drawn() -> DrawnDay:
    return draw_day(CITY, PLAN, PARAMETERS, STREAM)


@pytest.fixture(scope="module")
def without(drawn: DrawnDay) -> SimulatedDay:
    return lived(drawn, CITY, RULES)


def under(drawn: DrawnDay, without: SimulatedDay, *pulls: Pull) -> tuple[SimulatedDay, Taken]:
    levered = pulled(*pulls, drawn=drawn)
    day = lived(levered.drawn, CITY, RULES)
    return day, taken_by(levered, day, without, CITY)


def late(day: SimulatedDay) -> int:
    track = day.happened.track
    return int(((track.status == Status.DELIVERED) & (track.delivered_s > track.promised_s)).sum())


def everything(day: SimulatedDay) -> bytes:
    tables = (day.orders, day.sessions, day.vehicles, day.factors, day.visits, *day.happened)
    return b"".join(np.asarray(table).tobytes() for table in tables)


@pytest.mark.parametrize("lever", list(Lever))
def test_a_lever_of_no_strength_changes_nothing_to_the_byte(
    lever: Lever, drawn: DrawnDay, without: SimulatedDay
) -> None:
    day, taken = under(drawn, without, Pull(lever, SOME, **EVENING, strength=0.0, from_zones=OTHERS))

    assert everything(day) == everything(without)
    assert set(vars_of(taken)) == {0.0}


def vars_of(taken: Taken) -> tuple[float, ...]:
    return tuple(getattr(taken, name) for name in Taken.__dataclass_fields__)


@pytest.mark.parametrize("lever", list(Lever))
def test_a_lever_changes_no_customer_before_its_hours_and_the_same_chance_gives_the_same_day(
    lever: Lever, drawn: DrawnDay, without: SimulatedDay
) -> None:
    pull = Pull(lever, SOME, **EVENING, strength=STRENGTHS.get(lever, 0.5), from_zones=OTHERS)
    day, _ = under(drawn, without, pull)
    again, _ = under(drawn, without, pull)

    done = without.happened.track.freed_s[without.orders.placed_s < EVENING["start_s"] - 7200]
    earlier = day.orders.placed_s < EVENING["start_s"] - 7200
    assert np.array_equal(day.happened.track.freed_s[earlier], done)
    assert everything(day) == everything(again)
    assert everything(day) != everything(without)


def test_riders_on_top_come_for_the_hours_and_avoid_lateness_where_riders_are_missing() -> None:
    shortage = Disruption(Kind.RIDER_SHORTAGE, SOME, **EVENING, strength=0.5)
    short = draw_day(CITY, replace(PLAN, disruptions=(shortage,)), PARAMETERS, STREAM)
    before = lived(short, CITY, RULES)
    day, taken = under(short, before, Pull(Lever.SHIFT_TOP_UP, SOME, **EVENING, strength=4.0))

    extra = day.sessions[day.sessions.shift >= len(short.shifts)]
    assert set(extra.zone) == set(SOME)
    assert (extra.on_s >= EVENING["start_s"]).all()
    assert (extra.off_s <= EVENING["end_s"]).all()
    assert 0.8 * 4 * 4 * 4 < taken.extra_rider_hours <= 4 * 4 * 4
    assert late(day) < late(before)


def test_moved_riders_are_elsewhere_for_the_hours_and_nobody_is_in_two_places(
    drawn: DrawnDay, without: SimulatedDay
) -> None:
    pull = Pull(Lever.MOVE_RIDERS, SOME, **EVENING, strength=0.5, from_zones=OTHERS)
    levered = pulled(pull, drawn=drawn)
    day, taken = under(drawn, without, pull)
    moves = levered.drawn.levers.transfers
    there = moves[np.isin(moves.zone, SOME)]

    assert len(there)
    assert np.isin(day.sessions.zone[there.session], OTHERS).all()
    assert len(np.unique(there.session)) == len(there)
    assert (there.at_s >= EVENING["start_s"]).all()
    assert (there.at_s < EVENING["end_s"]).all()
    assert set(moves[~np.isin(moves.zone, SOME)].session) <= set(there.session)
    assert taken.moved_rider_hours > 0
    assert len(day.sessions) == len(without.sessions)


def test_moving_riders_who_have_nothing_to_do_to_where_they_are_wanted_avoids_lateness() -> None:
    idle = tuple(Shift(8, 12 * 3600, 20 * 3600) for _ in range(20))
    few = tuple(Shift(0, 12 * 3600, 20 * 3600) for _ in range(3))
    profile = np.zeros(48)
    profile[28:36] = 1 / 8
    city = replace(CITY, weight=np.array([0.98, *[0.0025] * 8]))
    plan = replace(PLAN, orders=90, profile=profile, shifts=idle + few)
    short = draw_day(city, plan, PARAMETERS, STREAM)
    pull = Pull(Lever.MOVE_RIDERS, (0,), **EVENING, strength=0.6, from_zones=(8,))
    moved = pull_levers(short, [pull], city, (PARAMETERS, LEVERS), STREAM.child("levers"), vehicles=plan.vehicles)
    before, after = lived(short, city, RULES), lived(moved.drawn, city, RULES)
    lost = [int((day.happened.track.status == Status.NO_RIDER).sum()) for day in (before, after)]

    assert lost[1] < lost[0] / 2
    assert late(after) + lost[1] < late(before) + lost[0]


def test_the_way_to_another_zone_takes_time(drawn: DrawnDay) -> None:
    levered = pulled(Pull(Lever.MOVE_RIDERS, (0,), **EVENING, strength=1.0, from_zones=(4, 5, 7, 8)), drawn=drawn)
    day = lived(levered.drawn, CITY, RULES)
    moves, rides = levered.drawn.levers.transfers, day.happened.rides_home
    idle = rides[np.isin(rides.start_s, moves.at_s[moves.zone == 0]) & np.isin(rides.session, moves.session)]
    home = day.sessions.zone[idle.session]
    away_m = np.hypot(CITY.x_m[home] - CITY.x_m[0], CITY.y_m[home] - CITY.y_m[0])

    assert len(idle) > 0
    assert ((idle.end_s - idle.start_s) * day.sessions.speed_m_s[idle.session] > away_m / 2).all()


def test_an_incentive_brings_riders_by_its_elasticity_and_lets_them_decline_less(
    drawn: DrawnDay, without: SimulatedDay
) -> None:
    every = tuple(range(9))
    day, taken = under(drawn, without, Pull(Lever.INCENTIVE, every, **EVENING, strength=1.0))
    planned_h = (
        sum(max(0, min(s.off_s, EVENING["end_s"]) - max(s.on_s, EVENING["start_s"])) for s in drawn.shifts) / 3600
    )
    offers = day.happened.offers
    within = (offers.offered_s >= EVENING["start_s"]) & (offers.offered_s < EVENING["end_s"])

    assert taken.extra_rider_hours == pytest.approx(0.6 * planned_h, rel=0.25)
    assert offers.pay[within].min() > 1.0 + offers.pay[~within].min() - 0.5
    assert taken.incentive_rider_hours > taken.extra_rider_hours
    assert taken.incentive_orders > 0


def test_no_customer_farther_than_the_radius_orders_and_some_find_a_nearer_merchant(
    drawn: DrawnDay, without: SimulatedDay
) -> None:
    day, taken = under(drawn, without, Pull(Lever.RADIUS, tuple(range(9)), **EVENING, strength=1500.0))
    struck = (day.orders.placed_s >= EVENING["start_s"]) & (day.orders.placed_s < EVENING["end_s"])
    shop = CITY.merchants[day.orders.merchant]
    away_m = np.hypot(shop.x - day.orders.drop_x, shop.y - day.orders.drop_y)

    assert away_m[struck].max() <= 1500.0 < away_m[~struck].max()
    assert taken.turned_away > 0
    assert taken.steered > 0


def test_a_longer_promise_makes_fewer_orders_late_and_fewer_of_them(drawn: DrawnDay, without: SimulatedDay) -> None:
    day, taken = under(drawn, without, Pull(Lever.PROMISE, tuple(range(9)), **EVENING, strength=15.0))

    assert late(day) < late(without)
    assert len(day.orders) < len(without.orders)
    assert taken.promise_order_min > 0
    assert taken.turned_away == 0


def test_the_throttle_turns_away_the_share_that_is_asked(drawn: DrawnDay, without: SimulatedDay) -> None:
    _, taken = under(drawn, without, Pull(Lever.THROTTLE, tuple(range(9)), **EVENING, strength=0.3))
    struck = (without.orders.placed_s >= EVENING["start_s"]) & (without.orders.placed_s < EVENING["end_s"])

    assert taken.turned_away == pytest.approx(0.3 * struck.sum(), rel=0.25)


def test_a_paced_kitchen_takes_no_more_than_it_can_carry(drawn: DrawnDay, without: SimulatedDay) -> None:
    day, taken = under(drawn, without, Pull(Lever.MERCHANT_PACING, tuple(range(9)), 0, 24 * 3600, strength=2.0))
    refused = day.visits.promised_s == NEVER

    assert taken.turned_away == np.isin(without.orders.counter, day.visits.counter[refused]).sum() > 0
    assert not refused[np.isin(day.visits.counter, day.orders.counter)].any()
    # Orders not yet accepted are not in preparation, so some come above it; never many.
    assert most_in_hand(day) < most_in_hand(without)


def most_in_hand(day: SimulatedDay) -> float:
    """Give the most orders in preparation at a time, in capacities of the kitchen."""
    track, most = day.happened.track, 0.0
    for merchant in np.unique(day.orders.merchant):
        own = track[(day.orders.merchant == merchant) & (track.ready_s != NEVER)]
        if not len(own):
            continue
        events = sorted([(t, 1) for t in own.accepted_s] + [(t, -1) for t in own.ready_s])
        most = max(most, np.cumsum([step for _, step in events]).max() / CITY.merchants.capacity[merchant])
    return float(most)


def test_steered_customers_order_elsewhere_or_later(drawn: DrawnDay) -> None:
    elsewhere = pulled(Pull(Lever.DEMAND_STEERING, SOME, **EVENING, strength=0.4, from_zones=OTHERS), drawn=drawn)
    later = pulled(Pull(Lever.DEMAND_STEERING, SOME, **EVENING, strength=0.4), drawn=drawn)

    moved = np.isin(elsewhere.drawn.visits.counter, elsewhere.steered.steered)
    assert moved.any()
    assert np.isin(CITY.merchants.zone[elsewhere.drawn.visits.merchant[moved]], OTHERS).all()
    own, other = drawn.visits, elsewhere.drawn.visits
    longer_m = away_m(other)[moved] - away_m(own)[np.isin(own.counter, elsewhere.steered.steered)]
    assert longer_m.max() <= 500.0
    put_off = np.isin(later.drawn.visits.counter, later.steered.steered)
    was = drawn.visits.placed_s[np.isin(drawn.visits.counter, later.steered.steered)]
    assert sorted(later.drawn.visits.placed_s[put_off]) == sorted(was + 3600)
    assert (np.diff(later.drawn.visits.placed_s) >= 0).all()


def away_m(visits: Records) -> Floats:
    shop = CITY.merchants[visits.merchant]
    return np.asarray(np.hypot(shop.x - visits.drop_x, shop.y - visits.drop_y))


@given(
    lever=st.sampled_from(list(Lever)),
    strength=st.floats(0.05, 1.0),
    zones=st.sets(st.integers(0, 8), min_size=1, max_size=4),
    start=st.integers(0, 46),
    hours=st.integers(1, 8),
)
@settings(max_examples=25, deadline=None)
def test_every_order_of_a_levered_day_ends_in_one_way(
    lever: Lever, strength: float, zones: set[int], start: int, hours: int
) -> None:
    drawn = draw_day(CITY, PLAN, PARAMETERS, STREAM)
    end_s = min(48, start + 2 * hours) * 1800
    strength *= 3000.0 if lever is Lever.RADIUS else 1.0
    others = tuple(sorted(set(range(9)) - zones))
    pull = Pull(lever, tuple(sorted(zones)), start * 1800, end_s, strength=strength, from_zones=others)
    levered = pulled(pull, drawn=drawn)
    day = lived(levered.drawn, CITY, RULES)

    assert (day.happened.track.status != Status.OPEN).all()
    carried = day.happened.track.session != NEVER
    assert (day.happened.track.session[carried] < len(day.sessions)).all()
    assert (day.happened.ended_s >= day.sessions.on_s).all()
    assert min(vars_of(taken_by(levered, day, lived(drawn, CITY, RULES), CITY))) >= 0.0


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"zones": (9,)}, "Zones from 0 to 8"),
        ({"zones": ()}, "one at least"),
        ({"start_s": 100}, "half hours"),
        ({"end_s": 0}, "half hours"),
        ({"strength": 1.5}, "out of the range of throttle"),
        ({"lever": Lever.MOVE_RIDERS}, "zones that they come from"),
    ],
)
def test_what_cannot_be_pulled_is_refused(drawn: DrawnDay, changed: dict[str, object], complaint: str) -> None:
    pull = replace(Pull(Lever.THROTTLE, (0,), **EVENING, strength=0.5), **changed)  # type: ignore[arg-type]

    with pytest.raises(WrongUse, match=complaint):
        pulled(pull, drawn=drawn)
