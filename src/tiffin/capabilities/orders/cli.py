"""Commands of order files: ``tiffin orders``."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tiffin.capabilities.orders.service.finding import MOST, OrderSearch, find_orders
from tiffin.capabilities.orders.service.order_file import order_file
from tiffin.capabilities.orders.service.payload import found_payload, payload_of
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import EngineOption, JsonOption, UserOption, WorkspaceOption, emit, table_of

DayOption = Annotated[str | None, typer.Option(metavar="DATE", help="Business day, such as 2026-02-20.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(
        no_args_is_help=True, help="One order's file: what was promised, what happened, what was decided."
    )
    group.command("show")(show)
    group.command("find")(find)
    app.add_typer(group, name="orders")


def show(
    city: Annotated[str, typer.Argument(help="City, as the console names it.")],
    order: Annotated[str, typer.Argument(help="Identifier of the order within the city.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
) -> None:
    """Show one order's file; that it was read is on the audit trail.

    JSON: {"city_id", "order_id", "reader", "late_min", "order", "legs", "money", "story", "parts"}; a row has "values",
    "hidden" and "masked".
    """
    with open_context(workspace, user=user, engine=engine) as context:
        payload = payload_of(order_file(context, city, order), context.locale)
    emit(payload, as_json=as_json, human=_told)


def find(  # noqa: PLR0913 - one parameter an option of the command
    text: Annotated[str, typer.Argument(help="Identifier or a part of it; several with commas.")] = "",
    *,
    city: Annotated[str, typer.Option(help="Only orders of this city.")] = "",
    first: DayOption = None,
    last: DayOption = None,
    status: Annotated[str, typer.Option(help="placed, delivered, cancelled or returned.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only late ones, and those that never came.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Orders at most.")] = 50,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
) -> None:
    """Find orders, the newest first.

    JSON: {"orders": [{"values", "hidden", "masked", "late_min"}]}.
    """
    wanted = OrderSearch(
        text=text,
        city_id=city,
        first=read_day(first) if first else None,
        last=read_day(last) if last else None,
        status=status,
        is_late=late,
    )
    with open_context(workspace, user=user, engine=engine) as context:
        found = found_payload(find_orders(context, wanted, limit=limit))
    emit({"orders": found}, as_json=as_json, human=_listed)


def _told(payload: Mapping[str, Any]) -> str:
    late = payload["late_min"]
    head = f"{payload['order_id']} ({payload['order']['values'].get('status')})"
    steps = (f"{one.at:%H:%M} UTC  {one.said}" for one in payload["story"])
    return "\n".join([head if late is None else f"{head}, {late:.0f} min after the promise", *steps])


def _listed(payload: Mapping[str, Any]) -> Any:
    rows = (
        (one["values"]["city_id"], one["values"]["order_id"], one["values"]["placed_at"], one["values"]["status"])
        for one in payload["orders"]
    )
    return table_of(("city", "order", "placed", "status"), rows)
