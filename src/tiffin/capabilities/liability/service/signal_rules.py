"""What asks for proof: as shipped, or as the workspace states it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.signals import Ask, SignalRules
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, Number, entries_of, in_force
from tiffin.runtime.definitions import without_lines
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "signals.yaml"
_NUMBERS: Mapping[str, Number] = {
    "window_days": Number(least=1, is_whole=True),
    "false_share": Number(below=1),
    "pair_false_share": Number(below=1),
    "pair_lift_from": Number(least=1),
    "sure": Number(least=0.5, below=1),
    "price_bands": Number(least=1, is_whole=True),
    "least_ring": Number(least=2, is_whole=True),
}


def rules_on(workspace: Workspace, day: date) -> SignalRules:
    """Give what asks for proof on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/signals.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    return rules_of(workspace.overlay("parameters") / "signals.yaml", day)


def rules_of(own: Path, day: date) -> SignalRules:
    """Give what asks for proof on a day, with a file of the workspace's own, which need not be there.

    Raises
    ------
    InvalidDefinition
        The file is not what it should be, or nothing holds on the day.
    """
    held = in_force(entries_of(SHIPPED, own, "signals", ("source", "asks", *_NUMBERS), _rules), day, lambda _: "")
    if "" not in held:
        raise InvalidDefinition(
            Message("No rules of signals hold on {day}. Give them an earlier date in {file}.", day=day, file=own)
        )
    return held[""]


def _rules(entry: Entry) -> SignalRules:
    for name, number in _NUMBERS.items():
        if not number.takes(entry.stated[name]):
            raise _wrong(entry, name, str(number), entry.stated[name])
    asks = without_lines(entry.stated["asks"])
    proofs = {one.value: one for one in (Ask.PHOTO, Ask.PIN)}
    if not isinstance(asks, dict) or not all(one in proofs for one in asks.values()):
        raise _wrong(entry, "asks", "a photo or a pin for each reason", asks)
    return SignalRules(
        **{name: entry.stated[name] for name in _NUMBERS}, asks={str(name): proofs[one] for name, one in asks.items()}
    )


def _wrong(entry: Entry, name: str, expected: str, found: Any) -> InvalidDefinition:
    return InvalidDefinition(
        Message(
            "{place}: `{name}` is {expected}; found {found}.",
            place=entry.place,
            name=name,
            expected=expected,
            found=repr(found),
        )
    )
