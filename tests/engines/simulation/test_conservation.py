"""Laws of every simulated day, whatever the city, the day and the chance."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay, rules_of
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import NEVER, Outcome, Status
from tiffin.engines.simulation.trails import Purpose, jobs, legs
from tiffin.engines.simulation.world import OFFERS_MOST

Day = Callable[..., SimulatedDay]

disruption = st.builds(
    Disruption,
    kind=st.sampled_from(Kind),
    zones=st.lists(st.integers(0, 8), min_size=1, unique=True).map(tuple),
    start_s=st.sampled_from([20 * 1800, 28 * 1800]),
    end_s=st.sampled_from([32 * 1800, 40 * 1800]),
    strength=st.floats(0.1, 0.95),
)
days = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32),
        "orders": st.sampled_from([1.0, 40.0, 300.0]),
        "target_utilisation": st.sampled_from([0.5, 0.9, 3.0]),
        "dispatch_radius_m": st.sampled_from([900.0, 3500.0, 1e6]),
        "give_up_median_s": st.sampled_from([60.0, 1200.0]),
        "policy": st.sampled_from(tuple(CITY_DISPATCHERS)),
        "decline_share": st.sampled_from([1e-6, 0.05, 0.7]),
        "absent_share": st.sampled_from([0.0, 0.3]),
        "wrong_address_share": st.sampled_from([0.0, 0.3]),
        "regret_share": st.sampled_from([0.01, 0.4]),
        "bundle_wait_s": st.sampled_from([180.0, 1500.0]),
    }
)
law = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_every_order_ends_once_and_only_in_one_way(day_of: Day, day: dict[str, Any], planted: list[Disruption]) -> None:
    result = day_of(*planted, **day)
    track, visits = result.happened.track, result.visits
    delivered, returned = (track.status == status for status in (Status.DELIVERED, Status.RETURNED))

    assert not (track.status == Status.OPEN).any()
    assert ((track.delivered_s != NEVER) == delivered).all()
    assert ((track.cancelled_s != NEVER) == ~delivered).all()
    assert ((track.returned_s != NEVER) == returned).all()
    assert ((track.picked_up_s != NEVER) == (delivered | returned)).all()
    assert (track.session[delivered | returned] != NEVER).all()
    assert (track.session[track.status == Status.NO_RIDER] == NEVER).all()
    assert visits.order[visits.order != NEVER].tolist() == list(range(len(result.orders)))
    assert (visits.counter[visits.order != NEVER] == result.orders.counter).all()


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_nothing_happens_before_its_cause(day_of: Day, day: dict[str, Any], planted: list[Disruption]) -> None:
    result = day_of(*planted, **day)
    orders, track, offers = result.orders, result.happened.track, result.happened.offers
    stages = [orders.placed_s, track.accepted_s, track.assigned_s, track.at_merchant_s, track.picked_up_s]
    stages += [track.at_customer_s, track.delivered_s, track.returned_s, track.freed_s]
    for number, before in enumerate(stages):
        for after in stages[number + 1 :]:
            both = (before != NEVER) & (after != NEVER)
            assert (before[both] <= after[both]).all()
    picked, returned = track.picked_up_s != NEVER, track.returned_s != NEVER
    assert (track.ready_s[picked] <= track.picked_up_s[picked]).all()
    assert (track.at_customer_s[returned] <= track.cancelled_s[returned]).all()
    assert (track.cancelled_s[returned] <= track.returned_s[returned]).all()
    assert (track.promised_s > orders.placed_s).all()
    assert (track.accepted_s[offers.order] <= offers.offered_s).all()
    assert (offers.offered_s < offers.answered_s).all()


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_every_carried_order_was_offered_and_taken_once(
    day_of: Day, day: dict[str, Any], planted: list[Disruption]
) -> None:
    result = day_of(*planted, **day)
    track, offers = result.happened.track, result.happened.offers
    taken = offers[offers.outcome == Outcome.ACCEPTED]
    carried = np.flatnonzero(track.session != NEVER)

    assert np.sort(taken.order).tolist() == carried.tolist()
    assert (track.session[taken.order] == taken.session).all()
    assert (track.assigned_s[taken.order] == taken.answered_s).all()
    pairs = offers.order * len(result.sessions) + offers.session
    assert len(np.unique(pairs)) == len(pairs)
    assert np.bincount(offers.order).max(initial=0) <= OFFERS_MOST


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_no_rider_is_in_two_places(day_of: Day, city: City, day: dict[str, Any], planted: list[Disruption]) -> None:
    result = day_of(*planted, **day)
    sessions, ended_s, way = result.sessions, result.happened.ended_s, legs(result, city)
    begins = np.diff(way.session, prepend=NEVER) != 0
    ends = np.append(begins, True)[1:]

    assert np.unique(way.session).tolist() == list(range(len(sessions)))
    assert (way.start_s[begins] == sessions.on_s).all()
    assert (way.end_s[ends] == ended_s).all()
    assert (way.start_s[~begins] == way.end_s[:-1][~begins[1:]]).all()
    for axis in ("x", "y"):
        assert (way[f"from_{axis}"][begins] == sessions[axis]).all()
        assert (way[f"from_{axis}"][~begins] == way[f"to_{axis}"][:-1][~begins[1:]]).all()
        stays = way.purpose == Purpose.WAIT
        assert (way[f"from_{axis}"][stays] == way[f"to_{axis}"][stays]).all()


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_a_riders_way_is_what_happened_to_his_orders(
    day_of: Day, city: City, day: dict[str, Any], planted: list[Disruption]
) -> None:
    result = day_of(*planted, **day)
    orders, track, way = result.orders, result.happened.track, legs(result, city)
    out = way[way.purpose == Purpose.DELIVER]
    at_door = {(order, x): end for order, x, end in zip(out.order, out.to_x, out.end_s, strict=True)}
    moving = np.hypot(way.to_x - way.from_x, way.to_y - way.from_y) > 0
    speed = result.sessions.speed_m_s[way.session]

    assert all(at_door[n, orders.drop_x[n]] == track.at_customer_s[n] for n in np.flatnonzero(track.at_customer_s > 0))
    back = way[way.purpose == Purpose.RETURN]
    assert set(back.end_s) == set(track.returned_s[track.returned_s != NEVER])
    assert (back.to_x == city.merchants.x[orders.merchant[back.order]]).all()
    # Nobody rides faster than his vehicle does with the best of luck.
    metres = np.hypot(way.to_x - way.from_x, way.to_y - way.from_y)[moving]
    assert (metres / (way.end_s - way.start_s)[moving] <= 2.0 * speed[moving]).all()


@law
@given(day=days, planted=st.lists(disruption, max_size=2))
def test_jobs_of_a_rider_follow_one_another(day_of: Day, day: dict[str, Any], planted: list[Disruption]) -> None:
    result = day_of(*planted, **day)
    worked, track = jobs(result), result.happened.track
    same = worked.session[1:] == worked.session[:-1]
    size = np.unique(np.stack([track.session, track.job])[:, track.picked_up_s != NEVER], axis=1, return_counts=True)[1]

    assert (worked.start_s[1:][same] >= worked.end_s[:-1][same]).all()
    assert (result.happened.ended_s[worked.session] >= worked.end_s).all()
    assert (result.happened.offers.offered_s < result.sessions.off_s[result.happened.offers.session]).all()
    assert size.max(initial=1) <= CITY_DISPATCHERS[day["policy"]].bundle_most


@law
@given(day=days)
def test_the_load_seen_at_placing_is_what_was_there(day_of: Day, day: dict[str, Any]) -> None:
    result = day_of(**{**day, "surroundings_m": 1e9})
    orders, track, sessions = result.orders, result.happened.track, result.sessions
    out = np.isin(track.status, (Status.DELIVERED, Status.RETURNED))
    ended = np.where(out, track.freed_s, track.cancelled_s)
    for order in range(0, len(orders), 7):
        now = orders.placed_s[order]
        clear = ~np.isin(now, np.concatenate([orders.placed_s[:order], ended, sessions.on_s, result.happened.ended_s]))
        if clear:
            assert track.outstanding[order] == ((orders.placed_s < now) & (ended > now)).sum()
            assert track.riders_on_shift[order] == ((sessions.on_s < now) & (result.happened.ended_s > now)).sum()


def test_an_order_goes_to_the_nearest_idle_rider(day_of: Day, city: Any) -> None:
    """Replays the day from its track: where each idle rider was, and that none of them was nearer."""
    result = day_of(home_after_s=1e6)
    orders, track, sessions = result.orders, result.happened.track, result.sessions
    merchants, checked = city.merchants, 0
    offers = result.happened.offers
    asked, first = np.unique(offers.order, return_index=True)
    first = dict(zip(asked.tolist(), first.tolist(), strict=True))
    at_once = [order for order, row in first.items() if track.ready_s[order] - offers.offered_s[row] == 420]
    for order in at_once[::8]:
        now, chosen = offers.offered_s[first[order]], offers.session[first[order]]
        answering = offers.session[(offers.offered_s <= now) & (offers.answered_s >= now) & (offers.session != chosen)]
        place = {r: at for r, at in _places(result, merchants, now).items() if r not in answering}
        x, y = merchants.x[orders.merchant[order]], merchants.y[orders.merchant[order]]
        away = {rider: np.hypot(px - x, py - y) for rider, (px, py) in place.items()}
        if chosen in away:
            checked += 1
            assert away[chosen] == min(away.values())
    assert checked > 40
    assert len(sessions)


def _places(result: SimulatedDay, merchants: Any, now: int) -> dict[int, tuple[float, float]]:
    """Find the riders idle just before `now` and where each waits: at home, or where his last order ended."""
    track, orders, sessions = result.happened.track, result.orders, result.sessions
    places = {}
    for rider in np.flatnonzero((sessions.on_s < now) & (result.happened.ended_s > now)):
        before = np.flatnonzero((track.session == rider) & (track.assigned_s < now))
        if len(before) == 0:
            places[int(rider)] = (sessions.x[rider], sessions.y[rider])
            continue
        last = before[np.argmax(track.assigned_s[before])]
        if track.freed_s[last] >= now:
            continue
        at_door = track.status[last] == Status.DELIVERED
        at = orders.merchant[last]
        places[int(rider)] = (
            (orders.right_x[last], orders.right_y[last]) if at_door else (merchants.x[at], merchants.y[at])
        )
    return places


@pytest.mark.parametrize("policy", CITY_DISPATCHERS)
@pytest.mark.parametrize("orders", [1.0, 900.0])
def test_the_same_seed_gives_the_same_bytes(day_of: Day, orders: float, policy: str) -> None:
    first, second, other = (day_of(orders=orders, policy=policy, seed=seed) for seed in (1, 1, 2))

    for part in ("track", "offers", "rides_home", "ended_s"):
        assert getattr(first.happened, part).tobytes() == getattr(second.happened, part).tobytes()
    assert first.visits.tobytes() == second.visits.tobytes()
    assert first.sessions.tobytes() == second.sessions.tobytes()
    assert first.happened.track.tobytes() != other.happened.track.tobytes()


@pytest.mark.parametrize("policy", ["bundling", "batched-bundling"])
def test_compiled_and_interpreted_code_give_the_same_bytes(
    day_of: Day, city: Any, parameters: Parameters, interpreted: Any, policy: str
) -> None:
    compiled = day_of(orders=150.0, policy=policy)
    again = interpreted("day").run_day(
        orders=compiled.orders,
        merchants=city.merchants,
        sessions=compiled.sessions,
        factors=compiled.factors,
        near=city.near,
        rules=rules_of(parameters, policy),
    )

    assert again.offers.tobytes() == compiled.happened.offers.tobytes()
    assert again.track.tobytes() == compiled.happened.track.tobytes()
    assert again.ended_s.tobytes() == compiled.happened.ended_s.tobytes()
