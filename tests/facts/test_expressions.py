# ruff: noqa: S608 - the SQL is the tests' own
# ruff: noqa: DTZ001 - feeds read clocks without a zone, and Excel knows none
"""The feeds' expression language: what it computes, and that it can do nothing else."""

from contextlib import suppress
from datetime import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.facts.domain.expressions import Names, compile_expression
from tiffin.kernel.errors import InvalidDefinition, Place

HERE = Place("feed.yaml", 7)
ROW = {
    "n": "7",
    "x": "2.5",
    "t": "'Wrong item'",
    "nothing": "CAST(NULL AS VARCHAR)",
    "day": "'31 23:50:00'",
    "at": "TIMESTAMP '2014-04-01 00:20:00'",
    "stores.x": "10",
}
NAMES = Names(
    {name: f"r.{name}" if "." not in name else 'stores."x"' for name in ROW},
    {"kinds": {"Wrong item": "wrong_item", "it's": "fine"}},
)


def value(text: str) -> object:
    """Compute an expression over one row."""
    compiled = compile_expression(text, NAMES, HERE)
    columns = ", ".join(f"{sql} AS {name}" for name, sql in ROW.items() if "." not in name)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        row = connection.execute(
            f"SELECT {compiled.sql} FROM (SELECT {columns}, 1 AS _line, 0 AS _file) AS r, (SELECT 10 AS x) AS stores"
        ).fetchone()
    assert row
    return row[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n + 1", 8),
        ("n / 2", 3.5),
        ("-(n - 10) * 2 % 4", 2),
        ("n > 3 and not x >= 3 or false", True),
        ("n between 1 and 7", True),
        ("n in (1, 7)", True),
        ("nothing is null", True),
        ("t is not null", True),
        ("t = 'it''s' or t <> 'x'", True),
        ("lookup(t, kinds)", "wrong_item"),
        ("coalesce(nothing, 'none')", "none"),
        ("nullif(n, 7)", None),
        ("if(n = 7, 'seven', 'other')", "seven"),
        ("if(n = 7, if(x > 2, 'a', 'b'), 'c')", "a"),
        ("slug('Mountain  View!')", "mountain-view"),
        ("concat('a', n, '-', t)", "a7-Wrong item"),
        ("'a' || 'b'", "ab"),
        ("part('a/b/c', '/', 2)", "b"),
        ("replace('a.b', '.', '_')", "a_b"),
        ("extract('order 12', '[0-9]+')", "12"),
        ("matches(t, '^Wrong')", True),
        ("upper(lower(trim(' aB ')))", "AB"),
        ("text(n)", "7"),
        ("integer('12')", 12),
        ("number('1.5') + round(x)", 4.5),
        ("abs(0 - n) + floor(x) + greatest(1, 2) + least(1, 2)", 12),
        ("minor(x, 'KWD')", 2500),
        ("stores.x * 2", 20),
        ("parse_time('02/01/2026 10:30', '%Y-%m-%d', '%d/%m/%Y %H:%M')", datetime(2026, 1, 2, 10, 30)),
        ("parse_time('2026-01-02 10:30:00 +0300', '%Y-%m-%d %H:%M:%S %z')", datetime(2026, 1, 2, 7, 30)),
        ("parse_time('2026-01-02T10:30:00+03:00', 'iso')", datetime(2026, 1, 2, 7, 30)),
        ("parse_time('2026-01-02', 'iso')", datetime(2026, 1, 2)),
        ("parse_time('1767349800', 'epoch_s')", datetime(2026, 1, 2, 10, 30)),
        ("at_zone(instant('2026-01-02 10:30'), 'Asia/Riyadh')", datetime(2026, 1, 2, 7, 30)),
        ("day_of_month('05 10:00:00', '2014-04', '%d %H:%M:%S')", datetime(2014, 4, 5, 10)),
        ("day_near(day, at, '%d %H:%M:%S')", datetime(2014, 3, 31, 23, 50)),
        ("day_near('01 00:10:00', instant('2014-04-30 23:55'), '%d %H:%M:%S')", datetime(2014, 5, 1, 0, 10)),
        ("day_near('31 00:10:00', instant('2014-04-29 23:55'), '%d %H:%M:%S')", datetime(2014, 3, 31, 0, 10)),
        ("at + minutes(1.5) + seconds(30) + hours(1)", datetime(2014, 4, 1, 1, 22)),
        ("seconds_between(at, at + minutes(2))", 120.0),
        ("floor_minutes(at, 30)", datetime(2014, 4, 1)),
        ("distance_xy(0, 0, 3, 4)", 5.0),
    ],
)  # fmt: skip
def test_an_expression_computes_what_it_says(text: str, expected: object) -> None:
    assert value(text) == expected


