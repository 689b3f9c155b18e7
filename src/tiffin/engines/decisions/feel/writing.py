"""Values as texts, as ``string()`` gives them and as FEEL reads them again."""

from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.numbers import number_text
from tiffin.engines.decisions.feel.values import Range, Value


def text_of(value: Value) -> str:
    """Write a value for people; a text is itself."""
    return value if isinstance(value, str) else literal_of(value)


def literal_of(value: Value) -> str:
    """Write a value with texts in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Date | Time | DateTime | Days | Years):
        return str(value)
    return _with_parts(value)


def _with_parts(value: Value) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(literal_of, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal_of(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Range):
        if value.operator is not None:
            return f"{value.operator} {literal_of(value.low if value.high is None else value.high)}"
        ends = ("[" if value.low_included else "(", "]" if value.high_included else ")")
        return f"{ends[0]}{literal_of(value.low)}..{literal_of(value.high)}{ends[1]}"
    return "function"
