# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
# ruff: noqa: DTZ001 - feeds read clocks without a zone, and Excel knows none
"""Loads: formats, counts, restatement, quarantine."""

import gzip
import io
import json
import tarfile
import zipfile
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tiffin.capabilities.facts import service
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.runtime.actor import Actor, Grant, Role

GOOD = "number,placed,state,total,items\na1,2026-02-20 21:30,done,12.50,2\na2,2026-02-20 23:30,gone,7,1\n"


def test_a_loaded_row_has_its_business_day_slot_and_money(shop) -> None:
    shop.load(shop.file(GOOD))

    row = shop.one(
        "select business_date, local_hour, slot_at, basket_minor, country, status, source from orders where order_id "
        "= 'a1'"
    )

    # 21:30 UTC is 00:30 of the 21st in Riyadh, before the cut-off at 04:00.
    assert row == (date(2026, 2, 20), 0, datetime(2026, 2, 20, 21, 30, tzinfo=UTC), 1250, "SA", "delivered", "shop")


def test_a_second_load_of_the_same_file_changes_nothing(shop) -> None:
    bad = GOOD + "a3,yesterday,done,1,1\n"
    first = shop.load(shop.file(bad))
    versions = shop.versions()

    again = shop.load(shop.file(bad))

    assert (first.unchanged, again.unchanged) == (False, True)
    assert shop.versions() == versions
    assert shop.one("select count(*) from quarantine_orders") == (1,)


def test_a_newer_file_restates_what_it_names_and_leaves_the_rest(shop) -> None:
    shop.load(shop.file(GOOD))

    report = shop.load(
        shop.file("number,placed,state,total,items\na1,2026-02-20 21:30,done,13.00,2\na9,2026-02-21 09:00,done,1,1\n")
    )

    assert (report.tables[-1].inserted, report.tables[-1].updated) == (1, 1)
    assert shop.rows("select order_id, basket_minor from orders order by 1") == [
        {"order_id": "a1", "basket_minor": 1300},
        {"order_id": "a2", "basket_minor": 700},
        {"order_id": "a9", "basket_minor": 100},
    ]


def test_a_row_that_cannot_be_read_is_kept_with_rule_file_and_line(shop) -> None:
    report = shop.load(shop.file(GOOD + "a3,tomorrow,done,1,1\na4,2026-02-20 10:00,done,1,many\n"))

    left_out = shop.rows("select rule, line, row, file, kept from quarantine_orders order by line")
    assert [(row["rule"], row["line"], row["kept"]) for row in left_out] == [
        ("unreadable:placed", 4, False),
        ("unreadable:items", 5, False),
    ]
    assert json.loads(left_out[0]["row"])["placed"] == "tomorrow"
    assert left_out[0]["file"].endswith("orders.csv")
    assert (report.read, report.loaded, sum(rule.count for rule in report.quarantined)) == (4, 2, 2)


def test_a_row_that_breaks_its_contract_is_kept_with_the_contract_s_rule(shop) -> None:
    report = shop.load(
        shop.file(GOOD + "a3,1200-01-01 00:00,done,1,1\na4,2026-02-20 10:00,done,1,-1\n,2026-02-20 10:00,done,1,1\n")
    )

    assert {rule.rule for rule in report.quarantined} == {"range:placed_at", "range:item_count", "required:order_id"}
    assert report.loaded == 2


def test_a_word_that_no_list_translates_goes_to_quarantine(shop) -> None:
    report = shop.load(shop.file(GOOD + "a3,2026-02-20 10:00,lost,1,1\n"))

    assert [(rule.rule, rule.count) for rule in report.quarantined] == [("unreadable:status", 1)]


def test_a_row_that_repeats_another_word_for_word_is_collapsed(shop, added_up) -> None:
    report = shop.load(shop.file(GOOD + GOOD.splitlines()[1] + "\n"))

    assert (report.read, report.loaded, report.collapsed, report.quarantined) == (3, 2, 1, ())
    assert added_up(report)


