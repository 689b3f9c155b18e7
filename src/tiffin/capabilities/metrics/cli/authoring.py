"""The commands ``tiffin metrics standards``, ``differ`` and ``drafts``."""

import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.metrics.service.asking_differences import (
    ASPECTS,
    AskedDifference,
    difference_as_plain,
    difference_asked,
)
from tiffin.capabilities.metrics.service.authoring import list_drafts
from tiffin.capabilities.metrics.service.differences import Comparison
from tiffin.capabilities.metrics.service.standards import record_translations, standards_report
from tiffin.kernel.errors import NotFound
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_money, format_number, mark, ngettext, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, say, table_of

FAILED = 1
EXACT = 6
"""Decimal places of a number that is no whole one: parts of shares are small."""

_QUERY = re.compile(r"(\s|\(|--[^\n]*\n|/\*.*?\*/)*(select|with|from)\s", re.IGNORECASE | re.DOTALL)
"""How a query begins, which a file's name does not."""


def register(metrics: typer.Typer) -> None:
    """Add the commands to ``tiffin metrics``."""
    metrics.command("standards")(standards)
    metrics.command("differ")(differ)
    metrics.command("drafts")(drafts)


def standards(
    metrics: Annotated[list[str] | None, typer.Argument(help="Metrics to look at; else all.")] = None,
    *,
    record: Annotated[
        bool, typer.Option("--record", help="For builders: note which English text each shipped translation is of.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Hold the standards over all definitions, or over some.

    JSON: {"metrics", "findings": [{"metric", "rule", "message"}], "near": [{"metric", "other", "differs_in"}]}; what is
    near, without meaning the same, is told of metrics that are named.
    """
    with open_context(workspace, user=user) as context:
        if record:
            say(str(record_translations(context)))
        report = standards_report(context, tuple(metrics or ()))
        language = context.locale
    payload = {
        "metrics": report.metrics,
        "findings": [asdict(one) for one in report.findings],
        "near": [asdict(one) for one in report.near],
    }
    emit(payload, as_json=as_json, human=lambda found: _findings_told(found, language))
    if not report.is_good:
        raise typer.Exit(FAILED)


def differ(  # noqa: PLR0913 - one parameter an option
    metric: Annotated[str, typer.Argument(help="Governed metric to compare with.")],
    *,
    sql: Annotated[
        str | None, typer.Option("--sql", help="Query of the other number, a file that holds it, or - for the input.")
    ] = None,
    dialect: Annotated[str, typer.Option("--dialect", help="duckdb, spark, postgres, bigquery...")] = "duckdb",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="File with lines such as fct_orders.created_at = placed_at.")
    ] = None,
    export: Annotated[Path | None, typer.Option("--export", help="CSV of a dashboard instead of a query.")] = None,
    other: Annotated[str, typer.Option("--other", help="Another metric or version instead: orders@1.")] = "",
    value: Annotated[str, typer.Option("--value", help="The number that the other side shows.")] = "",
    taken_at: Annotated[str, typer.Option("--taken-at", help="When it was taken: 2026-02-01T09:00.")] = "",
    first: Annotated[str, typer.Option("--from", help="First business date.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last business date.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Say why another number differs from a metric: --sql "select count(*) from orders", or another metric, or a CSV.

    JSON: {"mine", "theirs", "parts": [...], "rest", ...}.
    """
    asked = AskedDifference(
        metric=metric,
        sql=_query(sql),
        dialect=dialect,
        mapping=_text(mapping),
        other=other,
        claimed=value,
        as_of=taken_at,
        first=first,
        last=last,
        export=_text(export),
    )
    with open_context(workspace, user=user) as context:
        found = difference_asked(context, asked)
        language = context.locale
    emit(difference_as_plain(found), as_json=as_json, human=lambda _: _difference_told(found, language))


def drafts(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Finished ones too.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List the drafts of definitions. JSON: {"drafts": [{"draft_id", "metric", "state", "authors", ...}]}."""
    with open_context(workspace, user=user) as context:
        found = list_drafts(context, everything=everything)
        language = context.locale
    names = ("draft_id", "metric", "state", "authors", "changed_at")
    payload = {"drafts": [{name: getattr(one, name) for name in names} for one in found]}
    columns = [
        translate(language, text) for text in (mark("Number"), mark("Metric"), mark("State"), mark("Written by"))
    ]
    rows = [[str(one.draft_id), one.metric, one.state, ", ".join(one.authors)] for one in found]
    emit(payload, as_json=as_json, human=lambda _: table_of(columns, rows))


def _query(text: str | None) -> str:
    """Give a query that was typed, or that lies in a file, or that comes in through a pipe."""
    if text == "-":
        return sys.stdin.read()
    return text if text and _QUERY.match(text) else _text(Path(text) if text else None)


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    if not path.is_file():
        raise NotFound(f"A file was expected at {path}, and there is none.")
    return path.read_text(encoding="utf-8-sig")


def _findings_told(found: Mapping[str, Any], locale: str) -> RenderableType:
    count = len(found["findings"])
    told = ngettext(locale, "{count} finding", "{count} findings", count)
    columns = [translate(locale, text) for text in (mark("Metric"), mark("Standard"), mark("Finding"))]
    rows = [[one["metric"], one["rule"], one["message"]] for one in found["findings"]]
    return Group(table_of(columns, rows), Text(told)) if rows else Text(told)


def _difference_told(found: Any, locale: str) -> RenderableType:
    if not isinstance(found, Comparison):
        rows = [[" ".join(one.key), str(one.mine), str(one.theirs), str(one.amount)] for one in found.rows[:40]]
        heads = ["", found.metric, found.column, translate(locale, "Difference")]
        return table_of(heads, rows)
    columns = [translate(locale, text) for text in (mark("Aspect"), mark("Change"), mark("Amount"), mark("Leads to"))]
    rows = [[found.metric, "", "", _amount(found.mine, found, locale)]]
    rows += [
        [translate(locale, ASPECTS[one.aspect]), one.change, *_moved(one.amount, one.reached, found, locale)]
        for one in found.parts
    ]
    if found.rest:
        left_out = "; ".join(found.left_out)
        rows.append([translate(locale, "Unexplained"), left_out, *_moved(found.rest, found.theirs, found, locale)])
    rows.append([translate(locale, "The other number"), "", "", _amount(found.theirs, found, locale)])
    said = [translate(locale, "Both numbers are the same.")] if found.mine == found.theirs else []
    said += [translate(locale, "The certified number is {metric}.", metric=found.certified)] if found.certified else []
    return Group(table_of(columns, rows, written_numbers=(2, 3)), *map(Text, said))


def _moved(amount: Decimal, reached: Decimal, found: Comparison, locale: str) -> tuple[str, str]:
    told = _amount(amount, found, locale)
    return f"+{told}" if amount > 0 else told, _amount(reached, found, locale)


def _amount(value: Decimal, found: Comparison, locale: str) -> str:
    """Write a number or a part of one: money with its currency, anything else as exactly as it is known."""
    if found.currency:
        return format_money(float(value), found.currency, locale)
    return format_number(float(value), locale, decimals=0 if value == value.to_integral_value() else EXACT)
