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

from sqlalchemy import Select, select, text, tuple_

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerParty
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit, engine_beside, unit_of

SALT_BYTES, CODE_LETTERS = 16, 26
_PARTY: Any = LedgerParty.__table__
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
    places = [(one.kind.value, one.city_id, one.party_id) for one in owners]
    named = tuple_(_PARTY.c.kind, _PARTY.c.city_id, _PARTY.c.party_id).in_(places)
    rows = context.unit.execute(select(_PARTY).where(named)).all() if owners else []
    found = {Owner(Party(row.kind), row.city_id, row.party_id): row.code for row in rows}
    return {one: found.get(one) or _open(context, one) for one in owners}


def owners_of(context: Context, accounts: Collection[str]) -> Mapping[str, Owner]:
    """Tell whose accounts are; the platform's own are nobody's."""
    asked = select(_PARTY).where(_PARTY.c.code.in_(sorted(set(accounts))))
    return {row.code: Owner(Party(row.kind), row.city_id, row.party_id) for row in context.unit.execute(asked)}


def _open(context: Context, owner: Owner) -> str:
    if context.unit.keeps_writers_waiting:
        return _opened(context.unit, owner)
    with unit_of(engine_beside(context.unit.engine)) as own:
        return _opened(own, owner)


def _opened(unit: Unit, owner: Owner) -> str:
    salt = os.urandom(SALT_BYTES).hex()
    row = {"kind": owner.kind.value, "city_id": owner.city_id, "party_id": owner.party_id, "salt": salt}
    unit.execute(_ADDING, {"code": code_under(salt, owner), **row})
    found: str = unit.execute(_asking(owner)).scalar_one()  # of two who open it at once, both get the first one's
    return found


def _asking(owner: Owner) -> Select[Any]:
    return select(_PARTY.c.code).where(
        _PARTY.c.kind == owner.kind.value, _PARTY.c.city_id == owner.city_id, _PARTY.c.party_id == owner.party_id
    )
