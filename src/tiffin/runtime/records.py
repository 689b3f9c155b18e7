"""Definitions kept as records that are opened one by one, so that a library of many thousands is there at once."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

Value = TypeVar("Value")
Span = tuple[int, int]
"""Where a record lies in the bytes: its first, and the first after it."""


class Recorded(Mapping[str, Value], Generic[Value]):
    """Named values of which each is opened when it is first asked for.

    Parameters
    ----------
    held : bytes
        Records as `write` made them. They are opened by pickle, so they must come from where only this person writes.
    spans : mapping of str to Span
        Where each record lies; None for a value that was put in later.
    """

    def __init__(
        self, held: bytes, spans: Mapping[str, Span | None], opened: Mapping[str, Value] | None = None
    ) -> None:
        self._held = held
        self._spans = spans
        self._opened = dict(opened or {})

    def __getitem__(self, name: str) -> Value:
        if name in self._opened:
            return self._opened[name]
        span = self._spans[name]
        if span is None:
            raise KeyError(name)
        self._opened[name] = pickle.loads(self._held[span[0] : span[1]])  # noqa: S301 - from this person's own folder
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    def __contains__(self, name: object) -> bool:
        return name in self._spans

    def closed(self, name: str) -> bytes | None:
        """Give the record of a value; None for one that was put in later."""
        span = self._spans[name]
        return None if span is None else self._held[span[0] : span[1]]

    def changed(self, put: Mapping[str, Value], gone: Iterable[str] = ()) -> "Recorded[Value]":
        """Give the same values with some put in and some taken out; those that are the same stay closed."""
        spans, opened = dict(self._spans), dict(self._opened)
        for name in {*gone} - put.keys():
            spans.pop(name, None)
            opened.pop(name, None)
        return Recorded(self._held, spans | dict.fromkeys(put), opened | dict(put))


class RecordedList(Sequence[Value], Generic[Value]):
    """Numbered values of which each is opened when it is first asked for; more can be added at the end."""

    def __init__(self, named: Recorded[Value], more: Sequence[Value] = ()) -> None:
        self._named = named
        self._more = tuple(more)

    @overload
    def __getitem__(self, number: int) -> Value: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Value]: ...

    def __getitem__(self, number: int | slice) -> Value | Sequence[Value]:
        if isinstance(number, slice):
            return tuple(self[index] for index in range(*number.indices(len(self))))
        whole = len(self._named)
        position = number if number >= 0 else len(self) + number
        return self._named[str(position)] if position < whole else self._more[position - whole]

    def __len__(self) -> int:
        return len(self._named) + len(self._more)

    def with_more(self, values: Sequence[Value]) -> "RecordedList[Value]":
        """Give the same values with some at the end."""
        return RecordedList(self._named, (*self._more, *values))


def recorded(values: Mapping[str, Value]) -> Recorded[Value]:
    """Give named values so that they can be changed one by one."""
    return values if isinstance(values, Recorded) else Recorded(b"", dict.fromkeys(values), values)


def write(values: Mapping[str, Value], start: int) -> tuple[list[bytes], dict[str, Span]]:
    """Turn values into records that lie one after the other from a place on."""
    parts: list[bytes] = []
    spans: dict[str, Span] = {}
    for name in values:
        part = values.closed(name) if isinstance(values, Recorded) else None
        part = pickle.dumps(values[name], protocol=pickle.HIGHEST_PROTOCOL) if part is None else part
        spans[name] = (start, start + len(part))
        start += len(part)
        parts.append(part)
    return parts, spans
