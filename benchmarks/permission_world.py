"""Random facts, grants and requests, and what plain Python finds in the rows that the grants open."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tiffin.engines.metrics.compiling.spans import Span, Window
from tiffin.engines.metrics.definitions import (
    ColumnType,
    Definitions,
    Dimension,
    Direction,
    Level,
    Metric,
    Source,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Compared,
    Comparison,
    Cumulative,
    Derived,
    Formula,
    Kind,
    Measure,
    Nested,
    Ratio,
)
from tiffin.engines.metrics.protection.permissions import Allowance
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.contract import Classification
from tiffin.kernel.time import Days

FIRST = date(2026, 1, 5)
DAYS = 6
Row = Mapping[str, Any]
Key = tuple[Any, ...]

T, N, D = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE
COLUMNS = {
    "orders": {
        "city_id": T,
        "order_id": T,
        "country": T,
        "zone_id": T,
        "merchant_id": T,
        "rider_id": T,
        "rider_age": N,
        "status": T,
        "basket_minor": N,
        "minutes": N,
        "business_date": D,
    },
    "refunds": {
        "city_id": T,
        "refund_id": T,
        "country": T,
        "zone_id": T,
        "merchant_id": T,
        "rider_id": T,
        "amount_minor": N,
        "business_date": D,
    },
}
GUARDED = {
    "orders": {
        "rider_id": Classification.PERSONAL,
        "rider_age": Classification.PERSONAL,
        "basket_minor": Classification.CONFIDENTIAL,
    },
    "refunds": {"rider_id": Classification.PERSONAL, "amount_minor": Classification.CONFIDENTIAL},
}
SHARED = ("city_id", "country", "zone_id", "merchant_id", "rider_id", "business_date")
CITIES = {"riyadh": "SA", "jeddah": "SA", "doha": "QA", "muscat": "OM"}


def a_metric(name: str, formula: Formula) -> Metric:
    """Make a metric of which only the formula matters."""
    wording = Wording({"en": name})
    version = Version(1, date(2025, 1, 1), formula, Kind.SIMPLE)
    return Metric(name, wording, wording, Unit.RATIO, Direction.UP, Level.OPERATIONS, "benchmark", Tier.DRAFT, version)


def of(aggregation: Aggregation, column: str = "", where: str | None = None, source: str = "orders") -> Measure:
    """Make one aggregate."""
    return Measure(source, aggregation, (column,) if column else (), where)


FORMULAS: Mapping[str, Formula] = {
    "orders": of(Aggregation.COUNT),
    "delivered": of(Aggregation.COUNT, where="status = 'delivered'"),
    "completion": Ratio("delivered", "orders"),
    "basket": of(Aggregation.SUM, "basket_minor"),
    "basket_mean": Ratio("basket", "orders"),
    "minutes": of(Aggregation.MEAN, "minutes", "status = 'delivered'"),
    "fastest": of(Aggregation.MINIMUM, "minutes"),
    "riders": of(Aggregation.COUNT_DISTINCT, "rider_id"),
    "age": of(Aggregation.MEAN, "rider_age"),
    "oldest": of(Aggregation.MAXIMUM, "rider_age"),
    "refunds": of(Aggregation.COUNT, source="refunds"),
    "refund_value": of(Aggregation.SUM, "amount_minor", source="refunds"),
    "refund_share": Ratio("refunds", "orders"),
    "not_delivered": Derived("orders - delivered"),
    "trailing": Cumulative("orders", Window(length=Span(days=3))),
    "to_date": Cumulative("orders", Window()),
    "day_before": Compared("orders", Span(days=1), Comparison.VALUE),
    "each_rider": Nested("orders", ("rider_id",), Aggregation.MEAN),
    "busiest_rider": Nested("orders", ("rider_id",), Aggregation.MAXIMUM),
}
NEEDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("basket", "basket_mean", "refund_value"), frozenset({"confidential"})),
    **dict.fromkeys(("oldest", "busiest_rider"), frozenset({"personal"})),
}
FRAMED = ("trailing", "to_date", "day_before")
READS = {"refunds": ("refunds",), "refund_value": ("refunds",), "refund_share": ("refunds", "orders")}


def definitions() -> Definitions:
    """Define two sources and metrics of many kinds over them."""
    dimensions = tuple(Dimension(name, D if name == "business_date" else T, Wording({"en": name})) for name in SHARED)
    sources = tuple(
        Source(name, name, ("city_id", key), "business_date", {column: column for column in SHARED})
        for name, key in (("orders", "order_id"), ("refunds", "refund_id"))
    )
    fleet = Dimension("fleet_id", T, Wording({"en": "fleet"}))
    return Definitions((*dimensions, fleet), sources, tuple(a_metric(*item) for item in FORMULAS.items()))


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as the proof knows it, apart from what the platform makes of it."""

    countries: frozenset[str] | None
    cities: frozenset[str] | None
    within: tuple[tuple[str, frozenset[str]], ...]
    opens: frozenset[str]
    least: int
    ends: bool

    def opens_row(self, row: Row) -> bool:
        """Tell whether it opens a row."""
        is_there = self.countries is None or row["country"] in self.countries or row["city_id"] in (self.cities or ())
        return is_there and all(row.get(name) in values for name, values in self.within)

    def allowance(self) -> Allowance:
        """Give it as the platform takes it."""
        return Allowance(
            None if self.countries is None else tuple(sorted(self.countries)),
            None if self.cities is None else tuple(sorted(self.cities)),
            tuple((name, tuple(sorted(values))) for name, values in self.within),
            frozenset({Classification.PUBLIC, Classification.INTERNAL, *map(Classification, self.opens)}),
            self.least,
        )


