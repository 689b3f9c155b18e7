"""One mapping of a definition file, read key by key, so that every complaint names file, line and the fix."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.runtime.definitions import LINES_KEY, place_of

Word = TypeVar("Word", bound=StrEnum)


class Section:
    """A mapping of a definition file.

    Keys are taken one by one; what was not taken when `done` is called is unknown.
    """

    def __init__(self, path: Path, content: Any, *, what: str, place: Place | None = None) -> None:
        self.path, self.what = path, what
        self.place = place or Place(str(path))
        if not isinstance(content, dict):
            raise InvalidDefinition(
                f"{self.place}: {what} should be a mapping of keys to values; {_kind(content)} was found."
            )
        self._content: Mapping[Any, Any] = content
        self._taken: set[str] = set()
        self.place = place_of(path, content) if content.get(LINES_KEY) else self.place

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def at(self, key: str) -> Place:
        """Tell where a key stands."""
        return place_of(self.path, self._content, key)

    def names(self) -> Iterator[str]:
        """List the keys, in order."""
        return (str(key) for key in self._content if key != LINES_KEY)

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text; without a default it must be there."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(key, "a text", value)
        return str(value).strip()

    def maybe_text(self, key: str) -> str | None:
        """Take a text that may be absent."""
        self._taken.add(key)
        return self.text(key) if self._content.get(key) is not None else None

    def day(self, key: str) -> date:
        """Take a day, such as 2022-01-01."""
        value = self._take(key, None)
        with suppress(ValueError):
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        raise self._wrong(key, "a day such as 2022-01-01", value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def number(self, key: str) -> float | None:
        """Take a number that may be absent."""
        self._taken.add(key)
        value = self._take(key, default=...) if key in self._content else None
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self._wrong(key, "a number", value)
        return None if value is None else float(value)

    def word(self, key: str, words: type[Word], default: Word | None = None) -> Word:
        """Take one word of a closed set."""
        value = self.text(key, default.value if default else None)
        try:
            return words(value)
        except ValueError:
            near = get_close_matches(value, [word.value for word in words], n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            allowed = ", ".join(word.value for word in words)
            raise InvalidDefinition(
                f"{self.at(key)}: `{key}` of {self.what} should be one of {allowed}; {value!r} was found.{hint}"
            ) from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts, or a single one; absent is empty."""
        self._taken.add(key)
        value = self._take(key, default=[]) if key in self._content else []
        listed = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list) or item is None for item in listed):
            raise self._wrong(key, "a list of texts", value)
        return tuple(str(item) for item in listed)

    def words(self, key: str) -> dict[str, str]:
        """Take a mapping of texts to texts; absent is empty."""
        self._taken.add(key)
        if key not in self._content:
            return {}
        section = self.section(key)
        return {name: section.text(name) for name in section.names()}

    def section(self, key: str) -> "Section":
        """Take a mapping."""
        value = self._take(key, default=...)
        return Section(self.path, value, what=f"`{key}` of {self.what}", place=self.at(key))

    def sections(self, key: str) -> tuple["Section", ...]:
        """Take a list of mappings; absent is empty."""
        self._taken.add(key)
        if key not in self._content:
            return ()
        value = self._take(key, default=...)
        if not isinstance(value, list):
            raise self._wrong(key, "a list", value)
        what = f"an entry under `{key}` of {self.what}"
        return tuple(Section(self.path, item, what=what, place=self.at(key)) for item in value)

    def done(self) -> None:
        """Complain about keys that nobody took.

        Raises
        ------
        InvalidDefinition
            There are some.
        """
        for key in self.names():
            if key not in self._taken:
                near = get_close_matches(key, sorted(self._taken), n=1, cutoff=0.5)
                hint = f"Did you mean `{near[0]}`?" if near else f"It may have: {', '.join(sorted(self._taken))}."
                raise InvalidDefinition(f"{self.at(key)}: {self.what} has no key `{key}`. {hint}")

    def _take(self, key: str, default: Any) -> Any:
        self._taken.add(key)
        value = self._content.get(key, default)
        if value is None or value is ...:
            raise InvalidDefinition(f"{self.place}: {self.what} needs the key `{key}`. Add it.")
        return value

    def _wrong(self, key: str, expected: str, found: Any) -> InvalidDefinition:
        return InvalidDefinition(
            f"{self.at(key)}: `{key}` of {self.what} should be {expected}; {_kind(found)} was found."
        )


def _kind(value: Any) -> str:
    names = {
        dict: "a mapping",
        list: "a list",
        bool: "true or false",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    return names.get(type(value), repr(value)[:60])
