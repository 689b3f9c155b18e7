"""Whether a rule can fail where columns are empty, held against a database that tries many rows."""

import itertools

import duckdb
import pytest

from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_outcomes import can_fail
from tiffin.kernel.rule_sql import rule_sql

COLUMNS = {"a": "integer", "b": "integer", "yes": "boolean", "word": "string"}
ROWS = (
    "SELECT * FROM (VALUES (NULL::BIGINT), (1), (2), (3)) AS x (a), (VALUES (NULL::BIGINT), (1), (2), (3)) AS y (b), "
    "(VALUES (NULL::BOOLEAN), (true), (false)) AS z (yes), (VALUES (NULL), ('one'), ('two')) AS w (word)"
)
RULES = (
    "a >= b",
    "a IS NULL",
    "a IS NOT NULL OR b IS NOT NULL",
    "NOT (a = 1 AND b = 1)",
    "a <= 2 OR yes = FALSE",
    "a <= 2 AND yes = FALSE",
    "word IN ('one', 'two') AND a + b > 2",
    "word NOT IN ('one') OR a IS NULL",
    "a BETWEEN b AND 3",
    "b BETWEEN a AND 3",
    "coalesce(a, b) = 1",
    "coalesce(a, 2) = 1",
    "length(word) = 3 OR abs(a) > b",
    "(a IS NULL AND b IS NULL) OR word IN ('one')",
)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_said_never_to_fail_never_does(rule: str) -> None:
    parsed = parse_rule(rule, COLUMNS)
    for empty in (set(names) for size in range(5) for names in itertools.combinations(COLUMNS, size)):
        none = " AND ".join([f"{name} IS NULL" for name in empty] or ["true"])
        failing = f"SELECT count(*) FROM ({ROWS}) WHERE {none} AND NOT {rule_sql(parsed)}"  # noqa: S608 - our own
        with duckdb.connect() as connection:
            fails = connection.execute(failing).fetchall()[0][0] > 0
        assert can_fail(parsed, empty) or not fails, (rule, empty)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_said_never_to_fail_where_columns_are_there_never_does(rule: str) -> None:
    parsed = parse_rule(rule, COLUMNS)
    for there in (set(names) for size in range(1, 5) for names in itertools.combinations(COLUMNS, size)):
        full = " AND ".join(f"{name} IS NOT NULL" for name in there)
        failing = f"SELECT count(*) FROM ({ROWS}) WHERE {full} AND NOT {rule_sql(parsed)}"  # noqa: S608 - our own
        with duckdb.connect() as connection:
            fails = connection.execute(failing).fetchall()[0][0] > 0
        assert can_fail(parsed, (), there) or not fails, (rule, there)


@pytest.mark.parametrize(
    ("rule", "empty"),
    [("a >= b", {"a"}), ("a <= 2 OR yes = FALSE", {"yes"}), ("a IS NULL", {"a"}), ("coalesce(a, b) = 1", {"a", "b"})],
)
def test_rules_about_what_is_not_there_are_known_to_hold(rule: str, empty: set[str]) -> None:
    assert not can_fail(parse_rule(rule, COLUMNS), empty)


def test_a_rule_that_something_is_there_is_known_to_hold() -> None:
    rule = parse_rule("a IS NOT NULL OR (yes = TRUE AND b IS NULL)", COLUMNS)

    assert not can_fail(rule, (), {"a"})
    assert can_fail(rule, (), {"b"})
