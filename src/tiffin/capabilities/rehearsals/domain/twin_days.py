"""Days of a twin: the orders, kitchens, promises and riders of a day of the facts, as the event loop takes them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.lever_ready import Ready
from tiffin.capabilities.rehearsals.domain.twin_city import (
    TwinCity,
    numbered,
    rides,
    speeds,
    straight_m,
    twin_city,
    vehicles_of,
)
from tiffin.capabilities.rehearsals.domain.twin_facts import WAITED_S, TwinFacts
from tiffin.engines.simulation.city import scattered
from tiffin.engines.simulation.city_day import DrawnDay, present, rules_of
from tiffin.engines.simulation.demand import KEYS
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import (
    FACTORS,
    NEVER,
    ORDERS,
    SESSIONS,
    SLOT_S,
    SLOTS,
    VEHICLES,
    Floats,
    Records,
    Rules,
    records,
)

MOVED_S = 900.0
"""In a redrawn day an order is placed up to so much earlier or later than the one that it is drawn from."""
LAST_JOB_S = 420.0
"""A rider who went off so soon after his last delivery stayed on for it: his shift had ended some time before."""
COARSE_STEP_S = 300
LONGEST_SERVICE_S = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A day that can be lived again.

    Parameters
    ----------
    visits : records of ORDERS
        What the facts settle; columns that are drawn for each replication hold nothing.
    unknown : Unknown
        What is drawn instead.
    """

    made: TwinCity
    visits: Records
    unknown: "Unknown"
    sessions: Records
    shifts: tuple[Shift, ...]
    rules: Rules
    parameters: Parameters
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Of each customer what the facts do not tell, and what the chance of ordering was at the promise shown.

    Parameters
    ----------
    prep, pickup, dropoff, accept, ride : (n,), whether it is to be drawn
    odds : (n,), log-odds of ordering at the promise and the load of the facts
    stays : (n,), whether he ordered
    """

    prep: NDArray[np.bool_]
    pickup: NDArray[np.bool_]
    dropoff: NDArray[np.bool_]
    accept: NDArray[np.bool_]
    ride: NDArray[np.bool_]
    odds: Floats
    stays: NDArray[np.bool_]


def make_twin(facts: TwinFacts, parameters: Parameters, *, seed: int) -> Twin:
    """Make the twin of a day from its facts and, where they are silent, from parameters."""
    made = twin_city(facts, parameters)
    rules = _rules(facts, parameters)
    merchant = numbered(facts.orders["merchant_id"], made.merchant_of)
    load = _load(facts)
    prep_s = _preparation(facts, merchant, made, parameters)
    pickup_s, dropoff_s = _pickup(facts), 2.0 * (facts.at("delivered_at") - facts.at("arrived_at_customer_at"))
    dropoff_s = np.where((dropoff_s > 0) & (dropoff_s <= LONGEST_SERVICE_S), dropoff_s, np.nan)
    accept_s = facts.at("accepted_at") - facts.at("placed_at")
    noise = _ride_noise(facts, made, parameters)
    early = facts.by("customer") & (facts.at("cancelled_at") - facts.at("placed_at") < WAITED_S)
    regret_s = np.where(early, facts.at("cancelled_at") - facts.at("placed_at"), NEVER)
    over = np.maximum(0.0, load - rules.usual_load)
    promised = facts.at("promised_at") - facts.at("placed_at")
    own = promised - rules.promise_load_s * over - rules.promise_step_s / 2
    count, none = len(merchant), np.zeros(len(merchant))
    x, y = _doors(facts, made, merchant, straight_m(facts, parameters), Stream.of_seed(seed).child("doors"))
    columns = {
        **dict.fromkeys(ORDERS, none),
        "counter": np.arange(count),
        "origin": np.full(count, -1),
        "placed_s": facts.at("placed_at"),
        "merchant": merchant,
        "drop_zone": np.maximum(0, numbered(facts.orders["dropoff_zone_id"], made.zone_of)),
        "drop_x": x,
        "drop_y": y,
        "right_x": x,
        "right_y": y,
        "accept_s": np.nan_to_num(accept_s),
        "prep_s": np.nan_to_num(prep_s),
        "pickup_s": np.nan_to_num(pickup_s),
        "dropoff_s": np.nan_to_num(dropoff_s),
        "ride_noise": np.nan_to_num(noise),
        "regret_s": np.nan_to_num(regret_s, nan=NEVER),
        "refused": facts.by("merchant"),
        "own_promise_s": np.where(np.isnan(own), -1.0, np.maximum(1.0, own)),
    }
    visits = records(ORDERS, **columns)
    unknown = Unknown(
        prep=np.isnan(prep_s),
        pickup=np.isnan(pickup_s),
        dropoff=np.isnan(dropoff_s),
        accept=np.isnan(accept_s),
        ride=np.isnan(noise),
        odds=rules.wish - rules.wish_min * rules.promise_load_s * over / 60.0,
        stays=np.ones(count, dtype=bool),
    )
    visits, unknown = _with_those_who_went(facts, made, visits, unknown)
    sessions, shifts = _sessions(facts, made, parameters, Stream.of_seed(seed).child("homes"))
    return Twin(
        made=made,
        visits=visits,
        unknown=unknown,
        sessions=sessions,
        shifts=shifts,
        rules=rules,
        parameters=parameters,
        seed=seed,
    )


def ready_twin(twin: Twin, replication: int) -> Ready:
    """Draw one replication: the first has the orders of the facts, the others are drawn from them with replacement."""
    stream = Stream.of_seed(twin.seed).child("twin", replication)
    count = len(twin.visits)
    which = np.arange(count, dtype=np.int64)
    moved_s = np.zeros(count)
    if replication > 1:
        moved_s = MOVED_S * (2.0 * stream.child("moved").uniform(which) - 1.0)
        which = (stream.child("which").uniform(which) * count).astype(np.int64)
    visits = twin.visits[which]
    visits.placed_s = np.clip(visits.placed_s + np.rint(moved_s), 0, SLOTS * SLOT_S - 1).astype(np.int64)
    visits.counter = np.arange(count)
    _draw(visits, twin, which, stream)
    visits = visits[np.lexsort((visits.counter, visits.placed_s))]
    vehicles = np.array([0] * len(twin.shifts), dtype=np.int64)
    vehicles[twin.sessions.shift] = twin.sessions.vehicle
    usual = np.ones_like(twin.made.travel)
    factors = records(FACTORS, travel=twin.made.travel, usual_travel=usual, prep=usual, promise_s=np.zeros_like(usual))
    share = np.bincount(twin.sessions.vehicle, minlength=len(VEHICLES)) / max(1, len(twin.sessions))
    return Ready(
        city=twin.made.city,
        drawn=DrawnDay(visits, twin.shifts, vehicles, twin.sessions, factors),
        rules=twin.rules,
        parameters=twin.parameters,
        vehicles=tuple(share.tolist()),
        stream=stream,
    )


def _draw(visits: Records, twin: Twin, which: NDArray[np.int64], stream: Stream) -> None:
    """Draw what the facts do not tell of each customer, by his own chance."""
    p, own, counter = twin.parameters, twin.unknown, visits.counter
    usual = {
        "accept_s": (own.accept, p.accept_median_s, p.accept_spread),
        "pickup_s": (own.pickup, p.pickup_service_s, p.service_spread),
        "dropoff_s": (own.dropoff, p.dropoff_service_s, p.service_spread),
        "ride_noise": (own.ride, 1.0, p.ride_spread),
        "prep_s": (own.prep, 1.0, p.prep_spread),
        "approach_noise": (np.ones(len(own.ride), dtype=bool), 1.0, p.ride_spread),
        "patience_s": (np.ones(len(own.ride), dtype=bool), p.patience_median_s, p.patience_spread),
        "no_rider_s": (np.ones(len(own.ride), dtype=bool), p.give_up_median_s, p.give_up_spread),
    }
    for name, (wanted, median, spread) in usual.items():
        drawn = stream.child(name).lognormal(counter, median=median, spread=spread)
        if name == "prep_s":
            drawn = drawn * twin.made.city.merchants.expected_prep_s[visits.merchant]
        visits[name] = np.where(wanted[which], drawn, visits[name])
    wish = 1.0 / (1.0 + np.exp(-own.odds[which]))
    drawn = stream.child("wish").uniform(counter)
    visits.wish = np.where(own.stays[which], drawn * wish, wish + drawn * (1.0 - wish))
    visits.offer_key = (stream.child("offer").uniform(counter) * KEYS).astype(np.int64)


def _rules(facts: TwinFacts, parameters: Parameters) -> Rules:
    """Write down the platform's rules; what the facts say of promises and riding stands in other places."""
    rules = rules_of(parameters, DISPATCHER)
    promised = facts.at("promised_at") - facts.at("placed_at")
    known = promised[~np.isnan(promised)]
    coarse = bool(len(known)) and bool((known % COARSE_STEP_S == 0).all())
    has_load = bool((~np.isnan(facts.at("riders_on_shift"))).any())
    even = (1.0, 1.0, 1.0)
    return rules._replace(
        promise_step_s=COARSE_STEP_S if coarse else 60,
        promise_load_s=rules.promise_load_s if has_load else 0.0,
        traffic=even,
        weather=even,
    )


