"""Rehearsals asked for, run step by step, cancelled, deleted. Each act is one unit of work of whoever calls it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.rehearsals.domain.comparison import figures_of
from tiffin.capabilities.rehearsals.domain.outcomes import Outcome
from tiffin.capabilities.rehearsals.domain.rehearsal import (
    CAN_RUN,
    MOST_AT_ONCE,
    MOST_REPLICATIONS,
    UNDER_WAY,
    Plan,
    Standing,
)
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.models import Rehearsal
from tiffin.capabilities.rehearsals.service.run_facts import put_outcomes, withdraw_outcomes
from tiffin.capabilities.rehearsals.service.run_scenarios import (
    find_setting,
    receipt_of,
    require_runner,
    stage_of,
)
from tiffin.capabilities.rehearsals.service.run_views import find_row, plain_plan, read_plan, standing_of
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context


def ask(context: Context, plan: Plan) -> int:
    """Note what is to be rehearsed and give its number; it waits until somebody runs it.

    Raises
    ------
    Forbidden
        The actor may not rehearse that city.
    NotFound
        There is no such city, scenario or policy.
    WrongUse
        Something cannot be compared, or there are too many or too few replications.
    Conflict
        As many rehearsals are under way as may be.
    """
    setting = find_setting(plan.scenario, workspace=context.workspace.root)
    city = setting.scenario.city
    require_runner(context, country=city.country, city_id=city.city_id)
    check(plan, workspace=context.workspace.root)
    _make_room(context)
    row = Rehearsal(
        scenario=plan.scenario,
        country=city.country,
        city_id=city.city_id,
        day=setting.day,
        plan=plain_plan(plan),
        asked_by=context.actor.name,
        asked_at=context.now,
        state=Standing.WAITING,
        done=0,
        heard_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    audit.record(context, action="rehearsal_asked", subject=_subject(row), details=_told(plan))
    return row.rehearsal_id


def wait_again(context: Context, rehearsal_id: int) -> None:
    """Let a rehearsal that was cancelled, failed or interrupted wait for its run again.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    Forbidden
        The actor may not rehearse that city.
    Conflict
        It runs already or is done, or as many as may be are under way.
    """
    row = _to_change(context, rehearsal_id)
    if standing_of(context, row) not in CAN_RUN:
        raise _cannot_run(rehearsal_id)
    _make_room(context, but=rehearsal_id)
    row.state, row.runner, row.done, row.failure = Standing.WAITING, None, 0, None
    row.ended_at, row.heard_at = None, context.now
    audit.record(context, action="rehearsal_asked", subject=_subject(row), details={"again": True})


def begin(context: Context, rehearsal_id: int, *, runner: str) -> tuple[Plan, Stage]:
    """Take a rehearsal in hand; from now on only this runner writes how far it is.

    Raises
    ------
    NotFound
        There is none of that number, or its scenario is no more.
    Forbidden
        The actor may not rehearse that city.
    Conflict
        It runs already, or is done.
    """
    row = _to_change(context, rehearsal_id)
    # One that waits is always free to be taken: nobody works on it.
    now = Standing(row.state) if row.state == Standing.WAITING else standing_of(context, row)
    if now not in CAN_RUN:
        raise _cannot_run(rehearsal_id)
    plan = read_plan(row.plan)
    stage = stage_of(plan, workspace=context.workspace.root)
    row.state, row.runner, row.done, row.failure = Standing.RUNNING, runner, 0, None
    row.begun_at = row.heard_at = context.now
    row.ended_at = row.figures = None
    audit.record(context, action="rehearsal_begun", subject=_subject(row))
    return plan, stage


def advance(context: Context, rehearsal_id: int, *, runner: str, done: int) -> bool:
    """Note how many replications are done; False tells the runner to stop, since it was cancelled or deleted."""
    row = _in_hand(context, rehearsal_id, runner)
    if row is None:
        return False
    row.done, row.heard_at = done, context.now
    return True


def finish(context: Context, rehearsal_id: int, *, runner: str, days: Sequence[Sequence[Outcome]]) -> bool:
    """Keep what a rehearsal came to, as figures and as facts; False where it was cancelled or deleted meanwhile."""
    row = _in_hand(context, rehearsal_id, runner)
    if row is None:
        return False
    plan = read_plan(row.plan)
    put_outcomes(context, row, plan, days)
    row.figures = asdict(figures_of([arm.key for arm in plan.arms], days))
    row.receipt = dict(receipt_of(stage_of(plan, workspace=context.workspace.root), plan))
    row.state, row.done = Standing.DONE, len(days)
    row.ended_at = row.heard_at = context.now
    audit.record(context, action="rehearsal_finished", subject=_subject(row), details={"days": len(days)})
    return True


def fail(context: Context, rehearsal_id: int, *, runner: str, why: str) -> None:
    """Note why a rehearsal could not be run to its end."""
    row = _in_hand(context, rehearsal_id, runner)
    if row is not None:
        row.state, row.failure, row.ended_at = Standing.FAILED, why, context.now
        audit.record(context, action="rehearsal_failed", subject=_subject(row))


def cancel(context: Context, rehearsal_id: int) -> None:
    """Stop a rehearsal that waits or runs; its runner learns of it within a second or two.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    Forbidden
        The actor may not rehearse that city.
    Conflict
        It is over already.
    """
    row = _to_change(context, rehearsal_id)
    if standing_of(context, row) not in UNDER_WAY:
        raise Conflict(
            Message("Rehearsal {number} is not under way, so there is nothing to cancel.", number=rehearsal_id)
        )
    row.state, row.runner, row.ended_at = Standing.CANCELLED, None, context.now
    audit.record(context, action="rehearsal_cancelled", subject=_subject(row))


def delete(context: Context, rehearsal_id: int) -> None:
    """Delete a rehearsal: it leaves the list and all metrics; the trail keeps what was planned.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    Forbidden
        The actor may not rehearse that city.
    Conflict
        It is under way.
    """
    row = _to_change(context, rehearsal_id)
    if standing_of(context, row) in UNDER_WAY:
        raise Conflict(
            Message("Rehearsal {number} is under way. Cancel it first, then delete it.", number=rehearsal_id)
        )
    withdraw_outcomes(context, rehearsal_id)
    plan = read_plan(row.plan)
    told = {**_told(plan), "replications": plan.replications, "seed": plan.seed}
    audit.record(context, action="rehearsal_deleted", subject=_subject(row), details=told)
    context.session.delete(row)


def check(plan: Plan, *, workspace: Path | None) -> None:
    """Refuse a plan that cannot be rehearsed.

    Raises
    ------
    NotFound
        There is no such city, scenario or policy.
    WrongUse
        Something cannot be compared, or there are too many or too few replications.
    """
    stage_of(plan, workspace=workspace)
    unknown = [policy for policy in plan.policies if policy not in CITY_DISPATCHERS]
    if unknown:
        raise NotFound(
            Message(
                "A policy was expected, {found} was found. There are: {known}.",
                found=repr(unknown[0]),
                known=", ".join(CITY_DISPATCHERS),
            )
        )
    if not 1 <= len(plan.policies) <= 2 or len(set(plan.policies)) != len(plan.policies):  # noqa: PLR2004 - a pair
        raise WrongUse(
            Message(
                "One policy, or two different ones, were expected; found {found}. There are: {known}.",
                found=", ".join(plan.policies),
                known=", ".join(CITY_DISPATCHERS),
            )
        )
    if not 1 <= plan.replications <= MOST_REPLICATIONS:
        raise WrongUse(
            Message(
                "Between 1 and {most} replications were expected; found {found}.",
                most=MOST_REPLICATIONS,
                found=plan.replications,
            )
        )


def _cannot_run(rehearsal_id: int) -> Conflict:
    return Conflict(
        Message(
            "Rehearsal {number} cannot be run: it is running, or done. Wait for it, or ask for another.",
            number=rehearsal_id,
        )
    )


def _make_room(context: Context, *, but: int = 0) -> None:
    rows = context.session.scalars(select(Rehearsal).where(Rehearsal.state.in_([*UNDER_WAY])))
    running = [row for row in rows if row.rehearsal_id != but and standing_of(context, row) in UNDER_WAY]
    if len(running) >= MOST_AT_ONCE:
        raise Conflict(
            Message(
                "{most} rehearsals are under way, which is as many as may be. Wait until one is done, or cancel one.",
                most=MOST_AT_ONCE,
            )
        )


def _to_change(context: Context, rehearsal_id: int) -> Rehearsal:
    """Find a rehearsal for somebody who may act on it."""
    row = find_row(context, rehearsal_id)
    require_runner(context, country=row.country, city_id=row.city_id)
    return row


def _in_hand(context: Context, rehearsal_id: int, runner: str) -> Rehearsal | None:
    """Find the rehearsal that a runner works on; None where it was cancelled, deleted or taken over meanwhile."""
    row = context.session.get(Rehearsal, rehearsal_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.runner == runner and row.state == Standing.RUNNING else None


def _told(plan: Plan) -> dict[str, Any]:
    return {"scenario": plan.scenario, "policies": list(plan.policies), "roster": plan.roster.label}


def _subject(row: Rehearsal) -> str:
    return f"rehearsal {row.rehearsal_id} of {row.scenario}"
