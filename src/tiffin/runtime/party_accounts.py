"""Accounts of riders, merchants and customers: whose one is, and in which language he is written to."""

from collections.abc import Collection, Mapping

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor, Party
from tiffin.runtime.database import Unit
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.models import Account, SignInSession
from tiffin.runtime.sessions import token_hash
from tiffin.runtime.tables import ACCOUNTS


def find_account(session: Session, party: Party) -> Account | None:
    """Find the account of a party; None where he has none."""
    columns = ACCOUNTS.c
    own = (columns.party_kind == party.kind, columns.party_city == party.city_id, columns.party_id == party.party_id)
    return session.scalar(select(Account).where(*own))


def locales_of_parties(unit: Unit, parties: Collection[Party]) -> Mapping[Party, str]:
    """Give the languages that parties chose; who has no account is left out."""
    columns = ACCOUNTS.c
    place = tuple_(columns.party_kind, columns.party_city, columns.party_id)
    asked = select(columns.party_kind, columns.party_city, columns.party_id, columns.locale)
    places = sorted({(one.kind, one.city_id, one.party_id) for one in parties})
    rows = unit.execute(asked.where(place.in_(places))) if places else ()
    return {Party(row.party_kind, row.party_city, row.party_id): row.locale for row in rows}


def locale_of_session(session: Session, token: str) -> str | None:
    """Give the language of the rider, merchant or customer whose browser bears a token; None for everybody else's."""
    row = session.get(SignInSession, token_hash(token))
    account = session.get(Account, row.account_id) if row else None
    return account.locale if account is not None and account.party_kind is not None else None


def choose_locale(session: Session, actor: Actor, locale: str) -> bool:
    """Write to a party in another language from now on; tells whether it is another.

    Raises
    ------
    Forbidden
        The actor is somebody who works here.
    InvalidData
        There is no such language.
    """
    row = find_account(session, actor.party) if actor.party else None
    if row is None:
        raise Forbidden(Message("Only riders, merchants and customers choose the language of their notices."))
    changes = row.locale != checked_locale(locale)
    row.locale = locale
    return changes


def checked_locale(locale: str) -> str:
    """Give a language in which parties are written to.

    Raises
    ------
    InvalidData
        It is none.
    """
    if locale not in RIDER_LOCALES:
        known = ", ".join(RIDER_LOCALES)
        raise InvalidData(Message("The language is one of {locales}; found {found}.", locales=known, found=locale))
    return locale
