"""Whether the ledger is as it was written, and every balance the fold of its events.

Each event is held against its own digest, the one before, its place, its chain's head and what the audit trail noted;
its entries must add up to nought; what an incident's events say must follow on each other; accounts and terms must be
those of which they were made. What was removed on request is told as that where the trail says so.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from tiffin.capabilities.liability.domain.ledger_check import CityCheck, Fault, FaultKind, LedgerCheck
from tiffin.capabilities.liability.domain.ledger_posting import once_of
from tiffin.capabilities.liability.domain.ledger_terms import digest_of_terms
from tiffin.capabilities.liability.service import ledger_raw as raw
from tiffin.capabilities.liability.service.ledger_accounts import Owner, code_under
from tiffin.capabilities.liability.service.ledger_reading import STATED
from tiffin.capabilities.liability.service.ledger_sealing import values_of
from tiffin.capabilities.liability.service.ledger_writing import reason_digest
from tiffin.engines.ledger.chain import FIRST_DIGEST, Link, Walk
from tiffin.engines.ledger.entries import Entry, imbalance_of, is_house, net_of
from tiffin.engines.ledger.events import Event, Kind, Subject, follow
from tiffin.runtime.audit_marks import is_mark, mark_of
from tiffin.runtime.audit_reading import one_moment

FAULTS_TOLD = 100
"""How many faults are told one by one."""

_ANY_TIME = datetime.min.replace(tzinfo=UTC)


def check_ledger(engine: Engine, *, on_progress: Callable[[int], None] = lambda _: None) -> LedgerCheck:
    """Check the whole ledger as it stands at this moment.

    Parameters
    ----------
    on_progress : callable
        Told how many events were checked since it was last told.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    with one_moment(engine) as connection:
        looking = _Looking(connection)
        cities = tuple(_check_city(connection, city, looking, on_progress) for city in raw.cities_in(connection))
        looking.end()
    found = looking.faults
    return LedgerCheck(cities, tuple(found[:FAULTS_TOLD]), len(found), looking.removed)


@dataclass(slots=True)
class _Looking:
    """What is known of the whole ledger while one looks through it."""

    connection: Connection
    heads: Mapping[str, tuple[int, str]] = field(init=False)
    anchors: Mapping[str, Mapping[int, str]] = field(init=False)
    removals: raw.Removals = field(init=False)
    terms: set[str] = field(init=False)
    parties: Mapping[str, Any] = field(init=False)
    seen: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    removed: int = 0

    def __post_init__(self) -> None:
        self.heads = raw.heads_in(self.connection)
        self.anchors = raw.anchors_in(self.connection)
        self.removals = raw.removals_in(self.connection)
        self.parties = raw.parties_in_ledger(self.connection)
        bodies = raw.terms_in(self.connection)
        self.terms = {digest for digest, body in bodies.items() if digest_of_terms(body) == digest}

    def tell(self, kind: FaultKind, city_id: str, number: int | None = None, told: object = "") -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(kind, city_id, number, str(told)))

    def end(self) -> None:
        """Check whom the accounts mean that were met, and that no entry is left over."""
        for account, city_id in sorted(self.seen.items()):
            if not self._is_named(account):
                self.tell(FaultKind.RENAMED, city_id, None, account)
        if raw.orphans_in(self.connection):
            self.tell(FaultKind.UNCHAINED, "", None, "entries")

    def _is_named(self, account: str) -> bool:
        row = self.parties.get(account)
        if row is None:
            return False
        if row.salt is not None:
            return account == _account_of(row)
        request = self.removals.parties.get(account, 0)
        self.removed += bool(request)
        return bool(request) and is_mark(row.party_id, request)


def _account_of(row: Any) -> str | None:
    kind = next((one for one in STATED if one.value == row.kind), None)
    return code_under(row.salt, Owner(kind, row.city_id, row.party_id)) if kind else None


def _check_city(
    connection: Connection, city_id: str, looking: _Looking, on_progress: Callable[[int], None]
) -> CityCheck:
    walk = Walk(looking.anchors.get(city_id, {}))
    subjects: dict[str, Subject] = defaultdict(Subject)
    for event in raw.events_in(connection, city_id):
        _check_event(event, walk, subjects, looking)
        on_progress(1)
    for flaw in walk.end(looking.heads.get(city_id)):
        looking.tell(FaultKind(flaw.value), city_id)
    if raw.loose_in(connection, city_id):
        looking.tell(FaultKind.UNCHAINED, city_id)
    return CityCheck(city_id, walk.count, walk.digest if walk.count else FIRST_DIGEST)


def _check_event(event: raw.RawEvent, walk: Walk, subjects: Mapping[str, Subject], looking: _Looking) -> None:
    row, city_id, number = event.row, event.row["city_id"], event.row["number"]
    lines = [(account, unit, amount) for _, account, unit, amount, _ in event.lines]
    link = Link(number, values_of(row, lines), row["previous_digest"] or "", row["digest"] or "")
    for flaw in walk.over(link):
        looking.tell(FaultKind(flaw.value), city_id, number, row["verdict_id"])
    entries = tuple(Entry(*line) for line in lines)
    if not _are_lines_sound(event, entries):
        looking.tell(FaultKind.EDITED, city_id, number, row["verdict_id"])
    if imbalance_of(entries):
        looking.tell(FaultKind.UNBALANCED, city_id, number, row["verdict_id"])
    if not _follows(row, entries, subjects):
        looking.tell(FaultKind.DISORDERED, city_id, number, row["incident_key"])
    if row["terms"] not in looking.terms:
        looking.tell(FaultKind.TERMS_CHANGED, city_id, number, row["terms"])
    if not _is_reason_sound(row, looking):
        looking.tell(FaultKind.REASON_GONE, city_id, number, row["verdict_id"])
    looking.seen |= {one.account: city_id for one in entries if not is_house(one.account)}


def _are_lines_sound(event: raw.RawEvent, entries: tuple[Entry, ...]) -> bool:
    """Tell whether lines are numbered without gaps, and carry what no two may have alike where they must."""
    row = event.row
    is_posted = row["kind"] == Kind.POSTED.value
    return all(
        line == place
        and once == (once_of(row["decision"], row["follows"], entry) if is_posted and not is_house(account) else None)
        for place, ((line, account, _, _, once), entry) in enumerate(zip(event.lines, entries, strict=True), 1)
    )


def _follows(row: Mapping[str, Any], entries: tuple[Entry, ...], subjects: Mapping[str, Subject]) -> bool:
    subject = subjects[row["incident_key"]]
    try:
        told = Event(
            row["incident_key"],
            row["sequence"],
            Kind(row["kind"]),
            row["verdict_id"],
            _ANY_TIME,
            entries,
            row["decision"],
            row["follows"],
        )
        follow(subject, told)
    except ValueError:
        return False
    posting = subject.postings[told.posting]
    return not posting.is_reversed or not net_of(posting.entries)


def _is_reason_sound(row: Mapping[str, Any], looking: _Looking) -> bool:
    if row["reason_salt"] is not None:
        return bool(reason_digest(row["reason_salt"], row["reason"]) == row["reason_digest"])
    request = looking.removals.reasons.get(row["event_id"], 0)
    looking.removed += bool(request)
    return bool(request) and row["reason"] == mark_of(request)
