"""Random definitions of metrics of every kind, built upon one another, as the content of a definition file."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

DIMENSIONS = {
    "fleet_kind": "fleets.kind",
    "shop_zone": "shop_zones.name",
    "shop_category": "merchants.category",
    "status": "status",
}
OWN = ("city_id", "country", "zone_id", "merchant_id", "category", "currency", "local_hour", "slot_at", "business_date")
WIDE = {
    "table": "orders",
    "key": ["city_id", "order_id"],
    "time": "business_date",
    "joins": {
        "cities": {"table": "cities", "keys": {"city_id": "city_id"}, "cardinality": "many_to_one"},
        "city_days": {
            "table": "city_days",
            "keys": {"city_id": "city_id", "business_date": "business_date"},
            "cardinality": "many_to_one",
        },
        "merchants": {
            "table": "merchants",
            "keys": {"city_id": "city_id", "merchant_id": "merchant_id"},
            "cardinality": "many_to_one",
        },
        "shop_zones": {
            "table": "zones",
            "keys": {"city_id": "city_id", "zone_id": "merchants.zone_id"},
            "cardinality": "many_to_one",
        },
        "riders": {
            "table": "riders",
            "keys": {"city_id": "city_id", "rider_id": "rider_id"},
            "cardinality": "many_to_one",
        },
        "fleets": {
            "table": "fleets",
            "keys": {"city_id": "city_id", "fleet_id": "riders.fleet_id"},
            "cardinality": "many_to_one",
        },
        "sessions": {
            "table": "rider_sessions",
            "keys": {"city_id": "city_id", "rider_id": "rider_id"},
            "cardinality": "many_to_one",
            "valid": {"from": "on_at", "to": "off_at", "at": "placed_at"},
        },
    },
    "dimensions": {
        **{name: name for name in OWN},
        **DIMENSIONS,
        "vehicle": "sessions.vehicle",
        "fleet_id": "riders.fleet_id",
        "is_weekend": "city_days.is_weekend",
        "is_simulated": "cities.is_simulated",
    },
}

FIRST = {"version": 1, "since": date(2020, 1, 1)}
CHANGED = (date(2024, 6, 1), date(2026, 2, 1), date(2026, 6, 1))

WHOLE, BROKEN, TEXT = "whole", "broken", "text"
COLUMNS = {
    "wide_orders": {
        WHOLE: ("item_count", "basket_minor", "coalesce(tip_minor, 0)", "item_count * 2 - local_hour"),
        BROKEN: ("distance_m", "minutes_between(placed_at, delivered_at)", "distance_m / item_count"),
        TEXT: ("merchant_id", "customer_id", "sessions.fleet_id", "fleets.kind"),
    },
    "orders": {
        WHOLE: ("item_count", "basket_minor", "case when status = 'delivered' then item_count end"),
        BROKEN: ("distance_m", "minutes_between(placed_at, promised_at)"),
        TEXT: ("merchant_id", "customer_id", "zone_id"),
    },
    "refunds": {WHOLE: ("amount_minor",), BROKEN: ("amount_minor / 7",), TEXT: ("order_id", "merchant_id", "reason")},
    "ratings": {WHOLE: ("stars", "abs(stars - 3)"), BROKEN: ("stars / 2",), TEXT: ("merchant_id", "rider_id")},
    "rider_sessions": {
        WHOLE: ("orders_delivered",),
        BROKEN: ("online_min", "least(online_min, busy_min)", "minutes_between(on_at, off_at)"),
        TEXT: ("rider_id", "fleet_id"),
    },
    "marketplace_slots": {
        WHOLE: ("local_hour",),
        BROKEN: ("demand_orders", "riders_on_shift", "greatest(riders_busy, riders_on_shift)"),
        TEXT: ("zone_id",),
    },
}
FILTERS = {
    "wide_orders": (
        "status = 'delivered'",
        "status <> 'placed' and merchants.category = 'kitchen'",
        "item_count >= 1 or fleets.kind = 'own'",
        "not is_first_order",
        "sessions.vehicle is not null",
        "shop_zones.name is null",
        "cancel_reason in ('no_rider', 'slow')",
    ),
    "orders": (
        "status = 'cancelled'",
        "delivered_at > promised_at",
        "is_asap",
        "zone_id is null",
        "item_count between 1 and 4",
    ),
    "refunds": ("reason = 'late'", "amount_minor > 0", "merchants.category is not null"),
    "ratings": ("stars <= 3", "stars = 0 or stars = 5", "merchants.category = 'kitchen'"),
    "rider_sessions": ("vehicle = 'car'", "online_min > busy_min", "off_at is null"),
    "marketplace_slots": ("demand_orders > 20", "riders_busy < riders_on_shift", "zone_id = 'n'"),
}
MOMENTS = {
    "wide_orders": (None, "placed_at", "slot_at"),
    "orders": (None, "placed_at"),
    "refunds": (None, "refunded_at"),
    "ratings": (None, "rated_at"),
    "rider_sessions": (None, "on_at", "off_at"),
    "marketplace_slots": (None, "slot_at"),
}
SNAPSHOT_PER = ("city_id", "zone_id", "country")
EVENTS = {
    "wide_orders": "placed_at",
    "orders": "placed_at",
    "refunds": "refunded_at",
    "ratings": "rated_at",
}
ENTITIES = (("city_id", "order_id"), ("city_id", "merchant_id"), ("merchant_id",))
SOURCES = tuple(COLUMNS)
NUMBERS = ("sum", "mean", "minimum", "maximum")
WINDOWS = (
    {"window": "7 days"},
    {"window": "28 days"},
    {"window": "1 month"},
    {"window": "3 months"},
    {"window": "2 weeks"},
    {"window": "all"},
    {"to_date": "month"},
    {"to_date": "week"},
    {"to_date": "quarter"},
    {"to_date": "year"},
)
OFFSETS = ("7 days", "1 day", "1 month", "1 quarter", "1 year", "2 weeks", "3 months")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What must be known of a metric to build others upon it."""

    sources: frozenset[str]
    is_movable: bool = True
    has_window: bool = False
    is_framed: bool = False


