"""A proposal worked out by this process: each step a unit of work of its own, so that others see how far it is."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tiffin.capabilities.balance.service.strategies import proposals
from tiffin.capabilities.balance.service.strategies.proposals import find_proposal
from tiffin.capabilities.balance.service.strategies.rehearsing import work_out
from tiffin.kernel.errors import Conflict, TiffinError
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context

TELL_EVERY_S = 1.0


def run_proposal(
    workspace: Path | None, number: int, *, user: str | None, told: Callable[[float], None] | None = None
) -> None:
    """Work out a proposal that waits, failed or was interrupted, and keep what it comes to.

    Parameters
    ----------
    told : callable or None
        Called with 1 for each replication that is done.

    Raises
    ------
    Conflict
        It is being worked out, or done; or another process took it over.
    """
    runner = uuid4().hex
    with open_context(workspace, user=user) as context:
        total = find_proposal(context, number).question.replications
        question = proposals.begin(context, number, runner=runner, total=total)
    tell = _teller(workspace, number, user=user, runner=runner, told=told)
    try:
        with open_context(workspace, user=user) as context:
            answer, receipt = work_out(context, question, progress=tell)
        with open_context(workspace, user=user) as context:
            is_kept = proposals.finish(context, number, runner=runner, answer=answer, receipt=receipt)
    except Exception as error:
        # Whoever waits for it must learn that nothing comes any more, whatever it was.
        why = str(error) if isinstance(error, TiffinError) else "The program failed; its log tells where."
        with open_context(workspace, user=user) as context:
            proposals.fail(context, number, runner=runner, why=why)
        raise
    if not is_kept:
        raise Conflict(Message("Proposal {number} was taken over by another process.", number=number))


def _teller(
    workspace: Path | None, number: int, *, user: str | None, runner: str, told: Callable[[float], None] | None
) -> Callable[[float], None]:
    state = {"done": 0.0, "last": time.monotonic()}

    def tell(amount: float) -> None:
        state["done"] += amount
        if told is not None:
            told(amount)
        if time.monotonic() - state["last"] >= TELL_EVERY_S:
            state["last"] = time.monotonic()
            with open_context(workspace, user=user) as context:
                proposals.advance(context, number, runner=runner, done=int(state["done"]))

    return tell
