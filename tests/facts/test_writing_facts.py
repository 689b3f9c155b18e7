# ruff: noqa: ANN001, ANN201, ANN202 - the fixtures' types live in conftest.py, which tests cannot import
"""Rows that come from no file, on the same path as a load."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from tiffin.capabilities.facts import service
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import business_date

CITY = {
    "city_id": "sao-paulo",
    "name": "São Paulo",
    "country": "BR",
    "timezone": "America/Sao_Paulo",
    "timezone_known": True,
    "cutoff_min": 300,
    "weekend": "6,7",
    "currency": "BRL",
    "is_simulated": True,
}
START = datetime(2026, 2, 20, 0, 0, tzinfo=UTC)


def orders(count: int, **changes: object) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "city_id": "sao-paulo",
                "order_id": f"o{n}",
                "status": "placed",
                "placed_at": START + timedelta(minutes=37 * n),
                "pickup_latitude": -23.55,
                "pickup_longitude": -46.63,
                "dropoff_latitude": -23.57,
                "dropoff_longitude": -46.65,
                **changes,
            }
            for n in range(count)
        ]
    )


@pytest.fixture
def write(shop):
    """Writes rows of a table."""

    def put(table: str, rows: pa.Table, source: str = "simulated:calm"):
        with shop.context() as context:
            return service.write_facts(context, table, rows.to_reader(max_chunksize=50), source)

    put("cities", pa.Table.from_pylist([CITY]))
    return put


def test_derived_columns_equal_those_of_the_kernel(write, shop) -> None:
    report = write("orders", orders(200))

    assert (report.read, report.loaded, report.unchanged) == (200, 200, False)
    rows = shop.rows(
        "select placed_at, business_date, local_hour, country, zone_id, dropoff_zone_id, source from orders"
    )
    assert all(
        row["business_date"] == business_date(row["placed_at"], timezone="America/Sao_Paulo", cutoff_min=300)
        for row in rows
    )
    assert {(row["country"], row["source"]) for row in rows} == {("BR", "simulated:calm")}
    assert all(row["local_hour"] == (row["placed_at"].hour - 3) % 24 for row in rows)


def test_the_cells_that_rows_name_become_zones_and_their_days_a_calendar(write, shop) -> None:
    write("orders", orders(50))

    cells = shop.rows("select zone_id, h3_cell, latitude, source from zones order by zone_id")
    assert len(cells) == 2
    assert all(row["zone_id"] == row["h3_cell"] and row["source"] == "h3" for row in cells)
    first, last, count = shop.one("select min(business_date), max(business_date), count(*) from city_days")
    assert (first, count) == (date(2026, 2, 19), (last - first).days + 1)


def test_writing_the_same_rows_again_changes_nothing(write, shop) -> None:
    write("orders", orders(50, item_count=-1))
    write("orders", orders(20))
    before = shop.versions()

    again = write("orders", orders(20))

    assert again.unchanged
    assert shop.versions() == before


def test_rows_that_break_the_contract_are_quarantined_with_the_row_itself(write, shop) -> None:
    report = write("orders", orders(3, item_count=-1))

    assert [(rule.rule, rule.count) for rule in report.quarantined] == [("range:item_count", 3)]
    assert shop.one("select count(*), min(row).contains('\"item_count\":-1') from quarantine_orders") == (3, True)
    write("orders", orders(3, item_count=-1))
    assert shop.one("select count(*) from quarantine_orders") == (3,)


def test_a_given_business_date_is_kept(write, shop) -> None:
    write("orders", orders(1, business_date=date(2026, 1, 1)))

    assert shop.one("select business_date from orders") == (date(2026, 1, 1),)


def test_an_unknown_column_table_or_type_is_refused(write) -> None:
    with pytest.raises(InvalidData, match="colour"):
        write("orders", orders(1, colour="red"))
    with pytest.raises(NotFound, match="no fact table"):
        write("order", orders(1))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_takes_no_rows(write, table: str) -> None:
    empty = (
        pa.schema([("city_id", pa.string())]) if TABLES[table].has("city_id") else pa.schema([("source", pa.string())])
    )

    assert write(table, empty.empty_table()).read == 0
