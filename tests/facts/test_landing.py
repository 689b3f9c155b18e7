"""Simulated rows laid down by any process and brought in by one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.facts.service.landing import Landing, LandingPlace, landing_place, publish_rows
from tiffin.kernel.errors import FailedCheck, Forbidden, InvalidData
from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import create_workspace

SOURCE = "simulated:test"
CITY = {
    "city_id": "hong-kong",
    "name": "Hong Kong",
    "country": "HK",
    "timezone": "Asia/Hong_Kong",
    "timezone_known": True,
    "cutoff_min": 240,
    "weekend": "6,7",
    "currency": "HKD",
    "latitude": 22.3,
    "longitude": 114.2,
    "is_simulated": True,
}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    create_workspace(tmp_path / "workspace")
    with open_context(tmp_path / "workspace") as opened:
        write_facts(opened, "cities", pa.Table.from_pylist([CITY]).to_reader(), SOURCE)
        yield opened


@pytest.fixture
def place(context: Context) -> Iterator[LandingPlace]:
    with landing_place(context) as opened:
        yield opened


def landing(place: LandingPlace, source: str = SOURCE) -> Landing:
    return Landing(place.bench.folder, place.cities, place.markets, source)


def ratings(*order_ids: str, stars: int = 5, city_id: str = "hong-kong") -> pa.Table:
    rated_at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    return pa.table(
        {
            "city_id": [city_id] * len(order_ids),
            "order_id": pa.array(list(order_ids)).dictionary_encode(),
            "rated_at": pa.array([rated_at] * len(order_ids), pa.timestamp("us", tz="UTC")),
            "stars": [stars] * len(order_ids),
            "business_date": [date(2026, 3, 2)] * len(order_ids),
        }
    )


def count(context: Context, table: str) -> int:
    return int(context.warehouse.query_text(f"SELECT count(*) AS n FROM {table}").to_pylist()[0]["n"])  # noqa: S608 - our own


def test_landed_rows_stand_in_the_table_with_their_calendar(context: Context, place: LandingPlace) -> None:
    with landing(place) as first, landing(place) as second:
        parts = [first.land("ratings", ratings("a", "b")), second.land("ratings", ratings("c"))]
    (report,) = publish_rows(context, place, parts, SOURCE)

    assert (report.read, report.loaded, report.inserted) == (3, 3, 3)
    assert count(context, "ratings") == 3
    assert count(context, "city_days") == 1


def test_the_same_rows_again_change_nothing_and_others_restate(context: Context, place: LandingPlace) -> None:
    with landing(place) as own:
        reports = [
            next(iter(list(publish_rows(context, place, [own.land("ratings", rows)], SOURCE))))
            for rows in (ratings("a", "b"), ratings("a", "b"), ratings("b", stars=1))
        ]

    assert [report.unchanged for report in reports] == [False, True, False]
    assert reports[2].updated == 1
    assert count(context, "ratings") == 2


def test_nothing_of_rows_that_break_the_contract_is_laid_down(context: Context, place: LandingPlace) -> None:
    with landing(place) as own, pytest.raises(FailedCheck, match=r"2 break it.*range:stars"):
        own.land("ratings", ratings("a", "b", stars=9))

    assert not open_store(context.workspace).has("ratings")


def test_a_key_that_stands_twice_is_refused_within_and_between_landings(context: Context, place: LandingPlace) -> None:
    with landing(place) as own:
        with pytest.raises(FailedCheck, match="1 stand more often"):
            own.land("ratings", ratings("a", "a"))
        parts = [own.land("ratings", ratings("a")) for _ in range(2)]
    with pytest.raises(FailedCheck, match="1 stand more often"):
        list(publish_rows(context, place, parts, SOURCE))


def test_keys_that_only_look_alike_are_not_taken_for_equal(context: Context, place: LandingPlace) -> None:
    """The database's digest of these two is the same."""
    alike = [f"hong-kong-2026{month:02}02-{number:05d}" for month in (3, 4) for number in range(1000, 1200)]
    with landing(place) as own:
        parts = [own.land("ratings", ratings(*alike))]
        (report,) = publish_rows(context, place, parts, SOURCE)

    assert report.inserted == len(alike)


def test_only_simulated_rows_of_known_cities_and_columns_land(place: LandingPlace) -> None:
    with pytest.raises(InvalidData, match="pseudonyms"):
        landing(place, "shop")
    with landing(place) as own:
        with pytest.raises(FailedCheck, match="atlantis"):
            own.land("ratings", ratings("a", city_id="atlantis"))
        with pytest.raises(InvalidData, match="mood"):
            own.land("ratings", ratings("a").append_column("mood", [["good"]]))


def test_who_is_no_steward_lands_nothing(tmp_path: Path) -> None:
    create_workspace(tmp_path / "workspace")
    with open_context(tmp_path / "workspace") as context:
        object.__setattr__(context, "actor", Actor("nobody"))
        with pytest.raises(Forbidden, match="steward"), landing_place(context):
            pass
