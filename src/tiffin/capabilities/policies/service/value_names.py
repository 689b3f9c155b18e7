"""Names of the values that shipped policies use, in the reader's language."""

from collections.abc import Mapping

from tiffin.runtime.i18n import mark, translate

VALUES: Mapping[str, str] = {
    "apology": mark("apology"),
    "bonus": mark("bonus"),
    "credit": mark("credit"),
    "customer": mark("customer"),
    "damaged": mark("damaged"),
    "fee_back": mark("delivery fee back"),
    "kitchen": mark("kitchen"),
    "late": mark("late"),
    "longer_promise": mark("longer promise"),
    "merchant": mark("merchant"),
    "missing_item": mark("missing item"),
    "none": mark("none"),
    "not_delivered": mark("not delivered"),
    "nothing": mark("nothing"),
    "other": mark("other"),
    "pause": mark("pause"),
    "platform": mark("platform"),
    "review": mark("review by a person"),
    "rider": mark("rider"),
    "share_back": mark("share of the basket back"),
    "shared": mark("shared"),
    "smaller_radius": mark("smaller radius"),
    "throttle": mark("fewer orders at a time"),
    "undecided": mark("undecided"),
    "unknown": mark("unknown"),
    "unsafe": mark("unsafe"),
    "weather": mark("weather"),
    "wrong_address": mark("wrong address"),
    "wrong_item": mark("wrong item"),
}


def value_name(value: str, locale: str) -> str:
    """Name a text value; one of an operator's own is told as it is written, without its underscores."""
    return translate(locale, VALUES[value]) if value in VALUES else value.replace("_", " ")
