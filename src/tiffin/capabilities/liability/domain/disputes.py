"""Proposals to settle a dispute: what the customer gets, who pays it, and who has to agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from tiffin.capabilities.liability.domain.parties import WHOLE, Party, split_whole
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.engines.cases.folding import Event
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

SETTLEMENT = "settlement"
"""What stands as the policy of a verdict that came of a dispute."""

PARTIES = (Party.CUSTOMER, Party.MERCHANT, Party.RIDER)
"""Who can be in a dispute; the platform agrees by rule (`agrees_by_itself`) or through a person."""

_AMOUNTS = ("customer_gets_minor", "merchant_pays_minor", "rider_pays_minor")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is proposed, in minor units of the market's currency; the platform pays what merchant and rider do not.

    Parameters
    ----------
    customer_gets, merchant_pays, rider_pays : int
        None below nought; together merchant and rider pay at most what the customer gets.
    """

    customer_gets: int
    merchant_pays: int
    rider_pays: int

    @property
    def platform_pays(self) -> int:
        """Give what is left for the platform."""
        return self.customer_gets - self.merchant_pays - self.rider_pays

    @property
    def values(self) -> dict[str, int]:
        """Write them as an event says them."""
        return dict(zip(_AMOUNTS, (self.customer_gets, self.merchant_pays, self.rider_pays), strict=True))

    def paid_by(self, party: Party) -> int:
        """Give what a party pays."""
        amounts = {Party.MERCHANT: self.merchant_pays, Party.RIDER: self.rider_pays, Party.PLATFORM: self.platform_pays}
        return amounts.get(party, 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """The proposal that lies on the table, and who has agreed to it."""

    terms: Terms
    by: str
    at: datetime
    text: str
    accepted: frozenset[str]


def terms_said(values: Mapping[str, object], *, most: int, rider_may_pay: bool) -> Terms:
    """Read terms as somebody said them.

    Parameters
    ----------
    most : int
        Minor units that the customer paid for the order: nobody gets back more.
    rider_may_pay : bool
        Whether the country's dated rule lets riders pay money.

    Raises
    ------
    WrongUse
        An amount is none, does not add up, or is a rider's where riders pay no money.
    """
    amounts = [_amount(name, values.get(name, 0)) for name in _AMOUNTS]
    found = Terms(*amounts)
    if found.platform_pays < 0:
        raise WrongUse(
            Message("Merchant and rider would pay more than the customer gets. Lower what they pay, or raise that.")
        )
    if found.customer_gets > most:
        raise WrongUse(
            Message("The customer paid {most} for the order and cannot get back {found}.", most=most,
                    found=found.customer_gets)
        )  # fmt: skip
    if found.rider_pays and not rider_may_pay:
        raise WrongUse(Message("Riders pay no money here: let merchant or platform pay it."))
    return found


def terms_in(values: Mapping[str, object]) -> Terms:
    """Give the terms that an event says."""
    return Terms(*(int(str(values[name])) for name in _AMOUNTS))


def even_split(amount: int, payers: Sequence[Party]) -> Terms:
    """Split what the customer gets evenly over some payers, to the minor unit.

    Examples
    --------
    >>> even_split(1001, (Party.MERCHANT, Party.PLATFORM))
    Terms(customer_gets=1001, merchant_pays=501, rider_pays=0)
    """
    paid = dict(zip(payers, split_whole(amount, [1] * len(payers)), strict=True))
    return Terms(amount, paid.get(Party.MERCHANT, 0), paid.get(Party.RIDER, 0))


def offer_of(events: Sequence[Event]) -> Offer | None:
    """Give the proposal on the table; None where there is none, or it was rejected or lapsed."""
    found: Offer | None = None
    for one in events:
        if one.action == "propose":
            party = str(one.values["party"])
            found = Offer(terms_in(one.values), party, one.at, str(one.values.get("text", "")), frozenset({party}))
        elif one.action in ("reject", "proposal_lapsed"):
            found = None
        elif one.action == "accept" and found is not None:
            found = replace(found, accepted=found.accepted | {str(one.values["party"])})
    return found


def who_must_agree(terms: Terms, parties: Sequence[Party], before: Verdict) -> frozenset[Party]:
    """Name those without whom nothing is settled: the customer, whoever pays, and whoever pays less than before."""
    concerned = {Party.CUSTOMER}
    concerned |= {one for one in (Party.MERCHANT, Party.RIDER) if terms.paid_by(one)}
    concerned |= {one for one in (Party.MERCHANT, Party.RIDER) if before.recovery_minor.get(one)}
    return frozenset(concerned & set(parties))


def agrees_by_itself(terms: Terms, before: Verdict) -> bool:
    """Tell whether the platform agrees without a person: it pays no more than by the verdict in force."""
    paid_before = before.compensation_minor - sum(before.recovery_minor.values())
    return terms.platform_pays <= max(paid_before, 0)


def settled_verdict(  # noqa: PLR0913 - what a verdict says anew
    before: Verdict,
    terms: Terms,
    *,
    verdict_id: str,
    reason: Mapping[str, str],
    by: str,
    at: datetime,
    row: str,
    currency: str,
) -> Verdict:
    """Give the verdict that stands in the place of the one before: shares as the money, and no points for anybody.

    Where no money moves the shares stay as they were.
    """
    paid = [terms.paid_by(one) for one in (Party.MERCHANT, Party.RIDER, Party.PLATFORM)]
    shares = dict(before.shares)
    if terms.customer_gets:
        split = split_whole(WHOLE, paid)
        shares = dict(zip((Party.MERCHANT, Party.RIDER, Party.PLATFORM), split, strict=True))
    recovered = {Party.MERCHANT: terms.merchant_pays, Party.RIDER: terms.rider_pays}
    return replace(
        before,
        verdict_id=verdict_id,
        shares={one: held for one, held in shares.items() if held},
        points={},
        recovery_minor={one: amount for one, amount in recovered.items() if amount},
        compensation_minor=terms.customer_gets,
        currency=currency,
        policy=SETTLEMENT,
        policy_version=sha256(repr(sorted(terms.values.items())).encode()).hexdigest(),
        row=row,
        reason=reason,
        confidence=1.0,
        decided_by=DecidedBy.PERSON,
        decider=by,
        decided_at=at,
        exemption="",
        supersedes=before.verdict_id,
    )


def _amount(name: str, value: object) -> int:
    text = str(value if value is not None else 0).strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 12:  # noqa: PLR2004 - no order costs as much
        raise WrongUse(
            Message("{name} is a whole number of minor units, such as 1250; found {found}.", name=name, found=text)
        )
    return int(text)
