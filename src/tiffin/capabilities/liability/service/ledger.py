"""The ledger of points and money: what verdicts lead to is posted, stayed, reversed, and never changed.

Whoever calls these has checked who may decide; here is checked what the ledger takes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tiffin.capabilities.liability.domain.ledger import Moved
from tiffin.capabilities.liability.domain.ledger_posting import (
    decision_of,
    entries_for,
    parties_in,
    party_id_of,
    rank_of,
)
from tiffin.capabilities.liability.domain.ledger_terms import Terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.ledger_accounts import Owner, accounts_of
from tiffin.capabilities.liability.service.ledger_reading import balance, statement
from tiffin.capabilities.liability.service.ledger_terms import keep_terms, terms_on
from tiffin.capabilities.liability.service.ledger_writing import Decide, Order, carry_out, carry_out_all
from tiffin.engines.ledger.deciding import Step, Unforeseen, Unposted, Wanted, to_lift, to_post, to_reverse, to_stay
from tiffin.engines.ledger.events import Kind, Subject
from tiffin.kernel.errors import Conflict, InvalidData, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.markets import find_market

__all__ = ("balance", "lift_stay", "post_verdict", "post_verdicts", "replace", "reverse", "statement", "stay")

Reason = Mapping[str, str]
PLAIN = "en"
"""Language of what somebody typed, or the platform says of itself."""


def post_verdict(context: Context, verdict: Verdict) -> Moved:
    """Post what a verdict leads to: points, recoveries, compensation. Posted again, nothing happens.

    The first posting of an incident needs nothing; a later verdict must say that it ``supersedes``: what the one before
    led to is reversed first, in the same transaction.

    Raises
    ------
    Conflict
        The incident is posted already by another decision that this one does not supersede, or by a later one.
    InvalidData
        Nobody is there to bear it, the currency is not the market's, or a party would pay where no rule allows it.
    """
    return _post_all(context, [verdict], follows=None)[0]


def replace(context: Context, old_verdict_id: str, verdict: Verdict) -> Moved:
    """Reverse what one verdict led to and post another in its place, as one; done again, nothing happens.

    Raises
    ------
    NotFound
        The old one was never posted.
    Conflict
        Another one stands in its place already.
    InvalidData
        As `post_verdict`.
    """
    return _post_all(context, [verdict], follows=old_verdict_id)[0]


def stay(context: Context, verdict_id: str, reason: str) -> Moved:
    """Let what a verdict led to count against nobody until `lift_stay`; what is in somebody's favour stays his.

    Raises
    ------
    NotFound
        It was never posted.
    Conflict
        It was reversed.
    """
    return _move(context, verdict_id, lambda subject: to_stay(subject, verdict_id), {Kind.STAYED: {PLAIN: reason}})


def lift_stay(context: Context, verdict_id: str) -> Moved:
    """Let what was stayed count again; nothing happens where nothing is stayed.

    Raises
    ------
    NotFound
        It was never posted.
    """
    return _move(context, verdict_id, lambda subject: to_lift(subject, verdict_id), {})


def reverse(context: Context, verdict_id: str, reason: str) -> Moved:
    """Take back all that a verdict led to, stayed or not; done again, nothing happens.

    Raises
    ------
    NotFound
        It was never posted.
    """
    reasons = {Kind.REVERSED: {PLAIN: reason}}
    return _move(context, verdict_id, lambda subject: to_reverse(subject, verdict_id), reasons)


def post_verdicts(context: Context, verdicts: Sequence[Verdict]) -> list[Moved]:
    """Post what verdicts on several incidents lead to, each as `post_verdict` does, in a few statements for all.

    Raises
    ------
    Conflict, InvalidData
        As `post_verdict`; then nothing may be kept of any of them.
    """
    return _post_all(context, verdicts, follows=None)


def _post_all(context: Context, verdicts: Sequence[Verdict], *, follows: str | None) -> list[Moved]:
    countries = sorted({one.incident.country for one in verdicts})
    terms = {one: terms_on(context.workspace, one, context.now.date()) for one in countries}
    for one in verdicts:
        _check(context, one, terms[one.incident.country])
    owners = {one.verdict_id: {party: _owner(one, party) for party in parties_in(one)} for one in verdicts}
    opened = accounts_of(context, [owner for own in owners.values() for owner in own.values()])
    kept = {country: keep_terms(context, one) for country, one in terms.items()}
    orders = []
    for one in verdicts:
        accounts = {party: opened[owner] for party, owner in owners[one.verdict_id].items()}
        facts = _facts(one, kept[one.incident.country])
        reasons = {Kind.POSTED: one.reason}
        orders.append(Order(one.incident.key, _posting(one, accounts, follows), facts, reasons))
    added = carry_out_all(context, orders)
    return [Moved(one.verdict_id, is_new=is_new) for one, is_new in zip(verdicts, added, strict=True)]


def _posting(verdict: Verdict, accounts: Mapping[Party, str], follows: str | None) -> Decide:
    name, entries, decision = verdict.verdict_id, entries_for(verdict, accounts), decision_of(verdict)
    is_superseding = bool(follows or verdict.supersedes)
    wanted = Wanted(name, decision, entries, rank_of(name), is_superseding)

    def decide(subject: Subject) -> tuple[Step, ...]:
        _check_follows(subject, name, follows)
        latest = subject.latest
        return to_post(subject, wanted, rank_of(latest.name) if latest else 0)

    return _telling(name, decide)


def _owner(verdict: Verdict, party: Party) -> Owner:
    party_id = party_id_of(verdict.incident, party)
    if party_id is None:
        raise InvalidData(
            Message(
                "Verdict {verdict} books something on the {party} of an order of which the facts name none. Load who "
                "it was, or decide on somebody else.",
                verdict=verdict.verdict_id,
                party=party.value,
            )
        )
    return Owner(party, verdict.incident.city_id, party_id)


def _check(context: Context, verdict: Verdict, terms: Terms) -> None:
    amounts = [*verdict.points.values(), *verdict.recovery_minor.values(), verdict.compensation_minor]
    if any(amount < 0 for amount in amounts):
        raise InvalidData(
            Message("Verdict {verdict} books less than nought. Reverse what it corrects.", verdict=verdict.verdict_id)
        )
    if not any(verdict.recovery_minor.values()) and not verdict.compensation_minor:
        return
    currency = find_market(verdict.incident.country, context.workspace.overlay("markets")).currency
    if verdict.currency != currency:
        raise InvalidData(
            Message(
                "Verdict {verdict} is in {found}; money of {country} is booked in {currency}.",
                verdict=verdict.verdict_id,
                found=verdict.currency or "-",
                country=verdict.incident.country,
                currency=currency,
            )
        )
    for party in (one for one in parties_in(verdict) if verdict.recovery_minor.get(one)):
        if not terms.of(party).money.is_allowed:
            raise InvalidData(
                Message(
                    "Verdict {verdict} would make the {party} pay, which no rule of {country} allows. A country that "
                    "allows it says so under `terms` in parameters/ledger.yaml.",
                    verdict=verdict.verdict_id,
                    party=party.value,
                    country=verdict.incident.country,
                )
            )


def _check_follows(subject: Subject, verdict_id: str, follows: str | None) -> None:
    latest = subject.latest
    if follows is None or verdict_id in subject.postings:
        return
    if follows not in subject.postings:
        raise Unposted(follows)
    if latest is not None and latest.name != follows:
        raise Unforeseen(latest.name)


def _facts(verdict: Verdict, terms: str) -> dict[str, Any]:
    incident, zone = verdict.incident, verdict.facts.get("zone_id")
    return {
        "city_id": incident.city_id,
        "country": incident.country,
        "zone_id": str(zone) if zone else None,
        "order_id": incident.order_id,
        "incident": incident.incident.value,
        "business_date": incident.business_date,
        "policy": verdict.policy,
        "policy_version": verdict.policy_version,
        "row_name": verdict.row,
        "terms": terms,
    }


def _move(context: Context, verdict_id: str, decide: Decide, reasons: Mapping[Kind, Reason]) -> Moved:
    key = verdict_id.rpartition("|")[0]
    return Moved(verdict_id, is_new=carry_out(context, key, _telling(verdict_id, decide), {}, reasons))


def _telling(verdict_id: str, decide: Decide) -> Decide:
    """Say in words what stands in the way of an order about a verdict."""

    def told(subject: Subject) -> Sequence[Step]:
        try:
            return decide(subject)
        except Unposted as missing:
            raise NotFound(Message("Nothing was posted for verdict {verdict}.", verdict=str(missing))) from missing
        except Unforeseen as other:
            raise Conflict(
                Message(
                    "The ledger cannot do this for verdict {verdict}: {other} was posted last for the same incident, "
                    "or was taken back. A verdict that takes its place says that it supersedes it.",
                    verdict=verdict_id,
                    other=str(other),
                )
            ) from other

    return told
