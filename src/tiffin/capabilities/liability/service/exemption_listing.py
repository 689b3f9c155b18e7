"""Exemptions as people who look after a city see them, and the cities where the actor may declare any."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.models.exemptions import ExemptionRecord
from tiffin.capabilities.liability.queries import ledger as ask
from tiffin.capabilities.liability.service.exemptions import may_declare
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

SHOWN = 200


class Held(StrEnum):
    """When an exemption holds, seen from now."""

    NOW = "now"
    LATER = "later"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class ExemptionCity:
    """A city whose exemptions the actor sees.

    Parameters
    ----------
    timezone : str
        IANA name; times are typed and told by it.
    is_own : bool
        Whether he declares and ends them.
    """

    city_id: str
    name: str
    country: str
    timezone: str
    is_own: bool

    def read_time(self, written: str) -> datetime:
        """Read a time of the city's clock, such as ``2026-02-20T18:30``.

        Raises
        ------
        InvalidData
            It is none.
        """
        try:
            found = datetime.fromisoformat(written)
        except ValueError as error:
            raise InvalidData(
                Message("A time of the city's clock is written like 2026-02-20T18:30; found '{found}'.", found=written)
            ) from error
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRow:
    """One exemption as it stands; times are UTC, and ``ends_at`` is when it was ended where somebody did."""

    exemption_id: int
    city_id: str
    city: str
    timezone: str
    circumstance: Circumstance
    scope: Scope
    scope_id: str
    starts_at: datetime
    ends_at: datetime
    held: Held
    reference: str
    declared_by: str
    declared_at: datetime
    ended_by: str | None
    may_end: bool


def exemption_cities(context: Context) -> tuple[ExemptionCity, ...]:
    """List the cities whose exemptions the actor sees: those that a grant of his covers."""
    question = ask.cities()
    rows = context.warehouse.query_text(question.sql, question.values).to_pylist()
    return tuple(
        ExemptionCity(
            row["city_id"],
            row["name"] or row["city_id"],
            row["country"],
            row["timezone"],
            may_declare(context, row["country"], row["city_id"]),
        )
        for row in rows
        if any(one.covers(country=row["country"], city_id=row["city_id"]) for one in context.actor.grants)
    )


def exemption_city(context: Context, city_id: str) -> ExemptionCity:
    """Give a city whose exemptions the actor sees.

    Raises
    ------
    NotFound
        There is none, or he may not.
    """
    for one in exemption_cities(context):
        if one.city_id == city_id:
            return one
    raise NotFound(Message("There is no city '{city}' whose exemptions you may see.", city=city_id))


def list_exemptions(context: Context, *, city_id: str = "", held: Held | None = None) -> tuple[ExemptionRow, ...]:
    """List the newest exemptions of the cities that the actor sees, last begun first; at most ``SHOWN`` of them."""
    cities = {one.city_id: one for one in exemption_cities(context) if city_id in ("", one.city_id)}
    ends = func.coalesce(ExemptionRecord.ended_at, ExemptionRecord.ends_at)
    wanted = select(ExemptionRecord).where(ExemptionRecord.city_id.in_(sorted(cities)))
    if held is Held.OVER:
        wanted = wanted.where(ends <= context.now)
    elif held is Held.NOW:
        wanted = wanted.where(ends > context.now, ExemptionRecord.starts_at <= context.now)
    elif held is Held.LATER:
        wanted = wanted.where(ends > context.now, ExemptionRecord.starts_at > context.now)
    newest = wanted.order_by(ExemptionRecord.starts_at.desc(), ExemptionRecord.exemption_id.desc()).limit(SHOWN)
    return tuple(_row(context, one, cities[one.city_id]) for one in context.session.scalars(newest))


def _row(context: Context, record: ExemptionRecord, city: ExemptionCity) -> ExemptionRow:
    ends_at = min(record.ends_at, record.ended_at or record.ends_at)
    held = Held.OVER if ends_at <= context.now else Held.LATER if record.starts_at > context.now else Held.NOW
    return ExemptionRow(
        exemption_id=record.exemption_id,
        city_id=city.city_id,
        city=city.name,
        timezone=city.timezone,
        circumstance=Circumstance(record.circumstance),
        scope=Scope(record.scope),
        scope_id=record.scope_id,
        starts_at=record.starts_at,
        ends_at=ends_at,
        held=held,
        reference=record.reference,
        declared_by=record.declared_by,
        declared_at=record.declared_at,
        ended_by=record.ended_by,
        may_end=city.is_own and held is not Held.OVER,
    )