def _load(facts: TwinFacts) -> Floats:
    load = facts.at("outstanding_orders") / np.maximum(1.0, facts.at("riders_on_shift"))
    return np.nan_to_num(load)


def _preparation(facts: TwinFacts, merchant: NDArray[np.int64], made: TwinCity, parameters: Parameters) -> Floats:
    """Give what each preparation would have taken in a kitchen that is not overloaded.

    The orders in hand when one was accepted are counted in the facts, and what they slow is taken out again.
    """
    accepted, ready = facts.at("accepted_at"), facts.at("ready_at")
    in_hand = np.zeros(len(merchant))
    for one in range(len(made.merchant_of)):
        own = np.flatnonzero((merchant == one) & ~np.isnan(accepted))
        begun, done = np.sort(accepted[own]), np.sort(np.nan_to_num(ready[own], nan=np.inf))
        before = np.searchsorted(begun, accepted[own], side="left")
        in_hand[own] = before - np.searchsorted(done, accepted[own], side="right")
    capacity = made.city.merchants.capacity[merchant]
    slowed = 1.0 + parameters.kitchen_slowdown * np.maximum(0.0, in_hand - capacity) / capacity
    took = ready - accepted
    return np.where(took > 0, took / slowed, np.nan)


def _pickup(facts: TwinFacts) -> Floats:
    """Give the service at the merchant's, half of it before the goods are handed over: the engine's rule turned."""
    arrived, ready, left = facts.at("arrived_at_merchant_at"), facts.at("ready_at"), facts.at("picked_up_at")
    after = 2.0 * (left - ready)
    waited = ready >= arrived + after / 2.0
    service = np.where(waited, after, left - arrived)
    return np.where((service > 0) & (service <= LONGEST_SERVICE_S), service, np.nan)


