"""Whether the log of cases is as it was written: each event by its digest, and by what the audit trail tells of it.

The chain of a case finds what was changed, put elsewhere or taken out of its middle. The trail, which is a chain of its
own, holds the digest of every event, so that an end that was cut off, a case that is gone and a chain that was written
anew are found too. What the queues hold is held against what follows from the events.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from tiffin.capabilities.cases.models import CaseEvent
from tiffin.capabilities.cases.service.projecting import logs, projected, projections
from tiffin.engines.cases.chain import Damage, Link, LogFault, case_name, faults_in, said_in, whole_of
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.actor_codes import actors_of, code_under
from tiffin.runtime.audit_marks import REMOVAL, is_mark, mark_of
from tiffin.runtime.context import Context
from tiffin.runtime.pieces import pieces_of, read_remainder, remaining_root
from tiffin.runtime.tables import AUDIT_ENTRIES

CHAINED = "cases_chained"
TELLING = ("case_opened", "case_acted", CHAINED, REMOVAL)


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One thing that is wrong with a case; without a number, with those of before they were chained."""

    case_id: int | None
    fault: LogFault


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What verifying the log found.

    Parameters
    ----------
    removed : int
        Texts that were removed on request, which is no fault.
    """

    cases: int
    events: int
    removed: int
    faults: tuple[CaseFault, ...]


@dataclass(slots=True)
class _Told:
    """What the trail tells of cases."""

    digests: dict[int, dict[int, str]] = field(default_factory=dict)
    chained: Mapping[str, Any] | None = None
    removed: dict[tuple[int, int], int] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)


def check_log(context: Context, *, on_progress: Callable[[float], None] = lambda _: None) -> LogCheck:
    """Verify the log of all cases.

    Parameters
    ----------
    on_progress : callable
        Told how many events were verified since it was last told.
    """
    context.session.flush()
    told, found = _told(context), list[CaseFault]()
    names = {code: _is_true(code, *known, told) for code, known in actors_of(context.session.execute).items()}
    former, events, removed, seen = sha256(), 0, 0, set[int]()
    stored = {row["case_id"]: row for row in projections(context)}
    for case_id, log in logs(context):
        seen.add(case_id)
        row = stored.get(case_id)
        faults = [*_chain_faults(log, row, told, names), *_told_faults(log, told.digests.get(case_id, {}), told)]
        found += [CaseFault(case_id, one) for one in faults or _projection_faults(context, log, row)]
        former = _with_former(former, log, told)
        events, removed = events + len(log), removed + sum(_count_gone(one) for one in log)
        on_progress(len(log))
    gone = {*told.digests, *stored} - seen
    found += [CaseFault(number, LogFault(Damage.CASE_REMOVED, None)) for number in sorted(gone)]
    if told.chained is not None and former.hexdigest() != told.chained["digest"]:
        fault = LogFault(Damage.OTHER_THAN_TOLD, None, told.chained["digest"], former.hexdigest())
        found.append(CaseFault(None, fault))
    return LogCheck(len(seen), events, removed, tuple(found))


def count_events(context: Context) -> int:
    """Count the events of all cases."""
    return context.session.scalar(select(func.count()).select_from(CaseEvent)) or 0


def _chain_faults(
    log: Sequence[Any], row: Mapping[str, Any] | None, told: _Told, names: Mapping[str, bool]
) -> Iterator[LogFault]:
    case = case_name(row["case_type"] if row else "", log[0].case_id)
    links = []
    for one in log:
        whole = _whole(one, told)
        if whole is None:
            yield LogFault(Damage.REMOVED_UNTOLD if one.remainder else Damage.CHANGED, one.sequence)
            whole = ""
        if not names.get(one.actor, False):
            yield LogFault(Damage.RENAMED, one.sequence, one.actor, str(one.name))
        placed = case, one.sequence, one.at, one.actor, one.action, one.is_platform
        links.append(Link(*placed, whole, one.pieces, one.previous_digest, one.digest))
    yield from faults_in(links)


def _whole(one: Any, told: _Told) -> str | None:
    """Give the digest of what an event said, if all that is left of it is as it was; None if it is not."""
    said = said_in(one.details, one.opening)
    if one.remainder is None:
        return whole_of(one.salt, said) if one.salt else None
    if one.salt is not None:
        return None
    try:
        kept, pieces = read_remainder(one.remainder), list(pieces_of(said))
        if remaining_root(kept, pieces) != one.pieces:
            return None
    except ValueError:
        return None
    asked = {number: told.removed.get((one.event_id, number)) for number in kept.gone}
    if any(request is None or pieces[number][1] != mark_of(request) for number, request in asked.items()):
        return None
    return kept.whole


def _told_faults(log: Sequence[Any], digests: Mapping[int, str], told: _Told) -> Iterator[LogFault]:
    former = int(told.chained["last"]) if told.chained else 0
    for one in log:
        expected = digests.get(one.sequence)
        if expected is None and one.event_id > former:
            yield LogFault(Damage.UNTOLD, one.sequence, "", one.digest)
        elif expected not in (None, one.digest):
            yield LogFault(Damage.OTHER_THAN_TOLD, one.sequence, str(expected), one.digest)
    last = max(one.sequence for one in log)
    if max(digests, default=0) > last:
        yield LogFault(Damage.TAIL_REMOVED, last, str(max(digests)), str(last))


def _projection_faults(context: Context, log: Sequence[Any], row: Mapping[str, Any] | None) -> Iterator[LogFault]:
    if row is None:
        yield LogFault(Damage.PROJECTION, None, "case_id", "")
        return
    try:
        fresh = projected(context, row["case_type"], log)
    except (InvalidData, NotFound, KeyError, TypeError):
        yield LogFault(Damage.UNREADABLE, None)
        return
    for name, value in fresh.items():
        if row[name] != value:
            yield LogFault(Damage.PROJECTION, None, name, str(row[name]))


def _told(context: Context) -> _Told:
    told, entries = _Told(), AUDIT_ENTRIES.c
    wanted = select(entries.action, entries.subject, entries.details).where(entries.action.in_(TELLING))
    for row in context.session.execute(wanted.order_by(entries.entry_id)):
        if row.action == CHAINED:
            told.chained = row.details
        elif row.action == REMOVAL:
            request = int(row.details["request"])
            told.erased |= dict.fromkeys(row.details.get("actors", ()), request)
            told.removed |= {(e, piece): request for e, *pieces in row.details.get("cases", ()) for piece in pieces}
        elif "digest" in row.details:
            told.digests.setdefault(int(row.subject), {})[int(row.details["sequence"])] = row.details["digest"]
    return told


def _is_true(code: str, name: str, salt: str | None, told: _Told) -> bool:
    if salt is None:
        return code in told.erased and is_mark(name, told.erased[code])
    return code_under(salt, name) == code


def _with_former(former: Any, log: Sequence[Any], told: _Told) -> Any:
    last = int(told.chained["last"]) if told.chained else 0
    for one in log:
        if one.event_id <= last:
            former.update(one.digest.encode())
    return former


def _count_gone(one: Any) -> int:
    try:
        return len(read_remainder(one.remainder).gone) if one.remainder else 0
    except ValueError:
        return 0
