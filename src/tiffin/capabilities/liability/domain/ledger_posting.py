"""What a verdict does to the ledger: double entries, and what makes it the same as another."""

import json
from collections.abc import Mapping
from hashlib import sha256

from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.engines.ledger.entries import HOUSE, POINTS, Entry, entries_of

POINTS_ISSUED = f"{HOUSE}points_issued"
POINTS_RESTORED = f"{HOUSE}points_restored"
RECOVERY_INCOME = f"{HOUSE}recovery_income"
COMPENSATION_EXPENSE = f"{HOUSE}compensation_expense"

CHARGED = (Party.RIDER, Party.MERCHANT, Party.CUSTOMER)
"""Who can have an account; what falls to the platform or to circumstances is nobody's."""

UNNAMED = "order:"
"""How a customer is called whom the facts do not name: by his order."""


def party_id_of(incident: Incident, party: Party) -> str | None:
    """Tell who a party of an incident is; None where the facts name nobody."""
    if party is Party.CUSTOMER:
        return incident.customer_id or f"{UNNAMED}{incident.order_id}"
    return {Party.RIDER: incident.rider_id, Party.MERCHANT: incident.merchant_id}.get(party)


def parties_in(verdict: Verdict) -> tuple[Party, ...]:
    """Name the parties on whose accounts a verdict books something."""
    charged = (one for one in CHARGED if verdict.points.get(one) or verdict.recovery_minor.get(one))
    paid = (Party.CUSTOMER,) if verdict.compensation_minor else ()
    return tuple(dict.fromkeys((*charged, *paid)))


def entries_for(verdict: Verdict, accounts: Mapping[Party, str]) -> tuple[Entry, ...]:
    """Write a verdict as entries that add up to nought in every unit.

    Parameters
    ----------
    accounts : mapping of Party to str
        Account of each of `parties_in`.
    """
    net: dict[tuple[str, str], int] = {}

    def book(account: str, contra: str, unit: str, amount: int) -> None:
        net[account, unit] = net.get((account, unit), 0) + amount
        net[contra, unit] = net.get((contra, unit), 0) - amount

    for party in parties_in(verdict):
        book(accounts[party], POINTS_ISSUED, POINTS, verdict.points.get(party, 0))
        book(accounts[party], RECOVERY_INCOME, verdict.currency, verdict.recovery_minor.get(party, 0))
    if verdict.compensation_minor:
        book(accounts[Party.CUSTOMER], COMPENSATION_EXPENSE, verdict.currency, -verdict.compensation_minor)
    return entries_of(net)


def decision_of(verdict: Verdict) -> str:
    """Give what a posting rests on: order, incident and the policy's version; of a person's decision, that decision.

    The same policy asked again about the same incident says nothing new, whatever the number of the verdict.
    """
    by = verdict.verdict_id if verdict.decided_by is DecidedBy.PERSON else ""
    return _digest(verdict.incident.key, verdict.policy, verdict.policy_version, by)


def once_of(decision: str, follows: str, entry: Entry) -> str:
    """Give what no two entries have alike: order, incident, policy's version, predecessor, party and unit."""
    return _digest(decision, follows, entry.account, entry.unit)


def rank_of(verdict_id: str) -> int:
    """Give the number of a verdict on its incident.

    Examples
    --------
    >>> rank_of("riyadh|order-7|late|2")
    2
    """
    number = verdict_id.rpartition("|")[2]
    return int(number) if number.isascii() and number.isdecimal() else 0


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
