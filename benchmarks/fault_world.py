"""Synthetic years of six kinds of countries, and the faults that are planted in them, for `data_faults.py`.

What is drawn here knows nothing of how the checks expect: festivals act through effects of their own on level, basket
and hours of the day; noise is overdispersed, has heavy tails and lasts; cities grow, stall and run campaigns, of which
some are not announced.
"""

# ruff: noqa: PLR2004 - what a world is made of stands where it is used

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days

Floats = NDArray[np.float64]
FIRST = date(2022, 1, 1)
YEARS = 4
LEARNING_YEARS = 2
BINS = 48
KINDS = ("late feed", "doubled partition", "currency slip", "silent edit", "half-hour zone")
COUNTS = ("orders", "delivered_orders", "cancelled_orders", "refunds")
METRICS = (*COUNTS, "completion_rate", "late_share", "basket_value", "basket_mean")

PLACES = {
    "SA": ("Asia/Riyadh", (5, 6), True, False),
    "KW": ("Asia/Kuwait", (5, 6), True, False),
    "AE": ("Asia/Dubai", (6, 7), True, False),
    "CN": ("Asia/Shanghai", (6, 7), False, False),
    "JP": ("Asia/Tokyo", (6, 7), False, False),
    "BR": ("America/Sao_Paulo", (6, 7), False, True),
}
"""Zone, weekend, whether Ramadan is kept, whether carnival is."""


@dataclass(frozen=True, slots=True)
class CityDays:
    """The facts of one city, day by day, as a loader would see them."""

    city_id: str
    bins: Floats  # (n_days, 48) orders by half hour of the business day
    distinct: Floats  # (n_days,) orders with contents of their own
    delivered: Floats
    late: Floats
    refunds: Floats
    value: Floats  # minor units of delivered baskets


