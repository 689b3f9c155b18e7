# ruff: noqa: S608 - the SQL here is made of constants of our own
"""Pseudonyms as pages of the operational database: thousands of people are looked up, or added, with few rows."""

import json
import secrets
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from tiffin.runtime.database import Unit
from tiffin.runtime.people_digests import DIGEST, Digests

ENTRY = np.dtype([("digest", DIGEST), ("pseudonym", "S16")])
"""One person of a page."""

Names = NDArray[np.bytes_]
"""Pseudonyms; empty where there is none."""

NAME_LETTERS, FIRST_LETTERS = 12, 32
LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567ABCDEFGHIJKLMNOPQRSTUVWXYZ01_-89", dtype=np.uint8)
"""The 64 signs of a pseudonym. It begins with one of the first 32, of which none begins a formula."""

# SQLite takes lists as JSON, PostgreSQL as arrays. Of the two that are joined crosswise, SQLite goes through the first.
_ASKED = {
    "sqlite": "json_each(:pages) AS asked",
    "postgresql": "unnest(CAST(:pages AS integer[])) AS asked(value)",
}
_WRITTEN = "ON CONFLICT (page) DO UPDATE SET entries = excluded.entries"


def names_of(unit: Unit, ascending: Digests) -> Names:
    """Read the pseudonyms of digests in ascending order; empty where a digest stands on no page."""
    return _looked_up(_entries(unit, _pages_of(ascending)), ascending)


def add_names(unit: Unit, ascending: Digests) -> Names:
    """Give new pseudonyms to those of the digests, in ascending order, that have none, and read all of them.

    Whoever calls it has taken his turn (`take_turns`), so that nobody else writes the same pages.
    """
    before = _entries(unit, _pages_of(ascending))
    found = _looked_up(before, ascending)
    fresh = ascending[found == b""]
    if not len(fresh):
        return found
    added = np.empty(len(fresh), dtype=ENTRY)
    added["digest"], added["pseudonym"] = fresh, drawn_names(len(fresh))
    whole = np.concatenate([before, added]) if len(before) else added
    if len(before):
        whole = whole[np.argsort(whole["digest"], kind="stable")]
    _write(unit, whole, _pages_of(fresh))
    found[found == b""] = added["pseudonym"]
    return found


def remove_name(unit: Unit, digest: bytes) -> None:
    """Take a person from his page. Whoever calls it has taken his turn (`take_turns`)."""
    meant = np.array([digest], dtype=DIGEST)
    pages = _pages_of(meant)
    before = _entries(unit, pages)
    left = before[before["digest"] != meant[0]]
    if len(left) and len(left) < len(before):
        _write(unit, left, pages)
    elif len(left) < len(before):
        unit.execute(text("DELETE FROM people_pages WHERE page = :page"), {"page": pages[0]})


def drawn_names(count: int) -> Names:
    """Draw new pseudonyms: 71 random bits each, as 12 signs; DuckDB keeps no longer texts in place."""
    drawn = np.frombuffer(secrets.token_bytes(NAME_LETTERS * count), dtype=np.uint8).reshape(-1, NAME_LETTERS)
    signs = drawn % len(LETTERS)
    signs[:, 0] %= FIRST_LETTERS
    return LETTERS[signs].view(f"S{NAME_LETTERS}").reshape(-1)


def _pages_of(ascending: Digests) -> list[int]:
    """List the pages of digests, each once, ascending."""
    return [int(page) for page in np.unique(_page_numbers(ascending))]


def _page_numbers(digests: Digests) -> NDArray[np.int64]:
    firsts = np.ascontiguousarray(digests).view(np.uint8).reshape(-1, DIGEST.itemsize)[:, :2].astype(np.int64)
    return firsts[:, 0] * 256 + firsts[:, 1]


def _looked_up(entries: NDArray[np.void], ascending: Digests) -> Names:
    if not len(entries):
        return np.zeros(len(ascending), dtype=ENTRY["pseudonym"])
    at = np.minimum(np.searchsorted(entries["digest"], ascending), len(entries) - 1)
    found = entries[at]
    return np.where(found["digest"] == ascending, found["pseudonym"], b"")


def _entries(unit: Unit, pages: Sequence[int]) -> NDArray[np.void]:
    """Read the people of some pages, in the order of their digests."""
    dialect = unit.engine.dialect.name
    asked: Any = json.dumps(pages) if dialect == "sqlite" else list(pages)
    select = f"SELECT p.entries FROM {_ASKED[dialect]} CROSS JOIN people_pages AS p WHERE p.page = asked.value"
    rows = unit.execute(text(f"{select} ORDER BY p.page"), {"pages": asked}).scalars()
    return np.frombuffer(b"".join(bytes(entries) for entries in rows), dtype=ENTRY)


def _write(unit: Unit, entries: NDArray[np.void], pages: Sequence[int]) -> None:
    """Write pages anew. The entries, ascending, are all those of these pages, and may be of others too."""
    written = list(_parts(entries, pages))
    if unit.engine.dialect.name == "sqlite":
        unit.execute_many(f"INSERT INTO people_pages (page, entries) VALUES (?, ?) {_WRITTEN}", written)
        return
    rows = "SELECT * FROM unnest(CAST(:pages AS integer[]), CAST(:entries AS bytea[]))"
    given = {"pages": [page for page, _ in written], "entries": [part for _, part in written]}
    unit.execute(text(f"INSERT INTO people_pages (page, entries) {rows} {_WRITTEN}"), given)


def _parts(entries: NDArray[np.void], pages: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    numbers = _page_numbers(entries["digest"])
    begins, ends = np.searchsorted(numbers, pages), np.searchsorted(numbers, pages, side="right")
    whole, size = entries.tobytes(), ENTRY.itemsize
    for page, begin, end in zip(pages, begins.tolist(), ends.tolist(), strict=True):
        yield page, whole[begin * size : end * size]
