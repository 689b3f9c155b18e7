"""What people read, in their language: messages, numbers, dates, money, and the direction of script.

A message is its English text. Translations are gettext files that lie beside the code whose messages they hold
(``<package>/locale/<locale>.po``); all of them are read once and merged. A message without translation falls back to
English, and the test suite does not let one ship.

Where CLDR gives a region its own digits, formatting follows it: ``ar`` and ``ar_AE`` write 1,234 with European digits,
``ar_SA`` with Arabic-Indic ones.

References
----------
Unicode CLDR, through Babel; Unicode Standard Annex 9 (isolates).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from gettext import c2py
from math import isfinite
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, localedata, numbers, units
from babel.core import negotiate_locale
from babel.messages.pofile import read_po

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.kernel.money import MINOR_DIGITS

LOCALES: tuple[str, ...] = ("en", "ar", "zh_Hans", "zh_Hant", "pt_BR")
"""Languages of the platform; each but English has a catalogue."""

RIDER_LOCALES: tuple[str, ...] = (*LOCALES, "ur", "hi", "bn", "ne")
"""Languages in which riders, merchants and customers read what concerns them; the last four cover those texts alone."""

ENDONYMS: Mapping[str, str] = {
    "en": "English",
    "ar": "العربية",
    "zh_Hans": "简体中文",
    "zh_Hant": "繁體中文",
    "pt_BR": "Português (Brasil)",
    "ur": "اردو",
    "hi": "हिन्दी",
    "bn": "বাংলা",
    "ne": "नेपाली",
}
"""Each language's name in itself, for the language switch."""

NOTHING = "–"  # noqa: RUF001 - a dash of figure width is what a table shows
"""What stands where there is no value."""

PACKAGE = Path(__file__).resolve().parents[1]

_NEAREST = {
    **dict.fromkeys(("zh", "zh_CN", "zh_SG"), "zh_Hans"),
    **dict.fromkeys(("zh_TW", "zh_HK", "zh_MO"), "zh_Hant"),
    **dict.fromkeys(("pt", "pt_PT"), "pt_BR"),
}

# CLDR's currency spacing, which Babel leaves out.
_CODE_BESIDE_DIGIT = re.compile(r"(?<=[A-Z]{3})(?=-?\d)|(?<=\d)(?=[A-Z]{3})")

_LATIN_SYMBOL = re.compile(r"[A-Z]+\$")  # its sign would else go over to the other side of its letters
_COMMAND = re.compile("`[^`]+`")

