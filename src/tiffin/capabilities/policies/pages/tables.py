"""A decision table as people read it: each row under the one that it overrides, with its reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective, Origin, PolicyVersion, Words
from tiffin.capabilities.policies.domain.versions import PARAMETERS, Version, digest_of
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.units import money_teller, told_unit
from tiffin.capabilities.policies.pages.where import Where, in_words, place_name
from tiffin.capabilities.policies.service import library
from tiffin.engines.decisions.dmn.plain import NotPlain, PlainCell, Relation, Within, constant, plain_cell
from tiffin.engines.decisions.dmn.tables import Row
from tiffin.engines.decisions.feel.tree import Node, Tests
from tiffin.engines.decisions.feel.values import Value
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import isolate, translate

Texts = Mapping[tuple[str, str], str]
"""By row and column, the text of the cell in FEEL."""

PLACES = 2
"""The first inputs of every table: market and city."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table in the reader's language."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in words, empty where everything passes.

    Parameters
    ----------
    feel : str
        Its text as it was written; two cells that say the same in other signs are equal.
    is_code : bool
        There are no words for it but its own text.
    """

    told: str
    feel: str = field(default="", compare=False)
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row in the reader's language.

    Parameters
    ----------
    place : str
        The market or city of which it is; empty for the base.
    depth : int
        How many rows it overrides, one over the other; 0 for a row of the base.
    elsewhere : str
        Says where it has other numbers; empty for nowhere.
    replaced : str
        Says which row goes before it in all its cases; empty for none.
    """

    row_id: str
    place: str
    depth: int
    when: tuple[Cell, ...]
    then: tuple[Cell, ...]
    reason: str
    elsewhere: str = ""
    replaced: str = ""


@dataclass(frozen=True, slots=True)
class TableTold:
    """A decision table in the reader's language."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[RowTold, ...]


def told_texts(context: Context, name: str, texts: Mapping[str, str], where: Where) -> TableTold:
    """Tell the table that some texts, by place, would give.

    Raises
    ------
    InvalidDefinition
        A text cannot be read, or they do not fit together.
    """
    found = library.drafted(context, name, where.on, texts)
    return told_table(found, versions_in(name, texts, where), where, context.locale)


def versions_in(name: str, texts: Mapping[str, str], where: Where) -> tuple[PolicyVersion, ...]:
    """Read texts, by place, as tables of a policy; parameters are none.

    Raises
    ------
    InvalidDefinition
        One of them cannot be read.
    """
    tables = {place: text for place, text in texts.items() if place != PARAMETERS}
    versions = (Version(name, place, where.on, digest_of(text), text) for place, text in tables.items())
    return tuple(map(library.read_version, versions))


def told_table(found: Effective, versions: Iterable[PolicyVersion], where: Where, locale: str) -> TableTold:
    """Tell a table in force; of the rows those that may decide in the market and city that were chosen."""
    told = _Table(found, _texts(versions), where, locale)
    stated = found.stated
    return TableTold(
        tuple(Column(one.name, in_words(one.label, locale), told_unit(one.unit, locale)) for one in stated.inputs),
        tuple(Column(one.name, in_words(one.label, locale), told_unit(one.unit, locale)) for one in stated.outputs),
        tuple(told.rows()),
    )


def reason_frame(reason: Words, found: Effective, locale: str) -> str:
    """Give a reason's text with the name of each value where the value will stand."""
    labels = {one.name: f"[{in_words(one.label, locale)}]" for one in found.stated.inputs}
    labels |= {one.name: f"[{in_words(one.label, locale)}]" for one in found.stated.outputs}
    labels |= {name: isolate(Teller(locale).value(value)) for name, value in found.table.parameters.items()}
    try:
        return in_words(reason, locale).format_map(_Named(labels))
    except (ValueError, IndexError, AttributeError):
        return in_words(reason, locale)


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"[{name}]"


