from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tiffin.runtime.i18n import LOCALES, catalogue, translation_files

TRANSLATED = LOCALES[1:]


def catalogues(locale: str) -> dict[Path, Catalog]:
    found = {}
    for path in translation_files(locale):
        with path.open("rb") as file:
            found[path] = read_po(file, locale=locale)
    return found


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_message_is_translated(locale: str, messages_in_use: Mapping[str, str]) -> None:
    texts = catalogue(locale).texts

    missing = {text: place for text, place in messages_in_use.items() if not all(texts.get(text) or ("",))}

    assert not missing


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_is_stale_or_unsure(locale: str, messages_in_use: Mapping[str, str]) -> None:
    faults = []
    for path, one in catalogues(locale).items():
        faults += [f"{path}: obsolete {text!r}" for text in one.obsolete]
        for message in one:
            text = message.id if isinstance(message.id, str) else message.id[0]
            if message.id and (message.fuzzy or text not in messages_in_use):
                faults.append(f"{path}: {'unsure' if message.fuzzy else 'no longer used'}: {text!r}")

    assert not faults


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_keeps_the_placeholders(locale: str, placeholders_of: Callable[[str], set[str]]) -> None:
    faults = []
    for path, one in catalogues(locale).items():
        for message in (m for m in one if m.id):
            is_plural = not isinstance(message.id, str)
            texts = message.string if is_plural else (message.string,)
            wanted = placeholders_of(message.id[-1] if is_plural else message.id)
            # A plural form for exactly one or two may say so in words instead of writing the number.
            allowed = (wanted, wanted - {"count"}) if is_plural else (wanted,)
            faults += [f"{path}: {text!r}" for text in texts if placeholders_of(text) not in allowed]

    assert not faults


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_plural_has_all_forms_of_its_language(locale: str) -> None:
    faults = [
        f"{path}: {message.id[0]!r}"
        for path, one in catalogues(locale).items()
        for message in one
        if message.id and not isinstance(message.id, str) and len(message.string) != one.num_plurals
    ]

    assert not faults


@pytest.mark.parametrize("locale", TRANSLATED)
def test_one_message_has_one_translation(locale: str) -> None:
    found: dict[object, tuple[object, Path]] = {}
    faults = []
    for path, one in catalogues(locale).items():
        for message in (m for m in one if m.id):
            key = message.id if isinstance(message.id, str) else message.id[0]
            earlier = found.setdefault(key, (message.string, path))
            if earlier[0] != message.string:
                faults.append(f"{key!r} differs between {earlier[1]} and {path}")

    assert not faults
