"""Commands of standards of conduct: ``tiffin liability standards check|coach``."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from tiffin.capabilities.liability.service import standards as service
from tiffin.capabilities.liability.service.standard_words import miss_told, tier_told, titles_told
from tiffin.capabilities.liability.service.standards import RiderStanding
from tiffin.kernel.time import read_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import NOTHING, format_number, mark, translate
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

CityArgument = Annotated[str, typer.Argument(help="City, such as riyadh.")]
DayOption = Annotated[str | None, typer.Option("--day", help="As of this day; else the last one that is known.")]


def register(liability: typer.Typer) -> None:
    """Add the commands to ``tiffin liability``."""
    told = "Standards of conduct and tiers of riders: where they stand, and coaching."
    group = typer.Typer(no_args_is_help=True, help=told)
    group.command("check")(check)
    group.command("coach")(coach)
    liability.add_typer(group, name="standards")


def check(
    city: CityArgument,
    *,
    day: DayOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Tell where every rider of a city stands, and why.

    JSON: {"city", "riders": [{"rider", "day", "tier", "reached", "kept_until", "missing": [text], "deliveries",
    "with_incident", "steps": {standard: step}, "breaches": {standard: [[verdict]]}}]}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "standards"):
        found, locale = service.standings_of(context, city, read_day(day) if day else None), context.locale
        rows = [_payload(one, locale) for one in found]
        today = context.now.date()
        standards, steps = titles_told(context, "standard", today), titles_told(context, "step", today)
        shown = [
            (one.rider_id, tier_told(context, one).name, _steps(one, standards, steps), _missing(one, locale))
            for one in found
        ]
    columns = [translate(locale, one) for one in (mark("Rider"), mark("Tier"), mark("Step"), mark("Missing"))]
    emit({"city": city, "riders": rows}, as_json=as_json, human=lambda _payload: table_of(columns, shown))


def coach(
    city: CityArgument,
    *,
    day: DayOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Open a case of coaching for each breach without one; again it does nothing.

    JSON: {"city", "day", "riders", "opened", "contested", "standing_again", "lapsed"}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "coach"):
        found, locale = service.detect(context, city, read_day(day) if day else None), context.locale
    counts = {
        "riders": found.riders,
        "opened": found.opened,
        "contested": found.contested,
        "standing_again": found.standing_again,
        "lapsed": found.lapsed,
    }
    said = translate(
        locale,
        "Looked at {riders} riders: opened {opened}, held up by appeals {contested}, standing again {standing_again}, "
        "not needed any more {lapsed}.",
        **{name: format_number(count, locale) for name, count in counts.items()},
    )
    payload = {"city": city, "day": found.day.isoformat(), **counts}
    emit(payload, as_json=as_json, human=lambda _payload: Text(said))


def _payload(one: RiderStanding, locale: str) -> dict[str, Any]:
    open_ones = [found for found in one.standings if found.step]
    return {
        "rider": one.rider_id,
        "day": one.day.isoformat(),
        "tier": one.tier.held.name,
        "reached": one.tier.reached.name,
        "kept_until": one.tier.kept_until.isoformat() if one.tier.kept_until else None,
        "missing": [miss_told(miss, locale) for miss in one.tier.missing],
        "deliveries": one.tier.served.deliveries,
        "with_incident": one.tier.served.with_incident,
        "steps": {found.standard.name: found.step for found in open_ones},
        "breaches": {
            found.standard.name: [[incident.verdict_id for incident in breach.incidents] for breach in found.breaches]
            for found in open_ones
        },
    }


def _steps(one: RiderStanding, standards: Mapping[str, str], steps: Mapping[str, str]) -> str:
    told = [f"{standards[found.standard.name]}: {steps[found.step.value]}" for found in one.standings if found.step]
    return ", ".join(told) or NOTHING


def _missing(one: RiderStanding, locale: str) -> str:
    return " ".join(miss_told(miss, locale) for miss in one.tier.missing) or NOTHING
