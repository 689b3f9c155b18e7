"""Disputes in the database: found, and only by those who may see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.disputes import Offer, Terms, offer_of, terms_in
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.disputes import DisputeRecord
from tiffin.engines.cases.declaration import Transition
from tiffin.engines.cases.folding import Event
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

PARTY, OPENER = "party", "opener"
JUDGES = (Role.ADJUDICATOR, Role.REVIEWER, Role.EXPERIENCE_MANAGER)
_SAID = {"say", "propose", "accept", "reject", "ask_person", "drop", "decide_dispute", "settle_dispute",
         "proposal_lapsed", "talks_ended"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said or done in a dispute, as the parties read it.

    Parameters
    ----------
    by : str
        The kind of party; ``person`` for people who decide, ``platform`` for what happened by itself. Names are told
        to nobody.
    terms : Terms or None
        What was proposed or decided.
    """

    at: datetime
    by: str
    action: str
    text: str
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute as whoever may see it reads it."""

    case_id: int
    incident_key: str
    city_id: str
    country: str
    order_id: str
    opened_by: Party
    parties: tuple[Party, ...]
    state: str
    currency: str
    most_minor: int
    offer: Offer | None
    thread: tuple[Line, ...]
    due_at: datetime | None
    ended_at: datetime | None
    verdict_id: str | None
    version: int
    actions: tuple[Transition, ...]


def record_of(context: Context, case_id: int) -> DisputeRecord:
    """Find a dispute by its case, whoever asks.

    Raises
    ------
    NotFound
        There is none.
    """
    found = context.session.scalar(select(DisputeRecord).where(DisputeRecord.case_id == case_id))
    if found is None:
        raise no_dispute(case_id)
    return found


def seen_record(context: Context, case_id: int) -> DisputeRecord:
    """Find a dispute that the actor may see: his own, or one of a place that a grant of his opens as a whole.

    Raises
    ------
    NotFound
        There is none, or he may not see it.
    """
    found = record_of(context, case_id)
    if own_party(context, found) is None and not roles_here(context, found):
        raise no_dispute(case_id)
    return found


def own_party(context: Context, record: DisputeRecord) -> Party | None:
    """Tell as which party the actor is in a dispute; None where he is none of them."""
    party = context.actor.party
    if party is None or party.city_id != record.city_id or record.parties.get(party.kind) != party.party_id:
        return None
    return Party(party.kind)


def roles_here(context: Context, record: DisputeRecord) -> frozenset[str]:
    """Give the roles of somebody who works here over a dispute's place; none of narrow grants."""
    if not context.actor.may_see_city(country=record.country, city_id=record.city_id):
        return frozenset()
    return roles_over(context.actor, country=record.country, city_id=record.city_id)


def roles_of(context: Context, record: DisputeRecord) -> frozenset[str]:
    """Give what the actor is to a dispute: a party, its opener, support on behalf of a party, or who decides."""
    own = own_party(context, record)
    if own is not None:
        return frozenset({PARTY, OPENER} if own.value == record.opened_by else {PARTY})
    held = roles_here(context, record)
    found = {role.value for role in JUDGES if role.value in held}
    return frozenset(found | {PARTY} if Role.SUPPORT in held else found)


def dispute_from(context: Context, record: DisputeRecord) -> Dispute:
    """Give a dispute with its thread and what the actor may do."""
    case = guided_case(context, record.case_id, roles=roles_of(context, record))
    return Dispute(
        case_id=record.case_id,
        incident_key=record.incident_key,
        city_id=record.city_id,
        country=record.country,
        order_id=record.order_id,
        opened_by=Party(record.opened_by),
        parties=tuple(Party(name) for name in record.parties),
        state=case.summary.state,
        currency=record.currency,
        most_minor=record.most_minor,
        offer=offer_of(events_in(case)),
        thread=_thread(record, case),
        due_at=case.summary.due_at,
        ended_at=record.ended_at,
        verdict_id=record.verdict_id,
        version=case.summary.version,
        actions=case.actions,
    )


def events_in(case: CaseDetail) -> tuple[Event, ...]:
    """Give the trail of a case as events."""
    return tuple(Event(one.sequence, one.at, one.actor, one.action, one.values) for one in case.trail)


def no_dispute(case_id: int) -> NotFound:
    """Say that there is no such dispute for the reader."""
    return NotFound(Message("There is no dispute {number} that you may see.", number=case_id))


def _thread(record: DisputeRecord, case: CaseDetail) -> tuple[Line, ...]:
    first = Line(case.trail[0].at, record.opened_by, "say", str(case.values.get("statement", "")))
    return (first, *(_line(one.at, one.action, one.values) for one in case.trail[1:] if one.action in _SAID))


def _line(at: datetime, action: str, values: object) -> Line:
    said = values if isinstance(values, dict) else {}
    by = {"decide_dispute": "person"}.get(action, str(said.get("party") or "platform"))
    terms = terms_in(said) if action in ("propose", "decide_dispute") else None
    return Line(at, by, action, str(said.get("text") or said.get("reason") or ""), terms)
