"""What systems outside may tell us, read from the body of a message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

MAX_BYTES = 200_000
"""Most bytes of one message."""


class Inbound(StrEnum):
    """What a system can tell us."""

    INCIDENT_REPORTED = "incident.reported"
    APPEAL_LODGED = "appeal.lodged"
    DISPUTE_OPENED = "dispute.opened"
    TEST = "test"


NEEDED: Mapping[Inbound, tuple[str, ...]] = {
    Inbound.INCIDENT_REPORTED: ("city_id", "country", "order_id", "incident"),
    Inbound.APPEAL_LODGED: ("verdict_id", "party", "statement"),
    Inbound.DISPUTE_OPENED: ("verdict_id", "party", "statement"),
    Inbound.TEST: (),
}
"""Texts that ``data`` has to hold, by kind."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says."""

    kind: Inbound
    data: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Give one of the texts."""
        return str(self.data[name])


def read_message(body: bytes) -> Told:
    """Read the body of a message.

    Raises
    ------
    InvalidData
        It is no JSON of a known kind, or a text is missing.

    Examples
    --------
    >>> read_message(b'{"type": "test", "data": {}}').kind
    <Inbound.TEST: 'test'>
    """
    found = _parsed(body)
    kinds = ", ".join(one.value for one in Inbound)
    if found.get("type") not in {one.value for one in Inbound}:
        raise InvalidData(
            Message("`type` is one of {kinds}; found {found}.", kinds=kinds, found=repr(found.get("type"))[:80])
        )
    kind, data = Inbound(found["type"]), found.get("data", {})
    if not isinstance(data, dict):
        raise InvalidData(Message("`data` is an object; found {found}.", found=repr(data)[:80]))
    missing = [name for name in NEEDED[kind] if not isinstance(data.get(name), str) or not data[name].strip()]
    if missing:
        raise InvalidData(
            Message("A message {kind} needs the texts {names} in `data`.", kind=kind.value, names=", ".join(missing))
        )
    return Told(kind, data)


def _parsed(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BYTES:
        raise InvalidData(
            Message("A message has at most {most} bytes; this one has {found}.", most=MAX_BYTES, found=len(body))
        )
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidData(Message("The body is no JSON: {why}.", why=str(error)[:120])) from error
    if not isinstance(found, dict):
        raise InvalidData(
            Message("The body is an object with `type` and `data`; found {found}.", found=repr(found)[:80])
        )
    return found
