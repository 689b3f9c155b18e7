"""What may go: nobody uses it, and nothing that anybody uses hangs on it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

Readers = Mapping[str, Collection[str]]
"""By asset, the assets that read it directly."""


def hanging_on(asset: str, readers: Readers) -> frozenset[str]:
    """Give everything that reads something, directly or through others; never the thing itself."""
    found: set[str] = set()
    front = [asset]
    while front:
        for following in set(readers.get(front.pop(), ())) - found:
            found.add(following)
            front.append(following)
    return frozenset(found - {asset})


def used_through(asset: str, readers: Readers, used: Collection[str]) -> tuple[str, ...]:
    """List what is used and hangs on something, by name; it may go only if there is none."""
    return tuple(sorted(hanging_on(asset, readers).intersection(used)))


def may_go(assets: Iterable[str], readers: Readers, used: Collection[str]) -> tuple[str, ...]:
    """List, by name, the assets that nobody uses themselves or through anything that hangs on them."""
    unused = (one for one in assets if one not in used)
    return tuple(sorted(one for one in unused if not used_through(one, readers, used)))


def is_long_enough(watched_since: date | None, today: date, *, unused_after_days: int) -> bool:
    """Tell whether views were recorded long enough for their absence to mean something."""
    return watched_since is not None and (today - watched_since).days >= unused_after_days
