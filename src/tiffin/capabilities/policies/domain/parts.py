"""Plain values of a policy's file taken apart; complaints name file, line, what was expected and what was found."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot, unknown
from tiffin.capabilities.policies.domain.policy import Given, Tested, Words
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - it declares what expressions mean
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.faults import Exhausted, NotFeel
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Call, Name, Node, all_of
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Place
from tiffin.kernel.messages import Message

LINES = "__lines__"
"""Key under which a mapping keeps the lines of its keys."""

MAX_CELL = 2000
"""Characters of a cell; longer than anybody reads."""

MAX_TEXT = 4000
"""Characters of a title, question, reason or source."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,127}")
_SHOWN = 80
KNOWN = Names().with_variables(name for name in BUILT_INS if " " in name)
"""Names of more than one word; only who knows them can tell that ``date and time`` is one."""

_Made = TypeVar("_Made")


class Parts:
    """A mapping of a file.

    Parameters
    ----------
    raw : Any
        What stands there; anything but names with values is refused.
    spot : Spot
        Where, as far as it is known.
    known : tuple of str
        Keys that mean something; None for any.
    """

    def __init__(self, raw: Any, spot: Spot, known: Iterable[str] | None) -> None:
        self.spot = spot
        if not isinstance(raw, Mapping):
            raise PolicyFault(Message("names with values were expected; found {found}.", found=shown(raw)), spot)
        self.raw = raw
        self.spot = self.at(None)
        for key in self.listed:
            if not isinstance(key, str) or (known is not None and key not in tuple(known)):
                raise self.fault(unknown(str(key), known or ()), key)

    @property
    def listed(self) -> list[str]:
        """The keys that stand there."""
        return [key for key in self.raw if key != LINES]

    def at(self, key: str | None, *, row: str = "", column: str = "") -> Spot:
        """Tell where a key stands; without one, where the mapping begins."""
        lines = self.raw.get(LINES, {})
        line = lines.get(key) or min(lines.values(), default=None) or self.spot.place.line
        return Spot(Place(self.spot.place.file, line), row or self.spot.row, column or self.spot.column)

    def fault(self, reason: str, key: str | None = None) -> PolicyFault:
        """Make a complaint about a key."""
        return PolicyFault(reason, self.at(key))

    def need(self, key: str) -> Any:
        """Give the value of a key that has to be there."""
        if self.raw.get(key) is None:
            raise self.fault(Message("`{key}` is missing.", key=key))
        return self.raw[key]

    def text(self, key: str, *, default: str | None = None) -> str:
        """Give a text of one or more words."""
        if default is not None and key not in self.raw:
            return default
        return self._text(self.need(key), key)

    def name(self, key: str) -> str:
        """Give a name by which cells call something."""
        found = self.text(key)
        if not _NAME.fullmatch(found):
            raise self.fault(
                Message(
                    "`{key}` has small letters, digits and _ only, begins with a letter and has at most 64 signs; "
                    "found {found}.",
                    key=key,
                    found=shown(found),
                ),
                key,
            )
        return found

    def row_id(self) -> str:
        """Give the id of a row."""
        found = self.text("id")
        if not _ID.fullmatch(found):
            raise self.fault(
                Message(
                    "the id of a row has small letters, digits, points, _ and - only, and at most 128 signs; "
                    "found {found}.",
                    found=shown(found),
                ),
                "id",
            )
        return found

    def flag(self, key: str) -> bool:
        """Give true or false; false where it is not said."""
        found = self.raw.get(key, False)
        if not isinstance(found, bool):
            raise self.fault(Message("`{key}` is true or false; found {found}.", key=key, found=shown(found)), key)
        return found

    def choice(self, key: str, choices: Mapping[str, _Made], *, default: str | None = None) -> _Made:
        """Give one of several."""
        found = self.text(key, default=default)
        if found not in choices:
            raise self.fault(
                Message(
                    "`{key}` is one of {known}; found {found}.", key=key, known=", ".join(choices), found=shown(found)
                ),
                key,
            )
        return choices[found]

    def words(self, key: str) -> Words:
        """Give a text in several languages, of which English is one."""
        texts = Parts(self.need(key), self.at(key), LOCALES)
        if "en" not in texts.raw:
            raise self.fault(Message("`{key}` has no text in English: add `en:` under it.", key=key), key)
        return {locale: " ".join(self._text(texts.raw[locale], key).split()) for locale in texts.listed}

    def names(self, key: str) -> tuple[str, ...]:
        """Give a list of names; none where the key is not there."""
        found = self.raw.get(key) or []
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.fault(Message("`{key}` is a list of names; found {found}.", key=key, found=shown(found)), key)
        return tuple(found)

    def texts(self, key: str, known: Iterable[str] | None = None) -> dict[str, str]:
        """Give names with a text each; none where the key is not there."""
        inner = Parts(self.raw.get(key) or {}, self.at(key), known)
        return {name: inner.text(name) for name in inner.listed}

    def each(self, key: str, most: int, make: Callable[[Any, Spot], _Made]) -> tuple[_Made, ...]:
        """Make something of each entry of a list; none where the key is not there."""
        found = self.raw.get(key) or []
        if not isinstance(found, list):
            raise self.fault(Message("`{key}` is a list; found {found}.", key=key, found=shown(found)), key)
        if len(found) > most:
            raise self.fault(
                Message("`{key}` has {count} entries; {most} are the most.", key=key, count=len(found), most=most), key
            )
        spot = self.at(key)
        return tuple(make(one, spot) for one in found)

    def tested(self, key: str) -> Tested:
        """Read a cell of a condition."""
        return self._feel(key, self._cell(key), _tests)

    def given(self, key: str) -> Given:
        """Read a cell of a result."""
        return self._feel(key, self._cell(key), _expression)

    def _cell(self, key: str) -> str:
        found = self.raw[key]
        text = feel_text(found)
        if text is None or not text.strip():
            raise self.fault(
                Message("a cell is a text in FEEL, a number, true or false; found {found}.", found=shown(found)), key
            )
        if len(text) > MAX_CELL:
            raise self.fault(
                Message("a cell has at most {most} characters; found {count}.", most=MAX_CELL, count=len(text)), key
            )
        return text.strip()

    def _feel(self, key: str, text: str, read: Callable[[str], _Made]) -> _Made:
        try:
            return read(text)
        except NotFeel as error:
            at = self.at(key)
            raise PolicyFault(
                Message("{text} is no FEEL: {reason}", text=shown(text), reason=error.said),
                Spot(at.place, at.row, at.column or key, error.span),
            ) from None
        except Exhausted as error:
            raise self.fault(Message("{text} is no FEEL: {reason}", text=shown(text), reason=error.said), key) from None

    def _text(self, found: Any, key: str) -> str:
        if not isinstance(found, str) or not found.strip() or len(found) > MAX_TEXT:
            raise self.fault(
                Message(
                    "`{key}` is a text of at most {most} characters; found {found}.",
                    key=key,
                    most=MAX_TEXT,
                    found=shown(found),
                ),
                key,
            )
        return found


def feel_text(found: Any) -> str | None:
    """Write a plain value as FEEL; a text is FEEL already. None for what is neither."""
    if isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float | Decimal):
        return f"{Decimal(repr(found)):f}" if not isinstance(found, Decimal) else f"{found:f}"
    return f'@"{found.isoformat()}"' if type(found) is date else None


def shown(found: Any) -> str:
    """Write what was found, cut short."""
    if isinstance(found, Mapping):
        found = {key: one for key, one in found.items() if key != LINES}
    text = repr(found)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def names_in(node: Node) -> frozenset[str]:
    """Name what an expression or cell speaks of, functions that it calls and ``?`` left out."""
    nodes = list(all_of(node))
    called = {id(one.function) for one in nodes if isinstance(one, Call)}
    return frozenset(one.name for one in nodes if isinstance(one, Name) and id(one) not in called and one.name != "?")


@lru_cache(maxsize=65_536)
def _tests(text: str) -> Tested:
    tests = parse_tests(text, KNOWN)
    return Tested(text, tests, names_in(tests))


@lru_cache(maxsize=16_384)
def _expression(text: str) -> Given:
    node = parse_expression(text, KNOWN)
    return Given(text, node, names_in(node))
