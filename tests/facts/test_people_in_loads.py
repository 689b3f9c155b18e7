# ruff: noqa: ANN001, ANN201 - the fixtures' types live in conftest.py, which tests cannot import
"""People named by facts: pseudonyms alone in what is loaded, the same on every path, and nobody comes back."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from tiffin.capabilities.facts import service
from tiffin.capabilities.facts.service import plain_files
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import engine_for
from tiffin.runtime.people_sealing import Seal

LARGE = 2_000

COLUMNS, COLUMN_MAP = "      items: {type: integer}\n", "      item_count: items\n"
MORE_COLUMNS = "      customer: {}\n      rider: {}\n      lat: {type: number}\n      lon: {type: number}\n"
MORE_MAP = """\
      customer_id: customer
      rider_id: rider
      dropoff_latitude: lat
      dropoff_longitude: lon
      pickup_latitude: '24.7'
      pickup_longitude: '46.7'
"""
HEADER = "number,placed,state,total,items,customer,rider,lat,lon\n"


def order(number: int, *, customer: str = "customer-1", rider: str = "rider-1", placed: str = "2026-02-20 10:00"):
    return f"o{number},{placed},done,10,1,{customer},{rider},24.7{number}987,46.7{number}654\n"


@pytest.fixture
def named(shop):
    """The workspace whose feed names customers and riders."""
    shop.changed((COLUMNS, COLUMNS + MORE_COLUMNS), (COLUMN_MAP, COLUMN_MAP + MORE_MAP))
    return shop


def everything(root: Path) -> bytes:
    """Give all that lies in a workspace's own folder, Parquet as the text of its values."""
    found = []
    for path in sorted((root / ".tiffin").rglob("*")):
        if path.is_file():
            found.append(str(path).encode() + path.read_bytes())
            if path.suffix == ".parquet":
                found.append(json.dumps(parquet.read_table(path).to_pylist(), default=str).encode())
    return b"".join(found)


def pseudonym(shop, kind: PersonKind, identifier: str) -> str:
    with shop.context() as context:
        person = people.find(context.unit, kind, identifier)
    assert person is not None
    return person.pseudonym


def forget(shop, kind: PersonKind, identifier: str) -> None:
    with shop.context() as context:
        people.forget(context.unit, kind, identifier, now=context.now)


def test_no_file_of_the_workspace_holds_whom_a_load_named(named) -> None:
    named.load(named.file(HEADER + order(1) + order(2, customer="customer-2") + order(3, rider="")))
    engine_for(f"sqlite:///{named.root / '.tiffin' / 'tiffin.db'}").dispose()

    found = everything(named.root)

    assert b"orders" in found
    for trace in (b"customer-1", b"customer-2", b"rider-1", b"24.71987", b"46.72654"):
        assert trace not in found


def test_the_same_file_again_changes_nothing(named) -> None:
    path = named.file(HEADER + order(1) + order(2, customer="customer-2") + order(3, customer=""))
    named.load(path)
    versions = named.versions()

    again = named.load(path)

    assert again.unchanged
    assert named.versions() == versions


def test_a_person_has_one_pseudonym_in_every_order_and_other_kinds_are_other_people(named) -> None:
    rows = order(1, customer="x") + order(2, customer="x", rider="x") + order(3, customer="y")
    named.load(named.file(HEADER + rows))

    first, second, third = named.rows("select customer_id, rider_id from orders order by order_id")

    assert first["customer_id"] == second["customer_id"] == pseudonym(named, PersonKind.CUSTOMER, "x")
    assert third["customer_id"] != first["customer_id"]
    assert second["rider_id"] == pseudonym(named, PersonKind.RIDER, "x")
    assert second["rider_id"] != second["customer_id"]


def test_riders_of_whom_nothing_is_sealed_are_written_where_customers_are_sealed_already(named) -> None:
    named.load(named.file(HEADER + order(1)))
    with named.context() as context:
        session = {"city_id": ["riyadh"], "rider_id": ["rider-1"], "on_at": [context.now], "off_at": [context.now]}
        report = service.write_facts(context, "rider_sessions", pa.table(session).to_reader(), "platform")

    (ridden,) = named.rows("select rider_id from rider_sessions")

    assert report.loaded == 1
    assert ridden["rider_id"] == pseudonym(named, PersonKind.RIDER, "rider-1")


