"""Policies drawn at random, of every hit policy and with rows that override others, and the liability table as one."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from plain_liability import INPUTS, ROWS

from tiffin.engines.decisions.dmn.tables import HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Name, Node, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain, PolicyTable

NAMES = Names().with_variables(BUILT_INS)
ANYTHING = Tests(())
WORDS = ("late", "cold", "missing", "wrong", "damaged")
DAYS = tuple(f'@"2026-0{month}-15"' for month in range(1, 8))
POLICIES = (HitPolicy.UNIQUE, HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.COLLECT)
PRIORITIES = ("3", "2", "1", "0")
SELDOM, HALF, OFTEN = 0.2, 0.5, 0.8
SPLITS = 6
Column = tuple[Domain, Tests | None, tuple[str, ...]]
"""An input, its allowed values, and cells that it may have; a row of the column's cells is disjoint."""


def cell(text: str) -> Tests:
    """Read a cell."""
    return parse_tests(text, NAMES)


def result(text: str) -> Node:
    """Read a result."""
    return parse_expression(text, NAMES)


def liability() -> PolicyTable:
    """Give the liability table of 30 rows and 11 inputs."""
    names = [name for name, _ in INPUTS]
    columns = tuple(InputColumn(Name(name), label=name) for name in names)
    rows = tuple(
        Row(
            tuple(cell(str(one)) for one in row[: len(names)]),
            (result(f'"{row[len(names)]}"'), result(str(row[len(names) + 1]))),
            (str(row[len(names) + 2]),),
        )
        for row in ROWS
    )
    table = TableOf(columns, (OutputColumn("party"), OutputColumn("share")), rows, HitPolicy.UNIQUE)
    domains = tuple(Domain(name, Kind(kind), whole=kind == "number") for name, kind in INPUTS)
    return PolicyTable("liability", table, domains, {})


def drawn(chance: random.Random) -> PolicyTable:
    """Draw a policy: a partition of the cases into rows for unique tables, rows that overlap for the others."""
    columns = [drawn_column(chance, number) for number in range(chance.randint(2, 5))]
    hit_policy = chance.choice(POLICIES)
    cells = _partition(chance, columns) if hit_policy is HitPolicy.UNIQUE else _overlapping(chance, columns)
    results = [str(chance.choice(PRIORITIES)) for _ in cells]
    tiers: tuple[int, ...] = ()
    if chance.random() < HALF:
        over = [number for number in range(len(cells)) if chance.random() < SELDOM]
        tiers = (0,) * len(cells) + (1,) * len(over)
        cells += [_narrower(chance, columns, cells[number]) for number in over]
        results += [str(chance.choice(PRIORITIES)) for _ in over]
    rows = tuple(
        Row(tuple(ANYTHING if one == "-" else cell(one) for one in row), (result(given),), (f"r{number}",))
        for number, (row, given) in enumerate(zip(cells, results, strict=True))
    )
    output = OutputColumn("share", tuple(result(one) for one in PRIORITIES))
    if chance.random() < HALF:
        output = replace(output, default=result("9"))
    inputs = tuple(InputColumn(Name(domain.name), allowed) for domain, allowed, _ in columns)
    return PolicyTable("drawn", TableOf(inputs, (output,), rows, hit_policy, tiers=tiers), _domains(columns), {})


def drawn_column(chance: random.Random, number: int) -> Column:
    """Draw an input with cells that are disjoint and leave nothing but null open."""
    kind = chance.choice((Kind.NUMBER, Kind.NUMBER, Kind.STRING, Kind.BOOLEAN, Kind.DATE))
    domain = Domain(f"i{number}", kind, whole=kind is Kind.NUMBER and chance.random() < OFTEN)
    domain = replace(domain, required=chance.random() < HALF)
    if kind is Kind.BOOLEAN:
        return domain, None, ("true", "false")
    if kind is Kind.STRING:
        words = WORDS[: chance.randint(2, len(WORDS))]
        quoted = [f'"{one}"' for one in words]
        if chance.random() < HALF:
            return domain, cell(", ".join(quoted)), tuple(quoted)
        return domain, None, (*quoted, f"not({', '.join(quoted)})")
    ends = _ends(chance, kind, whole=domain.whole and chance.random() < OFTEN)
    allowed = cell(f"[{ends[0]}..{ends[-1]}]") if chance.random() < HALF else None
    middle = [f"[{low}..{high})" for low, high in pairwise(ends[1:-1])]
    return domain, allowed, (f"< {ends[1]}", *middle, f">= {ends[-2]}")


def _ends(chance: random.Random, kind: Kind, *, whole: bool) -> list[str]:
    count = chance.randint(3, 6)
    if kind is Kind.DATE:
        return list(DAYS[:count])
    found = sorted(chance.sample(range(60), count))
    return [str(one) if whole else f"{one}.5" for one in found]


def _partition(chance: random.Random, columns: Sequence[Column]) -> list[list[str]]:
    """Split all cases again and again by the cells of one input; a part in five is left out."""
    parts = [["-"] * len(columns)]
    for _ in range(SPLITS):
        row = chance.choice(parts)
        free = [number for number, one in enumerate(row) if one == "-"]
        if not free:
            continue
        column = chance.choice(free)
        choices = list(columns[column][2])
        if len(choices) > 2 and columns[column][0].kind is Kind.STRING and "not" not in choices[0] + choices[1]:  # noqa: PLR2004
            choices[:2] = [f"{choices[0]}, {choices[1]}"]
        parts.remove(row)
        parts += [[*row[:column], one, *row[column + 1 :]] for one in choices]
    kept = [one for one in parts if chance.random() < OFTEN]
    return kept or parts


def _overlapping(chance: random.Random, columns: Sequence[Column]) -> list[list[str]]:
    return [
        ["-" if chance.random() < HALF else _loose(chance, choices) for _, _, choices in columns]
        for _ in range(chance.randint(3, 9))
    ]


def _loose(chance: random.Random, choices: Sequence[str]) -> str:
    one = chance.choice(choices)
    return f"not({one})" if chance.random() < SELDOM and not one.startswith("not") else one


def _narrower(chance: random.Random, columns: Sequence[Column], row: Sequence[str]) -> list[str]:
    free = [number for number, one in enumerate(row) if one == "-"]
    if not free:
        return list(row)
    column = chance.choice(free)
    return [*row[:column], chance.choice(columns[column][2]), *row[column + 1 :]]


def _domains(columns: Sequence[Column]) -> tuple[Domain, ...]:
    return tuple(domain for domain, _, _ in columns)
