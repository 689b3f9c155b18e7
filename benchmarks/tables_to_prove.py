"""Tables drawn at random to be proven: gaps, overlaps, nulls, negations, domains, tiers, and every hit policy.

Small ones, so that a solver that knows nothing of the proof can be asked the same; and large ones, as many countries
have them together.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from plain_liability import INPUTS, ROWS

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, InputColumn, OutputColumn, Row, TableOf
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_tests
from tiffin.engines.decisions.feel.tree import Constant, Name, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.proving.findings import Law, Order, Sum

NAMES = Names().with_variables((*BUILT_INS, "limit"))
LIMIT = Decimal(4)
HIT_POLICIES = (
    (HitPolicy.UNIQUE, None),
    (HitPolicy.UNIQUE, None),
    (HitPolicy.FIRST, None),
    (HitPolicy.ANY, None),
    (HitPolicy.PRIORITY, None),
    (HitPolicy.COLLECT, None),
    (HitPolicy.RULE_ORDER, None),
    (HitPolicy.OUTPUT_ORDER, None),
    (HitPolicy.COLLECT, Aggregation.SUM),
    (HitPolicy.COLLECT, Aggregation.MAX),
    (HitPolicy.COLLECT, Aggregation.MIN),
    (HitPolicy.COLLECT, Aggregation.COUNT),
)
RARE, SELDOM, SOMETIMES, HALF = 0.1, 0.25, 0.35, 0.5
AMOUNTS = tuple(Constant(Decimal(one)) for one in range(4))
_KNOWN: dict[str, Tests] = {}


def cell(text: str) -> Tests:
    """Read a cell; the same text is read once."""
    if text not in _KNOWN:
        _KNOWN[text] = parse_tests(text, NAMES)
    return _KNOWN[text]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table, what is promised of it, and another version of it."""

    policy: PolicyTable
    promises: tuple[Order, Law, Sum]
    other: PolicyTable


def drawn(chance: random.Random) -> Drawn:
    """Draw a table of two to seven rows over one to four inputs, with an ordered one first."""
    others = (chance.choice((Kind.NUMBER, Kind.STRING, Kind.BOOLEAN)) for _ in range(chance.randint(0, 3)))
    domains = [_domain(chance, number, kind) for number, kind in enumerate((Kind.NUMBER, *others))]
    inputs = tuple(
        InputColumn(Name(one.name), cell(_domain_cell(chance, one)) if chance.random() < SOMETIMES else None)
        for one in domains
    )
    hit_policy, aggregation = chance.choice(HIT_POLICIES)
    rows = [_row(chance, domains) for _ in range(chance.randint(2, 7))]
    tiers = tuple(chance.choice((0, 0, 1, 2)) for _ in rows) if chance.random() < SOMETIMES else ()
    table = TableOf(inputs, _outputs(chance), tuple(rows), hit_policy, aggregation, tiers)
    policy = PolicyTable("drawn", table, tuple(domains), {"limit": LIMIT})
    order = Order("i0", "amount", rising=chance.random() < HALF)
    law = Law("amount", tuple(cell(_cell(chance, one)) for one in domains), at_least=Decimal(chance.randint(0, 2)))
    return Drawn(policy, (order, law, Sum(("amount", "rest"), Decimal(3))), edited(chance, policy))


def _domain(chance: random.Random, number: int, kind: Kind) -> Domain:
    whole = kind is Kind.NUMBER and chance.random() < HALF
    return Domain(f"i{number}", kind, whole=whole, required=chance.random() < HALF)


def _outputs(chance: random.Random) -> tuple[OutputColumn, OutputColumn]:
    order = chance.sample(AMOUNTS, len(AMOUNTS))
    allowed = cell("3, 2, 1, 0") if chance.random() < HALF else None
    amount = OutputColumn("amount", tuple(order), allowed)
    if chance.random() < SELDOM:
        amount = replace(amount, default=chance.choice(AMOUNTS))
    return amount, OutputColumn("rest")


def _row(chance: random.Random, domains: Sequence[Domain]) -> Row:
    tests = tuple(cell("-" if chance.random() < SOMETIMES else _cell(chance, one)) for one in domains)
    amount = chance.choice(AMOUNTS)
    rest = Constant(Decimal(3) - amount.value) if chance.random() > RARE else AMOUNTS[0]
    return Row(tests, (amount, rest), (f"r{chance.randrange(10**6)}",))


def _cell(chance: random.Random, domain: Domain) -> str:
    if domain.kind is Kind.BOOLEAN:
        return chance.choice(("true", "false", "true", "false", "not(true)", "null", "not(null)", "-"))
    if domain.kind is Kind.STRING:
        words = chance.sample(('"a"', '"b"', '"c"'), chance.randint(1, 2))
        listed = ", ".join(words)
        return chance.choice((listed, listed, f"not({listed})", "null", f"{words[0]}, null", f"!= {words[0]}", "-"))
    return _number_cell(chance)


def _domain_cell(chance: random.Random, domain: Domain) -> str:
    """Draw values that an input may have."""
    if domain.kind is Kind.BOOLEAN:
        return "true, false"
    if domain.kind is Kind.STRING:
        return ", ".join(chance.sample(('"a"', '"b"', '"c"', '"d"'), chance.randint(2, 4)))
    return chance.choice(("[0..6]", "(0..6)", ">= 1", "[1..2], [4..7)"))


