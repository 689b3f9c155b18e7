"""FEEL's tokens: the smallest pieces of a text, before anybody knows which of them make a name together.

References
----------
OMG, Decision Model and Notation 1.5, §10.3.1.2 (grammar rules 22-36) and §10.3.1.3 (lexical).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.decisions.feel.faults import NotFeel, Span
from tiffin.kernel.messages import Message

MAX_TEXT = 100_000
"""Characters of one expression, at most."""

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u0085\u180e\u200b\u2060\ufeff"
_TOKEN = re.compile(
    rf"""(?P<space>(?:[{_SPACE}]|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<word>[{_START}][{_PART}]*)
    |(?P<sign>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@'])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its sort, its text as written, its place, and whether space stands before it."""

    sort: Sort
    text: str
    span: Span
    spaced: bool = False


def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut a text into tokens; the last one stands for its end.

    Raises
    ------
    NotFeel
        When a piece of the text is none of FEEL's tokens, or the text is longer than `MAX_TEXT`.
    """
    if len(text) > MAX_TEXT:
        raise NotFeel(text[:80], Span(0, 80), Message("An expression of at most {most} characters", most=MAX_TEXT))
    found: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotFeel(text, Span(at, at + 1), Message("A name, a value or an operator"))
        at = match.end()
        if match.lastgroup == "space":
            spaced = True
            continue
        found.append(Token(Sort(match.lastgroup or ""), match.group(), Span(match.start(), at), spaced))
        spaced = False
    return (*found, Token(Sort.END, "", Span(len(text), len(text)), spaced))


def name_parts(name: str) -> tuple[str, ...]:
    """Give the token texts of which a name is made, as they stand in an expression that uses it."""
    try:
        return tuple(one.text for one in tokens_of(name)[:-1])
    except NotFeel:
        return (name,)


def name_text(tokens: tuple[Token, ...]) -> str:
    """Write the name that tokens make: one space wherever space stood between them."""
    return "".join((" " if one.spaced and number else "") + one.text for number, one in enumerate(tokens))


def unquoted(literal: str) -> str:
    r"""Give the text that a string literal means.

    An escape that FEEL does not know stays as it is written, since patterns are written so (``"\d+"``).
    """
    plain = _ESCAPE.sub(_escaped, literal[1:-1])
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escaped(match: re.Match[str]) -> str:
    four, six, other = match.groups()
    code = int(four or six, 16) if four or six else None
    if code is not None:
        return chr(code) if code <= 0x10FFFF else match.group()  # noqa: PLR2004 - the last code point of Unicode
    return _PLAIN.get(other, match.group())
