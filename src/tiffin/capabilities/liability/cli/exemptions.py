"""Commands of exemptions: ``tiffin liability exemptions list|declare|end``."""

from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.exemptions import Scope
from tiffin.capabilities.liability.service.exemption_listing import (
    ExemptionRow,
    Held,
    exemption_city,
    list_exemptions,
)
from tiffin.capabilities.liability.service.exemptions import NewExemption, declare, end
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_instant, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

CityArgument = Annotated[str, typer.Argument(help="City, such as riyadh.")]
TIME = "By the city's clock, such as 2026-02-20T18:30."


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    told = "Circumstances that exempt from blame, declared when they happen."
    group = typer.Typer(no_args_is_help=True, help=told)
    group.command("list")(show)
    group.command("declare")(declare_one)
    group.command("end")(end_one)
    liability.add_typer(group, name="exemptions")


def show(
    *,
    city: Annotated[str, typer.Option(help="Only this city.")] = "",
    held: Annotated[Held | None, typer.Option(help="Only what holds now, later, or is over.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """List what is declared. JSON: {"exemptions": [{"exemption_id", "city_id", "circumstance", "scope", ...}]}."""
    with open_context(workspace, user=user) as context:
        found, locale = list_exemptions(context, city_id=city, held=held), context.locale
    emit({"exemptions": found}, as_json=as_json, human=lambda _payload: _told(found, locale))


def declare_one(  # noqa: PLR0913 - one parameter an option of the command
    city: CityArgument,
    circumstance: Annotated[Circumstance, typer.Argument(help="What exempts.")],
    *,
    starts: Annotated[str, typer.Option("--from", help=TIME)],
    ends: Annotated[str, typer.Option("--until", help=TIME)],
    reference: Annotated[str, typer.Option(help="What it rests on: a report, a command, a warning; no names.")],
    scope: Annotated[Scope, typer.Option(help="What it holds for.")] = Scope.CITY,
    scope_id: Annotated[str, typer.Option("--id", help="Which zone, merchant or order.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Declare a circumstance for a place and time. JSON: {"exemption_id"}."""
    with open_context(workspace, user=user) as context:
        place = exemption_city(context, city)
        wanted = NewExemption(
            circumstance=circumstance,
            scope=scope,
            scope_id=scope_id,
            starts_at=place.read_time(starts),
            ends_at=place.read_time(ends),
            reference=reference,
        )
        number, locale = declare(context, city, wanted), context.locale
    told = translate(locale, mark("Exemption {number} is declared."), number=number)
    emit({"exemption_id": number}, as_json=as_json, human=lambda _payload: told)


def end_one(
    number: Annotated[int, typer.Argument(help="As `tiffin liability exemptions list` numbers it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """End an exemption now; what happened while it held stays exempt. JSON: {"exemption_id"}."""
    with open_context(workspace, user=user) as context:
        end(context, number)
        locale = context.locale
    told = translate(locale, mark("Exemption {number} is over."), number=number)
    emit({"exemption_id": number}, as_json=as_json, human=lambda _payload: told)


def _told(found: tuple[ExemptionRow, ...], locale: str) -> RenderableType:
    if not found:
        return Text(translate(locale, mark("No exemption here")))
    heads = (mark("Number"), mark("Circumstance"), mark("City"), mark("Holds for"), mark("From"), mark("Until"))
    rows = (
        (
            str(one.exemption_id),
            value_name(one.circumstance, locale),
            one.city_id,
            one.scope_id,
            format_instant(one.starts_at, locale, timezone=one.timezone),
            format_instant(one.ends_at, locale, timezone=one.timezone),
        )
        for one in found
    )
    return table_of([translate(locale, one) for one in heads], rows)
