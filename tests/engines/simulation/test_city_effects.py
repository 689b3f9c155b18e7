"""Each thing that a city day models moves what it should, and nothing that does not follow from it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tiffin.engines.simulation.aftermath import Reason, follow_up
from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import (
    BICYCLE,
    CAR,
    NEVER,
    SLOTS,
    Ending,
    Mishap,
    Outcome,
    Status,
)
from tiffin.engines.simulation.trails import legs

Day = Callable[..., SimulatedDay]
PlanOf = Callable[..., DayPlan]
EVERYWHERE = tuple(range(9))


def declined(day: SimulatedDay) -> NDArray[np.bool_]:
    return np.asarray(day.happened.offers.outcome == Outcome.DECLINED)


def delivered(day: SimulatedDay) -> NDArray[np.bool_]:
    return np.asarray(day.happened.track.status == Status.DELIVERED)


def test_riders_decline_long_ways_and_poor_pay(day_of: Day) -> None:
    usual, poor = day_of(orders=3000, decline_share=0.2), day_of(orders=3000, decline_share=0.2, rider_pay_base=0.1)
    away = usual.happened.offers.away_m
    far = away > np.median(away)

    assert declined(usual)[far].mean() > 1.2 * declined(usual)[~far].mean()
    assert declined(poor).mean() > 1.2 * declined(usual).mean()


def test_riders_on_bicycles_decline_more_often(day_of: Day) -> None:
    day = day_of(orders=3000, decline_share=0.2, decline_bicycle_per_km=0.6)
    rides = day.sessions.vehicle[day.happened.offers.session] == BICYCLE

    assert declined(day)[rides].mean() > 1.3 * declined(day)[~rides].mean()


def test_who_is_asked_after_a_refusal_is_farther_away_and_the_order_later(day_of: Day) -> None:
    day = day_of(orders=3000, decline_share=0.3)
    offers = day.happened.offers
    again = np.flatnonzero((offers.before != NEVER) & ((offers.answered_s - offers.offered_s) < 60))
    before = offers[offers.before[again]]
    at_once = offers.offered_s[again] == before.answered_s

    assert (offers.session[again] != before.session).all()
    assert (offers.offered_s[again] >= before.answered_s).all()
    assert at_once.mean() > 0.7
    # A rider on his way home counts from home, and when he is there.
    assert (offers.away_m[again] >= before.away_m)[at_once].mean() > 0.7


def test_an_offer_without_an_answer_expires(day_of: Day) -> None:
    day = day_of(orders=3000, offer_answer_mean_s=30, offer_expires_s=30)
    offers = day.happened.offers
    expired = offers.outcome == Outcome.EXPIRED

    assert expired.mean() == pytest.approx(np.exp(-1), abs=0.03)
    assert set(offers.answered_s[expired] - offers.offered_s[expired]) == {30}


def ride_s_per_km(day: SimulatedDay, city: City, vehicle: int) -> float:
    track, orders = day.happened.track, day.orders
    rode = delivered(day) & (orders.mishap == Mishap.NONE)
    rode[rode] = day.sessions.vehicle[track.session[rode]] == vehicle
    shop = city.merchants[orders.merchant[rode]]
    metres = np.hypot(shop.x - orders.drop_x[rode], shop.y - orders.drop_y[rode])
    return float((track.at_customer_s - track.picked_up_s)[rode].sum() / metres.sum() * 1000)


def test_each_vehicle_has_its_own_speed_and_its_own_share_of_the_traffic(
    city: City, parameters: Parameters, plan_of: PlanOf
) -> None:
    free = replace(plan_of(orders=2500), vehicles=(0.5, 0.0, 0.5))
    days = [
        simulate(city, replace(free, travel=np.full(SLOTS, factor)), parameters, Stream.of_seed(5))
        for factor in (1.0, 1.8)
    ]
    car, bicycle = ([ride_s_per_km(day, city, vehicle) for day in days] for vehicle in (CAR, BICYCLE))

    assert car[0] == pytest.approx(60_000 / parameters.speed_m_min, rel=0.03)
    assert bicycle[0] == pytest.approx(60_000 / parameters.bicycle_speed_m_min, rel=0.03)
    assert car[1] / car[0] == pytest.approx(1.8, rel=0.03)
    assert bicycle[1] / bicycle[0] == pytest.approx(1.0 + 0.8 * parameters.bicycle_traffic_share, rel=0.03)


def test_rain_slows_a_bicycle_more_than_a_car(city: City, parameters: Parameters, plan_of: PlanOf) -> None:
    rain = Disruption(Kind.RAIN, EVERYWHERE, 0, SLOTS * 1800, 0.5)
    dry = replace(plan_of(orders=2500), vehicles=(0.5, 0.0, 0.5))
    days = [
        simulate(city, replace(dry, disruptions=planted), parameters, Stream.of_seed(5)) for planted in ((), (rain,))
    ]

    for vehicle, slows in ((CAR, 1.5), (BICYCLE, 1.0 + 0.5 * parameters.bicycle_weather_share)):
        wet, before = (ride_s_per_km(day, city, vehicle) for day in reversed(days))
        assert wet / before == pytest.approx(slows, rel=0.03)


def test_bundles_form_where_they_cost_little_and_carry_more_when_riders_are_few(day_of: Day) -> None:
    alone, together, narrow = (
        day_of(orders=1500, target_utilisation=2.0, policy=policy, conversion_per_min=0.0, bundle_wait_s=wait)
        for policy, wait in (("nearest", 600), ("bundling", 600), ("bundling", 0))
    )

    def bundled(day: SimulatedDay) -> int:
        track = day.happened.track[delivered(day)]
        return len(track) - len(np.unique(np.stack([track.session, track.job]), axis=1).T)

    assert bundled(alone) == 0
    assert bundled(together) > 2 * bundled(narrow) > 0
    assert delivered(together).sum() > delivered(alone).sum()
    assert wait_s(together) < wait_s(alone)


def wait_s(day: SimulatedDay) -> float:
    track = day.happened.track[delivered(day)]
    return float((track.picked_up_s - track.ready_s).mean())


def test_a_bundle_delays_nobody_beyond_its_limits(day_of: Day, city: City) -> None:
    """Without noise on rides the limit on the detour holds to the second of each leg's rounding."""
    changes = {"ride_spread": 1e-9, "absent_share": 0.0, "wrong_address_share": 0.0, "bundle_detour_s": 420.0}
    day = day_of(orders=2500, target_utilisation=2.0, policy="bundling", **changes)
    track, orders = day.happened.track, day.orders
    done = delivered(day)
    shop = city.merchants[orders.merchant]
    direct_s = (
        np.hypot(shop.x - orders.drop_x, shop.y - orders.drop_y)[done] / day.sessions.speed_m_s[track.session[done]]
    )

    assert ((track.at_customer_s - track.picked_up_s)[done] - direct_s).max() <= 2 * 420 + 3
    assert ((track.at_customer_s - track.picked_up_s)[done] - direct_s).max() > 240


