"""Rules of masks as people see them, and which of two guards more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiffin.capabilities.access.domain.classification import REASON_LEAST, REASON_MAX
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.masks import FITTING, Mask, MaskKind, Shape
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role

CLOSED = "closed"
"""How people write that values are not told at all."""

FINEST = 1000
"""Most cells of a grid to a degree: squares of about a hundred meters."""

CELLS = (2, 5, 10, 20, 50, 100, 200)
"""Grids that are offered, coarsest first."""

CHOICES: Mapping[Shape, tuple[Mask | None, ...]] = {
    Shape.TEXT: (None, Mask(MaskKind.HASH), Mask(MaskKind.LAST_FOUR)),
    Shape.PLACE: (None, *(Mask(MaskKind.COARSE, cells) for cells in CELLS)),
    Shape.TIME: (None, Mask(MaskKind.MONTH)),
}
"""Masks that are offered for each shape of values, the most guarding first."""


class ChangeState(StrEnum):
    """How far a change is: it waits for a second person, it was put in force, or it never was."""

    WAITING = "waiting"
    SETTLED = "settled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, order=True)
class RuleKey:
    """What a rule is about: values of a class and a shape, as they are told to a role."""

    role: Role
    kind: Classification
    shape: Shape

    @property
    def text(self) -> str:
        """Write it as the audit trail names it."""
        return f"{self.role.value} {self.kind.value} {self.shape.value}"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of a rule; a mask that is None leaves values closed."""

    number: int
    key: RuleKey
    mask: Mask | None
    former: Mask | None
    reason: str
    asked_at: datetime
    asked_by: str
    state: ChangeState
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule as it holds.

    Parameters
    ----------
    why : str
        The reason that stands in the file, or that somebody gave who changed it; empty where no rule speaks.
    since : date or None
        Its first day; None where no rule speaks.
    change : ChangeView or None
        The change by which it holds; None where a file says so.
    waiting : ChangeView or None
        A looser mask that somebody asks for.
    holders : tuple of str
        Accounts with a grant in force that masks the class for this role.
    """

    key: RuleKey
    mask: Mask | None
    why: str
    since: date | None
    change: ChangeView | None
    waiting: ChangeView | None
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuardedColumn:
    """A governed column with its class in force and what its values are; no shape cannot be masked."""

    table: str
    name: str
    kind: Classification
    shape: Shape | None


def openness(mask: Mask | None) -> int:
    """Tell how much a mask shows, to be compared with others of one shape; nought where values are closed."""
    if mask is None:
        return 0
    return mask.cells or 1 + (mask.kind is MaskKind.LAST_FOUR)


def is_looser_mask(asked: Mask | None, held: Mask | None) -> bool:
    """Tell whether a mask shows more than another of the same shape."""
    return openness(asked) > openness(held)


def mask_text(mask: Mask | None) -> str:
    """Write a mask as people and programs name it."""
    return mask.text if mask else CLOSED


def read_mask(text: str, shape: Shape) -> Mask | None:
    """Read what `mask_text` writes.

    Raises
    ------
    InvalidData
        There is no such mask, it does not fit what values are, or its squares are too small.
    """
    if text == CLOSED:
        return None
    mask = Mask.parse(text)
    if mask.kind not in FITTING[shape] or mask.cells > FINEST:
        raise InvalidData(
            Message(
                "Values of this kind are masked as one of {choices}; found {text}. Squares have {most} cells to a "
                "degree at most.",
                choices=", ".join(mask_text(one) for one in CHOICES[shape]),
                text=text,
                most=FINEST,
            )
        )
    return mask


def told_reason(reason: str) -> str:
    """Give a reason in the form in which it is kept.

    Raises
    ------
    InvalidData
        It is too short to say anything, or too long.
    """
    told = " ".join(reason.split())
    if not REASON_LEAST <= len(told) <= REASON_MAX:
        raise InvalidData(
            Message(
                "A reason of {least} to {most} characters was expected. Say why values shall be masked so.",
                least=REASON_LEAST,
                most=REASON_MAX,
            )
        )
    return told
