# ruff: noqa: S608 - the SQL here is made of constants of our own
"""Pseudonyms and keys as rows of the operational database, many at once, on both kinds of database."""

import json
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any

import numpy as np
from sqlalchemy import text

from tiffin.kernel.people import PersonKind
from tiffin.runtime.database import Unit

DIGEST_LETTERS, NAME_BYTES, KEY_BYTES = 24, 10, 32
LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
"""The 32 signs of a pseudonym: none is mistaken for another, and none begins a formula."""

# SQLite takes lists as JSON, PostgreSQL as arrays. Of the two that are joined crosswise, SQLite goes through the first.
_ASKED = {
    "sqlite": "json_each(:digests) AS asked",
    "postgresql": "unnest(CAST(:digests AS text[])) AS asked(value)",
}
_MADE = "SELECT * FROM unnest(CAST(:digests AS text[]), CAST(:made AS text[])) AS made(digest, made)"


class Secret:
    """What keys the digests of one workspace's people.

    A digest is the first letters of SHA-256 over secret, kind and identifier, so that a database can compute it of
    millions. Who sees but a part of the hash cannot lengthen what was hashed.
    """

    def __init__(self, written: str) -> None:
        self._written = written

    def before(self, kind: PersonKind) -> str:
        """Give what stands before an identifier when it is hashed."""
        return f"{self._written} {kind} "

    def digest(self, kind: PersonKind, identifier: str) -> str:
        """Give the digest under which a person is known here."""
        person = (self.before(kind) + identifier).encode("utf-8", "surrogatepass")
        return sha256(person).hexdigest()[:DIGEST_LETTERS]


def read_secret(unit: Unit) -> Secret | None:
    """Read what keys the digests; None where nobody was ever named."""
    found = unit.execute(text("SELECT secret FROM people_secrets")).scalar_one_or_none()
    return None if found is None else Secret(found)


def make_secret(unit: Unit) -> None:
    """Make the secret, unless somebody else has made it."""
    made = {"secret": secrets.token_hex(KEY_BYTES)}
    row = "INSERT INTO people_secrets (secret_id, secret) VALUES (1, :secret) ON CONFLICT DO NOTHING"
    unit.execute(text(row), made)


def known_people(unit: Unit, digests: Sequence[str]) -> dict[str, str | None]:
    """Read the pseudonyms of those digests that are known; None for people who were forgotten."""
    rows = unit.execute(
        text(f"SELECT p.digest, p.pseudonym FROM {_asked(unit)} CROSS JOIN people AS p WHERE p.digest = asked.value"),
        {"digests": _list(unit, digests)},
    )
    found: Sequence[Any] = rows.all()
    return dict(found)


def add_people(unit: Unit, kind: PersonKind, digests: Sequence[str]) -> Mapping[str, str | None]:
    """Give new pseudonyms to those digests that nobody knows yet, and read all of them."""
    names = drawn_names(len(digests))
    if unit.engine.dialect.name == "sqlite":
        row = "INSERT OR IGNORE INTO people (digest, kind, pseudonym) VALUES (?, ?, ?)"
        added = unit.execute_many(row, list(zip(digests, repeat(kind.value), names, strict=False)))
    else:
        rows = f"INSERT INTO people (digest, kind, pseudonym) SELECT digest, :kind, made FROM ({_MADE}) AS m"
        made = {"kind": kind.value, "digests": list(digests), "made": names}
        added = unit.execute(text(f"{rows} ON CONFLICT DO NOTHING"), made).rowcount
    # Where all were added, they have the names drawn here; else somebody else came first to some.
    return dict(zip(digests, names, strict=True)) if added == len(digests) else known_people(unit, digests)


def add_keys(unit: Unit, digests: Sequence[str]) -> None:
    """Give keys to those people who have a pseudonym and no key yet."""
    keys = [secrets.token_hex(KEY_BYTES) for _ in digests]
    fresh = "data_key IS NULL AND pseudonym IS NOT NULL"
    if unit.engine.dialect.name == "sqlite":
        unit.execute_many(
            f"UPDATE people SET data_key = ? WHERE digest = ? AND {fresh}", list(zip(keys, digests, strict=True))
        )
        return
    rows = f"UPDATE people SET data_key = m.made FROM ({_MADE}) AS m WHERE people.digest = m.digest AND {fresh}"
    unit.execute(text(rows), {"digests": list(digests), "made": keys})


def known_keys(unit: Unit, digests: Sequence[str]) -> dict[str, bytes]:
    """Read the keys of people by pseudonym."""
    rows = unit.execute(
        text(
            f"SELECT p.pseudonym, p.data_key FROM {_asked(unit)} CROSS JOIN people AS p "
            "WHERE p.digest = asked.value AND p.data_key IS NOT NULL"
        ),
        {"digests": _list(unit, digests)},
    )
    return {row.pseudonym: bytes.fromhex(row.data_key) for row in rows}


def key_of(unit: Unit, pseudonym: str) -> bytes | None:
    """Read the key of one person; None where nothing of his was ever sealed, or he was forgotten."""
    row = "SELECT data_key FROM people WHERE pseudonym = :pseudonym AND data_key IS NOT NULL"
    found = unit.execute(text(row), {"pseudonym": pseudonym}).scalar_one_or_none()
    return None if found is None else bytes.fromhex(found)


def drawn_names(count: int) -> list[str]:
    """Draw new pseudonyms: 80 random bits each, as 16 letters and figures."""
    bits = np.unpackbits(np.frombuffer(secrets.token_bytes(NAME_BYTES * count), dtype=np.uint8))
    weights = np.array([16, 8, 4, 2, 1], dtype=np.uint8)
    signs = LETTERS[(bits.reshape(-1, 5) * weights).sum(axis=1, dtype=np.uint8)]
    return [name.decode() for name in signs.view("S16").tolist()] if count else []


def _asked(unit: Unit) -> str:
    return _ASKED[unit.engine.dialect.name]


def _list(unit: Unit, values: Sequence[str]) -> Any:
    return json.dumps(values) if unit.engine.dialect.name == "sqlite" else list(values)
