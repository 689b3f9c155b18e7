"""Classes of columns as people see them, and the rules by which they are confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.engines.detection.detecting import SURE
from tiffin.engines.detection.kinds import is_stricter, stricter
from tiffin.engines.detection.masking import masked_examples
from tiffin.engines.detection.samples import ColumnProposal, read
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, InvalidData
from tiffin.kernel.messages import Message

REASON_LEAST = 8
REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """What has columns: a table of the workspace, or a file by its name."""

    name: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One kind that the detectors found in a column.

    Parameters
    ----------
    confidence : float
        0 to 1.
    rules : tuple of (str, float)
        Each rule that spoke for it, with the share of the values.
    """

    kind: str
    confidence: float
    rules: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column with what is proposed, confirmed and in force.

    Parameters
    ----------
    contract : Classification or None
        Of the shipped contract; None for a column of a file.
    in_force : Classification
        What holds now: the strictest of contract and confirmed; of a file's column without either, the proposed.
    looks : tuple of str
        What values look like, every letter and digit veiled.
    """

    holder: Holder
    name: str
    contract: Classification | None
    proposed: Classification
    found: tuple[Found, ...]
    looks: tuple[str, ...]
    filled: int
    about_person: bool
    detected_at: datetime
    detected_by: str
    confirmed: Classification | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    reason: str | None
    looser: Classification | None
    looser_by: str | None
    looser_reason: str | None

    @property
    def in_force(self) -> Classification:
        """What holds now."""
        base = self.contract or (self.proposed if self.confirmed is None else Classification.PUBLIC)
        return stricter(base, self.confirmed or base)

    @property
    def waits(self) -> bool:
        """Tell whether somebody has something to decide about it."""
        return self.confirmed is None or self.looser is not None

    @property
    def differs(self) -> bool:
        """Tell whether the detectors propose something stricter than what holds."""
        return is_stricter(self.proposed, self.in_force)


@dataclass(frozen=True, slots=True)
class HolderView:
    """How far the columns of a table or a file are classified."""

    holder: Holder
    columns: int
    waiting: int
    asked_looser: int
    guarded: int
    detected_at: datetime


def kept_findings(proposal: ColumnProposal, values: Any) -> list[dict[str, Any]]:
    """Write what was found in plain JSON, with veiled examples and no value."""
    told: list[dict[str, Any]] = [
        {
            "kind": finding.kind.value,
            "confidence": finding.confidence,
            "rules": [[one.rule, one.share] for one in finding.evidence],
        }
        for finding in proposal.findings
        if finding.confidence >= SURE
    ]
    about = {"looks": list(masked_examples(read(values).in_order)), "about_person": proposal.about_person}
    return [about, *told]


def read_findings(kept: list[dict[str, Any]]) -> tuple[tuple[Found, ...], tuple[str, ...], bool]:
    """Read what `kept_findings` wrote."""
    about: Mapping[str, Any] = kept[0] if kept else {}
    found = tuple(
        Found(one["kind"], one["confidence"], tuple((rule, share) for rule, share in one["rules"])) for one in kept[1:]
    )
    return found, tuple(about.get("looks", ())), bool(about.get("about_person"))


def check_reason(view: ColumnView, chosen: Classification, reason: str) -> str:
    """Give a reason in the form in which it is kept.

    Raises
    ------
    InvalidData
        The class is not the proposed one, and nobody says why; or the text is too long.
    """
    told = " ".join(reason.split())
    if len(told) > REASON_MAX:
        raise InvalidData(Message("A reason has {most} characters at most. Say it in fewer words.", most=REASON_MAX))
    if chosen is not view.proposed and len(told) < REASON_LEAST:
        raise InvalidData(
            Message(
                "{column} was proposed as {proposed}. A reason of {least} characters or more was expected for another "
                "class. Say why it is so.",
                column=view.name,
                proposed=view.proposed.value,
                least=REASON_LEAST,
            )
        )
    return told


def check_not_below_contract(view: ColumnView, chosen: Classification) -> None:
    """Refuse a class that is less guarded than the contract's.

    Raises
    ------
    Conflict
        It is; contracts are changed with a new version, which their consumers see.
    """
    if view.contract is not None and is_stricter(view.contract, chosen):
        raise Conflict(
            Message(
                "The contract of {table} says that {column} is {contract}; a workspace can guard it more, not less. "
                "Confirm it as {contract}, or publish a new version of the contract.",
                table=view.holder.name,
                column=view.name,
                contract=view.contract.value,
            )
        )


def is_looser(view: ColumnView, chosen: Classification) -> bool:
    """Tell whether a class would guard a column less than what holds now."""
    return is_stricter(view.in_force, chosen)
