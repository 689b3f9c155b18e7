"""What was decided, tried and asked of people in a city about a business day, as far as the reader may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from tiffin.capabilities.balance.domain.daybook import CityFacts
from tiffin.capabilities.balance.models.roll_outs import RollOutCity
from tiffin.capabilities.balance.service.roll_outs.due import GateDue, gates_due
from tiffin.capabilities.balance.service.roll_outs.records import RollOutState, list_roll_outs
from tiffin.capabilities.balance.service.state_kept import bounds_of
from tiffin.capabilities.balance.service.strategies.strategies import strategies_of_day
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseFilter, CaseSummary
from tiffin.capabilities.cases.domain.registry import GUIDED
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.experiments.service.trials import list_trials
from tiffin.capabilities.policies.service.ledger import Publication, publications
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import isolate, mark, translate
from tiffin.runtime.tables import AUDIT_ENTRIES

MOST_CASES = 12
NEVER_RAN = frozenset({"trial_designed", "trial_submitted", "trial_approved", "trial_withdrawn"})
EXEMPTIONS = {"exemption_declared": mark("Exemption declared"), "exemption_ended": mark("Exemption ended")}


class Kind(StrEnum):
    """What sort of thing happened."""

    DECISION = "decision"
    STRATEGY = "strategy"
    TRIAL = "trial"
    ROLL_OUT = "roll_out"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, in the reader's language.

    Parameters
    ----------
    state : str
        Where it stands; empty where it has no states.
    due_at : datetime or None
        When its clock runs out, UTC.
    """

    kind: Kind
    name: str
    state: str
    href: str
    by: str = ""
    due_at: datetime | None = None
    is_overdue: bool = False


def happenings_on(context: Context, city: CityFacts, day: date) -> tuple[Happening, ...]:
    """List all that is known to have been done in a city about a day; nothing where the city is not the reader's."""
    if not _may_read(context, city):
        return ()
    return (
        *decisions_on(context, city, day),
        *strategies_on(context, city, day),
        *trials_on(context, city, day),
        *roll_outs_on(context, city, day),
        *(case_told(context, one) for one in cases_on(context, city, day)),
    )


def decisions_on(context: Context, city: CityFacts, day: date) -> tuple[Happening, ...]:
    """List policy versions published, begun or taken back on a day that touch a city, and exemptions of the day."""
    if not _may_read(context, city):
        return ()
    span = bounds_of(city, day)
    return (*_policies(context, city, day, span), *_exemptions(context, city, span))


def strategies_on(context: Context, city: CityFacts, day: date) -> tuple[Happening, ...]:
    """List the strategies against the misses of a day."""
    return tuple(
        Happening(
            Kind.STRATEGY, one.case.summary.headline, word(one.state, context.locale), f"/strategies/{one.case_id}",
            by=one.owner, due_at=one.due_at, is_overdue=one.due_at is not None and one.due_at <= context.now,
        )
        for one in strategies_of_day(context, city.city_id, day).strategies
    )  # fmt: skip


def roll_outs_on(context: Context, city: CityFacts, day: date) -> tuple[Happening, ...]:
    """List the roll-outs that were on in a city on a day, of those that the reader sees."""
    seen = {one.roll_out_id: one for one in list_roll_outs(context)}
    wanted = select(RollOutCity).where(RollOutCity.city_id == city.city_id, RollOutCity.roll_out_id.in_(sorted(seen)))
    rows = context.session.scalars(wanted.order_by(RollOutCity.roll_out_id)) if seen else ()
    return tuple(
        _roll_out(context, seen[row.roll_out_id])
        for row in rows
        if any(str(first) <= day.isoformat() <= (last or "9999") for first, last in row.spells)
    )


def gates_on(context: Context, city: CityFacts, day: date) -> tuple[GateDue, ...]:
    """List the roll-outs under way that reach a city, those whose gates are due first."""
    return gates_due(context, city.city_id, day) if _may_read(context, city) else ()