def test_matching_in_batches_sends_riders_a_shorter_way_when_it_can_choose(day_of: Day) -> None:
    nearest, batched = (
        day_of(orders=2500, target_utilisation=1.2, policy=policy, conversion_per_min=0.0)
        for policy in ("nearest", "batched")
    )
    taken = [day.happened.offers[day.happened.offers.outcome == Outcome.ACCEPTED] for day in (nearest, batched)]

    assert taken[1].away_m.mean() < taken[0].away_m.mean()
    assert set(taken[1].offered_s % 30) == {0}
    assert len(set(taken[0].offered_s % 30)) == 30


def test_an_absent_customer_costs_the_rider_his_patience_and_some_goods_go_back(day_of: Day) -> None:
    never, often = (day_of(orders=2000, absent_share=share, wrong_address_share=0.0) for share in (0.0, 0.3))
    track, orders = often.happened.track, often.orders
    at_door = track.at_customer_s != NEVER
    absent = at_door & (orders.mishap == Mishap.ABSENT)
    late = absent & (track.status == Status.DELIVERED)
    back = track.status == Status.RETURNED

    assert not (never.happened.track.status == Status.RETURNED).any()
    assert absent.sum() / at_door.sum() == pytest.approx(0.3, abs=0.03)
    assert (back == (absent & (orders.ending == Ending.RETURNED))).all()
    assert back.sum() / absent.sum() == pytest.approx(0.3, abs=0.06)
    assert (track.delivered_s - track.at_customer_s - orders.dropoff_s // 2 == orders.mishap_s)[late].all()
    left = late & (orders.ending == Ending.LEFT)
    assert set(orders.mishap_s[left | back]) == {480}
    assert (track.returned_s - track.cancelled_s)[back].min() > 0


def test_a_wrong_address_costs_another_ride(day_of: Day) -> None:
    day = day_of(orders=2000, absent_share=0.0, wrong_address_share=0.3)
    track, orders = day.happened.track, day.orders
    wrong = (orders.mishap == Mishap.WRONG_ADDRESS) & (track.status == Status.DELIVERED)
    away = np.hypot(orders.right_x - orders.drop_x, orders.right_y - orders.drop_y)[wrong]
    speed = day.sessions.speed_m_s[track.session[wrong]]
    ride_s = (track.delivered_s - track.at_customer_s - orders.dropoff_s // 2 - orders.mishap_s)[wrong]

    assert wrong.sum() > 400
    assert away.mean() == pytest.approx(900, rel=0.15)
    assert np.corrcoef(ride_s, away / speed)[0, 1] > 0.98


def test_riders_who_leave_early_leave_fewer_hours(day_of: Day) -> None:
    none, many = day_of(early_leave_share=0.0), day_of(early_leave_share=0.5)
    planned = {number: shift.off_s for number, shift in enumerate(many.shifts)}
    early = np.array([planned[shift] for shift in many.sessions.shift]) - many.sessions.off_s

    assert (none.sessions.off_s == [planned[shift] for shift in none.sessions.shift]).all()
    assert (early >= 0).all()
    assert (early > 0).mean() == pytest.approx(0.5, abs=0.12)
    assert (many.sessions.on_s == none.sessions.on_s).all()


def test_a_roster_from_outside_is_ridden_as_it_stands(city: City, parameters: Parameters, plan_of: PlanOf) -> None:
    roster = tuple(Shift(zone, 3600 * hour, 3600 * (hour + 4)) for zone in range(9) for hour in (4, 8, 12, 16))
    sure = replace(parameters, no_show_share=0.0, early_leave_share=0.0)
    day = simulate(city, replace(plan_of(orders=300), shifts=roster), sure, Stream.of_seed(2))

    assert [(s.zone, s.on_s, s.off_s) for s in day.sessions] == [(s.zone, s.on_s, s.off_s) for s in roster]
    assert delivered(day).sum() > 200


@pytest.mark.parametrize("policy", CITY_DISPATCHERS)
def test_without_riders_nothing_is_offered_and_nothing_without_orders(
    city: City, parameters: Parameters, plan_of: PlanOf, policy: str
) -> None:
    plan = replace(plan_of(orders=300), shifts=(), policy=policy)
    nobody = simulate(city, plan, parameters, Stream.of_seed(2))
    nothing = simulate(city, replace(plan, orders=0.0, shifts=None), parameters, Stream.of_seed(2))

    assert (nobody.happened.track.status == Status.NO_RIDER).mean() > 0.9
    assert len(nobody.happened.offers) == len(legs(nobody, city)) == 0
    assert len(nothing.visits) == len(nothing.orders) == len(nothing.happened.offers) == 0


def test_a_longer_promise_turns_customers_away_and_the_usual_one_does_not(day_of: Day) -> None:
    longer = Disruption(Kind.WRONG_PROMISE, EVERYWHERE, 0, SLOTS * 1800, 20.0)
    calm = {"orders": 4000.0, "promise_load_s": 0.0, "day_noise": 0.0, "zone_noise": 0.0}
    usual, long = day_of(**calm), day_of(longer, **calm)
    odds = 0.8 / 0.2 * np.exp(-0.04 * 20)

    assert len(usual.orders) == pytest.approx(4000, rel=0.04)
    assert len(usual.orders) / len(usual.visits) == pytest.approx(0.8, abs=0.02)
    assert len(long.orders) / len(long.visits) == pytest.approx(odds / (1 + odds), abs=0.02)
    assert long.visits.counter.tolist() == usual.visits.counter.tolist()
    assert set(long.orders.counter) < set(usual.orders.counter)
    assert (long.visits.promised_s - usual.visits.promised_s == 1200).all()


def test_load_turns_customers_away_by_the_promise_that_it_stretches(day_of: Day) -> None:
    careless, careful = (day_of(orders=1500, target_utilisation=3.0, conversion_per_min=by) for by in (0.0, 0.2))

    assert careless.visits.counter.tolist() == careful.visits.counter.tolist()
    assert len(careful.orders) < 0.97 * len(careless.orders)


def test_failed_hand_overs_bring_contacts_and_returns_refunds(day_of: Day, parameters: Parameters) -> None:
    day = day_of(orders=3000, absent_share=0.3)
    after = follow_up(day.orders, day.happened.track, parameters, Stream.of_seed(4))
    track = day.happened.track
    failed = (day.orders.mishap != Mishap.NONE) & (track.at_customer_s != NEVER)
    back = track.status == Status.RETURNED

    assert (after.contact != Reason.NONE)[failed].mean() == pytest.approx(0.55, abs=0.05)
    assert (after.contact != Reason.NONE)[~failed].mean() < 0.2
    assert set(after.contact[back]) == {Reason.NONE, Reason.RETURNED}
    assert (after.refund == Reason.RETURNED)[back].mean() == pytest.approx(0.35, abs=0.08)
    assert not (after.refund == Reason.RETURNED)[~back].any()
    assert not after.stars[back].any()


@pytest.mark.parametrize("policy", CITY_DISPATCHERS)
@pytest.mark.parametrize("kind", [Kind.RAIN, Kind.RIDER_SHORTAGE, Kind.MERCHANT_OVERLOAD, Kind.DEMAND_SURGE])
def test_what_happened_before_a_disruption_is_the_same_without_it(day_of: Day, policy: str, kind: Kind) -> None:
    start_s = 30 * 1800
    one = Disruption(kind, (3, 4, 5), start_s, start_s + 4 * 1800, 0.9)
    with_it, without = day_of(one, policy=policy, orders=700), day_of(policy=policy, orders=700)
    # A rider to whom a shortage leaves less than half an hour does not come at all.
    until_s = start_s - 1800
    offers = [day.happened.offers[day.happened.offers.answered_s < until_s] for day in (with_it, without)]
    shift = [day.sessions.shift[o.session].tolist() for day, o in zip((with_it, without), offers, strict=True)]
    seen = [day.visits[day.visits.placed_s < until_s] for day in (with_it, without)]

    assert len(offers[0]) > 100
    assert shift[0] == shift[1]
    assert seen[0].tobytes() == seen[1].tobytes()
    for name in ("order", "offered_s", "answered_s", "outcome", "away_m"):
        assert offers[0][name].tolist() == offers[1][name].tolist()
    assert with_it.happened.track.tobytes() != without.happened.track.tobytes()
