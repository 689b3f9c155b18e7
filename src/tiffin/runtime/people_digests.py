"""Under what people are known in the operational database: keyed digests in place of identifiers."""

import secrets
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from tiffin.kernel.people import PersonKind
from tiffin.runtime.database import Unit

DIGEST_BYTES, KEY_BYTES = 12, 32
DIGEST = np.dtype(f"S{DIGEST_BYTES}")
"""Digests of one length compare and sort as bytes do; where one ends in zeros, so does none that it is taken for."""

Digests = NDArray[np.bytes_]


class Secret:
    """What keys the digests of one workspace's people.

    A digest is the first bytes of SHA-256 over secret, kind and identifier, so that a database can compute it of
    millions. Who sees but a part of the hash cannot lengthen what was hashed.
    """

    def __init__(self, written: str) -> None:
        self._written = written

    def before(self, kind: PersonKind) -> str:
        """Give what stands before an identifier when it is hashed."""
        return f"{self._written} {kind} "

    def digest(self, kind: PersonKind, identifier: str) -> bytes:
        """Give the digest under which a person is known here."""
        person = (self.before(kind) + identifier).encode("utf-8", "surrogatepass")
        return sha256(person).digest()[:DIGEST_BYTES]


def read_secret(unit: Unit) -> Secret | None:
    """Read what keys the digests; None where nobody was ever named."""
    found = unit.execute(text("SELECT secret FROM people_secrets")).scalar_one_or_none()
    return None if found is None else Secret(found)


def make_secret(unit: Unit) -> None:
    """Make the secret, unless somebody else has made it."""
    made = {"secret": secrets.token_hex(KEY_BYTES)}
    row = "INSERT INTO people_secrets (secret_id, secret) VALUES (1, :secret) ON CONFLICT DO NOTHING"
    unit.execute(text(row), made)


def take_turns(unit: Unit) -> None:
    """Wait until nobody else adds or forgets people, and keep others waiting until the unit ends."""
    unit.execute(text("UPDATE people_secrets SET secret = secret"))


def digests_of_bytes(found: Sequence[bytes]) -> Digests:
    """Give digests as an array."""
    return np.array(found, dtype=DIGEST)
