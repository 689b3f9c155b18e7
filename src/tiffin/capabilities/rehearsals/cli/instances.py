"""``tiffin rehearsals instance``: a city's day of the facts, written as an instance of the routing problem."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals.cli.telling import SIMULATED
from tiffin.capabilities.rehearsals.service.city_instances import usual_rules, write_instance
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def instance(  # noqa: PLR0913 - one parameter an option of the command
    name: Annotated[str, typer.Argument(metavar="CITY/DATE", help="A day of the facts, such as riyadh/2026-02-24.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files; it is made where there is none.")],
    metres_per_minute: Annotated[
        float | None, typer.Option(min=1.0, help="Speed on the straight line, instead of the simulator's.")
    ] = None,
    pickup: Annotated[int | None, typer.Option(min=0, help="Minutes of service at a restaurant.")] = None,
    dropoff: Annotated[int | None, typer.Option(min=0, help="Minutes of service at a customer's.")] = None,
    target: Annotated[int | None, typer.Option(min=1, help="Click-to-door that is aimed at, minutes.")] = None,
    maximum: Annotated[int | None, typer.Option(min=1, help="Latest click-to-door, minutes.")] = None,
    pay: Annotated[float | None, typer.Option(min=0.0, help="Pay for an order, money of the instance.")] = None,
    guarantee: Annotated[float | None, typer.Option(min=0.0, help="Guaranteed pay for an hour.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Write a city's day of the facts as the files of an instance, which `tiffin simulate --instance` solves.

    Tells riders, and where orders went, one by one: it takes grants that open both in the whole city, and the audit
    trail says who took them. Times are whole minutes since the business day began, places are metres.

    JSON: {"folder", "orders", "restaurants", "couriers", "couriers_in_the_middle", "customers_guessed",
    "left_out": {reason: rows}, "is_simulated"}.
    """
    city_id, slash, stated = name.partition("/")
    if not slash:
        raise WrongUse(f"A city and a day were expected, such as riyadh/2026-02-24; found {name!r}.")
    day = read_day(stated)
    asked: dict[str, Any] = {
        "metres_per_minute": metres_per_minute,
        "pickup_min": pickup,
        "dropoff_min": dropoff,
        "target_min": target,
        "maximum_min": maximum,
        "pay_per_order": pay,
        "guarantee_per_hour": guarantee,
    }
    rules = replace(usual_rules(day), **{key: value for key, value in asked.items() if value is not None})
    with open_context(workspace, user=user) as context:
        written = write_instance(context, city_id, day, out, rules=rules)
    emit(asdict(written), as_json=as_json, human=_told)


def _told(payload: Mapping[str, Any]) -> RenderableType:
    rows = [(key.replace("_", " "), payload[key]) for key in ("orders", "restaurants", "couriers")]
    rows.append(("couriers whose zone has no order, who start in the middle", payload["couriers_in_the_middle"]))
    rows.append(("customers whose place is sealed, guessed by distance and zone", payload["customers_guessed"]))
    rows += [(f"left out, {why}", count) for why, count in payload["left_out"].items()]
    head = f"{SIMULATED} " if payload["is_simulated"] else ""
    return table_of(("rows", "count"), rows, title=f"{head}The instance is written to {payload['folder']}.")
