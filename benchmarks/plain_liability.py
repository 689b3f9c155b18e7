"""A liability table by hand: who answers for an order that went wrong, and what share of it.

The rows are told twice, as cells of a decision table and as the `if`s that somebody would write instead, and
`benchmarks/decisions.py` checks that both say the same.
"""

from collections.abc import Sequence
from typing import Any

INPUTS = (
    ("problem", "string"),
    ("kitchen_late_min", "number"),
    ("rider_late_min", "number"),
    ("handover_photo", "boolean"),
    ("geofence_met", "boolean"),
    ("customer_reached", "boolean"),
    ("address_changed", "boolean"),
    ("weather", "string"),
    ("stacked_orders", "number"),
    ("basket_minor", "number"),
    ("earlier_claims", "number"),
)

ROWS = (
    ('"late"', "> 20", "<= 5", "-", "-", "-", "false", "-", "-", "-", "-", "merchant", 100, "late.kitchen"),
    ('"late"', "(10..20]", "<= 5", "-", "-", "-", "false", "-", "-", "-", "-", "merchant", 60, "late.kitchen_some"),
    ('"late"', "> 10", "> 5", "-", "-", "-", "false", "-", "-", "-", "-", "shared", 50, "late.both"),
    ('"late"', "<= 10", "> 15", "-", "-", "-", "false", 'not("storm")', "< 2", "-", "-", "rider", 40, "late.rider"),
    (
        '"late"',
        "<= 10",
        "> 15",
        "-",
        "-",
        "-",
        "false",
        'not("storm")',
        ">= 2",
        "-",
        "-",
        "platform",
        100,
        "late.stacked",
    ),
    ('"late"', "<= 10", "> 15", "-", "-", "-", "false", '"storm"', "-", "-", "-", "platform", 100, "late.storm"),
    ('"late"', "<= 10", "(5..15]", "-", "-", "-", "false", "-", "-", "-", "-", "platform", 50, "late.little"),
    ('"late"', "<= 10", "<= 5", "-", "-", "-", "false", "-", "-", "-", "-", "platform", 0, "late.not"),
    ('"late"', "-", "-", "-", "-", "-", "true", "-", "-", "-", "-", "customer", 0, "late.address"),
    ('"missing"', "-", "-", "true", "-", "-", "-", "-", "-", "< 5000", "< 3", "merchant", 100, "missing.photo"),
    ('"missing"', "-", "-", "true", "-", "-", "-", "-", "-", ">= 5000", "< 3", "merchant", 80, "missing.photo_large"),
    ('"missing"', "-", "-", "false", "-", "-", "-", "-", "-", "-", "< 3", "shared", 50, "missing.no_photo"),
    ('"missing"', "-", "-", "-", "-", "-", "-", "-", "-", "-", "[3..6)", "platform", 30, "missing.again"),
    ('"missing"', "-", "-", "-", "-", "-", "-", "-", "-", "-", ">= 6", "customer", 0, "missing.often"),
    ('"damaged"', "-", "-", "true", "-", "-", "-", "-", "< 3", "-", "-", "rider", 60, "damaged.rider"),
    ('"damaged"', "-", "-", "true", "-", "-", "-", "-", ">= 3", "-", "-", "platform", 100, "damaged.stacked"),
    ('"damaged"', "-", "-", "false", "-", "-", "-", "-", "-", "-", "-", "merchant", 70, "damaged.merchant"),
    ('"wrong"', "-", "-", "true", "-", "-", "-", "-", "< 2", "-", "-", "merchant", 100, "wrong.merchant"),
    ('"wrong"', "-", "-", "true", "-", "-", "-", "-", ">= 2", "-", "-", "shared", 50, "wrong.stacked"),
    ('"wrong"', "-", "-", "false", "-", "-", "-", "-", "< 2", "-", "-", "merchant", 80, "wrong.no_photo"),
    ('"wrong"', "-", "-", "false", "-", "-", "-", "-", ">= 2", "-", "-", "rider", 50, "wrong.swapped"),
    ('"undelivered"', "-", "-", "-", "true", "false", "false", "-", "-", "-", "-", "customer", 0, "gone.customer"),
    ('"undelivered"', "-", "-", "-", "true", "true", "false", "-", "-", "-", "-", "rider", 100, "gone.rider"),
    ('"undelivered"', "-", "-", "-", "false", "-", "false", "-", "-", "< 3000", "-", "rider", 100, "gone.not_there"),
    (
        '"undelivered"',
        "-",
        "-",
        "-",
        "false",
        "-",
        "false",
        "-",
        "-",
        ">= 3000",
        "-",
        "platform",
        70,
        "gone.not_there_large",
    ),
    ('"undelivered"', "-", "-", "-", "-", "-", "true", "-", "-", "-", "-", "customer", 50, "gone.address"),
    ('"cold"', "> 15", "-", "-", "-", "-", "-", "-", "-", "-", "-", "merchant", 60, "cold.kitchen"),
    ('"cold"', "<= 15", "> 15", "-", "-", "-", "-", "-", "-", "-", "-", "rider", 40, "cold.rider"),
    ('"cold"', "<= 15", "<= 15", "-", "-", "-", "-", "-", "-", "-", "-", "platform", 50, "cold.nobody"),
    ('"other", "none"', "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "platform", 0, "other"),
)
"""Cells of the inputs, then party, share in percent and the key of the reason."""

Value = Any
Case = Sequence[Value]


def by_hand(case: Case) -> int:
    """Give the number of the row that holds, from 0; -1 in a gap."""
    problem = case[0]
    if problem == "late":
        return late(case)
    if problem == "missing":
        return missing(case)
    if problem in ("damaged", "wrong"):
        return goods(case)
    if problem == "undelivered":
        return undelivered(case)
    if problem == "cold":
        return cold(case)
    return 29 if problem in ("other", "none") else -1


def late(case: Case) -> int:
    """Decide who made an order late."""
    kitchen, rider, changed, weather, stacked = case[1], case[2], case[6], case[7], case[8]
    if changed is True:
        return 8
    if kitchen is None or rider is None or changed is None:
        return -1
    if kitchen > 20 and rider <= 5:
        return 0
    if kitchen > 10:
        return 1 if rider <= 5 else 2
    if rider > 15:
        return slow_rider(weather, stacked)
    return 6 if rider > 5 else 7


def slow_rider(weather: Value, stacked: Value) -> int:
    """Decide who answers for a rider who came late by himself."""
    if weather == "storm":
        return 5
    return -1 if stacked is None else 3 if stacked < 2 else 4


def missing(case: Case) -> int:
    """Decide who answers for what is missing."""
    photo, basket, claims = case[3], case[9], case[10]
    if claims is None:
        return -1
    if claims >= 3:
        return 12 if claims < 6 else 13
    if photo is False:
        return 11
    if photo is None or basket is None:
        return -1
    return 9 if basket < 5000 else 10


def goods(case: Case) -> int:
    """Decide who answers for damaged and wrong goods."""
    photo, stacked = case[3], case[8]
    if photo is None:
        return -1
    if case[0] == "damaged":
        if photo is False:
            return 16
        return -1 if stacked is None else 14 if stacked < 3 else 15
    if stacked is None:
        return -1
    if photo is True:
        return 17 if stacked < 2 else 18
    return 19 if stacked < 2 else 20


def undelivered(case: Case) -> int:
    """Decide who answers for an order that did not arrive."""
    met, reached, changed, basket = case[4], case[5], case[6], case[9]
    if changed is True:
        return 25
    if changed is None or met is None:
        return -1
    if met is True:
        return -1 if reached is None else 22 if reached else 21
    return -1 if basket is None else 23 if basket < 3000 else 24


def cold(case: Case) -> int:
    """Decide who let a meal get cold."""
    kitchen, rider = case[1], case[2]
    if kitchen is None:
        return -1
    if kitchen > 15:
        return 26
    return -1 if rider is None else 27 if rider > 15 else 28
