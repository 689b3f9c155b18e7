"""Cases whose answer is known: made by one person of a verdict, agreed by another, judged blind among the others."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.quality import blind_facts
from tiffin.capabilities.liability.models.quality import GoldCaseRecord
from tiffin.capabilities.liability.service.quality_rights import manages, require_manager
from tiffin.capabilities.liability.service.verdicts import seen_verdict, within_sight
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context

LONGEST = 2000
"""Letters of a reason."""


def make_gold(context: Context, verdict_id: str, liable: Party, reason: str) -> int:
    """Propose a verdict's case as one whose answer is known; a second person has to agree before anybody judges it.

    Returns
    -------
    int
        Its number.

    Raises
    ------
    NotFound
        There is no such verdict that the actor may see.
    Forbidden
        He does not answer for the quality of judgement there.
    Conflict
        There is a known case of this verdict already.
    WrongUse
        No reason is given, or too long a one.
    """
    require_manager(context)
    verdict = seen_verdict(context, verdict_id)
    if not manages(context, country=verdict.incident.country, city_id=verdict.incident.city_id):
        raise NotFound(Message("There is no verdict {name} that you may see.", name=verdict_id))
    if not 0 < len(reason.strip()) <= LONGEST:
        raise WrongUse(
            Message("A reason of at most {most} letters was expected. Say why the answer is known.", most=LONGEST)
        )
    made = GoldCaseRecord(
        verdict_id=verdict_id,
        city_id=verdict.incident.city_id,
        country=verdict.incident.country,
        incident=verdict.incident.incident.value,
        facts={"policy": verdict.policy, "given": blind_facts(verdict.facts)},
        liable=liable.value,
        reason=reason.strip(),
        made_at=context.now,
        made_by=context.actor.name,
    )
    try:
        with context.session.begin_nested():
            context.session.add(made)
    except IntegrityError as error:
        raise Conflict(Message("There is a known case of this verdict already, so nothing was added.")) from error
    audit.record(context, action="gold_case_made", subject=f"gold case {made.gold_id}")
    return made.gold_id


def agree_gold(context: Context, gold_id: int) -> None:
    """Agree to a proposed case, as the second person; from then on it is mixed in.

    Raises
    ------
    NotFound
        There is no such case.
    Forbidden
        He proposed it himself, or does not answer for the quality of judgement.
    Conflict
        It is agreed already.
    """
    require_manager(context)
    found = context.session.get(GoldCaseRecord, gold_id)
    if found is None or not manages(context, country=found.country, city_id=found.city_id):
        raise NotFound(Message("There is no known case {number}.", number=gold_id))
    if found.agreed_by is not None:
        raise Conflict(Message("Known case {number} is agreed already, so nothing was changed.", number=gold_id))
    if found.made_by == context.actor.name:
        raise Forbidden(Message("Whoever proposes a known case cannot agree to it. Ask a second person."))
    found.agreed_at, found.agreed_by = context.now, context.actor.name
    context.session.flush()
    audit.record(context, action="gold_case_agreed", subject=f"gold case {gold_id}")


def gold_cases(context: Context) -> Sequence[GoldCaseRecord]:
    """List the known cases of places that the actor answers for, the newest first.

    Raises
    ------
    Forbidden
        He does not answer for the quality of judgement.
    """
    require_manager(context)
    sight = within_sight(context, GoldCaseRecord.city_id, GoldCaseRecord.country)
    rows = context.session.scalars(select(GoldCaseRecord).where(sight).order_by(GoldCaseRecord.gold_id.desc())).all()
    return [one for one in rows if manages(context, country=one.country, city_id=one.city_id)]
