"""The command ``tiffin diagnose``."""

from typing import Annotated

import typer

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.cli.days import day_of
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import AsOfOption, EngineOption, JsonOption, UserOption, WorkspaceOption, emit, moment

CityArgument = Annotated[str, typer.Argument(help="City, as `tiffin facts` and the console name it.")]
DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Business day, such as 2026-02-20, or `last`.")]


def diagnose(
    city: CityArgument,
    day: DateArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show the causes of a city's misses on a day, with the share that each explains.

    JSON: {"city_id", "day", "episodes": [{"where", "miss_min", "causes": [{"cause", "share", "weighed_min"}], ...}]}.
    """
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        book = service.daybook(context, city, day_of(context, city, day))
        locale = context.locale
    found = service.payload(book)
    payload = {"city_id": city, "day": book.day, "episodes": found["episodes"], "lacks": found["lacks"]}
    emit(payload, as_json=as_json, human=lambda _: service.told(book, locale))