# Random facts, grants and requests.


def random_facts(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    """Make orders and refunds with gaps and odd texts."""
    orders = []
    for index in range(dice.choice([40, 120, 260])):
        city = dice.choice(list(CITIES))
        rider = dice.randrange(7)
        orders.append(
            {
                "city_id": city,
                "order_id": f"o{index}",
                "country": CITIES[city],
                "zone_id": dice.choice(["n", "n", "n", "s", None]),
                "merchant_id": dice.choice(["m1", "m1", "m2", "it's"]),
                "rider_id": dice.choice([f"r{rider}", None]),
                "rider_age": 20 + rider,
                "status": dice.choice(["delivered", "delivered", "cancelled"]),
                "basket_minor": dice.choice([None, dice.randrange(9000)]),
                "minutes": dice.choice([None, dice.randrange(5, 90)]),
                "business_date": FIRST + timedelta(days=dice.randrange(DAYS)),
            }
        )
    picked = dice.sample(orders, len(orders) // 4)
    kept = ("city_id", "country", "zone_id", "merchant_id", "rider_id", "business_date")
    refunds = [
        {name: row[name] for name in kept} | {"refund_id": f"f{index}", "amount_minor": dice.randrange(4000)}
        for index, row in enumerate(picked)
    ]
    return {"orders": orders, "refunds": refunds}


def random_grant(dice: random.Random) -> Held:
    """Make a grant."""
    everywhere = dice.randrange(5) == 0
    countries = frozenset(dice.sample(["SA", "QA", "OM"], dice.choice([0, 1, 1, 2])))
    cities = frozenset(dice.sample(list(CITIES), dice.choice([0, 1]))) or frozenset({"doha"} - countries)
    limits = {
        "merchant_id": frozenset(dice.sample(["m1", "m2", "it's", "m1' OR '1'='1"], 2)),
        "zone_id": frozenset({dice.choice("ns")}),
        "rider_id": frozenset({"r1", "r2"}),
        "fleet_id": frozenset({"f1"}),
    }
    names = dice.choice(
        [(), (), (), ("merchant_id",), ("zone_id",), ("zone_id", "merchant_id"), ("rider_id",), ("fleet_id",)]
    )
    return Held(
        None if everywhere else countries,
        None if everywhere else cities,
        tuple((name, limits[name]) for name in names),
        frozenset(name for name in ("confidential", "personal") if dice.choice([True, False])),
        dice.choice([1, 1, 1, 3, 5, 10]),
        dice.choice([True, False]),
    )


def random_request(dice: random.Random) -> MetricRequest:
    """Make a request."""
    metrics = tuple(dice.sample(list(FORMULAS), dice.choice([1, 1, 2, 3])))
    by = tuple(dice.sample(SHARED, dice.choice([0, 1, 1, 2, 2])))
    choices = [
        Condition("country", Operator.EQ, ("SA",)),
        Condition("city_id", Operator.IN, ("doha", "riyadh")),
        Condition("zone_id", Operator.IS_NOT_NULL),
        Condition("merchant_id", Operator.NE, ("m2",)),
        Condition("merchant_id", Operator.EQ, ("m1",)),
        Condition("rider_id", Operator.EQ, ("r1",)),
    ]
    where = tuple(dice.sample(choices, dice.choice([0, 0, 0, 1, 2])))
    start = dice.randrange(DAYS)
    days = Days(FIRST + timedelta(days=start), FIRST + timedelta(days=dice.randrange(start, DAYS)))
    return MetricRequest(metrics, by, where, days)


# Plain Python.


def meets(row: Row, condition: Condition) -> bool:
    """Tell whether a row meets a condition."""
    value = row[condition.dimension]
    if condition.operator is Operator.IS_NOT_NULL:
        return value is not None
    if condition.operator is Operator.NE:
        return value is not None and value != condition.values[0]
    return value in condition.values


def known(rows: Sequence[Row], column: str) -> list[Any]:
    """Give the values of a column that are not empty."""
    return [row[column] for row in rows if row[column] is not None]


def mean(values: Sequence[Any]) -> Any:
    """Give the mean; none of no values."""
    return sum(values) / len(values) if values else None


def per_rider(rows: Sequence[Row]) -> list[int]:
    """Count the rows of each rider."""
    riders = known(rows, "rider_id")
    return [riders.count(rider) for rider in dict.fromkeys(riders)]


VALUES: Mapping[str, Callable[[Sequence[Row], Sequence[Row]], Any]] = {
    "orders": lambda orders, _: len(orders),
    "delivered": lambda orders, _: sum(row["status"] == "delivered" for row in orders),
    "completion": lambda orders, _: mean([row["status"] == "delivered" for row in orders]),
    "basket_mean": lambda orders, _: (
        sum(known(orders, "basket_minor")) / len(orders) if known(orders, "basket_minor") else None
    ),
    "minutes": lambda orders, _: mean(known([row for row in orders if row["status"] == "delivered"], "minutes")),
    "fastest": lambda orders, _: min(known(orders, "minutes"), default=None),
    "riders": lambda orders, _: len({*known(orders, "rider_id")}),
    "age": lambda orders, _: mean(known(orders, "rider_age")),
    "oldest": lambda orders, _: max(known(orders, "rider_age"), default=None),
    "basket": lambda orders, _: (
        sum(known(orders, "basket_minor")) if known(orders, "basket_minor") or not orders else None
    ),
    "refunds": lambda _, refunds: len(refunds),
    "refund_value": lambda _, refunds: sum(known(refunds, "amount_minor")),
    "refund_share": lambda orders, refunds: len(refunds) / len(orders) if orders else None,
    "not_delivered": lambda orders, _: sum(row["status"] != "delivered" for row in orders),
    "trailing": lambda orders, _: len(orders),
    "to_date": lambda orders, _: len(orders),
    "day_before": lambda orders, _: len(orders),
    "each_rider": lambda orders, _: mean(per_rider(orders)),
    "busiest_rider": lambda orders, _: max(per_rider(orders), default=None),
}


@dataclass
class Expected:
    """What plain Python finds: the rows of each group for each metric, and its value."""

    groups: dict[Key, dict[str, Any]] = field(default_factory=dict)
    sizes: dict[str, dict[Key, int]] = field(default_factory=dict)


def expected(facts: Mapping[str, list[dict[str, Any]]], request: MetricRequest) -> Expected:
    """Add up the rows that are left."""
    days = request.days or Days(FIRST, FIRST)
    rows = {
        name: [row for row in listed if all(meets(row, c) for c in request.where)] for name, listed in facts.items()
    }
    found = Expected({} if request.by else {(): {}})
    parts: dict[str, dict[str, dict[Key, list[Row]]]] = {}
    for metric in request.metrics:
        parts[metric] = {}
        for source in READS.get(metric, ("orders",)):
            grouped = parts[metric][source] = grouped_rows(rows[source], metric, request, days)
            for key in grouped:
                found.groups.setdefault(key, {})
    for metric in request.metrics:
        for key, values in found.groups.items():
            orders, refunds = (parts[metric].get(name, {}).get(key, []) for name in ("orders", "refunds"))
            values[metric] = VALUES[metric](orders, refunds)
    for source in ("orders", "refunds"):
        grouped = grouped_rows(rows[source], "", request, days)
        found.sizes[source] = {key: len(inside) for key, inside in grouped.items()}
    return found


def grouped_rows(rows: Sequence[Row], metric: str, request: MetricRequest, days: Days) -> dict[Key, list[Row]]:
    """Group rows by the periods for which they count: their own, or those of a window, or the day after."""
    grouped: dict[Key, list[Row]] = {}
    asked = [days.first + timedelta(days=number) for number in range(len(days))]
    for row in rows:
        for day in periods_of(row["business_date"], metric, asked, is_split="business_date" in request.by):
            key = tuple(day if name == "business_date" else row[name] for name in request.by)
            grouped.setdefault(key, []).append(row)
    return grouped


def periods_of(day: date, metric: str, asked: Sequence[date], *, is_split: bool) -> list[date]:
    """Give the asked days for which a day counts."""
    if metric == "trailing":
        met = [end for end in asked if end - timedelta(days=3) < day <= end]
        met = met if is_split else [asked[-1]] * (asked[-1] - timedelta(days=3) < day <= asked[-1])
    elif metric == "to_date":
        met = [end for end in asked if day <= end] if is_split else [asked[-1]] * (day <= asked[-1])
    elif metric == "day_before":
        met = [end for end in asked if day == end - timedelta(days=1)]
    else:
        met = [day] * (day in asked)
    return met


def opened(held: Sequence[Held], names: Sequence[str], request: MetricRequest) -> list[Held]:
    """Give the grants that open all columns that metrics read in a request, and can be told apart in the facts."""
    dimensions = {*request.by, *(condition.dimension for condition in request.where)}
    needed = frozenset({"personal"} if "rider_id" in dimensions else ())
    needed |= frozenset().union(*(NEEDS.get(name, frozenset()) for name in names))
    return [grant for grant in held if needed <= grant.opens and all(name != "fleet_id" for name, _ in grant.within)]


def can_be_told(wanted: Mapping[Key, int], equations: Sequence[Mapping[Key, int]]) -> bool:
    """Tell by exact elimination whether a sum of unknowns follows from equations."""
    basis: list[tuple[Key, dict[Key, Fraction]]] = []

    def reduced(row: Mapping[Key, int | Fraction]) -> dict[Key, Fraction]:
        left = {key: Fraction(value) for key, value in row.items()}
        for pivot, equation in basis:
            if factor := left.get(pivot):
                for key, value in equation.items():
                    left[key] = left.get(key, Fraction(0)) - factor * value
        return {key: value for key, value in left.items() if value}

    for equation in equations:
        if row := reduced(equation):
            pivot = next(iter(row))
            basis.append((pivot, {key: value / row[pivot] for key, value in row.items()}))
    return not reduced(wanted)


def leaks(sizes: Mapping[Key, int], hidden: set[Key], least: int) -> bool:
    """Tell whether a withheld group follows from the shown ones and the totals over each dimension."""
    if not hidden or hidden >= sizes.keys():
        return False
    lines: dict[tuple[int, Key], list[Key]] = {}
    for key in sizes:
        for number in range(len(key)):
            lines.setdefault((number, (*key[:number], *key[number + 1 :])), []).append(key)
    totals = [
        line for line in (*lines.values(), [*sizes]) if len(line) > 1 and sum(sizes[key] for key in line) >= least
    ]
    equations = [{key: 1 for key in line if key in hidden} for line in totals]
    if any(0 < sum(sizes[key] for key in equation) < least for equation in equations):
        return True
    return any(can_be_told({key: 1}, equations) for key in hidden if sizes[key] < least)
