"""Commands of facts: ``tiffin load``, ``tiffin feeds …`` and ``tiffin facts …``."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.facts import service
from tiffin.capabilities.facts.domain.feed import Feed
from tiffin.capabilities.facts.domain.report import LoadReport, TableReport
from tiffin.capabilities.facts.domain.views import QuarantinePage, TableDetail, TableSummary
from tiffin.capabilities.facts.service import adding_up
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, ngettext, translate
from tiffin.runtime.json_text import json_text
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say, table_of

FeedArgument = Annotated[str, typer.Argument(help="Name of the feed; `tiffin feeds list` names them all.")]
PathsArgument = Annotated[list[Path], typer.Argument(help="Files, folders, or zip and tar archives of plain files.")]
TableArgument = Annotated[str, typer.Argument(help="Name of the fact table.")]

MEGABYTE = 1_000_000
PERCENT = 100.0
ROW_SHOWN = 300


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("load")(load)
    feeds = typer.Typer(no_args_is_help=True, help="Feeds: how somebody's files become facts.")
    feeds.command("list")(list_feeds)
    feeds.command("show")(show_feed)
    feeds.command("check")(check_feeds)
    app.add_typer(feeds, name="feeds")
    facts = typer.Typer(no_args_is_help=True, help="Fact tables, their loads and what was left out of them.")
    facts.command("tables")(tables)
    facts.command("show")(show)
    facts.command("loads")(loads)
    facts.command("quarantine")(quarantine)
    app.add_typer(facts, name="facts")


def load(
    feed: FeedArgument,
    paths: PathsArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Load files through a feed; every row read is loaded, collapsed or quarantined, and a second load changes nothing.

    JSON: {"feed", "table", "read", "loaded", "collapsed", "quarantined": [{"rule", "count"}], "unchanged", "version",
    "tables": [...]}.
    """
    with open_context(workspace, user=user) as context, progress(service.bytes_of(paths) / MEGABYTE, feed) as advance:
        report = service.load(context, feed, paths, progress=lambda count: advance(count / MEGABYTE))
        locale = context.locale
    for warning in report.warnings:
        say(warning)
    emit(asdict(report), as_json=as_json, human=lambda _payload: _report(report, locale))
    if not report.unchanged:
        _add_up(workspace, user)


def _add_up(workspace: Path | None, user: str | None) -> None:
    """Build the first roll-ups of facts that are many; every later load keeps them up."""
    with open_context(workspace, user=user) as context:
        if not adding_up.is_due(context):
            return
        say(_t(context.locale, mark("Adding up the facts for quick answers; this happens once.")))
        try:
            with progress(PERCENT, "roll-ups") as advance:
                adding_up.add_up(context, lambda share: advance(share * PERCENT))
        except Unavailable as error:  # what was loaded stands
            say(str(error))