@dataclass(frozen=True, slots=True)
class Country:
    """One synthetic country."""

    name: str
    place: str
    days: tuple[date, ...]
    calendar: dict[str, list[object]]
    announced: NDArray[np.bool_]
    cities: tuple[CityDays, ...]
    settled: dict[str, Floats]  # values as they stood when each day was settled


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault."""

    kind: str
    country: str
    city_id: str | None
    day: date
    size: float
    way: str


def make_world(seed: int, *, copies: int) -> list[Country]:
    """Draw some countries of each kind."""
    return [
        _country(np.random.default_rng([seed, copy, number]), f"{place}{copy}", place)
        for copy in range(copies)
        for number, place in enumerate(PLACES)
    ]


def metrics_of(cities: tuple[CityDays, ...]) -> dict[str, tuple[Floats, Floats | None]]:
    """Compute the eight numbers of some cities together, with what shares and means are taken over."""
    orders = sum(city.bins.sum(axis=1) for city in cities)
    delivered = sum(city.delivered for city in cities)
    value = sum(city.value for city in cities)
    ended = np.maximum(orders, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "orders": (orders, None),
            "delivered_orders": (delivered, None),
            "cancelled_orders": (orders - delivered, None),
            "refunds": (sum(city.refunds for city in cities), None),
            "completion_rate": (delivered / ended, ended),
            "late_share": (sum(city.late for city in cities) / np.maximum(delivered, 1), np.maximum(delivered, 1)),
            "basket_value": (value, delivered),
            "basket_mean": (value / delivered, delivered),
        }


def _country(dice: np.random.Generator, name: str, place: str) -> Country:
    zone, weekend, _, carnival = PLACES[place]
    count = YEARS * 365 + 1
    days = tuple(FIRST + timedelta(days=n) for n in range(count))
    table = city_days(City(name, name, place, zone, 240, weekend, "XXX"), Days(days[0], days[-1]))
    calendar = table.to_pydict()
    mood = _mood(dice, place, days, calendar, carnival=carnival)
    campaigns, announced = _campaigns(dice, count)
    shared = _noise(dice, count, 0.035)
    cities = tuple(
        _city(dice, f"{name}-{number}", place, calendar, mood + campaigns + shared, days)
        for number in range(dice.integers(1, 5))
    )
    settled = {metric: values.copy() for metric, (values, _) in metrics_of(cities).items()}
    for values in settled.values():  # small corrections after settling are everyday business
        corrected = dice.random(count) < 0.03
        values[corrected] *= 1 + dice.normal(0, 0.001, corrected.sum()).clip(-0.004, 0.004)
    return Country(name, place, days, calendar, announced, cities, settled)


def _mood(
    dice: np.random.Generator, place: str, days: tuple[date, ...], calendar: dict[str, list[object]], *, carnival: bool
) -> Floats:
    """Draw how much the calendar of the country lifts or lowers orders, on the logarithm."""
    effects: dict[str, float] = {}
    lift = np.zeros(len(days))
    eid, ramadan, course, carnival_lift = (dice.normal(0, s) for s in (0.25, 0.2, 0.1, 0.25))
    keeps = PLACES[place][2]
    for row, day in enumerate(days):
        hijri = str(calendar["hijri_date"][row])
        month, number = int(hijri[5:7]), int(hijri[8:10])
        if keeps and month == 9:
            lift[row] += ramadan + course * (number - 15) / 15 + dice.normal(0, 0.02)
        if keeps and ((month == 10 and number <= 3) or (month == 12 and 9 <= number <= 12)):
            lift[row] += eid * (1.2 if number in (1, 10) else 0.8)
        holiday = calendar["holiday"][row]
        if holiday and not (keeps and "Eid" in str(holiday)):
            lift[row] += effects.setdefault(str(holiday).split("(")[0], dice.normal(0.02, 0.15)) * dice.normal(1, 0.15)
        if carnival and _is_carnival(day):
            lift[row] += carnival_lift
        if 25 <= day.day <= 28:
            lift[row] += 0.05
    return lift


def _is_carnival(day: date) -> bool:
    tuesdays = {2022: date(2022, 3, 1), 2023: date(2023, 2, 21), 2024: date(2024, 2, 13), 2025: date(2025, 3, 4)}
    return day.year in tuesdays and -3 <= (day - tuesdays[day.year]).days <= 1


def _campaigns(dice: np.random.Generator, count: int) -> tuple[Floats, NDArray[np.bool_]]:
    lift, announced = np.zeros(count), np.zeros(count, dtype=bool)
    for start in np.flatnonzero(dice.random(count) < 14 / 365):
        span = slice(start, start + int(dice.integers(1, 6)))
        if dice.random() < 0.8:
            lift[span] += dice.uniform(0.08, 0.3)
            announced[span] = True
        else:
            lift[span] += dice.uniform(0.02, 0.08)
    return lift, announced


def _noise(dice: np.random.Generator, count: int, size: float) -> Floats:
    """Draw noise that lasts for a day or two and has heavy tails (Student's t with six degrees of freedom)."""
    shocks = dice.standard_t(6, count) * size * np.sqrt(4 / 6)
    found = np.zeros(count)
    for row in range(1, count):
        found[row] = 0.35 * found[row - 1] + shocks[row]
    return found


def _city(
    dice: np.random.Generator,
    city_id: str,
    place: str,
    calendar: dict[str, list[object]],
    country_lift: Floats,
    days: tuple[date, ...],
) -> CityDays:
    count = len(days)
    time = np.arange(count) / 365.25
    week = dice.normal(0, 0.08, 7)
    weekend = np.array(calendar["is_weekend"], dtype=bool)
    weekly = week[[day.weekday() for day in days]] + np.where(weekend, dice.uniform(0.05, 0.3), 0.0)
    yearly = dice.uniform(0, 0.1) * np.cos(2 * np.pi * (time - dice.random()))
    growth = dice.uniform(0.0, 0.45) * time + np.cumsum(dice.normal(0, 0.004, count))
    for start in np.flatnonzero(dice.random(count) < 1 / 365):  # a rival comes or goes
        growth[start:] += dice.normal(0, 0.08) * np.minimum(np.arange(count - start) / 10, 1)
    level = np.log(dice.uniform(600, 9000)) + growth + weekly + yearly + country_lift + _noise(dice, count, 0.03)
    bins = dice.poisson(np.exp(level)[:, None] * _hours(dice, place, calendar, weekend)).astype(np.float64)
    orders = bins.sum(axis=1)
    rate = 1 / (1 + np.exp(-(dice.uniform(2.6, 3.6) + _noise(dice, count, 0.12))))
    delivered = dice.binomial(orders.astype(int), rate).astype(np.float64)
    late = dice.binomial(delivered.astype(int), 1 / (1 + np.exp(2.0 - _noise(dice, count, 0.15))))
    refunds = dice.poisson(orders * 0.02 * np.exp(_noise(dice, count, 0.1)))
    basket = np.log(dice.uniform(4000, 9000)) + 0.04 * time + 0.03 * weekend + 0.3 * country_lift
    value = delivered * np.exp(
        basket + _noise(dice, count, 0.015) + dice.normal(0, 0.5, count) / np.sqrt(delivered + 1)
    )
    repeats = dice.binomial(orders.astype(int), dice.uniform(0.0005, 0.003))
    return CityDays(city_id, bins, orders - repeats, delivered, late.astype(float), refunds.astype(float), value)


def _hours(
    dice: np.random.Generator, place: str, calendar: dict[str, list[object]], weekend: NDArray[np.bool_]
) -> Floats:
    """Draw each day's shares of the 48 half hours from 04:00 on; they wander by some minutes and in height."""
    clock = (np.arange(BINS) / 2 + 4.25)[None, :]
    lunch, dinner = dice.normal(13, 0.4), dice.normal(20, 0.5)
    heights = dice.uniform(0.6, 1.1, 3)
    count = len(weekend)
    wander = dice.normal(0, 0.06, (count, 1))  # hours: rain, matches, traffic
    swing = np.exp(dice.normal(0, 0.06, (count, 3)))

    def bump(at: float | Floats, width: float, height: Floats) -> Floats:
        return height[:, None] * np.exp(-(((clock - at - wander) / width) ** 2) / 2)

    later = np.where(weekend, dice.uniform(0.2, 0.7), 0.0)[:, None]
    usual = (
        bump(lunch + later, 1.4, heights[0] * swing[:, 0])
        + bump(dinner + later, 1.9, 1.6 * heights[1] * swing[:, 1])
        + bump(24.5, 1.8, 0.3 * heights[2] * swing[:, 2])
        + bump(9.5, 1.2, 0.25 * swing[:, 0])
        + 0.012
    )
    if PLACES[place][2]:
        fasting = np.array(calendar["is_ramadan"], dtype=bool)[:, None]
        days = np.arange(count)[:, None]
        iftar = 18.2 + 0.4 * np.sin(2 * np.pi * days / 365.25)
        ramadan = (
            bump(iftar, 0.8, 1.5 * swing[:, 0])
            + bump(25.5, 1.6, 1.3 * swing[:, 1])
            + bump(21.5, 1.5, 0.7 * swing[:, 2])
            + 0.01
        )
        usual = np.where(fasting, ramadan, usual)
    return usual / usual.sum(axis=1, keepdims=True)


def plant(world: list[Country], seed: int, *, each: int) -> tuple[list[Country], list[Planted]]:
    """Plant so many faults of each kind on days of their own after the years of learning."""
    dice = np.random.default_rng([seed, 99])
    by_name = {country.name: country for country in world}
    first = LEARNING_YEARS * 365
    places = [(country.name, row) for country in world for row in range(first, len(country.days) - 1)]
    picked = dice.choice(len(places), size=each * len(KINDS), replace=False)
    planted = []
    for number, pick in enumerate(picked):
        name, row = places[pick]
        by_name[name], fault = _hit(dice, by_name[name], row, KINDS[number % len(KINDS)])
        planted.append(fault)
    return list(by_name.values()), planted


def _hit(dice: np.random.Generator, country: Country, row: int, kind: str) -> tuple[Country, Planted]:
    if kind == "silent edit":
        return _edited(dice, country, row)
    whole = len(country.cities) == 1 or dice.random() < 0.5
    hit = set(range(len(country.cities))) if whole else {int(dice.integers(len(country.cities)))}
    act = {"late feed": _late, "doubled partition": _doubled, "currency slip": _slipped, "half-hour zone": _shifted}[
        kind
    ]
    draw = int(dice.integers(2**31))  # one fault has one size, whichever cities it hits
    cities, size, way = [], 0.0, ""
    before = metrics_of(country.cities)
    for number, city in enumerate(country.cities):
        if number in hit:
            city, size, way = act(np.random.default_rng(draw), city, row)  # noqa: PLW2901 - the city as it is loaded
        cities.append(city)
    scope = None if whole else country.cities[min(hit)].city_id
    changed = replace(country, cities=tuple(cities), settled=_settled_wrong(country, before, tuple(cities), row))
    return changed, Planted(kind, country.name, scope, country.days[row], size, way)


def _settled_wrong(
    country: Country, before: dict[str, tuple[Floats, Floats | None]], cities: tuple[CityDays, ...], row: int
) -> dict[str, Floats]:
    """Settle the faulty day as it was loaded, so that what was settled says nothing of the fault."""
    settled = {metric: values.copy() for metric, values in country.settled.items()}
    for metric, (values, _) in metrics_of(cities).items():
        for day in (row, row + 1):
            was = before[metric][0][day]
            settled[metric][day] = values[day] * (settled[metric][day] / was if was else 1.0)
    return settled


def _edited(dice: np.random.Generator, country: Country, row: int) -> tuple[Country, Planted]:
    metric = str(dice.choice(METRICS))
    size = float(np.exp(dice.uniform(np.log(0.006), np.log(0.3)))) * float(dice.choice((-1, 1)))
    settled = {name: values.copy() for name, values in country.settled.items()}
    settled[metric][row] = metrics_of(country.cities)[metric][0][row] / (1 + size)
    return replace(country, settled=settled), Planted(
        "silent edit", country.name, None, country.days[row], size, metric
    )


def _late(dice: np.random.Generator, city: CityDays, row: int) -> tuple[CityDays, float, str]:
    bins = city.bins.copy()
    if dice.random() < 0.65:
        last = int(dice.integers(12, 39))  # the feed stopped between 10:00 and 23:30
        kept = bins[row, :last].sum() / max(bins[row].sum(), 1)
        bins[row, last:] = 0
        return _kept(city, bins, row, kept), 1 - kept, "cut"
    kept = 1 - dice.uniform(0.35, 0.95)
    bins[row] = dice.binomial(bins[row].astype(int), kept)
    return _kept(city, bins, row, bins[row].sum() / max(city.bins[row].sum(), 1)), 1 - kept, "files"


def _kept(city: CityDays, bins: Floats, row: int, share: float) -> CityDays:
    """Refunds come by a feed of their own and stay as they are."""
    parts = {name: getattr(city, name).copy() for name in ("distinct", "delivered", "late", "value")}
    for values in parts.values():
        values[row] = values[row] * share
    parts["delivered"][row] = np.floor(parts["delivered"][row])
    return replace(city, bins=bins, **parts)


def _doubled(dice: np.random.Generator, city: CityDays, row: int) -> tuple[CityDays, float, str]:
    bins = city.bins.copy()
    part = slice(0, BINS) if dice.random() < 0.75 else slice(start := int(dice.integers(12, 32)), start + 12)
    share = bins[row, part].sum() / max(bins[row].sum(), 1)
    bins[row, part] *= 2
    is_exact = dice.random() < 0.6 or part.start > 0
    parts = {name: getattr(city, name).copy() for name in ("delivered", "late", "value")}
    for values in parts.values():
        values[row] *= 1 + share
    distinct = city.distinct.copy()
    distinct[row] *= 1.0 if is_exact else 1 + share
    return replace(city, bins=bins, distinct=distinct, **parts), share, "exact" if is_exact else "altered"


def _slipped(dice: np.random.Generator, city: CityDays, row: int) -> tuple[CityDays, float, str]:
    factor = float(dice.choice((10, 100, 3.67, 0.1, 0.01, 1 / 3.67)))
    share = float(dice.uniform(0.3, 1.0))
    value = city.value.copy()
    value[row] *= 1 + share * (factor - 1)
    return replace(city, value=value), factor, f"of {share:.0%}"


def _shifted(dice: np.random.Generator, city: CityDays, row: int) -> tuple[CityDays, float, str]:
    step = int(dice.choice((-1, 1)))
    bins = city.bins.copy()
    before, after = bins[row].copy(), bins[row + 1].copy()
    bins[row] = np.roll(before, step)
    if step > 0:  # the last half hour falls into the next business day
        bins[row, 0], bins[row + 1, 0] = 0.0, after[0] + before[-1]
    else:
        bins[row, -1] = after[0]
    return replace(city, bins=bins), 30.0 * step, "minutes"
