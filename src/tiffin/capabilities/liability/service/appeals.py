"""Appeals: lodged by whom a verdict concerns, moved by the party, by reviewers and by clocks, read by whoever may."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.appeal_effects import OPENING
from tiffin.capabilities.liability.domain.appeals import Appeal, concerns, party_id_of
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service.appeal_acting import act_by_itself, note_if_nobody_is_left
from tiffin.capabilities.liability.service.appeal_independence import excluded_from
from tiffin.capabilities.liability.service.appeal_records import appeal_from, case_of, seen_record
from tiffin.capabilities.liability.service.appeal_rules import check_may_lodge
from tiffin.capabilities.liability.service.verdicts import latest, seen_verdict, within_sight
from tiffin.engines.cases.declaration import EXCLUDED
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINE = mark("Appeal about order {order}")
LONGEST = 4000
"""Letters of a statement."""


def lodge(context: Context, verdict_id: str, statement: str, *, party: Party | None = None) -> Appeal:
    """Lodge an appeal against a verdict; from then on nothing of it acts until the appeal is decided.

    Lodged again, the appeal that is there is given.

    Parameters
    ----------
    statement : str
        Why, in the party's own words.
    party : Party or None
        On whose behalf support lodges it; a party lodges its own.

    Raises
    ------
    NotFound
        There is no such verdict that the actor may see.
    Forbidden
        He is neither the party nor support, or the country gives this party no appeal.
    Conflict
        It is too late, or another verdict holds by now.
    WrongUse
        Nothing is said, or the verdict puts nothing on the party.
    """
    verdict = seen_verdict(context, verdict_id)
    appellant = _appellant(context, verdict, party)
    current = latest(context, verdict.incident.key) or verdict
    known = _known(context, verdict.incident.key, appellant, (verdict_id, current.verdict_id))
    if known is not None:
        return appeal_from(known, case_of(context, known))
    _check(context, verdict, current, appellant, statement)
    record = _opened(context, verdict, current, appellant, statement)
    return appeal_from(record, case_of(context, record))


def appeal_of(context: Context, verdict_id: str) -> Appeal | None:
    """Give the newest appeal against a verdict that the actor may see; None while there is none."""
    wanted = select(AppealRecord).where(
        (AppealRecord.verdict_id == verdict_id) | (AppealRecord.current_verdict_id == verdict_id)
    )
    for record in context.session.scalars(wanted.order_by(AppealRecord.appeal_id.desc())):
        if _may_see(context, record):
            return appeal_from(record, case_of(context, record))
    return None


def appeals_of(context: Context, party: PartyAccount) -> tuple[Appeal, ...]:
    """List the appeals of a rider, merchant or customer that the actor may see, the newest first."""
    wanted = select(AppealRecord).where(
        AppealRecord.city_id == party.city_id,
        AppealRecord.party_kind == party.kind,
        AppealRecord.party_id == party.party_id,
    )
    found = context.session.scalars(wanted.order_by(AppealRecord.appeal_id.desc())).all()
    return tuple(appeal_from(one, case_of(context, one)) for one in found if _may_see(context, one))


def list_appeals(context: Context, *, is_open: bool | None = True, limit: int = 200) -> tuple[Appeal, ...]:
    """List the appeals of the places that the actor sees; open ones with what is due first first."""
    wanted = select(AppealRecord).where(within_sight(context, AppealRecord.city_id, AppealRecord.country))
    if is_open is not None:
        wanted = wanted.where(AppealRecord.settled_at.is_(None) if is_open else AppealRecord.settled_at.is_not(None))
    rows = context.session.scalars(wanted.order_by(AppealRecord.appeal_id.desc()).limit(limit)).all()
    found = [appeal_from(one, case_of(context, one)) for one in rows]
    if is_open:
        found.sort(key=lambda one: (one.reply_due_at is None, one.reply_due_at or one.lodged_at, one.case_id))
    return tuple(found)


def show_appeal(context: Context, case_id: int) -> Appeal:
    """Give an appeal by the number of its case.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    record = seen_record(context, case_id)
    return appeal_from(record, case_of(context, record))


