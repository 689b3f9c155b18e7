"""Who took how many seconds of an order: shares add up, and are what a share should be."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, rules_of
from tiffin.engines.simulation.day import morning, run_until, until_evening
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS, NEAREST
from tiffin.engines.simulation.disruptions import Disruption, Kind, only
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, SLOT_S, Records, Status
from tiffin.engines.simulation.truth.delays import DayTruth, chance_in_lucks, day_truth
from tiffin.engines.simulation.truth.luck import AT_THE_DOOR, EVERYWHERE, dealt_anew
from tiffin.engines.simulation.truth.own import OWN, has_chance, usually
from tiffin.engines.simulation.truth.parties import PARTY_OF, Party
from tiffin.engines.simulation.truth.replaying import FILLED, FIXED, WORKING
from tiffin.engines.simulation.truth.sharing import MOST_EXACT, rounded, split
from tiffin.engines.simulation.truth.stages import ended_s
from tiffin.engines.simulation.truth.worlds import LOST, PROMISE, STAGES, WHATEVER_IS_PROMISED, Worlds, measure
from tiffin.engines.simulation.world import World

DAY_KINDS = [kind for kind in Kind if kind.strikes_the_day]
STREAM = Stream.of_seed(3)

WorldsOf = Callable[..., Worlds]


@pytest.fixture(scope="module")
def worlds_of(city: City, parameters: Parameters, plan_of: Callable[..., DayPlan]) -> WorldsOf:
    """Give a small day's worlds under the disruptions named."""

    def made(*disruptions: Disruption, seed: int = 1, orders: float = 250, policy: str = NEAREST) -> Worlds:
        plan = replace(plan_of(orders=orders, disruptions=disruptions), policy=policy)
        return Worlds(city, plan, parameters, Stream.of_seed(seed).child("day"))

    return made


def a_disruption(kind: Kind, strength: float = 0.8, *, start: int = 29, slots: int = 7) -> Disruption:
    return Disruption(kind, (3, 4, 5), start * SLOT_S, (start + slots) * SLOT_S, strength)


def begun(worlds: Worlds, day: SimulatedDay, orders: Records) -> World:
    """Set a day up with other orders."""
    return morning(
        orders=orders,
        merchants=worlds.city.merchants,
        sessions=day.sessions,
        factors=day.factors,
        near=worlds.city.near,
        rules=rules_of(worlds.parameters, worlds.plan.policy),
    )


def delays(worlds: Worlds, truth: DayTruth) -> NDArray[np.int64]:
    """Measure delays of orders that the undisturbed day has too, without looking at any share."""
    undisturbed = worlds.day([])
    here = {c: n for n, c in enumerate(truth.actual.orders.counter.tolist())}
    there = np.isin(undisturbed.orders.counter, truth.actual.orders.counter)
    rows = [here[counter] for counter in undisturbed.orders.counter[there].tolist()]
    both = truth.actual.happened.track[rows], undisturbed.happened.track[there]
    found = np.full(len(truth.actual.orders), np.iinfo(np.int64).max)
    found[rows] = ended_s(both[0]) - ended_s(both[1])
    return found


disruptions = st.builds(
    a_disruption,
    st.sampled_from(DAY_KINDS),
    st.floats(0.1, 1.0),
    start=st.integers(26, 34),
    slots=st.integers(2, 8),
)


@settings(max_examples=12, deadline=None)
@given(
    planted=st.lists(disruptions, min_size=0, max_size=3),
    seed=st.integers(1, 10_000),
    policy=st.sampled_from(sorted(CITY_DISPATCHERS)),
)
def test_shares_add_up_to_the_delay_of_each_order_to_the_second(
    worlds_of: WorldsOf, planted: list[Disruption], seed: int, policy: str
) -> None:
    worlds = worlds_of(*planted, seed=seed, orders=120, policy=policy)
    truth = day_truth(worlds, STREAM)
    orders, track = truth.actual.orders, truth.actual.happened.track
    measured = delays(worlds, truth)
    known = measured != np.iinfo(np.int64).max

    assert (truth.disruptions.delay_s.sum(axis=0) == measured)[known].all()
    # All others are orders of a surge, or customers whom the undisturbed day's promise turned away.
    assert known.any()
    assert (truth.disruptions.stage_s.sum(axis=1) == truth.disruptions.delay_s).all()
    assert (
        truth.ordinary_s.sum(axis=0) + truth.disruptions.delay_s.sum(axis=0) == ended_s(track) - orders.placed_s
    ).all()
    assert (
        truth.ordinary_promise_s + truth.disruptions.promise_s.sum(axis=0) == track.promised_s - orders.placed_s
    ).all()
    assert np.allclose(truth.disruptions.lost.sum(axis=0), np.rint(truth.disruptions.lost.sum(axis=0)), atol=1e-12)


