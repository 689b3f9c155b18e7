"""Whether metrics keep their targets: what `quality` writes and `metrics` reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tiffin.runtime.models import Base, Instant


class MetricStanding(Base):
    """How a metric kept its targets in a country of late; a certified metric whose budget is spent has fallen there."""

    __tablename__ = "metric_standings"

    metric: Mapped[str] = mapped_column(String(128), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    last_day: Mapped[date] = mapped_column()
    measured: Mapped[int] = mapped_column(Integer)
    missed: Mapped[int] = mapped_column(Integer)
    budget: Mapped[float] = mapped_column()
    is_fallen: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a metric kept its targets in a country over the window that ends with a day.

    Parameters
    ----------
    measured, missed : int
        Targets of days that could be measured, and those of them that were missed.
    budget : float
        How many may be missed.
    is_fallen : bool
        More than the budget was missed: the metric counts as no longer certified there, until it recovers.
    since : datetime
        UTC; when it fell or rose last.
    """

    country: str
    last_day: date
    measured: int
    missed: int
    budget: float
    is_fallen: bool
    since: datetime

    @property
    def budget_used(self) -> float:
        """Share of the budget that is spent; above 1 the metric has fallen."""
        return self.missed / self.budget if self.budget else float(self.missed > 0)


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