def _may_see(context: Context, record: AppealRecord) -> bool:
    party = context.actor.party
    own = party is not None and (party.kind, party.city_id, party.party_id) == (
        record.party_kind,
        record.city_id,
        record.party_id,
    )
    return own or context.actor.may_see_city(country=record.country, city_id=record.city_id)


def _appellant(context: Context, verdict: Verdict, party: Party | None) -> Party:
    """Tell who appeals: the actor's own party, or the one on whose behalf support acts."""
    own = context.actor.party
    if own is not None:
        return Party(own.kind)
    incident = verdict.incident
    if Role.SUPPORT not in roles_over(context.actor, country=incident.country, city_id=incident.city_id):
        raise Forbidden(
            Message(
                "{name} may not lodge an appeal: that is for whom the verdict concerns, and for support on his behalf.",
                name=context.actor.name,
            )
        )
    if party is None:
        raise WrongUse(Message("Say on whose behalf the appeal is lodged: rider, merchant or customer."))
    return party


def _known(context: Context, incident_key: str, party: Party, verdict_ids: tuple[str, ...]) -> AppealRecord | None:
    wanted = select(AppealRecord).where(
        AppealRecord.verdict_id.startswith(f"{incident_key}|", autoescape=True), AppealRecord.party_kind == party.value
    )
    found = context.session.scalars(wanted.order_by(AppealRecord.appeal_id.desc())).all()
    return next((one for one in found if {one.verdict_id, one.current_verdict_id}.intersection(verdict_ids)), None)


def _check(context: Context, verdict: Verdict, current: Verdict, party: Party, statement: str) -> None:
    said = statement.strip()
    if not said or len(said) > LONGEST:
        raise WrongUse(
            Message(
                "Say in your own words why, in up to {count} letters; found {found}.", count=LONGEST, found=len(said)
            )
        )
    if not concerns(current, party) or party_id_of(verdict, party) is None:
        raise WrongUse(
            Message("The verdict puts nothing on the {party}, so that there is nothing to appeal.", party=party.value)
        )
    if current.verdict_id != verdict.verdict_id and not concerns(verdict, party):
        raise Conflict(
            Message("Another verdict holds by now: {name}. An appeal is lodged against that.", name=current.verdict_id)
        )
    check_may_lodge(context, verdict, party)


def _opened(context: Context, verdict: Verdict, current: Verdict, party: Party, statement: str) -> AppealRecord:
    incident = verdict.incident
    excluded = excluded_from(context, current, lodged_by=context.actor.name)
    summary = open_case(
        context,
        NewCase(
            case_type=APPEAL.name,
            key=f"{verdict.verdict_id}|{party}",
            headline=HEADLINE,
            values=_values(verdict, party, statement, excluded),
            country=incident.country,
            city_id=incident.city_id,
            subject=incident.order_id[:128],
        ),
    )
    record = AppealRecord(
        case_id=summary.case_id,
        verdict_id=verdict.verdict_id,
        current_verdict_id=current.verdict_id,
        party_kind=party.value,
        party_id=party_id_of(verdict, party),
        city_id=incident.city_id,
        country=incident.country,
        policy=verdict.policy,
        policy_version=verdict.policy_version,
        row_name=verdict.row if verdict.decided_by is DecidedBy.POLICY else "",
        lodged_at=context.now,
        lodged_by=context.actor.name,
    )
    _add_once(context, record)
    audit.record(context, action="appeal_lodged", subject=str(summary.case_id), details={"verdict": verdict.verdict_id})
    for action in OPENING:
        act_by_itself(context, record.case_id, action)
    note_if_nobody_is_left(context, record)
    return record


def _values(verdict: Verdict, party: Party, statement: str, excluded: frozenset[str]) -> Mapping[str, Any]:
    return {
        "order": verdict.incident.order_id,
        "verdict": verdict.verdict_id,
        "party": party.value,
        "statement": statement.strip(),
        EXCLUDED: sorted(excluded),
    }


def _add_once(context: Context, record: AppealRecord) -> None:
    try:
        with context.session.begin_nested():
            context.session.add(record)
    except IntegrityError as error:
        raise Conflict(
            Message("This appeal is being lodged by another window right now. Look whether it is there.")
        ) from error
