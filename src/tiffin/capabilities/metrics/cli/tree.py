"""The command ``tiffin metrics tree``: a number, and what it consists of."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.tree_asking import AskedTree, tree_as_plain
from tiffin.capabilities.metrics.service.decomposing import Decomposition
from tiffin.capabilities.metrics.service.forest import list_trees
from tiffin.capabilities.metrics.service.walking import decompose_as_asked, decomposition_as_plain
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, ngettext, translate
from tiffin.runtime.terminal import (
    AsOfOption,
    EngineOption,
    JsonOption,
    UserOption,
    WorkspaceOption,
    emit,
    moment,
    table_of,
)
from tiffin.web.measures import show_measure

MOST_GROUPS = 30

Texts = list[str] | None


def register(metrics: typer.Typer) -> None:
    """Add the command to ``tiffin metrics``."""
    metrics.command("tree")(tree)


def tree(  # noqa: PLR0913 - one parameter an option
    name: Annotated[str, typer.Argument(help="Tree, or metric in one; none lists the trees.")] = "",
    *,
    at: Annotated[str, typer.Option("--at", help="Part of the tree to begin with.")] = "",
    city: Annotated[str, typer.Option("--city", help="City to look at.")] = "",
    where: Annotated[Texts, typer.Option("--where", help="Filter; several must all hold.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First business date; else the last seven days.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last business date.")] = None,
    against: Annotated[
        str, typer.Option("--against", help="previous, week, 2026-02-01..2026-02-07, or city_id=doha.")
    ] = "previous",
    target: Annotated[Texts, typer.Option("--target", help="Compare with a target: completion_rate=0.97.")] = None,
    by: Annotated[str, typer.Option("--by", help="Dimension whose groups' contributions to show.")] = "",
    locale: Annotated[str | None, typer.Option("--locale", help="Language: en, ar, zh_Hans, zh_Hant or pt_BR.")] = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show a number with what made its change. JSON: {"tree", "days", "against", "parts": [...], "groups", ...}."""
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        if not name:
            trees = [tree_as_plain(one, context.locale) for one in list_trees(context)]
            emit({"trees": trees}, as_json=as_json, human=partial(_listed, locale=context.locale))
            return
        rows = AskedTree(city, tuple(where or ()), first, last)
        found = decompose_as_asked(context, name, rows, at=at, against=against, targets=tuple(target or ()), by=by)
        payload = decomposition_as_plain(context, found)
        shown = _told(context, found)
    emit(payload, as_json=as_json, human=lambda _: shown)


def gaps_told(gaps: Sequence[Mapping[str, Any]], locale: str) -> list[str]:
    """Tell where the parts of a tree do not give its number: how often, and the first of each metric."""
    firsts = {(gap["tree"], gap["metric"]): gap for gap in reversed(gaps)}
    told = [
        translate(
            locale,
            "{tree}: the parts of {metric} give {given}, not {value}, in {group}.",
            tree=gap["tree"],
            metric=gap["metric"],
            given=gap["given"],
            value=gap["value"],
            group=", ".join(str(one) for one in gap["group"]),
        )
        for gap in firsts.values()
    ]
    count = ngettext(
        locale,
        "{count} group in which the parts of a tree do not give its number.",
        "{count} groups in which the parts of a tree do not give its number.",
        len(gaps),
    )
    return [*told, count] if gaps else []


def _listed(payload: dict[str, Any], locale: str) -> RenderableType:
    columns = [translate(locale, text) for text in (mark("Name"), mark("Label"), mark("Level"))]
    return table_of(columns, [[one[key] for key in ("name", "label", "level")] for one in payload["trees"]])


def _told(context: Context, found: Decomposition) -> RenderableType:
    locale = context.locale
    heading = translate(
        locale,
        "{first} to {last}, against {earlier} to {later}",
        first=found.days.first,
        last=found.days.last,
        earlier=found.base_days.first,
        later=found.base_days.last,
    )
    pieces: list[RenderableType] = [Text(heading, style="dim"), _parts(context, found)]
    if found.groups:
        pieces.append(_groups(context, found))
    return Group(*pieces)


def _parts(context: Context, found: Decomposition) -> Table:
    texts = (mark("Metric"), mark("Before"), mark("Now"), mark("Change"), mark("Contribution"))
    table = _table([translate(context.locale, text) for text in texts])
    root = service.find_metric(context, found.root)
    for part in found.parts:
        metric = service.find_metric(context, part.metric)
        cells = [_cell(context, value, metric.unit, found) for value in (part.base, part.actual, part.change)]
        share = _cell(context, part.to_root, root.unit, found)
        table.add_row("  " * part.depth + metric.label.text(context.locale), *cells, share)
    return table


def _groups(context: Context, found: Decomposition) -> Table:
    texts = (mark("Group"), mark("Before"), mark("Now"), mark("Contribution"), mark("Own rate"), mark("Mix"))
    table = _table([translate(context.locale, text) for text in texts])
    unit = service.find_metric(context, found.root).unit
    groups = found.groups.groups if found.groups else ()
    for group in sorted(groups, key=lambda one: -abs(one.total))[:MOST_GROUPS]:
        values = (group.base, group.actual, group.total, group.rate, group.mix)
        name = translate(context.locale, "not known") if group.group is None else str(group.group)
        table.add_row(name, *(_cell(context, value, unit, found) for value in values))
    return table


def _table(headings: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index else "left", overflow="fold")
    return table


def _cell(context: Context, value: Decimal | None, unit: str, found: Decomposition) -> str:
    return show_measure(None if value is None else float(value), unit, context.locale, currency=found.currency)
