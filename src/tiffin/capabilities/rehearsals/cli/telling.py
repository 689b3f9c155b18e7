"""How the commands of rehearsals tell what they found."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals.domain.comparison import Estimate, Figures
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.runtime.terminal import table_of

SeedOption = Annotated[int, typer.Option("--seed", help="Seed of all chance; the same seed gives the same day.")]
SIMULATED = "Simulated: nothing here really happened."


def told(payload: Mapping[str, Any]) -> RenderableType:
    """Lay figures out one below the other."""
    shown = [(name.replace("_", " "), _short(value)) for name, value in payload.items() if name != "is_simulated"]
    return table_of(("figure", "value"), shown, title=SIMULATED)


def compared(plan: Plan, figures: Figures) -> RenderableType:
    """Lay the figures of a rehearsal out: what is compared side by side, and the difference."""
    names = [f"{arm.key}: {arm.policy}, {arm.roster.label} roster" for arm in plan.arms]
    difference = ["b - a"] if figures.differences else []
    rows = [
        (
            measure.replace("_", " "),
            *(_within(figures.arms[arm.key][measure]) for arm in plan.arms),
            *([_within(figures.differences[measure])] if difference else []),
        )
        for measure in figures.arms[plan.arms[0].key]
    ]
    title = f"{SIMULATED} {plan.scenario}, {plan.replications} replications, means with 95 % intervals."
    return table_of(("figure", *names, *difference), rows, title=title)


def _within(found: Estimate) -> str:
    return f"{found.mean:.4g}" if found.low is None else f"{found.mean:.4g} ({found.low:.4g} to {found.high:.4g})"


def _short(value: Any) -> object:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(str(_short(item)) for item in value)
    if isinstance(value, Mapping):
        return " ".join(str(item) for item in value.values() if not isinstance(item, list | tuple))
    return value
