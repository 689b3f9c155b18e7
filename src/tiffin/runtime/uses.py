"""Who used what on which day, and how long it took: gathered cheaply, written a few times a minute, forgotten in time.

What is used is an asset (``metric:orders``), or a page that shows none (``page:/cases``). A unit of work is one use,
however often it asked. What is gathered is a count, so that what a dying process forgets harms nobody. It tells who
read what only by the day; whoever must account for a single reading asks the audit trail.
"""

import atexit
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Date, Engine, Float, Index, Integer, String, Table, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.context import Context
from tiffin.runtime.database import unit_of
from tiffin.runtime.tables import METADATA

GATHERED_S = 20.0
GATHERED_MAX = 500
"""Sums that are held before they are written, whatever the time."""

NAME_MAX = 255

ASSET_USES = Table(
    "asset_uses",
    METADATA,
    Column("asset", String(NAME_MAX), primary_key=True),
    Column("actor", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Index("ix_asset_uses_day", "day"),
)
"""How often an account used an asset on a day (UTC), and how long it waited for it in all."""

KeptDays = Callable[[date], int]
"""Tells for how many days uses are kept."""


_Key = tuple[str, str, date]
"""Asset, actor and day."""


@dataclass(slots=True)
class _Gathered:
    engine: Engine
    since: float
    uses: dict[_Key, tuple[int, float]] = field(default_factory=dict)
    kept_days: KeptDays | None = None
    cleared_on: date | None = None


_LOCK = threading.Lock()
_GATHERED: dict[str, _Gathered] = {}


def note_uses(context: Context, assets: Iterable[AssetId], *, milliseconds: float = 0.0) -> None:
    """Note that the actor used some assets, and how long the answer took; the time is shared between them."""
    note_views(context, [asset.text for asset in assets], milliseconds=milliseconds)


def note_views(
    context: Context, subjects: Iterable[str], *, milliseconds: float = 0.0, kept_days: KeptDays | None = None
) -> None:
    """Note that the actor used what some texts name, each once in the unit of work; the time is shared between them.

    Parameters
    ----------
    kept_days : callable or None
        Tells how long uses are kept, for whoever writes them next; None leaves what was said before.
    """
    used = [name for name in subjects if len(name) <= NAME_MAX]
    if not used:
        return
    day, actor = context.now.date(), context.actor.name
    address = _address(context.unit.engine)
    with _LOCK:
        gathered = _GATHERED.setdefault(address, _Gathered(context.unit.engine, time.monotonic()))
        gathered.kept_days = kept_days or gathered.kept_days
        known, uses, each = context.unit.reading.used, gathered.uses, milliseconds / len(used)
        for name in used:
            key = (name, actor, day)
            times, spent = uses.get(key, (0, 0.0))
            uses[key] = (times + ((name, actor) not in known), spent + each)
            known.add((name, actor))
        is_due = time.monotonic() - gathered.since >= GATHERED_S or len(gathered.uses) >= GATHERED_MAX
    if is_due:
        context.unit.afterwards(lambda _engine: write_uses(address))


def write_gathered(context: Context) -> None:
    """Write what was gathered for the context's database, in a transaction of its own: for whoever counts next."""
    write_uses(_address(context.unit.engine))


def write_uses(address: str) -> None:
    """Write what was gathered for a database, and delete what is too old once a day; what it does not take waits."""
    with _LOCK:
        gathered = _GATHERED.get(address)
        if gathered is None:
            return
        uses, gathered.uses, gathered.since = gathered.uses, {}, time.monotonic()
    try:
        _write(gathered, uses)
    except (SQLAlchemyError, Unavailable):
        with _LOCK:
            for key, (times, spent) in uses.items():
                later = gathered.uses.get(key, (0, 0.0))
                gathered.uses[key] = (times + later[0], spent + later[1])


@atexit.register
def write_all_uses() -> None:
    """Write everything that this process has gathered."""
    for address in tuple(_GATHERED):
        write_uses(address)


def count_users(context: Context, subjects: Collection[str], *, since: date) -> int:
    """Count the people who used any of what some texts name since a day.

    Notes
    -----
    What this process gathered counts too and is not written for it: whoever asks may be writing, and on SQLite another
    transaction would wait for his.
    """
    used = ASSET_USES.c
    wanted = select(used.actor).distinct().where(used.asset.in_(subjects), used.day >= since)
    people = set(context.unit.execute(wanted).scalars())
    with _LOCK:
        gathered = _GATHERED.get(_address(context.unit.engine))
        waiting = tuple(gathered.uses) if gathered else ()
    return len(people | {actor for name, actor, day in waiting if name in subjects and day >= since})


def noted_since(context: Context) -> date | None:
    """Tell since which day uses are noted here; None where none ever was."""
    found: date | None = context.unit.execute(select(func.min(ASSET_USES.c.day))).scalar()
    return found


def _write(gathered: _Gathered, uses: Mapping[_Key, tuple[int, float]]) -> None:
    if not uses:
        return
    today = max(day for _, _, day in uses)
    with unit_of(gathered.engine) as unit:
        for (asset, actor, day), (times, spent) in sorted(uses.items()):
            _add(unit.execute, {"asset": asset, "actor": actor, "day": day}, times, spent)
        if gathered.kept_days is not None and gathered.cleared_on != today:
            kept = timedelta(days=gathered.kept_days(today))
            unit.execute(delete(ASSET_USES).where(ASSET_USES.c.day < today - kept))
            gathered.cleared_on = today


def _add(execute: Any, named: Mapping[str, Any], times: int, spent: float) -> None:
    table = ASSET_USES.c
    known = (table.asset == named["asset"], table.actor == named["actor"], table.day == named["day"])
    added = {"uses": table.uses + times, "milliseconds": table.milliseconds + spent}
    if not execute(update(ASSET_USES).where(*known).values(**added)).rowcount:
        execute(insert(ASSET_USES).values(**named, uses=times, milliseconds=spent))


@lru_cache(maxsize=32)
def _address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
