"""The words of second looks, their reports, and signals."""

from collections.abc import Mapping

from tiffin.capabilities.liability.domain.signals import Ask
from tiffin.runtime.i18n import mark

ASKS: Mapping[Ask, str] = {
    Ask.PHOTO: mark("Ask for a photo"),
    Ask.PIN: mark("Ask for a PIN"),
    Ask.NOTHING: mark("Ask nothing"),
}

DIMENSIONS: Mapping[str, str] = {
    "city": mark("City"),
    "tenure": mark("Time with us"),
    "vehicle": mark("Vehicle"),
    "language": mark("Language"),
}
"""By what groups of riders are told apart."""

GROUPS: Mapping[str, str] = {
    "under_3_months": mark("under three months"),
    "under_a_year": mark("under a year"),
    "a_year_or_more": mark("a year or more"),
    "bicycle": mark("Bicycle"),
    "motorcycle": mark("Motorcycle"),
    "scooter": mark("Scooter"),
    "car": mark("Car"),
    "van": mark("Van"),
    "walker": mark("On foot"),
    "other": mark("Other"),
}
"""What groups are called; cities and languages have names of their own."""
