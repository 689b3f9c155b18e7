"""Where and when a policy is looked at: a market, a city, a day; and how places are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.policies.domain.policy import Words
from tiffin.capabilities.policies.domain.versions import PARAMETERS
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, translate
from tiffin.runtime.markets import load_markets

COUNTRY_LETTERS = 2
NOWHERE = "ZZ"
"""The market of facts whose country nobody knows."""


@dataclass(frozen=True, slots=True)
class Where:
    """A market and a city, empty for all of them, and a day.

    Parameters
    ----------
    names, countries : Mapping
        By the identifier of a city its name, and its market.
    """

    market: str
    city: str
    on: date
    names: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: code and name, in the order of the names."""

    markets: tuple[tuple[str, str], ...]
    cities: tuple[tuple[str, str], ...]


def where_of(context: Context, *, market: str = "", city: str = "", on: str = "") -> Where:
    """Read what was chosen; a city brings its market along."""
    cities = {one.city_id: one for one in visible_cities(context)}
    if city in cities:
        market = cities[city].country
    names = {one.city_id: one.name for one in cities.values()}
    countries = {one.city_id: one.country for one in cities.values()}
    return Where(market, city, day_of(on) if on else context.now.date(), names, countries)


def choices_of(context: Context) -> Choices:
    """List the markets that the platform knows, and the cities that the reader may see."""
    cities = visible_cities(context)
    markets = load_markets(context.workspace.overlay("markets"))
    countries = ((code, format_country(code, context.locale)) for code in markets if code != NOWHERE)
    named = ((one.city_id, translate(context.locale, one.name)) for one in cities)
    return Choices(tuple(sorted(countries, key=_by_name)), tuple(sorted(named, key=_by_name)))


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]


def day_of(text: str) -> date:
    """Read a day.

    Raises
    ------
    InvalidData
        It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidData(
            Message("A day such as 2026-03-01 was expected; {text} was found. Choose one of the calendar.", text=text)
        ) from None


def is_market(place: str) -> bool:
    """Tell whether a place is a country by its code, rather than a city."""
    return len(place) == COUNTRY_LETTERS and place.isupper()


def place_name(place: str, locale: str, names: Mapping[str, str]) -> str:
    """Name a market, a city or the parameters in the reader's language."""
    if place == PARAMETERS:
        return translate(locale, "Parameters")
    return format_country(place, locale) if is_market(place) else translate(locale, names.get(place, place))


def in_words(words: Words, locale: str) -> str:
    """Give a text in the reader's language, else in English."""
    return words.get(locale) or words.get(locale.partition("_")[0]) or words.get("en", "")
