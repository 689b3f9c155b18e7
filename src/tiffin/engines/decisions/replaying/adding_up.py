"""Cells of a replay added up: by verdict, market, party and kind of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tiffin.engines.decisions.replaying.comparison import (
    Affected,
    AffectedKind,
    Market,
    Stake,
    Transition,
    Verdict,
    outcome_of,
)
from tiffin.engines.decisions.replaying.conditions import Signature
from tiffin.engines.decisions.replaying.stakes import NOBODY, Load, Stakes, amount_of, points_of
from tiffin.engines.decisions.replaying.statements import EXAMPLES, CaseColumns

Columns = Mapping[str, Sequence[Any]]
"""Rows of an answer, column by column."""

Examples = Sequence[tuple[datetime, str]]
"""Cases by the instant at which they happened, and their ids."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of one signature, market and currency, and what either version says of them.

    Parameters
    ----------
    amount_minor : int
        What the cases have together of the amount of which parties bear shares.
    """

    signature: Signature
    base: Verdict
    draft: Verdict
    is_changed: bool
    market: str
    currency: str
    cases: int
    amount_minor: int


def transitions(cells: Iterable[Cell], shown: Mapping[Signature, Examples]) -> tuple[Transition, ...]:
    """Bring cells with the same two verdicts together, the most cases first."""
    found: dict[tuple[str, str], Transition] = {}
    seen: dict[tuple[str, str], set[tuple[datetime, str]]] = {}
    for cell in cells:
        key = _full(cell.base), _full(cell.draft)
        cases = found[key].cases if key in found else 0
        found[key] = Transition(cell.base, cell.draft, cases + cell.cases, cell.is_changed)
        seen.setdefault(key, set()).update(shown.get(cell.signature, ()))
    listed = sorted(found.items(), key=lambda item: (-item[1].cases, item[0]))
    return tuple(replace(one, examples=_newest(seen[key])) for key, one in listed)


def _newest(seen: Iterable[tuple[datetime, str]]) -> tuple[str, ...]:
    """Give the ids of the newest few."""
    by_name = sorted(seen, key=lambda one: one[1])
    return tuple(case for _, case in sorted(by_name, key=lambda one: one[0], reverse=True)[:EXAMPLES])


def _full(verdict: Verdict) -> str:
    return repr((verdict.rows, outcome_of(verdict)))


def markets(cells: Iterable[Cell]) -> tuple[Market, ...]:
    """Count cases and changed ones by market, the most changed first."""
    found: dict[str, list[int]] = {}
    for cell in cells:
        counts = found.setdefault(cell.market, [0, 0])
        counts[0] += cell.cases
        counts[1] += cell.cases if cell.is_changed else 0
    listed = [Market(market, cases, changed) for market, (cases, changed) in found.items()]
    return tuple(sorted(listed, key=lambda one: (-one.changed, -one.cases, one.market)))


def parties(cells: Iterable[Cell], stakes: Stakes) -> frozenset[str]:
    """Name those on whom any verdict puts anything."""
    verdicts = {id(one): one for cell in cells for one in (cell.base, cell.draft)}.values()
    return frozenset(who for one in verdicts for who in stakes.loads(one)) - {NOBODY}


@dataclass(slots=True)
class _Sum:
    cases: int = 0
    changed: int = 0
    minor: tuple[int, int] = (0, 0)
    shared: tuple[int, int] = (0, 0)
    points: tuple[int, int] = (0, 0)


def stakes_of(cells: Iterable[Cell], stakes: Stakes) -> tuple[Stake, ...]:
    """Add up money and points by market, currency and party; shares are rounded once, of the whole amount."""
    if not stakes.any:
        return ()
    sums: dict[tuple[str, str, str], _Sum] = {}
    for cell in cells:
        first, second = stakes.loads(cell.base), stakes.loads(cell.draft)
        for who in {**first, **second}:
            known = sums.setdefault((cell.market, cell.currency, who), _Sum())
            _add(known, cell, first.get(who, Load()), second.get(who, Load()))
    return tuple(_stake(*key, one) for key, one in sorted(sums.items()))


def _add(known: _Sum, cell: Cell, first: Load, second: Load) -> None:
    cases, amount = cell.cases, cell.amount_minor
    known.cases += cases
    known.changed += cases if cell.is_changed else 0
    known.minor = known.minor[0] + first.fixed_minor * cases, known.minor[1] + second.fixed_minor * cases
    known.shared = known.shared[0] + first.share * amount, known.shared[1] + second.share * amount
    known.points = known.points[0] + first.points * cases, known.points[1] + second.points * cases


def _stake(market: str, currency: str, party: str, one: _Sum) -> Stake:
    base, draft = (fixed + amount_of(shared, 1) for fixed, shared in zip(one.minor, one.shared, strict=True))
    return Stake(market, currency, party, one.cases, one.changed, base, draft, *map(points_of, one.points))


def affected(rows: Columns, cases: CaseColumns) -> tuple[AffectedKind, ...]:
    """Read who is affected most, and how many are."""
    kinds = list(cases.people)
    found: dict[int, list[tuple[str, int, Affected]]] = {}
    counts: dict[int, tuple[int, int, int]] = {}
    for number in range(len(rows["kind"]) if rows else 0):
        kind = int(rows["kind"][number])
        counts[kind] = int(rows["people"][number]), int(rows["more"][number]), int(rows["less"][number])
        money = int(rows["money"][number] or 0)
        one = Affected(
            kinds[kind],
            str(rows["person"][number]),
            str(rows["currency"][number] or "") if cases.currency else "",
            int(rows["cases"][number]),
            amount_of(money, 1) if cases.amount else money,
            points_of(int(rows["points"][number] or 0)),
        )
        found.setdefault(kind, []).append((one.currency, int(rows["place"][number]), one))
    return tuple(
        AffectedKind(
            name,
            *counts.get(number, (0, 0, 0)),
            tuple(one for *_, one in sorted(found.get(number, ()), key=lambda item: item[:2])),
        )
        for number, name in enumerate(kinds)
    )
