"""Table contracts: what a fact table holds, column by column, and which rows are good.

The contracts are written as Open Data Contract Standard YAML (``capabilities/facts/contracts``); the modules under
``kernel/facts`` are generated from them and committed, so that no YAML is read at start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tiffin.kernel.errors import NotFound

LOCALES = ("en", "ar", "zh_Hans", "zh_Hant", "pt_BR")
"""Languages in which every table, column and rule is explained."""


class LogicalType(StrEnum):
    """What kind of value a column holds.

    ``TIMESTAMP`` is an instant in UTC with microseconds; ``DATE`` a calendar day without a zone; ``INTEGER`` 64 bits;
    ``NUMBER`` a finite double.
    """

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


class Classification(StrEnum):
    """How far a value may travel, from the least to the most guarded.

    ``PERSONAL`` can be traced to a person; ``SPECIAL`` would harm a person when known (health, evidence of misconduct).
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a fact table.

    Parameters
    ----------
    meaning : mapping of str to str
        What a value says, by locale; English is always there.
    required : bool
        No row may be without it.
    derived : bool
        The platform computes it at load where the feed leaves it out (business date, local hour, slot, zone).
    unit : str or None
        ``min``, ``s``, ``m``, ``minor units``, ``orders``, ``share``...
    values : tuple of str
        The closed set of values, empty where any value may stand.
    minimum, maximum : float or None
        Closed bounds.
    max_length : int or None
        Characters of a string.
    pattern : str or None
        Regular expression that the whole string matches.
    references : str or None
        ``table.column`` that the value names, within the same city where both tables have one.
    person : str or None
        Kind of person (`tiffin.kernel.people.PersonKind`) whom the value names: it stands under a pseudonym.
    person_by : str or None
        Column of the same row that tells the kind, where its value is one; elsewhere ``person`` holds, if anything.
    sealed_for : str or None
        Column that names the person whose value it is. Where somebody is named there, the column stays empty, and the
        value lies in ``personal_values``, sealed under the person's key.
    """

    name: str
    type: LogicalType
    meaning: Mapping[str, str] = field(hash=False)
    required: bool = False
    derived: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    pattern: str | None = None
    classification: Classification = Classification.INTERNAL
    references: str | None = None
    person: str | None = None
    person_by: str | None = None
    sealed_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold between the columns of one row, in the rule language of `tiffin.kernel.rule_language`.

    A rule whose value is unknown, because a column it needs is empty, holds.
    """

    name: str
    expression: str
    meaning: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """What one fact table promises to whoever reads it.

    Parameters
    ----------
    version : str
        Semantic version of the contract itself.
    meaning : mapping of str to str
        What the table holds, by locale.
    grain : mapping of str to str
        What one row stands for, by locale.
    key : tuple of str
        Columns that name a row; a load with a known key restates it.
    event_at : tuple of str
        The instants, first one known wins, from which business date, local hour and slot are computed where a feed
        does not give them; empty for a table that belongs to no day.
    owner : str
        The team that answers for the table.
    retention_months : int
        How long rows are kept.
    usage, limitations : mapping of str to str
        What the rows are meant for and what they do not tell, by locale; empty where there is nothing to say.
    """

    name: str
    version: str
    meaning: Mapping[str, str] = field(hash=False)
    grain: Mapping[str, str] = field(hash=False)
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    event_at: tuple[str, ...] = ()
    owner: str
    retention_months: int
    usage: Mapping[str, str] = field(default_factory=dict, hash=False)
    limitations: Mapping[str, str] = field(default_factory=dict, hash=False)

    def column(self, name: str) -> Column:
        """Find a column by name.

        Raises
        ------
        NotFound
            The table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(
            f"A column of the table {self.name} was expected, {name!r} was found. "
            f"It has: {', '.join(self.column_names)}."
        )

    def has(self, name: str) -> bool:
        """Tell whether the table has a column of that name."""
        return any(column.name == name for column in self.columns)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Columns that no row may lack and that the platform does not compute."""
        return tuple(column.name for column in self.columns if column.required and not column.derived)

    @property
    def person_columns(self) -> tuple[Column, ...]:
        """Columns that name people."""
        return tuple(column for column in self.columns if column.person or column.person_by)

    @property
    def sealed_columns(self) -> tuple[Column, ...]:
        """Columns whose values are kept sealed where their person is named."""
        return tuple(column for column in self.columns if column.sealed_for)

    @property
    def derived_columns(self) -> tuple[str, ...]:
        """Columns that the platform computes at load where a feed leaves them out."""
        return tuple(column.name for column in self.columns if column.derived)
