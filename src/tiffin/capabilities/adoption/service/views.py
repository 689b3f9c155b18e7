"""Views of pages: gathered in memory and added up by day, account and subject, so that a page waits for none of it.

What is noted is who (the account), when (the day), what (an asset, or a page by its pattern) and how long it took:
no address, no parameter, no device. Views older than the retention are deleted.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from tiffin.capabilities.adoption.domain.subjects import subjects_of
from tiffin.capabilities.adoption.models import AdoptionView
from tiffin.capabilities.adoption.service.parameters import read_parameters
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.database import transaction
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.workspace import Workspace

FLUSH_AFTER_S = 20.0
FLUSH_AT = 500
"""Sums that are held before they are written, whatever the time."""

_LOG = structlog.get_logger(__name__)
_Key = tuple[date, str, str]


@dataclass(slots=True)
class _Gathered:
    """Views that are not written yet."""

    sums: dict[_Key, tuple[int, int]] = field(default_factory=dict)
    written_at: datetime | None = None
    cleared_on: date | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_GATHERED: dict[str, _Gathered] = {}


@dataclass(frozen=True, slots=True)
class Noting:
    """What a server hands its views to."""

    workspace: Workspace
    clock: Callable[[], datetime]

    def note(
        self, account: str, pattern: str, parts: Mapping[str, str], asked: Iterable[tuple[str, str]], took_ms: int
    ) -> None:
        """Note one request that showed somebody something; a database that does not answer costs nobody a page."""
        subjects = subjects_of(pattern, parts, asked)
        try:
            note(self.workspace, account=account, subjects=subjects, took_ms=took_ms, now=self.clock())
        except TiffinError as error:
            _LOG.warning("views_not_written", reason=str(error))

    def finish(self) -> None:
        """Write what is still held."""
        flush(self.workspace, now=self.clock())


def noting(workspace: Workspace, *, clock: Callable[[], datetime]) -> Noting:
    """Make what a server hands its views to."""
    return Noting(workspace, clock)


def note(workspace: Workspace, *, account: str, subjects: tuple[str, ...], took_ms: int, now: datetime) -> None:
    """Note that an account saw something, and write what was gathered when it is time."""
    gathered = _GATHERED.setdefault(workspace.database_url, _Gathered())
    with gathered.lock:
        for subject in subjects:
            views, total = gathered.sums.get((now.date(), account, subject), (0, 0))
            gathered.sums[now.date(), account, subject] = (views + 1, total + took_ms)
        gathered.written_at = gathered.written_at or now
        is_due = (now - gathered.written_at).total_seconds() >= FLUSH_AFTER_S or len(gathered.sums) >= FLUSH_AT
    if is_due:
        flush(workspace, now=now)


def flush(workspace: Workspace, *, now: datetime) -> int:
    """Write what was gathered, in a transaction of its own; delete what is older than the retention, once a day.

    Returns
    -------
    int
        How many sums were written.
    """
    gathered = _GATHERED.get(workspace.database_url)
    if gathered is None:
        return 0
    with gathered.lock:
        sums, gathered.sums, gathered.written_at = gathered.sums, {}, now
        must_clear, gathered.cleared_on = gathered.cleared_on != now.date(), now.date()
    if not sums and not must_clear:
        return 0
    try:
        _write(workspace, sums, now=now, must_clear=must_clear)
    except TiffinError:
        _take_back(gathered, sums)
        raise
    return len(sums)


def watched_since(context: Context) -> date | None:
    """Tell since which day views are recorded; None where none ever was."""
    return context.session.scalar(select(func.min(AdoptionView.day)))


def _write(workspace: Workspace, sums: Mapping[_Key, tuple[int, int]], *, now: datetime, must_clear: bool) -> None:
    engine = ready_engine(workspace.database_url)
    with transaction(engine) as session:
        for key, counted in sorted(sums.items()):
            session.execute(_added(engine, key, counted))
        if must_clear:
            kept = timedelta(days=read_parameters(workspace, now.date())["views_kept_days"])
            session.execute(delete(AdoptionView).where(AdoptionView.day < now.date() - kept))


def _take_back(gathered: _Gathered, sums: Mapping[_Key, tuple[int, int]]) -> None:
    """Hold what could not be written for the next time."""
    with gathered.lock:
        for key, (views, total) in sums.items():
            later = gathered.sums.get(key, (0, 0))
            gathered.sums[key] = (views + later[0], total + later[1])
        gathered.cleared_on = None


def _added(engine: Engine, key: _Key, counted: tuple[int, int]) -> Any:
    dialect: Any = sqlite if engine.dialect.name == "sqlite" else postgresql
    day, account, subject = key
    row = {"day": day, "account": account, "subject": subject, "views": counted[0], "total_ms": counted[1]}
    made = dialect.insert(AdoptionView).values(**row)
    return made.on_conflict_do_update(
        index_elements=["day", "account", "subject"],
        set_={
            "views": AdoptionView.views + made.excluded.views,
            "total_ms": AdoptionView.total_ms + made.excluded.total_ms,
        },
    )
