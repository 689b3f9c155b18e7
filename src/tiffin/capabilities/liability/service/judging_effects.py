"""What follows from a decided incident: the ledger, notices, and their reversal when a person undoes his decision."""

from collections.abc import Mapping, Sequence

from tiffin.capabilities.cases.service.effects import Effect, Handler, inside, together
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.judging_cases import held_by_case, standing_of_cases
from tiffin.capabilities.liability.service.notices import Telling, send_all
from tiffin.runtime.context import Context

VERDICT = "verdict"
NO_BLAME = "no_blame"


def post_all(context: Context, effects: Sequence[Effect]) -> None:
    """Post what the verdicts that hold lead to; one that leads to nothing books nothing."""
    standing = standing_of_cases(context, [one.case_id for one in effects])
    held = [verdict for verdict, _ in standing.values() if verdict is not None and leads_to_something(verdict)]
    if held:
        ledger.post_verdicts(context, held)


def notify_all(context: Context, effects: Sequence[Effect]) -> None:
    """Tell whoever bears or gets something, and whom a circumstance exempts."""
    standing = standing_of_cases(context, [one.case_id for one in effects])
    telling = []
    for verdict, is_asked in standing.values():
        if verdict is not None and not is_asked:
            telling += [Telling(kind, verdict, party) for kind, party in _told(verdict)]
    send_all(context, telling)


@together(post_all)
def post(context: Context, effect: Effect) -> None:
    """Post what the verdict that holds leads to; one that leads to nothing books nothing."""
    post_all(context, [effect])


@together(notify_all)
def notify(context: Context, effect: Effect) -> None:
    """Tell whoever bears or gets something, and whom a circumstance exempts."""
    notify_all(context, [effect])


def _told(verdict: Verdict) -> list[tuple[str, Party]]:
    told = [(VERDICT, party) for party in told_parties(verdict)]
    if verdict.exemption:
        others = (one for one in (Party.RIDER, Party.MERCHANT) if _is_named(verdict, one))
        told += [(NO_BLAME, party) for party in others if not verdict.shares.get(party)]
    return told


@inside
def reverse(context: Context, effect: Effect) -> None:
    """Take back what an undone decision led to."""
    verdict = held_by_case(context, effect.case_id)
    if verdict is not None and leads_to_something(verdict):
        ledger.reverse(context, verdict.verdict_id, "undone")


def leads_to_something(verdict: Verdict) -> bool:
    """Tell whether anybody gets points or money, or pays."""
    return bool(verdict.compensation_minor or verdict.points or verdict.recovery_minor)


def told_parties(verdict: Verdict) -> tuple[Party, ...]:
    """Name the parties who bear or get something by a verdict."""
    bearing = [party for party in (Party.RIDER, Party.MERCHANT) if _is_named(verdict, party) and _bears(verdict, party)]
    is_customer_told = verdict.incident.customer_id and (verdict.compensation_minor or _bears(verdict, Party.CUSTOMER))
    return (*bearing, Party.CUSTOMER) if is_customer_told else tuple(bearing)


def _bears(verdict: Verdict, party: Party) -> bool:
    return bool(verdict.points.get(party) or verdict.recovery_minor.get(party) or verdict.shares.get(party))


def _is_named(verdict: Verdict, party: Party) -> bool:
    named = {Party.RIDER: verdict.incident.rider_id, Party.MERCHANT: verdict.incident.merchant_id}
    return named.get(party) is not None


def posting_of(verdict: Verdict) -> Mapping[str, Handler]:
    """Give what posts the verdict that was just given, without looking for it."""

    def posted(context: Context, _effect: Effect) -> None:
        if leads_to_something(verdict):
            ledger.post_verdict(context, verdict)

    return {"delivery_incident.post": posted}


POSTING: Mapping[str, Handler] = {"delivery_incident.post": post, "delivery_incident.reverse": reverse}
"""What stands or falls with the decision itself; notices wait for a worker, so that a slip can be undone before."""

HANDLERS: Mapping[str, Handler] = {**POSTING, "delivery_incident.notify": notify}
"""By sort of case and effect."""
