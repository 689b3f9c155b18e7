"""The chain of a case's events: each digest proves the event, its case, its place and all that came before it.

A digest is the SHA-256 of the predecessor's digest, the case, the event's number, its instant, the code of its actor,
its action and two digests of what was said: of the whole under a salt, and of all pieces, so that a text can be removed
and the rest stays proven. It never changes, or what was written before could not be verified.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

FIRST_DIGEST = "0" * 64
"""What stands for the predecessor of a case's first event."""

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is chained.

    Parameters
    ----------
    case : str
        Which case of which sort, as `case_name` writes it.
    actor : str
        Code of whoever acted.
    whole, pieces : str
        Digests of what was said.
    previous, digest : str
        As they stand in the log.
    """

    case: str
    sequence: int
    at: datetime
    actor: str
    action: str
    is_platform: bool
    whole: str
    pieces: str
    previous: str
    digest: str


class Damage(StrEnum):
    """What is wrong at a place of a log."""

    CHANGED = "changed"
    UNLINKED = "unlinked"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNTOLD = "untold"
    OTHER_THAN_TOLD = "other_than_told"
    TAIL_REMOVED = "tail_removed"
    CASE_REMOVED = "case_removed"
    RENAMED = "renamed"
    REMOVED_UNTOLD = "removed_untold"
    PROJECTION = "projection"


@dataclass(frozen=True, slots=True)
class LogFault:
    """One thing that is wrong with the log of a case.

    Parameters
    ----------
    sequence : int or None
        The event at which it shows; None where it is the case as a whole.
    """

    kind: Damage
    sequence: int | None
    expected: str = ""
    found: str = ""


def case_name(case_type: str, case_id: int) -> str:
    """Name a case for its digests.

    Examples
    --------
    >>> case_name("data_incident", 7)
    'data_incident/7'
    """
    return f"{case_type}/{case_id}"


def canonical(said: Any) -> str:
    """Write what was said the one way in which it is chained."""
    return _JSON(said)


def said_in(values: Mapping[str, Any], opening: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Put together what an event says: its values, and what the first one says of the case."""
    return {"values": values} if opening is None else {"opening": opening, "values": values}


def whole_of(salt: str, said: Any) -> str:
    """Give the digest of all that was said."""
    return sha256(f"{salt}\n{_JSON(said)}".encode()).hexdigest()


def digest_of(link: Link) -> str:
    """Give the digest that an event must have."""
    at = link.at if link.at.tzinfo is UTC else link.at.astimezone(UTC)
    action, case = link.action, link.case
    told = (
        f"{link.previous}\n{len(case)}:{case}\n{link.sequence}\n{at.isoformat(timespec='microseconds')}\n"
        f"{len(link.actor)}:{link.actor}\n{len(action)}:{action}\n{link.is_platform:d}\n{link.whole}\n{link.pieces}"
    )
    return sha256(told.encode()).hexdigest()


def faults_in(links: Iterable[Link]) -> Iterator[LogFault]:
    """Tell everything that is wrong with the events of one case, in the order of their numbers.

    Whoever writes the whole chain anew is not found here, nor who cuts its end: digests told elsewhere find that.
    """
    previous, number = FIRST_DIGEST, 0
    for link in links:
        number += 1
        if link.sequence != number:
            yield LogFault(Damage.MISSING, number, str(number), str(link.sequence))
            number = link.sequence
        elif link.previous != previous:
            yield LogFault(Damage.UNLINKED, number, previous, link.previous)
        true = digest_of(link)
        if link.digest != true:
            yield LogFault(Damage.CHANGED, number, link.digest, true)
        previous = link.digest
