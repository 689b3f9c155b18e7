"""Draw verdicts to be judged a second time, with cases among them whose answer is known.

Nobody picks: which verdicts are drawn follows from their names and the workspace's own key, and drawing again draws the
same ones. Whoever gave a verdict is not told that it was drawn, and can take no look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.quality_cases import INSPECTION
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.quality import QualityPlan, lot
from tiffin.capabilities.liability.domain.verdict import DecidedBy
from tiffin.capabilities.liability.models.quality import GoldCaseRecord, SecondLookRecord
from tiffin.capabilities.liability.models.verdicts import VerdictRecord
from tiffin.capabilities.liability.service.quality_plan import plan_on
from tiffin.capabilities.liability.service.quality_rights import manages, require_manager
from tiffin.capabilities.liability.service.verdicts import within_sight
from tiffin.engines.cases.declaration import EXCLUDED
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.mask_key import mask_key

HEADLINE = mark("A case to be judged a second time")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a drawing came to: verdicts that could be drawn, that were, and known cases mixed in."""

    verdicts: int
    drawn: int
    gold: int


def draw(context: Context) -> Drawn:
    """Draw second looks of the verdicts of late that the actor answers for; those drawn before stay as they are.

    Raises
    ------
    Forbidden
        He does not answer for the quality of judgement.
    """
    require_manager(context)
    key, gold = mask_key(context), _gold(context)
    verdicts = _undrawn(context)
    drawn = mixed = 0
    for one in verdicts:
        plan = plan_on(context.workspace, one.decided_at.date())
        share = plan.share_of(IncidentType(one.incident), DecidedBy(one.decided_by), one.confidence)
        if lot(key, f"second-look|{one.verdict_id}") >= share:
            continue
        _open(context, one, plan, share, key)
        drawn += 1
        mixed += _mix_in(context, one, plan, gold, key)
    context.session.flush()
    found = Drawn(len(verdicts), drawn, mixed)
    audit.record(context, action="second_looks_drawn", subject="second_looks", details={"drawn": drawn, "known": mixed})
    return found


def _undrawn(context: Context) -> Sequence[VerdictRecord]:
    """Give the verdicts of late, in their own order, that no look was drawn of."""
    plan = plan_on(context.workspace, context.now.date())
    taken = select(SecondLookRecord.verdict_id).where(SecondLookRecord.verdict_id.is_not(None))
    wanted = select(VerdictRecord).where(
        VerdictRecord.decided_at > context.now - timedelta(days=plan.days),
        VerdictRecord.decided_at <= context.now,
        VerdictRecord.verdict_id.not_in(taken),
        within_sight(context, VerdictRecord.city_id, VerdictRecord.country),
    )
    rows = context.session.scalars(wanted.order_by(VerdictRecord.verdict_id)).all()
    return [one for one in rows if manages(context, country=one.country, city_id=one.city_id)]


def _gold(context: Context) -> Sequence[GoldCaseRecord]:
    agreed = select(GoldCaseRecord).where(GoldCaseRecord.agreed_by.is_not(None)).order_by(GoldCaseRecord.gold_id)
    return context.session.scalars(agreed).all()


def _open(context: Context, one: VerdictRecord, plan: QualityPlan, share: float, key: str) -> None:
    excluded = [one.decider] if one.decider else []
    case_id = _case(context, f"{lot(key, f'case|{one.verdict_id}'):.17f}", one, excluded)
    context.session.add(
        SecondLookRecord(
            case_id=case_id,
            verdict_id=one.verdict_id,
            gold_id=None,
            city_id=one.city_id,
            country=one.country,
            incident=one.incident,
            share=share,
            plan=plan.since.isoformat(),
            drawn_at=context.now,
        )
    )


def _mix_in(context: Context, one: VerdictRecord, plan: QualityPlan, gold: Sequence[GoldCaseRecord], key: str) -> int:
    """Put a known case beside a drawn one, as often as the plan says; it stands in the same city's queue."""
    drawn = lot(key, f"gold|{one.verdict_id}")
    often = plan.gold_share / (1 - plan.gold_share)
    if not gold or drawn >= often:
        return 0
    chosen = gold[int(drawn / often * len(gold))]
    excluded = [name for name in (chosen.made_by, chosen.agreed_by) if name]
    case_id = _case(context, f"{lot(key, f'gold-case|{one.verdict_id}'):.17f}", one, excluded)
    context.session.add(
        SecondLookRecord(
            case_id=case_id,
            verdict_id=None,
            gold_id=chosen.gold_id,
            city_id=one.city_id,
            country=one.country,
            incident=chosen.incident,
            share=plan.gold_share,
            plan=plan.since.isoformat(),
            drawn_at=context.now,
        )
    )
    return 1


def _case(context: Context, key: str, one: VerdictRecord, excluded: Sequence[str]) -> int:
    """Open a case that says neither of what nor of whose verdict it is."""
    new = NewCase(
        INSPECTION.name, f"look|{key}", HEADLINE, {EXCLUDED: list(excluded)}, country=one.country, city_id=one.city_id
    )
    return open_case(context, new).case_id
