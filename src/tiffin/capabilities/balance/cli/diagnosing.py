"""The command ``tiffin diagnose``: a city's day, what carries a metric's change, or cases with known answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.cli.days import day_of
from tiffin.capabilities.balance.domain.localising import Localised
from tiffin.capabilities.balance.domain.root_cause_cases import score
from tiffin.capabilities.balance.service.localising import localise
from tiffin.capabilities.balance.service.root_cause_cases import answer_cases, known_cases, payload_of
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import (
    AsOfOption,
    EngineOption,
    JsonOption,
    UserOption,
    WorkspaceOption,
    emit,
    moment,
    progress,
    table_of,
)

WhatArgument = Annotated[
    str | None,
    typer.Argument(metavar="CITY | METRIC", help="A city, as the console names it; with --city, a metric."),
]
DateArgument = Annotated[
    str | None, typer.Argument(metavar="DATE", help="Business day of the city, such as 2026-02-20, or `last`.")
]


def diagnose(  # noqa: PLR0913 - one parameter an option of the command
    what: WhatArgument = None,
    date: DateArgument = None,
    *,
    city: Annotated[
        str | None, typer.Option(help="City in which to look for what carries the metric's change.")
    ] = None,
    day: Annotated[str, typer.Option(help="Business day for --city, such as 2026-02-20, or `last`.")] = "last",
    by: Annotated[
        list[str] | None, typer.Option(help="Dimensions to look along, with commas; else up to three of the metric's.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option(help="Folder with cases of localisation: *.parquet, and cases.json beside them.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
    engine: EngineOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show the causes of a city's misses on a day, or which combination of dimensions carries what is unusual.

    `tiffin diagnose CITY DATE` tells the misses of a day with the share that each cause explains. `tiffin diagnose
    METRIC --city CITY --day DATE` names the combinations that carry a metric's change. `tiffin diagnose --cases DIR`
    answers cases from files (columns case, real and predict, or case, min, value and cnt; all others are dimensions)
    and scores them where cases.json tells the root causes.

    JSON: {"city_id", "day", "episodes": [{"where", "miss_min", "causes": [{"cause", "share", "weighed_min"}], ...}]};
    of a metric {"metric", "city_id", "day", "dimensions", "reading", "compared_with", "actual", "usual", "carriers":
    [{"where", "actual", "usual", "effect", "share", "confidence"}], "likeliest"}; of cases {"f1", "precision",
    "recall", "seconds", "cases": [{"case", "root_causes", "ranked", "seconds"}]}.
    """
    if cases is not None:
        if what or date or city:
            raise WrongUse("--cases takes a folder and no city, metric or date.")
        _answer_cases(cases, as_json=as_json)
        return
    if what is None or (city is None) == (date is None):
        raise WrongUse(
            "A city and a date were expected (`tiffin diagnose CITY DATE`), or a metric with --city and --day, or "
            "--cases."
        )
    with open_context(workspace, user=user, engine=engine, as_of=moment(as_of)) as context:
        if city is not None:
            found = localise(context, what, city, day_of(context, city, day), _names(by))
            emit(_payload(found), as_json=as_json, human=_told)
            return
        _city_day(context, what, str(date), as_json=as_json)


def _city_day(context: Context, city: str, text: str, *, as_json: bool) -> None:
    book = service.daybook(context, city, day_of(context, city, text))
    found = service.payload(book)
    payload = {"city_id": city, "day": book.day, "episodes": found["episodes"], "lacks": found["lacks"]}
    emit(payload, as_json=as_json, human=lambda _: service.told(book, context.locale))


def _names(by: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for text in by or () for name in text.split(",") if name.strip())


def _payload(found: Localised) -> Mapping[str, Any]:
    carriers = [
        {
            "where": dict(carrier.where),
            "actual": carrier.actual,
            "usual": carrier.usual,
            "effect": carrier.effect,
            "share": carrier.share,
            "confidence": carrier.confidence,
        }
        for carrier in found.carriers
    ]
    return {
        "metric": found.metric,
        "city_id": found.city_id,
        "day": found.day,
        "dimensions": found.dimensions,
        "reading": found.reading,
        "compared_with": found.compared_with,
        "actual": found.actual,
        "usual": found.usual,
        "carriers": carriers,
        "likeliest": [[dict(where) for where in explanation] for explanation in found.likeliest],
    }


def _told(payload: Mapping[str, Any]) -> RenderableType:
    title = f"{payload['metric']} in {payload['city_id']} on {payload['day']}: {payload['actual']:.4g}, "
    title += f"usual {payload['usual']:.4g}"
    if not payload["carriers"]:
        return f"{title}. No combination of {', '.join(payload['dimensions'])} differs from usual beyond chance."
    rows = (
        (
            " & ".join(f"{name}={value}" for name, value in one["where"].items()) or "the whole city",
            f"{one['actual']:.4g}",
            f"{one['usual']:.4g}",
            f"{one['effect']:+.4g}",
            f"{one['share']:.0%}",
            f"{one['confidence']:.0%}",
        )
        for one in payload["carriers"]
    )
    return table_of(("where", "actual", "usual", "effect", "share of change", "confidence"), rows, title=title)


def _answer_cases(folder: Path, *, as_json: bool) -> None:
    known = known_cases(folder)
    with progress(len(known) or None, "cases") as advance:
        answered = answer_cases(folder, known, advance=advance)
    told = score(answered, known)
    payload = {
        "f1": told.f1,
        "precision": told.precision,
        "recall": told.recall,
        "seconds": sum(case.seconds for case in answered),
        "cases": payload_of(answered),
    }
    emit(payload, as_json=as_json, human=_told_cases)


def _told_cases(payload: Mapping[str, Any]) -> RenderableType:
    rows = ((case["case"], "; ".join(case["root_causes"]), f"{case['seconds']:.3f}") for case in payload["cases"])
    known = payload["f1"] is not None
    title = f"F1 {payload['f1']:.3f}, " if known else ""
    return table_of(
        ("case", "root causes", "CPU s"),
        rows,
        title=f"{title}{len(payload['cases'])} cases in {payload['seconds']:.2f} s of CPU",
    )
