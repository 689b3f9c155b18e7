"""The command ``tiffin metrics export``: answers as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.cli.interchange import export_model
from tiffin.capabilities.metrics.cli.options import (
    ByOption,
    CurrencyOption,
    FromOption,
    LimitOption,
    MetricsArgument,
    OrderOption,
    RatesOnOption,
    ToOption,
    UnderOption,
    WhereOption,
    asked_of,
)
from tiffin.capabilities.metrics.service import exports
from tiffin.capabilities.metrics.service.exports import Format
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import ngettext
from tiffin.runtime.terminal import AsOfOption, EngineOption, UserOption, WorkspaceOption, moment, say

MODEL = "osi"
"""Stands for all definitions where metrics are named; no metric bears this name."""


def register(metrics: typer.Typer) -> None:
    """Add the command to ``tiffin metrics``."""
    metrics.command("export")(export)


def export(  # noqa: PLR0913 - one parameter an option
    metrics: MetricsArgument,
    *,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; else standard output.")] = None,
    kind: Annotated[Format, typer.Option("--format", help="Form of the file.")] = Format.CSV,
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
    workspace: WorkspaceOption = None,
    user: UserOption = None,
) -> None:
    """Write an answer as a file: CSV (its receipt beside it), an Arrow stream or Parquet (the receipt within).

    A large answer is written as it is read. CSV is UTF-8 with ISO dates, empty where there is no value.
    ``tiffin metrics export osi`` writes the definitions themselves, as an Open Semantic Interchange document.
    """
    if metrics == [MODEL]:
        export_model(out=out, workspace=workspace, user=user)
        return
    asked = asked_of(metrics, by, where, first, last, order, limit, under=under, currency=currency, rates_on=rates_on)
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        file = exports.export(context, service.request_of(context, asked), kind)
        language = context.locale
        if out is None:
            for part in file.parts:
                sys.stdout.buffer.write(part)
            return
        exports.write_export(file, out)
    count = file.count.rows
    say(ngettext(language, "{count} row written to {file}.", "{count} rows written to {file}.", count, file=out))
