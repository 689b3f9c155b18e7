"""The audit trail: who did what to what, and whether it was allowed. Entries are only ever added.

A write is recorded in its own transaction with what it writes, so that neither stands without the other; refusals and
reads are recorded in a transaction of their own, because the unit of work around them is undone or writes nothing.
What pages show is recorded in the same way, some of it together (`audit_gathering`).
Whichever it is, the entry is chained to the one before as the last thing in its transaction (`audit_chain`).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Engine

from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.audit_gathering import hold
from tiffin.runtime.context import Context
from tiffin.runtime.database import unit_of

SUBJECT_MAX = 500


class Outcome(StrEnum):
    """How an audited act ended."""

    DONE = "done"
    REFUSED = "refused"
    READ = "read"


def record(
    context: Context, *, action: str, subject: str, details: Mapping[str, Any] | None = None, actor: str | None = None
) -> None:
    """Note a write of the actor; it stands or falls with the unit of work.

    Parameters
    ----------
    action : str
        Verb in the past tense with its noun, such as ``facts_loaded``.
    subject : str
        What was acted on: a table, an account, a definition.
    details : Mapping or None
        Plain JSON values; no personal values and no secrets.
    actor : str or None
        Who acted, where it is not the context's actor: whoever has just signed in.
    """
    entry = _entry(context.now, actor or context.actor.name, action, subject, Outcome.DONE, details)
    context.unit.lastly(append, entry)


def record_read(context: Context, *, action: str, subject: str, details: Mapping[str, Any] | None = None) -> None:
    """Note that the actor saw something that must be accounted for, in a transaction of its own after the unit."""
    entry = _entry(context.now, context.actor.name, action, subject, Outcome.READ, details)
    context.unit.afterwards(partial(_add, entry))


def record_shown(context: Context, *, action: str, subject: str, details: Mapping[str, Any]) -> None:
    """Note what a page shows the actor; it is written within seconds, together with what others are shown.

    Raises
    ------
    Unavailable
        At the end of the unit: the trail has taken nothing for so long that nothing more may be shown.
    """
    entry = _entry(context.now, context.actor.name, action, subject, Outcome.READ, details)
    context.unit.afterwards(partial(hold, entry))


def record_refusal(engine: Engine, *, actor: str, action: str, subject: str, now: datetime) -> None:
    """Note that something was refused, in a transaction of its own."""
    _add(_entry(now, actor, action, subject[:SUBJECT_MAX], Outcome.REFUSED, None), engine)


def _add(entry: Entry, engine: Engine) -> None:
    with unit_of(engine) as unit:
        unit.lastly(append, entry)


def _entry(
    at: datetime, actor: str, action: str, subject: str, outcome: Outcome, details: Mapping[str, Any] | None
) -> Entry:
    # Whoever is refused must not escape the trail by a name that no database takes.
    told = subject.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Entry(at, actor, action, told, outcome.value, dict(details or {}))
