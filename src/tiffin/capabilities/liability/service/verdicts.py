"""Verdicts as they lie in the database: added once, read, and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select, true

from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import Party, top_party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_ADDING: dict[str, Any] = {}
"""By kind of database; made once, since to make a statement takes longer than to run it."""


@dataclass(frozen=True, slots=True)
class VerdictFilter:
    """Which verdicts somebody wants to see; None leaves a part open."""

    city_id: str | None = None
    incident: IncidentType | None = None
    decided_by: DecidedBy | None = None
    policy: str | None = None
    rider_id: str | None = None
    merchant_id: str | None = None


def verdict_of(context: Context, verdict_id: str) -> Verdict:
    """Give a verdict by its name, to whoever works on it: a page decides for itself who may see it.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    found = context.session.get(VerdictRecord, verdict_id)
    if found is None:
        raise no_verdict(verdict_id)
    return verdict_from(found, incident_record(context, found.incident_key))


def seen_verdict(context: Context, verdict_id: str) -> Verdict:
    """Give a verdict that the actor may see: by a grant over its place, or because it is about himself.

    Raises
    ------
    NotFound
        There is none, or he may not see it.
    """
    found = verdict_of(context, verdict_id)
    party = context.actor.party
    if party is not None and _is_about(found.incident, party.kind, party.city_id, party.party_id):
        return found
    if not context.actor.may_see_city(country=found.incident.country, city_id=found.incident.city_id):
        raise no_verdict(verdict_id)
    return found


def verdicts_of_order(context: Context, city_id: str, order_id: str) -> tuple[Verdict, ...]:
    """Give every verdict on an order, the superseded ones too: by incident, the oldest first."""
    order = (VerdictRecord.incident_key, VerdictRecord.number)
    wanted = select(VerdictRecord).where(VerdictRecord.city_id == city_id, VerdictRecord.order_id == order_id)
    return _verdicts(context, wanted.order_by(*order))


def latest(context: Context, incident_key: str) -> Verdict | None:
    """Give the verdict that holds on an incident; None while nobody has decided."""
    wanted = select(VerdictRecord).where(VerdictRecord.incident_key == incident_key)
    found = context.session.scalars(wanted.order_by(VerdictRecord.number.desc()).limit(1)).first()
    return verdict_from(found, incident_record(context, incident_key)) if found else None


def list_verdicts(
    context: Context, wanted: VerdictFilter | None = None, *, limit: int = 200, offset: int = 0
) -> tuple[Verdict, ...]:
    """List the verdicts that the actor may see and wants to, the newest first; superseded ones are left out."""
    order = (VerdictRecord.decided_at.desc(), VerdictRecord.verdict_id.desc())
    chosen = _chosen(context, wanted or VerdictFilter()).order_by(*order).limit(limit).offset(offset)
    return _verdicts(context, chosen)


def count_verdicts(context: Context, wanted: VerdictFilter | None = None) -> int:
    """Count the verdicts that the actor may see and wants to."""
    found = _chosen(context, wanted or VerdictFilter()).subquery()
    return context.session.scalar(select(func.count()).select_from(found)) or 0


def next_verdict_id(context: Context, incident_key: str) -> str:
    """Name the verdict that would be the next on an incident."""
    wanted = select(func.max(VerdictRecord.number)).where(VerdictRecord.incident_key == incident_key)
    return f"{incident_key}|{(context.session.scalar(wanted) or 0) + 1}"


def verdict_after(incident_key: str, held: Verdict | None) -> str:
    """Name the verdict that would come after the one that holds on an incident; the first where none does."""
    return f"{incident_key}|{int(held.verdict_id.rpartition('|')[2]) + 1 if held else 1}"


def add_verdicts(context: Context, verdicts: Sequence[Verdict]) -> None:
    """Keep verdicts for ever; whoever gives them sees to what follows.

    Raises
    ------
    Conflict
        Somebody else decided the same incident meanwhile.
    """
    rows = [_row(one) for one in verdicts]
    if len(rows) == 1:
        _add(context, rows)
    elif rows:
        with context.unit.part():
            _add(context, rows)


def _add(context: Context, rows: Sequence[Mapping[str, Any]]) -> None:
    context.session.flush()
    done: Any = context.session.execute(_adding(context), rows)
    if done.rowcount != len(rows):
        raise Conflict(
            Message("Somebody else decided this incident meanwhile, so nothing of yours was done. Look at it again.")
        )


def _adding(context: Context) -> Any:
    dialect = context.unit.engine.dialect.name
    if dialect not in _ADDING:
        adding = insert_into(context, VerdictRecord.__table__).on_conflict_do_nothing()
        _ADDING[dialect] = adding.execution_options(preserve_rowcount=True)
    return _ADDING[dialect]


def incident_record(context: Context, incident_key: str) -> IncidentRecord:
    """Find an incident by its key.

    Raises
    ------
    NotFound
        There is none.
    """
    found = context.session.get(IncidentRecord, incident_key)
    if found is None:
        raise NotFound(Message("There is no incident {key} that you may see.", key=incident_key))
    return found


