"""The standing of each metric in each country: what of its budget is spent, and whether its certificate holds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tiffin.capabilities.metrics.service import promises
from tiffin.capabilities.metrics.service.promises import Promise
from tiffin.capabilities.quality.domain import Burn, Outcome, Parameters, Standing, burn_of
from tiffin.capabilities.quality.models import MetricStanding, TargetOutcome
from tiffin.engines.metrics.definitions import Metric
from tiffin.kernel.time import Days
from tiffin.runtime import audit
from tiffin.runtime.context import Context

MetricCountry = tuple[str, str]


def standings(
    session: Session, metrics: Collection[str], *, countries: Collection[str] | None = None
) -> Mapping[str, tuple[Standing, ...]]:
    """Give the standings of some metrics by name; a metric that was never settled has none.

    Parameters
    ----------
    countries : collection of str or None
        Only these; None for all.
    """
    wanted = select(MetricStanding).where(MetricStanding.metric.in_(sorted(metrics)))
    if countries is not None:
        wanted = wanted.where(MetricStanding.country.in_(sorted(countries)))
    found: dict[str, list[Standing]] = {}
    for row in session.scalars(wanted.order_by(MetricStanding.metric, MetricStanding.country)):
        found.setdefault(row.metric, []).append(
            Standing(row.country, row.last_day, row.measured, row.missed, row.budget, row.is_fallen, row.changed_at)
        )
    return {name: tuple(listed) for name, listed in found.items()}


def refresh(
    context: Context, metrics: Iterable[Metric], countries: Mapping[str, Days], parameters: Parameters
) -> tuple[tuple[MetricCountry, ...], tuple[MetricCountry, ...]]:
    """Bring the standings up to date, and tell which certificates fell and which came back."""
    names = sorted(metric.name for metric in metrics)
    known = {
        (row.metric, row.country): row
        for row in context.session.scalars(select(MetricStanding).where(MetricStanding.metric.in_(names)))
    }
    fallen: list[MetricCountry] = []
    recovered: list[MetricCountry] = []
    for country in countries:
        for burn in _burns(context, country, names, parameters):
            key = (burn.metric, country)
            was_fallen = key in known and known[key].is_fallen
            _write(context, known.get(key), burn)
            promises.settle(context, burn.metric, _promise(burn), country=country, reason=_reason(burn), at=context.now)
            if burn.is_fallen != was_fallen:
                (fallen if burn.is_fallen else recovered).append(key)
                action = "certificate_fell" if burn.is_fallen else "certificate_came_back"
                details = {"country": country, "missed": burn.missed, "budget": burn.budget}
                audit.record(context, action=action, subject=burn.metric, details=details)
    context.session.flush()
    return tuple(fallen), tuple(recovered)


def _burns(context: Context, country: str, names: Sequence[str], parameters: Parameters) -> list[Burn]:
    last = context.session.scalar(select(func.max(TargetOutcome.day)).where(TargetOutcome.country == country))
    if last is None:
        return []
    first: date = last - timedelta(days=parameters.window_days - 1)
    rows = context.session.scalars(
        select(TargetOutcome).where(TargetOutcome.country == country, TargetOutcome.day.between(first, last))
    )
    outcomes: dict[str, list[Outcome]] = {}
    for row in rows:
        outcomes.setdefault(row.metric, []).append(Outcome(row.outcome))
    return [burn_of(name, country, last, outcomes[name], parameters) for name in names if name in outcomes]


def _write(context: Context, row: MetricStanding | None, burn: Burn) -> None:
    if row is None:
        row = MetricStanding(metric=burn.metric, country=burn.country, changed_at=context.now, is_fallen=False)
        context.session.add(row)
    if row.is_fallen != burn.is_fallen:
        row.changed_at = context.now
    row.last_day, row.measured, row.missed = burn.last_day, burn.measured, burn.missed
    row.budget, row.is_fallen = burn.budget, burn.is_fallen


def _promise(burn: Burn) -> Promise:
    """Tell readers of the metric what became of its targets."""
    if not burn.measured:
        return Promise.UNKNOWN
    return Promise.MISSED if burn.is_fallen else Promise.KEPT


def _reason(burn: Burn) -> str:
    return f"{burn.missed} of {burn.measured} targets missed, {burn.budget:.2f} allowed, up to {burn.last_day}"
