"""What second looks say of judgement: agreement, known cases, calibration, and whether groups are judged alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import Party, top_party
from tiffin.capabilities.liability.domain.quality import SECOND, THIRD, Looked, QualityPlan
from tiffin.capabilities.liability.domain.quality_report import (
    AgreementOf,
    Calibration,
    GoldScore,
    GroupRow,
    Judged,
    agreement_on,
    by_reviewer,
    by_type,
    by_week,
    calibration_of,
    equity_of,
)
from tiffin.capabilities.liability.domain.verdict import DecidedBy
from tiffin.capabilities.liability.models.quality import GoldCaseRecord, SecondJudgementRecord, SecondLookRecord
from tiffin.capabilities.liability.models.verdicts import VerdictRecord
from tiffin.capabilities.liability.queries import quality as ask
from tiffin.capabilities.liability.service.quality_plan import plan_on
from tiffin.capabilities.liability.service.quality_rights import manages, require_manager
from tiffin.capabilities.liability.service.verdicts import within_sight
from tiffin.engines.agreement.calibration import share_interval
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account

POLICY = "policy"
"""The reviewer of verdicts that a policy gave by itself."""

_TENURES = ((90, "under_3_months"), (365, "under_a_year"))
_LONG = "a_year_or_more"


@dataclass(frozen=True, slots=True)
class QualityReport:
    """How well verdicts were judged of late.

    Parameters
    ----------
    drawn, waiting, disputed : int
        Looks of the time, those that wait for a second judgement, and those that wait for a third.
    """

    plan: QualityPlan
    since: datetime
    drawn: int
    waiting: int
    disputed: int
    overall: AgreementOf
    types: tuple[AgreementOf, ...]
    reviewers: tuple[AgreementOf, ...]
    weeks: tuple[AgreementOf, ...]
    gold: tuple[GoldScore, ...]
    calibration: Calibration
    groups: tuple[GroupRow, ...]


def report(context: Context) -> QualityReport:
    """Tell how well the verdicts of late were judged, in the places that the actor answers for.

    Raises
    ------
    Forbidden
        He does not answer for the quality of judgement.
    """
    require_manager(context)
    plan = plan_on(context.workspace, context.now.date())
    since = context.now - timedelta(days=plan.days)
    looks = _looked(context, since)
    audit.record_read(context, action="quality_read", subject="second_looks", details={"looks": len(looks)})
    return QualityReport(
        plan=plan,
        since=since,
        drawn=len(looks),
        waiting=sum(one.second is None for one in looks),
        disputed=sum(one.second is not None and one.truth is None for one in looks),
        overall=agreement_on(looks, "", plan.level),
        types=by_type(looks, plan.level),
        reviewers=by_reviewer(looks, plan.level),
        weeks=by_week(looks, plan.level),
        gold=_gold_scores(context, since, plan.level),
        calibration=calibration_of(looks, plan),
        groups=equity_of(_judged(context, since), plan),
    )


def _looked(context: Context, since: datetime) -> tuple[Looked, ...]:
    wanted = (
        select(SecondLookRecord, VerdictRecord)
        .join(VerdictRecord, VerdictRecord.verdict_id == SecondLookRecord.verdict_id)
        .where(VerdictRecord.decided_at > since, within_sight(context, VerdictRecord.city_id, VerdictRecord.country))
        .order_by(SecondLookRecord.look_id)
    )
    rows = [pair for pair in context.session.execute(wanted) if _is_mine(context, pair[1])]
    judgements = _judgements(context, [look.look_id for look, _ in rows])
    return tuple(_one(verdict, judgements[look.look_id]) for look, verdict in rows)


def _one(verdict: VerdictRecord, judgements: Mapping[int, SecondJudgementRecord]) -> Looked:
    second, third = (judgements.get(number) for number in (SECOND, THIRD))
    return Looked(
        verdict_id=verdict.verdict_id,
        incident=IncidentType(verdict.incident),
        reviewer=verdict.decider or POLICY if verdict.decided_by == DecidedBy.PERSON.value else POLICY,
        decided_at=verdict.decided_at,
        confidence=verdict.confidence,
        first=_liable(verdict),
        second=Party(second.liable) if second else None,
        third=Party(third.liable) if third else None,
    )


def _liable(verdict: VerdictRecord) -> Party:
    return top_party({Party(name): share for name, share in verdict.shares.items()})


def _judgements(context: Context, looks: Sequence[int]) -> Mapping[int, Mapping[int, SecondJudgementRecord]]:
    found: dict[int, dict[int, SecondJudgementRecord]] = defaultdict(dict)
    wanted = select(SecondJudgementRecord).where(SecondJudgementRecord.look_id.in_(looks))
    for one in context.session.scalars(wanted):
        found[one.look_id][one.number] = one
    return found


def _gold_scores(context: Context, since: datetime, level: float) -> tuple[GoldScore, ...]:
    wanted = (
        select(SecondJudgementRecord.judge, SecondJudgementRecord.liable, GoldCaseRecord.liable)
        .join(SecondLookRecord, SecondLookRecord.look_id == SecondJudgementRecord.look_id)
        .join(GoldCaseRecord, GoldCaseRecord.gold_id == SecondLookRecord.gold_id)
        .where(
            SecondJudgementRecord.judged_at > since,
            within_sight(context, SecondLookRecord.city_id, SecondLookRecord.country),
        )
    )
    answers: dict[str, list[bool]] = defaultdict(list)
    for judge, said, known in context.session.execute(wanted):
        answers[judge].append(said == known)
    return tuple(
        GoldScore(judge, sum(right), len(right), *share_interval(sum(right), len(right), level))
        for judge, right in sorted(answers.items())
    )


def _judged(context: Context, since: datetime) -> tuple[Judged, ...]:
    """Give every verdict about an order with a rider, drawn or not, with the groups of the rider."""
    sight = within_sight(context, VerdictRecord.city_id, VerdictRecord.country)
    superseded = select(VerdictRecord.supersedes).where(VerdictRecord.supersedes.is_not(None))
    wanted = select(VerdictRecord).where(
        VerdictRecord.decided_at > since,
        VerdictRecord.rider_id.is_not(None),
        VerdictRecord.verdict_id.not_in(superseded),
        sight,
    )
    rows = [one for one in context.session.scalars(wanted) if _is_mine(context, one)]
    riders = _riders(context) if rows else {}
    languages = _languages(context, rows)
    return tuple(_of_rider(one, riders, languages) for one in rows)


def _of_rider(
    one: VerdictRecord, riders: Mapping[tuple[str, str], Mapping[str, object]], languages: Mapping[tuple[str, str], str]
) -> Judged:
    key = one.city_id, str(one.rider_id)
    known = riders.get(key, {})
    groups = {"city": one.city_id}
    if known.get("vehicle"):
        groups["vehicle"] = str(known["vehicle"])
    joined = known.get("joined_at")
    if isinstance(joined, datetime):
        days = (one.happened_at - joined).days
        groups["tenure"] = next((name for limit, name in _TENURES if days < limit), _LONG)
    if key in languages:
        groups["language"] = languages[key]
    is_liable = _liable(one) is Party.RIDER
    return Judged(groups, f"{one.city_id}|{one.incident}", one.city_id, one.incident, is_liable)


def _riders(context: Context) -> Mapping[tuple[str, str], Mapping[str, object]]:
    rows = context.warehouse.query(ask.riders()).to_pylist()
    return {(row["city_id"], row["rider_id"]): row for row in rows}


def _languages(context: Context, rows: Iterable[VerdictRecord]) -> Mapping[tuple[str, str], str]:
    """Give the language of riders who have an account; of the others none is known."""
    cities = {one.city_id for one in rows}
    wanted = select(Account).where(Account.party_kind == Party.RIDER.value, Account.party_city.in_(cities))
    return {(str(one.party_city), str(one.party_id)): one.locale for one in context.session.scalars(wanted)}


def _is_mine(context: Context, verdict: VerdictRecord) -> bool:
    return manages(context, country=verdict.country, city_id=verdict.city_id)
