"""The state of the marketplace of a city and business day, read from the facts with the reader's rights."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.daybook import CityFacts, ZonePlace
from tiffin.capabilities.balance.domain.grid import apart_m
from tiffin.capabilities.balance.domain.marketplace_state import (
    WHOLE_CITY,
    Clock,
    MarketplaceState,
    Reach,
    all_zones,
    cells_of,
    idle_elsewhere,
)
from tiffin.capabilities.balance.queries import city as of_city
from tiffin.capabilities.balance.queries import state as ask
from tiffin.capabilities.balance.service.parameters import read_parameters
from tiffin.capabilities.balance.service.state_kept import bounds_of, kept_state
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.runtime.context import Context

Row = Mapping[str, object]
Sums = dict[str, FloatArray]

HALF_HOUR = 30
USUAL_PACE = 0.003
"""Minutes a metre where no ride is known: 20 kilometres an hour."""

MARKET = (
    "demand_orders",
    "lost_orders",
    "people_asked",
    "people_unserved",
    "online_min",
    "busy_min",
    "orders_finished",
)
ORDERS = (
    *("placed", "served", "still_open", "lost", "promised", "late", "late_min", "waited"),
    *("prepared", "kitchen_min", "ride_min", "ride_m"),
)
VISITS = ("seen", "asked")


def last_day(context: Context) -> tuple[str, date] | None:
    """Name the last day of the first city that the reader sees and that has facts; None where there is none."""
    days = service.day_index(context)
    return next(((city, found[-1]) for city, found in days.items() if found), None)


def marketplace_state(context: Context, city_id: str, day: date) -> MarketplaceState:
    """Tell demand, supply and what became of it by zone and slot; without slots where the day has no facts.

    Raises
    ------
    NotFound
        There is no such city.
    Forbidden
        The actor's grants do not cover it.
    """
    city = service.find_city(context, city_id)
    context.unit.reading.add(("report:daybook",), first=day, last=day, places=(city_id,))
    is_running = _is_running(context, city, day)
    state = kept_state((city, day, state_version(context, city, day)), lambda: _read(context, city, day))
    return replace(state, is_running=is_running, made_at=context.now)


def state_version(context: Context, city: CityFacts, day: date) -> str:
    """Name what a day's state follows from: versions of facts, dated numbers, and the minute while the day runs."""
    minute = f"{context.now:%Y-%m-%dT%H:%M}" if _is_running(context, city, day) else ""
    held = read_parameters(context.workspace, day)
    parts = (str(context.workspace.root), sorted(context.warehouse.versions().items()), held, minute)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _is_running(context: Context, city: CityFacts, day: date) -> bool:
    begins, ends = bounds_of(city, day)
    return begins <= context.now < ends


