"""The city of a twin: its zones and merchants where the facts of a day have them, and how fast riders rode."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tiffin.capabilities.rehearsals.domain.city_run import EARTH_M_PER_DEGREE, RIDDEN_LIKE, metres_per_longitude
from tiffin.capabilities.rehearsals.domain.twin_facts import Texts, TwinFacts
from tiffin.engines.simulation.city import UNREACHABLE_M, City
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import MERCHANTS, SLOT_S, SLOTS, VEHICLES, Floats, records

PRIOR_ORDERS = 5.0
"""What is known of all kitchens counts as much beside a merchant's own as so many of his orders."""
PRIOR_RIDES = 8.0
"""Likewise of all zones' riding beside one zone's half hour."""
LEAST_DISTRICT = 0.02
"""A part of the city with less than this share of its orders is no district of its own."""


@dataclass(frozen=True, slots=True)
class TwinCity:
    """A city made from facts.

    Parameters
    ----------
    zone_of, merchant_of : mapping
        Number of each zone and merchant by its name.
    travel : (n_zones, n_slots), factor on riding times over free roads at the parameters' speeds
    """

    city: City
    zone_of: Mapping[str, int]
    merchant_of: Mapping[str, int]
    travel: Floats


def twin_city(facts: TwinFacts, parameters: Parameters) -> TwinCity:
    """Build the city of a day."""
    zones = sorted({*_named(facts.orders["zone_id"]), *_named(facts.sessions["zone_id"])})
    zone_of = {name: number for number, name in enumerate(zones)}
    x, y = _metres(facts)
    zone = numbered(facts.orders["zone_id"], zone_of)
    shift = UNREACHABLE_M * _districts(facts, zone_of)
    centre_x, centre_y = (_means(values, zone, len(zones), float(np.nanmean(values))) for values in (x, y))
    names, first = np.unique(facts.orders["merchant_id"].astype(str), return_index=True)
    in_turn = np.lexsort((names, zone[first]))
    merchant_of = {str(names[old]): new for new, old in enumerate(in_turn)}
    merchant = numbered(facts.orders["merchant_id"], merchant_of)
    orders = np.bincount(merchant, minlength=len(names)).astype(np.float64)
    home = zone[first][in_turn]
    weight = np.bincount(zone, minlength=len(zones)).astype(np.float64)
    apart = np.hypot((centre_x + shift)[:, None] - (centre_x + shift), centre_y[:, None] - centre_y)
    city = City(
        x_m=centre_x + shift,
        y_m=centre_y,
        weight=weight / weight.sum(),
        merchants=records(
            MERCHANTS,
            x=_means(x, merchant, len(names), 0.0) + shift[home],
            y=_means(y, merchant, len(names), 0.0),
            zone=home,
            capacity=np.maximum(2.0, np.rint(parameters.prep_rush_capacity_min * orders / orders.mean())),
            expected_prep_s=_kitchens(facts, merchant, orders),
        ),
        choice=np.concatenate([_shares(orders[home == number]) + number for number in range(len(zones))]),
        reach=np.zeros(len(zones) ** 2),
        near=apart <= parameters.surroundings_m,
        category=np.zeros(len(names)),
    )
    return TwinCity(city, zone_of, merchant_of, _travel(facts, zone, len(zones), parameters))


def numbered(names: Texts, known: Mapping[str, int]) -> NDArray[np.int64]:
    """Give the number of each name; -1 where it has none."""
    return np.array([known.get(str(name), -1) for name in names], dtype=np.int64)


def vehicles_of(names: Texts) -> NDArray[np.int64]:
    """Give the number of `VEHICLES` that each name rides like; a motorcycle where none is known."""
    like = {name: VEHICLES.index(RIDDEN_LIKE.get(name, name)) for name in (*VEHICLES, *RIDDEN_LIKE)}
    return np.array([like.get(str(name), VEHICLES.index("motorcycle")) for name in names], dtype=np.int64)


def speeds(parameters: Parameters) -> Floats:
    """Give the speed of each of `VEHICLES` on free roads, metres a second."""
    return np.array([parameters.speed_m_min, parameters.motorcycle_speed_m_min, parameters.bicycle_speed_m_min]) / 60.0


def straight_m(facts: TwinFacts, parameters: Parameters) -> Floats:
    """Give the straight way from the merchant to the customer of each order; the usual one where nothing tells it."""
    known = facts.at("straight_m")
    known = np.where(np.isnan(known), facts.at("distance_m") / parameters.detour_factor, known)
    usual = float(np.nanmedian(known)) if (~np.isnan(known)).any() else parameters.drop_distance_m
    return np.where(np.isnan(known), usual, known)


