"""One appeal as its reviewer reads it: what was decided and why, both sides, and what each decision would do."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service.evidence import Evidence, evidence_of, read
from tiffin.capabilities.cases.service.evidence import case_of as owner_of
from tiffin.capabilities.liability.domain.appeals import Appeal, AppealRules, replacing
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.appeal_acting import excluded_by
from tiffin.capabilities.liability.service.appeal_records import appeal_from, case_of, seen_record
from tiffin.capabilities.liability.service.appeal_rules import local_day, rules_of
from tiffin.capabilities.liability.service.verdicts import verdict_of
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_SAYING = ("add_evidence", "answer_question", "lodge_second")
_ASKING = ("ask_evidence", "uphold", "vary", "overturn", "uphold_second", "vary_second", "overturn_second")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a decision would leave to the party.

    Parameters
    ----------
    decision : str
        ``uphold``, ``vary`` or ``overturn``.
    share : int
        Basis points.
    money_minor : int
        What it pays, minor units of the verdict's currency.
    """

    decision: str
    share: int
    points: int
    money_minor: int


@dataclass(frozen=True, slots=True)
class Saying:
    """Something that one side said, and when."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class AppealFile:
    """Everything that a reviewer needs to decide an appeal.

    Parameters
    ----------
    verdict : Verdict
        What was appealed.
    current : Verdict
        What stands in its place now; the same where nothing was decided yet.
    said : tuple of Saying
        By the party or on its behalf, the statement first.
    replied : tuple of Saying
        By reviewers.
    consequences : tuple of Consequence
        Of the decisions, in the order of what they leave.
    is_excluded : bool
        The reader had a part in what was decided, and can decide nothing here.
    evidence : tuple of Evidence
        Files of the appeal, and of the incident that was decided.
    """

    appeal: Appeal
    case: CaseDetail
    rules: AppealRules
    verdict: Verdict
    current: Verdict
    said: tuple[Saying, ...]
    replied: tuple[Saying, ...]
    consequences: tuple[Consequence, ...]
    is_excluded: bool
    evidence: tuple[Evidence, ...] = ()


def appeal_file(context: Context, case_id: int, *, share: int | None = None) -> AppealFile:
    """Give the file of an appeal to whoever may see it.

    Parameters
    ----------
    share : int or None
        Basis points of which the consequences are told where the decision is varied; None takes half of what is borne.

    Raises
    ------
    NotFound
        There is none that the actor may see; parties read their own pages.
    """
    record = seen_record(context, case_id)
    if context.actor.party is not None:
        raise NotFound(Message("There is no appeal {number} that you may see.", number=case_id))
    case, current = case_of(context, record), verdict_of(context, record.current_verdict_id)
    verdict, party = verdict_of(context, record.verdict_id), Party(record.party_kind)
    decided_on = local_day(context, record.country, verdict.decided_at)
    return AppealFile(
        appeal=appeal_from(record, case),
        case=case,
        rules=rules_of(context.workspace, record.country, decided_on),
        verdict=verdict,
        current=current,
        said=_said(case, record.lodged_by),
        replied=tuple(
            Saying(one.at, one.actor, str(one.values.get("question") or one.values.get("reason", "")))
            for one in case.trail
            if one.action in _ASKING
        ),
        consequences=_consequences(context, current, party, share),
        is_excluded=context.actor.name in excluded_by(case),
        evidence=tuple(one for number in _cases(case_id, verdict) for one in evidence_of(context, number)),
    )


def evidence_file(context: Context, case_id: int, evidence_id: int) -> tuple[Evidence, bytes]:
    """Give a file of an appeal, or of the incident that was decided, to whoever may see the appeal.

    Raises
    ------
    NotFound
        There is none of this number here that the actor may see.
    """
    record = seen_record(context, case_id)
    verdict = verdict_of(context, record.verdict_id)
    if context.actor.party is not None or owner_of(context, evidence_id) not in _cases(case_id, verdict):
        raise NotFound(Message("There is no evidence {number} that you may see.", number=evidence_id))
    return read(context, evidence_id)


def _cases(case_id: int, verdict: Verdict) -> tuple[int, ...]:
    return (case_id,) if verdict.case_id is None else (verdict.case_id, case_id)


def _said(case: CaseDetail, lodged_by: str) -> tuple[Saying, ...]:
    first = Saying(case.summary.opened_at, lodged_by, str(case.values.get("statement", "")))
    later = (
        Saying(one.at, one.actor, str(one.values.get("text") or one.values.get("reason", "")))
        for one in case.trail
        if one.action in _SAYING
    )
    return (first, *later)


def _consequences(context: Context, current: Verdict, party: Party, share: int | None) -> tuple[Consequence, ...]:
    """Tell what each decision would leave; vary is left out where nothing lies between all and nothing."""
    borne = current.shares.get(party, 0)
    half = int(Fraction(borne, 2)) if share is None or not 0 <= share < borne else share
    found = [_of("uphold", current, party)]
    for decision, left in (("vary", half), ("overturn", 0)):
        if decision == "overturn" or borne:
            by = context.actor.name
            made = replacing(current, party, left, verdict_id="", reason={}, by=by, at=context.now)
            found.append(_of(decision, made, party))
    return tuple(found)


def _of(decision: str, verdict: Verdict, party: Party) -> Consequence:
    return Consequence(
        decision, verdict.shares.get(party, 0), verdict.points.get(party, 0), verdict.recovery_minor.get(party, 0)
    )
