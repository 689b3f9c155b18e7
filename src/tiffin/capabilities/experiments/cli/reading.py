"""Commands that read trials out, and tables that somebody brings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from tiffin.capabilities.experiments.cli.areas import choices_table
from tiffin.capabilities.experiments.domain.file_designs import Columns, FileDesign
from tiffin.capabilities.experiments.domain.trial import Design, trial_from
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.file_reading import read_file
from tiffin.capabilities.experiments.service.laying_out import power_of_areas
from tiffin.capabilities.experiments.service.powering import LENGTHS, power_curve
from tiffin.capabilities.experiments.service.reading import read
from tiffin.capabilities.experiments.service.telling import plain_choice, plain_curve, plain_estimate, plain_readout
from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import asked_days, read_day
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, table_of


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("read")(read_out)
    app.command("power")(power)


def read_out(  # noqa: PLR0913 - one argument an option
    what: Annotated[str, typer.Argument(help="A trial by its name; with --design a CSV or Parquet file.")],
    *,
    design: Annotated[FileDesign | None, typer.Option(help="How what the file holds came about.")] = None,
    unit: Annotated[str, typer.Option(help="Column of what was drawn, or of a panel's units.")] = "unit",
    time: Annotated[str, typer.Option(help="Column of periods or windows.")] = "time",
    arm: Annotated[str, typer.Option(help="Column of the arm; of a panel, whether treated then.")] = "arm",
    value: Annotated[str, typer.Option(help="Column of the metric, or of its numerator.")] = "value",
    denominator: Annotated[str, typer.Option(help="Column of the denominator of a ratio.")] = "",
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of the interval.")] = 0.95,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Read a trial or a file out. JSON of a file: {"effect", "se", "low", "high", "p", "n", "method", "warnings"}."""
    if design is None:
        with open_context(workspace, user=user) as context:
            found = plain_readout(read(context, what))
        emit(dict(found), as_json=as_json, human=_trial)
        return
    try:
        estimate = read_file(Path(what), design, Columns(unit, time, arm, value, denominator), level=level)
    except DesignRefused as refusal:
        raise WrongUse(caution_text(refusal.caution)) from None
    emit(dict(plain_estimate(estimate)), as_json=as_json, human=_one)


def power(
    file: Annotated[Path, typer.Argument(help="The design, as `propose` takes it.")],
    *,
    days: Annotated[list[int] | None, typer.Option(min=1, help="A length to tell; may stand again.")] = None,
    since: Annotated[str | None, typer.Option(help="First day of the history.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day of the history.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell what a design would find. JSON: {"metric", "power", "level", "lengths": [{"days", "units",
    "smallest_effect"}], "warnings"}.
    """  # noqa: D205 - the second line goes on
    plain = without_lines(read_yaml(file))
    history = asked_days(read_day(since), read_day(until)) if since and until else None
    if plain.get("design") == Design.GEO:
        with open_context(workspace, user=user) as context:
            choice = plain_choice(power_of_areas(context, trial_from(plain)))
        emit({"choices": [choice]}, as_json=as_json, human=choices_table)
        return
    with open_context(workspace, user=user) as context:
        try:
            found = power_curve(context, plain, history=history, lengths=tuple(days or LENGTHS))
        except DesignRefused as refusal:
            raise WrongUse(caution_text(refusal.caution)) from None
    emit(dict(plain_curve(found)), as_json=as_json, human=_curve)


def _curve(told: Mapping[str, Any]) -> RenderableType:
    rows = [[_figure(value) for value in one.values()] for one in told["lengths"]]
    return Group(table_of(["days", "units", "smallest effect"], rows), *map(_warning, told["warnings"]))


def _trial(told: Mapping[str, Any]) -> RenderableType:
    names = ("metric", "arm", "today", "tried", "effect", "low", "high", "p", "n")
    rows = [[_figure(one.get(name)) for name in names] for one in told["readings"]]
    warned = [one for reading in told["readings"] for one in (*reading.get("warnings", ()), reading["refused"]) if one]
    return Group(table_of(list(names), rows), *map(_warning, warned))


def _one(told: Mapping[str, Any]) -> RenderableType:
    rows = [[name, _figure(value)] for name, value in told.items() if name != "warnings"]
    return Group(table_of(["", " "], rows), *map(_warning, told["warnings"]))


def _warning(told: Mapping[str, Any]) -> Text:
    values = {name: value for name, value in told.items() if name != "key"}
    return Text(str(caution_text(Caution(told["key"], values))))


def _figure(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "\N{EN DASH}" if value is None else str(value)
