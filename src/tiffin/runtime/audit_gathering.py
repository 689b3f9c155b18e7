"""Entries of the trail that tell of what pages showed: held for a moment and written together, so that no page waits.

Pages are read a hundred times for each act, and to commit alone costs more than all else that an entry takes. What is
held is written `HELD_S` after the first of it, when the process ends, and before anybody looks at the trail from here;
a process that is killed loses that moment. Where the database takes nothing, pages with numbers end being shown once
`MOST_HELD` entries wait: what cannot be accounted for is not shown.
"""

import atexit
import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from tiffin.kernel.errors import TiffinError, Unavailable
from tiffin.kernel.messages import Message
from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.database import unit_of

HELD_S = 2.0
MOST_HELD = 10_000

_LOG = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Held:
    """Entries of one database that are not written yet."""

    entries: list[Entry] = field(default_factory=list)
    timer: threading.Timer | None = None
    writing: threading.Lock = field(default_factory=threading.Lock)


_LOCK = threading.Lock()
_HELD: dict[Engine, _Held] = {}


def hold(entry: Entry, engine: Engine) -> None:
    """Hold an entry until it is written with others.

    Raises
    ------
    Unavailable
        So many wait already that nothing more may be shown.
    """
    with _LOCK:
        held = _HELD.setdefault(engine, _Held())
        if len(held.entries) >= MOST_HELD:
            raise Unavailable(
                Message(
                    "What is read must be accounted for, and the audit trail has taken no entry for a while: {count} "
                    "wait. Look at the database with `tiffin doctor`, then try again.",
                    count=len(held.entries),
                )
            )
        held.entries.append(entry)
        if held.timer is None:
            held.timer = threading.Timer(HELD_S, _write_in_time, (engine,))
            held.timer.daemon = True
            held.timer.start()


def write_held(engine: Engine) -> None:
    """Write what is held for a database, in a transaction of its own.

    Raises
    ------
    Unavailable
        The database does not take it; it is held on.
    """
    held = _HELD.get(engine)
    if held is None:
        return
    with held.writing:
        with _LOCK:
            entries, held.entries, timer, held.timer = held.entries, [], held.timer, None
        if timer is not None:
            timer.cancel()
        if not entries:
            return
        try:
            with unit_of(engine) as unit:
                for entry in entries:
                    unit.lastly(append, entry)
        except BaseException:
            with _LOCK:
                held.entries[:0] = entries
            raise


@atexit.register
def write_all_held() -> None:
    """Write everything that this process holds."""
    for engine in tuple(_HELD):
        _write_in_time(engine)


def _write_in_time(engine: Engine) -> None:
    try:
        write_held(engine)
    except (TiffinError, SQLAlchemyError) as error:
        _LOG.warning("audit_entries_not_written", reason=str(error))
