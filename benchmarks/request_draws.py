"""Random requests and random grants over a random marketplace."""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from plain_days import PERIODS, month_of, whole
from plain_facts import Opening
from plain_metrics import Plain
from request_facts import Marketplace

from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role

COMMON = ("city_id", "country", "zone_id", "category", "merchant_id", "business_date", "week", "month", "currency")
VALUES: Mapping[str, Sequence[Any]] = {
    "zone_id": ("n", "s", "w'\\"),
    "merchant_id": ("m0", "m1", "gone"),
    "category": ("kitchen", "it's; --"),
    "shop_category": ("kitchen",),
    "vehicle": ("bicycle", "car"),
    "local_hour": (9, 12, 18),
    "weekday": (1, 3, 6, 7),
    "status": ("delivered", "cancelled"),
    "is_weekend": (True, False),
    "fleet_kind": ("own", "partner"),
    "stars": (1, 4),
    "country": ("SA", "AE", "FR"),
    "currency": ("SAR", "KWD", "EUR"),
}
CURRENCIES = ("USD", "SAR", "KWD", "EUR", "AED", "XTS")
RATES_ON = (date(2023, 11, 22), date(2024, 12, 31), date(2025, 6, 30), date(2019, 12, 31))
GRANTED = {"zone_id": ("n", "s"), "merchant_id": ("m0", "m1"), "vehicle": ("car",), "category": ("kitchen",)}
ALL = (Grant(Role.STEWARD, ("*",), ("*",)),)


