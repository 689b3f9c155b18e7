"""The words of links in the reader's language."""

from tiffin.runtime.i18n import mark, translate

WORDS = {
    "all": mark("All"),
    "waiting": mark("On its way"),
    "delivered": mark("Arrived"),
    "dead": mark("Given up"),
    "customer_service": mark("Own customer service"),
    "merchant": mark("A merchant"),
    "incident.reported": mark("Incident reported"),
    "verdict.given": mark("Verdict given"),
    "appeal.lodged": mark("Appeal lodged"),
    "appeal.decided": mark("Appeal decided"),
    "test": mark("Test"),
}


def word(name: str, locale: str) -> str:
    """Name a kind, an audience or a state for a reader."""
    return translate(locale, WORDS[name]) if name in WORDS else name
