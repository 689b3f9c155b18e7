"""The ledger of points and money: what verdicts lead to is posted, stayed, reversed, and never changed."""

from datetime import datetime

from tiffin.capabilities.liability.domain.ledger import Balance, Moved
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.context import Context


def post_verdict(context: Context, verdict: Verdict) -> Moved:
    """Post what a verdict leads to: points, recoveries, compensation. Posted again, nothing happens.

    The first posting of an incident needs nothing; a later verdict must say that it ``supersedes``: what the one before
    led to is reversed first, in the same transaction.

    Raises
    ------
    Conflict
        The incident is posted already by another decision that this one does not supersede, or by a later one.
    InvalidData
        Nobody is there to bear it, the currency is not the market's, or a rider would pay where no rule allows it.
    """
    raise Unavailable(f"The ledger takes nothing yet: {verdict.verdict_id} at {context.now}.")


def stay(context: Context, verdict_id: str, reason: str) -> Moved:
    """Let what a verdict led to count against nobody until `lift_stay`; what is in somebody's favour stays his.

    Raises
    ------
    NotFound
        It was never posted.
    Conflict
        It was reversed.
    """
    raise Unavailable(f"The ledger takes nothing yet: {verdict_id} at {context.now}, {reason}.")


def lift_stay(context: Context, verdict_id: str) -> Moved:
    """Let what was stayed count again; nothing happens where nothing is stayed.

    Raises
    ------
    NotFound
        It was never posted.
    """
    raise Unavailable(f"The ledger takes nothing yet: {verdict_id} at {context.now}.")


def reverse(context: Context, verdict_id: str, reason: str) -> Moved:
    """Take back all that a verdict led to, stayed or not; done again, nothing happens.

    Raises
    ------
    NotFound
        It was never posted.
    """
    raise Unavailable(f"The ledger takes nothing yet: {verdict_id} at {context.now}, {reason}.")


def replace(context: Context, old_verdict_id: str, verdict: Verdict) -> Moved:
    """Reverse what one verdict led to and post another in its place, as one.

    Raises
    ------
    NotFound
        The old one was never posted.
    Conflict, InvalidData
        As `post_verdict`.
    """
    raise Unavailable(f"The ledger takes nothing yet: {old_verdict_id}, {verdict.verdict_id} at {context.now}.")


def balance(context: Context, party: Party, party_id: str, city_id: str, *, as_of: datetime | None = None) -> Balance:
    """Tell how a party stands, now or as it would have been read at a moment.

    Raises
    ------
    NotFound
        The actor may see neither the city's ledger nor this party's affairs.
    """
    raise Unavailable(f"The ledger tells nothing yet: {party} {party_id} of {city_id} at {as_of or context.now}.")
