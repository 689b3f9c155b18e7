"""Accounts of riders, merchants and customers: they bear no grant, and open what concerns one party alone."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from tiffin.capabilities.access.domain.erasing import SoughtPerson
from tiffin.capabilities.access.service.granting import require_admin
from tiffin.kernel.errors import Conflict, InvalidData
from tiffin.kernel.messages import Message
from tiffin.kernel.people import PersonKind
from tiffin.runtime import audit, people
from tiffin.runtime.actor import Party
from tiffin.runtime.context import Context
from tiffin.runtime.models import AccessToken, Account, SignInLink, SignInSession
from tiffin.runtime.party_accounts import checked_locale, find_account, locale_of_session
from tiffin.runtime.tables import ACCOUNTS

KINDS = ("rider", "merchant", "customer")
PLACE_MAX = 128
NAME_BYTES = 6


@dataclass(frozen=True, slots=True)
class PartyView:
    """The account of a rider, merchant or customer.

    Parameters
    ----------
    name : str
        Drawn by lot, so that the trail names nobody.
    """

    name: str
    kind: str
    city_id: str
    party_id: str
    locale: str
    is_disabled: bool


def add_party(context: Context, party: Party, *, locale: str = "en") -> PartyView:
    """Make the account of a rider, merchant or customer; it signs in by a one-time link (`make_sign_in_link`).

    Parameters
    ----------
    party : Party
        Named as the facts name him, or as the source does.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    InvalidData
        There is no such kind or language, or the place or the name is empty or too long.
    Conflict
        He has an account already.
    """
    require_admin(context)
    known = _known(context, _checked(party))
    if find_account(context.session, known) is not None:
        told = Message("This {kind} has an account already; `tiffin access parties list` names it.", kind=known.kind)
        raise Conflict(told)
    account = Account(
        name=f"{known.kind}-{secrets.token_hex(NAME_BYTES)}",
        locale=checked_locale(locale),
        password_hash=None,
        is_owner=False,
        created_at=context.now,
        party_kind=known.kind,
        party_city=known.city_id,
        party_id=known.party_id,
    )
    context.session.add(account)
    context.session.flush()
    details = {"party": known.kind, "city": known.city_id}
    audit.record(context, action="account_added", subject=account.name, details=details)
    return _view(account)


def list_parties(context: Context) -> tuple[PartyView, ...]:
    """List the accounts of riders, merchants and customers; for administrators.

    Raises
    ------
    Forbidden
        The actor is no administrator.
    """
    require_admin(context)
    found = select(Account).where(ACCOUNTS.c.party_kind.is_not(None)).order_by(Account.name)
    return tuple(_view(account) for account in context.session.scalars(found))


def own_locale(context: Context, token: str) -> str | None:
    """Give the language of the rider, merchant or customer whose session a token is; None for everybody else's."""
    return locale_of_session(context.session, token)


def close_party(context: Context, person: SoughtPerson) -> Mapping[str, Any]:
    """Disable the accounts of a person who is erased and sign them out: nothing leads from them to him any more."""
    names = {person.identifier}
    if person.kind in {*PersonKind} and (
        found := people.find(context.unit, PersonKind(person.kind), person.identifier)
    ):
        names.add(found.pseudonym)
    columns = ACCOUNTS.c
    own = select(Account).where(columns.party_kind == person.kind, columns.party_id.in_(names))
    closed = context.session.scalars(own).all()
    for account in closed:
        account.disabled_at, account.password_hash = account.disabled_at or context.now, None
        for held in (SignInSession, AccessToken, SignInLink):
            context.session.execute(delete(held).where(held.account_id == account.account_id))
    return {"accounts": len(closed)} if closed else {}


def _checked(party: Party) -> Party:
    if party.kind not in KINDS:
        known = ", ".join(KINDS)
        raise InvalidData(Message("An account is of one of {kinds}; found {found}.", kinds=known, found=party.kind))
    for value in (party.city_id, party.party_id):
        if not 0 < len(value.strip()) <= PLACE_MAX:
            raise InvalidData(Message("City and identifier have 1 to {count} letters.", count=PLACE_MAX))
    return Party(party.kind, party.city_id.strip(), party.party_id.strip())


def _known(context: Context, party: Party) -> Party:
    """Name a person as the facts do; merchants bear their own names there."""
    if party.kind not in {*PersonKind}:
        return party
    found = people.find(context.unit, PersonKind(party.kind), party.party_id)
    return Party(party.kind, party.city_id, found.pseudonym) if found else party


def _view(account: Account) -> PartyView:
    return PartyView(
        name=account.name,
        kind=account.party_kind or "",
        city_id=account.party_city or "",
        party_id=account.party_id or "",
        locale=account.locale,
        is_disabled=account.disabled_at is not None,
    )
