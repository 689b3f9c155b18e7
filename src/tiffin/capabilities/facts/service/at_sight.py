"""A contract's rules as a large load looks at them: quick to tell for whole columns, and never kinder."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tiffin.capabilities.facts.domain.functions import identifier
from tiffin.capabilities.facts.service.deriving import LOCAL
from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.row_rules import RowRule, row_rules
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_outcomes import can_fail
from tiffin.runtime.intake.extremes import Extremes

EARLIEST_AT, LATEST_AT = 631_324_800_000_000, 4_102_272_000_000_000 - 1
"""1990-01-03 to 2099-12-29: days, slots and dates of rows between them lie within the bounds of all instants, in every
time zone; rows outside go the usual way."""

_LETTERS = re.compile(r"\^\[A-Z\]\{(\d)\}\$")


@dataclass(frozen=True, slots=True)
class AtSight:
    """The rules that rows with some columns can break.

    Parameters
    ----------
    mapped : collection of str
        Columns of the contract that the rows bring; the others are empty or derived.
    countries : collection of str
        Every country that may be derived.
    known : mapping of str to Extremes
        Between which bounds the values of some columns lie.
    people : collection of str
        Columns in which pseudonyms stand.
    """

    contract: TableContract
    mapped: Collection[str]
    countries: Collection[str]
    known: Mapping[str, Extremes]
    people: Collection[str] = ()

    def sql(self) -> str:
        """Write one condition that holds only for rows that break no rule."""
        return " AND ".join(self._written(rule) for rule in row_rules(self.contract) if not self._always_holds(rule))

    def _written(self, rule: RowRule) -> str:
        """Write a rule, or one that is quicker and holds no more often.

        The database looks at the distinct values of a column where a condition is about nothing else and cannot fail.
        """
        kind, _, name = rule.name.partition(":")
        if kind == "length":
            return f"coalesce(strlen({identifier(name)}) <= {self.contract.column(name).max_length}, true)"
        if kind == "values":
            members = ", ".join(f"'{value}'" for value in self.contract.column(name).values)
            return f"({identifier(name)} IS NULL OR {identifier(name)} IN ({members}))"
        letters = _LETTERS.fullmatch(self.contract.column(name).pattern or "") if kind == "pattern" else None
        if letters:
            return f"({identifier(name)} GLOB '{'[A-Z]' * int(letters[1])}' OR {identifier(name)} IS NULL)"
        return rule.sql

    def _always_holds(self, rule: RowRule) -> bool:
        kind, _, name = rule.name.partition(":")
        if not name:
            return self._own_always_holds(rule)
        if name in self.people and kind == "length":
            return True
        if name in self.mapped:
            return name in self.known and self._holds_between(kind, self.contract.column(name), self.known[name])
        if name in self.contract.derived_columns:
            return self._holds_when_derived(kind, name)
        return kind in ("values", "range", "length", "pattern")

    def _holds_between(self, kind: str, column: Column, found: Extremes) -> bool:
        """Tell whether a rule follows from a column's bounds."""
        if kind == "required":
            return not found.has_nulls and found.least != ""
        if kind != "range" or isinstance(found.least, str) or isinstance(found.most, str):
            return False
        if column.type is LogicalType.TIMESTAMP:
            return found.least >= EARLIEST_AT and found.most <= LATEST_AT
        least = column.minimum is None or found.least >= column.minimum
        return column.type is LogicalType.INTEGER and least and (column.maximum is None or found.most <= column.maximum)

    def _holds_when_derived(self, kind: str, name: str) -> bool:
        if name in LOCAL and kind in ("required", "range"):
            return True
        pattern = self.contract.column(name).pattern if name == "country" else None
        sound = pattern is None or all(re.fullmatch(pattern, country) for country in self.countries)
        return kind in ("pattern", "length") and sound and name in ("country", "day_part")

    def _own_always_holds(self, rule: RowRule) -> bool:
        """Tell whether a rule between columns holds wherever the columns that are not there are empty."""
        types = {column.name: column.type.value for column in self.contract.columns}
        stated = next(own.expression for own in self.contract.rules if own.name == rule.name)
        empty = set(types) - set(self.mapped) - set(self.contract.derived_columns) - {"source"}
        there = {name for name, found in self.known.items() if not found.has_nulls}
        return not can_fail(parse_rule(stated, types), empty, there)
