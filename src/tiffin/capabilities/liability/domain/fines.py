"""A public appeals process as a sort of case: traffic fines of an Italian police force, read from its log.

The log tells of each fine when it was made, sent and notified, when a surcharge was added, which appeals were lodged
and what came of them, payments, and collection. It is read as two declarations: as it is done, with the surcharge added
whatever else happens; and as it would be with a stay, where nothing is added while an appeal is open.

References
----------
de Leoni and Mannhardt (2015), "Road Traffic Fine Management Process", 4TU.ResearchData, doi:10.4121/uuid:270fd440.
Mannhardt, de Leoni, Reijers and van der Aalst (2016), "Balanced multi-perspective checking of process conformance".
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from tiffin.engines.cases.declaration import OPENED, CaseType, State, Transition
from tiffin.engines.cases.folding import Event, Standing, after, begun

ACTIVITIES: Mapping[str, str] = {
    "Create Fine": OPENED,
    "Send Fine": "send",
    "Insert Fine Notification": "notify",
    "Add penalty": "surcharge",
    "Insert Date Appeal to Prefecture": "appeal_to_prefecture",
    "Send Appeal to Prefecture": "send_appeal",
    "Receive Result Appeal from Prefecture": "receive_result",
    "Notify Result Appeal to Offender": "tell_result",
    "Appeal to Judge": "appeal_to_judge",
    "Payment": "pay",
    "Send for Credit Collection": "collect",
}
"""By the log's name of an activity, the action of the declarations."""

BY_PREFECTURE, BY_JUDGE, NOT_DISMISSED = "#", "G", "NIL"
"""Codes of the log: who dismissed the fine, which is to say granted the appeal."""

SURCHARGE_DAYS = 60
"""Days after the notification at which the surcharge is added."""

_PLATFORM: frozenset[str] = frozenset()
_OPEN_APPEAL = ("appealed", "appeal_sent", "result_received")
_UNTOLD = ("made", "sent")
_TOLD = ("notified", *_OPEN_APPEAL, "result_told", "before_judge")


class Logged(NamedTuple):
    """One line of the log.

    Parameters
    ----------
    dismissal : str
        Code of who dismissed the fine; empty where the line says nothing.
    """

    case: str
    action: str
    day: date
    dismissal: str


def _with_surcharge(name: str) -> str:
    return f"{name}_surcharged"


def _both(names: Iterable[str]) -> tuple[str, ...]:
    """Give states without a surcharge and with it; nobody has one of which he was not told."""
    listed = tuple(names)
    return (*listed, *(_with_surcharge(one) for one in listed if one not in _UNTOLD))


def _moves(action: str, sources: tuple[str, ...], target: str) -> tuple[Transition, ...]:
    """Move a fine, with its surcharge if it has one."""
    surcharged = tuple(_with_surcharge(one) for one in sources if one not in _UNTOLD)
    plain = Transition(action, sources, target, _PLATFORM)
    return (plain, Transition(action, surcharged, _with_surcharge(target), _PLATFORM)) if surcharged else (plain,)


def _fine(name: str, surcharge_in: tuple[str, ...]) -> CaseType:
    """Declare the process, with the states in which a surcharge is added."""
    return CaseType(
        name=name,
        first="made",
        states=(*(State(one) for one in _both((*_UNTOLD, *_TOLD))), State("collected", is_closed=True)),
        transitions=(
            Transition("pay", _both((*_UNTOLD, *_TOLD)), None, _PLATFORM),
            *_moves("send", ("made",), "sent"),
            *_moves("notify", ("sent",), "notified"),
            *(Transition("surcharge", (one,), _with_surcharge(one), _PLATFORM) for one in surcharge_in),
            *_moves("appeal_to_prefecture", ("sent", "notified"), "appealed"),
            *_moves("send_appeal", ("appealed",), "appeal_sent"),
            *_moves("receive_result", ("appeal_sent",), "result_received"),
            *_moves("tell_result", ("result_received",), "result_told"),
            *_moves("appeal_to_judge", ("notified", "appeal_sent", "result_received", "result_told"), "before_judge"),
            Transition(
                "collect", _both(("notified", "result_told", "before_judge", "appeal_sent")), "collected", _PLATFORM
            ),
        ),
    )


AS_IT_IS = _fine("traffic_fine", ("notified", *_OPEN_APPEAL, "result_told", "before_judge"))
"""The process as the log shows it: the surcharge follows the calendar, whatever the appeal does."""

WITH_STAY = _fine("traffic_fine_with_stay", ("notified", "result_told"))
"""The same process with a stay: no surcharge while an appeal is open."""


@dataclass(slots=True)
class Conformance:
    """How cases of a log follow a declaration.

    Parameters
    ----------
    deviations : Counter of (str, str)
        How often an action was taken in a state in which it cannot be, the first of each case alone.
    """

    cases: int = 0
    events: int = 0
    conforming: int = 0
    deviations: Counter[tuple[str, str]] = field(default_factory=Counter)


def conformance(case_type: CaseType, histories: Iterable[Sequence[Logged]]) -> Conformance:
    """Fold every history by the engine that folds our own cases, and tell which cannot follow the declaration."""
    found = Conformance()
    for history in histories:
        found.cases += 1
        found.events += len(history)
        broken = _first_break(case_type, history)
        if broken is None:
            found.conforming += 1
        else:
            found.deviations[broken] += 1
    return found


def _first_break(case_type: CaseType, history: Sequence[Logged]) -> tuple[str, str] | None:
    standing: Standing | None = None
    for number, line in enumerate(history, 1):
        event = Event(number, _instant(line.day), "", line.action, is_platform=True)
        if standing is None:
            if line.action != OPENED:
                return "nothing", line.action
            standing = begun(case_type, event)
        elif case_type.transition(line.action, standing.state) is None:
            return standing.state, line.action
        else:
            standing = after(case_type, standing, event)
    return None


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