def list_feeds(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the feeds. JSON: {"feeds": [{"name", "title", "table", "files": [pattern], "file"}]}."""
    with open_context(workspace, user=user) as context:
        feeds, locale = service.list_feeds(context), context.locale
    emit({"feeds": [_feed_entry(feed) for feed in feeds]}, as_json=as_json, human=lambda found: _feeds(found, locale))


def show_feed(
    feed: FeedArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a feed: what it reads, where the files come from, what it fills. JSON: {"feed": {...}}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.find_feed(context, feed), context.locale
    emit({"feed": asdict(found)}, as_json=as_json, human=lambda _payload: _feed(found, locale))


def check_feeds(
    feeds: Annotated[list[str] | None, typer.Argument(help="Feeds to check; none for all.")] = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Compile feeds without any file: every expression, every type. JSON: {"checked": [name]}."""
    with open_context(workspace, user=user) as context:
        checked, locale = service.check_feeds(context, feeds or ()), context.locale
    names = [feed.name for feed in checked]
    emit({"checked": names}, as_json=as_json, human=lambda _: f"{_t(locale, mark('Good'))}: {', '.join(names)}")


def tables(*, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None) -> None:
    """List the fact tables. JSON: {"tables": [{"name", "rows", "version", "changed_at", "quarantined", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.list_tables(context), context.locale
    emit({"tables": found}, as_json=as_json, human=lambda _payload: _tables(found, locale))


def show(
    table: TableArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False, user: UserOption = None
) -> None:
    """Show a fact table. JSON: {"table": {"summary", "contract", "history", "quarantine"}}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.describe_table(context, table), context.locale
    emit({"table": found}, as_json=as_json, human=lambda _payload: _table(found, locale))


def loads(
    *,
    feed: Annotated[str | None, typer.Option(help="Only loads of this feed.")] = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=10_000)] = 50,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List loads, newest first. JSON: {"loads": [{"load_id", "feed", "table", "read", "loaded", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.list_loads(context, feed=feed, limit=limit), context.locale
    heads = (
        mark("When"),
        mark("Feed"),
        mark("Table"),
        mark("Read"),
        mark("Loaded"),
        mark("Collapsed"),
        mark("Quarantined"),
    )
    rows = [
        (f"{one.loaded_at:%Y-%m-%d %H:%M}", one.feed, one.table, one.read, one.loaded, one.collapsed, one.quarantined)
        for one in found
    ]
    emit({"loads": found}, as_json=as_json, human=lambda _: table_of([_t(locale, head) for head in heads], rows))


def quarantine(
    table: TableArgument,
    *,
    rule: Annotated[str | None, typer.Option(help="Only rows that broke this rule.")] = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=10_000)] = 20,
    offset: Annotated[int, typer.Option(help="How many to pass over.", min=0)] = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show what was left out of a table, with rule, file and line. JSON: {"table", "rules", "rows", "total"}."""
    with open_context(workspace, user=user) as context:
        page = service.quarantined(context, table, rule=rule, limit=limit, offset=offset)
        locale = context.locale
    emit(asdict(page), as_json=as_json, human=lambda _payload: _quarantine(page, locale))


def _t(locale: str, text: str, **values: object) -> str:
    return translate(locale, text, **values)


def _report(report: LoadReport, locale: str) -> RenderableType:
    heads = (
        mark("Table"),
        mark("Read"),
        mark("Loaded"),
        mark("Collapsed"),
        mark("Quarantined"),
        mark("New"),
        mark("Changed"),
        mark("Version"),
    )
    rows = [_counts(table) for table in report.tables]
    parts: list[RenderableType] = [table_of([_t(locale, head) for head in heads], rows)]
    parts += _reasons(report.tables, locale)
    if report.unchanged:
        parts.append(Text(_t(locale, mark("Everything was known already; no table changed."))))
    return Group(*parts)


def _counts(table: TableReport) -> tuple[object, ...]:
    left_out = sum(rule.count for rule in table.quarantined)
    return (
        table.table,
        table.read,
        table.loaded,
        table.collapsed,
        left_out,
        table.inserted,
        table.updated,
        table.version,
    )


def _reasons(tables: Iterable[TableReport], locale: str) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for table in tables:
        for rule in table.quarantined:
            said = ngettext(
                locale,
                "{table}: {count} row quarantined by {rule}: {reason}",
                "{table}: {count} rows quarantined by {rule}: {reason}",
                rule.count,
                table=table.table,
                rule=rule.rule,
                reason=rule.reason,
            )
            parts.append(Text(said))
        for rule in table.removed:
            said = ngettext(
                locale,
                "{table}: {count} value taken out by {rule}, its row loaded: {reason}",
                "{table}: {count} values taken out by {rule}, their rows loaded: {reason}",
                rule.count,
                table=table.table,
                rule=rule.rule,
                reason=rule.reason,
            )
            parts.append(Text(said))
    return parts


def _feed_entry(feed: Feed) -> dict[str, Any]:
    return {
        "name": feed.name,
        "title": feed.title,
        "table": feed.main.table,
        "files": [kind.pattern for kind in feed.files],
        "file": feed.file,
    }


def _feeds(payload: Mapping[str, Any], locale: str) -> RenderableType:
    heads = [_t(locale, head) for head in (mark("Feed"), mark("Table"), mark("Files"), mark("Title"))]
    return table_of(heads, ((f["name"], f["table"], " ".join(f["files"]), f["title"]) for f in payload["feeds"]))


def _feed(feed: Feed, locale: str) -> str:
    lines = [f"{feed.name}: {feed.title}", "", feed.description, ""]
    lines += [
        f"{_t(locale, mark('Publisher'))}: {feed.origin.publisher}",
        f"{_t(locale, mark('Where to get it'))}: {feed.origin.obtain}",
    ]
    lines += [
        f"{_t(locale, mark('Licence'))}: {feed.origin.licence}",
        f"{_t(locale, mark('Definition'))}: {feed.file}",
        "",
    ]
    lines += [f"- {note}" for note in feed.origin.notes]
    return "\n".join(lines)


def _tables(tables: Iterable[TableSummary], locale: str) -> RenderableType:
    heads = [
        _t(locale, head)
        for head in (mark("Table"), mark("Rows"), mark("Version"), mark("Changed"), mark("Quarantined"))
    ]
    rows = [
        (t.name, t.rows, t.version, f"{t.changed_at:%Y-%m-%d %H:%M}" if t.changed_at else None, t.quarantined)
        for t in tables
    ]
    return table_of(heads, rows)


def _table(detail: TableDetail, locale: str) -> RenderableType:
    heads = [_t(locale, head) for head in (mark("Column"), mark("Type"), mark("Meaning"))]
    columns = [
        (c.name, c.type.value + (" *" if c.required else ""), c.meaning.get(locale, c.meaning["en"]))
        for c in detail.contract.columns
    ]
    versions = [(v.version, f"{v.at:%Y-%m-%d %H:%M}", v.operation, v.source) for v in detail.history]
    titles = [_t(locale, head) for head in (mark("Version"), mark("When"), mark("Operation"), mark("Source"))]
    return Group(Text(detail.summary.meaning), table_of(heads, columns), Text(""), table_of(titles, versions))


def _quarantine(page: QuarantinePage, locale: str) -> RenderableType:
    heads = [_t(locale, head) for head in (mark("Rule"), mark("Count"), mark("Reason"))]
    counts = table_of(heads, ((rule.rule, rule.count, rule.reason) for rule in page.rules))
    titles = [_t(locale, head) for head in (mark("Rule"), mark("File"), mark("Line"), mark("Row"))]
    rows = [(row.rule, Path(row.file or "").name, row.line, json_text(row.row)[:ROW_SHOWN]) for row in page.rows]
    return Group(counts, Text(""), table_of(titles, rows))
