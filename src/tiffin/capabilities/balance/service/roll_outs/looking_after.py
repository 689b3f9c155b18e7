"""What happens to roll-outs by itself: gates look, waves follow one another, and what does harm goes back."""

from dataclasses import dataclass

from sqlalchemy import select

from tiffin.capabilities.balance.models.roll_outs import RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.gates import look
from tiffin.capabilities.balance.service.roll_outs.moving import pass_on
from tiffin.capabilities.balance.service.roll_outs.records import HALTED, OVERDUE, PASSED, RUNNING, sees_all
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What was done: gates that looked, waves that began or ended well, went back, or wait for a person."""

    looked: int
    gone_on: int
    gone_back: int
    overdue: int


def look_after(context: Context) -> LookedAfter:
    """Let each running wave's gate look, once for each day that is over, and follow its word.

    Roll-outs of cities that the actor does not see whole wait for somebody who does.
    """
    looked = gone_on = gone_back = overdue = 0
    waiting = select(RollOutRecord).where(RollOutRecord.state.in_((RUNNING, PASSED))).order_by(RollOutRecord.case_id)
    for record in context.session.scalars(waiting).all():
        if not sees_all(context, record):
            continue
        if record.state == PASSED:
            pass_on(context, record)
            gone_on += 1
            continue
        wave = record.wave
        looked += look(context, record) is not None
        gone_back += record.state == HALTED
        overdue += record.state == OVERDUE
        gone_on += record.state not in (RUNNING, HALTED, OVERDUE) or record.wave != wave
    return LookedAfter(looked, gone_on, gone_back, overdue)
