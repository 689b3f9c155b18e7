"""Write a parsed row rule in the SQL of a warehouse engine."""

from tiffin.kernel.rule_language import Expression, Form

_QUOTES = {"duckdb": '"', "spark": "`"}
_SHAPES = {
    Form.LITERAL: "{text}",
    Form.INFIX: "({0} {text} {1})",
    Form.NOT: "(NOT {0})",
    Form.IS_NULL: "({0} IS NULL)",
    Form.IS_NOT_NULL: "({0} IS NOT NULL)",
    Form.IN: "({0} IN ({rest}))",
    Form.BETWEEN: "({0} BETWEEN {1} AND {2})",
}
_MICROSECONDS = {"duckdb": "epoch_us({})", "spark": "unix_micros(cast({} AS timestamp))"}


def rule_sql(expression: Expression, dialect: str = "duckdb") -> str:
    """Write a rule as SQL.

    Parameters
    ----------
    dialect : str
        ``duckdb`` or ``spark``.

    Examples
    --------
    >>> from tiffin.kernel.rule_language import parse_rule
    >>> rule_sql(parse_rule("length(name) <= 3", {"name": "string"}))
    '(length("name") <= 3)'
    """
    parts = [rule_sql(part, dialect) for part in expression.parts]
    if expression.form is Form.COLUMN:
        return quoted(expression.text, dialect)
    if expression.form is Form.CALL:
        return _call(expression.text, parts, dialect)
    return _SHAPES[expression.form].format(*parts, text=expression.text, rest=", ".join(parts[1:]))


def quoted(name: str, dialect: str = "duckdb") -> str:
    """Write a column name so that no engine takes it for a word of its own."""
    return f"{_QUOTES[dialect]}{name}{_QUOTES[dialect]}"


def _call(function: str, parts: list[str], dialect: str) -> str:
    if function == "seconds_between":
        start, end = (_MICROSECONDS[dialect].format(part) for part in parts)
        return f"(({end} - {start}) * 0.000001e0)"
    return f"{function}({', '.join(parts)})"
