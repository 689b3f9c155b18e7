"""Commands on areas: what something did that began there, and which to choose for a geographic trial."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.experiments.domain.panel_reading import Method
from tiffin.capabilities.experiments.domain.trial import Unit
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.laying_out import Wanted, matched_areas
from tiffin.capabilities.experiments.service.observing import (
    BEFORE_DAYS,
    USUAL_AFTER_DAYS,
    Question,
    observe,
    starts_from,
)
from tiffin.capabilities.experiments.service.telling import plain_choice, plain_observed
from tiffin.engines.experiments.estimate import Caution
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of

CityOption = Annotated[list[str] | None, typer.Option("--city", help="Among the areas of these cities.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("observe")(show_observed)
    app.command("markets")(show_markets)


def show_observed(  # noqa: PLR0913 - one argument an option
    metric: str,
    *,
    treated: Annotated[list[str], typer.Option(help="CITY or CITY:zone that began something; may stand again.")],
    since: Annotated[list[str], typer.Option("--from", help="Its first day; once for all, or once for each.")],
    design: Annotated[Method, typer.Option(help="How the others are set against it.")] = Method.SYNTHETIC_DID,
    until: Annotated[str, typer.Option("--through", help="Last day; four weeks after the first start.")] = "",
    city: CityOption = None,
    before: Annotated[int, typer.Option(min=4, max=730, help="Days before the first start.")] = BEFORE_DAYS,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of the interval.")] = 0.95,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell what something did that began in some areas, against areas where it did not; nobody drew lots.

    JSON: {"metric", "design", "effect", "low", "high", "p", "assumptions", "panel": {"gaps", "placebos", "weights"}}.
    """
    starts = starts_from(treated, [read_day(one) for one in since])
    first = min(one.day for one in starts)
    through = read_day(until) if until else first + timedelta(days=USUAL_AFTER_DAYS - 1)
    question = Question(metric, design, starts, through, tuple(city or ()), before, level)
    with open_context(workspace, user=user) as context:
        found = plain_observed(observe(context, question))
    emit(dict(found), as_json=as_json, human=_observed)


def show_markets(  # noqa: PLR0913 - one argument an option
    metric: str,
    *,
    city: Annotated[list[str], typer.Option(help="Among the areas of these cities; may stand again.")],
    until: Annotated[str, typer.Option("--until", help="First day of the trial; the history ends before it.")],
    unit: Annotated[Unit, typer.Option(help="zone or city.")] = Unit.ZONE,
    size: Annotated[list[int] | None, typer.Option(help="How many areas would be treated; may stand again.")] = None,
    days: Annotated[int, typer.Option(min=1, max=120, help="How long the trial would run.")] = 14,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Rehearse geographic trials on sets of areas in the metric's own history, and list the best first.

    JSON: {"choices": [{"areas", "smallest_effect", "power", "false_alarms", "scaled_miss", "share"}]}.
    """
    wanted = Wanted(metric, unit, tuple(city), tuple(size or (1, 2)), days, read_day(until))
    with open_context(workspace, user=user) as context:
        found = [plain_choice(one) for one in matched_areas(context, wanted)]
    emit({"choices": found}, as_json=as_json, human=choices_table)


def _observed(told: Mapping[str, Any]) -> RenderableType:
    names = ("effect", "low", "high", "p", "n", "compared_with")
    tests = [[one["name"], _figure(one["effect"]), _figure(one["p"])] for one in told["panel"]["placebos"]]
    warned = [Text(str(caution_text(Caution(one["key"], {k: v for k, v in one.items() if k != "key"}))))
              for one in told["warnings"]]  # fmt: skip
    return Group(
        table_of(list(names), [[_figure(told[name]) for name in names]]),
        table_of(["placebo test", "found", "p"], tests),
        *(Text(f"Assumes: {text}") for text in told["assumptions"]),
        *warned,
    )


def choices_table(told: Mapping[str, Any]) -> RenderableType:
    """Lay sets of areas out for people."""
    names = ("smallest_effect", "false_alarms", "scaled_miss", "off_at_zero", "share")
    rows = [[", ".join(one["areas"]), *(_figure(one[name]) for name in names)] for one in told["choices"]]
    return table_of(["areas", *(name.replace("_", " ") for name in names)], rows)


def _figure(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "\N{EN DASH}" if value is None else str(value)
