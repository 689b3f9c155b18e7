"""Words by which a person is known, found in text and bytes however they are written there, and replaced."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

LEAST_LETTERS = 3
LEAST_RAW_LETTERS = 4
"""Shorter words stand in any file by chance: they are looked for where values can be told apart, not in bare bytes."""

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
"""What an address holds as it is (RFC 3986, section 2.3)."""

_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_ARABIC = "\u0600-\u06ff\u0750-\u077f"
_LETTER = f"[^\\W_{_CJK}]"
"""A letter or digit of a script that puts spaces between words."""

# A word may begin right after what an address or JSON makes of a sign: `%3D`, `\n`, `\u003d`.
_ESCAPED = r"(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})"
_BEGINNING = f"(?:(?<!{_LETTER})|{_ESCAPED})"
_ARABIC_BEGINNING = f"(?:(?<!{_LETTER})|(?<=[وفبلك])|{_ESCAPED})"
_END = f"(?!{_LETTER})"
_RAW_BEGINNING = rb"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
_RAW_END = rb"(?![0-9A-Za-z])"


def cleaned_words(words: Iterable[str]) -> tuple[str, ...]:
    """Give the words once each, without spaces around them.

    Raises
    ------
    WrongUse
        There is none, or one is so short that it stands everywhere.
    """
    found = {" ".join(word.split()).casefold(): " ".join(word.split()) for word in words}
    kept = tuple(word for key, word in found.items() if key)
    short = next((word for word in kept if len(word) < LEAST_LETTERS and not _is_dense(word)), None)
    if short is not None or not kept:
        raise WrongUse(
            Message(
                "A person is looked for by words of at least {count} letters or digits; found '{found}'. Shorter ones "
                "stand everywhere by chance.",
                count=LEAST_LETTERS,
                found=short or "",
            )
        )
    return kept


def written_forms(word: str) -> tuple[str, ...]:
    """Give the ways in which a word stands in files: as it is, in JSON, in an address, in a page, without its spaces.

    Examples
    --------
    >>> written_forms("a@b.example")
    ('a@b.example', 'a%40b.example')
    """
    in_address = "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in word.encode())
    in_page = word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    forms = [word, json.dumps(word)[1:-1], in_address, in_address.replace("%20", "+"), in_page.replace("'", "&#39;")]
    if re.fullmatch(r"[+\d][\d ()-]+", word):
        forms.append(re.sub(r"[ ()-]", "", word))
    return tuple(dict.fromkeys(form for form in forms if form))


@dataclass(frozen=True)
class Sought:
    """Words of one person, ready to be looked for.

    Parameters
    ----------
    words : tuple of str
        As `cleaned_words` gives them.
    others : tuple of str
        Longer words of others in which one of them stands; bare bytes that spell one of those do not count.
    spared : callable or None
        Tells of a text of the facts whether somebody decided that it only seems to name the person.
    """

    words: tuple[str, ...]
    others: tuple[str, ...] = ()
    spared: Callable[[str], bool] | None = field(default=None, compare=False)

    @cached_property
    def in_text(self) -> re.Pattern[str]:
        """The words in text, as words: ``rider-1`` is not found in ``rider-12``."""
        parts = [_bounded(number, word) for number, word in enumerate(self.words)]
        return re.compile("|".join(parts), re.IGNORECASE)

    @cached_property
    def in_letters(self) -> re.Pattern[str]:
        """Whatever letters and digits stand around one of the words, that it may be a part of."""
        forms = "|".join(re.escape(form) for word in self.words for form in written_forms(word))
        return re.compile(f"{_LETTER}*(?:{forms}){_LETTER}*", re.IGNORECASE)

    @cached_property
    def in_text_bytes(self) -> re.Pattern[bytes]:
        """The words in the bytes of a text file, as words."""
        return re.compile(b"|".join(_raw(n, w, is_text=True) for n, w in enumerate(self.words)), re.IGNORECASE)

    @cached_property
    def in_bytes(self) -> re.Pattern[bytes] | None:
        """The words in bytes of which nobody knows where a value begins; None where all of them are short."""
        known = [re.escape(other.encode()) for other in sorted(self.others, key=len, reverse=True)]
        long = [(n, w) for n, w in enumerate(self.words) if len(w) >= LEAST_RAW_LETTERS or not w.isascii()]
        parts = [*known, *(_raw(number, word, is_text=False) for number, word in long)]
        return re.compile(b"|".join(parts), re.IGNORECASE) if long else None

    def is_spared(self, text: str) -> bool:
        """Tell whether a text only seems to name the person, as somebody decided."""
        return self.spared is not None and self.spared(text)

    def count_in(self, text: str) -> int:
        """Tell how often a text names the person."""
        return sum(1 for _ in self.in_text.finditer(text))

    def near_in(self, text: str) -> set[str]:
        """Give longer words of a text in which one of the words stands as a part."""
        own = [found.span() for found in self.in_text.finditer(text)]
        around = (found for found in self.in_letters.finditer(text))
        return {one.group() for one in around if not any(one.start() < end and start < one.end() for start, end in own)}

    def without(self, text: str, marks: Mapping[str, str]) -> str:
        """Put each word's mark in its place."""
        return self.in_text.sub(lambda found: marks[self.words[int((found.lastgroup or "w0")[1:])]], text)

    def without_in(self, value: Any, marks: Mapping[str, str]) -> Any:
        """Put the marks into whatever JSON holds, keys and values alike; a number that is a word becomes its mark."""
        if isinstance(value, str):
            return self.without(value, marks)
        if isinstance(value, Mapping):
            return {self.without(str(key), marks): self.without_in(item, marks) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.without_in(item, marks) for item in value]
        return value


def marks_of(words: Iterable[str], mark: str) -> dict[str, str]:
    """Give each word a mark of its own, so that what was unique stays so.

    Examples
    --------
    >>> marks_of(["r-9", "Nora"], "erased-7")
    {'r-9': 'erased-7', 'Nora': 'erased-7-2'}
    """
    return {word: mark if number == 1 else f"{mark}-{number}" for number, word in enumerate(words, 1)}


def _bounded(number: int, word: str) -> str:
    forms = "|".join(re.escape(form) for form in written_forms(word))
    return f"{_beginning(word[0])}(?P<w{number}>{forms}){'' if _is_dense(word[-1]) else _END}"


def _beginning(letter: str) -> str:
    if _is_dense(letter):
        return ""
    return _ARABIC_BEGINNING if re.match(f"[{_ARABIC}]", letter) else _BEGINNING


def _is_dense(text: str) -> bool:
    """Tell whether a text is of a script without spaces between words."""
    return re.fullmatch(f"[{_CJK}]+", text) is not None


def _raw(number: int, word: str, *, is_text: bool) -> bytes:
    written = [form.encode() for form in written_forms(word)]
    if not is_text:
        written += [word.encode("utf-16-le"), word.encode("utf-16-be")]
    group = b"(?P<w%d>%b)" % (number, b"|".join(re.escape(form) for form in written))
    if not is_text or not word.isascii():
        return group
    return _RAW_BEGINNING + group + _RAW_END
