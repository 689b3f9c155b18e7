"""The functions of the feeds' expression language, each as the DuckDB expression that it stands for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tiffin.kernel.money import MINOR_DIGITS

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth, metres (Moritz 2000, Geodetic Reference System 1980, R1)."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    Parameters
    ----------
    least, most : int
        Number of arguments.
    literals : tuple of int
        Positions of arguments that must be literals (formats, names of lookups), which are handed over as plain text.
    sql : callable
        Makes the SQL from the arguments' SQL (plain text for literals).
    may_fail : bool
        Whether null from a first argument that is not null means that the value could not be read.
    aggregates : bool
        Whether it speaks of all rows that the grain brings together.
    """

    least: int
    most: int
    sql: Callable[[Sequence[str]], str]
    literals: tuple[int, ...] = ()
    may_fail: bool = False
    aggregates: bool = False


def quoted(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def parsed_time(text: str, formats: Sequence[str], zone: str = "UTC") -> str:
    """Read an instant from text: the first format that fits, in UTC; values without an offset are local to the zone."""
    tries = [_one_format(text, written, zone) for written in formats]
    return tries[0] if len(tries) == 1 else f"coalesce({', '.join(tries)})"


def localized(naive: str, zone: str) -> str:
    """Take a wall-clock time of a zone as the UTC instant that it is."""
    return naive if zone == "UTC" else f"timezone('UTC', timezone({quoted(zone)}, {naive}))"


def _one_format(text: str, written: str, zone: str) -> str:
    if written == "iso":
        offset = rf"regexp_matches({text}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}}|[+-][0-9]{{2}})$') AND length({text}) > 13"
        with_offset = f"timezone('UTC', TRY_CAST({text} AS TIMESTAMPTZ))"
        return f"CASE WHEN {offset} THEN {with_offset} ELSE {localized(f'TRY_CAST({text} AS TIMESTAMP)', zone)} END"
    if written == "epoch_s":
        return f"make_timestamp(CAST(TRY_CAST({text} AS DOUBLE) * 1000000 AS BIGINT))"
    read = f"try_strptime({text}, {quoted(written)})"
    return f"timezone('UTC', {read})" if "%z" in written else localized(read, zone)


def _day_near(arguments: Sequence[str]) -> str:
    text, anchor, written = arguments
    month = f"date_trunc('month', {anchor})"
    tries = [
        f"try_strptime(strftime({month} + INTERVAL ({shift}) MONTH, '%Y-%m-') || {text}, {quoted('%Y-%m-' + written)})"
        for shift in (0, -1, 1)
    ]
    found = f"list_filter([{', '.join(tries)}], lambda _at: _at IS NOT NULL)"
    return f"list_min(list_transform({found}, lambda _at: {{'gap': abs(epoch(_at - {anchor})), 'at': _at}})).at"


def _minor(arguments: Sequence[str]) -> str:
    amount, currency = arguments
    return f"TRY_CAST(round({amount} * {10 ** MINOR_DIGITS[currency]}) AS BIGINT)"


def _distance(arguments: Sequence[str]) -> str:
    lat1, lon1, lat2, lon2 = (f"radians({argument})" for argument in arguments)
    half = f"pow(sin(({lat2} - {lat1}) / 2), 2) + cos({lat1}) * cos({lat2}) * pow(sin(({lon2} - {lon1}) / 2), 2)"
    return f"(2 * {EARTH_RADIUS_M} * asin(sqrt({half})))"


def _key(arguments: Sequence[str]) -> str:
    parts = [f"coalesce(CAST({argument} AS VARCHAR), '')" for argument in arguments]
    return f"substr(md5(concat_ws(chr(31), {', '.join(parts)})), 1, 16)"


def _simple(name: str) -> Callable[[Sequence[str]], str]:
    return lambda arguments: f"{name}({', '.join(arguments)})"


def _interval(unit: str, micros: int) -> Callable[[Sequence[str]], str]:
    del unit
    return lambda arguments: f"to_microseconds(TRY_CAST(round(({arguments[0]}) * {micros}) AS BIGINT))"


def _exact_sum(argument: str) -> str:
    # Doubles added in another order give another sum, and a second load of the same file would restate the row.
    return f"sum(TRY_CAST({argument} AS DECIMAL(28, 9)))"


_ORDER: Final = 'r."_file", r."_line"'

FUNCTIONS: Final[Mapping[str, Function]] = {
    # text
    "lower": Function(1, 1, _simple("lower")),
    "upper": Function(1, 1, _simple("upper")),
    "trim": Function(1, 1, _simple("trim")),
    "concat": Function(2, 20, lambda a: "(" + " || ".join(f"CAST({part} AS VARCHAR)" for part in a) + ")"),
    "replace": Function(3, 3, _simple("replace")),
    "part": Function(3, 3, _simple("split_part")),
    "text": Function(1, 1, lambda a: f"CAST({a[0]} AS VARCHAR)"),
    "slug": Function(1, 1, lambda a: f"trim(regexp_replace(lower({a[0]}), '[^a-z0-9]+', '-', 'g'), '-')"),
    "matches": Function(2, 2, lambda a: f"regexp_matches({a[0]}, {quoted(a[1])})", literals=(1,)),
    "extract": Function(2, 2, lambda a: f"nullif(regexp_extract({a[0]}, {quoted(a[1])}), '')", literals=(1,)),
    # nothing
    "coalesce": Function(2, 20, _simple("coalesce")),
    "nullif": Function(2, 2, _simple("nullif")),
    "if": Function(3, 3, lambda a: f"CASE WHEN {a[0]} THEN {a[1]} ELSE {a[2]} END"),
    # numbers
    "abs": Function(1, 1, _simple("abs")),
    "round": Function(1, 1, _simple("round")),
    "floor": Function(1, 1, _simple("floor")),
    "greatest": Function(2, 20, _simple("greatest")),
    "least": Function(2, 20, _simple("least")),
    "integer": Function(1, 1, lambda a: f"TRY_CAST({a[0]} AS BIGINT)", may_fail=True),
    "number": Function(1, 1, lambda a: f"TRY_CAST({a[0]} AS DOUBLE)", may_fail=True),
    "minor": Function(2, 2, _minor, literals=(1,), may_fail=True),
    # time
    "parse_time": Function(2, 20, lambda a: parsed_time(a[0], a[1:]), literals=tuple(range(1, 20)), may_fail=True),
    "at_zone": Function(2, 2, lambda a: f"timezone('UTC', timezone({a[1]}, {a[0]}))"),
    "instant": Function(1, 1, lambda a: f"CAST({quoted(a[0])} AS TIMESTAMP)", literals=(0,)),
    "day_of_month": Function(
        3,
        3,
        lambda a: f"try_strptime({quoted(a[1] + '-')} || {a[0]}, {quoted('%Y-%m-' + a[2])})",
        literals=(1, 2),
        may_fail=True,
    ),
    "day_near": Function(3, 3, _day_near, literals=(2,), may_fail=True),
    "seconds": Function(1, 1, _interval("second", 1_000_000)),
    "minutes": Function(1, 1, _interval("minute", 60_000_000)),
    "hours": Function(1, 1, _interval("hour", 3_600_000_000)),
    "seconds_between": Function(2, 2, lambda a: f"(epoch({a[1]} - {a[0]}))"),
    "floor_minutes": Function(2, 2, lambda a: f"time_bucket(INTERVAL ({int(a[1])}) MINUTE, {a[0]})", literals=(1,)),
    "date": Function(1, 1, lambda a: f"CAST({a[0]} AS DATE)"),
    # places and names
    "distance_m": Function(4, 4, _distance),
    "distance_xy": Function(4, 4, lambda a: f"sqrt(pow({a[2]} - {a[0]}, 2) + pow({a[3]} - {a[1]}, 2))"),
    "h3": Function(2, 2, _simple("h3_cell")),
    "key_of": Function(1, 20, _key),
    "occurrence": Function(1, 20, lambda a: f"row_number() OVER (PARTITION BY {', '.join(a)} ORDER BY {_ORDER})"),
    # over all rows that the grain brings together
    "first": Function(1, 1, lambda a: f"arg_min({a[0]}, ({_ORDER}))", aggregates=True),
    "last": Function(1, 1, lambda a: f"arg_max({a[0]}, ({_ORDER}))", aggregates=True),
    "min": Function(1, 1, _simple("min"), aggregates=True),
    "max": Function(1, 1, _simple("max"), aggregates=True),
    "sum": Function(1, 1, lambda a: _exact_sum(a[0]), aggregates=True),
    "mean": Function(
        1, 1, lambda a: f"(CAST({_exact_sum(a[0])} AS DOUBLE) / nullif(count({a[0]}), 0))", aggregates=True
    ),
    "count": Function(0, 1, lambda a: f"count({a[0] if a else '*'})", aggregates=True),
    "count_distinct": Function(1, 1, lambda a: f"count(DISTINCT {a[0]})", aggregates=True),
    "list": Function(1, 1, lambda a: f"array_to_string(list_sort(list(DISTINCT {a[0]})), ', ')", aggregates=True),
}
"""Every function that an expression may name; nothing else is callable."""
