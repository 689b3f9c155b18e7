"""The texts of notices as they ship: dated files by kind, each locked for good once it has shipped.

A version is ``notices/<kind>/<day>.yaml`` and holds from that day on; ``notices/digests.yaml`` keeps its SHA-256, so
that what people were told can never be changed afterwards, only followed by a version of a later day.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.notice_kinds import NOTICE_KINDS, NoticeKind
from tiffin.capabilities.liability.domain.notice_text import OTHER, PLURAL, Choice, Parts, choices_in, names_in, parse
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.i18n import RIDER_LOCALES, plural_category

SHIPPED = Path(__file__).resolve().parents[1] / "notices"
LOCK = "digests.yaml"
COUNTED = range(1001)
"""Numbers in whose plural forms a text has to be complete: points, minutes, days and hours are no more."""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """One version of a kind's text in one language.

    Parameters
    ----------
    since : date
        From which day on it is sent.
    """

    kind: str
    since: date
    audience: str
    locale: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return digest_of(self.text)


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """All that one file says: texts by audience and language."""

    kind: str
    since: date
    texts: Mapping[str, Mapping[str, str]]


def digest_of(text: str) -> str:
    """Give the SHA-256 of a text's bytes in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=256)
def parsed(text: str) -> Parts:
    """Read a text once.

    Raises
    ------
    InvalidDefinition
        It is not written as texts of notices are.
    """
    return parse(text)


def text_on(kind: str, day: date, party: str, locale: str) -> NoticeText:
    """Give the text of a kind that holds on a day for a kind of party, in his language.

    Raises
    ------
    NotFound
        There is no such kind, or none of it held on the day.
    InvalidDefinition
        It is not in this language.
    """
    audience = kind_of(kind).audience(party)
    held = [one for one in versions_of(kind) if one.since <= day]
    if not held:
        raise NotFound(Message("No text of the notice {kind} holds on {day}.", kind=kind, day=day))
    text = held[-1].texts.get(audience, {}).get(locale)
    if text is None:
        raise InvalidDefinition(Message("The notice {kind} is not written in {locale}.", kind=kind, locale=locale))
    return NoticeText(kind, held[-1].since, audience, locale, text)


def kind_of(kind: str) -> NoticeKind:
    """Find a kind of notice.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    if kind not in NOTICE_KINDS:
        known = ", ".join(NOTICE_KINDS)
        raise NotFound(Message("There is no notice {kind}; there are {known}.", kind=kind, known=known))
    return NOTICE_KINDS[kind]


@lru_cache(maxsize=64)
def versions_of(kind: str, folder: Path = SHIPPED) -> tuple[NoticeVersion, ...]:
    """Read every version of a kind, the oldest first.

    Raises
    ------
    InvalidDefinition
        A file is not what it should be.
    """
    return tuple(_read(path, kind) for path in sorted((folder / kind).glob("*.yaml")))


def faults_in(folder: Path = SHIPPED) -> tuple[Message, ...]:
    """Tell what is missing or wrong in the texts of notices: kinds, languages, values, plural forms, locks."""
    return (*_broken_locks(folder), *(fault for kind in NOTICE_KINDS.values() for fault in _faults_of(kind, folder)))


def needed_categories(locale: str) -> frozenset[str]:
    """Name the plural categories that whole numbers reach in a language."""
    return _categories(locale)


@lru_cache(maxsize=16)
def _categories(locale: str) -> frozenset[str]:
    return frozenset(plural_category(number, locale) for number in COUNTED)


def _read(path: Path, kind: str) -> NoticeVersion:
    raw: Any = without_lines(read_yaml(path))
    try:
        since = date.fromisoformat(path.stem)
        texts = {
            str(name): {str(code): str(text) for code, text in held.items()} for name, held in raw["texts"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "notices/<kind>/<day>.yaml with `kind` and `texts` by audience and language"
        raise InvalidDefinition(Message("{path}: {expected} was expected.", path=path, expected=expected)) from error
    if raw.get("kind") != kind:
        raise InvalidDefinition(Message("{path}: `kind` should be {kind}, as its folder.", path=path, kind=kind))
    return NoticeVersion(kind, since, texts)


def _faults_of(kind: NoticeKind, folder: Path) -> Iterator[Message]:
    versions = versions_of(kind.name, folder)
    if not versions:
        yield Message("The notice {kind} has no text.", kind=kind.name)
    for version in versions:
        for audience, values in kind.values.items():
            texts = version.texts.get(audience, {})
            for locale in RIDER_LOCALES:
                where = f"{kind.name}/{version.since}: {audience}, {locale}"
                if not texts.get(locale, "").strip():
                    yield Message("{where}: there is no text.", where=where)
                else:
                    yield from _faults_in_text(texts[locale], locale, values, where)


def _faults_in_text(text: str, locale: str, values: frozenset[str], where: str) -> Iterator[Message]:
    try:
        parts = parsed(text)
    except InvalidDefinition as error:
        yield Message("{where}: {fault}", where=where, fault=error.said)
        return
    for name in sorted(names_in(parts) ^ values):
        yield Message("{where}: the value {name} is missing, or nobody gives it.", where=where, name=name)
    for choice in choices_in(parts):
        for category in sorted(_lacking(choice, locale)):
            told = {"where": where, "name": choice.name, "category": category}
            yield Message("{where}: the plural of {name} has no form for {category}.", **told)


def _lacking(choice: Choice, locale: str) -> frozenset[str]:
    if choice.kind != PLURAL:
        return frozenset()
    return _categories(locale) - {*choice.branches} - ({"zero"} if "=0" in choice.branches else set()) - {OTHER}


def _broken_locks(folder: Path) -> Iterator[Message]:
    locked: Mapping[str, Mapping[str, str]] = without_lines(read_yaml(folder / LOCK)) or {}
    found = {
        path.parent.name: {other.name: _digest(other) for other in sorted(path.parent.glob("*.yaml"))}
        for path in sorted(folder.glob("*/*.yaml"))
        if path.parent.name in NOTICE_KINDS
    }
    for kind in sorted({*locked, *found}):
        for name in sorted({*locked.get(kind, {}), *found.get(kind, {})}):
            held, is_now = locked.get(kind, {}).get(name), found.get(kind, {}).get(name)
            if held is None:
                told = {"file": f"{kind}/{name}", "digest": is_now, "lock": LOCK}
                yield Message("{file} is not locked yet: add {digest} to {lock}.", **told)
            elif held != is_now:
                told = {"file": f"{kind}/{name}"}
                yield Message(
                    "{file} has shipped and was changed since. Put it back, and write a file of a later day.", **told
                )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
