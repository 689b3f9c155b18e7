"""Definitions that are looked at once while much is done by them: within a block no file is looked at again.

Definitions are read from files that somebody may edit at any moment, so each use looks whether they are still what they
were. Whoever does the same for hundreds of cases in a row does all of it by what stood when he began.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Found = TypeVar("_Found")
_SEEN: ContextVar[dict[Hashable, Any] | None] = ContextVar("definitions_seen", default=None)


@contextmanager
def looking_once() -> Iterator[None]:
    """Let definitions stand as they are found first, until the block ends."""
    if _SEEN.get() is not None:
        yield
        return
    before = _SEEN.set({})
    try:
        yield
    finally:
        _SEEN.reset(before)


def seen(name: Hashable, look: Callable[[], _Found]) -> _Found:
    """Give what a look at definitions finds; within `looking_once` what it found first.

    Parameters
    ----------
    name : hashable
        Stands for what is looked at.
    """
    known = _SEEN.get()
    if known is None:
        return look()
    if name not in known:
        known[name] = look()
    found: _Found = known[name]
    return found
