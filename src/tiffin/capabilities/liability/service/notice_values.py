"""Values of notices as their reader writes them: numbers, money, days, moments, shares and sentences, each once.

What a notice says is kept as these pieces, and not as numbers to be written again: a later library, calendar or time
zone would write some of them otherwise, and the notice would no longer be what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tiffin.capabilities.liability.domain.notice_text import Piece
from tiffin.capabilities.liability.domain.parties import WHOLE
from tiffin.capabilities.liability.service.notice_library import SHIPPED
from tiffin.runtime.day_parts import hijri
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.i18n import (
    digits_of,
    format_long_date,
    format_money,
    format_number,
    format_percent,
    plural_category,
    regional,
)

HIJRI_COUNTRIES = frozenset({"SA"})
"""Where the Hijri date stands beside the Gregorian one: the kingdom's official calendar beside it."""

NO, SOME = "none", "some"
_BETWEEN = {"ar": "، ", "ur": "، ", "zh_Hans": " ", "zh_Hant": " "}


@dataclass(frozen=True, slots=True)
class Writer:
    """How one reader of one country writes.

    Parameters
    ----------
    locale : str
        His language.
    country : str
        ISO 3166 code; its digits, its calendars.
    timezone : str
        Of his place.
    """

    locale: str
    country: str
    timezone: str

    @property
    def region(self) -> str:
        """His language as his country writes it."""
        return regional(self.locale, self.country)

    def number(self, count: int) -> Piece:
        """Write a whole number, with the plural category that it has in his language."""
        return Piece(format_number(count, self.region), count, plural_category(count, self.locale))

    def money(self, minor: int, currency: str) -> Piece:
        """Write an amount of minor units."""
        return Piece(format_money(minor, currency, self.region))

    def share(self, basis_points: int) -> Piece:
        """Write a share of responsibility."""
        decimals = next(number for number in range(3) if basis_points % 10 ** (2 - number) == 0)
        return Piece(format_percent(basis_points / WHOLE, self.region, decimals=decimals))

    def day(self, day: date) -> Piece:
        """Write a day with its name; where the Hijri calendar is official, with that date too."""
        written = format_long_date(day, self.region)
        other = self._hijri(day) if self.country in HIJRI_COUNTRIES else ""
        return Piece(f"{written} ({other})" if other else written)

    def moment(self, at: datetime) -> Piece:
        """Write a moment by the clock of his place: the day and the time."""
        local = at.astimezone(ZoneInfo(self.timezone))
        between = _BETWEEN.get(self.locale, ", ")
        return Piece(f"{self.day(local.date()).text}{between}{self._digits(f'{local:%H:%M}')}")

    def local_day(self, at: datetime) -> date:
        """Tell which day it is in his place."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def incident(self, name: str) -> Piece:
        """Say what went wrong."""
        return Piece(str(words()["incidents"][name][self.locale]), is_prose=True)

    def _hijri(self, day: date) -> str:
        found = hijri(day)
        if found is None:
            return ""
        year, month, number = found
        told = {"day": self._digits(str(number)), "year": self._digits(str(year))}
        month_name = words()["hijri_months"][self.locale][month - 1]
        return str(words()["hijri_date"][self.locale]).format(month=month_name, **told)

    def _digits(self, plain: str) -> str:
        """Write figures without anything between them."""
        return plain.translate(str.maketrans("0123456789", digits_of(self.region)))


def text(said: str) -> Piece:
    """Take something as it is: the name of an order, of a rule."""
    return Piece(" ".join(said.split()))


def prose(said: str) -> Piece:
    """Take a sentence of the reader's language as it is."""
    return Piece(" ".join(said.split()), is_prose=True)


def key(said: str) -> Piece:
    """Choose a variant."""
    return Piece(said)


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Read what notices call things."""
    found: Mapping[str, Any] = without_lines(read_yaml(SHIPPED / "words.yaml"))
    return found
