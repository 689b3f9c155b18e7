"""The words of own pages: each in every language of riders, with its values and its plural forms."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract
from tests.web.conftest import PACKAGE, PYTHON_WORDS, TEMPLATE_WORDS, placeholders

from tiffin.capabilities.liability.service.notice_reasons import BEYOND
from tiffin.runtime.i18n import catalogue, translation_files

TEMPLATES = (
    *(PACKAGE / "web" / "templates").glob("own*.html"),
    *(PACKAGE / "capabilities" / "liability" / "templates" / "own").glob("*.html"),
    PACKAGE / "capabilities" / "orders" / "templates" / "own.html",
)
CODE = (
    PACKAGE / "web" / "own.py",
    PACKAGE / "capabilities" / "liability" / "pages" / "own.py",
    PACKAGE / "capabilities" / "liability" / "pages" / "own_disputes.py",
    PACKAGE / "capabilities" / "liability" / "pages" / "own_standing.py",
    PACKAGE / "capabilities" / "liability" / "service" / "coaching.py",
    PACKAGE / "capabilities" / "liability" / "service" / "standard_words.py",
    PACKAGE / "capabilities" / "liability" / "service" / "dispute_showing.py",
    PACKAGE / "capabilities" / "liability" / "service" / "dispute_words.py",
    PACKAGE / "capabilities" / "cases" / "service" / "dispute_words.py",
    PACKAGE / "capabilities" / "liability" / "service" / "own.py",
)


def texts() -> Iterator[str]:
    """Every text that own pages may show, but for values that others name."""
    for path in TEMPLATES:
        with path.open("rb") as file:
            for _, word, text, _ in babel_extract(file, list(TEMPLATE_WORDS), (), {"trim_blocks": "true"}):
                if word in TEMPLATE_WORDS:
                    yield text[0] if isinstance(text, tuple) else text or ""
    for path in CODE:
        with path.open("rb") as file:
            for _, text, _, _ in extract("python", file, keywords=PYTHON_WORDS, options={"encoding": "utf-8"}):
                yield text[0] if isinstance(text, tuple) else text or ""


@pytest.mark.parametrize("locale", BEYOND)
def test_no_word_of_own_pages_is_missing_in_any_language_of_riders(locale: str) -> None:
    known: Mapping[str, tuple[str, ...]] = catalogue(locale).texts

    assert {text for text in texts() if text and not all(known.get(text) or ("",))} == set()


@pytest.mark.parametrize("locale", BEYOND)
def test_a_translation_keeps_the_values_and_has_all_forms(locale: str) -> None:
    faults: list[tuple[Path, object]] = []
    for path in translation_files(locale):
        with path.open("rb") as file:
            found = read_po(file, locale=locale)
        for message in (one for one in found if one.id):
            is_plural = not isinstance(message.id, str)
            said = message.string if is_plural else (message.string,)
            wanted = placeholders(message.id[-1] if is_plural else message.id)
            if any(placeholders(one) != wanted for one in said) or (is_plural and len(said) != found.num_plurals):
                faults.append((path, message.id))

    assert faults == []