class _Table:
    """The rows of one table, as they are told.

    Where a row rests on parameters that differ between places, the table has it once for each; it is told once, by the
    numbers that hold in general, with the places that have others.
    """

    def __init__(self, found: Effective, texts: Texts, where: Where, locale: str) -> None:
        self.found, self.texts, self.where, self.locale = found, texts, where, locale
        self.names = [one.name for one in found.table.domains]
        here = [number for number, row in enumerate(found.table.table.rows) if self._may_decide(row)]
        self.elsewhere: dict[int, list[int]] = {}
        groups: dict[tuple[str, str], list[int]] = {}
        for number in here:
            groups.setdefault((found.origins[number].row, found.origins[number].overrides), []).append(number)
        for group in groups.values():
            self._keep_general(group)

    def rows(self) -> Iterator[RowTold]:
        """Give the rows of the base in their order, and under each those that override it."""
        told = {self.found.origins[number].row for number in self.elsewhere}
        for number in sorted(self.elsewhere):
            if self.found.origins[number].overrides not in told:
                yield from self._with_those_over(number, 0)

    def _keep_general(self, group: list[int]) -> None:
        """Keep of one row in several places what holds in general."""
        rows = self.found.table.table.rows
        general = next((number for number in group if self._is_general(rows[number])), group[0])
        kept = [number for number in group if rows[number].tests[:PLACES] == rows[general].tests[:PLACES]]
        for number in kept:
            self.elsewhere[number] = [other for other in group if other not in kept]

    def _with_those_over(self, number: int, depth: int) -> Iterator[RowTold]:
        over = self._over(number)
        told = self._told(number, depth)
        whole = next((other for other in over if self._conditions(other) == self._conditions(number)), None)
        if whole is not None and self.where.market:
            before = isolate(self.found.origins[whole].row)
            told = replace(told, replaced=translate(self.locale, "here {row} goes before it", row=before))
        yield told
        for other in over:
            yield from self._with_those_over(other, depth + 1)

    def _over(self, number: int) -> list[int]:
        """List the rows that override one; of a row that stands several times each has its own."""
        origins = self.found.origins
        alike = [one for one in sorted(self.elsewhere) if origins[one].row == origins[number].row]
        over = [one for one in sorted(self.elsewhere) if origins[one].overrides == origins[number].row]
        return over if len(over) % len(alike) else over[alike.index(number) :: len(alike)]

    def _told(self, number: int, depth: int) -> RowTold:
        row, origin = self.found.table.table.rows[number], self.found.origins[number]
        stated, market = self.found.stated, self._market(row)
        tellers = [Teller(self.locale, one.whole) for one in self.found.table.domains]
        tests = list(zip(self.names, row.tests, tellers, strict=True))[PLACES:]
        then = [
            self._given(origin, output.name, node, money_teller(output, stated, market, self.locale))
            for output, node in zip(stated.outputs, row.results, strict=True)
        ]
        return RowTold(
            origin.row,
            place_name(origin.place, self.locale, self.where.names) if origin.place else "",
            depth,
            tuple(self._tested(origin, *one) for one in tests),
            tuple(then),
            reason_frame(self.found.reasons.get(origin.row, {}), self.found, self.locale),
            self._elsewhere(number),
        )

    def _elsewhere(self, number: int) -> str:
        """Name the places in which a row has other numbers; empty for none."""
        rows = self.found.table.table.rows
        first = 1 if self.where.market else 0
        cells = [self._plain(one) for other in self.elsewhere[number] for one in rows[other].tests[first:PLACES]]
        codes = {str(test.value) for one in cells if one and not one.negated for test in one.tests if _is_equal(test)}
        named = sorted(place_name(code, self.locale, self.where.names) for code in codes)
        return translate(self.locale, "other numbers in: {places}", places=", ".join(named)) if named else ""

    def _is_general(self, row: Row) -> bool:
        cells = zip((self.where.market, self.where.city), map(self._plain, row.tests), strict=False)
        return all(chosen or (one is not None and (not one.tests or one.negated)) for chosen, one in cells)

    def _tested(self, origin: Origin, name: str, tests: Tests, teller: Teller) -> Cell:
        text = self.texts.get((origin.row, name)) or self.texts.get((origin.overrides, name), "")
        cell = self._plain(tests)
        return Cell(text, text, is_code=True) if cell is None else Cell(teller.cell(cell), text)

    def _given(self, origin: Origin, name: str, node: Node, tell: Callable[[Value], str]) -> Cell:
        text = self.texts.get((origin.row, name)) or self.texts.get((origin.overrides, name), "")
        try:
            return Cell(tell(constant(node, self.found.table.parameters)), text)
        except NotPlain:
            return Cell(text, text, is_code=True)

    def _plain(self, tests: Tests) -> PlainCell | None:
        try:
            return plain_cell(tests, self.found.table.parameters)
        except NotPlain:
            return None

    def _market(self, row: Row) -> str:
        """Tell the one market for which a row is written or which was chosen; empty for none."""
        cell = self._plain(row.tests[self.names.index(MARKET)])
        only = cell.tests[0] if cell is not None and len(cell.tests) == 1 and not cell.negated else None
        return str(getattr(only, "value", "") or "") or self.where.market

    def _may_decide(self, row: Row) -> bool:
        chosen = {MARKET: self.where.market, CITY: self.where.city}
        for name, tests in zip(self.names, row.tests, strict=True):
            cell = self._plain(tests) if chosen.get(name) else None
            if cell is not None and not _passes(cell, chosen[name]):
                return False
        return self._lies_here(row)

    def _lies_here(self, row: Row) -> bool:
        """Tell whether a row that is for cities alone is for any that lies in the market that was chosen."""
        cell = self._plain(row.tests[self.names.index(CITY)])
        if not self.where.market or cell is None or cell.negated or not cell.tests:
            return True
        cities = (str(one.value) for one in cell.tests if _is_equal(one))
        return any(self.where.countries.get(one, self.where.market) == self.where.market for one in cities)

    def _conditions(self, number: int) -> tuple[object, ...]:
        return tuple(self._plain(one) or repr(one) for one in self.found.table.table.rows[number].tests[PLACES:])


def _passes(cell: PlainCell, value: str) -> bool:
    if not cell.tests:
        return True
    met = any(_is_equal(one) and one.value == value for one in cell.tests)
    return met is not cell.negated


def _is_equal(test: Relation | Within) -> TypeGuard[Relation]:
    return isinstance(test, Relation) and test.operator == "="


def _texts(versions: Iterable[PolicyVersion]) -> Texts:
    found: dict[tuple[str, str], str] = {}
    for version in sorted(versions, key=lambda one: one.from_date):
        for row in version.stated.rows:
            found |= {(row.id, name): cell.text for name, cell in row.when.items()}
            found |= {(row.id, name): cell.text for name, cell in row.then.items()}
    return found
