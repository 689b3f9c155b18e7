"""Disputes: opened by a party about a verdict, talked about in one thread, settled or decided, and booked."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import CaseDetail, NewCase, TrailEntry
from tiffin.capabilities.cases.domain.dispute_cases import DISPUTE
from tiffin.capabilities.cases.service import act_as, act_for_platform, guided_case, open_case
from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.capabilities.cases.service.effects_now import do_at_once
from tiffin.capabilities.liability.domain.appeals import party_id_of
from tiffin.capabilities.liability.domain.disputes import (
    PARTIES,
    Terms,
    agrees_by_itself,
    offer_of,
    settled_verdict,
    terms_in,
    terms_said,
    who_must_agree,
)
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.disputes import DisputeRecord
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.appeal_independence import excluded_from
from tiffin.capabilities.liability.service.appeals import appeal_of
from tiffin.capabilities.liability.service.dispute_places import paid_for
from tiffin.capabilities.liability.service.dispute_records import (
    PARTY,
    Dispute,
    dispute_from,
    events_in,
    own_party,
    record_of,
    roles_of,
    seen_record,
)
from tiffin.capabilities.liability.service.dispute_telling import KINDS, Happened, tell_parties
from tiffin.capabilities.liability.service.ledger_terms import terms_on
from tiffin.capabilities.liability.service.verdicts import (
    add_verdicts,
    latest,
    next_verdict_id,
    seen_verdict,
    within_sight,
)
from tiffin.engines.cases.declaration import EXCLUDED
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import RIDER_LOCALES, mark, translate
from tiffin.runtime.markets import find_market

HEADLINE = mark("Dispute about order {order}")
AGREED = mark("The parties agreed on this in a dispute.")
DECIDED = mark("Decided in a dispute: {reason}")
LONGEST = 4000
_AGREED_ROW, _DECIDED_ROW = "agreed", "decided"


def open_dispute(context: Context, verdict_id: str, statement: str, *, party: Party | None = None) -> Dispute:
    """Open a dispute about what a verdict says, for all parties of the order; opened again, the open one is given.

    Parameters
    ----------
    party : Party or None
        On whose behalf support opens it; a party opens its own.

    Raises
    ------
    NotFound
        There is no such verdict that the actor may see.
    Forbidden
        He is neither a party of the order nor support.
    Conflict
        An appeal against the verdict is open: that is decided first.
    WrongUse
        Nothing is said, or nobody is there to disagree with.
    """
    verdict = seen_verdict(context, verdict_id)
    standing = latest(context, verdict.incident.key) or verdict
    opener = _opener(context, standing, party)
    known = _open_record(context, standing.incident.key)
    if known is not None:
        return dispute_from(context, known)
    people = {one.value: found for one in PARTIES for found in (party_id_of(standing, one),) if found}
    _check(context, standing, statement, people)
    record = _opened(context, standing, opener, statement.strip(), people)
    return dispute_from(context, record)


def act(
    context: Context,
    case_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    party: Party | None = None,
    version: int | None = None,
) -> Dispute:
    """Say, propose, accept, reject, ask for a person, decide or drop.

    Parameters
    ----------
    party : Party or None
        On whose behalf support acts.

    Raises
    ------
    NotFound
        There is no such dispute that the actor may see.
    Forbidden
        It is not his to do.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        What is said is not whole.
    """
    record = seen_record(context, case_id)
    said = dict(values or {})
    held = roles_of(context, record)
    wanted = {role for one in DISPUTE.transitions if one.action == action for role in one.roles}
    role = next(iter(sorted(held & wanted)), None)
    if role is None:
        raise Forbidden(Message("{name} may look at this dispute and not do that.", name=context.actor.name))
    before = latest(context, record.incident_key)
    if role == PARTY:
        said["party"] = _acting_party(context, record, party).value
    if action in ("propose", "decide_dispute"):
        said |= _terms(context, record, said).values
    stood = guided_case(context, case_id).summary.version
    act_as(context, case_id, action, said, role=role, version=version)
    do_at_once(context, case_id, HANDLERS, after=stood)
    if action in ("propose", "accept") and before is not None:
        _settle_when_agreed(context, record, before)
    return dispute_from(context, record)


def show_dispute(context: Context, case_id: int) -> Dispute:
    """Give a dispute by the number of its case.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    return dispute_from(context, seen_record(context, case_id))


