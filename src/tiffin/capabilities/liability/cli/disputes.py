"""Commands of disputes: ``tiffin liability disputes …``."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import RenderableType

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.service import disputes as service
from tiffin.capabilities.liability.service.dispute_records import Dispute
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import NOTHING, format_instant, format_money, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    disputes = typer.Typer(no_args_is_help=True, help="Disputes of customers, merchants and riders about verdicts.")
    disputes.command("list")(list_disputes)
    disputes.command("show")(show)
    liability.add_typer(disputes, name="disputes")


def list_disputes(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are over.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List disputes, what waits for a person first. JSON: {"disputes": [{"case_id", "order_id", "state", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = service.list_disputes(context, is_open=not closed), context.locale
    emit({"disputes": found}, as_json=as_json, human=lambda _payload: _listed(found, locale))


def show(
    case_id: Annotated[int, typer.Argument(help="Number of the case, as the list shows it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Show a dispute. JSON: {"dispute": {"case_id", "state", "offer", "thread", "currency", ...}}; minor units."""
    with open_context(workspace, user=user) as context:
        found, locale = service.show_dispute(context, case_id), context.locale
    emit({"dispute": found}, as_json=as_json, human=lambda _payload: _listed((found,), locale))


def _listed(found: Iterable[Dispute], locale: str) -> RenderableType:
    columns = (mark("Dispute"), mark("Order"), mark("City"), mark("State"), mark("The customer gets"), mark("Due"))
    rows = [
        (
            str(one.case_id),
            one.order_id,
            one.city_id,
            word(one.state, locale),
            format_money(one.offer.terms.customer_gets, one.currency, locale) if one.offer else NOTHING,
            format_instant(one.due_at, locale) if one.due_at else NOTHING,
        )
        for one in found
    ]
    return table_of([translate(locale, one) for one in columns], rows)
