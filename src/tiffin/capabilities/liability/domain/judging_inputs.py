"""What is known about an incident, as the inputs of the table that decides it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.capabilities.liability.domain.attribution import OrderAttribution
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.judging import POLICIES, Split, Stake
from tiffin.capabilities.liability.domain.parties import Party

SECONDS = 60
LATEST_MIN = 1440
LATENESS_MIN = 600
WAIT_MIN = 300
MOST = 1000

_CAUSES: Mapping[Party, str] = {
    Party.CUSTOMER: "customer",
    Party.MERCHANT: "kitchen",
    Party.RIDER: "rider",
    Party.PLATFORM: "platform",
    Party.CIRCUMSTANCES: "weather",
}
"""How the table of compensations calls whoever lost the time."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is known about an incident when it is judged.

    Parameters
    ----------
    order : mapping
        Columns of the order with what refunds, contacts, evidence and lines say of it; empty where there is no order.
    rider_incidents, merchant_incidents : int
        For how many incidents of the 30 days before they answered.
    claims : int
        How often the customer claimed money back in the 90 days before.
    was_closed : bool
        Whether the platform knew before the order that the merchant was closed or paused.
    """

    incident: Incident
    order: Mapping[str, Any]
    attribution: OrderAttribution | None = None
    rider_incidents: int = 0
    merchant_incidents: int = 0
    claims: int = 0
    complaints: int = 0
    was_closed: bool = False


def inputs_of(known: Known) -> dict[str, Any]:
    """Give the inputs of the table that decides the incident; what the report says goes before what facts say."""
    found = _FAMILIES[POLICIES[known.incident.incident]](known)
    said = {name: value for name, value in known.incident.facts.items() if name in found}
    return found | said


def lateness_inputs(known: Known) -> dict[str, Any]:
    """Give the inputs of the table that decides what the customer gets for lateness."""
    top = known.attribution.top if known.attribution else None
    return {
        "minutes_late": min(_late_min(known), LATENESS_MIN),
        "cause": _CAUSES[top] if top else "unknown",
        "is_first_order": bool(known.order.get("is_first_order")),
        "refunds_90_days": min(known.claims, 500),
    }


def stake_of(known: Known) -> Stake:
    """Give what the incident is about, in money."""
    order = known.order
    basket = max(0, int(order.get("basket_minor") or 0) - int(order.get("discount_minor") or 0))
    named = known.incident.facts.get("at_stake_minor", _concerned_minor(known))
    return Stake(
        currency=str(order.get("currency") or ""),
        at_stake_minor=int(named) if named is not None else basket,
        basket_minor=basket,
        delivery_fee_minor=int(order.get("delivery_fee_minor") or 0),
        refunded_minor=int(order.get("refunded_minor") or 0),
    )


def _concerned_minor(known: Known) -> int | None:
    """Give the value of the goods concerned: of the lines that name them, else what was given back for them."""
    if POLICIES[known.incident.incident] not in ("verdict-items", "verdict-condition"):
        return None
    lines, given_back = known.order.get("concerned_minor"), known.order.get("items_refunded_minor")
    return lines if lines is not None else given_back


def split_of(found: OrderAttribution | None) -> Split | None:
    """Give who lost how much of the time."""
    if found is None:
        return None
    return Split(
        shares={party: found.share_bp(party) for party in Party if found.share_bp(party)},
        confidence_percent=found.confidence_percent,
        question=found.question.value if found.question else "",
        exemption=found.exemption.value if found.exemption else "",
    )


def _late(known: Known) -> dict[str, Any]:
    found = known.attribution
    return {
        "late_min": min(_late_min(known), LATEST_MIN),
        **_time(known),
        "is_merchant_slow": bool(found and found.is_merchant_slow),
        "is_rider_slow": bool(found and found.is_rider_slow),
        **_merchant_history(known),
        **_rider_history(known),
    }


def _not_delivered(known: Known) -> dict[str, Any]:
    return {
        "is_handed_over": known.order.get("status") == "delivered",
        "proof": _proof(known.order),
        **_claims(known),
        **_stakes(known),
        **_time(known),
        **_merchant_history(known),
        **_rider_history(known),
    }


def _items(known: Known) -> dict[str, Any]:
    counted = {IncidentType.WRONG_ITEM: "wrong_items", IncidentType.MISSING_ITEM: "missing_items"}
    is_listed = bool(known.order.get(counted[known.incident.incident]))
    sealed, opened = known.order.get("seals"), known.order.get("open_bags")
    return {
        "incident": known.incident.incident.value,
        "is_confirmed": is_listed or bool(known.order.get("customer_photos")),
        "seal": "open" if opened else "sealed" if sealed else "unknown",
        **_claims(known),
        **_stakes(known),
        **_merchant_history(known),
    }


def _condition(known: Known) -> dict[str, Any]:
    return {
        "incident": known.incident.incident.value,
        "is_confirmed": bool(known.order.get("customer_photos") or known.order.get("damaged_items")),
        "packing": "unknown",
        "has_accident": bool(known.order.get("accidents")) or known.order.get("cancel_reason") == "accident",
        "is_late": _late_min(known) > 0,
        **_claims(known),
        **_stakes(known),
        **_merchant_history(known),
    }


def _conduct(known: Known) -> dict[str, Any]:
    return {
        "incident": known.incident.incident.value,
        "accused": "rider",
        "is_recorded": bool(known.order.get("records")),
        "complaints_30_days": min(known.complaints, MOST),
    }


def _handover(known: Known) -> dict[str, Any]:
    return {
        "incident": known.incident.incident.value,
        "door_wait_min": _door_wait_min(known.order),
        "was_called": bool(known.order.get("calls")),
        "address_error": "unknown",
        **_time(known),
        **_stakes(known),
    }


def _merchant(known: Known) -> dict[str, Any]:
    return {
        "incident": known.incident.incident.value,
        "was_known_before": known.was_closed,
        "is_disputed": False,
        "is_replaced": False,
        "is_prayer_time": False,
        "exemption": _time(known)["exemption"],
        **_merchant_history(known),
    }


def _cash(known: Known) -> dict[str, Any]:
    return {"admitted_by": "nobody", **_stakes(known), "is_confirmed": False, **_rider_history(known)}


_FAMILIES: Mapping[str, Callable[[Known], dict[str, Any]]] = {
    "verdict-late": _late,
    "verdict-not-delivered": _not_delivered,
    "verdict-items": _items,
    "verdict-condition": _condition,
    "verdict-conduct": _conduct,
    "verdict-handover": _handover,
    "verdict-merchant": _merchant,
    "verdict-cash": _cash,
}


def _time(known: Known) -> dict[str, Any]:
    """Tell who lost the time; without attribution nobody can say."""
    found = known.attribution
    return {
        "exemption": found.exemption.value if found and found.exemption else None,
        "is_certain": bool(found and found.is_certain),
        "top": (found.top if found else Party.PLATFORM).value,
    }


def _late_min(known: Known) -> int:
    if known.attribution is not None:
        return max(0, known.attribution.late_min)
    promised, ended = known.order.get("promised_at"), known.order.get("delivered_at")
    return max(0, _minutes(promised, ended))


def _door_wait_min(order: Mapping[str, Any]) -> int:
    left = order.get("delivered_at") or order.get("cancelled_at") or order.get("returned_at")
    return min(WAIT_MIN, max(0, _minutes(order.get("arrived_at_customer_at"), left)))


def _minutes(start: datetime | None, end: datetime | None) -> int:
    return int((end - start).total_seconds() // SECONDS) if start and end else 0


def _proof(order: Mapping[str, Any]) -> str:
    kinds = (("codes", "pin"), ("signatures", "signature"), ("rider_photos", "photo"))
    return next((proof for column, proof in kinds if order.get(column)), "none")


def _claims(known: Known) -> dict[str, Any]:
    return {"customer_claims_90_days": min(known.claims, MOST)}


def _stakes(known: Known) -> dict[str, Any]:
    return {"at_stake_minor": min(100_000_000, stake_of(known).at_stake_minor)}


def _merchant_history(known: Known) -> dict[str, Any]:
    return {"merchant_incidents_30_days": min(known.merchant_incidents, 10_000)}


def _rider_history(known: Known) -> dict[str, Any]:
    return {"rider_incidents_30_days": min(known.rider_incidents, MOST)}
