"""What other parts ask of the facts: load files, write rows, list and describe tables, show what was left out."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from tiffin.capabilities.facts.domain.feed import Feed
from tiffin.capabilities.facts.domain.report import LoadReport, TableReport
from tiffin.capabilities.facts.domain.views import LoadView, QuarantinePage, TableDetail, TableSummary
from tiffin.capabilities.facts.models import FactLoad
from tiffin.capabilities.facts.service import gallery, receipts, tables
from tiffin.capabilities.facts.service.handing_in import put_rows
from tiffin.capabilities.facts.service.intake import assign
from tiffin.capabilities.facts.service.loading import run_load
from tiffin.capabilities.facts.service.staging import Reading
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.staging import open_bench


def load(
    context: Context, feed: str, paths: Iterable[Path], *, progress: Callable[[int], None] = lambda _bytes: None
) -> LoadReport:
    """Load files through a feed; a second load of the same files changes nothing.

    Parameters
    ----------
    feed : str
        Name of the feed.
    paths : iterable of Path
        Files, folders or archives of plain files.
    progress : callable
        Told how many bytes were read since the last call.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    NotFound
        There is no such feed, or a file is missing.
    InvalidDefinition
        The feed is wrong; nothing was read.
    InvalidData
        A file cannot be read safely; nothing was written.
    """
    require_steward(context, "load facts")
    definition = gallery.find_feed(context.workspace, feed)
    report = run_load(context, definition, assign(definition, paths), progress)
    _note(context, report, definition.digest)
    return report


def write_facts(context: Context, table: str, rows: pa.RecordBatchReader, source: str) -> TableReport:
    """Write rows that come from no file, such as those of the simulated city, on the same path as a load.

    Parameters
    ----------
    table : str
        Fact table.
    rows : pyarrow.RecordBatchReader
        Columns of the table; derived ones and ``source`` may be left out. Read once.
    source : str
        Origin of the rows, such as ``simulated:rain``.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    NotFound
        There is no such table.
    InvalidData
        A column is unknown, or a value does not fit its type.
    """
    require_steward(context, "write facts")
    report = put_rows(context, table, rows, source)
    audit.record(
        context,
        action="facts_written",
        subject=table,
        details={"source": source, "read": report.read, "loaded": report.loaded},
    )
    return report


def list_feeds(context: Context) -> tuple[Feed, ...]:
    """List the feeds of the gallery and of the workspace."""
    return gallery.read_feeds(context.workspace)


def find_feed(context: Context, name: str) -> Feed:
    """Find one feed.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    return gallery.find_feed(context.workspace, name)


def check_feeds(context: Context, names: Iterable[str] = ()) -> tuple[Feed, ...]:
    """Compile feeds without any file: every expression, every type.

    Raises
    ------
    InvalidDefinition
        Something in one is wrong.
    """
    wanted = tuple(names)
    feeds = tuple(gallery.find_feed(context.workspace, name) for name in wanted) if wanted else list_feeds(context)
    for feed in feeds:
        with open_bench(context.workspace.tables) as bench:
            Reading(feed, bench).check()
    return feeds


def list_tables(context: Context) -> tuple[TableSummary, ...]:
    """Sum up every fact table, loaded or not: names, meanings and counts, never rows.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _require_grant(context)
    return tables.summaries(context)


def describe_table(context: Context, name: str) -> TableDetail:
    """Describe one fact table: contract, history, quarantine.

    Raises
    ------
    Forbidden
        The actor has no grant.
    NotFound
        There is none of that name.
    """
    _require_grant(context)
    return tables.detail(context, name)


def list_loads(
    context: Context, *, feed: str | None = None, table: str | None = None, limit: int = 100
) -> tuple[LoadView, ...]:
    """List loads, newest first.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _require_grant(context)
    return tables.loads(context, feed=feed, table=table, limit=limit)


def quarantined(
    context: Context, table: str, *, rule: str | None = None, limit: int = 100, offset: int = 0
) -> QuarantinePage:
    """Show what was left out of a table, newest first, with the source rows as they stood.

    Raises
    ------
    Forbidden
        The actor is no steward: source rows may hold personal values.
    NotFound
        There is no such table.
    """
    require_steward(context, "see quarantined rows")
    page = tables.quarantine_page(context, table, rule=rule, limit=limit, offset=offset)
    audit.record_read(context, action="quarantine_read", subject=table, details={"rule": rule, "rows": len(page.rows)})
    return page


def bytes_of(paths: Iterable[Path]) -> int:
    """Tell how many bytes lie under some paths, for a progress bar; what cannot be read counts nothing."""
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(file.stat().st_size for file in files if file.is_file())


def hand_in(context: Context, table: str, body: bytes, *, key: str, source: str) -> dict[str, Any]:
    """Take a batch of rows that came over HTTP, once under its key.

    Parameters
    ----------
    body : bytes
        JSON lines, a JSON array of objects, or an object with the key ``rows``.
    key : str
        The client's own name for the batch.
    source : str
        Origin of the rows.

    Returns
    -------
    dict
        The receipt: ``receipt_id``, ``table``, ``read``, ``loaded``, ``collapsed``, ``quarantined``, ``unchanged``,
        ``version``.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    Conflict
        The key stands for another batch.
    InvalidData
        The body is no batch of rows.
    """
    require_steward(context, "write facts")
    known = receipts.known_receipt(context, table, body, key=key)
    if known is not None:
        return known
    report = write_facts(context, table, receipts.rows_of(table, body), f"http:{source}")
    return receipts.keep_receipt(context, table, body, report, key=key)


def require_steward(context: Context, act: str) -> None:
    """Refuse who is no steward of all cities: a file, and a quarantined row, may be of any city.

    Raises
    ------
    Forbidden
        The actor has not that role everywhere.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"{context.actor.name} may not {act}: that takes the role steward for all cities. "
            "Ask an administrator for it."
        )


def _require_grant(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no facts: no grant is in force. Ask an administrator for one.", name=context.actor.name
            )
        )


def _note(context: Context, report: LoadReport, digest: str) -> None:
    quarantined = sum(rule.count for rule in report.quarantined)
    context.session.add(
        FactLoad(
            load_id=report.load_id,
            feed=report.feed,
            fact_table=report.table,
            loaded_at=context.now,
            loaded_by=context.actor.name,
            rows_read=report.read,
            rows_loaded=report.loaded,
            rows_collapsed=report.collapsed,
            rows_quarantined=quarantined,
            is_unchanged=report.unchanged,
            version=report.version,
            feed_digest=digest,
            seconds=report.seconds,
            report=asdict(report),
        )
    )
    details = {"read": report.read, "loaded": report.loaded, "quarantined": quarantined, "version": report.version}
    audit.record(context, action="facts_loaded", subject=report.feed, details=details)
    context.warehouse.close()
