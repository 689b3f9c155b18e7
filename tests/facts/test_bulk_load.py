# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
# ruff: noqa: S608 - all SQL here is made of this file's own texts and numbers
"""Large plain Parquet: the same rows, counts and quarantine as the usual way, only sooner."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from tiffin.capabilities.facts.service import plain_files

LARGE = 4_000
"""What counts as large here."""

FEED = """\
feed: export
title: Export
description: Orders for tests.
origin: {publisher: the tests, obtain: made by the tests, licence: none needed}
time_zone: UTC
cities:
  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, currency: SAR,
     latitude: 24.7136, longitude: 46.6753}
  - {city_id: st-johns, name: St. John's, country: CA, timezone: America/St_Johns, cutoff_min: 270, currency: CAD,
     changes: [{since: 2026-03-20, cutoff_min: 180}]}
files:
  orders:
    pattern: "*.parquet"
    format: parquet
    columns:
      order_id: {}
      city_id: {}
      status: {}
      note: {missing: ["NA"]}
      placed_at: {type: time}
      delivered_at: {type: time}
      items: {type: integer}
      distance: {type: number}
      currency: {}
      basket: {type: integer}
tables:
  - table: orders
    main: true
    from: orders
    map: {order_id: order_id, city_id: city_id, status: status, category: note, placed_at: placed_at,
          delivered_at: delivered_at, item_count: items, distance_m: distance, currency: currency, basket_minor: basket}
    quarantine: [{rule: nothing_ordered, when: items = 0, reason: No items.}]
"""

ROWS = """
SELECT 'o' || i AS order_id, CASE WHEN i % 3 = 0 THEN 'st-johns' ELSE 'riyadh' END AS city_id, 'delivered' AS status,
       CASE WHEN i % 5 = 0 THEN NULL ELSE 'kitchen' END AS note,
       TIMESTAMPTZ '2026-02-10 00:00:00+00' + to_seconds(i * 1117 % 4320000) AS placed_at,
       TIMESTAMPTZ '2026-02-10 00:40:00+00' + to_seconds(i * 1117 % 4320000) AS delivered_at,
       (1 + i % 5)::INTEGER AS items, (i % 9000)::DOUBLE AS distance, 'SAR' AS currency, (i % 10000)::BIGINT AS basket
FROM range({first}, {last}) AS t (i)
"""

ODD = """
REPLACE (
  CASE WHEN order_id = 'o1' THEN ' o1 ' WHEN order_id = 'o2' THEN '=o2' WHEN order_id = 'o3' THEN 'o0'
       WHEN order_id = 'o14' THEN 'o14  ' WHEN order_id = 'o15' THEN 'o15' || chr(160)
       WHEN order_id = 'o16' THEN 'é16' WHEN order_id = 'o17' THEN 'o17 طلب' ELSE order_id END AS order_id,
  CASE order_id WHEN 'o5' THEN 'atlantis' WHEN 'o6' THEN NULL ELSE city_id END AS city_id,
  CASE order_id WHEN 'o7' THEN 'eaten' ELSE status END AS status,
  CASE order_id WHEN 'o8' THEN 'NA' WHEN 'o9' THEN '' ELSE note END AS note,
  CASE order_id WHEN 'o10' THEN TIMESTAMPTZ '1200-01-01 00:00:00+00' ELSE placed_at END AS placed_at,
  CASE order_id WHEN 'o11' THEN 0 ELSE items END AS items,
  CASE order_id WHEN 'o18' THEN 'Sar' WHEN 'o19' THEN 'SARS' ELSE currency END AS currency,
  CASE order_id WHEN 'o21' THEN TIMESTAMPTZ '2026-02-09 00:00:00+00'
    WHEN 'o22' THEN 'infinity' ELSE delivered_at END AS delivered_at,
  CASE order_id WHEN 'o12' THEN 'NaN'::DOUBLE ELSE distance END AS distance,
  CASE order_id WHEN 'o13' THEN -1 ELSE basket END AS basket)
"""

COMPARED = "select * from orders order by city_id, order_id"
LEFT_OUT = "select rule, reason, kept, line, row from quarantine_orders order by line, rule"


def export(path: Path, *, first: int = 0, last: int, odd: bool = False, more: str = "", also: str = "") -> Path:
    """Write an export; ``odd`` spoils some rows, ``also`` those that it says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        spoiled = ODD if odd else f"REPLACE ({also})" if also else ""
        select = f"SELECT * {spoiled} FROM ({ROWS.format(first=first, last=last)}) {more}"
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture
def exports(shop, monkeypatch):  # noqa: ANN201 - its type lives in conftest.py
    """The workspace with the feed of exports, in which loads are large already when they are small."""
    monkeypatch.setattr(plain_files, "LARGE", LARGE)
    shop.feed(FEED, name="export")
    return shop


