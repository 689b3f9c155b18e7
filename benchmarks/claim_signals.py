"""How many false claims are asked about beforehand, and how many honest customers with them, on simulated rings.

``nice .venv/bin/python benchmarks/claim_signals.py [RINGS]``: the days of the scenario ``false-claims`` (a simulated
city, nothing here really happened), its ring drawn anew so many times, 12 unless said. The patterns see orders,
contacts and refunds; who was planted only scores them. *Left out*: every order with all other orders of the days known,
as a reviewer looks back. *As it happens*: each order of the ring's day with the claims that were known when it was
placed, as the next hand-over would be asked. Also told: a city without any ring, where whoever is asked is honest.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from tiffin.capabilities.liability.domain.signals import ClaimedOrders, Patterns, SignalRules
from tiffin.capabilities.liability.service.signal_rules import rules_of
from tiffin.capabilities.rehearsals.domain.after_the_day import told_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.scenario_run import run_scenario
from tiffin.capabilities.rehearsals.service.definitions import calendar_days, read_parameters, read_profiles
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.streams import Stream

SCENARIO = "false-claims"
DAY = date(2026, 2, 23)
RINGS = 12
HOURS = 30
HONEST_ASKED = 0.02


@dataclass(frozen=True, slots=True)
class World:
    """A simulated city with the truth about its claims.

    Parameters
    ----------
    facts : mapping of mappings
        By table and column.
    false_orders, members : frozenset of str
        Orders of which a claim is false, and customers of the ring.
    """

    facts: Mapping[str, Any]
    false_orders: frozenset[str]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How asking went.

    Parameters
    ----------
    recall : float
        Of the false claims, how many were asked about.
    precision : float
        Of the claims asked about, how many were false.
    honest : float
        Of the honest customers, how many were asked at all.
    """

    recall: float
    precision: float
    honest: float


def main() -> int:
    """Print the figures; 1 where too many honest customers are asked."""
    rules = shipped_rules()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RINGS
    seeds = range(1, count + 1)
    back = [score(world, asked_in(claimed(world.facts, rules), rules)) for world in map(a_world, seeds)]
    live = [score(world, as_it_happens(world, rules), day=DAY) for world in map(a_world, seeds)]
    alone = [honest_asked(a_world(seed, has_ring=False), rules) for seed in seeds]
    print(f"{SCENARIO}: {count} simulated rings of 40 customers, 2 riders, 1 merchant; nothing here really happened")
    print(f"{'':28} {'recall':>8} {'precision':>10} {'honest customers asked':>24}")
    for name, scores in (("left out, looking back", back), ("as it happens", live)):
        recall, precision, honest = (mean(getattr(one, part) for one in scores) for part in Score.__slots__)
        print(f"{name:28} {recall:8.1%} {precision:10.1%} {honest:24.2%}")
    print(f"{'no ring at all':28} {'':8} {'':10} {mean(alone):24.2%}")
    worst = max(*(one.honest for one in (*back, *live)), *alone)
    verdict = "holds" if worst <= HONEST_ASKED else "does not hold"
    print(f"honest customers asked, worst of all: {worst:.2%}; asked at most {HONEST_ASKED:.0%}: {verdict}")
    print("nobody is refused anything: what is asked is a photo or a PIN")
    return 0 if worst <= HONEST_ASKED else 1


def shipped_rules() -> SignalRules:
    """Give the rules as they ship."""
    return rules_of(Path(), DAY)


def a_world(seed: int, *, has_ring: bool = True) -> World:
    """Simulate the days, and let a ring claim in them."""
    file = read_scenario_file(SCENARIO)
    planted = tuple(one for one in file.scenario.planted if has_ring or one.kind is not Kind.FRAUD_RING)
    scenario = replace(file.scenario, planted=planted)
    stream = Stream.of_seed(seed).child(scenario.city.city_id)
    parameters = read_parameters(DAY)
    days = calendar_days(scenario, file.days)
    found = run_scenario(scenario, days, profiles=read_profiles(), parameters=parameters, stream=stream)
    told = told_facts(city_facts(found.run, parameters, stream), scenario, stream).in_time
    rows = told.get("planted_rows", {})
    truth = list(zip(rows.get("what", ()), rows.get("order_id", ()), rows.get("customer_id", ()), strict=True))
    false = frozenset(str(order) for what, order, _ in truth if what == "false_claim")
    return World(told, false, frozenset(str(one) for what, _, one in truth if what == "member" and one))


