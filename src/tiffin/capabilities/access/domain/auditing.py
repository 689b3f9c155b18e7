"""Entries of the audit trail as people see them, what they look for, and how entries are written into files."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so is a formula to a spreadsheet."""

TOLD = ("entry_id", "at", "actor", "action", "subject", "outcome", "details")
PROVING = ("actor_code", "salt", "pieces", "remainder", "previous_digest", "digest")
COLUMNS = (*TOLD, *PROVING)


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry of the audit trail.

    Parameters
    ----------
    actor, actor_code : str
        Who acted by the name that he has now, and by the code that is chained.
    salt, pieces, remainder : str or None
        What the digest is computed with, besides what is told; the remainder where a text was removed.
    previous_digest, digest : str
        SHA-256 of the entry before, and of this one with it.
    """

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    outcome: str
    details: dict[str, Any]
    actor_code: str
    salt: str | None
    pieces: str
    remainder: str | None
    previous_digest: str
    digest: str

    @property
    def has_gaps(self) -> bool:
        """Tell whether a text was removed from it on request."""
        return self.remainder is not None


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What is looked for in the trail; what is empty does not matter.

    Parameters
    ----------
    actor, action, outcome : str
        Exactly this.
    subject : str
        A part of what was acted on, in any case of letters.
    since, until : date or None
        First and last day, in UTC.
    text : str
        A part of the subject, the actor, the action or the details, in any case of letters.
    before : int or None
        Only entries older than the one of this number: the next page.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    before: int | None = None

    @property
    def told(self) -> dict[str, str]:
        """What of it was said, for the trail itself."""
        said = {
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "outcome": self.outcome,
            "since": self.since,
            "until": self.until,
            "text": self.text,
            "before": self.before,
        }
        return {name: str(value) for name, value in said.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the trail was last verified, by whom, and how it stood."""

    at: datetime
    actor: str
    entries: int
    faults: int


@dataclass(frozen=True, slots=True)
class TrailState:
    """Where the trail says that it ends.

    Parameters
    ----------
    anchor : str
        Count and digest of the last entry in one word, to be noted elsewhere.
    """

    entries: int
    anchor: str
    checked: LastCheck | None


class ExportKind(StrEnum):
    """The forms in which entries are taken away."""

    CSV = "csv"
    JSONL = "jsonl"

    @property
    def media_type(self) -> str:
        """Name of the form over HTTP."""
        return "text/csv; charset=utf-8" if self is ExportKind.CSV else "application/x-ndjson"


def csv_of(rows: Iterable[Iterable[Any]]) -> bytes:
    """Write rows as CSV (RFC 4180); text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def export_name(entries: int, digest: str, kind: ExportKind, *, narrowed: Mapping[str, str]) -> str:
    """Name a file so that it says where the trail ended.

    Examples
    --------
    >>> export_name(7, "ab" * 32, ExportKind.CSV, narrowed={})
    'audit-7-abababababab.csv'
    """
    part = "-part" if narrowed else ""
    return f"audit-{entries}-{digest[:12]}{part}.{kind}"


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
