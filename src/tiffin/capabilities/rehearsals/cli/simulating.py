"""``tiffin simulate``: a day of a simulated city, or a public instance, under policies and rosters."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from tiffin.capabilities.rehearsals import service
from tiffin.capabilities.rehearsals.cli.running import rehearse, run_kept
from tiffin.capabilities.rehearsals.cli.telling import SIMULATED, compared, told
from tiffin.capabilities.rehearsals.domain.comparison import figures_of
from tiffin.capabilities.rehearsals.domain.demo import DEMO_SEED
from tiffin.capabilities.rehearsals.domain.instance_facts import NOMINAL_DAY
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster, changed_riders, given_roster
from tiffin.capabilities.rehearsals.service import runs
from tiffin.capabilities.rehearsals.service.instance_facts import refuse_saving, save_solution
from tiffin.capabilities.rehearsals.service.instances import Comparison, Solved, compare_policies, solve_instance
from tiffin.capabilities.rehearsals.service.run_scenarios import (
    Setting,
    find_setting,
    receipt_of,
    stage_of,
    zone_numbers,
)
from tiffin.capabilities.rehearsals.service.run_views import find_rehearsal, plain_plan
from tiffin.engines.simulation.dispatchers import NEAREST
from tiffin.engines.simulation.instances.replications import Interval
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.terminal import JsonOption, UserOption, WorkspaceOption, emit, progress, say, table_of

OF_AN_INSTANCE = 1000
OF_A_CITY = 20
"""Replications where somebody compares and does not say how many."""


def simulate(  # noqa: PLR0913 - one parameter an option of the command
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="A day such as riyadh/2026-02-24, or the name of a scenario."),
    ] = None,
    *,
    instance: Annotated[
        Path | None, typer.Option(help="Instead of a scenario: folder of a meal delivery routing instance.")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(help="How orders are given to riders, instead of the scenario's. A wrong name lists all."),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Two policies on the same days; tells B less A.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(help="So many days, which differ by chance; tells how sure the figures are.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of shifts, zone,on,off, instead of the city's own roster.")
    ] = None,
    riders: Annotated[
        str | None, typer.Option(help="Change the own roster, such as +10%; with one policy it is compared with it.")
    ] = None,
    undisturbed: Annotated[bool, typer.Option("--undisturbed", help="The same day without what is planted.")] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Keep it: a rehearsal, or an instance's solution as facts.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Of an instance: folder for the solution files.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all chance, instead of the scenario's.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    user: UserOption = None,
) -> None:
    """Simulate a day of a city, or solve a public instance, and tell what came of it.

    Examples: tiffin simulate riyadh/2026-02-24 --compare nearest bundling; tiffin simulate riyadh/2026-02-24 --riders
    +10% --save; tiffin simulate --instance DIR --compare nearest best.

    JSON of an instance: {"instance", "policy", "orders", "delivered", "too_late", "click_to_door_min",
    "ready_to_pickup_min", "overage_min", "undelivered_share", "cost_per_order", "orders_per_bundle", "events", "cpu_s",
    "is_simulated"}, with --save also "saved": {"city_id", "rows": {table: rows}, "is_changed"}; of its replications:
    {"instance", "policies", "replications", "seed", "figures": {measure: {policy: {"mean", "low", "high"}}},
    "differences": {measure: {"mean", "low", "high"}}, "is_simulated"}; of one day: its figures; of a comparison of
    days: {"plan", "figures": {"arms", "differences", "by_hour", "by_zone"}, "receipt", "rehearsal", "is_simulated"}.
    """
    if (scenario is None) == (instance is None):
        raise WrongUse("Name either a scenario such as riyadh/2026-02-24, or an instance with --instance DIR.")
    if instance is not None:
        if roster or riders or undisturbed:
            raise WrongUse("--roster, --riders and --undisturbed are for days of cities, not for an instance.")
        if save and (compare or replications is not None):
            raise WrongUse("One solution of an instance can be saved: leave out --compare and --replications.")
        if save:
            _saved(instance, policy or NEAREST, out=out, workspace=workspace, user=user, as_json=as_json)
            return
        _instance(
            instance,
            (policy or NEAREST, compare, replications, DEMO_SEED if seed is None else seed),
            out=out,
            as_json=as_json,
        )
        return
    if out is not None:
        raise WrongUse("Solution files are written of an instance: name one with --instance DIR.")
    name = scenario or ""
    if (policy, compare, replications, roster, riders, save) == (None, None, None, None, None, False):
        _one_day(name, undisturbed=undisturbed, seed=seed, workspace=workspace, as_json=as_json)
        return
    setting = find_setting(name, workspace=workspace)
    plan = Plan(
        scenario=name,
        city_id=setting.scenario.city.city_id,
        day=setting.day,
        policies=compare or (policy or setting.policy,),
        roster=_roster(setting, roster, riders),
        is_undisturbed=undisturbed,
        replications=OF_A_CITY if replications is None else replications,
        seed=setting.seed if seed is None else seed,
    )
    _days(plan, save=save, workspace=workspace, user=user, as_json=as_json)


def _one_day(name: str, *, undisturbed: bool, seed: int | None, workspace: Path | None, as_json: bool) -> None:
    setting = find_setting(name, workspace=workspace)
    city_id = setting.scenario.city.city_id
    if not name.startswith(f"{city_id}/"):
        # A scenario says itself what is planted, and how the city is run.
        plan = Plan(
            scenario=name,
            city_id=city_id,
            day=setting.day,
            policies=(setting.policy,),
            roster=_roster(setting, None, None),
            is_undisturbed=undisturbed,
            replications=1,
            seed=setting.seed if seed is None else seed,
        )
        _days(plan, save=False, workspace=workspace, user=None, as_json=as_json)
        return
    figures = service.simulate_day(
        city_id,
        setting.day,
        seed=setting.seed if seed is None else seed,
        disturbed=not undisturbed,
        workspace=workspace,
    )
    emit({"scenario": name, **asdict(figures), "is_simulated": True}, as_json=as_json, human=told)


def _roster(setting: Setting, file: Path | None, riders: str | None) -> Roster:
    if file is not None and riders is not None:
        raise WrongUse("Give either --roster FILE or --riders CHANGE, not both.")
    if file is None:
        wanted = setting.riders if riders is None else riders
        return changed_riders(wanted) if wanted else OWN_ROSTER
    if not file.is_file():
        raise NotFound(f"A roster was expected in {file}; there is no such file. Name a CSV of shifts.")
    return given_roster(
        file.read_text(encoding="utf-8-sig"),
        name=file.name,
        zones=zone_numbers(setting.scenario),
        cutoff_min=setting.scenario.city.cutoff_min,
    )


def _days(plan: Plan, *, save: bool, workspace: Path | None, user: str | None, as_json: bool) -> None:
    with progress(plan.replications, "Rehearsing") as advance:
        if save:
            with open_context(workspace, user=user) as context:
                number = runs.ask(context, plan)
            run_kept(workspace, number, user=user, told=advance)
            say(f"Kept as rehearsal {number}: look at /rehearsals/{number}, or run `tiffin rehearsals show {number}`.")
            with open_context(workspace, user=user) as context:
                kept = find_rehearsal(context, number)
            figures, receipt = kept.figures, kept.receipt
        else:
            runs.check(plan, workspace=workspace)
            stage = stage_of(plan, workspace=workspace)
            number, receipt = None, receipt_of(stage, plan)
            figures = figures_of([arm.key for arm in plan.arms], rehearse(stage, plan.replications, advance))
    payload = {"plan": plain_plan(plan), "figures": asdict(figures) if figures else None, "receipt": receipt}
    shown = {**payload, "rehearsal": number, "is_simulated": True}
    emit(shown, as_json=as_json, human=lambda _: compared(plan, figures) if figures else SIMULATED)


def _instance(
    folder: Path,
    chosen: tuple[str, tuple[str, str] | None, int | None, int],
    *,
    out: Path | None,
    as_json: bool,
) -> None:
    policy, compare, replications, seed = chosen
    if compare is None and replications is None:
        payload = _solved(folder, policy, solve_instance(folder, policy=policy, out=out))
        emit({**payload, "is_simulated": True}, as_json=as_json, human=told)
        return
    found = compare_policies(
        folder, compare or (policy,), replications=OF_AN_INSTANCE if replications is None else replications, seed=seed
    )
    payload = {"instance": folder.resolve().name, **asdict(found), "is_simulated": True}
    emit(payload, as_json=as_json, human=lambda _: _compared(found))


def _saved(
    folder: Path, policy: str, *, out: Path | None, workspace: Path | None, user: str | None, as_json: bool
) -> None:
    with open_context(workspace, user=user) as context:
        refuse_saving(context)
        solved = solve_instance(folder, policy=policy, out=out)
        saved = save_solution(context, folder, policy, solved)
    payload = {**_solved(folder, policy, solved), "is_simulated": True}
    emit({**payload, "saved": asdict(saved)}, as_json=as_json, human=lambda _: told(payload))
    how = "Its facts are those of" if saved.is_changed else "Nothing changed: its facts stand already as those of"
    say(f"{how} the city {saved.city_id}, on {NOMINAL_DAY.astype('datetime64[D]')}. {SIMULATED}")


def _solved(folder: Path, policy: str, solved: Solved) -> dict[str, Any]:
    figures = solved.figures
    head = {"instance": folder.resolve().name, "policy": policy, **asdict(figures)}
    more = {"undelivered_share": figures.undelivered_share, "events": solved.outcome.events}
    return {**head, **more, "cpu_s": round(solved.cpu_s, 4)}


def _compared(found: Comparison) -> RenderableType:
    rows = []
    for measure, by_policy in found.figures.items():
        means = [_within(by_policy[policy]) for policy in found.policies]
        rows.append((measure.replace("_", " "), *means, *_difference(found, measure)))
    difference = ("difference",) if found.differences else ()
    title = f"{SIMULATED} {found.replications} replications, means with 95 % intervals."
    return table_of(("figure", *found.policies, *difference), rows, title=title)


def _difference(found: Comparison, measure: str) -> tuple[str, ...]:
    return (_within(found.differences[measure]),) if found.differences else ()


def _within(found: Interval) -> str:
    return f"{found.mean:.4g} ({found.low:.4g} to {found.high:.4g})"