@pytest.mark.parametrize("kind", DAY_KINDS)
def test_a_lone_disruption_gets_the_whole_delay(worlds_of: WorldsOf, kind: Kind) -> None:
    worlds = worlds_of(a_disruption(kind))
    truth = day_truth(worlds, STREAM)
    measured = delays(worlds, truth)
    known = measured != np.iinfo(np.int64).max

    assert (truth.disruptions.delay_s[0] == measured)[known].all()
    assert truth.worlds == 2
    assert truth.disruptions.delay_s.any() or truth.disruptions.promise_s.any()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_disruption_of_no_strength_gets_nothing(worlds_of: WorldsOf, kind: Kind) -> None:
    real, dummy = a_disruption(Kind.MERCHANT_OVERLOAD), a_disruption(kind, 0.0)
    truth = day_truth(worlds_of(dummy, real), STREAM)

    assert not truth.disruptions.delay_s[0].any()
    assert not truth.disruptions.promise_s[0].any()
    assert not truth.disruptions.lost[0].any()
    assert truth.disruptions.delay_s[1].any()


def test_two_of_the_same_share_alike(worlds_of: WorldsOf) -> None:
    slow = a_disruption(Kind.MERCHANT_OVERLOAD, 0.4)
    truth = day_truth(worlds_of(slow, slow, a_disruption(Kind.RAIN)), STREAM)

    assert np.abs(truth.disruptions.delay_s[0] - truth.disruptions.delay_s[1]).max() <= 1
    assert np.abs(truth.disruptions.promise_s[0] - truth.disruptions.promise_s[1]).max() <= 1
    assert truth.disruptions.delay_s[0].sum() > 0


def test_a_wrong_promise_moves_the_promises_shown_in_its_zones_and_hours(worlds_of: WorldsOf) -> None:
    wrong = a_disruption(Kind.WRONG_PROMISE, -5.0)
    worlds = worlds_of(wrong, orders=120)
    truth = day_truth(worlds, STREAM)
    orders = truth.actual.orders
    struck = np.isin(worlds.city.merchants.zone[orders.merchant], wrong.zones)
    struck &= (orders.placed_s >= wrong.start_s) & (orders.placed_s < wrong.end_s)

    # Who cancels earlier past a shorter promise changes the load, and with it a few other promises by a minute.
    assert np.median(truth.disruptions.promise_s[0][struck]) == -300
    assert (truth.disruptions.promise_s[0][struck] <= -240).all()
    assert np.median(truth.disruptions.promise_s[0][~struck]) == 0