def test_places_of_a_named_customer_are_sealed_and_what_is_computed_from_them_stays(named) -> None:
    named.load(named.file(HEADER + order(1) + order(2, customer="")))

    sealed, plain = named.rows("select * from orders order by order_id")
    (kept,) = named.rows("select * from personal_values")
    with named.context() as context:
        key = people.data_key(context.unit, str(kept["pseudonym"]))

    assert sealed["dropoff_latitude"] is None
    assert sealed["dropoff_zone_id"] is not None
    assert sealed["straight_m"] == pytest.approx(2_600, rel=0.2)
    assert (plain["dropoff_latitude"], plain["straight_m"]) == (24.72987, None)
    assert kept["pseudonym"] == sealed["customer_id"]
    assert Seal(key or b"").opened(f"orders {kept['row_key']}", str(kept["sealed"])) == {
        "dropoff_latitude": 24.71987,
        "dropoff_longitude": 46.71654,
    }


def test_a_value_that_is_gone_from_its_row_is_gone_from_what_is_sealed(named) -> None:
    named.load(named.file(HEADER + order(1) + order(2)))

    named.load(named.file(HEADER + order(1).replace("24.71987,46.71654", ",") + order(2, customer="")))

    assert named.one("select count(sealed), count(*) from personal_values") == (0, 2)


def test_who_was_forgotten_is_not_brought_back_by_the_same_file(named) -> None:
    path = named.file(HEADER + order(1, customer="customer-1") + order(2, customer="customer-2"))
    named.load(path)
    forget(named, PersonKind.CUSTOMER, "customer-1")

    report = named.load(path)

    gone, stays = named.rows("select * from orders order by order_id")
    assert (report.read, report.loaded) == (2, 2)
    assert (gone["customer_id"], gone["dropoff_latitude"]) == (None, None)
    assert gone["dropoff_zone_id"] is not None
    assert stays["customer_id"] == pseudonym(named, PersonKind.CUSTOMER, "customer-2")
    assert named.rows("select * from personal_values where sealed is not null and row_key like '%o1%'") == []


def test_a_row_that_must_name_who_was_forgotten_is_left_out_and_counted_and_its_text_kept_nowhere(
    shop, added_up
) -> None:
    shop.changed(
        ("      number: {}\n", "      number: {}\n      rider: {}\n"),
        ("  - table: orders\n", RIDERS + "  - table: orders\n"),
    )
    header = "number,rider,placed,state,total,items\n"
    rows = "".join(f"o{n},rider-{n},2026-02-20 10:0{n},done,10,1\n" for n in range(3))
    forget(shop, PersonKind.RIDER, "rider-1")

    report = shop.load(shop.file(header + rows))

    riders = next(table for table in report.tables if table.table == "riders")
    assert [(rule.rule, rule.count) for rule in riders.quarantined] == [("forgotten:rider_id", 1)]
    assert added_up(report)
    assert shop.one("select count(*), count(distinct rider_id) from riders") == (2, 2)
    assert b"rider-1" not in everything(shop.root)


RIDERS = """\
  - table: riders
    from: orders
    grain: [rider]
    map: {city_id: "'riyadh'", rider_id: rider}
"""


def test_a_row_left_out_for_another_reason_loses_its_text_if_it_names_who_was_forgotten(named) -> None:
    forget(named, PersonKind.CUSTOMER, "customer-1")

    bad = order(1, placed="never") + order(2, placed="never", customer="customer-2") + "customer-1,too,short\n"
    named.load(named.file(HEADER + bad))

    texts = [row["row"] for row in named.rows("select row from quarantine_orders order by line")]
    assert [text is None for text in texts] == [True, False, True]
    assert b"customer-1" not in everything(named.root)


def test_what_can_be_no_identifier_is_left_out_as_before(named) -> None:
    report = named.load(named.file(HEADER + order(1, customer="c" * 200) + order(2)))

    assert [(rule.rule, rule.count) for rule in report.quarantined] == [("length:customer_id", 1)]


def test_rows_over_http_name_pseudonyms_and_those_of_a_simulation_stay_as_they_are(shop) -> None:
    shop.load(shop.file("number,placed,state,total,items\no1,2026-02-20 10:00,done,1,1\n"))
    rider = {"city_id": "riyadh", "rider_id": "rider-1"}
    with shop.context() as context:
        service.hand_in(context, "riders", json.dumps([rider]).encode(), key="k1", source="app")
    simulated = pa.Table.from_pylist([{"city_id": "riyadh", "rider_id": "r7"}]).to_reader()
    with shop.context() as context:
        service.write_facts(context, "riders", simulated, "simulated:calm")

    found = shop.rows("select source, rider_id from riders order by source")

    assert found == [
        {"source": "http:app", "rider_id": pseudonym(shop, PersonKind.RIDER, "rider-1")},
        {"source": "simulated:calm", "rider_id": "r7"},
    ]