def test_the_distance_over_a_quarter_of_the_earth_is_right() -> None:
    assert value("round(distance_m(0, 0, 0, 90) / 1000)") == 10008


def test_a_key_depends_on_every_part_and_on_their_borders() -> None:
    keys = {
        value(f"key_of({parts})") for parts in ("'a', 'b'", "'ab', ''", "'', 'ab'", "'a', 'b', ''", "nothing, 'ab', 1")
    }

    assert len(keys) == 5


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("read_csv('/etc/passwd')", "no function 'read_csv'"),
        ("getenv('HOME')", "no function 'getenv'"),
        ("n; drop table x", "not an expression"),
        ("(select 1)", "not part of the language"),
        ("exists (select 1)", "is not|no function"),
        ("n, x", "not an expression"),
        ("n from x", "not an expression"),
        ("* from x", "not an expression"),
        ("n::varchar", "not part of the language"),
        ("cast(n as varchar)", "no function 'cast'"),
        ("t like '%x'", "not part of the language"),
        ("case when n then 1 end", "not part of the language"),
        ("$1", "not"),
        ("@n", "not"),
        ("[1, 2]", "not part of the language"),
        ("{'a': 1}", "not part of the language"),
        ("x -> x", "not"),
        ("m", "did you mean 'n'|no column 'm'"),
        ("r.n", "no column 'r.n'"),
        ("stores.y", "did you mean 'stores.x'"),
        ("lookup(t, kind)", "did you mean 'kinds'"),
        ("lookup(t)", "lookup takes"),
        ("round()", "takes 1 arguments"),
        ("parse_time(t, n)", "takes a literal"),
        ("minor(x, 'XXX')", "digits of the currency"),
        ("floor_minutes(at, 0)", "whole minutes"),
        ("instant('yesterday')", "an instant such as"),
        ("n in ()", "not an expression|list of values"),
        ("n +", "not an expression"),
        ("'unfinished", "not an expression"),
        ("", "not an expression"),
        ("(" * 70 + "n" + ")" * 70, "nested too deeply|not an expression"),
        ("n + " * 2000 + "n", "may have 4,000 characters"),
        ("n + " * 900 + "n", "nested too deeply|not an expression"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(InvalidDefinition, match=complaint) as failure:
        compile_expression(text, NAMES, HERE)
    assert str(failure.value).startswith("feed.yaml, line 7")


@given(st.text(max_size=40))
def test_any_text_compiles_or_is_refused_and_nothing_else(text: str) -> None:
    with suppress(InvalidDefinition):
        compile_expression(text, NAMES, HERE)


def test_a_value_that_could_not_be_read_is_told_from_one_that_is_absent() -> None:
    failures = compile_expression("integer(t)", NAMES, HERE).failures
    guarded = compile_expression("if(n = 1, lookup(t, kinds), lookup(nothing, kinds))", NAMES, HERE).failures

    assert len(failures) == 1
    assert [failure.startswith("((r.n = 1)) IS") for failure in guarded] == [True, True]
    assert compile_expression("coalesce(integer(t), 0)", NAMES, HERE).failures == ()
    assert compile_expression("lookup(first(t), kinds)", NAMES, HERE).failures == ()
    assert compile_expression("max(lookup(t, kinds))", NAMES, HERE).failures


def test_a_mean_does_not_depend_on_the_order_of_its_rows() -> None:
    sql = compile_expression("mean(n)", Names({"n": "n"}), HERE).sql
    values = [0.1, 1e9, -1e9, 0.2, 1 / 3] * 7
    with duckdb.connect() as connection:
        means = {
            connection.execute(f"SELECT {sql} FROM (SELECT unnest(?::DOUBLE[]) AS n)", [order]).fetchone()
            for order in (values, values[::-1], sorted(values))
        }

    assert len(means) == 1