@pytest.mark.parametrize("policy", sorted(CITY_DISPATCHERS))
def test_an_order_of_a_surge_owes_it_what_its_other_orders_do_not_its_own_being(
    worlds_of: WorldsOf, policy: str
) -> None:
    worlds = worlds_of(a_disruption(Kind.DEMAND_SURGE, 2.0), policy=policy)
    truth = day_truth(worlds, STREAM)
    brought = np.flatnonzero(truth.actual.orders.origin == 0)
    one = int(brought[len(brought) // 2])
    alone = np.concatenate([worlds.day([]).orders, truth.actual.orders[one : one + 1]]).view(np.recarray)
    alone = alone[np.argsort(alone.placed_s, kind="stable")]
    happened = until_evening(begun(worlds, truth.actual, alone))
    row = int(np.flatnonzero(alone.counter == truth.actual.orders.counter[one])[0])
    time_s = int(ended_s(happened.track)[row] - alone.placed_s[row])

    assert truth.ordinary_s[:, one].sum() == time_s
    assert truth.disruptions.delay_s[0][brought].any()


def test_a_day_in_parts_is_the_same_day(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(a_disruption(Kind.RAIN))
    whole = worlds.day([0])
    world = begun(worlds, whole, whole.orders)
    for hour in range(0, 24, 5):
        run_until(world, hour * 3600)

    assert until_evening(world).track.tobytes() == whole.happened.track.tobytes()


def test_what_is_taken_out_leaves_the_others_their_chance(worlds_of: WorldsOf) -> None:
    first, second = a_disruption(Kind.DEMAND_SURGE), a_disruption(Kind.RIDER_SHORTAGE)
    both, alone = worlds_of(first, second), worlds_of(second)

    assert only((first, second), {1})[1] == second
    # Who is missing goes by the disruption's number, so the lone shortage is another draw and the kept one the same.
    assert both.day([1]).sessions.tobytes() == both.day([0, 1]).sessions.tobytes()
    assert len(alone.day([0]).sessions) > 0


def test_seven_are_exact_and_more_are_sampled_and_say_so() -> None:
    weight = np.arange(1, 12)

    def value(there: frozenset[int]) -> NDArray[np.int64]:
        total = int(sum(weight[player] for player in there))
        return np.array([total, total * total, 7 * (len(there) > 1)], dtype=np.int64)

    exact, sampled = split(value, MOST_EXACT, STREAM), split(value, 11, STREAM)

    assert exact.is_exact
    assert exact.worlds == 2**MOST_EXACT
    assert exact.whole[:, 0].tolist() == weight[:MOST_EXACT].tolist()
    assert not sampled.is_exact
    assert sampled.whole[:, 0].tolist() == weight.tolist()
    for found, players in ((exact, MOST_EXACT), (sampled, 11)):
        assert (found.whole.sum(axis=0) == value(frozenset(range(players))) - value(frozenset())).all()
    square = sampled.fractions[:, 1]
    assert square == pytest.approx(weight * weight.sum(), rel=0.1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-500, 500), min_size=8, max_size=8))
def test_a_split_is_the_mean_over_all_orders_of_joining(values: list[int]) -> None:
    def value(there: frozenset[int]) -> NDArray[np.int64]:
        return np.array([values[sum(1 << player for player in there)]], dtype=np.int64)

    found = split(value, 3, STREAM)
    by_hand = np.zeros(3)
    for joining in permutations(range(3)):
        for place, player in enumerate(joining):
            before = frozenset(joining[:place])
            by_hand[player] += (value(before | {player}) - value(before))[0] / 6

    assert found.fractions[:, 0] == pytest.approx(by_hand)
    assert np.abs(found.whole[:, 0] - by_hand).max() < 1
    assert found.whole.sum() == values[7] - values[0]


def test_rounding_gives_nothing_to_nothing() -> None:
    parts = np.array([[0], [7], [-4], [0], [3]], dtype=np.int64)

    assert rounded(parts, 3).ravel().tolist() == [0, 2, -1, 0, 1]


def test_every_kind_counts_to_a_party() -> None:
    assert set(PARTY_OF) == set(Kind)


def test_an_order_placed_never_does_not_take_place(worlds_of: WorldsOf) -> None:
    worlds = worlds_of()
    day = worlds.day([])
    masked = day.orders.copy()
    masked.placed_s[10] = NEVER
    happened = until_evening(begun(worlds, day, masked))
    without = until_evening(begun(worlds, day, np.delete(day.orders, 10).view(np.recarray)))

    assert np.delete(happened.track, 10).tobytes() == without.track.tobytes()


def test_what_a_copy_of_a_world_leaves_out_are_parts_of_a_world() -> None:
    assert FIXED | WORKING | set(FILLED) < set(World._fields)
    assert not FIXED & (WORKING | set(FILLED))


def test_chance_and_disruptions_and_what_is_ordinary_add_up_to_what_happened(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(a_disruption(Kind.RAIN), a_disruption(Kind.DEMAND_SURGE, 1.5), orders=150)
    truth, without = day_truth(worlds, STREAM, with_chance=True), day_truth(worlds, STREAM)
    orders, track = truth.actual.orders, truth.actual.happened.track
    assert truth.chance is not None
    parts = [truth.disruptions, truth.chance]

    def total(name: str) -> NDArray[np.int64]:
        return np.asarray(sum(getattr(part, name).sum(axis=0) for part in parts), dtype=np.int64)

    assert (truth.disruptions.delay_s == without.disruptions.delay_s).all()
    assert (truth.ordinary_s.sum(axis=0) + total("delay_s") == ended_s(track) - orders.placed_s).all()
    assert (truth.ordinary_promise_s + total("promise_s") == track.promised_s - orders.placed_s).all()
    lost = truth.ordinary_lost + sum(part.lost.sum(axis=0) for part in parts)
    assert np.allclose(lost, track.status != Status.DELIVERED)


def test_an_order_whose_draws_are_the_usual_ones_owes_nobody_anything(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=150)
    truth = day_truth(worlds, STREAM, with_chance=True)
    orders = truth.actual.orders
    assert truth.chance is not None
    for number, party in enumerate(OWN):
        usual = ~has_chance(orders, usually(orders, worlds.city.merchants, worlds.parameters, [party]))
        assert not truth.chance.stage_s[number][:, usual].any()
    assert (~has_chance(orders, usually(orders, worlds.city.merchants, worlds.parameters, OWN[:1]))).mean() > 0.9


def test_a_slow_kitchen_counts_to_the_merchant_and_a_slow_ride_to_the_rider(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=250)
    truth = day_truth(worlds, STREAM, with_chance=True)
    orders, track = truth.actual.orders, truth.actual.happened.track
    assert truth.chance is not None
    done = track.status == Status.DELIVERED
    merchant, rider = OWN.index(Party.MERCHANT), OWN.index(Party.RIDER)
    kitchen_s = orders.accept_s + orders.prep_s - worlds.city.merchants.expected_prep_s[orders.merchant]

    assert np.corrcoef(kitchen_s[done], truth.chance.delay_s[merchant][done])[0, 1] > 0.7
    assert np.corrcoef(orders.ride_noise[done], truth.chance.delay_s[rider][done])[0, 1] > 0.6
    # What a refusal or a customer's regret ends is theirs.
    refused = (track.status == Status.MERCHANT_CANCELLED) & (orders.regret_s == NEVER)
    assert (truth.chance.lost[merchant][refused] == 1).all()


@pytest.mark.parametrize("policy", sorted(CITY_DISPATCHERS))
def test_the_own_chance_of_an_order_is_found_by_replaying_it_alone(worlds_of: WorldsOf, policy: str) -> None:
    worlds = worlds_of(orders=120, policy=policy)
    actual = worlds.day(())
    of_each = worlds.own_chance(actual)
    one = 40
    calm = actual.orders.copy()
    calm[one] = usually(actual.orders[one : one + 1], worlds.city.merchants, worlds.parameters, OWN)[0]
    happened = until_evening(begun(worlds, actual, calm))

    assert (of_each[frozenset()][:, one] == measure(calm, happened.track)[:, one]).all()


@pytest.mark.parametrize("policy", sorted(CITY_DISPATCHERS))
def test_the_chance_of_an_order_in_a_luck_of_the_day_is_its_replay_there(worlds_of: WorldsOf, policy: str) -> None:
    worlds = worlds_of(orders=120, policy=policy)
    actual = worlds.day(())
    one, lucks = 40, range(1, 3)
    of_each = worlds.chance_in_lucks(actual, np.array([one]), lucks)
    for coalition, found in of_each.items():
        parties = [party for number, party in enumerate(OWN) if number not in coalition]
        for row, luck in enumerate(lucks):
            kept = np.arange(len(actual.orders)) == one
            orders = dealt_anew(actual.orders, worlds.city.merchants, worlds.stream.child("luck", luck), kept)
            orders[one] = usually(actual.orders[one : one + 1], worlds.city.merchants, worlds.parameters, parties)[0]
            orders.wish[one] = WHATEVER_IS_PROMISED
            happened = until_evening(begun(worlds, actual, orders))
            assert (found[row] == measure(orders, happened.track)[:, [one]]).all()


def test_an_order_is_placed_in_every_luck_of_its_day(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=250)
    actual = worlds.day(())
    which = np.arange(len(actual.orders))[actual.happened.track.status == Status.DELIVERED][::5]
    for found in worlds.chance_in_lucks(actual, which, range(4)).values():
        assert (found[:, STAGES].sum(axis=1) > 0).all()


def test_the_parts_of_an_order_add_up_to_what_its_own_chance_does_in_every_luck(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=150)
    actual, which = worlds.day(()), np.arange(20, 50)
    values = worlds.chance_in_lucks(actual, which, range(4))
    parts = chance_in_lucks(worlds, actual, which, lucks=range(4), stream=STREAM)
    all_of_it = values[frozenset(range(len(OWN)))] - values[frozenset()]
    assert np.allclose(parts.late_s.sum(axis=0), all_of_it[:, STAGES].sum(axis=1) - all_of_it[:, PROMISE])
    assert np.allclose(parts.lost.sum(axis=0), all_of_it[:, LOST])


def test_an_order_whose_draws_are_the_usual_ones_owes_nobody_anything_in_any_luck(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=150)
    actual, which = worlds.day(()), np.arange(20, 70)
    parts = chance_in_lucks(worlds, actual, which, lucks=range(2), stream=STREAM)
    for number, party in enumerate(OWN):
        usual = ~has_chance(
            actual.orders[which], usually(actual.orders[which], worlds.city.merchants, worlds.parameters, [party])
        )
        assert not parts.late_s[number][:, usual].any()


def test_another_luck_leaves_the_conditions_and_deals_the_same_draws(worlds_of: WorldsOf) -> None:
    worlds = worlds_of(orders=150)
    orders, merchants = worlds.day(()).orders, worlds.city.merchants
    kept = np.arange(len(orders)) < 20
    dealt = dealt_anew(orders, merchants, STREAM, kept)
    assert (merchants.zone[dealt.merchant] == merchants.zone[orders.merchant]).all()
    assert (dealt.placed_s // SLOT_S == orders.placed_s // SLOT_S).all()
    assert (dealt.placed_s[kept] == orders.placed_s[kept]).all()
    for name in (*EVERYWHERE, *AT_THE_DOOR, "merchant"):
        assert (np.sort(dealt[name]) == np.sort(orders[name])).all()
    factors = [one.prep_s / merchants.expected_prep_s[one.merchant] for one in (dealt, orders)]
    assert np.allclose(np.sort(factors[0]), np.sort(factors[1]))
    assert (dealt.offer_key != orders.offer_key).mean() > 0.9
