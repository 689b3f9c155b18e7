"""What is done to erase a person, one step after another; each may be done twice, so that a run that died is taken up.

Each step is a unit of work of its own: the database, the facts and the files cannot be changed as one.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from tiffin.capabilities.access.domain.erasing import (
    ACCOUNT,
    ErasureView,
    SoughtPerson,
    State,
    Step,
    cleaned_reason,
    joined,
)
from tiffin.capabilities.access.domain.people_traces import marks_of
from tiffin.capabilities.access.models.erasures import Erasure
from tiffin.capabilities.access.service import erasing
from tiffin.capabilities.access.service.erasing_account import close_account
from tiffin.capabilities.access.service.erasing_evidence import clear_evidence
from tiffin.capabilities.access.service.erasing_files import clear_files
from tiffin.capabilities.access.service.erasing_quarantine import clear_quarantine
from tiffin.capabilities.access.service.erasing_texts import clear_texts, sparing
from tiffin.capabilities.access.service.parties import close_party
from tiffin.capabilities.access.service.people_facts import counted_facts, forget_facts
from tiffin.capabilities.access.service.people_scan import Progress, ScanResult, scan
from tiffin.capabilities.access.service.people_scrub import scrub_all
from tiffin.capabilities.access.service.people_walk import replace, walk
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.audit_gathering import write_held
from tiffin.runtime.audit_marks import mark_of
from tiffin.runtime.context import Context
from tiffin.runtime.uses import write_gathered
from tiffin.runtime.warehouse.opening import open_store

Opening = Callable[[], AbstractContextManager[Context]]
SCANNED = "scanned"
_ORDER = (Step.COUNTED, Step.DATABASE, Step.FACTS, Step.FILES, Step.SCRUBBED)


def carry_out(opening: Opening, erasure_id: int, *, on_progress: Progress = lambda _: None) -> ErasureView:
    """Do whatever is left of an approved erasure, and look through the workspace afterwards.

    Where the look finds him still, in files of the operator's own that nobody may change unasked, the request stays
    open: it is carried on once they are gone.

    Parameters
    ----------
    opening : callable
        Opens one unit of work of an officer.

    Raises
    ------
    Forbidden
        The officer's grant has ended meanwhile.
    Conflict
        The request was not approved.
    """
    while True:
        with opening() as context:
            row = erasing.find_row(context, erasure_id)
            if row.state == State.ERASED:
                return erasing.view(context, row)
            person = _person(row)
            todo = next((step for step in _ORDER if step.value not in row.steps), None)
            if todo is None:
                break
            if todo is not Step.SCRUBBED:
                _done(row, todo.value, _STEPS[todo](context, row, person))
                continue
            changed, engine = _changed_tables(row), context.unit.engine
        told = scrub_all(engine, changed)
        with opening() as context:
            _done(erasing.find_row(context, erasure_id), Step.SCRUBBED.value, told)
    with opening() as context:
        found = _finish(context, erasing.find_row(context, erasure_id), on_progress)
        engine = context.unit.engine
    scrub_all(engine, (Erasure.__tablename__,))
    return found


def carry_on(context: Context, erasure_id: int) -> None:
    """Have the steps done again that may find what was not there, or not reachable, before.

    Raises
    ------
    Conflict
        The request was not approved, or is done.
    """
    row = erasing.find_row(context, erasure_id)
    _person(row)
    row.steps = {name: told for name, told in row.steps.items() if name == Step.COUNTED}


def close_with_traces(context: Context, erasure_id: int, reason: str) -> ErasureView:
    """End a request although files still name the person, and say why they may.

    Raises
    ------
    Conflict
        The request was not approved, or nobody has looked through the workspace yet.
    WrongUse
        There is no reason.
    """
    row = erasing.find_row(context, erasure_id)
    person = _person(row)
    if SCANNED not in row.steps:
        raise Conflict(Message("Nobody has looked through the workspace yet. Carry the request on first."))
    row.remark = person.sought.without(cleaned_reason(reason), _marks(row, person))
    _close(context, row)
    return erasing.view(context, row)


def _person(row: Erasure) -> SoughtPerson:
    person = joined(row.half, row.other_half) if row.state == State.APPROVED else None
    if person is None:
        raise Conflict(
            Message("Request {number} is not approved, so that nothing is to be done.", number=row.erasure_id)
        )
    return person


def _count(context: Context, _row: Erasure, person: SoughtPerson) -> Mapping[str, Any]:
    """Note what there is of the person before anything is taken away."""
    found = walk(context.session.connection(), person.sought)
    named = {f"{one.table}.{one.column}": one.rows for one in found.mentions}
    return {"database": named, **counted_facts(context, person)}


def _clear_database(context: Context, row: Erasure, person: SoughtPerson) -> Mapping[str, Any]:
    marks = _marks(row, person)
    write_held(context.unit.engine)
    write_gathered(context)
    closed = close_account(context, person) if person.kind == ACCOUNT else close_party(context, person)
    context.session.flush()
    context.session.expire_all()  # rows are changed behind the session's back
    changed = replace(context.session.connection(), person.sought, marks)
    tables: Counter[str] = Counter()
    for one in changed:
        tables[one.table] += one.rows
    evidence = clear_evidence(context, row.erasure_id, person.sought)
    return {"rows": sum(tables.values()), "tables": dict(tables), "evidence": evidence, **closed}


def _clear_facts(context: Context, row: Erasure, person: SoughtPerson) -> Mapping[str, Any]:
    forgotten = forget_facts(context, person)
    store, marks = open_store(context.workspace), _marks(row, person)
    quarantined = clear_quarantine(store, person.sought, marks, now=context.now)
    return {**clear_texts(context, row, person), **forgotten, "quarantined": quarantined}


def _clear_files(context: Context, row: Erasure, person: SoughtPerson) -> Mapping[str, Any]:
    return clear_files(context.workspace, person.sought, _marks(row, person))


_STEPS: Mapping[Step, Callable[[Context, Erasure, SoughtPerson], Mapping[str, Any]]] = {
    Step.COUNTED: _count,
    Step.DATABASE: _clear_database,
    Step.FACTS: _clear_facts,
    Step.FILES: _clear_files,
}


def _finish(context: Context, row: Erasure, on_progress: Progress) -> ErasureView:
    person = _person(row)
    found = scan(context, sparing(row, person), on_progress=on_progress)
    _done(row, SCANNED, _told(found, person))
    if found.is_clean:
        _close(context, row)
    return erasing.view(context, row)


def _close(context: Context, row: Erasure) -> None:
    row.half = row.other_half = ""
    row.state, row.erased_at = State.ERASED.value, context.now
    told = row.steps[SCANNED]
    erasing.note(context, row, "person_erased", approved_by=row.decided_by, traces=len(told["traces"]))


def _told(found: ScanResult, person: SoughtPerson) -> Mapping[str, Any]:
    whole = {"…": "…"} | dict.fromkeys(person.sought.words, "…")
    traces = [asdict(one) for one in found.traces]
    traces += [{"path": f"database: {one.table}", "within": one.column, "count": one.rows} for one in found.mentions]
    amounts = {name: getattr(found, name) for name in ("files", "megabytes", "tables", "columns", "short_words")}
    cleaned = person.sought.without_in(traces, whole)
    return {"traces": cleaned, "is_clean": found.is_clean, **amounts}


def _marks(row: Erasure, person: SoughtPerson) -> dict[str, str]:
    return marks_of(person.sought.words, mark_of(row.erasure_id))


def _done(row: Erasure, step: str, told: Mapping[str, Any]) -> None:
    row.steps = {**row.steps, step: dict(told)}


def _changed_tables(row: Erasure) -> tuple[str, ...]:
    told = row.steps.get(Step.DATABASE.value, {})
    return tuple(sorted({*told.get("tables", ()), *told.get("evidence", ()), Erasure.__tablename__}))
