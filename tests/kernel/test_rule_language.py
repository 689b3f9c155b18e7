import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_sql import rule_sql

COLUMNS = {
    "amount": "integer",
    "share": "number",
    "name": "string",
    "is_open": "boolean",
    "day": "date",
    "placed_at": "timestamp",
    "delivered_at": "timestamp",
}

ROW = (
    "SELECT 5::BIGINT AS amount, 0.25::DOUBLE AS share, 'late' AS name, true AS is_open, DATE '2026-02-20' AS day, "
    "TIMESTAMP '2026-02-20 10:00:00' AS placed_at, TIMESTAMP '2026-02-20 10:30:01.5' AS delivered_at, "
    "NULL::BIGINT AS nothing"
)


def holds(rule: str) -> bool | None:
    sql = rule_sql(parse_rule(rule, COLUMNS | {"nothing": "integer"}))
    with duckdb.connect() as connection:
        answer = connection.execute(f"SELECT {sql} FROM ({ROW})").fetchall()[0][0]  # noqa: S608 - the SQL is what is tested
    assert answer is None or isinstance(answer, bool)
    return answer


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("delivered_at >= placed_at", True),
        ("delivered_at < placed_at", False),
        ("seconds_between(placed_at, delivered_at) = 1801.5", True),
        ("amount * 2 - 3 = 7", True),
        ("amount + 2 * 3 = 11", True),
        ("(amount + 2) * 3 = 21", True),
        ("NOT amount = 4 AND share <= 0.25", True),
        ("amount = 4 OR is_open", True),
        ("amount = 4 OR amount = 5 AND amount = 6", False),
        ("is_open = FALSE", False),
        ("name IN ('early', 'late')", True),
        ("name NOT IN ('early', 'late')", False),
        ("share BETWEEN 0 AND 1 AND amount BETWEEN 6 AND 9", False),
        ("length(name) = 4", True),
        ("abs(amount - 9) = 4", True),
        ("nothing IS NULL", True),
        ("nothing IS NOT NULL", False),
        ("coalesce(nothing, amount, 1) = 5", True),
        ("nothing > 3", None),
    ],
)
def test_a_rule_means_what_sql_means(rule: str, expected: bool | None) -> None:  # noqa: FBT001 - a table of cases
    assert holds(rule) is expected


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("amount >", "a column was expected, 'the end'"),
        ("amonut > 3", "'amonut' was found"),
        ("amount > 3 amount", "an end was expected"),
        ("amount", "a boolean was expected"),
        ("amount > 'x'", "a number was expected"),
        ("placed_at > day", "a timestamp was expected"),
        ("placed_at - delivered_at > 3", "a number was expected"),
        ("name AND is_open", "a boolean was expected"),
        ("NOT amount", "a boolean was expected"),
        ("amount / 2 = 1", "'/ 2 = 1' is not part"),
        ("name = 'it''s'", "cannot be read"),
        ("name = 'a\\'", "is not part"),
        ("name IN ('a'", "')' was expected"),
        ("name IN (name)", "only literals"),
        ("name IN ('a', 3)", "a string was expected"),
        ("amount IS 3", "'NULL' was expected"),
        ("(amount = 3", "')' was expected"),
        ("upper(name) = 'A'", "is not a function"),
        ("length(name, name) = 1", "is not a function"),
        ("length(amount) = 1", "a string was expected"),
        ("coalesce(amount, name) = 1", "a number was expected"),
        ("amount BETWEEN 1 OR 2", "'AND' was expected"),
        ("amount; DROP TABLE orders", "is not part"),
        ("", "a column was expected"),
    ],
)
def test_a_rule_outside_the_language_is_refused_with_the_reason(rule: str, problem: str) -> None:
    with pytest.raises(InvalidDefinition) as refusal:
        parse_rule(rule, COLUMNS)

    assert problem in str(refusal.value)


def test_words_of_the_language_may_be_written_small() -> None:
    assert parse_rule("amount is not null and is_open = true", COLUMNS) == parse_rule(
        "amount IS NOT NULL AND is_open = TRUE", COLUMNS
    )


def test_a_span_is_written_in_each_engine_s_own_way() -> None:
    rule = parse_rule("seconds_between(placed_at, delivered_at) <= 60", COLUMNS)

    assert 'epoch_us("delivered_at")' in rule_sql(rule)
    assert "unix_micros(cast(`delivered_at` AS timestamp))" in rule_sql(rule, "spark")


@given(
    st.recursive(st.sampled_from(["amount", "share", "1", "2.5"]), lambda inner: st.tuples(inner, inner), max_leaves=8)
)
@settings(deadline=None)
def test_any_sum_that_is_read_is_sql_on_both_engines(tree: object) -> None:
    def text(part: object) -> str:
        return f"({text(part[0])} + {text(part[1])})" if isinstance(part, tuple) else str(part)

    rule = parse_rule(f"{text(tree)} >= 0", COLUMNS)

    for dialect in ("duckdb", "spark"):
        sqlglot.parse_one(rule_sql(rule, dialect), dialect=dialect)
