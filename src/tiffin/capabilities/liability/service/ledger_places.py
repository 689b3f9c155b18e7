"""Cities of the ledger, and who may read it there."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEvent
from tiffin.capabilities.liability.queries import ledger as ask
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.markets import find_market

READERS = (
    Role.CITY_MANAGER,
    Role.ADJUDICATOR,
    Role.REVIEWER,
    Role.EXPERIENCE_MANAGER,
    Role.STEWARD,
    Role.ADMIN,
)
"""Roles that read the ledger of a city which their grant covers whole, where it opens names and amounts."""

_OPENED = {Classification.PERSONAL, Classification.CONFIDENTIAL}


@dataclass(frozen=True, slots=True)
class LedgerCity:
    """A city as its ledger needs it.

    Parameters
    ----------
    timezone : str
        IANA name.
    currency : str
        ISO 4217 code of the market.
    """

    city_id: str
    name: str
    country: str
    timezone: str
    currency: str

    def local_day(self, at: datetime) -> date:
        """Give the local day of an instant."""
        return at.astimezone(ZoneInfo(self.timezone)).date()


def ledger_cities(context: Context) -> tuple[LedgerCity, ...]:
    """List the cities whose ledger the actor may read."""
    question = ask.cities()
    rows = context.warehouse.query_text(question.sql, question.values).to_pylist()
    found = {
        row["city_id"]: _city(context, row["city_id"], row["name"], row["country"], row["timezone"]) for row in rows
    }
    booked = context.session.execute(select(LedgerEvent.city_id, LedgerEvent.country).distinct())
    for city_id, country in booked:
        found.setdefault(city_id, _city(context, city_id, "", country, None))
    return tuple(city for city in found.values() if may_read_city(context, city))


def find_ledger_city(context: Context, city_id: str) -> LedgerCity:
    """Find a city whose ledger the actor may read; another one is as if it were not there.

    Raises
    ------
    NotFound
        There is no such city.
    """
    city = city_of(context, city_id)
    if not may_read_city(context, city):
        raise _unknown(city_id)
    return city


def find_party_city(context: Context, party: Party, party_id: str, city_id: str) -> LedgerCity:
    """Find the city of a party whose affairs the actor may read: he reads the city's ledger, or is that party.

    Raises
    ------
    NotFound
        He may not, or there is no such city.
    """
    city, own = city_of(context, city_id), context.actor.party
    is_own = own is not None and (own.kind, own.city_id, own.party_id) == (party.value, city_id, party_id)
    if not is_own and not may_read_city(context, city):
        raise _unknown(city_id)
    return city


def may_read_city(context: Context, city: LedgerCity) -> bool:
    """Tell whether the actor reads the whole ledger of a city."""
    return any(
        one.covers(country=city.country, city_id=city.city_id)
        for one in context.actor.grants
        if one.role in READERS and not one.is_narrow and {*one.opened} >= _OPENED
    )


def city_of(context: Context, city_id: str) -> LedgerCity:
    """Give a city as the facts tell of it, or as the ledger does.

    Raises
    ------
    NotFound
        Neither knows it.
    """
    question = ask.city(city_id)
    for row in context.warehouse.query_text(question.sql, question.values).to_pylist():
        return _city(context, city_id, row["name"], row["country"], row["timezone"])
    country = context.session.scalar(select(LedgerEvent.country).where(LedgerEvent.city_id == city_id).limit(1))
    if country is None:
        raise _unknown(city_id)
    return _city(context, city_id, "", country, None)


def _city(context: Context, city_id: str, name: str, country: str, timezone: str | None) -> LedgerCity:
    market = find_market(country, context.workspace.overlay("markets"))
    return LedgerCity(city_id, name or city_id, country, timezone or market.timezones[0], market.currency)


def _unknown(city_id: str) -> NotFound:
    return NotFound(
        Message(
            "There is no ledger of '{city}' that you may read. `tiffin liability ledger cities` names those that "
            "you may.",
            city=city_id,
        )
    )
