"""What standing by standards is told from: incidents by the verdicts that hold, and deliveries, of a city's riders."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.standards import OWN_FROM, REMEMBERED_DAYS, OwnIncident
from tiffin.capabilities.liability.domain.tiers import HELD_DAYS, PERIOD_DAYS
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.queries import standards as ask
from tiffin.capabilities.liability.service.ledger_places import city_of
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

COACHES = (Role.CITY_MANAGER, Role.EXPERIENCE_MANAGER, Role.ADMIN)

Incidents = Mapping[str, tuple[OwnIncident, ...]]
Deliveries = Mapping[str, Counter[date]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a city's riders, or of one of them.

    Parameters
    ----------
    day : date
        The last day of which something is known: standing is told as of it, so that days whose orders have not come
        yet count for nobody as days without deliveries.
    incidents : mapping
        A rider's own ones, by rider; stayed ones are among them and say so.
    deliveries : mapping
        How many orders he handed over, by rider and day.
    """

    city_id: str
    country: str
    day: date
    incidents: Incidents
    deliveries: Deliveries

    @property
    def riders(self) -> tuple[str, ...]:
        """Name every rider of whom anything is known."""
        return tuple(sorted({*self.incidents, *self.deliveries}))


def read_known(context: Context, city_id: str, *, rider_id: str | None = None, day: date | None = None) -> Known:
    """Read what is known of a city's riders until a day, or of one rider.

    Raises
    ------
    NotFound
        There is no such city.
    """
    country, as_of = country_in(context, city_id), day or last_known_day(context, city_id)
    incidents = _incidents(context, city_id, rider_id, as_of)
    return Known(city_id, country, as_of, incidents, _deliveries(context, city_id, rider_id, as_of))


def country_in(context: Context, city_id: str) -> str:
    """Give the country of a city, as facts, ledger or incidents tell.

    Raises
    ------
    NotFound
        None of them knows it.
    """
    try:
        return city_of(context, city_id).country
    except NotFound:
        wanted = select(IncidentRecord.country).where(IncidentRecord.city_id == city_id).limit(1)
        found = context.session.scalar(wanted)
        if found is None:
            raise
        return found


def last_known_day(context: Context, city_id: str) -> date:
    """Give the last day of which orders or incidents of a city are known, today at most; today without any."""
    wanted = select(func.max(IncidentRecord.business_date)).where(IncidentRecord.city_id == city_id)
    days = [context.session.scalar(wanted)]
    if "orders" in context.warehouse.versions():
        days += [row["last"] for row in context.warehouse.query(ask.last_day(city_id)).to_pylist()]
    today = context.now.date()
    return min(today, max((one for one in days if one is not None), default=today))


def may_coach(context: Context, *, country: str, city_id: str) -> bool:
    """Tell whether the actor answers for the riders of a whole city, by name."""
    return any(
        one.role in COACHES
        and not one.is_narrow
        and Classification.PERSONAL in one.opened
        and one.covers(country=country, city_id=city_id)
        for one in context.actor.grants
    )


def _incidents(context: Context, city_id: str, rider_id: str | None, day: date) -> Incidents:
    newest = (
        select(VerdictRecord.incident_key, func.max(VerdictRecord.number).label("number"))
        .where(VerdictRecord.city_id == city_id)
        .group_by(VerdictRecord.incident_key)
        .subquery()
    )
    same = (VerdictRecord.incident_key == newest.c.incident_key) & (VerdictRecord.number == newest.c.number)
    columns = (VerdictRecord.verdict_id, VerdictRecord.shares)
    wanted = (
        select(IncidentRecord, *columns)
        .join(VerdictRecord, VerdictRecord.incident_key == IncidentRecord.incident_key)
        .join(newest, same)
        .where(IncidentRecord.city_id == city_id, IncidentRecord.rider_id.is_not(None))
        .where(
            IncidentRecord.business_date > day - timedelta(days=REMEMBERED_DAYS), IncidentRecord.business_date <= day
        )
        .order_by(IncidentRecord.business_date, IncidentRecord.incident_key)
    )
    if rider_id is not None:
        wanted = wanted.where(IncidentRecord.rider_id == rider_id)
    stayed, found = _stayed(context, city_id), dict[str, list[OwnIncident]]()
    for row, verdict_id, shares in context.session.execute(wanted):
        if shares.get(Party.RIDER.value, 0) >= OWN_FROM:
            own = _own(row, verdict_id, is_stayed=row.incident_key in stayed)
            found.setdefault(str(row.rider_id), []).append(own)
    return {rider: tuple(own) for rider, own in found.items()}


def _own(row: IncidentRecord, verdict_id: str, *, is_stayed: bool) -> OwnIncident:
    kind = IncidentType(row.incident)
    return OwnIncident(row.incident_key, verdict_id, row.order_id, kind, row.business_date, is_stayed)


def _stayed(context: Context, city_id: str) -> frozenset[str]:
    """Name the incidents of a city whose verdict any party's appeal holds back."""
    wanted = select(AppealRecord.verdict_id).where(AppealRecord.city_id == city_id, AppealRecord.settled_at.is_(None))
    return frozenset(name.rpartition("|")[0] for name in context.session.scalars(wanted))


def _deliveries(context: Context, city_id: str, rider_id: str | None, day: date) -> Deliveries:
    if "orders" not in context.warehouse.versions():
        return {}
    first = day - timedelta(days=HELD_DAYS + PERIOD_DAYS)
    found: dict[str, Counter[date]] = {}
    for row in context.warehouse.query(ask.deliveries(city_id, first, day, rider_id)).to_pylist():
        found.setdefault(row["rider_id"], Counter())[row["business_date"]] += row["delivered"]
    return found
