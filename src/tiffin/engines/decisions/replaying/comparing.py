"""Two versions of a policy over a table of cases: what changes, where, and for whom.

One scan reduces every case to its signature and counts; each distinct signature is then decided once by either version.
Only cases that may have changed are looked at again, for the people they concern and for examples.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlglot import exp

from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.replaying import statements
from tiffin.engines.decisions.replaying.adding_up import (
    Cell,
    Columns,
    Examples,
    affected,
    markets,
    parties,
    stakes_of,
    transitions,
)
from tiffin.engines.decisions.replaying.comparison import (
    AffectedKind,
    Comparison,
    Disagreement,
    Disagreements,
    outcome_of,
)
from tiffin.engines.decisions.replaying.conditions import Conditions, Signature, conditions_of
from tiffin.engines.decisions.replaying.judging import Judge
from tiffin.engines.decisions.replaying.stakes import Load, Stakes
from tiffin.engines.decisions.replaying.statements import CaseColumns, Shift

Ask = Callable[[exp.Query], Columns]
"""Runs a query and gives its rows, column by column."""


def compare(
    base: PolicyTable, draft: PolicyTable, cases: CaseColumns, stakes: Stakes, ask: Ask, *, is_brief: bool = False
) -> Comparison:
    """Decide every case by two versions, and tell what the second one changes.

    Parameters
    ----------
    cases : CaseColumns
        Where the cases stand; the columns of their inputs bear the inputs' names.
    ask : callable
        Runs a query on the engine that holds them.
    is_brief : bool
        Counts and money alone: no people and no examples, for which changed cases are looked at again.

    Raises
    ------
    NotPlain
        A version holds more than plain tests and constant results, so that no query decides it.
    """
    conditions = conditions_of(base, draft)
    cells = _cells(conditions, cases, ask(statements.matrix(conditions, cases)))
    shifts = () if is_brief else _shifts(cells, cases, stakes)
    changed = sum(one.cases for one in cells if one.is_changed)
    shown, people = _shown(conditions, cases, shifts, ask), _people(conditions, cases, shifts, ask)
    ends = ask(statements.span(cases)) if cells else {}
    return Comparison(
        cases=sum(one.cases for one in cells),
        changed=changed,
        transitions=transitions(cells, shown),
        markets=markets(cells),
        stakes=stakes_of(cells, stakes),
        people=people,
        first_at=ends["first_at"][0] if ends else None,
        last_at=ends["last_at"][0] if ends else None,
    )


def disagreements(base: PolicyTable, draft: PolicyTable, cases: CaseColumns, ask: Ask, *, most: int) -> Disagreements:
    """Decide cases by two versions, and draw a few of those that come out otherwise.

    Raises
    ------
    NotPlain
        A version holds more than plain tests and constant results, so that no query decides it.
    """
    conditions = conditions_of(base, draft)
    cells = _cells(conditions, cases, ask(statements.matrix(conditions, cases)))
    changed = {one.signature: one for one in cells if one.is_changed}
    shifts = [Shift(signature, number, {}) for number, signature in enumerate(changed)]
    rows = ask(statements.drawn(conditions, cases, shifts, most)) if shifts else {}
    found = []
    for number, shift in enumerate(rows.get("shift", ())):
        cell = changed[shifts[int(shift)].signature]
        case, market, city = (_text(rows, name, number) for name in ("case_id", "market", "city"))
        found.append(Disagreement(case, market, city, cell.base, cell.draft))
    total = sum(one.cases for one in cells)
    return Disagreements(total, sum(one.cases for one in cells if one.is_changed), tuple(found))


def _cells(conditions: Conditions, cases: CaseColumns, rows: Columns) -> tuple[Cell, ...]:
    """Decide each signature that occurs by either version."""
    judges = Judge(conditions, 0), Judge(conditions, 1)
    words = [rows[f"word_{number}"] for number in range(conditions.words)]
    count = len(rows[statements.CASES])
    found = []
    for number in range(count):
        signature = tuple(int(word[number]) for word in words)
        first, second = (judge.verdict(signature) for judge in judges)
        found.append(
            Cell(
                signature,
                first,
                second,
                is_changed=outcome_of(first) != outcome_of(second),
                market=_text(rows, cases.market, number),
                currency=_text(rows, cases.currency, number),
                cases=int(rows[statements.CASES][number]),
                amount_minor=int(rows[statements.AMOUNT][number] or 0) if cases.amount else 0,
            )
        )
    return tuple(found)


def _text(rows: Columns, column: str, number: int) -> str:
    value = rows[column][number] if column else None
    return "" if value is None else str(value)


def _shifts(cells: Sequence[Cell], cases: CaseColumns, stakes: Stakes) -> tuple[Shift, ...]:
    """Tell of each signature with another outcome what more is put on each kind of people.

    A kind that the policy knows as a party has what is put on it; any other one, such as customers who are paid, has
    all that is put on anybody.
    """
    known = parties(cells, stakes)
    changed: dict[Signature, Cell] = {one.signature: one for one in cells if one.is_changed}
    found = []
    for number, cell in enumerate(changed.values()):
        loads = {kind: _more(cell, stakes, kind if kind in known else None) for kind in cases.people}
        found.append(Shift(cell.signature, number, loads))
    return tuple(found)


def _more(cell: Cell, stakes: Stakes, party: str | None) -> Load:
    first, second = (
        _together([load for who, load in stakes.loads(one).items() if party in (None, who)])
        for one in (cell.base, cell.draft)
    )
    return second - first


def _together(loads: Sequence[Load]) -> Load:
    return Load(
        sum(one.fixed_minor for one in loads), sum(one.share for one in loads), sum(one.points for one in loads)
    )


def _people(conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift], ask: Ask) -> tuple[AffectedKind, ...]:
    if not cases.people:
        return ()
    rows = ask(statements.people(conditions, cases, shifts)) if shifts else {}
    return affected(rows, cases)


def _shown(
    conditions: Conditions, cases: CaseColumns, shifts: Sequence[Shift], ask: Ask
) -> Mapping[Signature, Examples]:
    """Find examples near at hand, and for what is so rare that there are none, among all cases."""
    found: dict[int, list[tuple[datetime, str]]] = {}
    near = [replace(cases, where=exp.and_(cases.where, cases.part), part=None)] if cases.part is not None else []
    for place in (*near, cases):
        wanted = [one for one in shifts if one.number not in found]
        rows = ask(statements.examples(conditions, place, wanted)) if wanted else {}
        for number, shift in enumerate(rows.get("shift", ())):
            found.setdefault(int(shift), []).append((rows["happened_at"][number], str(rows["case_id"][number])))
    return {one.signature: tuple(found.get(one.number, ())) for one in shifts}