def claimed(facts: Mapping[str, Any], rules: SignalRules, until: np.datetime64 | None = None) -> ClaimedOrders:
    """Take of the facts what patterns see, known by a moment."""
    orders = facts["orders"]
    rows = np.flatnonzero(np.asarray(orders["status"]).astype(str) != "cancelled")
    if until is not None:
        rows = rows[orders["placed_at"][rows] <= until]
    claims = dict(sorted(_claims(facts, rules, until)))
    columns = ("order_id", "customer_id", "rider_id", "merchant_id", "category")
    parts = [[str(one) if one else None for one in np.asarray(orders[name])[rows]] for name in columns]
    return ClaimedOrders(*parts[:5], basket_minor=orders["basket_minor"][rows].tolist(), claims=claims)


def _claims(facts: Mapping[str, Any], rules: SignalRules, until: np.datetime64 | None) -> Iterator[tuple[str, str]]:
    for table, at in (("contacts", "contacted_at"), ("refunds", "refunded_at")):
        rows = facts[table]
        for order, reason, when in zip(rows["order_id"], rows["reason"], rows[at], strict=True):
            if reason in rules.asks and (until is None or when <= until):
                yield str(order), str(reason)


def asked_in(orders: ClaimedOrders, rules: SignalRules) -> frozenset[str]:
    """Name the orders about which something is asked."""
    found = Patterns(orders, rules).asked()
    return frozenset(order for order, is_asked in zip(orders.order_ids, found, strict=True) if is_asked)


def as_it_happens(world: World, rules: SignalRules) -> frozenset[str]:
    """Name the orders of the ring's day that are asked about, hour by hour, by what was known when they were placed."""
    placed = world.facts["orders"]["placed_at"]
    names = np.asarray(world.facts["orders"]["order_id"]).astype(str)
    begins = np.datetime64(DAY.isoformat())
    found: set[str] = set()
    for hour in range(HOURS):
        start = begins + np.timedelta64(hour, "h")
        known = claimed(world.facts, rules, start)
        coming = (placed > start) & (placed <= start + np.timedelta64(1, "h"))
        if not coming.any():
            continue
        found |= _next(world, known, names[coming], rules)
    return frozenset(found)


def _next(world: World, known: ClaimedOrders, coming: Any, rules: SignalRules) -> set[str]:
    """Add the coming orders, not claimed yet, to what is known, and name those that are asked about."""
    every = claimed(world.facts, rules)
    wanted = set(known.order_ids) | set(coming.tolist())
    keep = [at for at, name in enumerate(every.order_ids) if name in wanted]
    columns = ("order_ids", "customers", "riders", "merchants", "categories", "basket_minor")
    parts = {name: [getattr(every, name)[at] for at in keep] for name in columns}
    return set(asked_in(ClaimedOrders(**parts, claims=known.claims), rules)) & set(coming.tolist())


def score(world: World, asked: frozenset[str], day: date | None = None) -> Score:
    """Score who was asked by who was planted."""
    orders = world.facts["orders"]
    names = np.asarray(orders["order_id"]).astype(str)
    inside = np.ones(len(names), dtype=bool) if day is None else orders["business_date"] == np.datetime64(day)
    customers = np.asarray(orders["customer_id"]).astype(str)
    is_asked = np.isin(names, list(asked)) & inside
    is_claimed = np.isin(names, list(dict(_claims(world.facts, shipped_rules(), None))))
    is_false = np.isin(names, list(world.false_orders))
    is_honest = ~np.isin(customers, list(world.members)) & inside
    honest = len(np.unique(customers[is_asked & is_honest])) / len(np.unique(customers[is_honest]))
    both = (is_asked & is_false).sum()
    return Score(both / is_false.sum(), both / max((is_asked & is_claimed).sum(), 1), honest)


def honest_asked(world: World, rules: SignalRules) -> float:
    """Give the share of customers that is asked where nobody lies."""
    customers = np.asarray(world.facts["orders"]["customer_id"]).astype(str)
    names = np.asarray(world.facts["orders"]["order_id"]).astype(str)
    is_asked = np.isin(names, list(asked_in(claimed(world.facts, rules), rules)))
    return len(np.unique(customers[is_asked])) / len(np.unique(customers))


if __name__ == "__main__":
    sys.exit(main())
