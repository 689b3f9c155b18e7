"""Second looks in the hands of judges: the queue, the blind case, and their judgements."""

from sqlalchemy import select

from tiffin.capabilities.cases.domain.quality_cases import INSPECTION
from tiffin.capabilities.cases.service import act_as, act_for_platform, guided_case, guided_cases
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import Party, top_party
from tiffin.capabilities.liability.domain.quality import SECOND, THIRD, BlindCase, blind_facts
from tiffin.capabilities.liability.models.quality import GoldCaseRecord, SecondJudgementRecord, SecondLookRecord
from tiffin.capabilities.liability.service.quality_rights import judge_role
from tiffin.capabilities.liability.service.verdicts import verdict_of
from tiffin.capabilities.policies.domain.policy import in_language
from tiffin.capabilities.policies.service.library import in_force
from tiffin.kernel.errors import InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of

LONGEST = 2000
"""Letters of a note."""


def waiting_looks(context: Context) -> tuple[BlindCase, ...]:
    """List the cases that the actor may judge again, the most urgent first; those he had a part in are left out."""
    found = []
    for case in guided_cases(context, INSPECTION.name):
        look = _look_of_case(context, case.summary.case_id)
        if look is not None and judge_role(context, country=look.country, city_id=look.city_id):
            one = blind_case(context, case.summary.case_id)
            if one.can_take or one.is_mine:
                found.append(one)
    return tuple(found)


def blind_case(context: Context, case_id: int) -> BlindCase:
    """Show a case to whoever may judge it again: what happened, and nothing of what was decided.

    Raises
    ------
    NotFound
        There is no such case that the actor may judge.
    """
    look, role = _mine(context, case_id)
    case = guided_case(context, case_id, roles=frozenset({role}))
    offered = {one.action for one in case.actions}
    facts = _facts(context, look)
    return BlindCase(
        case_id=case_id,
        incident=IncidentType(look.incident),
        facts=blind_facts(facts),
        labels=_labels(context, facts),
        is_mine=case.summary.assignee == context.actor.name,
        can_judge=bool(offered & {"judge_again", "judge_third"}),
        can_take=bool(offered & {"take_look", "take_third"}),
        version=case.summary.version,
    )


def take(context: Context, case_id: int, *, version: int | None = None) -> BlindCase:
    """Take a case in hand.

    Raises
    ------
    NotFound
        There is no such case that the actor may judge.
    Forbidden
        He judged it before, in whatever part.
    Conflict
        Somebody else acted meanwhile.
    """
    _, role = _mine(context, case_id)
    case = guided_case(context, case_id)
    action = "take_third" if case.summary.state == "third_judgement" else "take_look"
    act_as(context, case_id, action, {}, role=role, version=version)
    return blind_case(context, case_id)


def judge(
    context: Context, case_id: int, liable: Party, *, confidence: float, note: str = "", version: int | None = None
) -> None:
    """Judge a case that the actor saw blind; where he says otherwise than is known, a third person is asked.

    He is never told what was decided, nor whether the answer was known.

    Raises
    ------
    NotFound
        There is no such case that the actor may judge.
    Forbidden
        He judged it before, in whatever part.
    Conflict
        Somebody else acted meanwhile, or it is judged already.
    WrongUse
        The confidence is no share, or the note is too long.
    """
    if not 0 <= confidence <= 1 or len(note) > LONGEST:
        raise WrongUse(
            Message(
                "A confidence of 0 to 1 and a note of at most {most} letters were expected. Correct it and try again.",
                most=LONGEST,
            )
        )
    look, role = _mine(context, case_id)
    is_third = guided_case(context, case_id).summary.state == "third_judgement"
    act_as(context, case_id, "judge_third" if is_third else "judge_again", {}, role=role, version=version)
    context.session.add(
        SecondJudgementRecord(
            look_id=look.look_id,
            number=THIRD if is_third else SECOND,
            judge=context.actor.name,
            liable=liable.value,
            confidence=confidence,
            note=note.strip(),
            judged_at=context.now,
        )
    )
    context.session.flush()
    audit.record(context, action="verdict_judged_again", subject=f"case {case_id}")
    if not is_third:
        _compare(context, look, liable)


def _compare(context: Context, look: SecondLookRecord, liable: Party) -> None:
    """Close what was judged alike, and a known case in any event; ask a third person about the rest."""
    if look.gold_id is not None or known_answer(context, look) is liable:
        act_for_platform(context, look.case_id, "same_as_known", {})
    else:
        act_for_platform(context, look.case_id, "otherwise", {})


def known_answer(context: Context, look: SecondLookRecord) -> Party:
    """Give whom the verdict or the known case holds liable most."""
    if look.gold_id is not None:
        return Party(context.session.get_one(GoldCaseRecord, look.gold_id).liable)
    return top_party(verdict_of(context, str(look.verdict_id)).shares)


def _facts(context: Context, look: SecondLookRecord) -> dict[str, object]:
    if look.gold_id is not None:
        return dict(context.session.get_one(GoldCaseRecord, look.gold_id).facts)
    return dict(verdict_of(context, str(look.verdict_id)).facts)


def _labels(context: Context, facts: dict[str, object]) -> dict[str, str]:
    """Say what a table calls its inputs; where there is no such table any more, their names have to do."""
    try:
        found = in_force(context, str(facts.get("policy", "")), context.now.date())
    except (NotFound, InvalidDefinition):
        return {}
    language = language_of(context.locale)
    return {one.name: in_language(one.label, language) for one in found.stated.inputs}


def _mine(context: Context, case_id: int) -> tuple[SecondLookRecord, str]:
    """Find a look that the actor may judge, and by which role.

    Raises
    ------
    NotFound
        There is none, or he may not see it.
    """
    look = _look_of_case(context, case_id)
    role = judge_role(context, country=look.country, city_id=look.city_id) if look else None
    if look is None or role is None:
        raise NotFound(Message("There is no case {number} that you may judge again.", number=case_id))
    return look, role


def _look_of_case(context: Context, case_id: int) -> SecondLookRecord | None:
    return context.session.scalars(select(SecondLookRecord).where(SecondLookRecord.case_id == case_id)).first()
