"""Reasons of verdicts in the languages of riders that policies themselves do not state."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from tiffin.capabilities.liability.service.notice_library import SHIPPED
from tiffin.capabilities.policies.domain.decision import Decision
from tiffin.capabilities.policies.service.reasons import reason_in_words
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.i18n import LOCALES, RIDER_LOCALES

BEYOND = tuple(locale for locale in RIDER_LOCALES if locale not in LOCALES)
"""Languages of riders that the platform itself does not speak."""


def reasons_beyond(decision: Decision) -> Mapping[str, str]:
    """Give the reason of a decision in each language of riders that its policy does not state."""
    return {locale: reason_in_words(decision, locale, texts_in(locale)) for locale in BEYOND}


def missing_reasons(english: Iterable[str], folder: Path = SHIPPED) -> tuple[tuple[str, str], ...]:
    """Name each language and each English text of a reason that is not written in it."""
    stated = sorted({*english})
    return tuple((locale, text) for locale in BEYOND for text in stated if not texts_in(locale, folder).get(text))


@lru_cache(maxsize=16)
def texts_in(locale: str, folder: Path = SHIPPED) -> Mapping[str, str]:
    """Read the translations of reasons in a language, by their English text."""
    found: Mapping[str, str] = without_lines(read_yaml(folder / "reasons" / f"{locale}.yaml"))
    return found
