"""Plain values of a definition file, taken apart with complaints that name the line and the fix."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from tiffin.engines.metrics.model import Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import InvalidDefinition, Place

Choice = TypeVar("Choice", bound=StrEnum)
PlaceOf = Callable[[Mapping[Any, Any], Any], Place]
"""Tells where a key of a mapping stands."""

LINES = "__lines__"
"""Key under which a mapping keeps the lines of its keys."""


class Complaint(InvalidDefinition):
    """A problem of one definition and, where it is known, its line."""

    def __init__(self, message: str, place: Place | None) -> None:
        super().__init__(message)
        self.place = place


class PlainReader:
    """Takes mappings apart.

    Parameters
    ----------
    problems : list of Problem
        What was found wrong so far.
    """

    def __init__(self, place_of: PlaceOf, problems: list[Problem]) -> None:
        self._place = place_of
        self._problems = problems

    def _choice(self, raw: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
        found = str(self._need(raw, key))
        try:
            return choices(found)
        except ValueError:
            known = ", ".join(choices)
            message = f"`{key}` is one of {known}; found {found!r}.{near(found, list(choices))}"
            raise Complaint(message, self._place(raw, key)) from None

    def _need(self, raw: Mapping[str, Any], key: str) -> Any:
        if raw.get(key) is None:
            raise Complaint(f"`{key}` is missing. Add `{key}:`.", self._place(raw, None))
        return raw[key]

    def _mapping(self, raw: Any, allowed: Iterable[str] | None) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            raise Complaint(f"names with values were expected, found {raw!r}.", None)
        for key in raw:
            if allowed is not None and key != LINES and key not in tuple(allowed):
                known = tuple(allowed)
                message = f"`{key}` means nothing here; known are {', '.join(known)}.{near(str(key), known)}"
                raise Complaint(message, self._place(raw, key))
        return raw


def without_lines(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the values alone."""
    return {key: value for key, value in row.items() if key != LINES}
