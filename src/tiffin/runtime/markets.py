"""Markets: what differs between countries, one file a country, dated and sourced.

The packs that ship lie in ``tiffin/markets/<ISO 3166-1>.yaml``; a workspace's ``markets/`` folder replaces or adds
some. ``verify: true`` marks a fact that was written down from general knowledge, or that a lawyer has to confirm: its
source is named and has to be looked up before anybody relies on it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

import tiffin
from tiffin.kernel.errors import InvalidDefinition, NotFound, Place
from tiffin.kernel.places import City
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import LINES_KEY, read_yaml, without_lines
from tiffin.runtime.looking_once import seen
from tiffin.runtime.offsets import is_timezone

MARKETS_FOLDER = Path(tiffin.__file__).parent / "markets"
"""Where the packs lie in the package."""

UNKNOWN = "ZZ"
"""Country of facts whose source does not say where they are from."""

_STRICT = ConfigDict(extra="forbid")


def _is_zone(name: str) -> str:
    if not is_timezone(name):
        message = f"an IANA time zone was expected, {name!r} was found"
        raise ValueError(message)
    return name


Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Timezone = Annotated[str, AfterValidator(_is_zone)]
Locale = Literal["en", "ar", "zh_Hans", "zh_Hant", "pt_BR", "ur", "hi", "bn", "ne"]
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Start = Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|(sunrise|sunset)([+-][0-9]{1,3})?)$")]
MonthDay = Annotated[str, Field(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Names = Annotated[Mapping[Locale, str], AfterValidator(MappingProxyType)]


class RateKind(StrEnum):
    """Where an exchange rate comes from: fixed by law, an average of a year, or one day's rate."""

    PEG = "peg"
    ANNUAL_AVERAGE = "annual_average"
    DAILY = "daily"


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Weekend:
    """ISO weekdays that are the weekend from a day on."""

    since: date
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    source: str
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class SchoolTerm:
    """Days on which schools teach, from the first to the last, both included."""

    name: str
    first: date
    last: date
    source: str
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class DayPart:
    """A part of the day: it lasts from its start until the next part's.

    Parameters
    ----------
    part : str
        Name by which facts and figures call it, such as ``lunch``.
    starts : str
        Local time, ``11:30``, or minutes from the sun's: ``sunset``, ``sunset-60``, ``sunrise+30``.
    """

    part: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,31}$")]
    starts: Start

    @property
    def sun(self) -> Literal["sunrise", "sunset"] | None:
        """Which crossing of the horizon it follows, if any."""
        return (
            "sunrise" if self.starts.startswith("sunrise") else "sunset" if self.starts.startswith("sunset") else None
        )

    @property
    def minute(self) -> int:
        """Minutes after local midnight, or after the crossing that it follows."""
        if self.sun is not None:
            return int(self.starts[len(self.sun) :] or 0)
        hours, minutes = self.starts.split(":")
        return int(hours) * 60 + int(minutes)


def _clock_in_order(parts: tuple[DayPart, ...]) -> tuple[DayPart, ...]:
    """Refuse a part twice, and local times that do not ascend."""
    clock = [part.minute for part in parts if part.sun is None]
    if clock != sorted(set(clock)) or len({part.part for part in parts}) != len(parts):
        message = "each part once, with ascending local times, was expected"
        raise ValueError(message)
    return parts


def _by_the_clock(parts: tuple[DayPart, ...]) -> tuple[DayPart, ...]:
    if any(part.sun for part in parts):
        message = "local times were expected on usual days; only those of Ramadan may follow the sun"
        raise ValueError(message)
    return parts


