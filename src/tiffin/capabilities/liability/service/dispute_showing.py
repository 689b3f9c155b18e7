"""One dispute as its pages show it: who agreed, what holds now, and what a proposal or decision would cost whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tiffin.capabilities.cases.domain.dispute_cases import DISPUTE
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.liability.domain.dispute_amounts import minor_said
from tiffin.capabilities.liability.domain.disputes import (
    Terms,
    agrees_by_itself,
    even_split,
    terms_said,
    who_must_agree,
)
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.dispute_records import (
    JUDGES,
    Dispute,
    dispute_from,
    roles_here,
    seen_record,
)
from tiffin.capabilities.liability.service.ledger_terms import terms_on
from tiffin.capabilities.liability.service.verdicts import latest
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_money

AMOUNTS = ("customer_gets_minor", "merchant_pays_minor", "rider_pays_minor")
"""Names of the amounts of terms, as forms and events call them."""
LONGEST = 4000
"""Letters of what somebody writes."""
_NOTED = ("note", "take")
_WORDS = ("text", "reason")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one party gets or pays, minor units: now, by the proposal on the table, by what is being thought of.

    Parameters
    ----------
    party : Party
        The customer gets; the others pay.
    offered, thought : int or None
        None where nothing is proposed or thought of.
    """

    party: Party
    now: int
    offered: int | None
    thought: int | None

    @property
    def changes_by(self) -> int | None:
        """Give what the thought changes; None where nothing is thought of."""
        return None if self.thought is None else self.thought - self.now


@dataclass(frozen=True, slots=True)
class DisputeNote:
    """Something that only those who work here read."""

    at: datetime
    by: str
    action: str
    text: str


