"""Accounts of parties: the ledger names a code for good, and one table alone says whom it means.

A code is a digest of the party under a random salt: without the salt it leads to nobody, and with it nobody can put
another party in the place of the one that it was made for.
"""

import json
import os
from base64 import b32encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, bindparam, select, text, tuple_

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerParty
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, engine_beside, unit_of

SALT_BYTES, CODE_LETTERS = 16, 26
_PARTY: Any = LedgerParty.__table__
# Made once: to make a statement takes longer than to run it.
_PLACE = tuple_(_PARTY.c.kind, _PARTY.c.city_id, _PARTY.c.party_id)
_FINDING = select(_PARTY).where(_PLACE.in_(bindparam("places", expanding=True)))
_ADDING = text(
    "insert into ledger_parties (code, kind, city_id, party_id, salt) "
    "values (:code, :kind, :city_id, :party_id, :salt) on conflict do nothing"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is."""

    kind: Party
    city_id: str
    party_id: str


def code_under(salt: str, owner: Owner) -> str:
    """Give the account of a party under a salt, such as ``rider:`` and 130 bits as 26 letters and figures."""
    told = json.dumps([owner.kind.value, owner.city_id, owner.party_id])
    digest = sha256(f"{salt}{told}".encode("utf-8", "replace")).digest()
    return f"{owner.kind.value}:{b32encode(digest).decode().lower()[:CODE_LETTERS]}"


def find_account(context: Context, owner: Owner) -> str | None:
    """Give the account of a party; None where nothing was ever booked on it."""
    found: str | None = context.unit.execute(_asking(owner)).scalar_one_or_none()
    return found


def accounts_of(context: Context, owners: Collection[Owner]) -> Mapping[Owner, str]:
    """Give the accounts of parties, opened now where they have none; they stand whatever becomes of the unit."""
    if not owners:
        return {}
    found = _found(context.unit, owners)
    missing = [one for one in dict.fromkeys(owners) if one not in found]
    return {**found, **_open(context, missing)} if missing else found


def owners_of(context: Context, accounts: Collection[str]) -> Mapping[str, Owner]:
    """Tell whose accounts are; the platform's own are nobody's."""
    asked = select(_PARTY).where(_PARTY.c.code.in_(sorted(set(accounts))))
    return {row.code: Owner(Party(row.kind), row.city_id, row.party_id) for row in context.unit.execute(asked)}


def _found(unit: Unit, owners: Collection[Owner]) -> dict[Owner, str]:
    rows = unit.execute(_FINDING, {"places": [(one.kind.value, one.city_id, one.party_id) for one in owners]}).all()
    return {Owner(Party(row.kind), row.city_id, row.party_id): row.code for row in rows}


def _open(context: Context, owners: Collection[Owner]) -> Mapping[Owner, str]:
    if context.unit.keeps_writers_waiting:
        return _opened(context.unit, owners)
    with unit_of(engine_beside(context.unit.engine)) as own:
        return _opened(own, owners)


def _opened(unit: Unit, owners: Collection[Owner]) -> Mapping[Owner, str]:
    # In one order for all who open some: two who open the same ones wait for each other, and not each for the other.
    for owner in sorted(owners, key=lambda one: (one.kind.value, one.city_id, one.party_id)):
        salt = os.urandom(SALT_BYTES).hex()
        row = {"kind": owner.kind.value, "city_id": owner.city_id, "party_id": owner.party_id, "salt": salt}
        unit.execute(_ADDING, {"code": code_under(salt, owner), **row})
    return _found(unit, owners)  # of two who open one at once, both get the first one's


def _asking(owner: Owner) -> Select[Any]:
    return select(_PARTY.c.code).where(
        _PARTY.c.kind == owner.kind.value, _PARTY.c.city_id == owner.city_id, _PARTY.c.party_id == owner.party_id
    )
