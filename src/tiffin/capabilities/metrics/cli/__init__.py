"""The command ``tiffin metrics …``: find, read, query, explain, check and export governed numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.cli import ledger, rollups
from tiffin.capabilities.metrics.cli.authoring import differ, drafts, standards
from tiffin.capabilities.metrics.cli.exports import export
from tiffin.capabilities.metrics.cli.interchange import importing
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
from tiffin.capabilities.metrics.cli.tree import gaps_told, tree
from tiffin.capabilities.metrics.domain.writing import metric_as_plain, metric_in_full, with_marks
from tiffin.capabilities.metrics.service import MetricResult, checking, foreign
from tiffin.capabilities.metrics.service.decomposing import check_trees
from tiffin.capabilities.metrics.service.explaining import Explanation
from tiffin.capabilities.metrics.service.publishing import broken_locks
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import mark, translate
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

FAILED, INVALID = 1, 3


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    metrics = typer.Typer(no_args_is_help=True, help="Governed numbers: what there is, what each means, the values.")
    metrics.command("list")(list_metrics)
    metrics.command("show")(show)
    metrics.command("query")(query)
    metrics.command("explain")(explain)
    metrics.command("check")(check)
    metrics.command("export")(export)
    metrics.add_typer(importing(), name="import")
    metrics.command("cases")(cases)
    metrics.command("standards")(standards)
    metrics.command("differ")(differ)
    metrics.command("drafts")(drafts)
    metrics.command("tree")(tree)
    rollups.register(metrics)
    ledger.register(metrics)
    app.add_typer(metrics, name="metrics")


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


def explain(  # noqa: PLR0913 - one parameter an option
    metrics: Annotated[
        list[str] | None, typer.Argument(help="Names of metrics, with blanks or commas between.")
    ] = None,
    *,
    published: Annotated[
        str | None, typer.Option("--published", help="Reference of a published number to compute again: PN-2026-00017.")
    ] = None,
    by: ByOption = None,
    where: WhereOption = None,
    first: FromOption = None,
    last: ToOption = None,
    order: OrderOption = None,
    limit: LimitOption = None,
    under: UnderOption = None,
    currency: CurrencyOption = None,
    rates_on: RatesOnOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show how a request is answered: SQL of each engine, lineage, versions. JSON: {"sql", "lineage", "receipt"}.

    With --published: compute a published number again from what it stood on. JSON: {"reference", "is_equal", ...}.
    """
    if published is not None:
        ledger.explain_published(published, workspace=workspace, user=user, locale=locale, as_json=as_json)
        return
    asked = asked_of(
        metrics or (), by, where, first, last, order, limit, under=under, currency=currency, rates_on=rates_on
    )
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        found = service.explain(context, service.request_of(context, asked))
        language = context.locale
    lineage = {name: asdict(item) for name, item in found.lineage.items()}
    payload = {"sql": found.sql, "lineage": lineage, "receipt": found.receipt}
    emit(payload, as_json=as_json, human=lambda _: _explained(found, engine, language))


def check(
    metrics: Annotated[list[str] | None, typer.Argument(help="Metrics whose examples to run; else all.")] = None,
    *,
    engine: Annotated[
        list[str] | None, typer.Option("--engine", help="Engine to run the worked examples on; else both.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Check all definitions, run every worked example on both engines, and compare trees with the facts.

    JSON: {"metrics", "problems": [...], "examples", "engines", "failures": [{"metric", "engine", "why"}],
    "gaps": [{"tree", "metric", "group", "value", "given"}]}.
    """
    engines = tuple(engine or checking.ENGINES)
    with open_context(workspace, user=user) as context:
        report = checking.check(context, engines=engines, only=tuple(metrics or ()))
        gaps = () if metrics or report.problems else check_trees(context)
        broken = broken_locks(context)
        language = context.locale
    payload = {
        "metrics": report.metrics,
        "problems": [*report.problems, *broken],
        "examples": len(report.outcomes),
        "engines": engines,
        "failures": [asdict(failure) for failure in report.failures],
        "gaps": [asdict(gap) for gap in gaps],
    }
    emit(payload, as_json=as_json, human=lambda found: _checked(found, language))
    if gaps or broken or not report.is_good:
        raise typer.Exit(INVALID if report.problems or broken else FAILED)


def cases(
    folder: Annotated[Path, typer.Argument(help="Folder with cases.jsonl, tables/ and manifests/.")],
    *,
    locale: LocaleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a foreign semantic layer and run its cases through Tiffin's own compiler, against their check queries.

    JSON: {"passed", "failed", "refused", "cases": [{"name", "status", "why"}]}.
    """
    outcomes = foreign.run_cases(folder)
    payload: dict[str, Any] = dict(foreign.counts(outcomes))
    payload["cases"] = [asdict(outcome) for outcome in outcomes]
    emit(payload, as_json=as_json, human=lambda found: _cases_told(found, locale or "en"))
    if payload["passed"] < len(outcomes):
        raise typer.Exit(FAILED)


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
    return [labels[column.name] for column in result.columns]


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


def _explained(found: Explanation, engine: str | None, locale: str) -> RenderableType:
    parts: list[RenderableType] = []
    for name, described in found.receipt.metrics.items():
        version = translate(
            locale, "version {number} since {date}", number=described["version"], date=described["since"]
        )
        parts.append(Text(f"{described['label']} ({name}, {version})", style="bold"))
        parts.append(Text(described["meaning"]))
        parts.append(Text(found.lineage[name].formula))
        parts.append(Text(", ".join(f"{table}.{column}" for table, column in found.lineage[name].columns) + "\n"))
    for dialect, sql in found.sql.items():
        if engine in (None, dialect):
            parts += [Text(dialect, style="bold"), Text(sql + "\n")]
    return Group(*parts)


def _checked(payload: Mapping[str, Any], locale: str) -> str:
    lines = [*payload["problems"]]
    lines += [f"{item['metric']} ({item['engine']}): {item['why']}" for item in payload["failures"]]
    lines += gaps_told(payload["gaps"], locale)
    lines.append(
        translate(
            locale,
            "{metrics} metrics, {examples} worked examples run on {engines}: "
            "{problems} faulty definitions, {failures} failed examples.",
            metrics=payload["metrics"],
            examples=payload["examples"],
            engines=", ".join(payload["engines"]),
            problems=len(payload["problems"]),
            failures=len(payload["failures"]),
        )
    )
    return "\n".join(lines)


def _cases_told(payload: Mapping[str, Any], locale: str) -> str:
    lines = [f"{item['status']} {item['name']}: {item['why']}" for item in payload["cases"] if item["why"]]
    counts = {key: payload[key] for key in ("passed", "failed", "refused")}
    lines.append(translate(locale, "{passed} cases passed, {failed} failed, {refused} were refused.", **counts))
    return "\n".join(lines)
