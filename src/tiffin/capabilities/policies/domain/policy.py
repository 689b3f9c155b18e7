"""What a policy is: dated files that state a decision table, and the flat table that is in force at a date.

A base file states the whole table. Files of a market or a city lie over it and name the rows that they override.
Parameters are numbers that cells name, dated, and different between places where they are stated so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy
from tiffin.engines.decisions.feel.tree import Node, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.kernel.errors import Place

Words = Mapping[str, str]
"""A text by locale; English is always there."""


def in_language(words: Words, language: str) -> str:
    """Give a text in a language of the platform, in English where it has no other."""
    return words.get(language) or words["en"]


MARKET, CITY = "market", "city"
"""The first two inputs of every table that is in force: the country by ISO 3166, and the city's identifier."""


class Direction(StrEnum):
    """Which way an output goes as an input grows."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Tested:
    """A cell of a condition: its text in FEEL, the same read, and the names that it speaks of."""

    text: str
    tests: Tests
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Given:
    """A cell of a result, or any expression: its text in FEEL, the same read, and the names that it speaks of."""

    text: str
    node: Node
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested.

    Parameters
    ----------
    name : str
        The name by which a case brings it.
    values : Tested or None
        The values that it may have; None for any of its kind.
    feel : Given or None
        How it is computed from the facts of a case; None where the case brings it by its name.
    whole, required : bool
        Only whole numbers occur; it is never null.
    unit : str
        What it is counted in.
    """

    name: str
    label: Words
    kind: Kind
    values: Tested | None = None
    feel: Given | None = None
    whole: bool = False
    required: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that is given.

    Parameters
    ----------
    values : Tested or None
        The values that it may have, where a table goes by priority in their order; None for any of its kind.
    default : Given or None
        What holds where no row does.
    """

    name: str
    label: Words
    kind: Kind
    values: Tested | None = None
    default: Given | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class StatedRow:
    """A row as a file states it.

    Parameters
    ----------
    id : str
        Unique among all rows of the policy; the key of its reason.
    when : Mapping
        By input, its cell; an input that is not there is not tested.
    then : Mapping
        By output, its cell; in an overlay only what differs from the row that is overridden.
    reason : Words
        Why, with ``{placeholders}`` for inputs, outputs and parameters.
    overrides : tuple of str
        Ids of the rows before which it goes; none in a base file.
    """

    id: str
    when: Mapping[str, Tested]
    then: Mapping[str, Given]
    reason: Words
    overrides: tuple[str, ...] = ()
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Total:
    """Outputs that add up to a total in every row."""

    outputs: tuple[str, ...]
    total: Value


@dataclass(frozen=True, slots=True)
class Monotone:
    """An output that never goes the other way while an input grows and all others stay."""

    input: str
    output: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Law:
    """A bound that a market sets to an output, wherever the cells hold.

    Parameters
    ----------
    when : Mapping
        By input, the cells of the cases to which it applies; empty for all.
    at_least, at_most : Given or None
        A number, or the name of a parameter.
    """

    output: str
    market: str
    reference: str
    at_least: Given | None = None
    at_most: Given | None = None
    when: Mapping[str, Tested] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A case that somebody worked out by hand: what is given, and what has to come out.

    Parameters
    ----------
    given : Mapping
        By input, its value; what is not there is null.
    row : str
        Id of the row that decides; empty where that is not said, as of a table of which several rows count.
    expect : Mapping
        By output, its value; outputs that are not there may be anything.
    """

    title: Words
    given: Mapping[str, Value]
    row: str
    expect: Mapping[str, Value]
    market: str = ""
    city: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the base file of a policy states.

    Parameters
    ----------
    people : Mapping
        Who is affected: by party, the column of a case that names him.
    money, points : Mapping
        ``output`` (and for money ``currency``): which columns hold an amount in minor units, and points.
    cases : Mapping
        Where past cases come from, as it stands in the file.
    """

    title: Words
    question: Words
    owner: str
    source: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[StatedRow, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    sums: tuple[Total, ...] = ()
    monotone: tuple[Monotone, ...] = ()
    law: tuple[Law, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, Any] = field(default_factory=dict)
    worked_cases: tuple[WorkedCase, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the file of a market or city states over the base.

    Parameters
    ----------
    place : str
        ISO 3166 code of a market, or identifier of a city.
    """

    place: str
    source: str
    rows: tuple[StatedRow, ...]
    law: tuple[Law, ...] = ()
    worked_cases: tuple[WorkedCase, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One file of a policy.

    Parameters
    ----------
    policy : str
        Name of the policy.
    place : str
        Empty for a base file, else the market or city of an overlay.
    from_date : date
        The day from which it holds.
    digest : str
        SHA-256 of the file's bytes, in hexadecimal.
    stated : Statement or Overlay
        What it says.
    file : str
        Where it lies, for messages.
    """

    policy: str
    place: str
    from_date: date
    digest: str
    stated: Statement | Overlay
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, text or other value that cells name, from a day on, everywhere or in one market or city.

    Parameters
    ----------
    law : str
        Reference of the law that sets it; empty for none.
    market, city : str
        Where it holds; a city's goes before its market's, and that before the one that holds everywhere. One of a city
        may tell the city's market too.
    """

    name: str
    since: date
    value: Value
    unit: str
    source: str
    law: str = ""
    market: str = ""
    city: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """All files of one policy."""

    name: str
    versions: tuple[PolicyVersion, ...]
    parameters: tuple[Parameter, ...] = ()

    @property
    def turning_points(self) -> tuple[date, ...]:
        """The days on which something begins to hold, the earliest first; before the first base nothing is decided."""
        begins = min((one.from_date for one in self.versions if not one.place), default=None)
        if begins is None:
            return ()
        dated = {one.from_date for one in self.versions} | {one.since for one in self.parameters}
        return tuple(sorted({begins, *(day for day in dated if day > begins)}))


@dataclass(frozen=True, slots=True)
class BoundInForce:
    """A law with its numbers known and its cells in the order of the table's inputs, market and city included."""

    output: str
    market: str
    reference: str
    tests: tuple[Tests, ...]
    at_least: Value = None
    at_most: Value = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of the flat table comes from.

    Parameters
    ----------
    row : str
        Its id.
    place : str
        Market or city of the overlay that states it; empty for the base.
    overrides : str
        Id of the row that it overrides; empty for one of the base.
    stated : Place
        File and line.
    parameters : Mapping
        Values that hold where the row does, of parameters that differ between places.
    """

    row: str
    place: str
    overrides: str
    stated: Place
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effective:
    """A policy as it is in force at a date, everywhere: one flat table with tiers.

    Parameters
    ----------
    since : date
        The day from which exactly this holds.
    digest : str
        SHA-256 over the files and parameters in force; two that are equal decide alike.
    table : PolicyTable
        Its first two inputs are ``market`` and ``city``. A row of the files stands in several rows of the table, all
        with its id, where it overrides several or rests on parameters that differ between places.
    reasons : Mapping
        By row id, the text by locale.
    stated : Statement
        What the base in force says, with the laws and worked cases of the overlays in force.
    laws : tuple of BoundInForce
        The bounds that markets set.
    origins : tuple of Origin
        For each row of the table, where it comes from.
    places : tuple of str
        Markets and cities in which something else holds, by overlays or parameters.
    """

    name: str
    since: date
    digest: str
    table: PolicyTable
    reasons: Mapping[str, Words]
    stated: Statement
    laws: tuple[BoundInForce, ...] = ()
    origins: tuple[Origin, ...] = ()
    places: tuple[str, ...] = ()
