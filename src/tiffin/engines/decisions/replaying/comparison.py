"""What a change of a policy does to known cases: the result of a replay, for pages, commands and the editor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of


class Standing(StrEnum):
    """How a version dealt with a case."""

    DECIDED = "decided"
    GAP = "gap"
    CONTRADICTION = "contradiction"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one version says of a case.

    Parameters
    ----------
    standing : Standing
        ``GAP`` where no row holds (``outputs`` are then the defaults), ``CONTRADICTION`` where rows that hold disagree,
        ``OUTSIDE`` where an input has a value that it may not have.
    rows : tuple of str
        Ids of the rows that decide; several where rows contradict or are collected.
    outputs : mapping of str to Value
        By the name of the output; empty where nothing was decided.
    """

    standing: Standing
    rows: tuple[str, ...] = ()
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """Cases that one verdict of the base and one of the draft have in common.

    Parameters
    ----------
    is_changed : bool
        Whether the outcome is another one; other rows with the same outcome change nothing.
    examples : tuple of str
        Ids of a few of the cases, the newest first; only of changed ones.
    """

    base: Verdict
    draft: Verdict
    cases: int
    is_changed: bool
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """What the two versions put on somebody.

    Parameters
    ----------
    market : str
        ISO 3166-1 alpha-2 code, as the cases have it.
    currency : str
        Of the money, as the cases have it; empty where they name none.
    party : str
        Who bears it, as the policy names him; empty where it names nobody.
    cases, changed : int
        Cases in the market and currency where either version puts something on the party, and those of them whose
        outcome is another one.
    base_minor, draft_minor : int
        Minor units of the currency.
    """

    market: str
    currency: str
    party: str
    cases: int
    changed: int
    base_minor: int
    draft_minor: int
    base_points: Decimal
    draft_points: Decimal

    @property
    def money_minor(self) -> int:
        """What is put on the party more."""
        return self.draft_minor - self.base_minor

    @property
    def points(self) -> Decimal:
        """How many points more."""
        return self.draft_points - self.base_points


@dataclass(frozen=True, slots=True)
class Affected:
    """A person or merchant among those for whom a change means most.

    Parameters
    ----------
    kind : str
        Who he is in the cases: ``rider``, ``merchant``, ``customer``.
    person : str
        The name by which facts know him; a pseudonym.
    cases : int
        His cases whose outcome is another one.
    money_minor : int
        What the draft puts on him more, minor units of the currency.
    """

    kind: str
    person: str
    currency: str
    cases: int
    money_minor: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class AffectedKind:
    """How many of a kind a change touches.

    Parameters
    ----------
    people : int
        Those with a changed case; one who has cases in two currencies counts twice.
    more, less : int
        Those on whom it puts more money or, where there is none, more points; and less.
    most : tuple of Affected
        The most affected of each currency, most first.
    """

    kind: str
    people: int
    more: int
    less: int
    most: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """The cases of one market."""

    market: str
    cases: int
    changed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a draft does to known cases, beside what the base did.

    Parameters
    ----------
    transitions : tuple of Transition
        Verdict by verdict, row ids told apart; the most cases first.
    stakes : tuple of Stake
        Money and points by market and party.
    people : tuple of AffectedKind
        Empty where the policy names no people.
    first_at, last_at : datetime or None
        When the first and the last of the cases happened, UTC.
    """

    cases: int
    changed: int
    transitions: tuple[Transition, ...]
    markets: tuple[Market, ...]
    stakes: tuple[Stake, ...]
    people: tuple[AffectedKind, ...]
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def share_changed(self) -> float:
        """Share of the cases whose outcome is another one; nought without cases."""
        return self.changed / self.cases if self.cases else 0.0

    def outcomes(self) -> tuple[Transition, ...]:
        """Give the transitions outcome by outcome: verdicts that differ in their rows alone are one."""
        found: dict[str, Transition] = {}
        for one in self.transitions:
            key = repr((outcome_of(one.base), outcome_of(one.draft)))
            known = found.get(key)
            base, draft = (Verdict(side.standing, (), side.outputs) for side in (one.base, one.draft))
            cases, examples = (known.cases, known.examples) if known else (0, ())
            found[key] = Transition(base, draft, cases + one.cases, one.is_changed, (*examples, *one.examples)[:3])
        return tuple(sorted(found.values(), key=lambda one: -one.cases))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One case that two versions decide otherwise."""

    case_id: str
    market: str
    city: str
    base: Verdict
    draft: Verdict


@dataclass(frozen=True, slots=True)
class Disagreements:
    """Cases that two versions decided, and some of those on which they disagree.

    Parameters
    ----------
    cases, changed : int
        All that were decided, and all on which they disagree.
    drawn : tuple of Disagreement
        A few of the latter, drawn by chance.
    """

    cases: int
    changed: int
    drawn: tuple[Disagreement, ...]


def outcome_of(verdict: Verdict) -> tuple[object, ...]:
    """Give what two verdicts with one outcome have in common."""
    return verdict.standing, sorted((name, literal_of(value)) for name, value in verdict.outputs.items())
