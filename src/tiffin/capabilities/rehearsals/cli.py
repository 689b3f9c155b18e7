"""Commands of the rehearsals: ``tiffin simulate`` and ``tiffin demo``."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals import service
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_SEED
from tiffin.capabilities.rehearsals.service.instances import Comparison, compare_policies, solve_instance
from tiffin.engines.simulation.instances.replications import Interval
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, table_of

SeedOption = Annotated[int, typer.Option("--seed", help="Seed of all chance; the same seed gives the same day.")]
REPLICATIONS = 1000
SIMULATED = "Simulated: nothing here really happened."


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("simulate")(simulate)
    app.command("demo")(demo)


def simulate(  # noqa: PLR0913 - one parameter an option of the command
    scenario: Annotated[
        str | None, typer.Argument(metavar="[CITY/DATE]", help="A day of a demo city, such as riyadh/2026-02-24.")
    ] = None,
    *,
    instance: Annotated[Path | None, typer.Option(help="Folder of a meal delivery routing instance.")] = None,
    policy: Annotated[
        str, typer.Option(help="Dispatcher: nearest, rolling, bundling, two-stage, planning, best.")
    ] = "nearest",
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Two dispatchers of an instance, on the same replications."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(help="Redraw the instance's orders so many times and tell how sure the figures are.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the evaluator's solution files.")] = None,
    undisturbed: Annotated[bool, typer.Option("--undisturbed", help="The same day without what is planted.")] = False,
    seed: SeedOption = DEMO_SEED,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Simulate a day of a demo city, or solve a public instance, and tell what came of it.

    JSON of an instance: {"instance", "policy", "orders", "delivered", "too_late", "click_to_door_min",
    "ready_to_pickup_min", "overage_min", "undelivered_share", "cost_per_order", "orders_per_bundle", "events", "cpu_s",
    "is_simulated"}; of replications: {"instance", "policies", "replications", "seed", "figures": {measure: {policy:
    {"mean", "low", "high"}}}, "differences": {measure: {"mean", "low", "high"}}, "is_simulated"}; of a day: figures.
    """
    if (scenario is None) == (instance is None):
        raise WrongUse("Name either a scenario such as riyadh/2026-02-24, or an instance with --instance DIR.")
    if instance is None and (compare is not None or replications is not None):
        raise WrongUse("Replications are drawn from an instance: name one with --instance DIR.")
    if instance is not None and (compare is not None or replications is not None):
        policies = compare or (policy,)
        told = compare_policies(instance, policies, replications=replications or REPLICATIONS, seed=seed)
        payload = {"instance": instance.resolve().name, **asdict(told)}
        emit({**payload, "is_simulated": True}, as_json=as_json, human=lambda _: _compared(told))
        return
    if instance is not None:
        payload = _instance_payload(instance, policy=policy, out=out)
    else:
        city_id, day = _city_and_day(scenario or "")
        figures = service.simulate_day(city_id, day, seed=seed, disturbed=not undisturbed, workspace=workspace)
        payload = {"scenario": scenario, **asdict(figures)}
    emit({**payload, "is_simulated": True}, as_json=as_json, human=_told)


def demo(
    *,
    city: Annotated[list[str] | None, typer.Option("--city", help="Only this demo city; may be given again.")] = None,
    seed: SeedOption = DEMO_SEED,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Load the demo marketplace: six simulated cities over two weeks, with disruptions planted.

    JSON: {"seed", "cities", "first_day", "last_day", "orders", "disruptions", "unchanged", "is_simulated"}.
    """
    with open_context(workspace, user=user) as context, progress(1.0, "Simulating") as advance:
        report = service.load_demo(context, seed=seed, cities=tuple(city or DEMO_CITIES), progress=advance)
    emit({**asdict(report), "is_simulated": True}, as_json=as_json, human=_told)


def _instance_payload(folder: Path, *, policy: str, out: Path | None) -> dict[str, Any]:
    figures, events, cpu_s = solve_instance(folder, policy=policy, out=out)
    head = {"instance": folder.resolve().name, "policy": policy, **asdict(figures)}
    return {**head, "undelivered_share": figures.undelivered_share, "events": events, "cpu_s": round(cpu_s, 4)}


def _compared(told: Comparison) -> RenderableType:
    rows = []
    for measure, by_policy in told.figures.items():
        means = [_within(by_policy[policy]) for policy in told.policies]
        rows.append((measure.replace("_", " "), *means, *_difference(told, measure)))
    difference = ("difference",) if told.differences else ()
    title = f"{SIMULATED} {told.replications} replications, means with 95 % intervals."
    return table_of(("figure", *told.policies, *difference), rows, title=title)


def _difference(told: Comparison, measure: str) -> tuple[str, ...]:
    return (_within(told.differences[measure]),) if told.differences else ()


def _within(found: Interval) -> str:
    return f"{found.mean:.4g} ({found.low:.4g} to {found.high:.4g})"


def _city_and_day(scenario: str) -> tuple[str, date]:
    city_id, _, day = scenario.partition("/")
    try:
        return city_id, date.fromisoformat(day)
    except ValueError as error:
        raise WrongUse(f"A city and a day were expected, such as riyadh/2026-02-24; found {scenario!r}.") from error


def _told(payload: Mapping[str, Any]) -> RenderableType:
    shown = [(name.replace("_", " "), _short(value)) for name, value in payload.items() if name != "is_simulated"]
    return table_of(("figure", "value"), shown, title=SIMULATED)


def _short(value: Any) -> object:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(str(_short(item)) for item in value)
    if isinstance(value, Mapping):
        return " ".join(str(item) for item in value.values() if not isinstance(item, list | tuple))
    return value
