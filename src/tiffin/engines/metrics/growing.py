"""Definitions with others beside or over them, without opening those that nobody asks for.

The metrics of a library may be many thousands, each opened when it is first asked for. What is made over such a library
must not go through all of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

Value = TypeVar("Value")


class GrowingMap(Mapping[str, Value], Generic[Value]):
    """Named values, with more put in later under other names."""

    def __init__(self, base: Mapping[str, Value]) -> None:
        self._base = base
        self._more: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        return self._more[name] if name in self._more else self._base[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._base
        yield from tuple(self._more)

    def __len__(self) -> int:
        return len(self._base) + len(self._more)

    def __contains__(self, name: object) -> bool:
        return name in self._more or name in self._base

    def put(self, name: str, value: Value) -> None:
        """Put in a value under a name that is not there yet."""
        self._more[name] = value


class GrowingList(Sequence[Value], Generic[Value]):
    """Numbered values, with more put at the end."""

    def __init__(self, base: Sequence[Value]) -> None:
        self._base = base
        self._more: list[Value] = []

    @overload
    def __getitem__(self, number: int) -> Value: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Value]: ...

    def __getitem__(self, number: int | slice) -> Value | Sequence[Value]:
        if isinstance(number, slice):
            return tuple(self[index] for index in range(*number.indices(len(self))))
        whole = len(self._base)
        return self._base[number] if number < whole else self._more[number - whole]

    def __len__(self) -> int:
        return len(self._base) + len(self._more)

    def put(self, value: Value) -> None:
        """Put a value at the end."""
        self._more.append(value)


class ChangedMap(Mapping[str, Value], Generic[Value]):
    """Named values, each changed when it is first asked for."""

    def __init__(self, base: Mapping[str, Value], change: Callable[[Value], Value]) -> None:
        self._base = base
        self._change = change
        self._known: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = self._change(self._base[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)

    def __contains__(self, name: object) -> bool:
        return name in self._base
