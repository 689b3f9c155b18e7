"""Moving an appeal: what is said and decided, with all that follows from it in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import act_as, act_for_platform, guided_case
from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.capabilities.cases.service.effects_now import do_at_once
from tiffin.capabilities.liability.domain.appeal_effects import EFFECTS, Followed
from tiffin.capabilities.liability.domain.appeals import Appeal, AppealOutcome, Silence, replacing, share_said
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.service.appeal_effects import PERFORMED
from tiffin.capabilities.liability.service.appeal_independence import reviewers_left
from tiffin.capabilities.liability.service.appeal_records import (
    appeal_from,
    case_of,
    record_of,
    roles_of,
    seen_record,
)
from tiffin.capabilities.liability.service.appeal_rules import local_day, rules_of
from tiffin.capabilities.liability.service.row_learning import learn
from tiffin.capabilities.liability.service.verdicts import verdict_of
from tiffin.engines.cases.declaration import EXCLUDED
from tiffin.kernel.errors import Conflict, Forbidden, Unavailable, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_OUTCOMES: Mapping[str, AppealOutcome] = {
    "uphold": AppealOutcome.UPHELD,
    "vary": AppealOutcome.VARIED,
    "overturn": AppealOutcome.OVERTURNED,
    "uphold_second": AppealOutcome.UPHELD,
    "vary_second": AppealOutcome.VARIED,
    "overturn_second": AppealOutcome.OVERTURNED,
    "grant_by_silence": AppealOutcome.GRANTED_BY_SILENCE,
}
"""How an action decides an appeal."""

_NOBODY_LEFT, _GRANT = "nobody_left", "grant_by_silence"
_ASK = "ask_evidence"
MOST_QUESTIONS = 2
"""How often the party may be asked in an appeal."""
_OVERDUE = ("reply_overdue", "second_reply_overdue")


def act(
    context: Context,
    case_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
) -> Appeal:
    """Take an action on an appeal, as the party, as support on its behalf, or as a reviewer.

    Parameters
    ----------
    version : int or None
        Version of the case that the actor saw when he decided.

    Raises
    ------
    NotFound
        There is no such appeal that the actor may see.
    Forbidden
        It is not his to do, or he had a part in what was decided.
    Conflict
        It cannot be done now, or somebody else was first.
    WrongUse
        A reason is missing, or the share is none.
    """
    record = seen_record(context, case_id)
    said = dict(values or {})
    if said.get("share") not in (None, ""):
        _check_share(context, record, str(said["share"]))
    case = guided_case(context, case_id)
    _check_questions(case, action)
    stood = case.summary.version
    act_as(context, case_id, action, said, role=_role(context, record, action), version=version)
    _bring_all_about(context, case_id, after=stood)
    note_if_nobody_is_left(context, record)
    return appeal_from(record, case_of(context, record))


def act_by_itself(context: Context, case_id: int, action: str) -> None:
    """Let the platform take an action on an appeal, with all that follows.

    Raises
    ------
    Forbidden
        It is for people.
    InvalidData
        It cannot follow in the state in which the case stands.
    """
    case = guided_case(context, case_id)
    found = APPEAL.transition(action, case.summary.state)
    if found is not None and found.roles:
        raise Forbidden(Message("{action} is for people, and the platform does it never.", action=action))
    act_for_platform(context, case_id, action, {})
    do_at_once(context, case_id, HANDLERS, after=case.summary.version)


def note_if_nobody_is_left(context: Context, record: AppealRecord) -> None:
    """Say it at once, to those who answer, when no reviewer is left who had no part in what was decided."""
    case = guided_case(context, record.case_id)
    if case.summary.closed_at is not None or any(one.action == _NOBODY_LEFT for one in case.trail):
        return
    excluded = excluded_by(case)
    if not reviewers_left(context, country=record.country, city_id=record.city_id, excluded=excluded):
        act_by_itself(context, record.case_id, _NOBODY_LEFT)


def excluded_by(case: CaseDetail) -> frozenset[str]:
    """Name those who can take no independent action on a case: named at its opening, or by what they did."""
    named = frozenset(str(one) for one in case.values.get(EXCLUDED, ()))
    acts = {one.action for one in APPEAL.transitions if one.excludes}
    return named | {one.actor for one in case.trail if one.action in acts}


def _check_questions(case: CaseDetail, action: str) -> None:
    """Let nobody put the reply off by asking again and again: its time stands still while the party is asked.

    Raises
    ------
    Conflict
        The party was asked as often as it may be.
    """
    if action == _ASK and sum(one.action == _ASK for one in case.trail) >= MOST_QUESTIONS:
        raise Conflict(
            Message(
                "The party was asked {count} times already, and the reply waits no longer. Decide on what is there.",
                count=MOST_QUESTIONS,
            )
        )


def _check_share(context: Context, record: AppealRecord, said: str) -> None:
    """Refuse a share that makes nothing milder, before anything is written.

    Raises
    ------
    WrongUse
        It is none, or not below what the party bears.
    """
    verdict, party = verdict_of(context, record.current_verdict_id), Party(record.party_kind)
    name, at = context.actor.name, context.now
    replacing(verdict, party, share_said(said), verdict_id=verdict.verdict_id, reason={}, by=name, at=at)


def _bring_all_about(context: Context, case_id: int, *, after: int) -> None:
    """Do what follows from what was just written.

    Raises
    ------
    Unavailable
        Something cannot follow: nothing of the action stands then, whoever asked for it.
    """
    try:
        do_at_once(context, case_id, HANDLERS, after=after)
    except (Conflict, Forbidden, WrongUse) as error:
        # A page shows a refusal and keeps its unit of work; what was written already must not stand without the rest.
        raise Unavailable(
            Message("What follows from this could not be done, so that nothing was: {why}", why=error.said)
        ) from error


def _role(context: Context, record: AppealRecord, action: str) -> str:
    """Give as what the actor acts.

    Raises
    ------
    Forbidden
        He is nothing to this appeal that could take the action.
    """
    held = roles_of(context, record)
    wanted = {role for one in APPEAL.transitions if one.action == action for role in one.roles}
    fitting = sorted(held & wanted) or sorted(held)
    if not fitting:
        raise Forbidden(
            Message(
                "{name} may look at this appeal and not act on it: that is for the party, for support on its behalf "
                "and for reviewers of the place.",
                name=context.actor.name,
            )
        )
    return fitting[0]


def _bring_about(context: Context, effect: Effect) -> None:
    """Do what an effect of an appeal's event says, and keep what the event means for the appeal."""
    record, case = record_of(context, effect.case_id), guided_case(context, effect.case_id)
    event = next(one for one in case.trail if one.sequence == effect.sequence)
    followed = Followed(event.sequence, event.action, event.actor, event.at, event.values)
    _keep(context, record, followed, case.summary.closed_at)
    PERFORMED[effect.name](context, record, followed)
    if effect.name == "escalate" and event.action in _OVERDUE and _silence_grants(context, record):
        act_by_itself(context, effect.case_id, _GRANT)


def _keep(context: Context, record: AppealRecord, followed: Followed, closed_at: datetime | None) -> None:
    outcome = _OUTCOMES.get(followed.action)
    if outcome is not None:
        record.outcome, record.decided_by, record.decided_at = outcome.value, followed.by, followed.at
    if closed_at is not None and record.settled_at is None:
        record.settled_at = closed_at
        context.session.flush()
        learn(context, record.policy, record.row_name)
    context.session.flush()


def _silence_grants(context: Context, record: AppealRecord) -> bool:
    verdict = verdict_of(context, record.verdict_id)
    decided_on = local_day(context, record.country, verdict.decided_at)
    return rules_of(context.workspace, record.country, decided_on).silence is Silence.GRANT


HANDLERS: Handlers = {f"{APPEAL.name}.{name}": _bring_about for name in sorted(EFFECTS)}
"""What brings about each effect of an appeal: at once where somebody acts, by a worker where a clock ran out."""
