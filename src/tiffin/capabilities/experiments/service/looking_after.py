"""What happens to trials by itself: they begin, are read out day by day, stop where they do harm, and end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from tiffin.capabilities.experiments.models import TrialRecord
from tiffin.capabilities.experiments.service.reading import last_readout, read, through_day
from tiffin.capabilities.experiments.service.records import ENDED, RUNNING, sees_all
from tiffin.capabilities.experiments.service.trials import move_by_calendar
from tiffin.kernel.errors import Conflict, TiffinError
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What was done: trials begun, read out, stopped for harm, and ended.

    Parameters
    ----------
    refused : mapping of str to str
        Why a trial could not be read out, by its name; it does not hold up the others.
    """

    begun: int
    read: int
    stopped: int
    ended: int
    refused: Mapping[str, str] = field(default_factory=dict)


def look_after(context: Context) -> LookedAfter:
    """Begin and end trials by the calendar, and read each out once for each day that is over.

    Trials of cities that the actor does not see whole are begun and ended, and read out by somebody who does.
    """
    begun, ended = move_by_calendar(context)
    read_out = stopped = 0
    refused: dict[str, str] = {}
    waiting = select(TrialRecord).where(TrialRecord.state.in_((RUNNING, ENDED))).order_by(TrialRecord.trial_id)
    for record in context.session.scalars(waiting).all():
        if sees_all(context, record) and _is_due(context, record):
            name = record.name
            try:
                with context.session.begin_nested():
                    stopped += read(context, name).broken is not None
            except TiffinError as refusal:
                refused[name] = translate(context.locale, refusal.said)
                continue
            read_out += 1
    return LookedAfter(begun, read_out, stopped, ended, refused)


def _is_due(context: Context, record: TrialRecord) -> bool:
    try:
        through = through_day(context, record)
    except Conflict:
        return False
    last = last_readout(context, record)
    return last is None or (last.through, last.is_final) != (through, record.state != RUNNING)
