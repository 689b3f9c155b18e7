"""The commands around published numbers: ``publish``, ``rerun``, ``ledger …`` and ``explain --published``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.cli.options import (
    ByOption,
    CurrencyOption,
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
from tiffin.capabilities.metrics.domain.bridge import Bridge, decimal_text
from tiffin.capabilities.metrics.domain.published import Published
from tiffin.capabilities.metrics.domain.telling import bridges_as_plain, changed, published_as_plain, published_in_full
from tiffin.capabilities.metrics.service import ledger, ledger_checking, reproducing, rerunning
from tiffin.capabilities.metrics.service.readable import cells_of
from tiffin.capabilities.metrics.service.reproducing import CAUSES
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_date, mark, translate
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

Reference = Annotated[str, typer.Argument(help="Reference of the published number, such as PN-2026-00017.")]
FAILED = 1


def register(metrics: typer.Typer) -> None:
    """Add the commands."""
    metrics.command("publish")(publish)
    metrics.command("rerun")(rerun)
    book = typer.Typer(no_args_is_help=True, help="The ledger of published numbers.")
    book.command("list")(list_entries)
    book.command("show")(show)
    book.command("bridge")(bridge)
    book.command("verify")(verify)
    metrics.add_typer(book, name="ledger")


def publish(  # noqa: PLR0913 - one parameter an option
    metrics: MetricsArgument,
    *,
    title: Annotated[str, typer.Option("--as", help="What it is published as: 'Board pack March'.")],
    note: Annotated[str, typer.Option("--note", help="What readers should know.")] = "",
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
    """Publish an answer: write it into the ledger with all that it stands on. JSON: {"reference", "rows", ...}."""
    asked = asked_of(metrics, by, where, first, last, order, limit, under=under, currency=currency, rates_on=rates_on)
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of), locale=locale) as context:
        entry = ledger.publish(context, service.request_of(context, asked), title=title, note=note)
        language = context.locale
    said = translate(language, "Published as {reference}.", reference=entry.reference)
    emit(published_as_plain(entry), as_json=as_json, human=lambda _: Group(Text(said), _values(entry, language)))


def rerun(
    receipt: Annotated[str, typer.Argument(help="Hash of a kept receipt, or a file that holds one.")],
    *,
    engine: EngineOption = None,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Ask again what a receipt stands for. JSON: {"columns", "rows", "is_same", "differs_in", "receipt"}.

    Ends with 1 where the answer is not the receipt's, for instance because the asker may see other rows.
    """
    with open_context(workspace, user=user, engine=engine, locale=locale) as context:
        found = rerunning.rerun(context, _receipt(context, receipt))
        language = context.locale
    names = [column.name for column in found.result.columns]
    payload = {
        "columns": names,
        "rows": found.result.rows,
        "is_same": found.is_same,
        "differs_in": found.differs_in,
        "receipt": found.result.receipt,
    }
    said = translate(language, "The same answer: its hash is the receipt's.")
    if not found.is_same:
        differs = ", ".join(found.differs_in)
        said = translate(language, "Not the same answer. What differs from the receipt: {parts}.", parts=differs)
    emit(payload, as_json=as_json, human=lambda _: Group(_rows(names, found.result.rows), Text(said)))
    if not found.is_same:
        raise typer.Exit(FAILED)


