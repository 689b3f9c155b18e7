"""The ledger of a city as people look through it: entries by filters, newest first, with what they add up to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from tiffin.capabilities.liability.domain.ledger_changes import reason_in
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.service.ledger_accounts import Owner, find_account, owners_of
from tiffin.capabilities.liability.service.ledger_places import LedgerCity
from tiffin.capabilities.liability.service.ledger_reading import STATED
from tiffin.engines.ledger.entries import HOUSE
from tiffin.runtime.context import Context

_EVENT: Any = LedgerEvent.__table__
_ENTRY: Any = LedgerEntry.__table__
PLATFORM = Party.PLATFORM.value


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries somebody wants to see; empty leaves a part open.

    Parameters
    ----------
    party : str
        ``rider``, ``merchant``, ``customer`` or ``platform``; empty for all but the platform.
    first, last : date or None
        Business days.
    """

    party: str = ""
    party_id: str = ""
    kind: str = ""
    incident: str = ""
    order_id: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as a list shows it.

    Parameters
    ----------
    party_id : str
        Whose account; of the platform's own, which.
    amount : int
        Points or minor units; above nought against the owner.
    """

    number: int
    line: int
    at: datetime
    business_date: date
    kind: str
    party: str
    party_id: str
    unit: str
    amount: int
    order_id: str
    incident: str
    verdict_id: str
    policy: str
    policy_version: str
    row_name: str
    zone_id: str | None
    reason: str


def list_entries(
    context: Context, city: LedgerCity, wanted: EntryFilter, *, limit: int, offset: int = 0
) -> tuple[EntryRow, ...]:
    """List entries of a city that may be read, newest first."""
    columns = (_EVENT, _ENTRY.c.line, _ENTRY.c.account, _ENTRY.c.unit, _ENTRY.c.amount)
    asked = _chosen(context, city, wanted, select(*columns))
    newest = asked.order_by(_EVENT.c.at.desc(), _EVENT.c.event_id.desc(), _ENTRY.c.line).limit(limit).offset(offset)
    rows = [dict(row) for row in context.unit.execute(newest).mappings()]
    return tuple(_entry_rows(rows, owners_of(context, [row["account"] for row in rows]), context.locale))


def count_entries(context: Context, city: LedgerCity, wanted: EntryFilter) -> int:
    """Count the entries that somebody wants to see."""
    return int(context.unit.execute(_chosen(context, city, wanted, select(func.count()))).scalar_one())


def totals(context: Context, city: LedgerCity, wanted: EntryFilter) -> Mapping[str, int]:
    """Add up the entries that somebody wants to see, by unit."""
    asked = _chosen(context, city, wanted, select(_ENTRY.c.unit, func.sum(_ENTRY.c.amount).label("amount")))
    rows = context.unit.execute(asked.group_by(_ENTRY.c.unit).order_by(_ENTRY.c.unit))
    return {row.unit: int(row.amount) for row in rows}


def incidents_in_ledger(context: Context, city: LedgerCity) -> tuple[str, ...]:
    """Name the sorts of incidents of which a city's ledger has entries."""
    asked = select(_EVENT.c.incident).where(_EVENT.c.city_id == city.city_id).distinct().order_by(_EVENT.c.incident)
    return tuple(context.unit.execute(asked).scalars())


def _chosen(context: Context, city: LedgerCity, wanted: EntryFilter, asked: Any) -> Any:
    joined = asked.select_from(_ENTRY.join(_EVENT, _EVENT.c.event_id == _ENTRY.c.event_id))
    return joined.where(_EVENT.c.city_id == city.city_id, *_conditions(context, city, wanted))


def _conditions(context: Context, city: LedgerCity, wanted: EntryFilter) -> Iterator[ColumnElement[bool]]:
    columns = {"kind": wanted.kind, "incident": wanted.incident, "order_id": wanted.order_id}
    yield from (_EVENT.c[name] == value for name, value in columns.items() if value)
    if wanted.party and wanted.party != PLATFORM:
        yield _ENTRY.c.account.startswith(f"{wanted.party}:", autoescape=True)
    else:
        is_house = _ENTRY.c.account.startswith(HOUSE)
        yield is_house if wanted.party else ~is_house
    if wanted.party_id:
        owners = [Owner(kind, city.city_id, wanted.party_id) for kind in STATED if wanted.party in ("", kind.value)]
        yield _ENTRY.c.account.in_([account for one in owners if (account := find_account(context, one))])
    if wanted.first:
        yield _EVENT.c.business_date >= wanted.first
    if wanted.last:
        yield _EVENT.c.business_date <= wanted.last


def _entry_rows(rows: Sequence[Mapping[str, Any]], owners: Mapping[str, Owner], locale: str) -> Iterator[EntryRow]:
    same = ("line", "at", "business_date", "kind", "unit", "amount", "order_id", "incident", "verdict_id")
    policy = ("policy", "policy_version", "row_name", "zone_id")
    for row in rows:
        kind, _, name = row["account"].partition(":")
        owner = owners.get(row["account"])
        yield EntryRow(
            number=row["number"] or 0,
            party=kind,
            party_id=owner.party_id if owner else name,
            reason=reason_in(row["reason"], locale),
            **{column: row[column] for column in (*same, *policy)},
        )
