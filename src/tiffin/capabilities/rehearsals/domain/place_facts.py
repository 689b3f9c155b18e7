"""Facts of a simulated city itself: the city, its zones, its weather, and the truth about what was planted."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.ledger import Ledger
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import CAUSE_OF, Planted, Scenario, day_start, disruption_ids
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.streams import Stream

HOURS = 24
WARMEST_HOUR = 15
RAIN_MM_AT_FULL_STRENGTH = 9.0
"""Rain in an hour that slows riding by half again as much as its strength says; assumption."""


def city_columns(scenario: Scenario) -> Columns:
    """Write the table ``cities``."""
    city = scenario.city
    return {
        "name": [city.name],
        "country": [city.country],
        "timezone": [city.timezone],
        "timezone_known": [True],
        "cutoff_min": [city.cutoff_min],
        "weekend": [",".join(str(day) for day in city.weekend)],
        "currency": [city.currency],
        "latitude": [scenario.latitude],
        "longitude": [scenario.longitude],
        "is_simulated": [True],
    }


def zone_columns(scenario: Scenario) -> Columns:
    """Write the table ``zones``."""
    return {
        "zone_id": [zone.zone_id for zone in scenario.zones],
        "name": [zone.name for zone in scenario.zones],
        "h3_cell": [zone.cell for zone in scenario.zones],
        "polygon": [zone.polygon for zone in scenario.zones],
        "latitude": [zone.latitude for zone in scenario.zones],
        "longitude": [zone.longitude for zone in scenario.zones],
    }


def weather_columns(ledger: Ledger, stream: Stream) -> Columns:
    """Write the table ``weather``: one observation an hour; it rains where rain was planted."""
    scenario, cutoff_h = ledger.run.scenario, ledger.run.scenario.city.cutoff_min // 60
    number = np.arange(len(ledger.starts) * HOURS, dtype=np.int64)
    hour, day = number % HOURS, number // HOURS
    local = (hour + cutoff_h) % HOURS
    rain_mm = np.concatenate([_rain_mm(scenario, run_day.calendar.day) for run_day in ledger.run.days])
    swing = scenario.temperature_swing_c * np.cos((local - WARMEST_HOUR) / HOURS * 2 * np.pi)
    temperature = scenario.temperature_mean_c + swing + stream.child("temperature").normal(day) - 3.0 * (rain_mm > 0)
    cloud = np.where(rain_mm > 0, 1.0, 0.4 * stream.child("cloud").uniform(number))
    return {
        "observed_at": ledger.starts[day] + hour.astype("timedelta64[h]"),
        "temperature_c": np.round(temperature, 1),
        "wind_m_s": np.round(1.5 + 2.5 * stream.child("wind").uniform(number) + 4.0 * (rain_mm > 0), 1),
        "precipitation_mm": np.round(rain_mm, 1),
        "cloud_share": np.round(cloud, 2),
    }


def _rain_mm(scenario: Scenario, day: Any) -> "np.ndarray[Any, np.dtype[np.float64]]":
    rain = np.zeros(HOURS)
    for planted in scenario.planted:
        if planted.day == day and planted.kind is Kind.RAIN:
            begin, end = planted.starts_min / 60, planted.ends_min / 60
            covered = np.clip(np.minimum(np.arange(HOURS) + 1, end) - np.maximum(np.arange(HOURS), begin), 0.0, 1.0)
            rain += RAIN_MM_AT_FULL_STRENGTH * planted.strength * covered
    return rain


def disruption_columns(ledger: Ledger) -> Columns:
    """Write the table ``disruptions``: the truth of the days run, with the cause that a diagnosis should name first."""
    scenario = ledger.run.scenario
    days = {day.calendar.day for day in ledger.run.days}
    planted = [one for one in scenario.planted if one.day in days]
    starts = np.array([day_start(scenario.city, one.day) for one in planted], dtype="datetime64[us]")
    begin, end = (np.array(minutes, dtype="timedelta64[m]") for minutes in _spans(planted))
    return {
        "disruption_id": list(disruption_ids(scenario.city.city_id, planted)),
        "zone_id": [one.zone_ids[0] if one.zone_ids else None for one in planted],
        "zone_ids": [",".join(one.zone_ids) or None for one in planted],
        "kind": [one.kind.value for one in planted],
        "cause": [CAUSE_OF[one.kind].value for one in planted],
        "party": [one.party.value for one in planted],
        "starts_at": starts + begin,
        "ends_at": starts + end,
        "business_date": np.array([one.day for one in planted], dtype="datetime64[D]"),
        "strength": [round(one.factor, 4) for one in planted],
    }


def _spans(planted: Sequence[Planted]) -> tuple[list[int], list[int]]:
    return [one.starts_min for one in planted], [one.ends_min for one in planted]
