from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import h3
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.kernel.time import Days, business_date
from tiffin.runtime.calendar import city_days, local_columns, zone_of
from tiffin.runtime.offsets import utc_offsets

ZONES = (
    "Asia/Riyadh",
    "Asia/Hong_Kong",
    "America/Sao_Paulo",
    "America/Los_Angeles",
    "Europe/Helsinki",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "UTC",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BEGINNING, YEAR, CENTURY = datetime(1990, 1, 1, tzinfo=UTC), timedelta(days=366), timedelta(days=40_000)

instants = st.timedeltas(timedelta(0), CENTURY).map(lambda since: BEGINNING + since)


def a_city(city_id: str = "riyadh", **changes: object) -> City:
    values: dict[str, object] = {
        "city_id": city_id,
        "name": city_id,
        "country": "SA",
        "timezone": "Asia/Riyadh",
        "cutoff_min": 240,
        "weekend": (5, 6),
        "currency": "SAR",
    }
    return City(**(values | changes))  # type: ignore[arg-type]  # the builder's changes are checked by the test


def timestamps(*moments: datetime | None) -> pa.Array:
    return pa.array(moments, pa.timestamp("us", tz="UTC"))


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@given(
    instants,
    st.lists(
        st.tuples(st.timedeltas(timedelta(0), YEAR), st.sampled_from(ZONES), st.integers(0, 1439)),
        min_size=1,
        max_size=30,
    ),
)
@example(BEGINNING, [(timedelta(0), "Asia/Riyadh", 240), (CENTURY, "America/Sao_Paulo", 0)])
@settings(max_examples=150, deadline=None)
def test_local_columns_equal_the_standard_library_for_every_instant(
    first: datetime, later: list[tuple[timedelta, str, int]]
) -> None:
    """The days between the first instant and the last are worked out too, so that most are within a year."""
    rows = [(first + after, zone, cutoff) for after, zone, cutoff in later]
    cities = {str(n): a_city(str(n), timezone=zone, cutoff_min=cutoff) for n, (_, zone, cutoff) in enumerate(rows)}

    columns = local_columns(timestamps(*(row[0] for row in rows)), pa.array(list(cities)), cities)

    for n, (instant, zone, cutoff) in enumerate(rows):
        local = instant.astimezone(ZoneInfo(zone))
        begun = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
        assert columns["business_date"][n].as_py() == business_date(instant, timezone=zone, cutoff_min=cutoff)
        assert columns["local_hour"][n].as_py() == local.hour
        assert columns["slot_at"][n].as_py() == instant - begun


def library_offset(instant: int, zone: str) -> int:
    offset = (EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


@pytest.mark.parametrize("zone", ZONES)
def test_offsets_change_at_the_very_microsecond_of_the_clock(zone: str) -> None:
    first, end = (microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (2010, 2031))
    grid = np.arange(first, end, 6 * 3_600_000_000)
    assert utc_offsets(grid, zone).tolist() == [library_offset(int(at), zone) for at in grid]

    minutes = np.arange(first, end, 60_000_000)
    offsets = utc_offsets(minutes, zone)
    changes = minutes[1:][offsets[1:] != offsets[:-1]]
    around = np.concatenate([changes - 1, changes, changes + 1])
    assert utc_offsets(around, zone).tolist() == [library_offset(int(at), zone) for at in around]


def test_no_instants_have_no_offsets() -> None:
    assert utc_offsets(np.zeros(0, dtype=np.int64), "Asia/Riyadh").tolist() == []


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidData, match="Asia/Ryadh"):
        utc_offsets(np.zeros(1, dtype=np.int64), "Asia/Ryadh")


def test_an_instant_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidData, match="years 1 to 9999"):
        utc_offsets(np.array([2**62], dtype=np.int64), "UTC")


def test_an_order_before_the_cut_off_belongs_to_the_day_before() -> None:
    late, early = datetime(2026, 2, 20, 0, 59, tzinfo=UTC), datetime(2026, 2, 20, 1, 0, tzinfo=UTC)

    columns = local_columns(timestamps(late, early), pa.array(["riyadh", "riyadh"]), {"riyadh": a_city()})

    assert columns["business_date"].to_pylist() == [date(2026, 2, 19), date(2026, 2, 20)]
    assert columns["local_hour"].to_pylist() == [3, 4]


def test_a_slot_begins_on_the_city_s_half_hour_where_its_clock_stands_a_quarter_off() -> None:
    instant = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)

    columns = local_columns(timestamps(instant), pa.array(["k"]), {"k": a_city("k", timezone="Asia/Kathmandu")})

    assert columns["slot_at"].to_pylist() == [datetime(2026, 2, 20, 9, 45, tzinfo=UTC)]


def test_slots_may_be_of_another_length() -> None:
    instant = datetime(2026, 2, 20, 10, 59, tzinfo=UTC)

    columns = local_columns(timestamps(instant), pa.array(["riyadh"]), {"riyadh": a_city()}, slot_min=60)

    assert columns["slot_at"].to_pylist() == [datetime(2026, 2, 20, 10, 0, tzinfo=UTC)]


def test_an_unknown_instant_or_city_has_no_local_columns() -> None:
    columns = local_columns(
        pa.chunked_array([timestamps(None), timestamps(datetime(2026, 2, 20, tzinfo=UTC))]),
        pa.chunked_array([pa.array(["riyadh"]), pa.array([None], pa.string())]),
        {"riyadh": a_city()},
    )

    assert all(column.to_pylist() == [None, None] for column in columns.values())


