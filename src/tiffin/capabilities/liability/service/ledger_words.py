"""Words for what stands in the ledger."""

from collections.abc import Mapping

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.ledger import LineKind
from tiffin.capabilities.liability.domain.ledger_check import FaultKind
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.engines.ledger.entries import POINTS
from tiffin.runtime.i18n import format_money, mark, ngettext, translate

KINDS: Mapping[str, str] = {
    LineKind.POSTED: mark("Booked"),
    LineKind.STAYED: mark("Kept back while an appeal is open"),
    LineKind.STAY_LIFTED: mark("Counts again"),
    LineKind.REVERSED: mark("Taken back"),
    LineKind.RESTORED: mark("Came back for good deliveries"),
    LineKind.EXPIRED: mark("Lapsed"),
    LineKind.CAPPED: mark("Above the most that counts"),
}

PARTIES: Mapping[str, str] = {
    Party.RIDER: mark("rider"),
    Party.MERCHANT: mark("merchant"),
    Party.CUSTOMER: mark("customer"),
    Party.PLATFORM: mark("platform"),
}

ACCOUNTS: Mapping[str, str] = {
    "points_issued": mark("points issued"),
    "points_restored": mark("points given back"),
    "recovery_income": mark("recoveries"),
    "compensation_expense": mark("compensation paid"),
    "suspense": mark("kept back"),
}
"""The platform's own accounts."""

INCIDENTS: Mapping[str, str] = {
    IncidentType.LATE: mark("late"),
    IncidentType.NOT_DELIVERED: mark("not delivered"),
    IncidentType.WRONG_ITEM: mark("wrong item"),
    IncidentType.MISSING_ITEM: mark("missing item"),
    IncidentType.DAMAGED: mark("damaged"),
    IncidentType.SPILLED: mark("spilled"),
    IncidentType.COLD: mark("cold"),
    IncidentType.RUDE: mark("rude"),
    IncidentType.UNSAFE: mark("unsafe"),
    IncidentType.FRAUD_SUSPECTED: mark("fraud suspected"),
    IncidentType.CUSTOMER_UNREACHABLE: mark("customer unreachable"),
    IncidentType.WRONG_ADDRESS: mark("wrong address"),
    IncidentType.MERCHANT_CLOSED: mark("merchant closed"),
    IncidentType.OUT_OF_STOCK: mark("out of stock"),
    IncidentType.CASH_DISPUTE: mark("dispute about cash"),
}

FAULTS: Mapping[str, str] = {
    FaultKind.EDITED: mark("An event is not as it was written"),
    FaultKind.UNLINKED: mark("An event does not follow on the one before it"),
    FaultKind.MISPLACED: mark("An event is missing, or stands in another place"),
    FaultKind.CUT_OFF: mark("The ledger ends before or after its head says"),
    FaultKind.OTHER_END: mark("The ledger ends otherwise than its head says"),
    FaultKind.ANCHOR_LOST: mark("The ledger lacks what the audit trail noted"),
    FaultKind.UNCHAINED: mark("Something has no place in the chain"),
    FaultKind.UNBALANCED: mark("Entries do not add up to nought"),
    FaultKind.DISORDERED: mark("What happened to an incident cannot follow on each other"),
    FaultKind.REASON_GONE: mark("A reason was changed or is gone"),
    FaultKind.TERMS_CHANGED: mark("Terms were changed or are gone"),
    FaultKind.RENAMED: mark("An account was given to somebody else"),
}


def word(words: Mapping[str, str], name: str, locale: str) -> str:
    """Give the word for a name; one that nobody knows stays as it is."""
    return translate(locale, words[name]) if name in words else name


def amount_told(amount: int, unit: str, locale: str) -> str:
    """Write an amount: points with their word, money with its currency."""
    if unit == POINTS:
        return ngettext(locale, "{count} point", "{count} points", amount)
    return format_money(amount, unit, locale)


def unit_told(unit: str, locale: str) -> str:
    """Name a unit."""
    return translate(locale, mark("points")) if unit == POINTS else unit
