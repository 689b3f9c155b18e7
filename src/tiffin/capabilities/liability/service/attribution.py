"""Who lost how much of the time of a city's late and failed orders; exemptions come before everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from tiffin.capabilities.liability.domain.attribution import Circumstance, OrderAttribution
from tiffin.capabilities.liability.domain.attribution_facts import ORDER_COLUMNS, CityFacts, gather
from tiffin.capabilities.liability.domain.attribution_parts import PARTIES
from tiffin.capabilities.liability.domain.attribution_telling import Teller
from tiffin.capabilities.liability.domain.attribution_working import Worked, work_out
from tiffin.capabilities.liability.domain.exemptions import OrderPlaces, first_that_holds
from tiffin.capabilities.liability.queries import attribution as ask
from tiffin.capabilities.liability.service.attribution_parameters import fits_on, parameters_on
from tiffin.capabilities.liability.service.exemption_rules import rules_on, severe_mm
from tiffin.capabilities.liability.service.exemptions import declared
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Attributions:
    """All late and failed orders of a city's days.

    Parameters
    ----------
    looked_at : int
        Orders of those days.
    """

    city_id: str
    days: Days
    looked_at: int
    orders: tuple[OrderAttribution, ...]


def attribute(context: Context, city_id: str, days: Days) -> Attributions:
    """Attribute every late and every failed order of a city's days.

    Notes
    -----
    What is usual is learned from the days before the first of them alone.
    """
    facts = _facts(context, city_id, days)
    if facts is None:
        return Attributions(city_id, days, 0, ())
    made = _Made(context, city_id, days, facts)
    cases = np.flatnonzero(~made.past & (made.worked.is_late | made.worked.is_failed))
    return Attributions(city_id, days, int((~made.past).sum()), tuple(made.order(int(row)) for row in cases))


def attribute_order(context: Context, city_id: str, order_id: str) -> OrderAttribution:
    """Attribute one order, late or not, as it would be among all of its day.

    Raises
    ------
    NotFound
        There is no such order.
    """
    rows = context.warehouse.query(ask.day_of(city_id, order_id)).to_pylist()
    days = Days(rows[0]["business_date"], rows[0]["business_date"]) if rows else None
    facts = _facts(context, city_id, days) if days else None
    place = np.flatnonzero(facts.columns["order_id"] == order_id) if facts else np.zeros(0, dtype=np.int64)
    if days is None or facts is None or not len(place):
        raise NotFound(Message("There is no order {order} that was placed in {city}.", order=order_id, city=city_id))
    return _Made(context, city_id, days, facts).order(int(place[0]))


class _Made:
    """The attribution of a city's days, and the exemptions that were declared there."""

    def __init__(self, context: Context, city_id: str, days: Days, facts: CityFacts) -> None:
        parameters = parameters_on(context.workspace, days.first)
        countries = context.warehouse.query(ask.country_of(city_id)).to_pylist()
        country = str(countries[0]["country"]) if countries else "ZZ"
        self.past = facts.day < np.datetime64(days.first).astype(np.int64)
        self.worked: Worked = work_out(
            facts, self.past, parameters=parameters, fits=fits_on(context.workspace, days.first)
        )
        self._teller = Teller(
            self.worked,
            parameters,
            city_id=city_id,
            country=country,
            severe_mm=severe_mm(context.workspace, country, days.first),
        )
        begin = datetime.combine(days.first, datetime.min.time(), UTC)
        until = begin + (days.last - days.first) + timedelta(days=3)
        self._declared = declared(context, city_id, begin - timedelta(days=1), until)
        rules = rules_on(context.workspace, days.first)
        self._exempts = {circumstance: rule.exempts for circumstance, rule in rules.items()}

    def order(self, row: int) -> OrderAttribution:
        """Tell of one order."""
        return self._teller.order(row, self._exemption(row) if self._declared else None)

    def _exemption(self, row: int) -> Circumstance | None:
        facts, columns = self.worked.facts, self.worked.facts.columns
        placed = _instant(columns["placed_at"][row])
        lasted = float(np.nan_to_num(facts.times.ended_s[row] - facts.times.placed_s[row]))
        places = OrderPlaces(
            order_id=str(columns["order_id"][row]),
            merchant_id=str(columns["merchant_id"][row]),
            zone_ids=frozenset({str(columns["zone_id"][row]), str(columns["dropoff_zone_id"][row])}),
            city_id=self._teller.city_id,
            placed_at=placed,
            ended_at=placed + timedelta(seconds=lasted),
        )
        return first_that_holds(self._declared, places, PARTIES[self.worked.top[row]], self._exempts)


def _instant(value: Any) -> datetime:
    found: datetime = np.datetime64(value, "us").item()
    return found.replace(tzinfo=UTC)


def _facts(context: Context, city_id: str, days: Days) -> CityFacts | None:
    """Read the facts of the days and of those from which is learned; nothing where no orders are."""
    parameters = parameters_on(context.workspace, days.first)
    first, last = days.first - timedelta(days=parameters.history_days), days.last
    read = context.warehouse.query
    orders = read(ask.orders(city_id, first, last))
    if not orders.num_rows:
        return None
    return gather(
        _columns(orders, ORDER_COLUMNS),
        offers=_columns(read(ask.offers(city_id, first, last)), ask.OFFER_COLUMNS),
        slots=_columns(read(ask.slots(city_id, first, last)), ask.SLOT_COLUMNS),
        weather=_columns(read(ask.weather(city_id, first, last)), ask.WEATHER_COLUMNS),
        area_m=parameters.area_m,
    )


def _columns(rows: pa.Table, names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: _array(rows.column(name)) for name in names}


def _array(column: pa.ChunkedArray) -> Any:
    if pa.types.is_timestamp(column.type):
        return np.asarray(column.cast(pa.timestamp("us")).to_numpy())
    if pa.types.is_date(column.type):
        return np.asarray(column.cast(pa.timestamp("s")).to_numpy()).astype("datetime64[D]")
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array(column.to_pylist(), dtype=object)
    return np.asarray(column.to_numpy())
