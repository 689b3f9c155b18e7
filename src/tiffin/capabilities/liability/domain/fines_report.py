"""What the log of public fines says of its appeals, and what our own appeals would have done with the same people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.liability.domain.appeal_effects import OPENING, PENALTY_MOVES, PenaltyStanding
from tiffin.capabilities.liability.domain.fines import (
    BY_JUDGE,
    BY_PREFECTURE,
    NOT_DISMISSED,
    SURCHARGE_DAYS,
    Conformance,
    Logged,
)
from tiffin.engines.cases.acting import PLATFORM, check_action
from tiffin.engines.cases.declaration import OPENED
from tiffin.engines.cases.folding import Event, Standing, after, begun

_REVIEWER = "reviewer"


@dataclass(slots=True)
class FinesReport:
    """What was found.

    Parameters
    ----------
    surcharged, surcharged_on_day : int
        Fines with a surcharge, and those of them whose surcharge came exactly `SURCHARGE_DAYS` after the notification.
    outcomes : mapping of (instances, outcome) to int
        Appeals by the instances that they went to and how they ended.
    open_at_surcharge : int
        Appeals to the prefecture lodged before any surcharge was added.
    surcharged_while_open : int
        Those of them to which a surcharge was added before their outcome was told.
    own_appeals, own_surcharged_while_open : int
        The same histories under our own sort of case: how many, and to how many of them a penalty acted while open.
    """

    surcharged: int = 0
    surcharged_on_day: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    open_at_surcharge: int = 0
    surcharged_while_open: int = 0
    own_appeals: int = 0
    own_surcharged_while_open: int = 0

    @property
    def share_surcharged_while_open(self) -> float:
        """Share of the appeals that were open before the surcharge and had it added all the same."""
        return self.surcharged_while_open / self.open_at_surcharge if self.open_at_surcharge else 0.0


def report_of(histories: Iterable[Sequence[Logged]]) -> FinesReport:
    """Go through all histories once."""
    found = FinesReport()
    for history in histories:
        days = {line.action: line.day for line in reversed(history)}
        if "surcharge" in days:
            found.surcharged += 1
            found.surcharged_on_day += days["surcharge"] - days["notify"] == timedelta(days=SURCHARGE_DAYS)
        outcome = _outcome(history, days)
        if outcome is not None:
            found.outcomes[outcome] += 1
        if "appeal_to_prefecture" in days:
            _count_open(found, history, days)
    return found


def as_plain(report: FinesReport, conforming: Mapping[str, Conformance]) -> dict[str, Any]:
    """Write a report as plain JSON values."""
    told = asdict(report) | {"share_surcharged_while_open": report.share_surcharged_while_open}
    told["outcomes"] = {f"{where}: {how}": count for (where, how), count in report.outcomes.most_common()}
    told["conformance"] = {
        name: {
            "cases": one.cases,
            "events": one.events,
            "conforming": one.conforming,
            "deviations": [
                {"state": state, "action": action, "cases": count}
                for (state, action), count in one.deviations.most_common()
            ],
        }
        for name, one in conforming.items()
    }
    return told


def _outcome(history: Sequence[Logged], days: Mapping[str, date]) -> tuple[str, str] | None:
    """Tell where an appeal went and how it ended; None where there was none, or it was never passed on."""
    codes = {line.action: line.dismissal for line in history}
    to_judge, to_prefecture = "appeal_to_judge" in days, "send_appeal" in days
    if to_judge:
        where = "prefecture and judge" if to_prefecture else "judge"
        return where, {BY_JUDGE: "dismissed", NOT_DISMISSED: "not dismissed"}.get(codes["appeal_to_judge"], "other")
    if to_prefecture:
        how = {BY_PREFECTURE: "dismissed", NOT_DISMISSED: "not dismissed"}.get(codes["send_appeal"], "other")
        return "prefecture", how
    return ("prefecture", "never sent") if "appeal_to_prefecture" in days else None


def _count_open(found: FinesReport, history: Sequence[Logged], days: Mapping[str, date]) -> None:
    lodged, surcharge, told = days["appeal_to_prefecture"], days.get("surcharge"), days.get("tell_result")
    if surcharge is not None and surcharge >= lodged:
        found.open_at_surcharge += 1
        found.surcharged_while_open += told is None or surcharge < told
    found.own_appeals += 1
    found.own_surcharged_while_open += any(_acting_while_open(history, days))


def _acting_while_open(history: Sequence[Logged], days: Mapping[str, date]) -> Iterator[bool]:
    """Run our own appeal over a history, and tell after each event whether the surcharge acts on an open one."""
    standing: Standing | None = None
    penalty: str = PenaltyStanding.ACTING
    for actor, action, day in _own_history(history, days):
        event_at = datetime.combine(day, time(), UTC)
        if standing is None:
            standing = begun(APPEAL, Event(1, event_at, PLATFORM, OPENED, is_platform=True))
            continue
        roles = {PLATFORM} if actor == PLATFORM else {_REVIEWER}
        values = {} if actor == PLATFORM or action == "take_appeal" else {"reason": "as the log says"}
        found = check_action(APPEAL, standing, action, actor=actor, roles=roles, values=values)
        standing = after(APPEAL, standing, Event(standing.version + 1, event_at, actor, action, values))
        for effect in found.effects:
            penalty = PENALTY_MOVES.get(effect, {}).get(penalty, penalty)
        surcharge = days.get("surcharge")
        is_open = not APPEAL.state(standing.state).is_closed
        yield is_open and surcharge is not None and penalty == PenaltyStanding.ACTING


def _own_history(history: Sequence[Logged], days: Mapping[str, date]) -> Iterator[tuple[str, str, date]]:
    """Give the events that the same appeal would have here: the same days, the same outcome, and our own stay."""
    lodged = days["appeal_to_prefecture"]
    codes = {line.action: line.dismissal for line in history}
    yield PLATFORM, OPENED, lodged
    for action in OPENING:
        yield PLATFORM, action, lodged
    if "send_appeal" not in days:
        return
    decided = max(days["send_appeal"], days.get("receive_result", lodged), lodged)
    yield PLATFORM, "close_evidence", decided
    yield _REVIEWER, "take_appeal", decided
    if codes["send_appeal"] == BY_PREFECTURE:
        yield _REVIEWER, "overturn", decided
        return
    yield _REVIEWER, "uphold", decided
    yield PLATFORM, "become_final", max(decided, days.get("tell_result", decided)) + timedelta(days=14)