USUAL_DAY = (
    DayPart(part="breakfast", starts="06:00"),
    DayPart(part="lunch", starts="11:30"),
    DayPart(part="afternoon", starts="15:30"),
    DayPart(part="dinner", starts="18:30"),
    DayPart(part="late", starts="23:00"),
)
"""Parts of the day in a market that declares none of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class UsdRate:
    """What one US dollar costs from a day on.

    Parameters
    ----------
    units_per_usd : float
        Whole units of the currency (riyals, not halalas).
    """

    since: date
    units_per_usd: Annotated[float, Field(gt=0)]
    kind: RateKind
    source: str
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class PurchasingPower:
    """Units of the currency that buy in the country what one dollar buys in the United States."""

    year: int
    units_per_international_dollar: Annotated[float, Field(gt=0)]
    source: str
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class LabourRule:
    """A rule of work that a plan must respect, as its source states it.

    Parameters
    ----------
    verify : bool
        A lawyer has to confirm it before anybody relies on it.
    """

    rule: str
    text: str
    source: str
    verify: bool
    since: date | None = None
    first_month_day: MonthDay | None = None
    last_month_day: MonthDay | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    vehicles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class DemoCity:
    """The city that the demo marketplace simulates in a market."""

    city_id: str
    names: Names
    timezone: Timezone
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    h3_resolution: Annotated[int, Field(ge=0, le=15)]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Market:
    """One country's rules, calendar, money and languages.

    Parameters
    ----------
    cutoff_min : int
        Minutes after local midnight at which a business day begins, unless a city sets its own.
    observes_ramadan : bool
        Whether the market's day shifts in Ramadan; the dates themselves are the same everywhere.
    holiday_calendar : str or None
        Country code of the public holidays, computed at load.
    day_parts, ramadan_day_parts : tuple of DayPart
        Parts of a usual day, and of a day in Ramadan where it has others; the last one lasts until the first.
    """

    country: Country
    names: Names
    currency: Currency
    minor_digits: Annotated[int, Field(ge=0, le=4)]
    timezones: Annotated[tuple[Timezone, ...], Field(min_length=1)]
    cutoff_min: Annotated[int, Field(ge=0, lt=1440)]
    weekends: Annotated[tuple[Weekend, ...], Field(min_length=1)]
    languages: Annotated[tuple[Locale, ...], Field(min_length=1)]
    rider_languages: tuple[Locale, ...]
    observes_ramadan: bool
    holiday_calendar: Country | None = None
    school_terms: tuple[SchoolTerm, ...] = ()
    day_parts: Annotated[
        tuple[DayPart, ...], Field(min_length=1), AfterValidator(_clock_in_order), AfterValidator(_by_the_clock)
    ] = USUAL_DAY
    ramadan_day_parts: Annotated[tuple[DayPart, ...], AfterValidator(_clock_in_order)] = ()
    usd_rates: tuple[UsdRate, ...] = ()
    purchasing_power: tuple[PurchasingPower, ...] = ()
    labour_rules: tuple[LabourRule, ...] = ()
    demo_city: DemoCity | None = None

    def name(self, locale: str) -> str:
        """Name the country in a language, in English where the pack has no other."""
        return {str(key): text for key, text in self.names.items()}.get(locale) or self.names["en"]

    def weekend_on(self, day: date) -> tuple[int, ...]:
        """Tell which ISO weekdays were the weekend on a day; before the first known one, that one."""
        known = [weekend for weekend in self.weekends if weekend.since <= day]
        return max(known or self.weekends[:1], key=lambda weekend: weekend.since).weekdays

    def usd_rate_on(self, day: date) -> UsdRate:
        """Give the rate that holds on a day: the latest one dated not after it.

        Raises
        ------
        NotFound
            The pack has no rate as early as that; none is invented.
        """
        known = [rate for rate in self.usd_rates if rate.since <= day]
        if not known:
            raise NotFound(
                f"No exchange rate of {self.currency} is known for {day}. Add one with its date and source under "
                f"usd_rates in markets/{self.country}.yaml of the workspace."
            )
        return max(known, key=lambda rate: rate.since)

    def purchasing_power_in(self, year: int) -> PurchasingPower:
        """Give the purchasing power parity of a year: the latest one not after it.

        Raises
        ------
        NotFound
            The pack has none as early as that.
        """
        known = [parity for parity in self.purchasing_power if parity.year <= year]
        if not known:
            raise NotFound(
                f"No purchasing power parity of {self.country} is known for {year}. Add one with its year and source "
                f"under purchasing_power in markets/{self.country}.yaml of the workspace."
            )
        return max(known, key=lambda parity: parity.year)

    def in_school_term(self, day: date) -> bool | None:
        """Tell whether schools teach on a day; None where the pack has no terms that reach it."""
        if not self.school_terms or not self.school_terms[0].first <= day <= self.school_terms[-1].last:
            return None
        return any(term.first <= day <= term.last for term in self.school_terms)

    def city(self, city_id: str, name: str, *, day: date, timezone: str | None = None) -> City:
        """Make a city of this market, with the market's cut-off, currency and the weekend of a day."""
        return City(
            city_id=city_id,
            name=name,
            country=self.country,
            timezone=timezone or self.timezones[0],
            cutoff_min=self.cutoff_min,
            weekend=self.weekend_on(day),
            currency=self.currency,
        )


def load_markets(overlay: Path | None = None) -> Mapping[str, Market]:
    """Read every market, by country code; a file of the workspace's overlay replaces the shipped one.

    Raises
    ------
    InvalidDefinition
        A file breaks the form; the message names file and line.
    """
    return seen(("markets", overlay), lambda: _load(overlay))


def _load(overlay: Path | None) -> Mapping[str, Market]:
    folders = [MARKETS_FOLDER] if overlay is None else [MARKETS_FOLDER, overlay]
    stamps = tuple((path, path.stat().st_mtime_ns) for path in definition_files(*folders))
    return _read(stamps)


def find_market(country: str, overlay: Path | None = None) -> Market:
    """Find a market by its country code.

    Raises
    ------
    NotFound
        No pack has it.
    """
    markets = load_markets(overlay)
    if country not in markets:
        raise NotFound(
            f"A market was expected, {country!r} was found. There are: {', '.join(sorted(markets))}. "
            f"To add one, write markets/{country}.yaml in the workspace."
        )
    return markets[country]


@lru_cache(maxsize=8)
def _read(stamps: tuple[tuple[Path, int], ...]) -> Mapping[str, Market]:
    markets = [read_market(path) for path, _ in stamps]
    return MappingProxyType({market.country: market for market in markets})


def read_market(path: Path) -> Market:
    """Read one market file.

    Raises
    ------
    InvalidDefinition
        The file breaks the form; the message names the line.
    """
    document = read_yaml(path)
    try:
        market = TypeAdapter(Market).validate_python(without_lines(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = _place(path, document, first["loc"])
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidDefinition(
            f"{where}: {field or 'the file'} does not fit a market: {first['msg']}. Found: {first['input']!r}."
        ) from error
    if market.country != path.stem:
        raise InvalidDefinition(f"{path}: the file must bear the country's code, {market.country}.yaml was expected.")
    return market


def _place(path: Path, document: Any, location: Sequence[int | str]) -> Place:
    """Find the line of the innermost part of a location that the file has."""
    line: int | None = None
    for part in location:
        if isinstance(document, dict):
            line = document.get(LINES_KEY, {}).get(part, line)
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
            line = min(document[LINES_KEY].values()) if isinstance(document, dict) else line
    return Place(str(path), line)
