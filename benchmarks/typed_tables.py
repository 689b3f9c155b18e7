"""Decision tables at random over every type of column that SQL decides, and cases on and beside all boundaries."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import inf, nan, nextafter
from typing import Any

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - declares the built-in functions
from tiffin.engines.decisions.feel.calendar import Time
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.durations import Years
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Name, Node, Tests, all_of
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.sql import columns
from tiffin.engines.decisions.sql.columns import ColumnType, Shape, decimal_type

PARAMETERS: Mapping[str, Any] = {"limit": Decimal(3), "note": "a"}
NOON = datetime(2021, 3, 1, 12, tzinfo=UTC)
SECOND, MICRO = timedelta(seconds=1), timedelta(microseconds=1)
_NUMBERS = (
    *("-", "3", "not(3)", "> 2", "<= 2", "(1..3]", "not(> 2)", "1, 4", "[1, 4]", "null", "not(null)", "!= 3", "2.5"),
    *(
        "< 2.5",
        ">= limit",
        "[limit..9)",
        "not(1, 2.5)",
        "not(1, null)",
        "not([1..3], 7)",
        "< -1.5",
        "> 99999999999999999999",
    ),
)


@dataclass(frozen=True)
class Fact:
    """A column of cases: its type, cells that test it, and values that it may have."""

    type: ColumnType
    cells: Sequence[str]
    values: Sequence[Any]


FACTS: Mapping[str, Fact] = {
    "n": Fact(columns.WHOLE, _NUMBERS, (-(2**62), -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 2**62)),
    "m": Fact(
        decimal_type(12, 2),
        (*_NUMBERS, "> 2.505", "[1.1..2.25)", "2.505", "!= 2.505", "< 2.51"),
        [
            Decimal(one)
            for one in ("-1.51", "-1.5", "0", "1.10", "2", "2.24", "2.25", "2.5", "2.51", "3", "9", "9999999.99")
        ],
    ),
    "x": Fact(
        columns.DOUBLE,
        (*_NUMBERS[:-1], "0.3", "> 0.3", "<= 0.1", "not(<= 0.1)", "!= 0.3", "[0.1..0.3]", "not(0.1, 0.3)"),
        (
            -1.5,
            -0.0,
            0.0,
            0.1,
            0.3,
            0.1 + 0.2,
            nextafter(0.3, 0),
            1.0,
            2.5,
            nextafter(2.5, 3),
            3.0,
            nan,
            inf,
            -inf,
            1e300,
        ),
    ),
    "s": Fact(
        columns.TEXT,
        (
            *("-", '"a"', '"a", "b"', 'not("a")', "null", '= "c"', '!= "b"', 'not("a", null)', "note", "not(note)"),
            *('> "a"', '["a".."b")', '<= "é"', 'not(> "b")', '"it\'s"', r'"back\\slash", "😀"', '""'),
        ),
        ("a", "b", "c", "ab", "A", "", "é", "it's", r"back\slash", "😀", "z%_"),
    ),
    "b": Fact(
        columns.BOOLEAN,
        ("-", "true", "false", "not(true)", "null", "!= true", "true, false", "not(null)"),
        (True, False),
    ),
    "d": Fact(
        columns.DATE,
        (
            *("-", '@"2021-03-01"', '>= date("2021-03-01")', 'not(< @"2021-03-01")', '[@"2021-02-28"..@"2021-03-01"]'),
            *('!= @"2021-03-01"', '< @"9999-12-31"', '> date("20000-01-01")', 'not(@"2021-03-01", @"2021-03-02")'),
        ),
        [date(2021, 3, 1) + timedelta(days) for days in range(-2, 3)] + [date(1, 1, 1), date(9999, 12, 31)],
    ),
    "i": Fact(
        columns.INSTANT,
        (
            *("-", '< @"2021-03-01T12:00:00Z"', '@"2021-03-01T12:00:00Z"', 'not(@"2021-03-01T12:00:00Z")', "null"),
            *('> @"2021-03-01T13:00:00+01:00"', '[@"2021-03-01T12:00:00Z"..@"2021-03-01T12:00:01Z"]'),
            *(
                '<= @"2021-03-01T12:00:00.5Z"',
                '>= @"2021-03-01T15:00:00@Asia/Riyadh"',
                'not(> @"2021-03-01T12:00:00Z")',
            ),
        ),
        [
            NOON + step
            for step in (-SECOND, -MICRO, 0 * SECOND, MICRO, SECOND - MICRO, SECOND, SECOND + MICRO, 2 * SECOND)
        ],
    ),
    "t": Fact(
        columns.TIME,
        ("-", '< @"06:00:00"', '[@"06:00:00"..@"23:59:59"]', '@"06:00:00"', 'not(@"06:00:00")', "null"),
        [
            Time(*parts)
            for parts in ((0, 0, 0), (5, 59, 59, 999_999_000), (6, 0, 0), (6, 0, 0, 1000), (6, 0, 1), (23, 59, 59))
        ],
    ),
    "p": Fact(
        columns.SPAN,
        ("-", '> @"PT5M"', 'not(@"PT5M")', '[@"-PT1S"..@"PT5M"]', '<= @"PT0.0000005S"', "null"),
        [timedelta(minutes=5) + step for step in (-MICRO, 0 * MICRO, MICRO)]
        + [timedelta(0), -SECOND, MICRO, 400 * timedelta(days=1)],
    ),
    "y": Fact(
        columns.MONTHS,
        ("-", '>= @"P1Y"', '(@"P1Y"..@"P1Y2M")', '@"P14M"', "not(null)"),
        [Years(months) for months in (-1, 0, 11, 12, 13, 14)],
    ),
}
OTHERS: Mapping[str, Fact] = {
    "k": Fact(ColumnType(Shape.WHOLE, 4), (), (-7, -1, 0, 1, 2, 3, 10, 99, 1234)),
    "q": Fact(
        decimal_type(6, 3),
        (),
        [
            Decimal(one)
            for one in ("-2.5", "-1.5", "-0.05", "0", "0.049", "0.05", "0.5", "1.5", "2.5", "2.55", "999.999")
        ],
    ),
    "d2": Fact(columns.DATE, (), [date(2021, 3, 1), date(2021, 3, 2), date(2020, 2, 29), date(1969, 12, 31)]),
    "i2": Fact(
        columns.INSTANT, (), [NOON, NOON + MICRO, NOON - MICRO, NOON - SECOND, datetime(1969, 12, 31, 23, tzinfo=UTC)]
    ),
    "s2": Fact(columns.TEXT, (), ("a", "b", "ab", "", "😀", "it's")),
    "p2": Fact(columns.SPAN, (), [timedelta(0), timedelta(minutes=-61), timedelta(days=1, microseconds=-1)]),
}
"""Facts that only expressions name."""
ALL = {**FACTS, **OTHERS}
COMPUTED: Mapping[str, Sequence[str]] = {
    "n": (
        *("k + 1", "k - q", "k * q", "-q", "q / 4", "k / 100 + 1", "abs(q)", "floor(q)", "ceiling(q)", "min(k, q)"),
        *("max([k, q, 2])", "round half up(q, 1)", "round half down(q, 1)", "round up(q, 0)", "round down(q, 2)"),
        *("decimal(q, 1)", "decimal(q, 0)", "if b then k else q", "if k > q then 2.5 else null", "string length(s2)"),
        *("(d2 - d).days", "(i2 - i).hours", "p2.minutes", "p2.seconds", "d2.year - 2018", "y.months", "abs(y).years"),
        *("floor(q, 1)", "ceiling(k * q, 2)", "n + k", "round half up(k * q / 8, 2)", "limit * k"),
    ),
    "b": (
        *("k > q", "k = q", "k != n", "s = s2", "s != s2", "s < s2", "starts with(s, s2)", "ends with(s, s2)"),
        *("contains(s, s2)", 'contains(s, "%")', "b and k > 2", "b or not(k > 2)", "not(b)", "k between 1 and 3"),
        *("k in (1, [5..100])", "k in (null, > 2)", "d < d2", "i <= i2", "i = i2", "p2 = p", "k >= 2.5", "2 < x"),
        *(
            's in ("a", null)',
            'd2 - d > @"P1D"',
            'i - i2 < @"PT1S"',
            "b = (k > 2)",
            "limit = k",
            "n = null",
            "x != 0.3",
        ),
    ),
    "p": ("d2 - d", "i2 - i", "p + p2", "-p2", "abs(p2 - p)", "if b then p else p2"),
    "s": ("if k > 2 then s else s2", 'if s2 = "a" then null else "b"'),
}
"""Expressions by a fact whose cells test the same type."""
ASKING: Mapping[str, Sequence[str]] = {
    "n": ("> k", "? > k", "not(< q)", "[q..k)", "k, > 99", "not(? = k, 7)", "b", "= k"),
    "s": ("s2", "not(s2)", "contains(?, s2)", "not(starts with(?, s2))"),
    "d": ("> d2", "not(d2)", '(d2..@"2021-03-02"]'),
}
"""Cells that look at other facts."""
RESULTS: Sequence[Sequence[str]] = (
    ("1", "2", "2.50", "-3", "limit", "null", "1000"),
    ('"merchant"', '"rider"', "note", "null", '"it\'s"'),
    ('@"2021-03-01"', '@"1999-12-31"', "null"),
    ("true", "false", "null"),
    ('@"PT5M"', '@"P1D"'),
    ('@"2021-03-01T12:00:00Z"', '@"2021-03-01T12:00:00.000001Z"'),
)
POLICIES: Sequence[tuple[HitPolicy, Aggregation | None]] = (
    *((one, None) for one in (HitPolicy.UNIQUE, HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)),
    *((HitPolicy.COLLECT, one) for one in Aggregation),
)
_NAMES = Names().with_variables((*BUILT_INS, *ALL, *PARAMETERS)).with_members(MEMBERS)


@cache
def tests(text: str) -> Tests:
    """Read a cell."""
    return parse_tests(text, _NAMES)


@cache
def expression(text: str) -> Node:
    """Read an expression."""
    return parse_expression(text, _NAMES)


@dataclass(frozen=True)
class World:
    """A table at random, and what can be said of its cases."""

    policy: PolicyTable
    facts: Mapping[str, ColumnType]
    draw: Callable[[], dict[str, Any]] = field(repr=False)


def drawn_world(seed: int) -> World:
    """Draw a table; the same one for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - tables, not secrets
    names = chance.sample(tuple(FACTS), chance.randint(1, 4))
    hit_policy, aggregation = chance.choice(POLICIES)
    outputs = _outputs(chance, hit_policy, aggregation)
    computed = hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST) and chance.random() < 1 / 3
    results = [(*choice, *COMPUTED["n"]) if computed and "2.50" in choice else choice for _, choice in outputs]
    rows = tuple(_row(chance, names, results, number) for number in range(chance.randint(1, 7)))
    inputs = tuple(_input(chance, name) for name in names)
    tiers = tuple(chance.randint(0, 2) for _ in rows) if chance.random() < 0.3 else ()  # noqa: PLR2004 - now and then
    table = TableOf(inputs, tuple(one for one, _ in outputs), rows, hit_policy, aggregation, tiers)
    policy = PolicyTable("drawn", table, tuple(Domain(name) for name in names), PARAMETERS)
    named = {one.name for part in _parts(table) for one in all_of(part) if isinstance(one, Name)}
    facts = {name: fact for name, fact in ALL.items() if name in named or name == names[0]}

    def case() -> dict[str, Any]:
        return {name: None if chance.random() < 1 / 12 else chance.choice(one.values) for name, one in facts.items()}

    return World(policy, {name: fact.type for name, fact in facts.items()}, case)


