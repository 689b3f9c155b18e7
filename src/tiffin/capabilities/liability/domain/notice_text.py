"""Texts of notices: what stands in braces is filled in, and plural forms and variants are chosen by what is filled in.

A text is written in the part of ICU's MessageFormat that notices need: ``{name}``; ``{name, plural, =0 {…} one {…}
other {…}}`` with ``#`` for the number as it is written; ``{name, select, none {…} other {…}}``. Filling one is pure:
numbers, dates and money come as pieces that are written already, each number with its plural category. So the same text
and the same pieces give the same bytes for ever, whatever a later library of languages would write.

References
----------
Unicode Technical Standard 35 (LDML), part 3, plural rules; Unicode Standard Annex 9, isolates; ICU MessageFormat.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message

OTHER = "other"
PLURAL, SELECT = "plural", "select"

_FIRST_STRONG_ISOLATE, _RIGHT_TO_LEFT_ISOLATE, _POP_ISOLATE = "\u2068", "\u2067", "\u2069"
_TOKEN = re.compile(r"[{}#]|[^{}#]+")
_NAME = re.compile(r"[a-z_]+")
_KEY = re.compile(r"\s*(=\d+|[a-z_]+)\s*")
_BLANKS = re.compile(r"[ \t]+")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One value as it is written.

    Parameters
    ----------
    text : str
        In the language, the digits and the calendar of its reader; of a variant, its key.
    number : int or None
        What plural forms for an exact number (``=0``) look at; None of a text.
    category : str
        CLDR's plural category of the number.
    is_prose : bool
        A sentence of the reader's language, which runs in his direction whatever it begins with.
    """

    text: str
    number: int | None = None
    category: str = ""
    is_prose: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """Write it as plain JSON."""
        told: dict[str, Any] = {"text": self.text}
        told |= {"number": self.number} if self.number is not None else {}
        told |= {"category": self.category} if self.category else {}
        return told | ({"prose": True} if self.is_prose else {})


def piece_from(plain: Mapping[str, Any]) -> Piece:
    """Read what `Piece.plain` wrote."""
    return Piece(plain["text"], plain.get("number"), plain.get("category", ""), bool(plain.get("prose")))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a text."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """Where the number of the plural around it stands."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where one of several texts stands, by a number's plural category or by a key."""

    name: str
    kind: str
    branches: Mapping[str, "Parts"]


Parts = tuple[str | Place | Number | Choice, ...]


def parse(text: str) -> Parts:
    """Read a text.

    Raises
    ------
    InvalidDefinition
        It is not written as texts of notices are.
    """
    tokens = _TOKEN.findall(text)
    parts, end = _parts(tokens, 0, depth=0)
    if end != len(tokens):
        raise _fault("a closing brace stands alone", text)
    return parts


def fill(parts: Parts, pieces: Mapping[str, Piece], *, is_right_to_left: bool) -> str:
    """Fill a text; beside script that runs from right to left every value is isolated, and empty paragraphs go.

    Raises
    ------
    InvalidDefinition
        A value is missing, or no variant fits.
    """
    whole = "".join(_filled(parts, pieces, None, is_right_to_left=is_right_to_left))
    paragraphs = (_BLANKS.sub(" ", one).strip() for one in whole.split("\n\n"))
    return "\n\n".join(one for one in paragraphs if one)


def names_in(parts: Parts) -> frozenset[str]:
    """Name every value that a text needs."""
    return frozenset(one.name for one in _places(parts) if not isinstance(one, Number))


def choices_in(parts: Parts) -> tuple[Choice, ...]:
    """List the plurals and variants of a text."""
    return tuple(one for one in _places(parts) if isinstance(one, Choice))


def _places(parts: Parts) -> Iterator[Place | Number | Choice]:
    for part in parts:
        if isinstance(part, str):
            continue
        yield part
        if isinstance(part, Choice):
            for branch in part.branches.values():
                yield from _places(branch)