def list_entries(
    *,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List the published numbers that the actor may see, newest first. JSON: {"published": [...]}."""
    with open_context(workspace, user=user, locale=locale) as context:
        entries = ledger.show_published(context)
        language = context.locale
    emit(
        {"published": [published_as_plain(entry) for entry in entries]},
        as_json=as_json,
        human=lambda _: _listed(entries, language),
    )


def show(
    reference: Reference,
    *,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show a published number with all that it stood on. JSON: everything that was kept."""
    with open_context(workspace, user=user, locale=locale) as context:
        entry = ledger.find_published(context, reference)
        language = context.locale
    emit(published_in_full(entry), as_json=as_json, human=lambda _: _shown(entry, language))


def bridge(
    reference: Reference,
    *,
    engine: EngineOption = None,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell why a published number is another one now. JSON: {"bridges": [{"group", "metric", "steps": [...]}]}."""
    with open_context(workspace, user=user, engine=engine, locale=locale) as context:
        found = reproducing.bridge(context, ledger.find_published(context, reference))
        language = context.locale
    payload = {"reference": found.published.reference, "bridges": bridges_as_plain(found.bridges)}
    emit(payload, as_json=as_json, human=lambda _: _bridged(found.bridges, language))


def verify(
    *,
    locale: LocaleOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Check that no entry of the ledger was changed, cut out or added. JSON: {"entries", "head", "broken": [...]}."""
    with open_context(workspace, user=user, locale=locale) as context:
        found = ledger_checking.verify_ledger(context)
        language = context.locale
    said = translate(
        language,
        "Entries: {entries}. Faults: {faults}. Hash of the last entry: {head}",
        entries=found.entries,
        faults=len(found.broken),
        head=found.head,
    )
    emit(asdict(found), as_json=as_json, human=lambda _: "\n".join([*found.broken, said]))
    if not found.is_sound:
        raise typer.Exit(FAILED)


def explain_published(
    reference: str, *, workspace: Path | None, user: str | None, locale: str | None, as_json: bool
) -> None:
    """Compute a published number again and tell whether it is the same."""
    with open_context(workspace, user=user, locale=locale) as context:
        found = reproducing.reproduce(context, ledger.find_published(context, reference))
        language = context.locale
    entry = found.published
    payload = {
        "reference": entry.reference,
        "is_equal": found.is_equal,
        "published": entry.rows,
        "reproduced": found.rows,
        "missing": found.missing,
        "columns": entry.columns,
    }
    said = translate(language, "Reproduced: every value is the published one.")
    if found.missing:
        missing = ", ".join(found.missing)
        said = translate(language, "It cannot be reproduced: {missing} is gone.", missing=missing)
    elif not found.is_equal:
        said = translate(language, "Not reproduced: the values differ.")
    emit(payload, as_json=as_json, human=lambda _: Group(_shown(entry, language), Text(said)))
    if not found.is_equal:
        raise typer.Exit(FAILED)


def _receipt(context: Context, text: str) -> Mapping[str, Any]:
    path = Path(text)
    if not path.is_file():
        if path.suffix:
            raise NotFound(f"A file with a receipt was expected at {path}, and there is none.")
        return rerunning.kept_receipt(context, text)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidData(f"{path} is no JSON: {error}. Save a receipt with --json.") from error
    if not isinstance(found, dict):
        raise InvalidData(f"A receipt was expected in {path}, found a list or a plain value.")
    return found


def _rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> RenderableType:
    return table_of(columns, rows)


def _listed(entries: Sequence[Published], locale: str) -> RenderableType:
    names = (mark("Reference"), mark("Title"), mark("Published"), mark("By"), mark("Metrics"))
    columns = [translate(locale, name) for name in names]
    rows = [
        (e.reference, e.title, format_date(e.published_at, locale), e.published_by, ", ".join(e.units)) for e in entries
    ]
    return table_of(columns, rows)


def _shown(entry: Published, locale: str) -> RenderableType:
    heading = f"{entry.reference} · {entry.title}"
    by = translate(
        locale,
        "Published on {day} by {name}.",
        day=format_date(entry.published_at, locale),
        name=entry.published_by,
    )
    lines = [Text(heading, style="bold"), Text(by), *([Text(entry.note)] if entry.note else [])]
    return Group(*lines, _values(entry, locale))


def _values(entry: Published, locale: str) -> RenderableType:
    cells = [cells_of(entry, index, locale) for index in range(len(entry.rows))]
    numbers = {place for place, name in enumerate(entry.columns) if name in entry.units}
    return table_of(entry.columns, cells, written_numbers=numbers)


def _bridged(bridges: Sequence[Bridge], locale: str) -> RenderableType:
    moved = changed(bridges)
    if not moved:
        return Text(translate(locale, "Nothing has changed since."))
    causes = list(dict.fromkeys(step.cause for bridge in moved for step in bridge.steps))
    columns = [
        translate(locale, mark("Number")),
        translate(locale, mark("As published")),
        *(translate(locale, CAUSES[cause]) for cause in causes),
        translate(locale, mark("As it is now")),
    ]
    rows = []
    for bridge in moved:
        amounts = {step.cause: decimal_text(step.amount) for step in bridge.steps}
        name = " · ".join(str(part) for part in (bridge.metric, *bridge.group))
        rows.append([name, bridge.published, *(amounts.get(cause, "0") for cause in causes), bridge.now])
    return table_of(columns, rows)