def _parts(table: TableOf) -> list[Node]:
    cells = [node for row in table.rows for node in (*row.tests, *row.results)]
    return [*cells, *(one.value for one in table.inputs), *(one.allowed for one in table.inputs if one.allowed)]


def _row(chance: random.Random, names: Sequence[str], results: Sequence[Sequence[str]], number: int) -> Row:
    cells = tuple(tests("-" if chance.random() < 1 / 3 else _cell(chance, name)) for name in names)
    return Row(cells, tuple(expression(chance.choice(one)) for one in results), (f"row.{number}",))


def _cell(chance: random.Random, name: str) -> str:
    asking = ASKING.get(name, ())
    return chance.choice(asking if asking and chance.random() < 1 / 12 else FACTS[name].cells)


def _input(chance: random.Random, name: str) -> InputColumn:
    written = chance.choice(COMPUTED.get(name, (name,))) if chance.random() < 1 / 4 else name
    allowed = chance.choice(FACTS[name].cells) if chance.random() < 1 / 5 else "-"
    return InputColumn(expression(written), tests(allowed) if allowed not in ("-", "null") else None)


def _outputs(
    chance: random.Random, hit_policy: HitPolicy, aggregation: Aggregation | None
) -> list[tuple[OutputColumn, Sequence[str]]]:
    if aggregation in (Aggregation.SUM, Aggregation.MIN, Aggregation.MAX):
        kinds = [[one for one in RESULTS[0] if one != "null"]]
    else:
        kinds = [list(one) for one in chance.sample(RESULTS, chance.randint(1, 2))]
    found: list[tuple[OutputColumn, Sequence[str]]] = []
    for number, kind in enumerate(kinds):
        default = expression(chance.choice(kind)) if chance.random() < 1 / 3 else None
        ranked = tuple(map(expression, kind)) if hit_policy is HitPolicy.PRIORITY else ()
        found.append((OutputColumn(f"o{number}", ranked, None, default), kind))
    return found
