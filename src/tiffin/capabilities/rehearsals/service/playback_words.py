"""The words that the playback's script says, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from tiffin.engines.simulation.tables import Status
from tiffin.runtime.i18n import digits_of, mark, translate

PACES: Mapping[int, str] = {
    60: mark("1 minute a second"),
    300: mark("5 minutes a second"),
    900: mark("15 minutes a second"),
    1800: mark("30 minutes a second"),
}
"""Simulated seconds a second."""

WORDS: Mapping[str, str] = {
    "play": mark("Play"),
    "pause": mark("Pause"),
    "failed": mark(
        "The playback could not be loaded. Load the page again; if that does not help, run the rehearsal again."
    ),
    "nothing": mark("Choose an order or a rider on the map to follow it."),
    "waiting": mark("Orders that wait for a rider"),
    "idle": mark("Riders without an order"),
    "most": mark("at most {number}"),
    "order": mark("Order {number}"),
    "rider": mark("Rider {number}"),
    "placed": mark("placed"),
    "promised": mark("promised time"),
    "ready": mark("ready at the merchant"),
    "assigned": mark("given to rider {rider}"),
    "arrived": mark("rider at the merchant"),
    "picked": mark("picked up"),
    "delivered": mark("delivered, {minutes} min after it was placed;"),
    "late": mark("{minutes} min late"),
    "intime": mark("in time"),
    "on": mark("on shift"),
    "off": mark("off shift"),
    "carries": mark("picks up order {number}"),
}

ENDS: Mapping[Status, str] = {
    Status.CUSTOMER_CANCELLED: mark("cancelled by the customer"),
    Status.MERCHANT_CANCELLED: mark("refused by the merchant"),
    Status.NO_RIDER: mark("given up: nobody could carry it"),
    Status.RETURNED: mark("brought back: it could not be handed over"),
}


def spoken(locale: str) -> dict[str, Any]:
    """Give the script's words."""
    said: dict[str, Any] = {name: _kept(locale, text) for name, text in WORDS.items()}
    return said | {"ends": {int(status): translate(locale, text) for status, text in ENDS.items()}}


def clock(at_s: int, cutoff_min: int, locale: str) -> str:
    """Write an instant of a business day as the city's clock shows it."""
    minutes = at_s // 60 + cutoff_min
    written = digits_of(locale)
    return "".join(
        written[int(sign)] if sign.isdigit() else sign for sign in f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    )


def _kept(locale: str, text: str) -> str:
    """Translate a text and leave its places for the script to fill."""
    places = {name: f"{{{name}}}" for name in ("number", "rider", "minutes")}
    return translate(locale, text, **{name: shown for name, shown in places.items() if shown in text})