def test_a_large_load_gives_the_rows_and_the_quarantine_of_the_usual_way(
    exports, tmp_path, added_up, monkeypatch
) -> None:
    """Blanks, formulas, unknown cities, broken rules and repeated keys among plain rows."""
    repeated = f"UNION ALL SELECT * FROM ({ROWS.format(first=20, last=21)})"
    path = export(tmp_path / "in" / "a.parquet", last=LARGE, odd=True, more=repeated)
    fast = exports.load(path, feed="export")
    rows, left_out = exports.rows(COMPARED), exports.rows(LEFT_OUT)
    days = exports.rows("select * from city_days order by city_id, business_date")

    other = type(exports)(_folder(tmp_path / "other"))
    other.feed(FEED, name="export")
    monkeypatch.setattr(plain_files, "TOO_LARGE", 0)
    slow = other.load(path, feed="export")

    assert rows == other.rows(COMPARED)
    assert left_out == other.rows(LEFT_OUT)
    assert days == other.rows("select * from city_days order by city_id, business_date")
    assert (fast.read, fast.loaded, fast.collapsed) == (slow.read, slow.loaded, slow.collapsed)
    assert sorted(fast.quarantined, key=str) == sorted(slow.quarantined, key=str)
    assert fast.collapsed == 1
    assert {rule.rule for rule in fast.quarantined} >= {"formula:order_id", "unique:key", "known:city_id"}
    assert added_up(fast)
    assert added_up(slow)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_many_rows_of_few_days_have_the_local_days_of_the_usual_way(exports, tmp_path, monkeypatch) -> None:
    """Two days around a new cut-off, told by quarters of an hour, within one of which a day begins."""
    at = "TIMESTAMPTZ '2026-03-19 00:00:00+00' + to_seconds(basket * 43 % 172800)"
    also = f"{at} AS placed_at, {at} + to_minutes(40) AS delivered_at"
    path = export(tmp_path / "in" / "a.parquet", last=LARGE, also=also)
    other = type(exports)(_folder(tmp_path / "other"))
    for shop in (exports, other):
        shop.feed(FEED.replace("cutoff_min: 180", "cutoff_min: 187"), name="export")

    exports.load(path, feed="export")
    monkeypatch.setattr(plain_files, "TOO_LARGE", 0)
    other.load(path, feed="export")

    assert exports.rows(COMPARED) == other.rows(COMPARED)
    assert exports.one("select count(distinct business_date) from orders") == (3,)


def test_a_second_large_load_changes_nothing(exports, tmp_path) -> None:
    path = export(tmp_path / "in" / "a.parquet", last=LARGE, odd=True)
    first = exports.load(path, feed="export")
    versions = exports.versions()

    again = exports.load(path, feed="export")

    assert (first.unchanged, again.unchanged) == (False, True)
    assert (again.read, again.loaded, again.quarantined) == (first.read, first.loaded, first.quarantined)
    assert exports.versions() == versions


def test_later_files_add_restate_and_leave_alone(exports, tmp_path) -> None:
    exports.load(export(tmp_path / "in" / "a.parquet", last=LARGE), feed="export")
    more = exports.load(export(tmp_path / "in" / "b.parquet", first=LARGE, last=2 * LARGE), feed="export")
    known = exports.load(tmp_path / "in" / "a.parquet", feed="export")
    some = export(tmp_path / "in" / "c.parquet", first=LARGE // 2, last=LARGE // 2 + LARGE, odd=False)
    restated = exports.load(some, feed="export")

    assert (more.tables[-1].inserted, more.tables[-1].updated) == (LARGE, 0)
    assert known.unchanged
    assert restated.unchanged
    assert exports.one("select count(*), count(distinct order_id) from orders") == (2 * LARGE, 2 * LARGE)


def test_a_load_of_mostly_odd_rows_goes_the_usual_way(exports, tmp_path) -> None:
    path = export(tmp_path / "in" / "a.parquet", last=LARGE, more="WHERE true")
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN basket % 4 = 0 THEN -1 ELSE basket END AS basket) "
            f"FROM read_parquet('{path}')) TO '{path.with_name('b.parquet')}' (FORMAT parquet)"
        )

    report = exports.load(path.with_name("b.parquet"), feed="export")

    assert report.read == LARGE
    assert [rule.rule for rule in report.quarantined] == ["range:basket_minor"]
    assert report.loaded + report.quarantined[0].count == LARGE


@pytest.mark.parametrize(
    ("spoiled", "stated", "instead", "rule"),
    [
        ("CASE order_id WHEN 'o2' THEN '=o2' ELSE order_id END AS order_id", b"=o2", b"Ao2", "formula:order_id"),
        ("CASE order_id WHEN 'o2' THEN -1 ELSE basket END AS basket", b"\xff" * 8, bytes(8), "range:basket_minor"),
    ],
)
def test_what_files_state_of_themselves_hides_no_row(exports, tmp_path, spoiled, stated, instead, rule) -> None:
    """The statistics of a file are forged: they deny that a text is a formula, or that an amount is negative."""
    path = export(tmp_path / "in" / "a.parquet", last=LARGE, also=spoiled)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    assert stated in content[footer:]
    path.write_bytes(content[:footer] + content[footer:].replace(stated, instead))

    report = exports.load(path, feed="export")

    assert [left_out.rule for left_out in report.quarantined] == [rule]
    assert report.loaded == LARGE - 1


def test_files_of_several_days_and_writers_load_as_one(exports, tmp_path) -> None:
    """One file states nothing of its columns, so that nothing may be concluded from what the other one states."""
    export(tmp_path / "in" / "a.parquet", last=LARGE)
    odd = export(tmp_path / "in" / "b.parquet", first=LARGE, last=LARGE + 100)
    rows = parquet.read_table(odd)
    basket = rows.schema.get_field_index("basket")
    rows = rows.set_column(basket, "basket", pa.array([-1, *[5] * 99], pa.int64()))
    parquet.write_table(rows, odd, write_statistics=False)

    report = exports.load(tmp_path / "in", feed="export")

    assert [(left_out.rule, left_out.count) for left_out in report.quarantined] == [("range:basket_minor", 1)]
    assert report.loaded == LARGE + 99


def test_columns_that_no_row_brings_take_no_room_though_some_rows_went_the_usual_way(exports, tmp_path) -> None:
    report = exports.load(export(tmp_path / "in" / "a.parquet", last=LARGE, odd=True), feed="export")

    lacking = exports.lacks("orders")

    assert len(lacking) == 1
    assert {"tip_minor", "dropoff_latitude"} <= lacking.pop()
    assert exports.one("select count(*), count(tip_minor), count(business_date) from orders")[1:] == (0, report.loaded)