def trials_on(context: Context, city: CityFacts, day: date) -> tuple[Happening, ...]:
    """List the trials that ran in a city on a day."""
    return tuple(
        Happening(
            Kind.TRIAL, isolate(one.trial.name), word(one.state, context.locale), f"/experiments/{one.case_id}",
            due_at=one.due_at, is_overdue=one.due_at is not None and one.due_at <= context.now,
        )
        for one in list_trials(context)
        if city.city_id in one.trial.cities
        and one.trial.first <= day <= one.trial.last
        and one.state not in NEVER_RAN
    )  # fmt: skip


def cases_on(context: Context, city: CityFacts, day: date) -> tuple[CaseSummary, ...]:
    """List the cases of a city that are about a day's misses, or were opened on the day."""
    begins, ends = bounds_of(city, day)
    about = CaseFilter(city_id=city.city_id, is_closed=None)
    found = cases.list_cases(context, about) if context.actor.grants else ()
    return tuple(one for one in found if one.subject == subject_of(day) or begins <= one.opened_at < ends)[:MOST_CASES]


def open_cases_of(context: Context, city: CityFacts) -> tuple[Happening, ...]:
    """List the open cases of a city that wait for a person, the most urgent first."""
    if not context.actor.grants:
        return ()
    found = cases.list_cases(context, CaseFilter(city_id=city.city_id), limit=MOST_CASES)
    return tuple(case_told(context, one) for one in found)


def case_told(context: Context, case: CaseSummary) -> Happening:
    """Tell a case in one line."""
    href = GUIDED.get(case.case_type, "/cases/{case_id}").format(case_id=case.case_id)
    return Happening(
        Kind.CASE,
        case.headline,
        word(case.state, context.locale),
        href,
        by=case.assignee or "",
        due_at=case.due_at,
        is_overdue=case.is_overdue,
    )


def subject_of(day: date) -> str:
    """Name what a case of a day's miss is about."""
    return f"day:{day.isoformat()}"


def _may_read(context: Context, city: CityFacts) -> bool:
    return bool(roles_over(context.actor, country=city.country, city_id=city.city_id))


def _roll_out(context: Context, one: RollOutState) -> Happening:
    name = translate(context.locale, "Roll-out of {remedy}", remedy=isolate(one.plan.remedy))
    return Happening(Kind.ROLL_OUT, name, word(one.state, context.locale), f"/roll-outs/{one.case_id}", one.created_by)


def _policies(context: Context, city: CityFacts, day: date, span: tuple[datetime, datetime]) -> Iterator[Happening]:
    places = {"", "parameters", city.country, city.city_id}
    for one in publications(context):
        if not places & set(one.digests):
            continue
        for said, by in _acts_on(one, day, span):
            name = translate(context.locale, said, policy=isolate(one.policy), number=one.number)
            yield Happening(Kind.DECISION, name, one.comment, f"/policies/{one.policy}", by=by)


def _acts_on(one: Publication, day: date, span: tuple[datetime, datetime]) -> Iterator[tuple[str, str]]:
    begins, ends = span
    if begins <= one.published_at < ends:
        yield mark("Version {number} of policy {policy} published"), one.published_by
    elif one.from_date == day and not one.is_taken_back:
        yield mark("Version {number} of policy {policy} came into force"), one.published_by
    if one.taken_back_at is not None and begins <= one.taken_back_at < ends:
        yield mark("Version {number} of policy {policy} taken back"), one.taken_back_by


def _exemptions(context: Context, city: CityFacts, span: tuple[datetime, datetime]) -> Iterator[Happening]:
    """Read from the trail what was exempted in the city; the trail is the one place that other capabilities share."""
    columns = AUDIT_ENTRIES.c
    wanted = (
        select(columns.action, columns.subject)
        .where(columns.action.in_(sorted(EXEMPTIONS)), columns.at >= span[0], columns.at < span[1])
        .where(columns.subject.startswith(f"{city.city_id}/", autoescape=True))
        .order_by(columns.entry_id)
    )
    for row in context.unit.execute(wanted):
        yield Happening(Kind.DECISION, translate(context.locale, EXEMPTIONS[row.action]), "", "/liability/exemptions")
