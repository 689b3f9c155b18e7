"""A rider's, merchant's or customer's own affairs: what was decided about him, what he is asked, what he can do.

Everything here is about the party of the actor's own account, whose name comes from nowhere else: no address and no
form says of whom something is read or done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.domain.media import media_type_of
from tiffin.capabilities.cases.service import act_as, guided_case
from tiffin.capabilities.cases.service.evidence import attach, evidence_of
from tiffin.capabilities.liability.domain.appeals import Appeal, concerns
from tiffin.capabilities.liability.domain.ledger import Balance, Statement
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service import appeal_acting, appeals
from tiffin.capabilities.liability.service.appeal_rules import local_day, rules_of
from tiffin.capabilities.liability.service.ledger import balance, statement
from tiffin.capabilities.liability.service.ledger_places import city_of
from tiffin.capabilities.liability.service.verdicts import no_verdict, verdict_of
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime import audit
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.context import Context
from tiffin.runtime.markets import UNKNOWN
from tiffin.runtime.party_accounts import choose_locale

LONGEST = 4000
"""Letters of what somebody writes."""
STATED_DAYS = 180
"""So many days back a statement reaches."""
WAITING = "waiting_for_evidence"
PHOTO = "photo"
ASKED_AMONG = 100
"""Newest incidents among which somebody may still be asked something; a question lapses after two days."""
MINE = {
    "rider": IncidentRecord.rider_id,
    "merchant": IncidentRecord.merchant_id,
    "customer": IncidentRecord.customer_id,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One decision as it concerns the party.

    Parameters
    ----------
    appeal : Appeal or None
        The party's own appeal against it.
    last_day : date
        Last day of the city on which an appeal can be lodged.
    may_appeal : bool
        It puts something on the party, no appeal was lodged, and the last day is not over.
    actions : tuple of str
        What the party can do with its appeal now.
    said : tuple of str
        What the party wrote in its appeal, the oldest first.
    files : int
        How many files it added.
    """

    verdict: Verdict
    party: Party
    appeal: Appeal | None
    last_day: date
    may_appeal: bool
    actions: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    files: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether the party's appeal is not settled."""
        return self.appeal is not None and self.appeal.settled_at is None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the party is asked about an order before anything is decided.

    Parameters
    ----------
    due_at : datetime or None
        Until when an answer counts, UTC.
    """

    case_id: int
    order_id: str
    incident: str
    text: str
    due_at: datetime | None


def own_party(context: Context) -> PartyAccount:
    """Give whose affairs the actor looks after.

    Raises
    ------
    Forbidden
        He works here, and has no page of his own.
    """
    if context.actor.party is None:
        raise Forbidden(Message("This page is for riders, merchants and customers; your account is none of theirs."))
    return context.actor.party


def country_of(context: Context, party: PartyAccount) -> str:
    """Give the country of a party's place: as the facts tell, or as an incident of its own does."""
    try:
        return city_of(context, party.city_id).country
    except NotFound:
        mine = (IncidentRecord.city_id == party.city_id, MINE[party.kind] == party.party_id)
        return context.session.scalar(select(IncidentRecord.country).where(*mine).limit(1)) or UNKNOWN


def own_matters(context: Context, *, limit: int = 50) -> tuple[Matter, ...]:
    """List what was decided about the party and stands, the newest first."""
    party = own_party(context)
    newest = (
        select(VerdictRecord.incident_key, func.max(VerdictRecord.number).label("number"))
        .join(IncidentRecord, IncidentRecord.incident_key == VerdictRecord.incident_key)
        .where(IncidentRecord.city_id == party.city_id, MINE[party.kind] == party.party_id)
        .group_by(VerdictRecord.incident_key)
        .subquery()
    )
    same = (VerdictRecord.incident_key == newest.c.incident_key) & (VerdictRecord.number == newest.c.number)
    wanted = select(VerdictRecord.verdict_id).join(newest, same).order_by(VerdictRecord.decided_at.desc()).limit(limit)
    return tuple(_matter(context, verdict_of(context, name)) for name in context.session.scalars(wanted).all())


def own_matter(context: Context, verdict_id: str) -> Matter:
    """Give one decision about the party.

    Raises
    ------
    NotFound
        There is none of that name that concerns the actor.
    """
    party, verdict = own_party(context), verdict_of(context, verdict_id)
    named = {"rider": verdict.incident.rider_id, "merchant": verdict.incident.merchant_id}
    named["customer"] = verdict.incident.customer_id
    if (verdict.incident.city_id, named[party.kind]) != (party.city_id, party.party_id):
        raise no_verdict(verdict_id)
    return _matter(context, verdict)


def own_questions(context: Context) -> tuple[Question, ...]:
    """List what the party is asked and has not answered."""
    party = own_party(context)
    mine = (IncidentRecord.city_id == party.city_id, MINE[party.kind] == party.party_id)
    rows = context.session.scalars(
        select(IncidentRecord).where(*mine).order_by(IncidentRecord.reported_at.desc()).limit(ASKED_AMONG)
    )
    found = (_question(context, row, party) for row in rows.all())
    return tuple(one for one in found if one is not None)


def answer(context: Context, case_id: int, text: str, photo: bytes = b"") -> None:
    """Answer a question about an order, in one's own words.

    Parameters
    ----------
    photo : bytes
        A file that shows it; empty without.

    Raises
    ------
    NotFound
        The actor is not asked that.
    WrongUse
        Nothing is said, or too much.
    """
    said = _said(text)
    if case_id not in {one.case_id for one in own_questions(context)}:
        raise NotFound(Message("Nothing is asked of you here, or not any more."))
    _attach(context, case_id, photo)
    # The party has its word as whoever works on the case would note it; that it is asked was checked above.
    act_as(context, case_id, "evidence_came", {"text": said}, role="support")