def disputes_of(context: Context, party: PartyAccount) -> tuple[Dispute, ...]:
    """List the disputes in which a rider, merchant or customer is, the newest first."""
    wanted = select(DisputeRecord).where(DisputeRecord.city_id == party.city_id)
    rows = context.session.scalars(wanted.order_by(DisputeRecord.dispute_id.desc())).all()
    mine = [one for one in rows if one.parties.get(party.kind) == party.party_id]
    return tuple(dispute_from(context, one) for one in mine if own_party(context, one) or roles_of(context, one))


def list_disputes(context: Context, *, is_open: bool | None = True, limit: int = 200) -> tuple[Dispute, ...]:
    """List the disputes of the places that the actor sees; open ones with what is due first first."""
    wanted = select(DisputeRecord).where(within_sight(context, DisputeRecord.city_id, DisputeRecord.country))
    if is_open is not None:
        wanted = wanted.where(DisputeRecord.ended_at.is_(None) if is_open else DisputeRecord.ended_at.is_not(None))
    rows = context.session.scalars(wanted.order_by(DisputeRecord.dispute_id.desc()).limit(limit)).all()
    found = [dispute_from(context, one) for one in rows]
    if is_open:
        found.sort(key=lambda one: (one.state != "with_person", one.due_at is None, one.due_at, one.case_id))
    return tuple(found)


def _opener(context: Context, verdict: Verdict, party: Party | None) -> Party:
    own = context.actor.party
    if own is not None:
        return Party(own.kind)
    if party is None:
        raise WrongUse(Message("Say on whose behalf the dispute is opened: customer, merchant or rider."))
    if not context.actor.may_see_city(country=verdict.incident.country, city_id=verdict.incident.city_id):
        raise Forbidden(Message("{name} may open no dispute in this place.", name=context.actor.name))
    return party


def _acting_party(context: Context, record: DisputeRecord, party: Party | None) -> Party:
    found = own_party(context, record) or party
    if found is None or found.value not in record.parties:
        raise WrongUse(Message("Say for which party of the dispute you act: {known}.", known=", ".join(record.parties)))
    return found


def _open_record(context: Context, incident_key: str) -> DisputeRecord | None:
    wanted = select(DisputeRecord).where(DisputeRecord.incident_key == incident_key, DisputeRecord.ended_at.is_(None))
    return context.session.scalars(wanted).first()


def _check(context: Context, verdict: Verdict, statement: str, people: Mapping[str, str]) -> None:
    said = statement.strip()
    if not said or len(said) > LONGEST:
        raise WrongUse(
            Message("Say in your own words what is not right, in up to {count} letters; found {found}.",
                    count=LONGEST, found=len(said))
        )  # fmt: skip
    if len(people) < 2:  # noqa: PLR2004 - it takes two
        raise WrongUse(Message("The facts of the order name nobody else to disagree with. Lodge an appeal instead."))
    appeal = appeal_of(context, verdict.verdict_id)
    if appeal is not None and appeal.settled_at is None:
        raise Conflict(
            Message("An appeal against this verdict is open. It is decided first, then a dispute is possible.")
        )


def _opened(
    context: Context, verdict: Verdict, opener: Party, statement: str, people: Mapping[str, str]
) -> DisputeRecord:
    incident = verdict.incident
    number = len(
        context.session.scalars(
            select(DisputeRecord.dispute_id).where(DisputeRecord.incident_key == incident.key)
        ).all()
    )
    excluded = excluded_from(context, verdict, lodged_by=context.actor.name)
    new = NewCase(
        case_type=DISPUTE.name,
        key=f"{incident.key}|{number + 1}",
        headline=HEADLINE,
        values={"order": incident.order_id, "statement": statement, "party": opener.value, EXCLUDED: sorted(excluded)},
        country=incident.country,
        city_id=incident.city_id,
        subject=incident.order_id[:128],
    )
    market = find_market(incident.country, context.workspace.overlay("markets"))
    record = DisputeRecord(
        case_id=open_case(context, new).case_id,
        incident_key=incident.key,
        city_id=incident.city_id,
        country=incident.country,
        order_id=incident.order_id,
        opened_by=opener.value,
        parties=dict(people),
        most_minor=paid_for(context, verdict),
        currency=market.currency,
        opened_at=context.now,
    )
    context.session.add(record)
    context.session.flush()
    audit.record(context, action="dispute_opened", subject=str(record.case_id), details={"incident": incident.key})
    return record


