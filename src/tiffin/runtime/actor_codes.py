"""Codes for those who act: what is chained names a code for good, and here alone stands whom it means.

A code is a digest of the name under a random salt: without the salt it tells nothing, and with it nobody can put
another name in the place of the one that it was made for.

A name changes when its account is erased; then it may be given to somebody else, who gets a code of his own. So the
head of the trail holds a mark that is drawn anew with each such change, and whoever knows codes by heart looks at it
first.
"""

import os
from base64 import b32encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Engine, String, Table, select, text

from tiffin.runtime.database import Unit, engine_beside, unit_of
from tiffin.runtime.tables import METADATA

CODE_LETTERS, SALT_BYTES, MARK_BYTES, NAME_MAX = 26, 16, 10, 80
MARKS_KNOWN = 8

ACTOR_CODES = Table(
    "actor_codes",
    METADATA,
    Column("code", String(CODE_LETTERS), primary_key=True),
    Column("name", String(NAME_MAX), unique=True, nullable=False),
    Column("salt", String(32)),
)
"""Whom a code means; an erased account has no salt, and its name here is the mark of its erasure."""

_ADDING = text("insert into actor_codes (code, name, salt) values (:code, :name, :salt) on conflict do nothing")
_CODE = ACTOR_CODES.c
_KNOWN: dict[tuple[Engine, str], dict[str, str]] = {}
_UNSURE: set[str] = set()
"""Codes that were made within a unit of work that may have been undone: they are looked up each time."""


def drawn_mark() -> str:
    """Draw a mark for the head: 80 random bits as 16 letters and figures."""
    return b32encode(os.urandom(MARK_BYTES)).decode().lower()


def code_under(salt: str, name: str) -> str:
    """Give the code of a name under a salt: 130 bits as 26 letters and figures."""
    digest = sha256(f"{salt}{name}".encode("utf-8", "replace")).digest()
    return b32encode(digest).decode().lower()[:CODE_LETTERS]


def coded(name: str) -> dict[str, str]:
    """Make a new row for a name."""
    salt = os.urandom(SALT_BYTES).hex()
    return {"code": code_under(salt, name), "name": name, "salt": salt}


def codes_under(connection: Connection, names: Iterable[str], mark: str) -> Mapping[str, str]:
    """Give the codes of names within a transaction that holds the trail's head, whose mark it is."""
    wanted = set(names)
    place = (connection.engine, mark)
    known = _KNOWN.get(place, {})
    if wanted <= known.keys():
        return known
    found = _read(connection, wanted)
    while len(_KNOWN) >= MARKS_KNOWN and place not in _KNOWN:
        _KNOWN.pop(next(iter(_KNOWN)))
    # Only what stood before is remembered: what is added here may be undone.
    _KNOWN[place] = known | {name: code for name, code in found.items() if code not in _UNSURE}
    return _added(connection, wanted, found)


def code_of(unit: Unit, name: str) -> str:
    """Give the code of a name, made now if it has none; it stands whatever becomes of the unit."""
    if name in unit.codes:
        return unit.codes[name]
    found = _read_in(unit, name)
    if found is not None:
        unit.codes[name] = found
        return found
    if unit.keeps_writers_waiting:
        made = _made(unit, name)
        _UNSURE.add(made)
        return made
    with unit_of(engine_beside(unit.engine)) as own:
        return _made(own, name)


def names_of(execute: Any) -> Mapping[str, str]:
    """Give the name that each code means."""
    return {row.code: row.name for row in execute(select(ACTOR_CODES))}


def actors_of(execute: Any) -> Mapping[str, tuple[str, str | None]]:
    """Give name and salt of each code."""
    return {row.code: (row.name, row.salt) for row in execute(select(ACTOR_CODES))}


def _made(unit: Unit, name: str) -> str:
    unit.execute(_ADDING, coded(name))
    found = _read_in(unit, name)
    assert found is not None  # noqa: S101 - it was made one line above, by this process or another
    return found


def _read_in(unit: Unit, name: str) -> str | None:
    found: str | None = unit.execute(select(_CODE.code).where(_CODE.name == name)).scalar_one_or_none()
    return found


def _read(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    rows = connection.execute(select(_CODE.name, _CODE.code).where(_CODE.name.in_(sorted(names))))
    return {row.name: row.code for row in rows}


def _added(connection: Connection, names: Iterable[str], found: Mapping[str, str]) -> Mapping[str, str]:
    fresh = [coded(name) for name in sorted(names) if name not in found]
    if not fresh:
        return found
    connection.execute(_ADDING, fresh)
    return _read(connection, names)  # of two who add one name at once, both get the code of the first