def test_rows_that_contradict_each_other_under_one_key_are_both_left_out(shop, added_up) -> None:
    report = shop.load(shop.file(GOOD + "a1,2026-02-20 21:30,done,99,2\n"))

    assert (report.read, report.loaded) == (3, 1)
    assert [(rule.rule, rule.count) for rule in report.quarantined] == [("unique:key", 2)]
    assert [row["line"] for row in shop.rows("select line from quarantine_orders order by line")] == [2, 4]
    assert added_up(report)


def test_rows_of_another_number_of_cells_are_kept_as_they_stand(shop, added_up) -> None:
    report = shop.load(shop.file(GOOD + "a3,2026-02-20 10:00\n\na4,2026-02-20 10:00,done,1,1,extra\n"))

    assert added_up(report)
    assert [
        (row["line"], row["row"]) for row in shop.rows("select line, row from quarantine_orders order by line")
    ] == [
        (4, '"a3,2026-02-20 10:00"'),
        (6, '"a4,2026-02-20 10:00,done,1,1,extra"'),
    ]


def test_a_line_break_inside_quotation_marks_belongs_to_the_cell(shop) -> None:
    text = 'number,placed,state,total,items\n"a\n1",2026-02-20 21:30,done,1,1\na2,never,done,1,1\n'
    report = shop.load(shop.file(text))

    assert report.loaded == 1
    assert shop.one("select line from quarantine_orders") == (4,)


def test_lines_of_one_order_become_one_order(shop, added_up) -> None:
    shop.changed(
        ("    from: orders\n    map:", "    from: orders\n    grain: [number]\n    map:"),
        ("status: lookup(state, states)", "status: first(lookup(state, states))"),
        ("placed_at: placed", "placed_at: min(placed)"),
        (
            "\"if(state = 'done', placed + minutes(30), null)\"",
            "\"max(if(state = 'done', placed + minutes(30), null))\"",
        ),
        ("item_count: items", "item_count: integer(sum(items))"),
        ("minor(total, 'SAR')", "minor(sum(total), 'SAR')"),
    )

    report = shop.load(shop.file(GOOD + "a1,2026-02-20 21:40,done,1.50,3\n"))

    assert (report.read, report.loaded, report.collapsed) == (3, 2, 1)
    assert shop.one("select item_count, basket_minor, placed_at from orders where order_id = 'a1'") == (
        5, 1400, datetime(2026, 2, 20, 21, 30, tzinfo=UTC),
    )  # fmt: skip
    assert added_up(report)


def test_a_bad_value_is_taken_out_where_the_feed_says_so_and_the_row_stays(shop) -> None:
    shop.changed(("      items: {type: integer}", "      items: {type: integer, unreadable: drop}"))

    report = shop.load(shop.file(GOOD + "a3,2026-02-20 10:00,done,1,many\n"))

    assert (report.loaded, report.quarantined) == (3, ())
    assert [(rule.rule, rule.count) for rule in report.tables[-1].removed] == [("unreadable:items", 1)]
    assert shop.one("select rule, kept, line from quarantine_orders") == ("unreadable:items", True, 4)


def test_a_city_that_nobody_declared_is_named_in_quarantine(shop) -> None:
    shop.changed(("city_id: \"'riyadh'\"", "city_id: \"if(number = 'a2', 'atlantis', 'riyadh')\""))

    report = shop.load(shop.file(GOOD))

    assert [(rule.rule, rule.count) for rule in report.quarantined] == [("known:city_id", 1)]


@pytest.mark.parametrize("kind", ["gz", "zip", "tar", "tar.gz", "bom", "utf-16", "folder"])
def test_the_same_rows_load_from_any_wrapping(shop, kind: str) -> None:
    plain = GOOD.encode()
    if kind == "gz":
        path = shop.file(gzip.compress(plain), "orders.csv.gz")
    elif kind == "zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("deep/orders.csv", plain)
            archive.writestr("readme.txt", "nothing")
        path = shop.file(held.getvalue(), "all.zip")
    elif kind.startswith("tar"):
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w:gz" if kind.endswith("gz") else "w") as archive:
            member = tarfile.TarInfo("deep/orders.csv")
            member.size = len(plain)
            archive.addfile(member, io.BytesIO(plain))
        path = shop.file(held.getvalue(), f"all.{kind}")
    elif kind == "folder":
        shop.file("not for us", "other.txt")
        path = shop.file(plain).parent
    else:
        path = shop.file(GOOD.encode("utf-8-sig" if kind == "bom" else "utf-16"))

    assert shop.load(path).loaded == 2


