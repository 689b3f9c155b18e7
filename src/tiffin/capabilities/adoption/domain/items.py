"""Requirements, retirements and feedback as people see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tiffin.capabilities.adoption.domain.scoring import Need, Score
from tiffin.engines.cases.declaration import Transition


@dataclass(frozen=True, slots=True)
class Ask:
    """A requirement in business words.

    Parameters
    ----------
    decision : str
        What decision somebody wants to take.
    rhythm : str
        How often: one of the rhythms of the scoring.
    people : int
        How many take it, the asker included.
    cities : tuple of str
        None for all that the asker may see.
    wanted_by : date or None
        By when.
    today : str
        What is done today instead.
    minutes_saved, amount : float or None
        What it is worth: minutes of one person each time, money a month.
    """

    decision: str
    rhythm: str
    people: int = 1
    who: str = ""
    cities: tuple[str, ...] = ()
    wanted_by: date | None = None
    today: str = ""
    minutes_saved: float | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Something that exists and may answer a requirement.

    Parameters
    ----------
    asset : str
        Its name as an asset, or ``requirement:<number>``.
    likeness : float
        Of a requirement, the share of the asker's words that it holds; of an asset, its score of the best one's.
    """

    asset: str
    label: str
    meaning: str
    address: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list."""

    item_id: int
    kind: str
    headline: str
    state: str
    author: str
    subject: str
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    version: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an item."""

    at: datetime
    actor: str
    action: str
    values: Mapping[str, Any]
    is_platform: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement in a list: with its score, its next step and who has it."""

    item: Item
    score: Score
    holder: str


@dataclass(frozen=True, slots=True)
class RequirementDetail:
    """A requirement with its time line and what the reader may do with it now."""

    requirement: Requirement
    ask: Ask
    needs: tuple[Need, ...]
    trail: tuple[Happening, ...]
    actions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Launch:
    """What was launched, for whom and with which aim."""

    item_id: int
    headline: str
    launched_at: datetime
    products: tuple[str, ...]
    notes: str
    training: str
    owner: str
    target_users: int
    role: str
    places: tuple[str, ...]
    state: str