_FIRST_STRONG_ISOLATE, _RIGHT_TO_LEFT_ISOLATE, _POP_ISOLATE = "\u2068", "\u2067", "\u2069"
_DIGITS = {
    "arab": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "arabext": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "deva": str.maketrans("0123456789", "०१२३४५६७८९"),
    "beng": str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"),
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All translated messages of one locale; a message with plural forms holds several texts."""

    texts: Mapping[str, tuple[str, ...]]
    plural_index: Callable[[int], int]


def mark(msgid: str) -> str:
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return msgid


def translate(locale: str, msgid: str, /, **values: object) -> str:
    """Give a message in a locale, with its ``{placeholders}`` filled and, beside right-to-left script, isolated."""
    if isinstance(msgid, Message):
        values = msgid.values | values
        msgid = msgid.text
    found = catalogue(language_of(locale)).texts.get(msgid)
    return _filled(found[0] if found and found[0] else msgid, locale, values)


def ngettext(locale: str, singular: str, plural: str, count: int, /, **values: object) -> str:
    """Give a message in the plural form that the count asks for; the count itself is the placeholder ``{count}``."""
    text = plural_form(locale, singular, plural, count)
    return _filled(text, locale, {"count": format_number(count, locale), **values})


def plural_form(locale: str, singular: str, plural: str, count: int) -> str:
    """Give the text of a message in the plural form that the count asks for, with its placeholders."""
    known = catalogue(language_of(locale))
    found = known.texts.get(singular, ())
    index = known.plural_index(count)
    return found[index] if index < len(found) and found[index] else (singular if count == 1 else plural)


def language_of(locale: str) -> str:
    """Name the platform's language that serves a locale: ``ar_SA`` is served by ``ar``, an unknown one by English."""
    if locale in RIDER_LOCALES:
        return locale
    return negotiate_locale([locale, locale.partition("_")[0]], LOCALES) or "en"


def preferred_locale(accept_language: str, among: Sequence[str] = LOCALES) -> str:
    """Choose the language that a browser's ``Accept-Language`` header asks for first."""
    wanted = (part.split(";")[0].strip().replace("-", "_") for part in accept_language.split(","))
    for tag in wanted:
        chosen = _served(tag, among)
        if chosen:
            return chosen
    return "en"


@lru_cache(maxsize=256)
def regional(locale: str, country: str) -> str:
    """Give a language as a country writes it, with that country's digits; the language itself where CLDR knows none.

    Examples
    --------
    >>> regional("ar", "SA"), regional("ur", "SA"), regional("pt_BR", "SA")
    ('ar_SA', 'ur', 'pt_BR')
    """
    found = f"{locale}_{country}"
    return found if locale in RIDER_LOCALES and localedata.exists(found) else locale


def plural_category(count: float, locale: str) -> str:
    """Name CLDR's plural category of a number, such as ``few``."""
    return _locale(locale).plural_form(count)


def language_tag(locale: str) -> str:
    """Write a locale as BCP 47 asks, for HTML's ``lang``."""
    return locale.replace("_", "-")


def direction(locale: str) -> str:
    """Tell whether a locale's script runs ``ltr`` or ``rtl``."""
    return _locale(locale).text_direction


def isolate(text: object) -> str:
    """Wrap a text in Unicode isolates, so that its direction and its neighbour's do not disturb each other."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def format_number(value: float | Decimal | None, locale: str, *, decimals: int = 0) -> str:
    """Write a number with the locale's separators and digits; no value is a dash."""
    if value is None or not isfinite(value):
        return NOTHING
    rounded = round(cast("float", value), decimals)  # which rounds a Decimal alike
    return _localised(  # nought for what rounds to it keeps "-0" away
        numbers.format_decimal(rounded or 0, _pattern(decimals), _locale(locale), numbering_system="default"), locale
    )


@lru_cache(maxsize=64)
def digits_of(locale: str) -> str:
    """Give the ten digits as the language writes them, for what is counted in the browser."""
    return "".join(format_number(digit, locale) for digit in range(10))


def format_percent(share: float | None, locale: str, *, decimals: int = 1) -> str:
    """Write a share between 0 and 1 as percent."""
    if share is None or not isfinite(share):
        return NOTHING
    pattern = _pattern(decimals) + "%"
    share = round(share, decimals + 2) + 0.0  # rounding first keeps "-0" away
    return _localised(numbers.format_percent(share, pattern, _locale(locale), numbering_system="default"), locale)


def format_money(minor: float | None, currency: str, locale: str) -> str:
    """Write an amount of minor units (halalas, fils, cents) with its currency."""
    if minor is None or not isfinite(minor):
        return NOTHING
    amount = Decimal(str(round(minor))).scaleb(-MINOR_DIGITS.get(currency, 2))
    written = numbers.format_currency(amount, currency, locale=_locale(locale), numbering_system="default")
    written = _CODE_BESIDE_DIGIT.sub("\u00a0", written)
    return _localised(_LATIN_SYMBOL.sub(_isolated, written) if direction(locale) == "rtl" else written, locale)


def format_date(day: date | None, locale: str, *, skeleton: str = "yMMMd") -> str:
    """Write a date; the skeleton names its parts as CLDR does (``MMMEd``: weekday, day and month)."""
    if day is None:
        return NOTHING
    return _localised(dates.format_skeleton(skeleton, day, locale=_locale(locale)), locale)


def format_long_date(day: date, locale: str) -> str:
    """Write a date in full, with the name of its day."""
    return _localised(dates.format_date(day, "full", locale=_locale(locale)), locale)


def format_instant(instant: datetime | None, locale: str, *, timezone: str = "UTC") -> str:
    """Write an instant as date and 24-hour time in a zone, naming the zone."""
    if instant is None:
        return NOTHING
    local = instant.astimezone(ZoneInfo(timezone))
    clock = _localised(f"{local:%H:%M}", locale)
    return f"{format_date(local.date(), locale)} {clock} {timezone if timezone == 'UTC' else local.tzname()}"


def format_duration(minutes: float | None, locale: str, *, decimals: int = 0) -> str:
    """Write a duration given in minutes: ``32 min``, from ninety minutes on ``1 hr 35 min``."""
    if minutes is None or not isfinite(minutes):
        return NOTHING
    if abs(minutes) < 90 or decimals:  # noqa: PLR2004 - people read up to ninety minutes as minutes
        return format_decimal_unit(minutes, "duration-minute", locale, decimals=decimals)
    hours, rest = divmod(round(abs(minutes)), 60)
    whole = format_decimal_unit(hours if minutes > 0 else -hours, "duration-hour", locale)
    return f"{whole} {format_decimal_unit(rest, 'duration-minute', locale)}" if rest else whole


def format_country(code: str | None, locale: str) -> str:
    """Name a country by its ISO 3166 code; a code that CLDR does not know stays as it is."""
    return _locale(locale).territories.get(code, code) if code else NOTHING


def format_decimal_unit(value: float, unit: str, locale: str, *, decimals: int = 0) -> str:
    """Write a number with one of CLDR's units, such as ``length-kilometer``, in its short form."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = units.format_unit(
        value, unit, "short", format=pattern, locale=_locale(locale), numbering_system="default"
    )
    return _localised(written, locale)


@lru_cache(maxsize=len(RIDER_LOCALES))
def catalogue(language: str) -> Catalogue:
    """Read and merge all translation files of one language of the platform."""
    texts: dict[str, tuple[str, ...]] = {}
    plural = "(n != 1)"
    for path in translation_files(language):
        with path.open("rb") as file:
            read = read_po(file, locale=language)
        plural = read.plural_expr
        texts |= {
            _key(message.id): _texts(message.string or "") for message in read if message.id and not message.fuzzy
        }
    return Catalogue(texts, c2py(plural))


def translation_files(language: str) -> tuple[Path, ...]:
    """List the translation files of one language, in a fixed order."""
    return tuple(sorted(PACKAGE.rglob(f"locale/{language}.po")))


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale)
    except (ValueError, UnknownLocaleError) as error:
        raise InvalidDefinition(
            f"A locale such as {', '.join(LOCALES)} was expected, {locale!r} was found. Name one of these."
        ) from error


def _served(tag: str, among: Sequence[str]) -> str | None:
    candidates = (tag, _NEAREST.get(tag, ""), tag.partition("_")[0])
    return next((candidate for candidate in candidates if candidate in among), None)


def _filled(text: str, locale: str, values: Mapping[str, object]) -> str:
    if direction(locale) == "rtl":
        text = _COMMAND.sub(_isolated, text)
    if not values:
        return text
    return text.format(**{name: _value(one, locale) for name, one in values.items()})


def _value(value: object, locale: str) -> object:
    """Give what stands for a placeholder; a message runs as the reader's script does, whatever it begins with."""
    if direction(locale) != "rtl":
        return translate(locale, value) if isinstance(value, Message) else value
    if isinstance(value, Message):
        return f"{_RIGHT_TO_LEFT_ISOLATE}{translate(locale, value)}{_POP_ISOLATE}"
    return isolate(value)


def _isolated(found: re.Match[str]) -> str:
    return isolate(found.group())


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _localised(text: str, locale: str) -> str:
    return text.translate(_DIGITS.get(_locale(locale).default_numbering_system, {}))


def _key(msgid: str | list[str] | tuple[str, ...]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _texts(string: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)
