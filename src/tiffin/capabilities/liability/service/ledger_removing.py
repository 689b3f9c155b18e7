"""Names and reasons removed from the ledger of points and money on request: no digest and no amount changes."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.models.ledger import LedgerEvent, LedgerParty
from tiffin.capabilities.liability.service.ledger_accounts import Owner, code_under
from tiffin.capabilities.liability.service.ledger_reading import STATED
from tiffin.capabilities.liability.service.ledger_writing import reason_digest
from tiffin.kernel.errors import Conflict
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

Names = Callable[[Any], bool]


def remove_from_penalties(context: Context, names: Names, mark: str) -> dict[str, list[Any]]:
    """Put a mark in the place of each reason and each party's name that names somebody, and forget their salts.

    Returns
    -------
    dict
        What the audit trail has to tell: under ``penalties`` the events whose reason is gone, under
        ``penalty_parties`` the accounts whose owner is; empty where nothing was removed.

    Raises
    ------
    Conflict
        Something is not as it was written, so that nothing may be removed from it.
    """
    events, parties = _remove_reasons(context, names, mark), _forget_parties(context, names, mark)
    context.session.flush()
    told: dict[str, list[Any]] = {"penalties": events, "penalty_parties": parties}
    return {name: found for name, found in told.items() if found}


def _remove_reasons(context: Context, names: Names, mark: str) -> list[Any]:
    done = []
    rows = context.session.scalars(select(LedgerEvent).where(LedgerEvent.reason_salt.is_not(None)))
    for row in rows.yield_per(1000):
        if not names(row.reason):
            continue
        if reason_digest(row.reason_salt or "", row.reason) != row.reason_digest:
            raise _damaged()
        row.reason, row.reason_salt = mark, None
        done.append(row.event_id)
    return done


def _forget_parties(context: Context, names: Names, mark: str) -> list[Any]:
    known = context.session.scalars(select(LedgerParty).where(LedgerParty.salt.is_not(None)))
    found = [row for row in known if names(row.party_id)]
    taken: dict[tuple[str, str], int] = {}
    for row in found:
        kind = next((one for one in STATED if one.value == row.kind), None)
        if kind is None or code_under(row.salt or "", Owner(kind, row.city_id, row.party_id)) != row.code:
            raise _damaged()
        place = (row.kind, row.city_id)
        taken[place] = taken.get(place, 0) + 1
        row.party_id = mark if taken[place] == 1 else f"{mark}-{taken[place]}"
        row.salt = None
    return [row.code for row in found]


def _damaged() -> Conflict:
    return Conflict(
        Message(
            "The ledger of points and money is not as it was written, so that nothing may be removed from it. "
            "`tiffin liability ledger check` tells where; restore the database from a backup first."
        )
    )
