"""How judgement is watched: as shipped, or as the workspace states it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.quality import DrawnShare, QualityPlan
from tiffin.capabilities.liability.domain.verdict import DecidedBy
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, Number, entries_of, in_force
from tiffin.runtime.definitions import without_lines
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "quality.yaml"
_SHARE = Number(below=1.000001)
_NUMBERS: Mapping[str, Number] = {
    "unsure_below": _SHARE,
    "unsure_times": Number(least=1),
    "gold_share": Number(below=1),
    "days": Number(least=1, is_whole=True),
    "level": Number(least=0.5, below=1),
    "alpha_relied_on": Number(below=1),
    "alpha_tentative": Number(below=1),
    "bins": Number(least=2, is_whole=True),
    "least_group": Number(least=2, is_whole=True),
    "called_below": Number(below=1),
}


def plan_on(workspace: Workspace, day: date) -> QualityPlan:
    """Give the plan that holds for verdicts decided on a day.

    Raises
    ------
    InvalidDefinition
        ``parameters/quality.yaml`` of the workspace is not what it should be, or nothing holds on the day.
    """
    own = workspace.overlay("parameters") / "quality.yaml"
    needed = ("source", "shares", *_NUMBERS)
    held = in_force(entries_of(SHIPPED, own, "judgement_quality", needed, _plan), day, lambda _: "")
    if "" not in held:
        raise InvalidDefinition(
            Message(
                "No plan of second looks holds on {day}. Give one an earlier date in {file}.",
                day=str(day),
                file=str(own),
            )
        )
    return held[""]


def _plan(entry: Entry) -> QualityPlan:
    for name, number in _NUMBERS.items():
        if not number.takes(entry.stated[name]):
            raise _wrong(entry, name, str(number), entry.stated[name])
    shares = without_lines(entry.stated["shares"])
    if not isinstance(shares, list):
        raise _wrong(entry, "shares", "a list of lines with a share each", shares)
    return QualityPlan(
        since=entry.since,
        shares=tuple(_share(entry, one) for one in shares),
        **{name: entry.stated[name] for name in _NUMBERS},
    )


def _share(entry: Entry, line: Any) -> DrawnShare:
    if not isinstance(line, Mapping) or not _SHARE.takes(line.get("share")):
        raise _wrong(entry, "shares", "a list of lines with a share each", line)
    try:
        incident = IncidentType(line["incident"]) if "incident" in line else None
        decided_by = DecidedBy(line["decided_by"]) if "decided_by" in line else None
    except ValueError as error:
        raise _wrong(entry, "shares", "for known types of incidents, `policy` or `person`", line) from error
    return DrawnShare(float(line["share"]), incident, decided_by)


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