class Definer:
    """Draws metrics, each upon earlier ones."""

    def __init__(self, dice: random.Random, dimensions_of: dict[str, frozenset[str]]) -> None:
        self.dice = dice
        self.known: dict[str, Drawn] = {}
        self.raw: dict[str, dict[str, Any]] = {}
        self.dimensions_of = dimensions_of

    def content(self, count: int) -> dict[str, Any]:
        """Draw a definition file."""
        ways = (self._simple, self._simple, self._simple, self._snapshot, self._percentile, self._ratio, self._derived)
        ways += (self._cumulative, self._cumulative, self._compared, self._compared, self._conversion, self._nested)
        for index in range(count):
            way = ways[index] if index < len(ways) else self.dice.choice(ways)
            raw, drawn = way()
            if self.dice.random() < 0.3:
                raw, drawn = self._with_earlier(raw, drawn, self.dice.choice(ways if index >= len(ways) else ways[:4]))
            name = f"random_{index}"
            is_money = "_minor" in str(raw.get("of") or raw.get("metric"))
            raw["unit"] = "money" if is_money else self.raw.get(str(raw.get("metric")), {}).get("unit", "ratio")
            self.known[name], self.raw[name] = drawn, raw
        label = {"label": {"en": "x"}, "imported": True}
        common = {"meaning": {"en": "x"}, "direction": "up", "level": "team", "owner": "proof"}
        dated = {"tier": "draft", **FIRST}
        return {
            "dimensions": {name: {"type": "text", **label} for name in DIMENSIONS},
            "sources": {"wide_orders": {**WIDE, "imported": True}},
            "metrics": {name: {**label, **common, **dated, **raw} for name, raw in self.raw.items()},
        }

    def _with_earlier(
        self, raw: dict[str, Any], drawn: Drawn, way: Callable[[], tuple[dict[str, Any], Drawn]]
    ) -> tuple[dict[str, Any], Drawn]:
        """Give a definition another one that held before it, with all that must be known of either."""
        before, other = way()
        both = Drawn(
            drawn.sources | other.sources,
            drawn.is_movable and other.is_movable,
            drawn.has_window or other.has_window,
            drawn.is_framed or other.is_framed,
        )
        since = {"version": 2, "since": self.dice.choice(CHANGED)}
        return raw | since | {"earlier": [before | FIRST]}, both

    def _maybe(self, source: str) -> dict[str, str]:
        return {"where": self.dice.choice(FILTERS[source])} if self.dice.random() < 0.5 else {}

    def _measured(self) -> dict[str, Any]:
        dice, source = self.dice, self.dice.choice(SOURCES)
        found: dict[str, Any] = {"source": source} | self._maybe(source)
        aggregate = dice.choice(("count", "count", "count_distinct", *NUMBERS))
        kinds = COLUMNS[source]
        if aggregate == "count_distinct":
            of = dice.choice((["city_id", dice.choice(kinds[TEXT])], [dice.choice(kinds[TEXT])]))
            return found | {"aggregate": aggregate, "of": of}
        if aggregate == "count":
            return found | {"aggregate": aggregate} | ({"of": dice.choice(kinds[TEXT])} if dice.random() < 0.3 else {})
        return found | {"aggregate": aggregate, "of": dice.choice((*kinds[WHOLE], *kinds[BROKEN]))}

    def _simple(self) -> tuple[dict[str, Any], Drawn]:
        raw = self._measured()
        return {"kind": "simple"} | raw, Drawn(frozenset({raw["source"]}))

    def _snapshot(self) -> tuple[dict[str, Any], Drawn]:
        raw, dice = self._measured(), self.dice
        at = dice.choice(MOMENTS[raw["source"]])
        known = [name for name in SNAPSHOT_PER if name in self.dimensions_of[raw["source"]]]
        more = {"take": dice.choice(("first", "last", "last"))} | ({"at": at} if at else {})
        more |= {"per": dice.sample(known, dice.choice((1, 2)))} if dice.random() < 0.6 else {}
        return {"kind": "snapshot"} | raw | more, Drawn(frozenset({raw["source"]}))

    def _percentile(self) -> tuple[dict[str, Any], Drawn]:
        dice, source = self.dice, self.dice.choice(SOURCES)
        of = dice.choice((*COLUMNS[source][WHOLE], *COLUMNS[source][BROKEN]))
        raw = {"kind": "percentile", "source": source, "of": of, "quantile": dice.choice((0, 0.1, 0.5, 0.9, 0.95, 1))}
        return raw | self._maybe(source), Drawn(frozenset({source}))

    def _pick(self, *, movable: bool = False, no_window: bool = False) -> str:
        fit = [
            name
            for name, drawn in self.known.items()
            if (not movable or drawn.is_movable) and (not no_window or not drawn.has_window)
        ]
        return self.dice.choice(fit)

    def _upon(self, *names: str) -> Drawn:
        drawn = [self.known[name] for name in names]
        return Drawn(
            frozenset().union(*(item.sources for item in drawn)),
            all(item.is_movable for item in drawn),
            any(item.has_window for item in drawn),
            any(item.is_framed for item in drawn),
        )

    def _ratio(self) -> tuple[dict[str, Any], Drawn]:
        above, below = self._pick(), self._pick()
        raw = {"kind": "ratio", "numerator": above, "denominator": below}
        return raw | ({"times": 100} if self.dice.random() < 0.3 else {}), self._upon(above, below)

    def _derived(self) -> tuple[dict[str, Any], Drawn]:
        names = [self._pick() for _ in range(self.dice.choice((2, 2, 3)))]
        shape = self.dice.choice(
            (
                "{0} + {1}",
                "{0} - {1} * 2",
                "({0} + {1}) / {0}",
                "coalesce({0}, 0) - {1}",
                "case when {0} > {1} then {0} else {1} end",
                "greatest({0}, {1}) / 3",
                "-{0} + abs({1})",
            )
        )
        used = names[:2]
        return {"kind": "derived", "formula": shape.format(*used)}, self._upon(*used)

    def _cumulative(self) -> tuple[dict[str, Any], Drawn]:
        dice = self.dice
        if dice.random() < 0.2:
            inner: Any = self._measured()
            drawn = Drawn(frozenset({inner["source"]}))
        else:
            inner = self._pick(movable=True, no_window=True)
            drawn = self._upon(inner)
        raw = {"kind": "cumulative", "metric": inner} | dice.choice(WINDOWS)
        return raw, Drawn(drawn.sources, True, True, True)

    def _compared(self) -> tuple[dict[str, Any], Drawn]:
        inner, dice = self._pick(movable=True), self.dice
        gives = dice.choice(("value", "difference", "change"))
        raw = {"kind": "period_over_period", "metric": inner, "offset": dice.choice(OFFSETS), "gives": gives}
        drawn = self._upon(inner)
        return raw, Drawn(drawn.sources, True, drawn.has_window, True)

    def _conversion(self) -> tuple[dict[str, Any], Drawn]:
        dice = self.dice
        base, by, entity = dice.choice(list(EVENTS)), dice.choice(list(EVENTS)), list(dice.choice(ENTITIES))
        events = [{"source": name, "at": EVENTS[name], "entity": entity} | self._maybe(name) for name in (base, by)]
        raw = {
            "kind": "conversion",
            "base": events[0],
            "conversion": events[1],
            "within": dice.choice(("5 minutes", "1 hour", "1 day", "7 days")),
            "calculation": dice.choice(("rate", "count")),
        }
        return raw, Drawn(frozenset({base, by}), is_movable=False)

    def _nested(self) -> tuple[dict[str, Any], Drawn]:
        dice, inner = self.dice, self._pick()
        drawn = self._upon(inner)
        shared = frozenset.intersection(*(self.dimensions_of[name] for name in drawn.sources))
        wanted = [name for name in ("city_id", "zone_id", "business_date", "week", "merchant_id") if name in shared]
        if self.raw[inner]["kind"] == "conversion":
            base = self.dimensions_of[self.raw[inner]["base"]["source"]]
            wanted = [name for name in wanted if name in base]
        aggregate = dice.choice((*NUMBERS, "count", "percentile"))
        raw = {"kind": "nested", "metric": inner, "per": dice.sample(wanted, 1), "aggregate": aggregate}
        raw |= {"quantile": 0.5} if aggregate == "percentile" else {}
        raw |= (
            {"having": dice.choice(("value >= 2", "value > 0", "value < 10 or value > 100"))}
            if dice.random() < 0.5
            else {}
        )
        return raw, Drawn(drawn.sources, is_movable=False, is_framed=drawn.is_framed)
