"""Reading patterns."""

from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.patterns.characters import (
    SHORTHANDS,
    CharacterSet,
    Holds,
    category,
    none_of,
    one_of,
)
from tiffin.engines.decisions.feel.patterns.tree import Again, Edge, Either, Group, Part, Repeated, Sequence, Single

MAX_PATTERN = 2_000
MAX_GROUPS_DEEP = 60
_LITERAL_ESCAPES = "\\|.-^?*+{}()[]$ "
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


class PatternReader:
    """Reads one pattern.

    Parameters
    ----------
    text : str
        The pattern.
    flags : str
        Any of ``s m i x``.
    """

    def __init__(self, text: str, flags: str) -> None:
        if len(text) > MAX_PATTERN:
            raise FeelFault(f"A pattern of at most {MAX_PATTERN} characters was expected.")
        self.text = _without_space(text) if "x" in flags else text
        self.dot = CharacterSet(() if "s" in flags else (one_of("\n", "\n"), one_of("\r", "\r")), negated=True)
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def read(self) -> Part:
        """Read all of it.

        Raises
        ------
        FeelFault
            When it is no pattern.
        """
        found = self._choices()
        if self.at < len(self.text):
            raise self._wrong()
        return found

    def _choices(self) -> Part:
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, inner: Part) -> Part:
        bounds = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        sign = self._peek()
        if sign in bounds:
            self.at += 1
            least, most = bounds[sign]
        elif sign == "{":
            self.at += 1
            least, most = self._bounds()
        else:
            return inner
        if isinstance(inner, Edge):
            raise self._wrong()
        return Repeated(inner, least, most, self._take("?"))

    def _bounds(self) -> tuple[int, int | None]:
        text, closing, _ = self.text[self.at :].partition("}")
        low, comma, high = text.partition(",")
        if not closing or not low.isdecimal() or (high and not high.isdecimal()) or len(text) > 9:  # noqa: PLR2004 - four digits each
            raise self._wrong()
        self.at += len(text) + 1
        most = int(high) if high else None if comma else int(low)
        if most is not None and most < int(low):
            raise self._wrong()
        return int(low), most

    def _atom(self) -> Part:
        sign = self.text[self.at]
        self.at += 1
        if sign in "^$":
            return Edge(sign)
        if sign == ".":
            return Single(self.dot)
        if sign == "(":
            return self._group()
        if sign == "[":
            return Single(self._set())
        if sign == "\\":
            return self._escaped()
        if sign in "?*+{})]":
            raise self._wrong()
        return Single(CharacterSet((one_of(sign, sign),)))

    def _group(self) -> Part:
        self.depth += 1
        if self.depth > MAX_GROUPS_DEEP:
            raise self._wrong()
        number: int | None = None
        if self.text.startswith("?:", self.at):
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        inner = self._choices()
        if not self._take(")"):
            raise self._wrong()
        if number is not None:
            self.closed.add(number)
        self.depth -= 1
        return Group(inner, number)

    def _escaped(self) -> Part:
        if self._peek().isdecimal():
            return Again(self._reference())
        return Single(CharacterSet((self._escape(),)))

    def _reference(self) -> int:
        number = int(self.text[self.at])
        self.at += 1
        while self._peek().isdecimal() and number * 10 + int(self._peek()) <= self.groups:
            number = number * 10 + int(self._peek())
            self.at += 1
        if number not in self.closed:
            raise self._wrong()
        return number

    def _escape(self) -> Holds:
        """Take what follows a backslash."""
        sign = self._peek()
        self.at += 1
        if sign in SHORTHANDS:
            return SHORTHANDS[sign]
        if sign.lower() in SHORTHANDS and sign:
            return none_of(SHORTHANDS[sign.lower()])
        if sign in ("p", "P") and self._take("{"):
            return self._category(negated=sign == "P")
        plain = _CONTROL.get(sign) or (sign if sign and sign in _LITERAL_ESCAPES else None)
        if plain is None:
            raise self._wrong()
        return one_of(plain, plain)

    def _category(self, *, negated: bool) -> Holds:
        name, closing, _ = self.text[self.at :].partition("}")
        found = category(name)
        if not closing or found is None:
            raise self._wrong()
        self.at += len(name) + 1
        return none_of(found) if negated else found

    def _set(self) -> CharacterSet:
        negated = self._take("^")
        members: list[Holds] = []
        while not self._take("]"):
            if self.text.startswith("-[", self.at) and members:
                self.at += 2
                without = self._set()
                if not self._take("]"):
                    raise self._wrong()
                return CharacterSet(tuple(members), negated, without)
            members.append(self._member())
        if not members:
            raise self._wrong()
        return CharacterSet(tuple(members), negated)

    def _member(self) -> Holds:
        first = self._one_character()
        if not isinstance(first, str):
            return first
        follows = self.text[self.at + 1 : self.at + 2]
        if self._peek() != "-" or follows in ("", "]", "["):
            return one_of(first, first)
        self.at += 1
        last = self._one_character()
        if not isinstance(last, str) or last < first:
            raise self._wrong()
        return one_of(first, last)

    def _one_character(self) -> str | Holds:
        """Take one character of a set, or a set after a backslash."""
        sign = self._peek()
        self.at += 1
        if sign in ("", "["):
            raise self._wrong()
        if sign != "\\":
            return sign
        escaped = self._peek()
        if (escaped and escaped in _LITERAL_ESCAPES) or escaped in _CONTROL:
            self.at += 1
            return _CONTROL.get(escaped, escaped)
        return self._escape()

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self.at += 1
        return True

    def _wrong(self) -> FeelFault:
        return FeelFault(f"{self.text!r:.80} is no pattern: see its character {self.at}.")


def _without_space(text: str) -> str:
    """Leave out space outside of character sets, as flag ``x`` asks."""
    kept: list[str] = []
    depth, escaped = 0, False
    for one in text:
        if one in " \t\r\n" and depth == 0:
            continue
        kept.append(one)
        if escaped:
            escaped = False
            continue
        escaped = one == "\\"
        depth += (one == "[") - (one == "]" and depth > 0)
    return "".join(kept)
