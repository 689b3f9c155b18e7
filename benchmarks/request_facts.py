"""Random small marketplaces: a few cities of unlike money, with gaps, ties, empty values and tables that they lack."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

Rows = list[dict[str, Any]]
CITIES = {
    "riyadh": ("SA", "SAR"),
    "jeddah": ("SA", "SAR"),
    "kuwait": ("KW", "KWD"),
    "dubai": ("AE", "AED"),
    "hatta": ("AE", "QAR"),
    "o'clock\\": ("FR", "EUR"),
}
ZONES = ("n", "s", "w'\\", None)
MERCHANTS = ("m0", "m1", "m2", "m9", None)
RIDERS = ("r0", "r1", "r2", "r9", None)
CATEGORIES = ("kitchen", "it's; --", None)
VEHICLES = ("bicycle", "car", None)
BEGINNINGS = (date(2024, 1, 20), date(2025, 1, 27), date(2025, 12, 24), date(2024, 11, 28), date(2023, 12, 30))
LENGTHS = (12, 40, 70, 100, 430)


class Marketplace:
    """Rows of every table, drawn with some dice."""

    def __init__(self, dice: random.Random, *, orders: int = 220) -> None:
        self.dice = dice
        self.first = dice.choice(BEGINNINGS)
        length = dice.choice(LENGTHS)
        every = [self.first + timedelta(days=day) for day in range(length)]
        gap = dice.randrange(length)
        self.days = [day for index, day in enumerate(every) if not gap <= index < gap + length // 4]
        self.last = every[-1]
        self.cities = dict(dice.sample(sorted(CITIES.items()), dice.choice((2, 3, 4, 5))))
        self.without_currency = dice.choice((0, 0, 1))
        self.feeds = {city: dice.choice((f"feed of {city}", "one feed")) for city in self.cities}
        self.tables = self._tables(orders)

    def _tables(self, orders: int) -> Mapping[str, Rows]:
        listed = self._orders(orders)
        return {
            "cities": [self._city(name) for name in self.cities],
            "city_days": self._city_days(),
            "zones": [
                self._row(city, "zones", zone_id=zone, name=self.dice.choice(("centre", "edge", None)))
                for city in self.cities
                for zone in ("n", "s")
            ],
            "merchants": self._merchants(),
            "riders": self._riders(),
            "fleets": [
                self._row(city, "fleets", fleet_id=fleet, kind=self.dice.choice(("own", "partner")), name=None)
                for city in self.cities
                for fleet in ("f0", "f1")
            ],
            "orders": listed,
            "refunds": self._refunds(listed),
            "ratings": self._ratings(listed),
            "rider_sessions": self._sessions(),
            "marketplace_slots": self._slots(),
        }

    def _row(self, city: str, _table: str, **more: Any) -> dict[str, Any]:
        return {"city_id": city, "source": self.feeds.get(city, "one feed")} | more

    def _city(self, name: str) -> dict[str, Any]:
        country, currency = self.cities[name]
        known = {"name": name, "country": country, "currency": currency, "is_simulated": self.dice.random() < 0.3}
        return self._row(name, "cities") | known

    def _city_days(self) -> Rows:
        known = [city for city in self.cities if self.dice.random() < 0.8]
        return [
            self._row(
                city,
                "city_days",
                business_date=self.first + timedelta(days=day),
                weekday=(self.first + timedelta(days=day)).isoweekday(),
                is_weekend=(self.first + timedelta(days=day)).isoweekday() > 5,
                is_ramadan=self.dice.random() < 0.2,
                holiday=self.dice.choice((None, None, "feast")),
            )
            for city in known
            for day in range((self.last - self.first).days + 1)
            if self.dice.random() < 0.9
        ]

    def _merchants(self) -> Rows:
        dice = self.dice
        return [
            self._row(city, "merchants", merchant_id=name, category=dice.choice(CATEGORIES), zone_id=dice.choice(ZONES))
            for city in self.cities
            for name in ("m0", "m1", "m2")
            if dice.random() < 0.9
        ]

    def _riders(self) -> Rows:
        dice = self.dice
        return [
            self._row(
                city,
                "riders",
                rider_id=name,
                vehicle=dice.choice(VEHICLES),
                fleet_id=dice.choice(("f0", "f1", "f7", None)),
            )
            for city in self.cities
            for name in ("r0", "r1", "r2")
        ]

    def _moment(self, day: date) -> datetime:
        step = self.dice.choice((1800, 3600, 60))
        return datetime.combine(day, datetime.min.time(), UTC) + timedelta(
            seconds=self.dice.randrange(0, 86_400, step), microseconds=self.dice.choice((0, 0, 1, 500_001))
        )

    def _orders(self, count: int) -> Rows:
        dice = self.dice
        found = []
        for index in range(count):
            city, day = dice.choice(list(self.cities)), dice.choice(self.days)
            placed = self._moment(day)
            status = dice.choices(["delivered", "cancelled", "returned", "placed"], [8, 2, 1, 1])[0]
            found.append(
                self._row(
                    city,
                    "orders",
                    order_id=f"o{index}",
                    country=self.cities[city][0],
                    currency=dice.choices([self.cities[city][1], None], [9, self.without_currency])[0],
                    zone_id=dice.choice(ZONES),
                    merchant_id=dice.choice(MERCHANTS),
                    customer_id=dice.choice(("c0", "c1", "c2", "c3", None)),
                    rider_id=dice.choice(RIDERS),
                    category=dice.choice(CATEGORIES),
                    vehicle=dice.choice(VEHICLES),
                    status=status,
                    cancelled_by=dice.choice(("customer", "platform", None)) if status == "cancelled" else None,
                    cancel_reason=dice.choice(("no_rider", "slow")) if status == "cancelled" else None,
                    placed_at=dice.choices([placed, None], [9, 1])[0],
                    promised_at=dice.choice((None, placed + timedelta(minutes=dice.randrange(10, 90)))),
                    delivered_at=placed + timedelta(minutes=dice.randrange(90)) if status == "delivered" else None,
                    distance_m=dice.choice((None, round(dice.random() * 5000, 3))),
                    item_count=dice.choice((None, 0, 1, dice.randrange(9))),
                    is_first_order=dice.choice((True, False, None)),
                    is_asap=dice.choice((True, False)),
                    basket_minor=dice.choice((None, 0, dice.randrange(20_000))),
                    tip_minor=dice.choice((None, 0, 300)),
                    business_date=day,
                    local_hour=placed.hour,
                    slot_at=placed.replace(minute=placed.minute // 30 * 30, second=0, microsecond=0),
                    day_part=dice.choice(("lunch", None)),
                )
            )
        return found

    def _lacking(self) -> set[str]:
        """Choose cities that bring no rows of a table."""
        return {city for city in self.cities if self.dice.random() < 0.35}

    def _refunds(self, orders: Rows) -> Rows:
        lacking, dice = self._lacking(), self.dice
        found = []
        for index, order in enumerate(dice.sample(orders, 60)):
            if order["city_id"] not in lacking:
                kept = {name: order[name] for name in ("city_id", "order_id", "zone_id", "merchant_id", "rider_id")}
                found.append(
                    self._row(order["city_id"], "refunds", **kept)
                    | {
                        "refund_id": f"f{index}",
                        "refunded_at": (order["placed_at"] or self._moment(order["business_date"]))
                        + timedelta(minutes=dice.choice((0, 0, 5, 60, 1440, 3000))),
                        "amount_minor": dice.choice((0, dice.randrange(5000))),
                        "currency": self.cities[order["city_id"]][1],
                        "reason": dice.choice(("late", "cold", None)),
                        "business_date": dice.choice((order["business_date"], dice.choice(self.days))),
                    }
                )
        return found

    def _ratings(self, orders: Rows) -> Rows:
        lacking, dice = self._lacking() if self.dice.random() < 0.8 else set(self.cities), self.dice
        return [
            self._row(order["city_id"], "ratings")
            | {name: order[name] for name in ("order_id", "zone_id", "merchant_id", "rider_id", "business_date")}
            | {"rated_at": self._moment(order["business_date"]), "stars": dice.randrange(6)}
            for order in dice.sample(orders, 70)
            if order["city_id"] not in lacking
        ]

    def _sessions(self) -> Rows:
        """Spans of riders at work that never overlap, some still open."""
        dice, found = self.dice, []
        for city in self.cities:
            for rider in ("r0", "r1", "r2"):
                start = self._moment(self.first)
                while start.date() <= self.last:
                    end = start + timedelta(minutes=dice.randrange(60, 60 * 24 * 9, 30))
                    found.append(self._session(city, rider, start, end if end.date() <= self.last else None))
                    start = end + timedelta(minutes=dice.choice((0, 0, 30, 60 * 24 * 2)))
        return dice.sample(found, min(len(found), 90))

    def _session(self, city: str, rider: str, start: datetime, end: datetime | None) -> dict[str, Any]:
        dice = self.dice
        return self._row(
            city,
            "rider_sessions",
            rider_id=rider,
            on_at=start,
            off_at=end,
            zone_id=dice.choice(ZONES),
            vehicle=dice.choice(VEHICLES),
            fleet_id=dice.choice(("f0", "f1", None)),
            online_min=dice.choice((None, round(dice.random() * 480, 3))),
            busy_min=round(dice.random() * 200, 3),
            orders_delivered=dice.choice((None, dice.randrange(12))),
            business_date=start.date(),
        )

    def _slots(self) -> Rows:
        dice, lacking = self.dice, self._lacking()
        cities = [city for city in self.cities if city not in lacking]
        cities += ["stranger"] if dice.random() < 0.3 else []
        found: dict[Any, dict[str, Any]] = {}
        for _ in range(90 if cities else 0):
            city, zone, day = dice.choice(cities), dice.choice(("n", "s")), dice.choice(self.days)
            slot = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=30 * dice.choice((20, 21, 40)))
            found[city, zone, slot] = self._row(
                city,
                "marketplace_slots",
                zone_id=zone,
                slot_at=slot,
                slot_min=30,
                demand_orders=dice.choice((None, float(dice.randrange(40)))),
                riders_on_shift=dice.choice((None, round(dice.random() * 12, 3))),
                riders_busy=round(dice.random() * 6, 3),
                online_min=dice.choice((None, 0.0, round(dice.random() * 300, 3))),
                business_date=day,
                local_hour=slot.hour,
            )
        return list(found.values())