def _ride_noise(facts: TwinFacts, made: TwinCity, parameters: Parameters) -> Floats:
    alone, factor = rides(facts, parameters)
    slot = np.clip(facts.at("picked_up_at")[alone] // SLOT_S, 0, SLOTS - 1).astype(np.int64)
    zone = numbered(facts.orders["zone_id"], made.zone_of)[alone]
    noise = np.full(len(facts.orders["zone_id"]), np.nan)
    noise[alone] = np.clip(factor / made.travel[zone, slot], 0.3, 3.0)
    return noise


def _doors(
    facts: TwinFacts, made: TwinCity, merchant: NDArray[np.int64], away_m: Floats, stream: Stream
) -> tuple[Floats, Floats]:
    """Put each customer as far from the merchant as the facts say, towards his zone; where he lives is not asked."""
    city, number = made.city, np.arange(len(merchant), dtype=np.int64)
    zone = numbered(facts.orders["dropoff_zone_id"], made.zone_of)
    shop = city.merchants[merchant]
    east, north = scattered(stream, number)
    to_x, to_y = city.x_m[zone] + east - shop.x, city.y_m[zone] + north - shop.y
    angle = np.where(zone >= 0, np.arctan2(to_y, to_x), 2.0 * np.pi * stream.child("angle").uniform(number))
    return shop.x + away_m * np.cos(angle), shop.y + away_m * np.sin(angle)


def _with_those_who_went(
    facts: TwinFacts, made: TwinCity, visits: Records, unknown: Unknown
) -> tuple[Records, Unknown]:
    """Add customers who saw a delivery time and did not order, each like the order of his zone next after his visit."""
    zone = numbered(facts.visits["zone_id"], made.zone_of)
    asked_s = np.asarray(facts.visits["asked_at"], dtype=np.float64)
    known = (zone >= 0) & ~np.isnan(asked_s)
    of_order = made.city.merchants.zone[visits.merchant]
    like = np.full(len(zone), -1, dtype=np.int64)
    for one in np.unique(zone[known]):
        orders, own = np.flatnonzero(of_order == one), np.flatnonzero(known & (zone == one))
        if len(orders):
            at = np.clip(np.searchsorted(visits.placed_s[orders], asked_s[own]), 0, len(orders) - 1)
            like[own] = orders[at]
    own = np.flatnonzero(like >= 0)
    went = visits[like[own]].copy()
    went.placed_s = asked_s[own].astype(np.int64)
    went.regret_s, went.refused = NEVER, 0
    which = np.concatenate([np.arange(len(visits)), like[own]])
    stays = np.arange(len(which)) < len(visits)
    every: Records = np.concatenate([visits, went]).view(np.recarray)
    parts = {name: getattr(unknown, name)[which] for name in ("prep", "pickup", "dropoff", "accept", "ride", "odds")}
    return every, Unknown(**parts, stays=stays)


def _sessions(
    facts: TwinFacts, made: TwinCity, parameters: Parameters, stream: Stream
) -> tuple[Records, tuple[Shift, ...]]:
    city, zone = made.city, numbered(facts.sessions["zone_id"], made.zone_of)
    on_s = np.asarray(facts.sessions["on_at"], dtype=np.float64)
    off_s = _planned_end(facts)
    number = np.flatnonzero((zone >= 0) & ~np.isnan(on_s) & ~np.isnan(off_s))
    on, off = np.maximum(0, on_s[number]).astype(np.int64), off_s[number].astype(np.int64)
    shifts = tuple(Shift(*map(int, row)) for row in zip(zone[number], on, off, strict=True))
    ridden = vehicles_of(facts.sessions["vehicle"])[number]
    shift = np.arange(len(number), dtype=np.int64)
    east, north = scattered(stream, shift)
    table = records(
        SESSIONS,
        shift=shift,
        on_s=on,
        off_s=off,
        zone=zone[number],
        x=city.x_m[zone[number]] + east / 2,
        y=city.y_m[zone[number]] + north / 2,
        vehicle=ridden,
        speed_m_s=speeds(parameters)[ridden],
    )
    return present(table), shifts


def _planned_end(facts: TwinFacts) -> Floats:
    """Give when each shift ended: who went off just after a delivery had taken that order before his shift was over."""
    off_s = np.asarray(facts.sessions["off_at"], dtype=np.float64).copy()
    on_s = np.asarray(facts.sessions["on_at"], dtype=np.float64)
    done, begun = facts.at("delivered_at"), facts.at("assigned_at")
    if len(set(facts.sessions["rider_id"])) * 2 < len(off_s):
        # Riders are not told apart, so nobody's last delivery is known.
        return off_s
    by_rider: dict[str, list[int]] = {}
    for order in np.flatnonzero(~np.isnan(done) & ~np.isnan(begun)).tolist():
        by_rider.setdefault(str(facts.orders["rider_id"][order]), []).append(order)
    for session, rider in enumerate(facts.sessions["rider_id"]):
        own = [one for one in by_rider.get(str(rider), []) if on_s[session] <= done[one] <= off_s[session]]
        if own and off_s[session] - max(done[own]) <= LAST_JOB_S:
            last = max(own, key=lambda one: float(done[one]))
            off_s[session] = max(on_s[session], (float(begun[last]) + off_s[session]) / 2.0)
    return off_s
