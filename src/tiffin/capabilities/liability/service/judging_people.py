"""A person decides an incident by an option; a second confirms above an amount, and a slip is undone within minutes."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.cases.service import act_as, guided_case
from tiffin.capabilities.cases.service.effects_now import do_at_once
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.liability.domain.judging import Judged
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.routing import PROPOSAL, Decision, Option, ReasonCode, options_of
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.judging_cases import incident_with_verdict
from tiffin.capabilities.liability.service.judging_effects import POSTING, posting_of
from tiffin.capabilities.liability.service.judging_rules import judging_rules
from tiffin.capabilities.liability.service.judging_words import decided_reason
from tiffin.capabilities.liability.service.verdicts import add_verdicts, incident_of, verdict_after
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

JUDGES = ("adjudicator", "reviewer", "experience_manager")
PENDING = "pending"
LONGEST_S = 4 * 3600
"""A longer look than this was a page left open."""

POINTS: Mapping[Party, int] = {Party.RIDER: 1, Party.MERCHANT: 1}
"""What a party gets for the whole where the table proposes nothing for it."""


def options_for(context: Context, case_id: int) -> tuple[Option, ...]:
    """List what can be decided on an incident that waits for a person, with what each would cost whom.

    Raises
    ------
    NotFound
        There is no such incident that the actor may see.
    """
    return options_in(seen_incident(context, case_id))


def options_in(record: IncidentRecord) -> tuple[Option, ...]:
    """List what can be decided on an incident."""
    proposed = proposed_in(record)
    facts = record.proposal.get("facts", {})
    known = frozenset(Party(name) for name in facts.get("known", []))
    points = {party: max(proposed.points.get(party, 0), least) for party, least in POINTS.items()}
    return tuple(options_of(proposed, known=known, points=points, owed_minor=_owed(proposed, facts)))


def _owed(proposed: Judged, facts: Mapping[str, Any]) -> int:
    """Tell what the customer gets unless he answers himself; for lateness never more than its own table gives."""
    if proposed.compensation_minor or facts.get("lateness") or not facts:
        return proposed.compensation_minor
    stake = facts["stake"]
    return max(0, int(stake["at_stake_minor"]) + int(stake["delivery_fee_minor"]) - int(stake["refunded_minor"]))


def proposed_in(record: IncidentRecord) -> Judged:
    """Give what the table proposes for an incident."""
    said = record.proposal
    return Judged(
        shares=_by_party(said["shares"]),
        points=_by_party(said["points"]),
        recovery_minor=_by_party(said["recovery_minor"]),
        compensation_minor=int(said["compensation_minor"]),
        confidence=float(said["confidence"]),
        question=record.question,
    )


def decide(context: Context, case_id: int, decision: Decision, version: int | None = None) -> Verdict | None:
    """Decide an incident; gives the verdict, or None where a second person has to confirm it.

    Parameters
    ----------
    version : int or None
        Version of the case that the actor saw.

    Raises
    ------
    NotFound
        There is no such incident that the actor may see.
    Forbidden
        He may not decide it.
    Conflict
        Somebody else acted meanwhile, or nobody is asked.
    WrongUse
        There is no such option, or the reason for leaving the proposal is missing.
    """
    record, held = seen_with_verdict(context, case_id)
    if not record.is_waiting:
        raise Conflict(Message("Nobody is asked about this incident: it is decided, or waits for something else."))
    role = _role(context, record)
    option = _chosen(record, decision)
    said = _said(decision)
    if _is_large(context, record, option):
        act_as(context, case_id, "decide_first", said, role=role, version=version)
        record.proposal = {**record.proposal, PENDING: said | {"by": context.actor.name}}
        _note_seconds(record, decision)
        return None
    act_as(context, case_id, "decide", said, role=role, version=version)
    return _settle(context, record, held, option, decision)


def confirm(context: Context, case_id: int, note: str = "", version: int | None = None) -> Verdict:
    """Confirm, as the second person, what another one decided.

    Raises
    ------
    NotFound, Conflict, Forbidden
        As `decide`; and whoever decided first cannot confirm.
    """
    record, held = seen_with_verdict(context, case_id)
    pending: Mapping[str, Any] | None = record.proposal.get(PENDING)
    if pending is None:
        raise Conflict(Message("Nobody has decided this incident yet, so that nothing waits for a second person."))
    act_as(context, case_id, "confirm_decision", {"note": note}, role=_role(context, record), version=version)
    decision = Decision(pending["option"], pending.get("reason_code", ""), pending.get("note", ""))
    return _settle(context, record, held, _chosen(record, decision), decision, decider=str(pending["by"]))


def send_back(context: Context, case_id: int, reason: str, version: int | None = None) -> None:
    """Send a decision of another person back to be taken again.

    Raises
    ------
    NotFound, Conflict, Forbidden, WrongUse
        As `decide`.
    """
    record = seen_incident(context, case_id)
    act_as(context, case_id, "send_back", {"reason": reason}, role=_role(context, record), version=version)
    record.proposal = {name: value for name, value in record.proposal.items() if name != PENDING}


def undo(context: Context, case_id: int, version: int | None = None) -> None:
    """Take one's own decision back within a short time; what it led to is reversed, and the case waits again.

    Raises
    ------
    NotFound, Conflict
        As `decide`; and it was decided by somebody else, or too long ago.
    """
    record, held = seen_with_verdict(context, case_id)
    rules = judging_rules(context.workspace, record.country, context.now.date())
    if held is None or held.decider != context.actor.name or context.now - held.decided_at > rules.undo_for:
        raise Conflict(Message("Only what you decided yourself some minutes ago can be undone. Later it is appealed."))
    act_as(context, case_id, "undo", {}, role=_role(context, record), version=version)
    do_at_once(context, case_id, POSTING)
    record.is_waiting = True
    audit.record(context, action="verdict_undone", subject=held.verdict_id, details={"case": case_id})


def seen_incident(context: Context, case_id: int) -> IncidentRecord:
    """Find an incident by its case, if the actor may see its city.

    Raises
    ------
    NotFound
        There is none, or he may not.
    """
    return seen_with_verdict(context, case_id)[0]


def seen_with_verdict(context: Context, case_id: int) -> tuple[IncidentRecord, Verdict | None]:
    """Find an incident by its case, if the actor may see its city, and the verdict that holds on it.

    Raises
    ------
    NotFound
        There is none, or he may not.
    """
    record, held = incident_with_verdict(context, case_id)
    if not context.actor.may_see_city(country=record.country, city_id=record.city_id):
        raise NotFound(Message("There is no incident {key} that you may see.", key=str(case_id)))
    return record, held


def role_over(context: Context, record: IncidentRecord) -> str:
    """Name the role in which the actor decides incidents of the place; empty where he does not."""
    held = roles_over(context.actor, country=record.country, city_id=record.city_id)
    return next((role for role in JUDGES if role in held or "admin" in held), "")


def _role(context: Context, record: IncidentRecord) -> str:
    role = role_over(context, record)
    if not role:
        raise Forbidden(
            Message(
                "Incidents of {city} are decided by its adjudicators; {name} is none.",
                city=record.city_id,
                name=context.actor.name,
            )
        )
    return role


def _chosen(record: IncidentRecord, decision: Decision) -> Option:
    options = {one.name: one for one in options_in(record)}
    if decision.option not in options:
        raise WrongUse(
            Message("One of {known} can be decided; found {found}.", known=", ".join(options), found=decision.option)
        )
    known = [one.value for one in ReasonCode]
    if decision.option != PROPOSAL and decision.reason_code not in known:
        raise WrongUse(
            Message("Whoever decides otherwise than proposed says why: one of {known}.", known=", ".join(known))
        )
    if decision.reason_code == ReasonCode.OTHER and not decision.note.strip():
        raise WrongUse(Message("Say in the note what the reason is."))
    return options[decision.option]


def _is_large(context: Context, record: IncidentRecord, option: Option) -> bool:
    rules = judging_rules(context.workspace, record.country, context.now.date())
    money = option.judged.compensation_minor + sum(option.judged.recovery_minor.values())
    return money > rules.second_person_above_minor


def _settle(
    context: Context,
    record: IncidentRecord,
    held: Verdict | None,
    option: Option,
    decision: Decision,
    *,
    decider: str | None = None,
) -> Verdict:
    """Give the verdict of a person, post what it leads to, and let the case wait for nobody."""
    said, found = record.proposal, option.judged
    is_followed = option.name == PROPOSAL
    verdict = Verdict(
        verdict_id=verdict_after(record.incident_key, held),
        incident=incident_of(record),
        shares=found.shares,
        policy=said["policy"],
        policy_version=said["version"],
        row=said["row"] if is_followed else "",
        reason=said["reason"] if is_followed and said["row"] else decided_reason(found.shares, decision),
        confidence=1.0,
        decided_by=DecidedBy.PERSON,
        decided_at=context.now,
        decider=decider or context.actor.name,
        points=found.points,
        recovery_minor=found.recovery_minor,
        compensation_minor=found.compensation_minor,
        currency=said["facts"]["stake"]["currency"],
        exemption=said["exemption"] if is_followed else "",
        supersedes=held.verdict_id if held else None,
        case_id=record.case_id,
        facts={**said["facts"], "option": option.name, "reason_code": decision.reason_code},
    )
    add_verdicts(context, (verdict,))
    record.is_waiting = False
    record.proposal = {name: value for name, value in said.items() if name != PENDING}
    _note_seconds(record, decision)
    context.session.flush()
    do_at_once(context, record.case_id, posting_of(verdict))
    details = {"case": record.case_id, "option": option.name, "reason_code": decision.reason_code}
    audit.record(context, action="incident_decided", subject=verdict.verdict_id, details=details)
    return verdict


def _said(decision: Decision) -> dict[str, str]:
    seconds = str(min(max(0, decision.seconds), LONGEST_S))
    return {"option": decision.option, "reason_code": decision.reason_code, "note": decision.note, "seconds": seconds}


def _note_seconds(record: IncidentRecord, decision: Decision) -> None:
    record.handling_s += min(max(0, decision.seconds), LONGEST_S)


def version_of(context: Context, case_id: int) -> int:
    """Give the version of an incident's case."""
    return guided_case(context, case_id).summary.version


def _by_party(plain: Mapping[str, int]) -> dict[Party, int]:
    return {Party(name): int(value) for name, value in plain.items()}