class Drawer:
    """Draws requests of the metrics of one marketplace."""

    def __init__(self, dice: random.Random, market: Marketplace, plain: Plain, names: Sequence[str]) -> None:
        self.dice, self.market, self.plain, self.names = dice, market, plain, names
        self.shared = {name: plain.shared_by(name) for name in names}
        self.money = {name for name in names if plain.is_money(plain.metrics[name].formula)}
        self.framed = {name for name in names if any(True for _ in plain.splits(plain.metrics[name].formula, ()))}

    def request(self) -> MetricRequest:
        """Draw a request; some have no answer."""
        dice = self.dice
        metrics = tuple(dice.sample(self.names, dice.choice((1, 1, 1, 2, 3))))
        shared = sorted(set.intersection(*(self.shared[name] for name in metrics)))
        currency = dice.choice(CURRENCIES) if dice.random() < 0.2 else None
        rates_on = dice.choice(RATES_ON) if currency and dice.random() < 0.5 else None
        by = self._by(metrics, shared, is_converted=currency is not None)
        days = self._days() if dice.random() < 0.7 else None
        where = self._where(shared)
        fill = dice.random() < 0.2
        order, limit = self._order((*by, *metrics))
        return MetricRequest(metrics, by, where, days, order, limit, fill=fill, currency=currency, rates_on=rates_on)

    def grants(self) -> tuple[Grant, ...]:
        """Draw what somebody is granted."""
        dice = self.dice
        return ALL if dice.random() < 0.5 else tuple(self._grant() for _ in range(dice.choice((1, 1, 2, 3))))

    def _grant(self) -> Grant:
        dice, cities = self.dice, list(self.market.cities)
        countries = tuple(dice.sample(sorted({self.market.cities[c][0] for c in cities}), dice.choice((0, 1, 1))))
        places: Any = dice.choice(
            ((countries, ()), (countries, (dice.choice(cities),)), ((), ("*",)), ((), tuple(cities[:2])))
        )
        rows = ()
        if dice.random() < 0.4:
            names = dice.sample(sorted(GRANTED), dice.choice((1, 1, 2)))
            rows = tuple(
                (name, tuple(dice.sample(GRANTED[name], dice.choice((1, len(GRANTED[name])))))) for name in names
            )
        return Grant(Role.STEWARD, places[0], places[1], rows)

    def _by(self, metrics: Sequence[str], shared: Sequence[str], *, is_converted: bool) -> tuple[str, ...]:
        dice = self.dice
        likely = [name for name in COMMON if name in shared]
        pool = likely if dice.random() < 0.75 else shared
        by = dice.sample(list(pool), min(len(pool), dice.choice((0, 1, 1, 2, 2, 3))))
        if dice.random() > 0.04:
            by = self._sound(by, metrics, () if is_converted else self.money)
        return tuple(by)

    def _sound(self, by: list[str], metrics: Sequence[str], money: Collection[str]) -> list[str]:
        if any(name in money for name in metrics) and not {"city_id", "currency"} & {*by}:
            by = [self.dice.choice(("city_id", "currency")), *by]
        if any(name in self.framed for name in metrics):
            periods = [name for name in by if name in PERIODS][:1]
            by = [name for name in by if name not in (*PERIODS, "weekday", "slot_at") or name in periods]
            if not periods and self.dice.random() < 0.5:
                by.append(self.dice.choice(PERIODS[:4]))
        return by

    def _days(self) -> Days:
        dice, market = self.dice, self.market
        first = market.first + timedelta(days=dice.randrange(-3, (market.last - market.first).days + 1))
        if dice.random() < 0.35:
            months = dice.choice((1, 1, 2, 3))
            days = whole(month_of(first, 3 if months == 3 else 1), months)
            return Days(min(days), max(days))
        if dice.random() < 0.1:
            return Days(date(first.year, 1, 1), date(first.year, 12, 31))
        return Days(first, first + timedelta(days=dice.choice((0, 1, 6, 13, 30, 60))))

    def _where(self, shared: Sequence[str]) -> tuple[Condition, ...]:
        dice = self.dice
        usable = [name for name in shared if name in VALUES or name in ("city_id", *PERIODS)]
        chosen = dice.sample(usable, min(len(usable), dice.choice((0, 0, 1, 1, 2))))
        return tuple(self._condition(name) for name in chosen)

    def _condition(self, name: str) -> Condition:
        dice = self.dice
        if name in ("business_date", "week", "month", "quarter", "year"):
            first = dice.choice(self.market.days)
            day = month_of(first, 1) if name not in ("business_date", "week") else first
            operator = dice.choice((Operator.GE, Operator.LE, Operator.NE, Operator.EQ))
            return Condition(name, operator, (day,))
        values = tuple(self.market.cities) if name == "city_id" else tuple(VALUES[name])
        value = dice.choice(values)
        choices = [Operator.EQ, Operator.EQ, Operator.IN, Operator.NE, Operator.NOT_IN, Operator.IS_NOT_NULL]
        operator = dice.choice([*choices, Operator.IS_NULL] if name != "city_id" else choices)
        if isinstance(value, int) and not isinstance(value, bool):
            operator = dice.choice((Operator.GE, Operator.LT, Operator.NE, Operator.BETWEEN))
        if operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            return Condition(name, operator)
        if operator is Operator.BETWEEN:
            return Condition(name, operator, (values[0], values[-1]))
        many = operator in (Operator.IN, Operator.NOT_IN)
        return Condition(name, operator, tuple(dice.sample(values, min(2, len(values)))) if many else (value,))

    def _order(self, columns: Sequence[str]) -> tuple[tuple[Order, ...], int | None]:
        dice = self.dice
        if dice.random() < 0.8 or not columns:
            return (), None
        return (Order(dice.choice(columns), dice.random() < 0.5),), dice.choice((None, 1, 3, 10))


def openings_of(grants: Sequence[Grant]) -> tuple[Opening, ...]:
    """Say in plain words which rows some grants open."""
    found = []
    for grant in grants:
        if "*" in (*grant.countries, *grant.cities):
            found.append(Opening(None, None, grant.rows))
        elif grant.countries or grant.cities:
            found.append(Opening(grant.countries, grant.cities, grant.rows))
    return tuple(found)
