"""What became of appeals, as rows of the fact table ``appeals``: one for each instance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tiffin.engines.cases.folding import Event

FIRST_REPLIES: Mapping[str, str] = {
    "uphold": "upheld",
    "vary": "varied",
    "overturn": "overturned",
    "grant_by_silence": "granted_by_silence",
    "withdraw": "withdrawn",
}
SECOND_REPLIES: Mapping[str, str] = {
    "uphold_second": "upheld",
    "vary_second": "varied",
    "overturn_second": "overturned",
    "grant_by_silence": "granted_by_silence",
    "withdraw": "withdrawn",
}
"""What actions on an appeal make of it, by instance."""

LODGED_AGAIN, ACKNOWLEDGED, WITHDRAWN = "lodge_second", "acknowledge", "withdrawn"


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of an appeal.

    Parameters
    ----------
    until : int
        Number of the event before the reply: up to here the deadline of the reply ran.
    """

    number: int
    lodged_at: datetime
    acknowledged_at: datetime | None
    replied_at: datetime | None
    outcome: str | None
    until: int


def instances_of(events: Sequence[Event]) -> tuple[Instance, ...]:
    """Cut the history of an appeal into its instances."""
    again = next((place for place, one in enumerate(events) if one.action == LODGED_AGAIN), None)
    parts = [events] if again is None else [events[:again], events[again:]]
    return tuple(_instance(number, part) for number, part in enumerate(parts, start=1))


def _instance(number: int, events: Sequence[Event]) -> Instance:
    replies = FIRST_REPLIES if number == 1 else SECOND_REPLIES
    reply = next((one for one in events if one.action in replies), None)
    acknowledged = next((one.at for one in events if one.action == ACKNOWLEDGED), None)
    outcome = replies[reply.action] if reply else None
    return Instance(
        number=number,
        lodged_at=events[0].at,
        acknowledged_at=acknowledged if number == 1 else events[0].at,
        replied_at=reply.at if reply and outcome != WITHDRAWN else None,
        outcome=outcome,
        until=(reply.sequence if reply else events[-1].sequence + 1) - 1,
    )