def incident_of(record: "IncidentRecord | Row[Any]") -> Incident:
    """Give an incident as it was reported."""
    return Incident(
        city_id=record.city_id,
        country=record.country,
        order_id=record.order_id,
        incident=IncidentType(record.incident),
        happened_at=record.happened_at,
        business_date=record.business_date,
        reported_at=record.reported_at,
        reported_by=record.reported_by,
        rider_id=record.rider_id,
        merchant_id=record.merchant_id,
        customer_id=record.customer_id,
        facts=dict(record.said),
    )


def within_sight(context: Context, city: Any, country: Any) -> ColumnElement[bool]:
    """Hold for rows of the places that a grant of the actor opens as a whole."""
    grants = [one for one in context.actor.grants if not one.is_narrow]
    countries = sorted({name for one in grants for name in one.countries})
    cities = sorted({name for one in grants for name in one.cities})
    if "*" in (*countries, *cities):
        return true()
    return or_(country.in_(countries), city.in_(cities)) if countries or cities else false()


def no_verdict(verdict_id: str) -> NotFound:
    """Say that there is no such verdict for the reader."""
    return NotFound(Message("There is no verdict {name} that you may see.", name=verdict_id))


def _chosen(context: Context, wanted: VerdictFilter) -> Select[VerdictRecord]:
    said = {
        VerdictRecord.city_id: wanted.city_id,
        VerdictRecord.incident: wanted.incident,
        VerdictRecord.decided_by: wanted.decided_by,
        VerdictRecord.policy: wanted.policy,
        VerdictRecord.rider_id: wanted.rider_id,
        VerdictRecord.merchant_id: wanted.merchant_id,
    }
    superseded = select(VerdictRecord.supersedes).where(VerdictRecord.supersedes.is_not(None))
    parts = [column == value for column, value in said.items() if value]
    sight = within_sight(context, VerdictRecord.city_id, VerdictRecord.country)
    return select(VerdictRecord).where(sight, VerdictRecord.verdict_id.not_in(superseded), *parts)


def _verdicts(context: Context, wanted: Select[VerdictRecord]) -> tuple[Verdict, ...]:
    rows = context.session.scalars(wanted).all()
    keys = sorted({row.incident_key for row in rows})
    incidents = context.session.scalars(select(IncidentRecord).where(IncidentRecord.incident_key.in_(keys)))
    by_key = {one.incident_key: one for one in incidents}
    return tuple(verdict_from(row, by_key[row.incident_key]) for row in rows)


def _is_about(incident: Incident, kind: str, city_id: str, party_id: str) -> bool:
    names = {"rider": incident.rider_id, "merchant": incident.merchant_id, "customer": incident.customer_id}
    return incident.city_id == city_id and names.get(kind) == party_id


def _row(one: Verdict) -> Mapping[str, Any]:
    incident, number = one.incident, int(one.verdict_id.rpartition("|")[2])
    return {
        "verdict_id": one.verdict_id,
        "incident_key": incident.key,
        "number": number,
        "case_id": one.case_id,
        "city_id": incident.city_id,
        "country": incident.country,
        "order_id": incident.order_id,
        "incident": incident.incident.value,
        "happened_at": incident.happened_at,
        "rider_id": incident.rider_id,
        "merchant_id": incident.merchant_id,
        "liable": top_party(one.shares).value,
        "shares": _plain(one.shares),
        "points": _plain(one.points),
        "recovery_minor": _plain(one.recovery_minor),
        "compensation_minor": one.compensation_minor,
        "currency": one.currency,
        "policy": one.policy,
        "policy_version": one.policy_version,
        "row": one.row,
        "reason": dict(one.reason),
        "confidence": one.confidence,
        "exemption": one.exemption,
        "facts": dict(one.facts),
        "decided_by": one.decided_by.value,
        "decider": one.decider,
        "decided_at": one.decided_at,
        "supersedes": one.supersedes,
    }


def _plain(by_party: Mapping[Party, int]) -> dict[str, int]:
    return {party.value: by_party[party] for party in Party if by_party.get(party)}


def _by_party(plain: Mapping[str, int]) -> dict[Party, int]:
    return {Party(name): value for name, value in plain.items()}


def verdict_from(row: "VerdictRecord | Row[Any]", incident: "IncidentRecord | Row[Any]") -> Verdict:
    """Give a verdict as it was decided."""
    return Verdict(
        verdict_id=row.verdict_id,
        incident=incident_of(incident),
        shares=_by_party(row.shares),
        policy=row.policy,
        policy_version=row.policy_version,
        row=row.row,
        reason=dict(row.reason),
        confidence=row.confidence,
        decided_by=DecidedBy(row.decided_by),
        decided_at=row.decided_at,
        decider=row.decider,
        points=_by_party(row.points),
        recovery_minor=_by_party(row.recovery_minor),
        compensation_minor=row.compensation_minor,
        currency=row.currency,
        exemption=row.exemption,
        supersedes=row.supersedes,
        case_id=row.case_id,
        facts=dict(row.facts),
    )