def test_a_column_that_says_by_another_whom_it_names_names_people_of_that_kind(shop) -> None:
    shop.load(shop.file("number,placed,state,total,items\no1,2026-02-20 10:00,done,1,1\n"))
    penalty = {"city_id": "riyadh", "verdict_id": "v1", "entered_at": "2026-02-20T10:00:00Z", "kind": "warning"}
    rows = [{**penalty, "penalty_id": f"p{n}", "party": party, "party_id": "x"} for n, party in enumerate(PARTIES)]
    with shop.context() as context:
        receipt = service.hand_in(context, "penalties", json.dumps(rows).encode(), key="k", source="app")

    assert receipt["loaded"] == len(PARTIES), receipt
    found = {row["party"]: row["party_id"] for row in shop.rows("select party, party_id from penalties")}
    assert found == {
        "rider": pseudonym(shop, PersonKind.RIDER, "x"),
        "customer": pseudonym(shop, PersonKind.CUSTOMER, "x"),
        "merchant": "x",
    }


PARTIES = ("rider", "customer", "merchant")


EXPORT = """\
feed: export
title: Export
description: Orders for tests.
origin: {publisher: the tests, obtain: made by the tests, licence: none needed}
time_zone: UTC
cities: [{city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, currency: SAR}]
files:
  orders:
    pattern: "*.parquet"
    format: parquet
    columns: {order_id: {}, city_id: {}, status: {}, customer: {}, rider: {}, placed_at: {type: time}}
tables:
  - table: orders
    main: true
    from: orders
    map: {order_id: order_id, city_id: city_id, status: status, customer_id: customer, rider_id: "concat('r-', rider)",
          placed_at: placed_at}
"""

ROWS = """
SELECT 'o' || i AS order_id, 'riyadh' AS city_id, 'placed' AS status,
       CASE WHEN i % 7 = 0 THEN NULL WHEN i = 8 THEN ' customer-1 ' WHEN i = 9 THEN repeat('c', 200)
         ELSE 'customer-' || (i % 400) END AS customer,
       (i % 30)::VARCHAR AS rider, TIMESTAMPTZ '2026-02-10 00:00:00+00' + to_seconds(i * 1117 % 4320000) AS placed_at
FROM range({count}) AS t (i)
"""


@pytest.fixture
def exports(shop, monkeypatch, tmp_path):
    """A workspace, an export in which loads are large already when they are small, and a load of it."""
    monkeypatch.setattr(plain_files, "LARGE", LARGE)
    shop.feed(EXPORT, name="export")
    path = tmp_path / "in" / "a.parquet"
    path.parent.mkdir()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({ROWS.format(count=LARGE)}) TO '{path}' (FORMAT parquet)")
    return shop, path


def test_a_large_load_gives_the_pseudonyms_of_the_usual_way(exports, monkeypatch) -> None:
    shop, path = exports
    report = shop.load(path, feed="export")
    fast = shop.rows("select * from orders order by order_id")
    versions = shop.versions()

    monkeypatch.setattr(plain_files, "TOO_LARGE", 0)
    again = shop.load(path, feed="export")

    assert again.unchanged
    assert shop.versions() == versions
    assert shop.rows("select * from orders order by order_id") == fast
    assert (again.read, again.loaded, again.quarantined) == (report.read, report.loaded, report.quarantined)
    assert [rule.rule for rule in report.quarantined] == ["length:customer_id"]
    assert pseudonym(shop, PersonKind.RIDER, "r-7") in {row["rider_id"] for row in fast}
    named = {row["order_id"]: row["customer_id"] for row in fast}
    assert named["o8"] == named["o401"] == pseudonym(shop, PersonKind.CUSTOMER, "customer-1")
    assert named["o7"] is None


def test_a_large_load_brings_nobody_back_either(exports) -> None:
    shop, path = exports
    forget(shop, PersonKind.CUSTOMER, "customer-5")

    report = shop.load(path, feed="export")

    assert report.loaded == LARGE - 1
    assert shop.one("select count(*) from orders where order_id = 'o405' and customer_id is null") == (1,)
    assert b'"customer-5"' not in everything(shop.root)


def test_a_large_load_joins_people_who_are_known_to_those_who_are_new(exports) -> None:
    shop, path = exports
    with shop.context() as context:
        before = people.pseudonyms(context.unit, PersonKind.CUSTOMER, [f"customer-{n}" for n in range(0, 400, 3)])

    shop.load(path, feed="export")

    found = shop.rows("select order_id, customer_id from orders where customer_id is not null")
    stated = {row["order_id"]: f"customer-{int(str(row['order_id'])[1:]) % 400}" for row in found} | {
        "o8": "customer-1"
    }
    wrong = [row for row in found if before.get(stated[row["order_id"]], row["customer_id"]) != row["customer_id"]]
    assert wrong == []
    assert len({row["customer_id"] for row in found}) == len({stated[row["order_id"]] for row in found})