def rides(facts: TwinFacts, parameters: Parameters) -> tuple[NDArray[np.int64], Floats]:
    """Give the orders that were carried alone, and how long each ride took over what free roads would have taken."""
    begun, ended = facts.at("picked_up_at"), facts.at("arrived_at_customer_at")
    carried = ~np.isnan(begun) & ~np.isnan(ended)
    keys = np.array([f"{rider}/{at}" for rider, at in zip(facts.orders["rider_id"], begun, strict=True)])
    _, which, together = np.unique(keys, return_inverse=True, return_counts=True)
    free_s = straight_m(facts, parameters) / speeds(parameters)[vehicles_of(facts.orders["vehicle"])]
    alone = np.flatnonzero(carried & (together[which] == 1) & (free_s > 0.0) & (ended > begun))
    return alone, (ended - begun)[alone] / free_s[alone]


def _travel(facts: TwinFacts, zone: NDArray[np.int64], zones: int, parameters: Parameters) -> Floats:
    alone, factor = rides(facts, parameters)
    slot = np.clip(facts.at("picked_up_at")[alone] // SLOT_S, 0, SLOTS - 1).astype(np.int64)
    told = np.log(np.clip(factor, 0.2, 8.0))
    day = float(told.mean()) if len(told) else 0.0
    of_slot = _shrunk(told, slot, SLOTS, np.full(SLOTS, day))
    cell = zone[alone] * SLOTS + slot
    return np.exp(_shrunk(told, cell, zones * SLOTS, np.tile(of_slot, zones)).reshape(zones, SLOTS))


def _shrunk(values: Floats, group: NDArray[np.int64], groups: int, towards: Floats) -> Floats:
    count = np.bincount(group, minlength=groups)
    total = np.bincount(group, weights=values, minlength=groups)
    return np.asarray((total + PRIOR_RIDES * towards) / (count + PRIOR_RIDES), dtype=np.float64)


def _kitchens(facts: TwinFacts, merchant: NDArray[np.int64], orders: Floats) -> Floats:
    took = facts.at("ready_at") - facts.at("accepted_at")
    known = ~np.isnan(took) & (took > 0)
    usual = float(np.median(took[known])) if known.any() else 0.0
    own = np.array(
        [np.median(took[known & (merchant == one)]) if (known & (merchant == one)).any() else usual
         for one in range(len(orders))]
    )  # fmt: skip
    return np.asarray((orders * own + PRIOR_ORDERS * usual) / (orders + PRIOR_ORDERS), dtype=np.float64)


def _metres(facts: TwinFacts) -> tuple[Floats, Floats]:
    """Give the place of each pickup in metres around the middle of the city."""
    latitude, longitude = facts.at("pickup_latitude"), facts.at("pickup_longitude")
    if np.isnan(latitude).all():
        return facts.at("pickup_x_m"), facts.at("pickup_y_m")
    middle = float(np.nanmean(latitude)), float(np.nanmean(longitude))
    return (longitude - middle[1]) * metres_per_longitude(middle[0]), (latitude - middle[0]) * EARTH_M_PER_DEGREE


def _districts(facts: TwinFacts, zone_of: Mapping[str, int]) -> NDArray[np.int64]:
    """Tell zones between which nothing is ever carried apart: riders cannot cross what lies between them."""
    begin, end = (numbered(facts.orders[name], zone_of) for name in ("zone_id", "dropoff_zone_id"))
    known = (begin >= 0) & (end >= 0)
    edges = coo_array((np.ones(int(known.sum())), (begin[known], end[known])), shape=(len(zone_of),) * 2)
    count, part = connected_components(edges, directed=False)
    size = np.bincount(part[begin[begin >= 0]], minlength=count) / max(1, len(begin))
    own = np.flatnonzero(size >= LEAST_DISTRICT)
    number = {int(one): at for at, one in enumerate(own[np.argsort(-size[own], kind="stable")])}
    return np.array([number.get(int(one), 0) for one in part], dtype=np.int64)


def _means(values: Floats, group: NDArray[np.int64], groups: int, otherwise: float) -> Floats:
    known = ~np.isnan(values) & (group >= 0)
    count = np.bincount(group[known], minlength=groups)
    total = np.bincount(group[known], weights=values[known], minlength=groups)
    return np.where(count > 0, total / np.maximum(1, count), otherwise)


def _shares(orders: Floats) -> Floats:
    return np.cumsum(orders) / max(1.0, float(orders.sum()))


def _named(names: Texts) -> set[str]:
    return {str(name) for name in names if name is not None}
