"""From what a table decided to what it means for each party: shares, points, money, and whether a person is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party, split_whole

BY_ATTRIBUTION = "by_attribution"
ASK = "ask_person"
CLOSE = "close"
NONE = "none"
PERCENT = 100

POLICIES: Mapping[IncidentType, str] = {
    IncidentType.LATE: "verdict-late",
    IncidentType.NOT_DELIVERED: "verdict-not-delivered",
    IncidentType.WRONG_ITEM: "verdict-items",
    IncidentType.MISSING_ITEM: "verdict-items",
    IncidentType.DAMAGED: "verdict-condition",
    IncidentType.SPILLED: "verdict-condition",
    IncidentType.COLD: "verdict-condition",
    IncidentType.RUDE: "verdict-conduct",
    IncidentType.UNSAFE: "verdict-conduct",
    IncidentType.FRAUD_SUSPECTED: "verdict-conduct",
    IncidentType.CUSTOMER_UNREACHABLE: "verdict-handover",
    IncidentType.WRONG_ADDRESS: "verdict-handover",
    IncidentType.MERCHANT_CLOSED: "verdict-merchant",
    IncidentType.OUT_OF_STOCK: "verdict-merchant",
    IncidentType.CASH_DISPUTE: "verdict-cash",
}
"""Which table decides which type of incident."""

LATENESS = "late-compensation"
"""Which table decides what a customer gets for lateness."""

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Stake:
    """What an incident is about, in money; minor units of the order's currency.

    Parameters
    ----------
    at_stake_minor : int
        Value of the goods concerned: those named in the report, else the whole basket.
    refunded_minor : int
        What the customer got back already; it is not paid twice.
    """

    currency: str
    at_stake_minor: int
    basket_minor: int
    delivery_fee_minor: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class Split:
    """Who lost how much of the order's time, as attribution says; basis points that add up to `WHOLE`."""

    shares: Mapping[Party, int]
    confidence_percent: int
    question: str = ""
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a decision of a table, or of a person, means for each party.

    Parameters
    ----------
    question : str
        What a person is asked; empty where the case closes by itself.
    restoration : str
        How points are made good: ``none``, ``good_orders`` or ``training``.
    """

    shares: Mapping[Party, int]
    points: Mapping[Party, int] = field(default_factory=dict)
    recovery_minor: Mapping[Party, int] = field(default_factory=dict)
    compensation_minor: int = 0
    confidence: float = 1.0
    question: str = ""
    restoration: str = NONE


def judged(
    outputs: Mapping[str, Any],
    *,
    stake: Stake,
    split: Split | None,
    known: frozenset[Party],
    lateness: Mapping[str, Any] | None = None,
) -> Judged:
    """Give what the outputs of a table mean.

    Parameters
    ----------
    outputs : mapping
        As plain JSON values.
    known : frozenset of Party
        Parties whom the incident names: nobody else gets points or pays.
    lateness : mapping or None
        Outputs of `LATENESS`, which decides the compensation where it is given.
    """
    shares = shares_of(outputs, split)
    due = _lateness_due(lateness, stake) if lateness is not None else _due(outputs, stake)
    compensation = max(0, due - stake.refunded_minor)
    wanted = {Party.MERCHANT: outputs.get("merchant_points"), Party.RIDER: outputs.get("rider_points")}
    answers = known & {party for party in Party if shares.get(party)}
    return Judged(
        shares=shares,
        points={party: int(points) for party, points in wanted.items() if points and party in answers},
        recovery_minor=_recovery(outputs, stake, shares, answers, compensation),
        compensation_minor=compensation,
        confidence=_confidence(outputs, split),
        question=_question(outputs, split, lateness),
        restoration=str(outputs.get("restoration") or NONE),
    )


def shares_of(outputs: Mapping[str, Any], split: Split | None) -> dict[Party, int]:
    """Give the shares that a table decides, in basis points: stated by party, the whole of one, or as time was lost."""
    party = str(outputs.get("party") or "")
    if party == BY_ATTRIBUTION:
        return dict(split.shares) if split else {Party.PLATFORM: WHOLE}
    stated = {one: int(outputs.get(f"{one.value}_share") or 0) for one in Party}
    if not any(stated.values()):
        return {Party(party): WHOLE} if party in {one.value for one in Party} else {Party.PLATFORM: WHOLE}
    parts = split_whole(WHOLE, tuple(stated.values()))
    return {one: part for one, part in zip(stated, parts, strict=True) if part}


def _due(outputs: Mapping[str, Any], stake: Stake) -> int:
    fee = stake.delivery_fee_minor if outputs.get("is_fee_back") else 0
    return stake.at_stake_minor * int(outputs.get("compensation_percent") or 0) // PERCENT + fee


def _lateness_due(outputs: Mapping[str, Any], stake: Stake) -> int:
    fee = stake.delivery_fee_minor if outputs.get("fee_back") else 0
    share = stake.basket_minor * int(outputs.get("basket_percent") or 0) // PERCENT
    return int(outputs.get("amount_minor") or 0) + share + fee


def _recovery(
    outputs: Mapping[str, Any],
    stake: Stake,
    shares: Mapping[Party, int],
    answers: frozenset[Party],
    compensation: int,
) -> dict[Party, int]:
    """Tell what parties pay: where a country took the option fees and repayments, and cash that a rider holds."""
    found = {}
    if Party.MERCHANT in answers:
        repaid = compensation * int(outputs.get("merchant_repays_percent") or 0) // PERCENT
        found[Party.MERCHANT] = int(outputs.get("merchant_fee_minor") or 0) + repaid * shares[Party.MERCHANT] // WHOLE
    if Party.RIDER in answers:
        found[Party.RIDER] = min(stake.at_stake_minor, int(outputs.get("rider_repays_up_to_minor") or 0))
    return {party: amount for party, amount in found.items() if amount > 0}


def _confidence(outputs: Mapping[str, Any], split: Split | None) -> float:
    stated = outputs.get("confidence_percent")
    if stated is None:
        stated = split.confidence_percent if split and outputs.get("party") == BY_ATTRIBUTION else PERCENT
    return float(stated) / PERCENT


def _question(outputs: Mapping[str, Any], split: Split | None, lateness: Mapping[str, Any] | None) -> str:
    if outputs.get("route") == ASK:
        asked = str(outputs.get("question"))
        return (split.question if split else "") or "who_lost_the_time" if asked == "attribution" else asked
    is_reviewed = lateness is not None and lateness.get("action") == "review"
    return "is_claim_plausible" if is_reviewed else ""