def test_cities_may_come_as_a_dictionary_column() -> None:
    city = pa.array(["riyadh", "riyadh"]).dictionary_encode()

    columns = local_columns(timestamps(EPOCH, EPOCH), city, {"riyadh": a_city()})

    assert columns["local_hour"].to_pylist() == [3, 3]


def test_nothing_in_gives_nothing_out() -> None:
    columns = local_columns(timestamps(), pa.array([], pa.string()), {})

    assert {name: len(column) for name, column in columns.items()} == {
        "business_date": 0,
        "local_hour": 0,
        "slot_at": 0,
        "day_part": 0,
    }


def test_one_absurd_instant_does_not_stop_the_others() -> None:
    """The contract's own range rule names such a row; see `tiffin.kernel.row_rules`."""
    absurd = pa.array([2**62, -(2**62), microseconds(datetime(2026, 2, 20, 10, tzinfo=UTC))]).cast(
        pa.timestamp("us", tz="UTC")
    )

    columns = local_columns(absurd, pa.array(["riyadh"] * 3), {"riyadh": a_city()})

    assert columns["business_date"].null_count == 0
    assert columns["local_hour"].to_pylist()[2] == 13


def test_facts_of_an_unknown_city_are_refused() -> None:
    with pytest.raises(InvalidData, match="'atlantis'"):
        local_columns(timestamps(EPOCH), pa.array(["atlantis"]), {"riyadh": a_city()})


def test_the_columns_are_of_the_contract_s_types() -> None:
    columns = local_columns(timestamps(EPOCH), pa.array(["riyadh"]), {"riyadh": a_city()})

    assert {name: column.type for name, column in columns.items()} == {
        "business_date": pa.date32(),
        "local_hour": pa.int64(),
        "slot_at": pa.timestamp("us", tz="UTC"),
        "day_part": pa.string(),
    }


def test_ramadan_1447_in_riyadh_is_as_the_umm_al_qura_calendar_has_it() -> None:
    days = city_days(a_city(), Days(date(2026, 2, 1), date(2026, 3, 31))).to_pylist()

    ramadan = [day["business_date"] for day in days if day["is_ramadan"]]
    assert (ramadan[0], ramadan[-1], len(ramadan)) == (date(2026, 2, 18), date(2026, 3, 19), 30)
    assert next(day for day in days if day["business_date"] == date(2026, 3, 20))["hijri_date"] == "1447-10-01"


@pytest.mark.parametrize(
    ("country", "day", "holiday"),
    [
        ("SA", date(2026, 9, 23), "National Day"),
        ("AE", date(2026, 12, 2), "National Day"),
        ("QA", date(2026, 12, 18), "Qatar National Day"),
        ("KW", date(2026, 2, 25), "National Day"),
        ("HK", date(2026, 7, 1), "Hong Kong S.A.R. Establishment Day"),
        ("BR", date(2026, 9, 7), "Independence Day"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("FI", date(2026, 12, 6), "Independence Day"),
        ("ZZ", date(2026, 1, 1), None),
    ],
)
def test_each_market_keeps_its_own_holidays(country: str, day: date, holiday: str | None) -> None:
    (row,) = city_days(a_city(country=country), Days(day, day)).to_pylist()

    found = row["holiday"]
    assert found is holiday if holiday is None else holiday in found


def test_weekends_are_the_city_s_own() -> None:
    friday = Days(date(2026, 2, 20), date(2026, 2, 20))

    riyadh, dubai = (city_days(a_city(weekend=weekend), friday).to_pylist()[0] for weekend in ((5, 6), (6, 7)))

    assert (riyadh["weekday"], riyadh["is_weekend"], dubai["is_weekend"]) == (5, True, False)


def test_days_beyond_the_hijri_tables_have_no_hijri_date() -> None:
    days = Days(date(2077, 11, 16), date(2077, 11, 17))

    rows = city_days(a_city(), days).to_pylist()

    assert [row["hijri_date"] for row in rows] == ["1500-12-30", None]
    assert not rows[1]["is_ramadan"]


def test_the_calendar_fits_its_contract() -> None:
    table = city_days(a_city(), Days(date(2026, 1, 1), date(2026, 1, 2)))

    assert tuple(table.column_names) == TABLES["city_days"].column_names


def test_a_place_lies_in_the_cell_that_h3_names() -> None:
    lat, lng = [24.7136, 22.3193, 24.7136], [46.6753, 114.1694, 46.6753]

    zones = zone_of(pa.array(lat), pa.chunked_array([lng])).to_pylist()

    assert zones == [h3.latlng_to_cell(a, b, 8) for a, b in zip(lat, lng, strict=True)]


def test_a_place_that_is_unknown_or_not_on_the_globe_has_no_zone() -> None:
    lat, lng = pa.array([None, 91.0, 0.0, float("nan")]), pa.array([0.0, 0.0, 181.0, 0.0])

    assert zone_of(lat, lng).to_pylist() == [None, None, None, None]


def test_coarser_zones_may_be_asked_for() -> None:
    (cell,) = zone_of(pa.array([24.7]), pa.array([46.6]), resolution=5).to_pylist()

    assert h3.get_resolution(cell) == 5