@dataclass(frozen=True, slots=True)
class DisputeFile:
    """One dispute with all that its pages tell.

    Parameters
    ----------
    verdict : Verdict
        The one in force.
    agreed, missing : tuple of Party
        Who agreed to the proposal on the table, and whose word is still wanted.
    needs_person : bool
        The platform would pay more than by the verdict in force, to which only a person agrees.
    rider_may_pay : bool
        Whether the country's dated rule lets riders pay money.
    is_excluded : bool
        The reader decides disputes of this place, and had a part in what this one is about.
    assignee : str or None
        Who has it in hand.
    """

    dispute: Dispute
    verdict: Verdict
    costs: tuple[Cost, ...]
    agreed: tuple[Party, ...]
    missing: tuple[Party, ...]
    needs_person: bool
    rider_may_pay: bool
    is_excluded: bool
    assignee: str | None
    notes: tuple[DisputeNote, ...]

    @property
    def offered(self) -> frozenset[str]:
        """Name the actions that the reader can take now."""
        return frozenset(one.action for one in self.dispute.actions)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can be said."""
        return self.dispute.ended_at is not None or self.dispute.state in ("settled", "dispute_decided", "dropped")


def dispute_file(context: Context, case_id: int, thought: Terms | None = None) -> DisputeFile:
    """Give a dispute that the actor may see, and what terms that he thinks of would change.

    Raises
    ------
    NotFound
        There is none, or he may not see it.
    """
    record = seen_record(context, case_id)
    found, verdict = dispute_from(context, record), latest(context, record.incident_key)
    if verdict is None:
        message = f"dispute {case_id} is about an incident without a verdict"
        raise AssertionError(message)
    offer = found.offer
    needed = who_must_agree(offer.terms, found.parties, verdict) if offer else frozenset[Party]()
    judges = {role.value for role in JUDGES} & roles_here(context, record)
    case = guided_case(context, case_id)
    may_decide = "decide_dispute" in {one.action for one in found.actions}
    return DisputeFile(
        dispute=found,
        verdict=verdict,
        costs=_costs(verdict, offer.terms if offer else None, thought),
        agreed=tuple(one for one in found.parties if offer and one.value in offer.accepted),
        missing=tuple(one for one in found.parties if offer and one in needed and one.value not in offer.accepted),
        needs_person=offer is not None and not agrees_by_itself(offer.terms, verdict),
        rider_may_pay=_rider_may_pay(context, found),
        is_excluded=bool(judges) and found.state == "with_person" and not may_decide,
        assignee=case.summary.assignee,
        notes=tuple(
            DisputeNote(one.at, one.actor, one.action, str(one.values.get("text", "")))
            for one in case.trail
            if judges and one.action in _NOTED
        ),
    )


def terms_written(context: Context, dispute: Dispute, said: Mapping[str, str]) -> Terms:
    """Read the amounts of a form, as people write them.

    Raises
    ------
    WrongUse
        One is no amount, they do not add up, or riders pay no money here.
    """
    amounts = {name: minor_said(said.get(name, ""), dispute.currency) for name in AMOUNTS}
    most, gets = dispute.most_minor, amounts[AMOUNTS[0]]
    if gets > most:
        most_told, found = (format_money(one, dispute.currency, context.locale) for one in (most, gets))
        raise WrongUse(
            Message("The customer paid {most} for the order and cannot get back {found}.", most=most_told, found=found)
        )
    return terms_said(amounts, most=most, rider_may_pay=_rider_may_pay(context, dispute))


def split_evenly(context: Context, dispute: Dispute, said: Mapping[str, str]) -> Terms:
    """Split what the customer gets evenly over those of the dispute who may pay, and the platform.

    Raises
    ------
    WrongUse
        What the customer gets is no amount, or more than he paid.
    """
    gets = {AMOUNTS[0]: said.get(AMOUNTS[0], "")}
    amount = terms_written(context, dispute, gets).customer_gets
    payers = {Party.MERCHANT} | ({Party.RIDER} if _rider_may_pay(context, dispute) else set())
    ordered = [one for one in (Party.MERCHANT, Party.RIDER) if one in payers and one in dispute.parties]
    return even_split(amount, (*ordered, Party.PLATFORM))


def values_said(context: Context, case_id: int, action: str, said: Mapping[str, str]) -> dict[str, str | int]:
    """Read what a form says to an action: its words, and its amounts in minor units.

    Raises
    ------
    NotFound
        There is no such dispute that the actor may see.
    WrongUse
        Words are missing or too long, or the amounts are no terms.
    """
    asked = {field.name: field for one in DISPUTE.transitions if one.action == action for field in one.fields}
    found: dict[str, str | int] = {}
    for name in (one for one in _WORDS if one in asked):
        text = said.get(name, "").strip()
        if len(text) > LONGEST or (asked[name].is_required and not text):
            raise WrongUse(Message("Write what you know, in 1 to {count} letters.", count=LONGEST))
        found[name] = text
    if AMOUNTS[0] in asked:
        found |= terms_written(context, dispute_from(context, seen_record(context, case_id)), said).values
    return found


def in_force(verdict: Verdict) -> Terms:
    """Give what a verdict says of money as terms; below nought for the platform where more is taken than given."""
    recovered = verdict.recovery_minor
    return Terms(verdict.compensation_minor, recovered.get(Party.MERCHANT, 0), recovered.get(Party.RIDER, 0))


def _costs(verdict: Verdict, offered: Terms | None, thought: Terms | None) -> tuple[Cost, ...]:
    now = in_force(verdict)
    gets = Cost(
        Party.CUSTOMER,
        now.customer_gets,
        offered.customer_gets if offered else None,
        thought.customer_gets if thought else None,
    )
    pay = (
        Cost(
            one, now.paid_by(one), offered.paid_by(one) if offered else None, thought.paid_by(one) if thought else None
        )
        for one in (Party.MERCHANT, Party.RIDER, Party.PLATFORM)
    )
    return (gets, *pay)


def _rider_may_pay(context: Context, dispute: Dispute) -> bool:
    return terms_on(context.workspace, dispute.country, context.now.date()).of(Party.RIDER).money.is_allowed
