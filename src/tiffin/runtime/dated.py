"""Dated definitions: lists of entries, each with the day from which it holds, as shipped and as the workspace adds."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.looking_once import seen

SINCE = "from"
_Made = TypeVar("_Made")
_Name = TypeVar("_Name", bound=Hashable)
_NUMBER = ("name", "value", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry states.

    Parameters
    ----------
    place : Place
        Where it stands, for complaints.
    since : date
        The day from which it holds.
    stated : mapping
        All that it states, the day included.
    """

    place: Place
    since: date
    stated: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a file may state.

    Parameters
    ----------
    least : float
        The smallest that it may be.
    below : float or None
        It must stay under this.
    is_whole : bool
        It counts something.
    """

    least: float = 0.0
    below: float | None = None
    is_whole: bool = False

    def takes(self, value: object) -> bool:
        """Tell whether a value will do."""
        kinds = int if self.is_whole else int | float
        if not isinstance(value, kinds) or isinstance(value, bool):
            return False
        return value >= self.least and (self.below is None or value < self.below)

    def __str__(self) -> str:
        """Say what it may be."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} of at least {self.least:g}" + ("" if self.below is None else f" and below {self.below:g}")


def entries_of(
    shipped: Path, own: Path, key: str, needed: tuple[str, ...], make: Callable[[Entry], _Made]
) -> tuple[tuple[date, _Made], ...]:
    """Read what a file lists under a key, and after it what the workspace's own file does, if it has one.

    Parameters
    ----------
    needed : tuple of str
        What each entry must state besides its day; it may state more.
    make : callable
        Makes of each entry what it means, or raises `InvalidDefinition`; it is asked once for each state of a file.

    Returns
    -------
    tuple
        The day from which each holds, and what was made of it.

    Raises
    ------
    InvalidDefinition
        A file has no such list, or an entry lacks a part or its day.
    """
    return seen(("entries", shipped, own, key, make), lambda: _entries(shipped, own, key, needed, make))


def _entries(
    shipped: Path, own: Path, key: str, needed: tuple[str, ...], make: Callable[[Entry], _Made]
) -> tuple[tuple[date, _Made], ...]:
    parts = (*needed, SINCE)
    read: list[tuple[date, _Made]] = []
    for path in (shipped, own):
        if path is shipped or path.is_file():
            found = path.stat()
            read += _read(path, (found.st_ino, found.st_mtime_ns, found.st_size), key, parts, make)
    return tuple(read)


def in_force(entries: Iterable[tuple[date, _Made]], day: date, named: Callable[[_Made], _Name]) -> dict[_Name, _Made]:
    """Give for each name what has the latest day that has come; of one day the later in the list."""
    chosen: dict[_Name, tuple[date, _Made]] = {}
    for since, made in entries:
        name = named(made)
        if since <= day and (name not in chosen or since >= chosen[name][0]):
            chosen[name] = since, made
    return {name: made for name, (_, made) in chosen.items()}


def numbers_in_force(
    shipped: Path, own: Path, day: date, known: Mapping[str, Number], subject: str
) -> Mapping[str, float]:
    """Read the numbers that hold on a day, listed under ``parameters`` with name, value, unit, day and source.

    Parameters
    ----------
    known : mapping
        What each may be; all of them must have a value on the day.
    subject : str
        Of what they are parameters, for complaints.

    Raises
    ------
    InvalidDefinition
        An entry lacks a part, is of no known name, is no such number, or none holds on the day.
    """
    entries = entries_of(shipped, own, "parameters", _NUMBER, _as_stated)
    for _, entry in entries:
        _check_number(entry, known, subject)
    chosen = in_force(entries, day, lambda entry: str(entry.stated["name"]))
    missing = [name for name in known if name not in chosen]
    if missing:
        raise InvalidDefinition(f"No value of {', '.join(missing)} holds on {day}. Give one an earlier date in {own}.")
    return {name: entry.stated["value"] for name, entry in chosen.items()}


def _check_number(entry: Entry, known: Mapping[str, Number], subject: str) -> None:
    name, value = entry.stated["name"], entry.stated["value"]
    if name not in known:
        raise InvalidDefinition(f"{entry.place}: {name!r} is no parameter of {subject}. There are: {', '.join(known)}.")
    if not known[name].takes(value):
        raise InvalidDefinition(f"{entry.place}: the value of {name} is {known[name]}; found {value!r}.")


def _as_stated(entry: Entry) -> Entry:
    return entry


@lru_cache(256)
def _read(
    path: Path, _state: tuple[int, ...], key: str, parts: tuple[str, ...], make: Callable[[Entry], Any]
) -> tuple[tuple[date, Any], ...]:
    found = read_yaml(path)
    listed = found.get(key) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        needed = ", ".join(parts)
        message = Message(
            "{path} must hold a list under `{key}`, each with {needed}.", path=path, key=key, needed=needed
        )
        raise InvalidDefinition(message)
    entries = [_entry(path, raw, parts) for raw in listed]
    return tuple((entry.since, make(entry)) for entry in entries)


def _entry(path: Path, raw: Any, parts: tuple[str, ...]) -> Entry:
    place = place_of(path, raw, SINCE) if isinstance(raw, dict) else Place(str(path))
    if not isinstance(raw, dict) or set(parts) - set(raw) or type(raw[SINCE]) is not date:
        raise InvalidDefinition(
            Message(
                "{place}: an entry needs {needed}, `from` being a day like 2026-03-31; found {found}.",
                place=place,
                needed=", ".join(parts),
                found=repr(without_lines(raw)),
            )
        )
    return Entry(place, raw[SINCE], without_lines(raw))
