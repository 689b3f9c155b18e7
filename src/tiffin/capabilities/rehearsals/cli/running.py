"""A rehearsal run by this process: each step a unit of work of its own, so that others see how far it is."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from tiffin.capabilities.rehearsals.domain.outcomes import Outcome
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage, outcomes
from tiffin.capabilities.rehearsals.service import runs
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.kernel.errors import Conflict, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context

TELL_EVERY_S = 1.0
WORTH_PROCESSES = 200
"""Days from which on several processes are worth their start, which takes some seconds."""

Told = Callable[[float], None]


def rehearse(stage: Stage, replications: int, told: Told) -> list[tuple[Outcome, ...]]:
    """Run all replications and keep nothing of them."""
    days = []
    for day in simulate_many(
        partial(outcomes, stage), range(1, replications + 1), processes=_processes(stage, replications)
    ):
        days.append(day)
        told(1.0)
    return days


def run_kept(workspace: Path | None, rehearsal_id: int, *, user: str | None, told: Told | None = None) -> None:
    """Run a rehearsal that waits, or was cancelled, failed or interrupted, and keep what it comes to.

    Parameters
    ----------
    told : callable or None
        Called with 1 for each replication that is done.

    Raises
    ------
    Conflict
        It runs already or is done; or somebody cancelled or deleted it meanwhile.
    """
    runner = uuid4().hex
    with open_context(workspace, user=user) as context:
        plan, stage = runs.begin(context, rehearsal_id, runner=runner)
    try:
        days = _days(
            workspace, rehearsal_id, user=user, runner=runner, stage=stage, wanted=plan.replications, told=told
        )
        with open_context(workspace, user=user) as context:
            is_kept = days is not None and runs.finish(context, rehearsal_id, runner=runner, days=days)
    except Exception as error:
        # Whoever waits for it must learn that nothing comes any more, whatever it was.
        why = str(error) if isinstance(error, TiffinError) else "The program failed; its log tells where."
        with open_context(workspace, user=user) as context:
            runs.fail(context, rehearsal_id, runner=runner, why=why)
        raise
    if not is_kept:
        raise Conflict(
            Message(
                "Rehearsal {number} was cancelled or deleted meanwhile. Nothing of it was kept.", number=rehearsal_id
            )
        )


def _days(
    workspace: Path | None,
    rehearsal_id: int,
    *,
    user: str | None,
    runner: str,
    stage: Stage,
    wanted: int,
    told: Told | None,
) -> Sequence[Sequence[Outcome]] | None:
    days: list[Sequence[Outcome]] = []
    last_told = time.monotonic()
    work = simulate_many(partial(outcomes, stage), range(1, wanted + 1), processes=_processes(stage, wanted))
    for day in work:
        days.append(day)
        if told is not None:
            told(1.0)
        if time.monotonic() - last_told >= TELL_EVERY_S:
            last_told = time.monotonic()
            with open_context(workspace, user=user) as context:
                if not runs.advance(context, rehearsal_id, runner=runner, done=len(days)):
                    return None
    return days


def _processes(stage: Stage, replications: int) -> int | None:
    return None if replications * len(stage.arms) >= WORTH_PROCESSES else 1
