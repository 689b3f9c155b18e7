"""``tiffin metrics list``, ``show`` and ``query``: find, read and compute governed numbers."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.cli.options import (
    ApproximateOption,
    ByOption,
    CurrencyOption,
    FillOption,
    FromOption,
    LimitOption,
    LocaleOption,
    MetricsArgument,
    OrderOption,
    RatesOnOption,
    ToOption,
    UnderOption,
    WhereOption,
    asked_of,
)
from tiffin.capabilities.metrics.domain.writing import metric_as_plain, metric_in_full, with_marks
from tiffin.capabilities.metrics.service import MetricResult
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_instant, format_number, mark, translate
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

KNOWN_WRONG = mark("Known to be wrong since {time}: incident {number}.")
UNUSUAL = mark("Out of the ordinary since {time}, being looked into: incident {number}.")


def register(metrics: typer.Typer) -> None:
    """Add the commands to ``tiffin metrics``."""
    metrics.command("list")(list_metrics)
    metrics.command("show")(show)
    metrics.command("query")(query)


def list_metrics(
    search: Annotated[str, typer.Argument(help="Part of a name, label or meaning.")] = "",
    *,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List the metrics. JSON: {"metrics": [{"name", "label", "meaning", "kind", "unit", "owner", "tier", ...}]}."""
    with open_context(workspace, user=user, locale=locale) as context:
        found = [metric_as_plain(metric, context.locale) for metric in service.search_metrics(context, search)]
        language = context.locale
    emit({"metrics": found}, as_json=as_json, human=lambda payload: _listed(payload["metrics"], language))


def show(
    name: Annotated[str, typer.Argument(help="Name of the metric.")],
    *,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show what a metric means, how it is computed and by what it can be split. JSON: its description."""
    with open_context(workspace, user=user, locale=locale) as context:
        payload = metric_in_full(
            service.find_metric(context, name),
            context.locale,
            lineage=service.lineage(context, name),
            dimensions=service.dimensions_of(context, name),
            children=service.children_of(context, name),
        )
        language = context.locale
    emit(payload, as_json=as_json, human=lambda found: _shown(found, language))


def query(  # noqa: PLR0913 - one parameter an option
    metrics: MetricsArgument,
    *,
    by: ByOption = None,
    where: WhereOption = None,
    first: FromOption = None,
    last: ToOption = None,
    order: OrderOption = None,
    limit: LimitOption = None,
    under: UnderOption = None,
    currency: CurrencyOption = None,
    rates_on: RatesOnOption = None,
    fill: FillOption = False,
    approximate: ApproximateOption = False,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the receipt whole, to be asked again by its hash.")
    ] = False,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Compute metrics. JSON: {"columns": [...], "rows": [[...]], "receipt": {...}}."""
    asked = asked_of(
        metrics,
        by,
        where,
        first,
        last,
        order,
        limit,
        under=under,
        currency=currency,
        rates_on=rates_on,
        fill=fill,
        is_approximate=approximate,
    )
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        request = service.request_of(context, asked)
        result = service.query_and_keep(context, request) if keep else service.query(context, request)
        human = partial(_answered, result=result, headings=_headings(context, result), locale=context.locale)
    names = [column.name for column in result.columns]
    emit({"columns": names, "rows": result.rows, "receipt": result.receipt}, as_json=as_json, human=human)


def _listed(metrics: Sequence[Mapping[str, Any]], locale: str) -> RenderableType:
    columns = [translate(locale, text) for text in (mark("Name"), mark("Label"), mark("Unit"), mark("Owner"))]
    return table_of(columns, [[item[key] for key in ("name", "label", "unit", "owner")] for item in metrics])


_FACTS = (
    (mark("Kind"), "kind"),
    (mark("Formula"), "formula"),
    (mark("Unit"), "unit"),
    (mark("Better"), "direction"),
    (mark("Level"), "level"),
    (mark("Owner"), "owner"),
    (mark("Tier"), "tier"),
    (mark("Version"), "version"),
    (mark("Since"), "since"),
    (mark("Reads"), "columns"),
    (mark("Made of"), "made_of"),
    (mark("Part of"), "parents"),
    (mark("Parts"), "children"),
    (mark("Can be split by"), "dimensions"),
    (mark("Defined at"), "defined_at"),
)


def _shown(metric: Mapping[str, Any], locale: str) -> RenderableType:
    facts = Table.grid(padding=(0, 2))
    for label, key in _FACTS:
        if metric[key]:
            facts.add_row(Text(translate(locale, label), style="bold"), Text(_told(metric[key])))
    return Group(Text(metric["label"], style="bold"), Text(metric["meaning"]), Text(), facts)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} ({how})" for name, how in value.items())
    if isinstance(value, list):
        return ", ".join(item["name"] if isinstance(item, Mapping) else str(item) for item in value)
    return str(value)


def _headings(context: Context, result: MetricResult) -> list[str]:
    dimensions = {item.name: item.label.text(context.locale) for item in service.dimensions_of(context)}
    described = result.receipt.metrics
    masked = {name: service.find_metric(context, name).label.text(context.locale) for name in result.receipt.masked}
    labels = {**dimensions, **masked, **{name: metric["label"] for name, metric in described.items()}}
    told = result.receipt.masked_as
    return [
        translate(context.locale, "{label} (masked)", label=labels[column.name])
        if column.name in told
        else labels[column.name]
        for column in result.columns
    ]


def _answered(_: Mapping[str, Any], *, result: MetricResult, headings: Sequence[str], locale: str) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, heading in zip(result.columns, headings, strict=True):
        table.add_column(heading, justify="right" if column.unit else "left", overflow="fold")
    for index, row in enumerate(result.rows):
        currency = result.currencies[index] if result.currencies else None
        cells = (_cell(item, locale, currency) for item in zip(row, result.columns, strict=True))
        marked = with_marks(
            [tuple(cells)], ((0, column) for place, column in result.receipt.withheld if place == index)
        )
        table.add_row(*(Text(cell) for cell in next(marked)))
    return Group(table, *(Text(note, style="dim") for note in _notes(result, locale)))


def _cell(item: tuple[Any, Any], locale: str, currency: str | None) -> str:
    value, column = item
    if column.unit:
        return show_measure(value, column.unit, locale, currency=currency)
    return "" if value is None else str(value)


def _notes(result: MetricResult, locale: str) -> list[str]:
    notes = []
    for fault in result.receipt.faults:
        text = KNOWN_WRONG if fault["certain"] else UNUSUAL
        since = format_instant(fault["since"], locale)
        notes.append(translate(locale, text, time=since, number=format_number(fault["incident"], locale)))
    if result.receipt.simulated:
        notes.append(translate(locale, "Some of these facts are simulated."))
    if result.receipt.masked:
        told = ", ".join(result.receipt.masked)
        notes.append(translate(locale, "No grant of yours opens {metrics}.", metrics=told))
    if result.receipt.withheld:
        least = result.receipt.minimum_size
        notes.append(
            translate(
                locale,
                "Values marked * are withheld: groups of fewer than {count} rows, and those that would tell of them.",
                count=least,
            )
        )
    for name, cities in result.receipt.recorded_in.items():
        told = ", ".join(cities) or translate(locale, "no city")
        notes.append(
            translate(locale, "The facts for {metric} are recorded in {cities} only.", metric=name, cities=told)
        )
    return notes
