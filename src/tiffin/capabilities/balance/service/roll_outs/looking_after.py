"""What happens to roll-outs by itself: gates look, waves follow one another, and what does harm goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from tiffin.capabilities.balance.models.roll_outs import RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.gates import look
from tiffin.capabilities.balance.service.roll_outs.moving import pass_on
from tiffin.capabilities.balance.service.roll_outs.records import HALTED, OVERDUE, PASSED, RUNNING, sees_all
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What was done: gates that looked, waves that began or ended well, went back, or wait for a person.

    Parameters
    ----------
    refused : mapping of str to str
        Why a gate could not look, by its roll-out's name; it does not hold up the others.
    """

    looked: int
    gone_on: int
    gone_back: int
    overdue: int
    refused: Mapping[str, str] = field(default_factory=dict)


def look_after(context: Context) -> LookedAfter:
    """Let each running wave's gate look, once for each day that is over, and follow its word.

    Roll-outs of cities that the actor does not see whole wait for somebody who does.
    """
    looked = gone_on = gone_back = overdue = 0
    refused: dict[str, str] = {}
    waiting = select(RollOutRecord).where(RollOutRecord.state.in_((RUNNING, PASSED))).order_by(RollOutRecord.case_id)
    for record in context.session.scalars(waiting).all():
        if not sees_all(context, record):
            continue
        if record.state == PASSED:
            pass_on(context, record)
            gone_on += 1
            continue
        name, wave = record.name, record.wave
        try:
            with context.session.begin_nested():
                looked += look(context, record) is not None
        except TiffinError as refusal:
            refused[name] = translate(context.locale, refusal.said)
            continue
        gone_back += record.state == HALTED
        overdue += record.state == OVERDUE
        gone_on += record.state not in (RUNNING, HALTED, OVERDUE) or record.wave != wave
    return LookedAfter(looked, gone_on, gone_back, overdue, refused)
