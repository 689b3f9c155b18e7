"""What other parts ask of quality: settle what is due, look for anomalies, tell whether a number may be relied on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.quality.domain import (
    DayOutcome,
    FindingView,
    Outcome,
    Parameters,
    PromiseStatus,
    Reconciled,
    Reconciliation,
    SettleReport,
    Target,
)
from tiffin.capabilities.quality.domain.checks import CheckRun, TableCheck
from tiffin.capabilities.quality.models import QualityFinding, SettledDay, TargetOutcome
from tiffin.capabilities.quality.service import check_running, settling
from tiffin.capabilities.quality.service.check_rules import checks_of
from tiffin.capabilities.quality.service.escalating import escalate_overdue
from tiffin.capabilities.quality.service.incidents import keep
from tiffin.capabilities.quality.service.parameters import read_parameters, read_reconciliations
from tiffin.capabilities.quality.service.standing import standings
from tiffin.capabilities.quality.service.watching import anomalies
from tiffin.engines.anomalies.checks import Check, Finding
from tiffin.engines.metrics.definitions import Tier
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context


def settle(
    context: Context, *, day: date | None = None, progress: Callable[[float], None] = lambda _share: None
) -> SettleReport:
    """Settle every day that is due, or one of them; what was settled before stays as it is.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    """
    _require_steward(context, "settle days")
    return settling.settle(context, day=day, progress=progress)


def is_begun(context: Context) -> bool:
    """Tell whether any day was ever settled."""
    return context.session.scalar(select(SettledDay.metric).limit(1)) is not None


def find_anomalies(context: Context, *, day: date | None = None, is_kept: bool = True) -> tuple[Finding, ...]:
    """Look for what is out of the ordinary in the last days, and open a case for what is found.

    Parameters
    ----------
    is_kept : bool
        Keep what was found and open cases; otherwise only tell.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    """
    _require_steward(context, "look for anomalies")
    found = anomalies(context, day=day)
    if is_kept:
        keep(context, found)
    return found


def check_tables(
    context: Context,
    *,
    tables: Sequence[str] = (),
    is_forced: bool = False,
    progress: Callable[[float], None] = lambda _share: None,
) -> CheckRun:
    """Run the checks of tables that changed since their last run, and open incidents for what fails.

    Parameters
    ----------
    tables : sequence of str
        Only these; none for all that have facts.
    is_forced : bool
        Run all their checks although nothing changed.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    NotFound
        There is no table of that name with facts.
    """
    _require_steward(context, "check tables")
    return check_running.run(context, tables=tables, is_forced=is_forced, progress=progress)


def escalate(context: Context) -> tuple[int, ...]:
    """Escalate every incident that is overdue to those who answer for it; a deadline once.

    Returns
    -------
    tuple of int
        The incidents that were escalated now.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    """
    _require_steward(context, "escalate incidents")
    return escalate_overdue(context)


def table_checks(context: Context) -> Mapping[str, tuple[TableCheck, ...]]:
    """Give the checks of every table by name.

    Raises
    ------
    InvalidDefinition
        The workspace's own checks are not what they should be.
    """
    return checks_of(context)


def owners() -> Mapping[str, str]:
    """Give the team that answers for each table, as its contract names it."""
    return {name: contract.owner for name, contract in TABLES.items()}


def list_findings(context: Context, *, country: str | None = None, limit: int = 200) -> tuple[FindingView, ...]:
    """List what was found in the countries that the actor may see, newest day first."""
    wanted = select(QualityFinding).where(QualityFinding.country.in_(seen_countries(context)))
    if country:
        wanted = wanted.where(QualityFinding.country == country)
    rows = context.session.scalars(wanted.order_by(QualityFinding.day.desc(), QualityFinding.finding).limit(limit))
    return tuple(
        FindingView(
            Check(row.found_by),
            row.metric,
            row.country,
            row.city_id,
            row.day,
            row.score,
            row.details.get("expected"),
            row.details.get("found"),
            row.found_at,
            row.case_id,
        )
        for row in rows
    )


def list_reconciliations(context: Context) -> tuple[Reconciliation, ...]:
    """List the reconciliations."""
    return read_reconciliations(context.workspace)


def reconcile(context: Context, days: Days, names: Iterable[str] = ()) -> tuple[Reconciled, ...]:
    """Compare the two sides of reconciliations on some days, in the countries that the actor may see.

    Raises
    ------
    NotFound
        There is no reconciliation of that name.
    """
    known = {one.name: one for one in list_reconciliations(context)}
    wanted = tuple(names) or tuple(known)
    missing = [name for name in wanted if name not in known]
    if missing:
        raise NotFound(f"There is no reconciliation {missing[0]!r}. There are: {', '.join(sorted(known))}.")
    seen = set(seen_countries(context))
    found = settling.compared(context, [known[name] for name in wanted], days)
    return tuple(one for one in found if one.country in seen)


def parameters(context: Context) -> Parameters:
    """Give the numbers of settling that hold today."""
    return read_parameters(context.workspace, context.now.date())


def promise_status(context: Context, metric: str, country: str, day: date | None = None) -> PromiseStatus:
    """Tell whether a metric keeps its targets in a country, and what became of those of one day.

    Raises
    ------
    NotFound
        There is no such metric, or the actor may not see the country.
    """
    if country not in seen_countries(context):
        said = Message(
            "There is no country '{country}' that you may see whole. Choose one of the list.", country=country
        )
        raise NotFound(said)
    metrics.find_metric(context, metric)
    outcomes = (
        {one.target: one.outcome for one in day_outcomes(context, metric, country, Days(day, day))} if day else {}
    )
    listed = {one.metric: one for one in board(context, country=country, names=(metric,))}
    found = listed[metric]
    return PromiseStatus(
        found.metric,
        country,
        found.declared,
        found.effective,
        found.is_fallen,
        found.budget_used,
        found.missed,
        found.measured,
        found.last_day,
        {target.value: outcome.value for target, outcome in outcomes.items()},
    )


def board(
    context: Context, *, country: str | None = None, names: Iterable[str] | None = None
) -> tuple[PromiseStatus, ...]:
    """List how each metric with targets stands in each country that the actor may see."""
    countries = [one for one in seen_countries(context) if country in (None, one)]
    listed = [one for one in metrics.list_metrics(context) if names is None or one.name in set(names)]
    if names is None:
        listed = [one for one in listed if one.targets is not None and one.tier is Tier.CERTIFIED]
    found = standings(context.session, [one.name for one in listed], countries=countries)
    rows = []
    for metric in listed:
        for place in countries:
            standing = next((one for one in found.get(metric.name, ()) if one.country == place), None)
            if standing is None and names is None:
                continue
            is_fallen = standing is not None and standing.is_fallen and metric.tier is Tier.CERTIFIED
            rows.append(
                PromiseStatus(
                    metric.name,
                    place,
                    metric.tier.value,
                    Tier.DRAFT.value if is_fallen else metric.tier.value,
                    is_fallen,
                    standing.budget_used if standing else None,
                    standing.missed if standing else 0,
                    standing.measured if standing else 0,
                    standing.last_day if standing else None,
                    {},
                )
            )
    return tuple(rows)


def day_outcomes(context: Context, metric: str, country: str, days: Days) -> tuple[DayOutcome, ...]:
    """List what became of a metric's targets on some days of a country that the actor may see, oldest first."""
    if country not in seen_countries(context):
        return ()
    rows = context.session.scalars(
        select(TargetOutcome)
        .where(
            TargetOutcome.metric == metric,
            TargetOutcome.country == country,
            TargetOutcome.day.between(days.first, days.last),
        )
        .order_by(TargetOutcome.day, TargetOutcome.target)
    )
    return tuple(
        DayOutcome(
            row.metric,
            row.country,
            row.day,
            Target(row.target),
            Outcome(row.outcome),
            row.measured,
            row.allowed,
            row.evidence,
        )
        for row in rows
    )


def window(context: Context, last_day: date) -> Days:
    """Give the days of the budget's window that ends with a day."""
    return Days(last_day - timedelta(days=parameters(context).window_days - 1), last_day)


def seen_countries(context: Context) -> tuple[str, ...]:
    """List the countries of which the actor may see everything; a country's number is not for who may see one city."""
    countries = {one.country for one in visible_cities(context) if one.country}
    return tuple(sorted(one for one in countries if context.actor.may_see_city(country=one, city_id="")))


def _require_steward(context: Context, act: str) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"{context.actor.name} may not {act}: that takes the role steward for all countries. "
            "Ask an administrator for it."
        )
