"""Who used which asset on which day, and how long answering took: gathered cheaply, written a few times a minute.

What is gathered is a count, so that what a dying process forgets, or a database does not take, harms nobody. It tells
who read what only by the day; whoever must account for a single reading asks the audit trail.
"""

import atexit
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Engine, Float, Integer, String, Table, insert, update
from sqlalchemy.exc import SQLAlchemyError

from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.context import Context
from tiffin.runtime.database import unit_of
from tiffin.runtime.tables import METADATA

GATHERED_S = 20.0
NAME_MAX = 255

ASSET_USES = Table(
    "asset_uses",
    METADATA,
    Column("asset", String(NAME_MAX), primary_key=True),
    Column("actor", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("milliseconds", Float, nullable=False),
)
"""How often an account used an asset on a day (UTC), and how long it waited for it in all."""


@dataclass(frozen=True, slots=True)
class _Key:
    asset: str
    actor: str
    day: date


@dataclass(slots=True)
class _Gathered:
    engine: Engine
    since: float
    uses: dict[_Key, tuple[int, float]]


_LOCK = threading.Lock()
_GATHERED: dict[str, _Gathered] = {}


def note_uses(context: Context, assets: Iterable[AssetId], *, milliseconds: float = 0.0) -> None:
    """Note that the actor used some assets, and how long the answer took; the time is shared between them."""
    used = [asset.text for asset in assets if len(asset.text) <= NAME_MAX]
    if not used:
        return
    engine, now = context.unit.engine, time.monotonic()
    address = engine.url.render_as_string(hide_password=True)
    with _LOCK:
        gathered = _GATHERED.setdefault(address, _Gathered(engine, now, {}))
        for asset in used:
            key = _Key(asset, context.actor.name, context.now.date())
            times, spent = gathered.uses.get(key, (0, 0.0))
            gathered.uses[key] = (times + 1, spent + milliseconds / len(used))
        is_due = now - gathered.since >= GATHERED_S
    if is_due:
        context.unit.afterwards(lambda _engine: write_uses(address))


def write_uses(address: str) -> None:
    """Write what was gathered for a database; what it does not take is forgotten."""
    with _LOCK:
        gathered = _GATHERED.pop(address, None)
    if gathered is None:
        return
    try:
        with unit_of(gathered.engine) as unit:
            for key, (times, spent) in gathered.uses.items():
                named = {"asset": key.asset, "actor": key.actor, "day": key.day}
                _add(unit.execute, named, times, spent)
    except (SQLAlchemyError, Unavailable):
        return


@atexit.register
def write_all_uses() -> None:
    """Write everything that this process has gathered."""
    for address in tuple(_GATHERED):
        write_uses(address)


def _add(execute: Any, named: Mapping[str, Any], times: int, spent: float) -> None:
    table = ASSET_USES.c
    known = (table.asset == named["asset"], table.actor == named["actor"], table.day == named["day"])
    added = {"uses": table.uses + times, "milliseconds": table.milliseconds + spent}
    if not execute(update(ASSET_USES).where(*known).values(**added)).rowcount:
        execute(insert(ASSET_USES).values(**named, uses=times, milliseconds=spent))
