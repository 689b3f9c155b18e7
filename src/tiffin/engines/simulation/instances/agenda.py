"""The agenda of a day in whole minutes: a list of events for each minute, in the order in which they were put there."""

from typing import NamedTuple

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.tables import Indices

NOTHING = -1


class Agenda(NamedTuple):
    """Events by minute; an event is a number, and each stands on the agenda at most once.

    Parameters
    ----------
    first, last : (n_minutes,), first and last event of each minute
    after : (n_events,), the event that follows in the same minute
    """

    first: Indices
    last: Indices
    after: Indices


def empty_agenda(*, minutes: int, events: int) -> Agenda:
    """Make room for events numbered from 0 in minutes counted from 0."""
    return Agenda(*(np.full(size, NOTHING, dtype=np.int64) for size in (minutes, minutes, events)))


@inner
def schedule(agenda: Agenda, minute: int, event: int) -> None:
    """Put an event last in a minute."""
    agenda.after[event] = NOTHING
    if agenda.last[minute] == NOTHING:
        agenda.first[minute] = event
    else:
        agenda.after[agenda.last[minute]] = event
    agenda.last[minute] = event
