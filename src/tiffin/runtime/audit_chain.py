"""The chain of the audit trail: each entry holds its predecessor's digest and its own, and a head says where it ends.

A digest is the SHA-256 of the predecessor's digest, a line feed, the entry's number, a line feed, and then of each of
`HASHED` the length in bytes, a colon and the bytes: instants as ``2026-02-20 10:00:00.000000`` (UTC), the actor as his
code. Subject and details come in as two digests: of both together under the entry's salt, and of their pieces
(`tiffin.runtime.pieces`). It never changes, or what was written before could not be verified.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Executable, Integer, Result, Row, bindparam, func, insert, select, text, update

from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.actor_codes import codes_under, drawn_mark
from tiffin.runtime.pieces import SALT_BYTES, Place, sealed_root
from tiffin.runtime.tables import AUDIT_ENTRIES, AUDIT_HEAD

FIRST_DIGEST = "0" * 64
"""What stands for the predecessor of the first entry."""

HEAD_ID = 1
INSTANT_FORMAT = "%Y-%m-%d %H:%M:%S.%f"

HASHED = ("at", "actor", "action", "outcome", "whole", "pieces")
"""What a digest covers besides the number and the predecessor, in this order."""

_FORM = b"%b\n%d\n" + b"%d:%b" * len(HASHED)
_HEAD = AUDIT_HEAD.c

# Made once: to make a statement takes longer than to run it. An update and no select takes the head: SQLite begins to
# hold the database with the first write, PostgreSQL to hold the row.
_COUNT = bindparam("count", type_=Integer)
_MOVING = update(AUDIT_HEAD).where(_HEAD.head_id == HEAD_ID)
_TAKING = _MOVING.values(entries=_HEAD.entries + _COUNT, last_entry_id=_HEAD.last_entry_id + _COUNT).returning(
    _HEAD.last_entry_id, _HEAD.digest, _HEAD.names_mark
)
_ENDING = _MOVING.values(digest=bindparam("ended"))
_ADDING = insert(AUDIT_ENTRIES)
# PostgreSQL adds all entries and moves the head in one statement: each that is saved lets others wait less long.
_ADDING_AT_ONCE = text(
    "with ended as (update audit_head set digest = :ended where head_id = :head) "
    "insert into audit_entries "
    "(entry_id, at, actor, action, subject, outcome, details, salt, pieces, previous_digest, digest) "
    "select entry_id, at, actor, action, subject, outcome, cast(details as json), salt, pieces, previous_digest, "
    "digest from unnest(cast(:entry_id as bigint[]), cast(:at as timestamptz[]), cast(:actor as text[]), "
    "cast(:action as text[]), cast(:subject as text[]), cast(:outcome as text[]), cast(:details as text[]), "
    "cast(:salt as text[]), cast(:pieces as text[]), cast(:previous_digest as text[]), cast(:digest as text[])) "
    "as one (entry_id, at, actor, action, subject, outcome, details, salt, pieces, previous_digest, digest)"
)
_AT_ONCE = ("entry_id", "at", "actor", "action", "subject", "outcome", "salt", "pieces", "previous_digest", "digest")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail before it has its place."""

    at: datetime
    actor: str
    action: str
    subject: str
    outcome: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a trail ended at some moment: what an auditor notes elsewhere, and holds it against later.

    Parameters
    ----------
    entries : int
        How many there were.
    digest : str
        Digest of the last of them, 64 hexadecimal digits.
    """

    entries: int
    digest: str

    @property
    def text(self) -> str:
        """Write it in one word.

        Examples
        --------
        >>> Anchor(7, "ab" * 32).text[:10]
        '7:abababab'
        """
        return f"{self.entries}:{self.digest}"


def read_anchor(written: str) -> Anchor:
    """Read an anchor as it is printed, such as ``7:9f86d0…``.

    Raises
    ------
    WrongUse
        It is none.
    """
    count, _, digest = written.strip().lower().partition(":")
    digits = "0123456789abcdef"
    if not (count.isascii() and count.isdecimal()) or len(digest) != len(FIRST_DIGEST) or digest.strip(digits):
        raise WrongUse(
            Message(
                "An anchor is a count of entries, a colon and a digest of 64 hexadecimal digits, as an export of the "
                "audit trail tells it; found '{found}'. Copy it whole.",
                found=written,
            )
        )
    return Anchor(int(count), digest)


def digest_of(previous: bytes, number: int, values: Sequence[bytes]) -> str:
    """Give the digest of an entry; ``values`` are those of `HASHED`."""
    at, actor, action, outcome, whole, pieces = values
    return sha256(
        _FORM
        % (
            previous,
            number,
            len(at),
            at,
            len(actor),
            actor,
            len(action),
            action,
            len(outcome),
            outcome,
            len(whole),
            whole,
            len(pieces),
            pieces,
        )
    ).hexdigest()


def whole_of(salt: bytes, subject: bytes, details: bytes) -> bytes:
    """Give the digest of an entry's subject and details together."""
    return sha256(b"%b\n%d:%b%d:%b" % (salt, len(subject), subject, len(details), details)).hexdigest().encode()