def test_json_lines_load_as_csv_does(shop, added_up) -> None:
    shop.changed(("format: csv", "format: jsonl"))
    lines = [
        {"number": "a1", "placed": "2026-02-20T21:30:00Z", "state": "done", "total": 12.5, "items": 2},
        {"number": "a2", "placed": "2026-02-21T00:30:00+03:00", "state": "done", "total": None, "items": 1},
    ]
    text = "\n".join(map(json.dumps, lines)) + '\n{"number": "a3", "colour": 1}\nnot json\n\n'

    report = shop.load(shop.file(text, "orders.jsonl"))

    assert (report.read, report.loaded) == (4, 2)
    assert {rule.rule for rule in report.quarantined} == {"unknown_key", "not_json"}
    assert shop.one("select basket_minor, placed_at from orders where order_id = 'a1'") == (
        1250, datetime(2026, 2, 20, 21, 30, tzinfo=UTC),
    )  # fmt: skip
    assert shop.one("select placed_at from orders where order_id = 'a2'") == (
        datetime(2026, 2, 20, 21, 30, tzinfo=UTC),
    )
    assert added_up(report)


def test_parquet_loads_with_its_own_types(shop) -> None:
    shop.changed(("format: csv", "format: parquet"))
    table = pa.table(
        {
            "number": ["a1", "a2"],
            "placed": pa.array([datetime(2026, 2, 20, 21, 30, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "state": pa.array(["done", "gone"]).dictionary_encode(),
            "total": [12.5, 1.0],
            "items": [2, 1],
        }
    )
    path = shop.file(b"", "orders.parquet")
    parquet.write_table(table, path)

    report = shop.load(path)

    assert report.loaded == 1
    assert [rule.rule for rule in report.quarantined] == ["has_an_instant"] or report.quarantined
    assert shop.one("select placed_at, basket_minor from orders") == (datetime(2026, 2, 20, 21, 30, tzinfo=UTC), 1250)


def test_long_json_lines_files_load_in_parts(shop, added_up) -> None:
    shop.changed(("format: csv", "format: jsonl"))
    line = '{{"number": "a{}", "placed": "2026-02-20T21:30:00Z", "state": "done", "total": 1, "items": {}}}\n'

    report = shop.load(shop.file("".join(line.format(n, n % 7) for n in range(25_000)), "orders.jsonl"))

    assert (report.read, report.loaded) == (25_000, 25_000)
    assert added_up(report)


def test_nested_and_binary_parquet_values_become_text(shop) -> None:
    shop.changed(
        ("format: csv", "format: parquet"),
        ("      total: {type: decimal}", "      total: {}"),
        ("minor(total, 'SAR')", "1"),
    )
    moments = pa.array([datetime(2026, 2, 20, 21, 30)] * 2, pa.timestamp("ms"))
    table = pa.table(
        {"number": [b"a", b"b"], "placed": moments, "state": ["done"] * 2, "total": [[1, 2], None], "items": [1, 1]}
    )
    path = shop.file(b"", "orders.parquet")
    parquet.write_table(table, path)

    assert shop.load(path).loaded == 2
    assert [row["order_id"] for row in shop.rows("select order_id from orders order by 1")] == ["61", "62"]


def test_an_excel_sheet_loads_with_dates_and_numbers(shop, excel) -> None:
    shop.changed(("format: csv", "format: excel"), ('["%Y-%m-%d %H:%M", iso]', "[iso]"))
    path = excel(
        [
            ["number", "placed", "state", "total", "items"],
            ["a1", datetime(2026, 2, 20, 21, 30), "done", 12.5, 2],
            ["a2", "2026-02-20 23:30", "gone", 7, 1],
        ]
    )

    report = shop.load(path)

    assert (report.read, report.loaded) == (2, 2)
    assert shop.one("select placed_at, basket_minor, item_count from orders where order_id = 'a1'") == (
        datetime(2026, 2, 20, 21, 30, tzinfo=UTC), 1250, 2,
    )  # fmt: skip


def test_decimal_commas_semicolons_and_windows_letters_are_read(shop) -> None:
    shop.changed(
        ("format: csv", 'format: csv\n    separator: ";"\n    decimal_comma: true\n    encoding: windows-1252')
    )

    shop.load(
        shop.file("number;placed;state;total;items\ncafé;2026-02-20 21:30;done;1.012,50;2\n".encode("windows-1252"))
    )

    assert shop.one("select order_id, basket_minor from orders") == ("café", 101250)


def test_local_times_become_instants_through_the_stated_zone(shop) -> None:
    shop.changed(("time_zone: UTC", "time_zone: Asia/Riyadh"))

    shop.load(shop.file(GOOD))

    assert shop.one("select placed_at from orders where order_id = 'a1'") == (
        datetime(2026, 2, 20, 18, 30, tzinfo=UTC),
    )


def test_a_file_that_was_never_checked_loads_with_a_warning_or_is_refused(shop) -> None:
    shop.changed(("    columns:\n      number", "    sha256: {abc: another file}\n    columns:\n      number"))
    warned = shop.load(shop.file(GOOD))
    assert len(warned.warnings) == 1

    shop.changed(
        (
            "    columns:\n      number",
            "    sha256: {abc: another file}\n    known_only: true\n    columns:\n      number",
        )
    )
    with pytest.raises(InvalidData, match="only files that were checked"):
        shop.load(shop.file(GOOD))


def test_a_missing_file_fails_before_loading(shop, tmp_path) -> None:
    with pytest.raises(NotFound, match="none"):
        shop.load(tmp_path / "absent.csv")
    with pytest.raises(NotFound, match=r"no file like 'orders\*'"):
        shop.load(shop.file("x", "other.txt").parent)
    with pytest.raises(InvalidData, match="none of the files"):
        shop.load(shop.file("x", "other.txt"))


@pytest.mark.parametrize(
    ("header", "fix"),
    [
        ("number,placed,state,total\n", "Missing: 'items'"),
        ("number,placed,state,total,items,colour\n", "Unknown: 'colour'"),
        ("number,placed,state,total,item\n", "did you mean 'item'"),
        ("number,placed,state,total,items,items\n", "stands 2 times"),
        ("number;placed;state;total;items\n", "separator"),
    ],
)
def test_other_columns_than_stated_fail_before_loading_and_name_the_fix(shop, header: str, fix: str) -> None:
    with pytest.raises(InvalidData, match=fix) as failure:
        shop.load(shop.file(header + "a1,2026-02-20 21:30,done,1,1\n"))

    assert "orders.csv, line 1" in str(failure.value)
    assert shop.versions() == {}


def test_who_is_no_steward_may_not_load(shop) -> None:
    path = shop.file(GOOD)
    with shop.context() as context:
        viewer = type(context)(
            context.workspace,
            context.session,
            context.warehouse,
            Actor("viewer", (Grant(Role.VIEWER, ("*",), ("*",)),)),
            context.now,
        )
        with pytest.raises(Forbidden):
            service.load(viewer, "shop", [path])
        with pytest.raises(Forbidden):
            service.quarantined(viewer, "orders")


def test_loads_are_logged_with_their_counts(shop) -> None:
    shop.load(shop.file(GOOD))

    with shop.context() as context:
        (load,) = service.list_loads(context)
        assert (load.feed, load.table, load.read, load.loaded, load.quarantined) == ("shop", "orders", 2, 2, 0)
        assert service.list_loads(context, feed="other") == ()
        assert service.list_loads(context, table="orders") == (load,)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "", "=x"]),
            st.sampled_from(["2026-02-20 10:00", "never", ""]),
            st.sampled_from(["done", "gone", "odd"]),
            st.sampled_from(["1", "-1", "x", ""]),
            st.sampled_from(["1", "1.5", "-2", ""]),
        ),
        max_size=25,
    )
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_rows_none_is_lost(shop, rows, added_up) -> None:
    text = "number,placed,state,total,items\n" + "".join(",".join(row) + "\n" for row in rows)

    report = shop.load(shop.file(text))

    filled = sum(any(row) for row in rows)
    assert added_up(report)
    assert report.read == filled
    again = shop.load(shop.file(text))
    assert again.unchanged
    assert [rule.count for rule in again.quarantined] == [rule.count for rule in report.quarantined]
