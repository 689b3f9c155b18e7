"""``tiffin metrics explain``: how a request is answered, or a published number computed again."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.cli import ledger
from tiffin.capabilities.metrics.cli.options import (
    ByOption,
    CurrencyOption,
    FromOption,
    LimitOption,
    LocaleOption,
    OrderOption,
    RatesOnOption,
    ToOption,
    UnderOption,
    WhereOption,
    asked_of,
)
from tiffin.capabilities.metrics.service.explaining import Explanation
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import translate
from tiffin.runtime.terminal import (
    AsOfOption,
    EngineOption,
    JsonOption,
    UserOption,
    WorkspaceOption,
    emit,
    moment,
)


def register(metrics: typer.Typer) -> None:
    """Add the command to ``tiffin metrics``."""
    metrics.command("explain")(explain)


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