def entry_pieces(subject: str, details: Mapping[str, Any]) -> list[tuple[Place, Any]]:
    """Give the pieces of an entry: its subject, and each value of the details, whose names are Tiffin's own."""
    return [(("subject",), subject), *((("details", str(name)), value) for name, value in details.items())]


def head_of(execute: Callable[[Executable], Result[Any]]) -> Anchor | None:
    """Give where the trail says that it ends; None where nothing was written yet, or somebody removed its head."""
    head = execute(select(_HEAD.entries, _HEAD.digest)).one_or_none()
    return Anchor(head.entries, head.digest) if head is not None else None


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Chain entries to the trail; nothing else may be written in their transaction afterwards.

    The head is held until the transaction ends: of several writers each waits for the one before, holding nothing that
    the other still needs.

    Raises
    ------
    Conflict
        The head is gone although there are entries: somebody tampered with the trail.
    """
    head = _take_head(connection, len(entries))
    codes = codes_under(connection, {entry.actor for entry in entries}, head.names_mark)
    number, digest = head.last_entry_id - len(entries), head.digest
    rows = []
    for entry in entries:
        number += 1
        row = {"entry_id": number, **_sealed(entry, codes[entry.actor]), "previous_digest": digest}
        digest = _chained(digest, row)
        rows.append(row | {"digest": digest})
    if connection.dialect.name == "postgresql":
        columns: dict[str, Any] = {name: [row[name] for row in rows] for name in _AT_ONCE}
        columns["details"] = [json.dumps(row["details"]) for row in rows]
        connection.execute(_ADDING_AT_ONCE, {**columns, "ended": digest, "head": HEAD_ID})
        return
    connection.execute(_ADDING, rows)
    connection.execute(_ENDING, {"ended": digest})


def draw_names_mark(connection: Connection, _asked: Sequence[object]) -> None:
    """Tell whoever knows codes of actors by heart that a name has changed; kept for last, as entries are."""
    connection.execute(_MOVING.values(names_mark=drawn_mark()))


def _sealed(entry: Entry, code: str) -> dict[str, Any]:
    salt = os.urandom(SALT_BYTES).hex()
    return {
        "at": entry.at,
        "actor": code,
        "action": entry.action,
        "subject": entry.subject,
        "outcome": entry.outcome,
        "details": entry.details,
        "salt": salt,
        "pieces": sealed_root(salt, entry_pieces(entry.subject, entry.details)),
        "remainder": None,
    }


def _chained(previous: str, row: Mapping[str, Any]) -> str:
    whole = whole_of(row["salt"].encode(), row["subject"].encode(), json.dumps(row["details"]).encode())
    at = row["at"].astimezone(UTC).strftime(INSTANT_FORMAT).encode()
    plain = [row[name].encode() for name in ("actor", "action", "outcome")]
    return digest_of(previous.encode(), row["entry_id"], [at, *plain, whole, row["pieces"].encode()])


def _take_head(connection: Connection, count: int) -> Row[Any]:
    head = connection.execute(_TAKING, {"count": count}).one_or_none()
    if head is not None:
        return head
    if connection.scalar(select(func.count()).select_from(AUDIT_ENTRIES)):
        # The very first entries and their head may have come from somebody else between the two looks.
        head = connection.execute(_TAKING, {"count": count}).one_or_none()
        if head is not None:
            return head
        raise Conflict(
            Message(
                "The audit trail has entries and no head, so that nothing can be written after them: somebody removed "
                "it. Restore the database from a backup; `tiffin audit verify` tells what else is wrong."
            )
        )
    begun = {"id": HEAD_ID, "digest": FIRST_DIGEST, "mark": drawn_mark()}
    connection.execute(
        text(
            "insert into audit_head (head_id, entries, last_entry_id, digest, names_mark) "
            "values (:id, 0, 0, :digest, :mark) on conflict do nothing"
        ),
        begun,
    )
    return connection.execute(_TAKING, {"count": count}).one()
