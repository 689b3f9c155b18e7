"""Random requests and random grants over a random marketplace."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plain_days import PERIODS, month_of, whole
from plain_facts import Opening
from plain_metrics import Plain
from request_facts import Marketplace

from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.errors import NotFound
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
CURRENCIES = ("USD", "SAR", "KWD", "EUR", "AED", "USD", "KWD", "EUR", "XTS")
UNDER = (date(2019, 12, 31), date(2024, 5, 31), date(2024, 7, 1), date(2025, 1, 1), date(2026, 3, 1), date(2027, 1, 1))
RATES_ON = (date(2023, 11, 22), date(2024, 12, 31), date(2025, 6, 30), date(2026, 1, 1), date(2019, 12, 31))
GRANTED = {"zone_id": ("n", "s"), "merchant_id": ("m0", "m1"), "vehicle": ("car",), "category": ("kitchen",)}
ALL = (Grant(Role.STEWARD, ("*",), ("*",)),)


@dataclass(frozen=True, slots=True)
class Known:
    """What some metrics have in common: dimensions, and whether any is of money or of other days than its own."""

    shared: Sequence[str]
    is_money: bool
    is_framed: bool

    @classmethod
    def of(cls, plain: Plain, request: MetricRequest) -> "Known":
        """Tell it of the metrics of a request."""
        view = plain.under(request)
        formulas = [view.metrics[name].formula for name in request.metrics]
        shared = sorted(set.intersection(*(view.shared_by(name) for name in request.metrics)))
        framed = any(True for formula in formulas for _ in view.splits(formula, ()))
        return cls(shared, any(map(view.is_money, formulas)), framed)


class Drawer:
    """Draws requests of the metrics of one marketplace."""

    def __init__(self, dice: random.Random, market: Marketplace, plain: Plain, names: Sequence[str]) -> None:
        self.dice, self.market, self.plain, self.names = dice, market, plain, names
        present = plain.under(MetricRequest(()))
        self.money = [name for name in names if present.is_money(present.metrics[name].formula)]

    def request(self) -> MetricRequest:
        """Draw a request; some have no answer."""
        dice = self.dice
        currency = dice.choice(CURRENCIES) if dice.random() < 0.15 else None
        names = dice.sample(self.names, dice.choice((1, 1, 1, 2, 3)))
        if currency and self.money and dice.random() < 0.8:
            names = [*(name for name in names[1:] if name not in self.money), dice.choice(self.money)]
        metrics = tuple(map(self._versioned, names))
        under = dice.choice(UNDER) if dice.random() < 0.1 else None
        known = self._known(metrics, under)
        rates_on = dice.choice(RATES_ON) if currency and dice.random() < 0.5 else None
        by = self._by(known, is_converted=currency is not None)
        days = self._days() if dice.random() < 0.7 else None
        where = self._where(known.shared)
        fill = dice.random() < 0.2
        order, limit = self._order((*by, *metrics))
        return MetricRequest(
            metrics,
            by,
            where,
            days,
            order,
            limit,
            fill=fill,
            is_approximate=dice.random() < 0.05,
            under=under,
            currency=currency,
            rates_on=rates_on,
        )

    def _versioned(self, name: str) -> str:
        metric = self.plain.metrics[name]
        numbers = [version.number for version in (metric.version, *metric.earlier)] * 4
        return f"{name}@{self.dice.choice([*numbers, 7])}" if self.dice.random() < 0.1 else name

    def _known(self, metrics: tuple[str, ...], under: date | None) -> "Known":
        """Tell what there is to ask of some metrics; of those in force today where these never were."""
        try:
            return Known.of(self.plain, MetricRequest(metrics, under=under))
        except NotFound:
            return Known.of(self.plain, MetricRequest(tuple(name.partition("@")[0] for name in metrics)))

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

    def _by(self, known: "Known", *, is_converted: bool) -> tuple[str, ...]:
        dice, shared = self.dice, known.shared
        likely = [name for name in COMMON if name in shared]
        pool = likely if dice.random() < 0.75 else shared
        by = dice.sample(list(pool), min(len(pool), dice.choice((0, 1, 1, 2, 2, 3))))
        if dice.random() > 0.04:
            by = self._sound(by, is_money=known.is_money and not is_converted, is_framed=known.is_framed)
        return tuple(by)

    def _sound(self, by: list[str], *, is_money: bool, is_framed: bool) -> list[str]:
        if is_money and not {"city_id", "currency"} & {*by}:
            by = [self.dice.choice(("city_id", "currency")), *by]
        if is_framed:
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
