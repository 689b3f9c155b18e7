"""Whether the ledger is as it was written, and every balance the fold of its events.

Each event is held against its own digest, the one before, its place, its chain's head and what the audit trail noted;
its entries must add up to nought; what an incident's events say must follow on each other; accounts and terms must be
those of which they were made. What was removed on request is told as that where the trail says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from tiffin.capabilities.liability.domain.ledger_check import CityCheck, Fault, FaultKind, LedgerCheck
from tiffin.capabilities.liability.domain.ledger_terms import digest_of_terms
from tiffin.capabilities.liability.service import ledger_raw as raw
from tiffin.capabilities.liability.service.ledger_accounts import Owner, code_under
from tiffin.capabilities.liability.service.ledger_reading import STATED
from tiffin.capabilities.liability.service.ledger_sealing import VALUES
from tiffin.capabilities.liability.service.ledger_writing import reason_digest
from tiffin.engines.ledger.chain import FIRST_DIGEST, SEPARATOR, Link, Walk
from tiffin.engines.ledger.entries import is_house
from tiffin.engines.ledger.tallying import Tally, is_balanced, read_line
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_marks import is_mark, mark_of
from tiffin.runtime.audit_reading import one_moment
from tiffin.runtime.context import Context

FAULTS_TOLD = 100
"""How many faults are told one by one."""

TOLD_EACH = 100
LINE_FEED = "\n"


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


def require_checker(context: Context) -> None:
    """Let only those check the ledger who answer for all of the platform.

    Raises
    ------
    Forbidden
        The actor is neither steward nor auditor of everything.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD, Role.AUDITOR):
        raise Forbidden(Message("The ledger is checked by stewards and auditors of all countries."))


def count_events(context: Context) -> int:
    """Count all events of the ledger, for a progress bar."""
    return raw.count_in(context.session.connection())


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


class _Ways(NamedTuple):
    """What goes along a city's chain."""

    walk: Walk
    tally: Tally
    looking: _Looking


def _check_city(
    connection: Connection, city_id: str, looking: _Looking, on_progress: Callable[[int], None]
) -> CityCheck:
    walk = Walk(looking.anchors.get(city_id, {}))
    tally = Tally()
    for event, lines in raw.events_in(connection, city_id):
        _check_event(city_id, event, lines, _Ways(walk, tally, looking))
        if walk.count % TOLD_EACH == 0:
            on_progress(TOLD_EACH)
    if any(tally.totals.values()):
        looking.tell(FaultKind.UNBALANCED, city_id)
    looking.seen |= {account: city_id for account, _ in tally.balances if not is_house(account)}
    for flaw in walk.end(looking.heads.get(city_id)):
        looking.tell(FaultKind(flaw.value), city_id)
    if raw.loose_in(connection, city_id):
        looking.tell(FaultKind.UNCHAINED, city_id)
    return CityCheck(city_id, walk.count, walk.digest if walk.count else FIRST_DIGEST)


def _check_event(city_id: str, event: raw.RawEvent, written: list[str], ways: _Ways) -> None:
    walk, tally, looking = ways
    link = Link(
        event.number,
        f"{event.text}{SEPARATOR}{LINE_FEED.join(written)}",
        VALUES,
        event.previous_digest or "",
        event.digest or "",
    )
    for flaw in walk.over(link):
        looking.tell(FaultKind(flaw.value), city_id, event.number, event.verdict_id)
    lines = [one for one in map(read_line, written) if one is not None]
    if len(lines) != len(written):
        looking.tell(FaultKind.EDITED, city_id, event.number, event.verdict_id)
    if not is_balanced(lines):
        looking.tell(FaultKind.UNBALANCED, city_id, event.number, event.verdict_id)
    if not tally.take(event.incident_key, event.sequence, event.kind, event.verdict_id, lines):
        looking.tell(FaultKind.DISORDERED, city_id, event.number, event.incident_key)
    if event.terms not in looking.terms:
        looking.tell(FaultKind.TERMS_CHANGED, city_id, event.number, event.terms)
    if not _is_reason_sound(event, looking):
        looking.tell(FaultKind.REASON_GONE, city_id, event.number, event.verdict_id)


def _is_reason_sound(event: raw.RawEvent, looking: _Looking) -> bool:
    if event.reason_salt is not None:
        return reason_digest(event.reason_salt, event.reason) == event.reason_digest
    request = looking.removals.reasons.get(event.event_id, 0)
    looking.removed += bool(request)
    return bool(request) and event.reason == mark_of(request)