def _number_cell(chance: random.Random) -> str:
    low = chance.randint(0, 6)
    high = low + chance.randint(0, 4)
    ends = chance.choice("[("), chance.choice("])")
    half = chance.choice(("", ".5"))
    span = f"{ends[0]}{low}..{high}{half}{ends[1]}"
    relation = chance.choice(("<", "<=", ">", ">=")) + f" {low}{half}"
    others = (f"{low}", f"{low}, {high}", f"not({span})", f"not({relation})", f"not({low})", "null", "<= limit", "-")
    return chance.choice((span, span, relation, relation, chance.choice(others), f"{relation}, {high}{half}"))


def edited(chance: random.Random, policy: PolicyTable) -> PolicyTable:
    """Change a table as people do: a cell, a result, a row more or less, or nothing but the way that it is written."""
    rows, tiers = list(policy.table.rows), list(policy.table.tiers)
    number = chance.randrange(len(rows))
    row = rows[number]
    kind = chance.randrange(5)
    if kind == 0:
        column = chance.randrange(len(policy.domains))
        tests = (*row.tests[:column], cell(_cell(chance, policy.domains[column])), *row.tests[column + 1 :])
        rows[number] = replace(row, tests=tests)
    elif kind == 1:
        rows[number] = replace(row, results=(chance.choice(AMOUNTS), row.results[1]))
    elif kind == 2:  # noqa: PLR2004 - the kinds are counted here
        del rows[number]
        del tiers[number : number + 1]
    else:
        rows[number : number + 1] = _halves(row)
        tiers[number:number] = tiers[number : number + 1]
    return replace(policy, table=replace(policy.table, rows=tuple(rows), tiers=tuple(tiers)))


def _halves(row: Row) -> list[Row]:
    """Split a row that does not test its first input in two that together are the same."""
    if row.tests[0].tests:
        return [row, row]
    return [replace(row, tests=(cell(half), *row.tests[1:])) for half in ("< 3, null", ">= 3")]


def liability(countries: int = 1, seed: int = 1) -> PolicyTable:
    """Give the rows of the liability table for each of some countries, each with limits of its own."""
    chance = random.Random(seed)  # noqa: S311 - limits, not secrets
    codes = [f"C{number:03}" for number in range(countries)]
    rows = []
    for code in codes:
        limits = {
            "20": chance.randint(18, 30),
            "10": chance.randint(8, 12),
            "15": chance.randint(13, 17),
            "5000": chance.randint(40, 60) * 100,
            "3000": chance.randint(20, 35) * 100,
        }
        rows += [_liability_row(code, row, {old: str(new) for old, new in limits.items()}) for row in ROWS]
    problems = '"late", "missing", "damaged", "wrong", "undelivered", "cold", "other", "none"'
    columns = (
        InputColumn(Name("market"), cell(", ".join(f'"{one}"' for one in codes))),
        InputColumn(Name("city")),
        *(InputColumn(Name(name), cell(problems) if name == "problem" else None) for name, _ in INPUTS),
    )
    places = (Domain("market", Kind.STRING, required=True), Domain("city", Kind.STRING))
    known = tuple(Domain(name, Kind(kind), whole=kind == "number", required=True) for name, kind in INPUTS)
    table = TableOf(columns, (OutputColumn("party"), OutputColumn("share")), tuple(rows), HitPolicy.UNIQUE)
    return PolicyTable("liability", table, (*places, *known), {})


def _liability_row(code: str, row: Sequence[str | int], limits: dict[str, str]) -> Row:
    cells = [str(one) for one in row[: len(INPUTS)]]
    moved = [one if '"' in one else re.sub(r"\d+", lambda found: limits.get(found[0], found[0]), one) for one in cells]
    party, share, reason = row[len(INPUTS) :]
    tests = (cell(f'"{code}"'), cell("-"), *map(cell, moved))
    return Row(tests, (Constant(party), Constant(Decimal(share))), (f"{reason}.{code}",))


def large(rows: int, hit_policy: HitPolicy = HitPolicy.UNIQUE, seed: int = 1) -> PolicyTable:
    """Draw a table of many rows over two texts, three numbers and a boolean, with gaps and overlaps."""
    chance = random.Random(seed)  # noqa: S311 - cells, not secrets
    kinds = (Kind.STRING, Kind.STRING, Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.BOOLEAN)
    made = []
    for number in range(rows):
        words = [f'"{chance.choice("abcdefghijklmnop")}"', f'"{chance.choice("qrstuvwx")}"']
        tests = [*words, *(_large_cell(chance) for _ in range(3)), chance.choice(("true", "false", "-"))]
        results = (Constant(Decimal(chance.randrange(10))),)
        made.append(Row(tuple(map(cell, tests)), results, (f"r{number}",)))
    inputs = tuple(InputColumn(Name(f"i{number}")) for number in range(len(kinds)))
    domains = tuple(Domain(f"i{number}", kind) for number, kind in enumerate(kinds))
    return PolicyTable("large", TableOf(inputs, (OutputColumn("amount"),), tuple(made), hit_policy), domains, {})


def _large_cell(chance: random.Random) -> str:
    low = chance.randrange(1000)
    high = low + chance.randrange(1, 400)
    return chance.choice((f"[{low}..{high})", f"[{low}..{high})", f"[{low}..{high}]", f"< {high}", f">= {low}", "-"))
