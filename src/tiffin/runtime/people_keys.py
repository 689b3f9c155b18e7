# ruff: noqa: S608 - the SQL here is made of constants of our own
"""Keys of people as rows of the operational database, on both kinds of database."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from tiffin.runtime.database import Unit
from tiffin.runtime.people_digests import KEY_BYTES

# SQLite takes lists as JSON, PostgreSQL as arrays. Of the two that are joined crosswise, SQLite goes through the first.
_ASKED = {
    "sqlite": "json_each(:names) AS asked",
    "postgresql": "unnest(CAST(:names AS text[])) AS asked(value)",
}
_MADE = "SELECT * FROM unnest(CAST(:names AS text[]), CAST(:made AS text[]))"


def add_keys(unit: Unit, pseudonyms: Sequence[str]) -> None:
    """Give keys to those people who have none yet."""
    keys = [secrets.token_hex(KEY_BYTES) for _ in pseudonyms]
    row = "INSERT INTO people_keys (pseudonym, data_key)"
    if unit.engine.dialect.name == "sqlite":
        unit.execute_many(f"{row} VALUES (?, ?) ON CONFLICT DO NOTHING", list(zip(pseudonyms, keys, strict=True)))
    else:
        unit.execute(text(f"{row} {_MADE} ON CONFLICT DO NOTHING"), {"names": list(pseudonyms), "made": keys})


def known_keys(unit: Unit, pseudonyms: Sequence[str]) -> dict[str, bytes]:
    """Read the keys of people by pseudonym."""
    dialect = unit.engine.dialect.name
    asked: Any = json.dumps(pseudonyms) if dialect == "sqlite" else list(pseudonyms)
    rows = unit.execute(
        text(
            f"SELECT k.pseudonym, k.data_key FROM {_ASKED[dialect]} CROSS JOIN people_keys AS k "
            "WHERE k.pseudonym = asked.value"
        ),
        {"names": asked},
    )
    return {row.pseudonym: bytes.fromhex(row.data_key) for row in rows}


def key_of(unit: Unit, pseudonym: str) -> bytes | None:
    """Read the key of one person; None where nothing of his was ever sealed, or he was forgotten."""
    return known_keys(unit, [pseudonym]).get(pseudonym)
