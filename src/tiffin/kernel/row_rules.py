"""Which rows are good: the ordered list of rules that a contract sets for one row."""

from collections.abc import Iterator
from dataclasses import dataclass

from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_sql import quoted, rule_sql

EARLIEST, LATEST = "1990-01-01", "2100-01-01"
"""Bounds of every date and instant: what lies outside is a placeholder or a misread format, never a fact."""


@dataclass(frozen=True, slots=True)
class RowRule:
    """One thing that must hold for a row.

    Parameters
    ----------
    name : str
        ``required:<column>``, ``values:<column>``, ``range:<column>``, ``length:<column>``, ``pattern:<column>``,
        ``unique:key`` or the name of one of the contract's own rules.
    sql : str
        DuckDB expression over the contract's columns in their own types; true when the row is good, never null.
    reason : str
        What is wrong with a row that breaks it.
    """

    name: str
    sql: str
    reason: str


def row_rules(contract: TableContract) -> tuple[RowRule, ...]:
    """List what must hold for a row, in the order in which a broken row is told about it.

    Required columns come first, then each column's own bounds, then the rules between columns. Every expression looks
    at one row only; `key_rule` looks at the whole load.
    """
    required = (_required(column) for column in contract.columns if column.required)
    bounds = (rule for column in contract.columns for rule in _column_rules(column))
    return (*required, *bounds, *_own_rules(contract))


def key_rule(contract: TableContract) -> RowRule:
    """Tell that a key stands once in a load: of several rows with one key, none can be told to be the right one."""
    key = ", ".join(quoted(name) for name in contract.key)
    return RowRule(
        name="unique:key",
        sql=f"(count(*) OVER (PARTITION BY {key}) = 1)",
        reason=f"Another row of the same load has the same {', '.join(contract.key)}.",
    )


def _required(column: Column) -> RowRule:
    empty = " AND " + f"{quoted(column.name)} <> ''" if column.type is LogicalType.STRING and _has_text(column) else ""
    return RowRule(
        name=f"required:{column.name}",
        sql=f"({quoted(column.name)} IS NOT NULL{empty})",
        reason=f"{column.name} is required and is empty.",
    )


def _has_text(column: Column) -> bool:
    """Tell whether an empty text is no value of the column; a pattern may allow it."""
    return column.pattern is None


def _column_rules(column: Column) -> Iterator[RowRule]:
    name = quoted(column.name)
    if column.values:
        members = ", ".join(f"'{value}'" for value in column.values)
        yield _rule("values", column, f"{name} IN ({members})", f"must be one of {', '.join(column.values)}")
    if column.type is LogicalType.NUMBER:
        yield _rule("range", column, _number_range(column), f"must be {_range_text(column)}")
    elif column.minimum is not None or column.maximum is not None:
        yield _rule("range", column, _range(column), f"must be {_range_text(column)}")
    if column.type in {LogicalType.DATE, LogicalType.TIMESTAMP}:
        bounds = f"{name} >= {column.type} '{EARLIEST}' AND {name} < {column.type} '{LATEST}'"
        yield _rule("range", column, bounds, f"must lie between {EARLIEST} and {LATEST}")
    if column.max_length is not None:
        text = f"must have at most {column.max_length} characters"
        yield _rule("length", column, f"length({name}) <= {column.max_length}", text)
    if column.pattern is not None:
        pattern = column.pattern.replace("'", "''")
        yield _rule("pattern", column, f"regexp_full_match({name}, '{pattern}')", f"must match {column.pattern}")


def _rule(kind: str, column: Column, sql: str, text: str) -> RowRule:
    return RowRule(name=f"{kind}:{column.name}", sql=f"coalesce({sql}, true)", reason=f"{column.name} {text}.")


def _number_range(column: Column) -> str:
    finite = f"isfinite({quoted(column.name)})"
    return f"{finite} AND {_range(column)}" if _range(column) else finite


def _range(column: Column) -> str:
    low = [f"{quoted(column.name)} >= {column.minimum}"] if column.minimum is not None else []
    high = [f"{quoted(column.name)} <= {column.maximum}"] if column.maximum is not None else []
    return " AND ".join(low + high)


def _range_text(column: Column) -> str:
    unit = f" {column.unit}" if column.unit else ""
    if column.minimum is not None and column.maximum is not None:
        return f"between {column.minimum} and {column.maximum}{unit}"
    if column.minimum is not None:
        return f"at least {column.minimum}{unit}"
    return f"at most {column.maximum}{unit}" if column.maximum is not None else "a finite number"


def _own_rules(contract: TableContract) -> Iterator[RowRule]:
    types = {column.name: column.type.value for column in contract.columns}
    for rule in contract.rules:
        sql = rule_sql(parse_rule(rule.expression, types))
        yield RowRule(name=rule.name, sql=f"coalesce({sql}, true)", reason=rule.meaning["en"])