def lodge(context: Context, verdict_id: str, text: str, photo: bytes = b"") -> Matter:
    """Appeal against a decision.

    Parameters
    ----------
    photo : bytes
        A file that shows why; empty without.

    Raises
    ------
    NotFound
        There is none of that name that concerns the actor.
    Conflict
        It is too late.
    WrongUse
        Nothing is said, or too much.
    """
    own_matter(context, verdict_id)
    _check_photo(photo)
    made = appeals.lodge(context, verdict_id, _said(text))
    _attach(context, made.case_id, photo)
    return own_matter(context, verdict_id)


def add_to_appeal(context: Context, verdict_id: str, action: str, text: str, photo: bytes = b"") -> Matter:
    """Say more in one's appeal, ask for a second look, or take the appeal back.

    Parameters
    ----------
    photo : bytes
        A file that shows it; empty without.

    Raises
    ------
    NotFound
        There is no such decision, or no appeal against it.
    Conflict
        It cannot be done now.
    WrongUse
        Nothing is said, or too much.
    """
    matter = own_matter(context, verdict_id)
    if matter.appeal is None:
        raise NotFound(Message("You have not appealed against this decision."))
    if action not in matter.actions:
        raise Conflict(Message("This cannot be done any more. Look at how it stands now."))
    _check_photo(photo)
    fields = {field.name for one in APPEAL.transitions if one.action == action for field in one.fields}
    appeal_acting.act(context, matter.appeal.case_id, action, dict.fromkeys(fields, _said(text)) if fields else {})
    _attach(context, matter.appeal.case_id, photo)
    return own_matter(context, verdict_id)


def own_balance(context: Context) -> Balance:
    """Tell how the party stands in points and money."""
    party = own_party(context)
    return balance(context, Party(party.kind), party.party_id, party.city_id)


def own_statement(context: Context) -> Statement:
    """Tell what happened on the party's account over the last half year."""
    party = own_party(context)
    today = context.now.date()
    days = Days(today - timedelta(days=STATED_DAYS), today + timedelta(days=1))
    return statement(context, Party(party.kind), party.party_id, party.city_id, days)


def choose_language(context: Context, locale: str) -> None:
    """Be written to in another language from now on.

    Raises
    ------
    Forbidden
        The actor is somebody who works here.
    InvalidData
        There is no such language.
    """
    if choose_locale(context.session, context.actor, locale):
        audit.record(context, action="language_chosen", subject=locale)


def _check_photo(photo: bytes) -> None:
    """Refuse a file that would not be taken before anything else is done."""
    if photo:
        media_type_of(photo)


def _attach(context: Context, case_id: int, photo: bytes) -> None:
    """Add a file to a case that was found to be the party's; what a person sends is sealed for him."""
    if photo:
        party = own_party(context)
        attach(context, case_id, photo, PHOTO, person=party.party_id if party.kind != "merchant" else None)


def _matter(context: Context, verdict: Verdict) -> Matter:
    party, country = Party(own_party(context).kind), verdict.incident.country
    decided_on = local_day(context, country, verdict.decided_at)
    rules = rules_of(context.workspace, country, decided_on)
    last = rules.last_day(decided_on)
    appeal = appeals.appeal_of(context, verdict.verdict_id)
    in_time = local_day(context, country, context.now) <= last
    may = appeal is None and in_time and party in rules.parties and concerns(verdict, party)
    actions, said = _in_hand(context, appeal) if appeal else ((), ())
    files = evidence_of(context, appeal.case_id) if appeal else ()
    own = sum(one.added_by == context.actor.name for one in files)
    return Matter(verdict, party, appeal, last, may, actions, said, own)


def _in_hand(context: Context, appeal: Appeal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell what the party can do with its appeal, and what it wrote so far."""
    case = guided_case(context, appeal.case_id, roles=frozenset({"appellant"}))
    own = [entry for entry in case.trail if entry.actor == context.actor.name]
    texts = [str(case.values.get("statement", ""))]
    texts += [str(entry.values.get(name, "")) for entry in own for name in ("text", "reason")]
    return tuple(one.action for one in case.actions), tuple(text for text in texts if text)


def _question(context: Context, row: IncidentRecord, party: PartyAccount) -> Question | None:
    case = guided_case(context, row.case_id)
    asked = next((one for one in reversed(case.trail) if one.action == "ask_for_evidence"), None)
    if case.summary.state != WAITING or asked is None or asked.values.get("party") != party.kind:
        return None
    text: Any = asked.values.get("text", "")
    return Question(row.case_id, row.order_id, row.incident, str(text), case.clocks.get("evidence"))


def _said(text: str) -> str:
    cleaned = text.strip()
    if not 0 < len(cleaned) <= LONGEST:
        raise WrongUse(Message("Write what you know, in 1 to {count} letters.", count=LONGEST))
    return cleaned


def told_of(matter: Matter) -> Mapping[str, int]:
    """Give what the decision puts on the party: basis points, points, minor units."""
    verdict, party = matter.verdict, matter.party
    money = verdict.compensation_minor if party is Party.CUSTOMER else verdict.recovery_minor.get(party, 0)
    return {"share": verdict.shares.get(party, 0), "points": verdict.points.get(party, 0), "money_minor": money}
