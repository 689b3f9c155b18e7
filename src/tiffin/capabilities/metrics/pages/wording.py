"""How the attributes of a metric are called."""

from collections.abc import Mapping

from tiffin.engines.metrics.definitions import Combination, Direction, Level, Tier, Unit
from tiffin.engines.metrics.formulas import Kind
from tiffin.runtime.i18n import mark

LEVELS: Mapping[Level, str] = {
    Level.OPERATIONS: mark("Operations"),
    Level.MANAGEMENT: mark("Management"),
    Level.TEAM: mark("Team"),
}

TIERS: Mapping[Tier, str] = {
    Tier.DRAFT: mark("Draft"),
    Tier.CERTIFIED: mark("Certified"),
    Tier.DEPRECATED: mark("Deprecated"),
}

KINDS: Mapping[Kind, str] = {
    Kind.SIMPLE: mark("One aggregate"),
    Kind.RATIO: mark("Ratio of two aggregates"),
    Kind.DERIVED: mark("Computed from other metrics"),
    Kind.PERCENTILE: mark("Percentile"),
    Kind.CUMULATIVE: mark("Over a trailing window"),
    Kind.PERIOD_OVER_PERIOD: mark("Against an earlier period"),
    Kind.CONVERSION: mark("Conversion within a time"),
    Kind.SNAPSHOT: mark("Last state of a period"),
    Kind.NESTED: mark("Taken over values of another metric"),
}

DIRECTIONS: Mapping[Direction, str] = {
    Direction.UP: mark("More is better"),
    Direction.DOWN: mark("Less is better"),
    Direction.NEITHER: mark("Neither more nor less is better"),
}

COMBINATIONS: Mapping[Combination, str] = {
    Combination.ADDS: mark("adds to"),
    Combination.SUBTRACTS: mark("is taken from"),
    Combination.MULTIPLIES: mark("multiplies"),
    Combination.DIVIDES: mark("divides"),
    Combination.INFLUENCES: mark("influences"),
}

UNITS: Mapping[Unit, str] = {
    Unit.ORDERS: mark("orders"),
    Unit.RIDERS: mark("riders"),
    Unit.MERCHANTS: mark("merchants"),
    Unit.CUSTOMERS: mark("customers"),
    Unit.PEOPLE: mark("people"),
    Unit.SLOTS: mark("slots"),
    Unit.CONTACTS: mark("contacts"),
    Unit.REFUNDS: mark("refunds"),
    Unit.RATINGS: mark("ratings"),
    Unit.SHARE: mark("share"),
    Unit.MINUTES: mark("minutes"),
    Unit.HOURS: mark("hours"),
    Unit.METERS: mark("meters"),
    Unit.STARS: mark("stars"),
    Unit.ITEMS: mark("items"),
    Unit.MONEY: mark("money"),
    Unit.RATIO: mark("ratio"),
}
