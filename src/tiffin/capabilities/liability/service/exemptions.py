"""Exemptions declared when the circumstance happens, before anybody must appeal; each stands in the trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import Exemption, Scope
from tiffin.capabilities.liability.models.exemptions import ExemptionRecord
from tiffin.capabilities.liability.queries import attribution as ask
from tiffin.capabilities.liability.queries.exemptions import PLACES, place
from tiffin.capabilities.liability.service.exemption_rules import rules_on
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

MANAGERS = frozenset({Role.CITY_MANAGER, Role.ADMIN})
"""Roles that declare and end exemptions where their grant covers the whole city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExemption:
    """What is declared.

    Parameters
    ----------
    scope_id : str
        The zone, merchant or order; of a city its own identifier.
    starts_at, ends_at : datetime
        UTC; half-open.
    reference : str
        What it rests on: a command, a report, a notice of the weather service. No names of people.
    """

    circumstance: Circumstance
    scope: Scope
    scope_id: str
    starts_at: datetime
    ends_at: datetime
    reference: str


def declare(context: Context, city_id: str, wanted: NewExemption) -> int:
    """Declare a circumstance for a place and time of a city, and give its number.

    Raises
    ------
    NotFound
        There is no such city.
    Forbidden
        The actor does not look after that city.
    InvalidData
        It ends before it begins, would hold for longer than its circumstance may, or rests on nothing; or the city has
        no such zone or merchant.
    """
    country = _country(context, city_id)
    _require_manager(context, country, city_id)
    _require_place(context, city_id, wanted)
    rule = rules_on(context.workspace, wanted.starts_at.date()).get(wanted.circumstance)
    if rule is None or not wanted.starts_at < wanted.ends_at <= wanted.starts_at + rule.most:
        raise InvalidData(
            Message("An exemption ends after it starts, and at most {hours} hours later; declare another when that is "
                    "over.", hours=int(rule.most.total_seconds() // 3600) if rule else 0)
        )  # fmt: skip
    record = ExemptionRecord(
        city_id=city_id,
        country=country,
        circumstance=wanted.circumstance.value,
        scope=wanted.scope.value,
        scope_id=city_id if wanted.scope is Scope.CITY else wanted.scope_id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        reference=wanted.reference,
        declared_by=context.actor.name,
        declared_at=context.now,
    )
    context.session.add(record)
    context.session.flush()
    audit.record(
        context,
        action="exemption_declared",
        subject=f"{city_id}/{record.exemption_id}",
        details={"circumstance": record.circumstance, "scope": record.scope, "scope_id": record.scope_id},
    )
    return record.exemption_id


def end(context: Context, exemption_id: int) -> None:
    """End an exemption now; what happened while it held stays exempt.

    Raises
    ------
    NotFound
        There is no such exemption.
    Forbidden
        The actor does not look after its city.
    Conflict
        It is over already.
    """
    record = context.session.get(ExemptionRecord, exemption_id)
    if record is None:
        raise NotFound(Message("There is no exemption {number}.", number=exemption_id))
    _require_manager(context, record.country, record.city_id)
    if record.ended_at is not None or record.ends_at <= context.now:
        raise Conflict(Message("Exemption {number} is over already.", number=exemption_id))
    record.ended_by, record.ended_at = context.actor.name, context.now
    audit.record(context, action="exemption_ended", subject=f"{record.city_id}/{exemption_id}")


def declared(context: Context, city_id: str, starts_at: datetime, ends_at: datetime) -> tuple[Exemption, ...]:
    """List what was declared for a city and held at some instant of a span, in order of its beginning.

    Notes
    -----
    For judges, who ask about what they may see already; it names nobody.
    """
    records = context.session.scalars(
        select(ExemptionRecord)
        .where(
            ExemptionRecord.city_id == city_id,
            ExemptionRecord.starts_at <= ends_at,
            ExemptionRecord.ends_at > starts_at,
        )
        .order_by(ExemptionRecord.starts_at, ExemptionRecord.exemption_id)
    )
    found = (_exemption(record) for record in records)
    return tuple(one for one in found if one.starts_at < one.ends_at and one.ends_at > starts_at)


def _exemption(record: ExemptionRecord) -> Exemption:
    return Exemption(
        exemption_id=record.exemption_id,
        city_id=record.city_id,
        circumstance=Circumstance(record.circumstance),
        scope=Scope(record.scope),
        scope_id=record.scope_id,
        starts_at=record.starts_at,
        ends_at=min(record.ends_at, record.ended_at or record.ends_at),
        reference=record.reference,
        declared_at=record.declared_at,
    )


def _country(context: Context, city_id: str) -> str:
    rows = context.warehouse.query(ask.country_of(city_id)).to_pylist()
    if not rows:
        raise NotFound(Message("There is no city {city}.", city=city_id))
    return str(rows[0]["country"])


def may_declare(context: Context, country: str, city_id: str) -> bool:
    """Tell whether the actor declares and ends exemptions of a city."""
    grants = (one for one in context.actor.grants if one.role in MANAGERS)
    return any(one.covers(country=country, city_id=city_id) for one in grants)


def _require_place(context: Context, city_id: str, wanted: NewExemption) -> None:
    if not wanted.reference.strip():
        raise InvalidData(
            Message("An exemption says what it rests on: a report, a command, a warning of the weather service.")
        )
    if wanted.scope is not Scope.CITY and not wanted.scope_id.strip():
        raise InvalidData(Message("Say which zone, merchant or order the exemption holds for."))
    if wanted.scope not in PLACES:
        return
    question = place(wanted.scope, city_id, wanted.scope_id)
    if not context.warehouse.query_text(question.sql, question.values).num_rows:
        raise InvalidData(
            Message("There is no zone or merchant '{place}' in {city}, by the facts that are loaded.",
                    place=wanted.scope_id, city=city_id)
        )  # fmt: skip


def _require_manager(context: Context, country: str, city_id: str) -> None:
    if not may_declare(context, country, city_id):
        raise Forbidden(Message("Exemptions of {city} are declared and ended by its city managers.", city=city_id))