def _terms(context: Context, record: DisputeRecord, said: Mapping[str, Any]) -> Terms:
    today = terms_on(context.workspace, record.country, context.now.date())
    return terms_said(said, most=record.most_minor, rider_may_pay=today.of(Party.RIDER).money.is_allowed)


def _settle_when_agreed(context: Context, record: DisputeRecord, before: Verdict) -> None:
    offer = offer_of(events_in(guided_case(context, record.case_id)))
    if offer is None or not agrees_by_itself(offer.terms, before):
        return
    needed = who_must_agree(offer.terms, [Party(one) for one in record.parties], before)
    if {one.value for one in needed} <= offer.accepted:
        stood = guided_case(context, record.case_id).summary.version
        act_for_platform(context, record.case_id, "settle_dispute", {})
        do_at_once(context, record.case_id, HANDLERS, after=stood)


def _book(context: Context, effect: Effect) -> None:
    """Let a verdict that says what was agreed or decided stand in the place of the one before."""
    record, case = record_of(context, effect.case_id), guided_case(context, effect.case_id)
    before = latest(context, record.incident_key)
    event = next(one for one in case.trail if one.sequence == effect.sequence)
    is_agreed = event.action == "settle_dispute"
    offer = offer_of(events_in(case))
    if before is None or (is_agreed and offer is None):
        message = f"dispute {record.case_id} has nothing to book"
        raise AssertionError(message)
    values = event.values
    terms = offer.terms if is_agreed and offer else terms_in(values)
    text, filled = (AGREED, {}) if is_agreed else (DECIDED, {"reason": str(values.get("reason", ""))})
    new = settled_verdict(
        before,
        terms,
        verdict_id=next_verdict_id(context, record.incident_key),
        reason={locale: translate(locale, text, **filled) for locale in RIDER_LOCALES},
        by=event.actor if not is_agreed else context.actor.name,
        at=context.now,
        row=_AGREED_ROW if is_agreed else _DECIDED_ROW,
        currency=record.currency,
    )
    add_verdicts(context, (new,))
    ledger.replace(context, before.verdict_id, new)
    record.verdict_id, record.ended_at = new.verdict_id, context.now
    context.session.flush()


def _tell(context: Context, effect: Effect) -> None:
    """Keep when a dispute ended, and tell its parties of what was proposed, settled or decided."""
    record, case = record_of(context, effect.case_id), guided_case(context, effect.case_id)
    if case.summary.closed_at is not None and record.ended_at is None:
        record.ended_at = case.summary.closed_at
        context.session.flush()
    event = next(one for one in case.trail if one.sequence == effect.sequence)
    verdict = latest(context, record.incident_key)
    if verdict is not None and event.action in KINDS:
        tell_parties(context, verdict, tuple(Party(one) for one in record.parties), _happened(case, effect, event))


def _happened(case: CaseDetail, effect: Effect, event: TrailEntry) -> Happened:
    until_now = tuple(one for one in events_in(case) if one.sequence <= event.sequence)
    offer = offer_of(until_now)
    terms = terms_in(event.values) if event.action != "settle_dispute" or offer is None else offer.terms
    said = event.values
    return Happened(
        action=event.action,
        terms=terms,
        by=str(said.get("party", "")),
        reason=str(said.get("reason", "")),
        until=case.clocks.get("proposal"),
        occasion=f"dispute.{effect.case_id}.{effect.sequence}",
    )


HANDLERS: Handlers = {f"{DISPUTE.name}.book": _book, f"{DISPUTE.name}.tell": _tell}
"""What brings about each effect of a dispute."""
