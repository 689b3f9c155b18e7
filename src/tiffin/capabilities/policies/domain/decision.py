"""What a policy decided of a case, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.engines.decisions.explaining.accounts import RowAccount, accounts
from tiffin.engines.decisions.explaining.settling import ReadyPolicy
from tiffin.engines.decisions.feel.values import Value


class Outcome(StrEnum):
    """What came of a case."""

    DECIDED = "decided"
    """One row or, where the hit policy says so, several decide."""
    GAP = "gap"
    """No row holds; outputs are the defaults, or null."""
    CONFLICT = "conflict"
    """Several rows hold that contradict each other; outputs are null."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided.

    Parameters
    ----------
    facts : Mapping
        By input, or by a name that an input is computed from, a value as JSON or Python writes it.
    on : date
        Business day of the event; the version in force on it decides.
    market, city : str
        ISO 3166 code and identifier; empty where the case has none.
    evidence : Mapping
        By fact, a reference to what stands behind it.
    """

    facts: Mapping[str, object]
    on: date
    market: str = ""
    city: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy decided.

    Parameters
    ----------
    version : str
        Digest of what was in force: the files and parameters.
    given : Mapping
        The value of every input, market and city among them, as FEEL knows it.
    rows : tuple of str
        Ids of the rows that decide, in the table's order; of those that contradict each other in a conflict.
    outputs : Mapping
        By output its value; a list where the hit policy lists several rows.
    evidence : Mapping
        What the case brought as evidence for the inputs that the deciding rows test, by fact.
    numbers : tuple of int
        The same rows by their numbers in the flat table, from 0.
    """

    policy: str
    version: str
    on: date
    outcome: Outcome
    given: Mapping[str, Value]
    rows: tuple[str, ...]
    outputs: Mapping[str, Value]
    evidence: Mapping[str, str]
    numbers: tuple[int, ...]
    effective: Effective = field(repr=False, compare=False)
    ready: ReadyPolicy = field(repr=False, compare=False)

    @property
    def row(self) -> str:
        """The row that decides; empty where none or several do."""
        return self.rows[0] if len(self.rows) == 1 and self.outcome is Outcome.DECIDED else ""

    @property
    def market(self) -> str:
        """ISO 3166 code of the case's market; empty for none."""
        return self.given["market"] or ""

    @property
    def city(self) -> str:
        """The case's city; empty for none."""
        return self.given["city"] or ""

    @property
    def trace(self) -> tuple[RowAccount, ...]:
        """What became of every row."""
        return accounts(self.ready, self.ready.follow(tuple(self.given.values())), self.numbers)


@dataclass(frozen=True, slots=True)
class Refused:
    """A case of many that could not be decided.

    Parameters
    ----------
    said : str
        What is wrong with it, in one paragraph; a `Message` where it has translations.
    """

    said: str