def _read(context: Context, city: CityFacts, day: date) -> MarketplaceState:
    city_id = city.city_id
    begins = datetime.combine(day, time(city.cutoff_min // 60, city.cutoff_min % 60), ZoneInfo(city.timezone))
    facts = _ask(context, city_id, day)
    clock = Clock(begins.astimezone(UTC), max([HALF_HOUR, *(int(str(row["slot_min"])) for row in facts.market)]))
    places, middles = _places(context, city_id, facts)
    taken = sorted({clock.slot_of(_instant(row["slot_at"])) for row in facts.rows})
    axes = _Axes(clock, {p.zone_id: at for at, p in enumerate(places)}, taken[0] if taken else 0, taken[-1:])
    sums = _sums(context, axes, facts, city_id=city_id, day=day)
    parameters = read_parameters(context.workspace, day)
    reach = Reach(apart_m(middles) * _pace(sums), parameters.reach_min)
    sums["elsewhere_min"] = idle_elsewhere(sums, reach)
    lost_order_min = parameters.lost_order_min
    zones = tuple(axes.zones)
    cells = cells_of(sums, zones, slot_min=clock.slot_min, lost_order_min=lost_order_min)
    whole = cells_of(all_zones(sums), (WHOLE_CITY,), slot_min=clock.slot_min, lost_order_min=lost_order_min)
    return MarketplaceState(
        city=city,
        day=day,
        slot_min=clock.slot_min,
        starts=tuple(clock.start_of(axes.first + slot) for slot in range(axes.slots)),
        zones=places,
        cells=cells,
        whole=tuple(row[0] for row in whole),
        is_running=False,
        made_at=context.now,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read of one day."""

    market: Sequence[Row]
    orders: Sequence[Row]
    visits: Sequence[Row]

    @property
    def rows(self) -> Sequence[Row]:
        """Everything that lies in a zone and slot."""
        return (*self.market, *self.orders, *self.visits)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where a row belongs: zones by name, slots from the first one that has facts."""

    clock: Clock
    zones: Mapping[str, int]
    first: int
    last: Sequence[int]

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return self.last[0] - self.first + 1 if self.last else 0

    def spread(self, rows: Iterable[Row], names: Sequence[str], *, empty: float) -> Sums:
        """Add rows up by zone and slot; ``empty`` where there is no row, unknown where no row knows."""
        laid = {name: np.full((len(self.zones), self.slots), np.nan) for name in names}
        for row in rows:
            at = self.zones[str(row["zone_id"])], self.clock.slot_of(_instant(row["slot_at"])) - self.first
            for name in names:
                if row[name] is not None:
                    laid[name][at] = np.nan_to_num(laid[name][at]) + float(str(row[name]))
        return {name: np.where(np.isnan(values), empty, values) for name, values in laid.items()}


def _ask(context: Context, city_id: str, day: date) -> _Facts:
    warehouse = context.warehouse
    return _Facts(
        *(
            warehouse.query(query(city_id=city_id, day=day, dialect=warehouse.dialect)).to_pylist()
            for query in (ask.market, ask.orders, ask.visits)
        )
    )


def _places(context: Context, city_id: str, facts: _Facts) -> tuple[tuple[ZonePlace, ...], FloatArray]:
    """Give the zones that the city or its facts name, with their middles, (n_zones, 2), NaN where unknown."""
    known = context.warehouse.query(of_city.zones(city_id=city_id, dialect=context.warehouse.dialect)).to_pylist()
    places = {
        r["zone_id"]: ZonePlace(r["zone_id"], r["name"] or r["zone_id"], r["h3_cell"], r["polygon"]) for r in known
    }
    for zone in sorted({str(row["zone_id"]) for row in facts.rows} - set(places)):
        places[zone] = ZonePlace(zone, zone, None, None)
    middle = {r["zone_id"]: (r["latitude"], r["longitude"]) for r in known}
    points = np.array([middle.get(zone, (None, None)) for zone in places], dtype=float).reshape(-1, 2)
    return tuple(places.values()), points


def _sums(context: Context, axes: _Axes, facts: _Facts, *, city_id: str, day: date) -> Sums:
    """Lay the day out: orders where there are any, else what the market counts of demand and lost."""
    market = axes.spread(facts.market, MARKET, empty=np.nan)
    orders = axes.spread(facts.orders, ORDERS, empty=0.0 if facts.orders else np.nan)
    visits = axes.spread(facts.visits, VISITS, empty=0.0 if facts.visits else np.nan)
    counts_people = np.isfinite(market["people_asked"]).any()
    if not facts.visits:
        visits["asked"] = market["people_asked"]
    if facts.orders:
        orders["wanted"] = orders["placed"]
        if not orders["lost"].any() and np.isfinite(market["lost_orders"]).any():
            orders["lost"] = market["lost_orders"]
    else:
        orders["wanted"] = market["people_asked" if counts_people else "demand_orders"]
        orders["lost"] = market["people_unserved" if counts_people else "lost_orders"]
        orders["served"] = orders["wanted"] - orders["lost"]
    orders["carried"] = np.where(np.isfinite(market["orders_finished"]), market["orders_finished"], orders["served"])
    online, busy = market["online_min"], market["busy_min"]
    if not np.isfinite(online).any():
        online = _online_min(context, axes, city_id=city_id, day=day)
    return orders | visits | {"online_min": online, "busy_min": busy}


def _online_min(context: Context, axes: _Axes, *, city_id: str, day: date) -> FloatArray:
    """Count rider minutes from sessions; whoever is still on shift is counted until now."""
    query = ask.riders(city_id=city_id, day=day, dialect=context.warehouse.dialect)
    sessions = [row for row in context.warehouse.query(query).to_pylist() if row["zone_id"] in axes.zones]
    minutes = np.full((len(axes.zones), axes.slots), 0.0 if sessions else np.nan)
    for row in sessions:
        off = row["off_at"] or context.now
        for slot in range(axes.slots):
            start = axes.clock.start_of(axes.first + slot)
            end = axes.clock.start_of(axes.first + slot + 1)
            inside = (min(off, end) - max(row["on_at"], start)).total_seconds() / 60
            minutes[axes.zones[row["zone_id"]], slot] += max(inside, 0.0)
    return minutes


def _pace(sums: Sums) -> float:
    metres = float(np.nansum(sums["ride_m"]))
    return float(np.nansum(sums["ride_min"])) / metres if metres > 0 else USUAL_PACE


def _instant(value: object) -> datetime:
    assert isinstance(value, datetime)  # noqa: S101 - the contract's type
    return value