def _filled(
    parts: Parts, pieces: Mapping[str, Piece], counted: Piece | None, *, is_right_to_left: bool
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Choice):
            piece = _piece(pieces, part.name)
            inner = piece if part.kind == PLURAL else counted
            yield from _filled(_chosen(part, piece), pieces, inner, is_right_to_left=is_right_to_left)
        elif isinstance(part, Place):
            yield _written(_piece(pieces, part.name), is_right_to_left=is_right_to_left)
        else:
            yield _written(counted, is_right_to_left=is_right_to_left) if counted else "#"


def _chosen(choice: Choice, piece: Piece) -> Parts:
    exact = f"={piece.number}"
    key = piece.category if choice.kind == PLURAL else piece.text
    for wanted in (exact, key, OTHER):
        if wanted in choice.branches:
            return choice.branches[wanted]
    raise InvalidDefinition(Message("No variant of {name} fits {found}.", name=choice.name, found=repr(key)))


def _piece(pieces: Mapping[str, Piece], name: str) -> Piece:
    if name not in pieces:
        raise InvalidDefinition(Message("A notice needs the value {name}, which is not given.", name=name))
    return pieces[name]


def _written(piece: Piece, *, is_right_to_left: bool) -> str:
    if not is_right_to_left:
        return piece.text
    begins = _RIGHT_TO_LEFT_ISOLATE if piece.is_prose else _FIRST_STRONG_ISOLATE
    return f"{begins}{piece.text}{_POP_ISOLATE}"


def _parts(tokens: list[str], start: int, *, depth: int) -> tuple[Parts, int]:
    """Read parts until a closing brace or the end; gives where it stopped."""
    if depth > _DEEPEST:
        raise _fault(f"choices are nested deeper than {_DEEPEST}", "".join(tokens[start : start + 5]))
    found: list[str | Place | Number | Choice] = []
    at = start
    while at < len(tokens) and tokens[at] != "}":
        if tokens[at] == "{":
            part, at = _argument(tokens, at + 1, depth=depth)
            found.append(part)
            continue
        found.append(Number() if tokens[at] == "#" and depth else tokens[at])
        at += 1
    return tuple(found), at


def _argument(tokens: list[str], at: int, *, depth: int) -> tuple[Place | Choice, int]:
    head = [one.strip() for one in tokens[at].split(",")] if at < len(tokens) else [""]
    if not _NAME.fullmatch(head[0]) or at + 1 >= len(tokens):
        raise _fault("the name of a value was expected in braces", "".join(tokens[at - 1 : at + 2]))
    if len(head) == 1:
        if tokens[at + 1] != "}":
            raise _fault("a brace is not closed", head[0])
        return Place(head[0]), at + 2
    if head[1] not in (PLURAL, SELECT):
        raise _fault(f"plural or select was expected, {head[1]!r} was found", head[0])
    branches, end = _branches(tokens, at + 1, (head[2] if len(head) > 2 else ""), depth=depth)  # noqa: PLR2004 - name, kind, first key
    if OTHER not in branches:
        raise _fault("a variant called other is missing", head[0])
    return Choice(head[0], head[1], branches), end


def _branches(tokens: list[str], at: int, first: str, *, depth: int) -> tuple[dict[str, Parts], int]:
    branches: dict[str, Parts] = {}
    key = first
    while at < len(tokens) and tokens[at] == "{":
        found = _KEY.fullmatch(key)
        if found is None or found[1] in branches:
            raise _fault("each variant has a key of its own", key)
        branches[found[1]], at = _parts(tokens, at + 1, depth=depth + 1)
        if at >= len(tokens):
            raise _fault("a brace is not closed", found[1])
        at += 1
        key = ""
        if at < len(tokens) and tokens[at] not in ("{", "}", "#"):
            key = tokens[at]
            at += 1
    if key.strip() or at >= len(tokens) or tokens[at] != "}":
        raise _fault("a choice is not closed", key)
    return branches, at + 1


def _fault(what: str, where: str) -> InvalidDefinition:
    return InvalidDefinition(
        Message("A text of notices cannot be read: {what}, near {where}.", what=what, where=repr(where[:40]))
    )
