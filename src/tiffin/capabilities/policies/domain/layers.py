"""Rows of files as rows of the flat table: split by place, laid over those that they override, and checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tiffin.capabilities.policies.domain.checking_cells import check_result, check_tests
from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot, unknown
from tiffin.capabilities.policies.domain.narrowing import ANYTHING, named, narrowed
from tiffin.capabilities.policies.domain.parameters import Placed
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Given, Origin, StatedRow, Statement, Tested
from tiffin.capabilities.policies.domain.reading import placeholders
from tiffin.capabilities.policies.domain.splitting import Part, TooManyPlaces, filled, parts_of
from tiffin.engines.decisions.feel.tree import Name, Node, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import Domain
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.messages import Message

PLACES = (Domain(MARKET, Kind.STRING, required=True), Domain(CITY, Kind.STRING))
MAX_FLAT = 20_000
"""Rows of a flat table; few files split and overlaid could make millions."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A row of the flat table.

    Parameters
    ----------
    tests : tuple of Tests
        One an input, market and city first.
    results : tuple of Node
        One an output.
    missing : tuple of str
        Parameters that it rests on and that have no value in its places.
    """

    tests: tuple[Tests, ...]
    results: tuple[Node, ...]
    tier: int
    origin: Origin
    missing: tuple[str, ...] = ()


class Layers:
    """The rows of a policy's files, laid over each other.

    Parameters
    ----------
    stated : Statement
        What the base says.
    placed : Mapping
        The parameters of the day.
    """

    def __init__(self, stated: Statement, placed: Mapping[str, Placed]) -> None:
        self.stated, self.placed = stated, placed
        inputs = [Domain(one.name, one.kind, one.whole, one.required, one.unit) for one in stated.inputs]
        self.domains = (*PLACES, *inputs)
        self.varying = {name for name, one in placed.items() if one.markets or one.cities}
        steady = {name: one.general for name, one in placed.items() if name not in self.varying}
        self.general: dict[str, Value] = {name: one.value for name, one in steady.items() if one is not None}
        self.rows: dict[str, list[Laid]] = {}
        self.used: set[str] = set()
        self._count = 0
        self._seen: dict[tuple[int, str], Node] = {}

    @property
    def flat(self) -> tuple[Laid, ...]:
        """All rows, in the order in which they were laid."""
        return tuple(one for rows in self.rows.values() for one in rows)

    def lay(self, row: StatedRow, place: str, cells: tuple[Tests, Tests], under: Sequence[str]) -> None:
        """Lay a row over those that it overrides, or, of the base, over none.

        Parameters
        ----------
        place : str
            Market or city of its overlay, for the account.
        cells : tuple of Tests
            What market and city have to be.
        under : sequence of str
            Ids of the rows that it may override.

        Raises
        ------
        PolicyFault
            It overrides what is not there or never meets it, names what has no value, or has a cell that not every
            back end can decide.
        """
        spot = Spot(row.place, row.id)
        if row.id in self.rows:
            raise PolicyFault(Message("{name} stands twice; each name and id stands once.", name=row.id), spot)
        for other in row.overrides:
            if other not in under:
                raise PolicyFault(unknown(other, under), spot)
        own = [one for part in self._parts(row, spot) for one in self._own(row, place, cells, part)]
        laid = own
        if row.overrides:
            tier = 1 + max(one.tier for name in row.overrides for one in self.rows[name])
            laid = [one for name in row.overrides for one in self._over(own, row, name, tier)]
        for one in laid:
            self._refuse_missing(one, spot)
        self._count += len(laid)
        if self._count > MAX_FLAT:
            raise _too_many(spot)
        self.rows[row.id] = laid

    def _parts(self, row: StatedRow, spot: Spot) -> tuple[Part, ...]:
        try:
            return parts_of(self._names(row), self.placed)
        except TooManyPlaces:
            raise _too_many(spot) from None

    def note(self, spot: Spot, cell: Tested | Given) -> frozenset[str]:
        """Give the parameters that a cell speaks of; the policy rests on them.

        Raises
        ------
        PolicyFault
            It speaks of something else.
        """
        for name in sorted(cell.names - self.placed.keys()):
            raise PolicyFault(
                Message(
                    "{name} is no parameter that holds on this day.{near} A text stands in quotes, as in '\"{name}\"'.",
                    name=name,
                    near=near(name, self.placed),
                ),
                replace(spot, span=(cell.tests if isinstance(cell, Tested) else cell.node).span),
            )
        self.used |= cell.names
        return cell.names

    def note_everywhere(self, spot: Spot, cell: Tested | Given) -> None:
        """Note the parameters that a cell speaks of which holds in every place.

        Raises
        ------
        PolicyFault
            It speaks of something else, or of a parameter that differs between places.
        """
        for name in sorted(self.note(spot, cell) & self.varying):
            raise PolicyFault(
                Message(
                    "the parameter {name} differs between places; values and defaults hold everywhere, so that they "
                    "name only parameters that have one value.",
                    name=name,
                ),
                spot,
            )

    def _names(self, row: StatedRow) -> list[str]:
        """Give the parameters that a row rests on and that differ between places; note all that it rests on."""
        found: set[str] = set()
        for column, cell in row.when.items():
            found |= self.note(Spot(row.place, row.id, column), cell)
        for column, result in row.then.items():
            found |= self.note(Spot(row.place, row.id, column), result)
        columns = {one.name for one in self.domains} | {one.name for one in self.stated.outputs}
        for locale, text in row.reason.items():
            spoken = set(placeholders(text)) - columns
            for name in sorted(spoken - self.placed.keys()):
                raise PolicyFault(
                    Message(
                        "the reason in {locale} speaks of {name}, which is no input, output or parameter.",
                        locale=locale,
                        name=name,
                    ),
                    Spot(row.place, row.id),
                )
            found |= spoken
        self.used |= found
        return sorted(found & self.varying)

    def _own(self, row: StatedRow, place: str, cells: tuple[Tests, Tests], part: Part) -> Iterator[Laid]:
        """Give a row as its file states it, in some places; nothing where its own places are others."""
        where = [
            narrowed(one, other, domain, {})
            for one, other, domain in zip(cells, (part.market, part.city), PLACES, strict=True)
        ]
        tests = [
            _filled_test(row.when[one.name], part) if one.name in row.when else ANYTHING
            for one in self.domains[len(PLACES) :]
        ]
        places = [one for one in where if one is not None]
        if len(places) < len(where):
            return
        results = tuple(
            _filled_result(row.then[one.name], part) if one.name in row.then else Name(_INHERITED)
            for one in self.stated.outputs
        )
        laid = Laid((*places, *tests), results, 0, Origin(row.id, place, "", row.place, part.values), part.missing)
        if not part.missing:
            self._check(row, laid)
        yield laid

    def _check(self, row: StatedRow, laid: Laid) -> None:
        for domain, tests in zip(self.domains, laid.tests, strict=True):
            if tests.tests and self._is_new(tests, domain.name):
                check_tests(tests, domain.kind, self.general, Spot(row.place, row.id, domain.name))
        for column, node in zip(self.stated.outputs, laid.results, strict=True):
            if not _is_inherited(node) and self._is_new(node, column.name):
                allowed = column.values.tests if column.values else None
                check_result(node, column.kind, allowed, self.general, Spot(row.place, row.id, column.name))

    def _is_new(self, node: Node, column: str) -> bool:
        """Tell whether a tree was not seen in a column before; equal texts are read as one tree."""
        if (id(node), column) in self._seen:
            return False
        self._seen[id(node), column] = node
        return True

    def _over(self, own: Sequence[Laid], row: StatedRow, name: str, tier: int) -> list[Laid]:
        """Lay the parts of a row over all parts of one that it overrides."""
        met = [both for under in self.rows[name] for one in own if (both := self._both(one, under)) is not None]
        if not met:
            raise PolicyFault(
                Message("no case is both in this row and in {other}, which it overrides.", other=name),
                Spot(row.place, row.id),
            )
        return [replace(one, tier=tier, origin=replace(one.origin, overrides=name)) for one in met]

    def _both(self, one: Laid, under: Laid) -> Laid | None:
        tests: list[Tests] = []
        for mine, other, domain in zip(one.tests, under.tests, self.domains, strict=True):
            found = narrowed(mine, other, domain, self.general)
            if found is None:
                return None
            tests.append(found)
        results = tuple(
            other if _is_inherited(mine) else mine for mine, other in zip(one.results, under.results, strict=True)
        )
        known = {**under.origin.parameters, **one.origin.parameters}
        return replace(one, tests=tuple(tests), results=results, origin=replace(one.origin, parameters=known))

    def _refuse_missing(self, laid: Laid, spot: Spot) -> None:
        if laid.missing:
            raise PolicyFault(
                Message(
                    "the parameter {name} lacks a value in some place of this row; give it one for everywhere.",
                    name=laid.missing[0],
                ),
                spot,
            )


_INHERITED = ""
"""A name that nobody can write: the result stays that of the overridden row."""


def _is_inherited(node: Node) -> bool:
    return isinstance(node, Name) and node.name == _INHERITED


def _too_many(spot: Spot) -> PolicyFault:
    return PolicyFault(
        Message(
            "all rows and places together make more than {most} rows. Tell each city's `market` in the parameters.",
            most=MAX_FLAT,
        ),
        spot,
    )


def _filled_test(cell: Tested, part: Part) -> Tests:
    return filled(cell.tests, cell.names, part.values)


def _filled_result(cell: Given, part: Part) -> Node:
    return filled(cell.node, cell.names, part.values)


def place_cells(place: str, *, is_market: bool) -> tuple[Tests, Tests]:
    """Give what market and city have to be for the overlay of a place; anything for the base."""
    if not place:
        return ANYTHING, ANYTHING
    return (named([place]), ANYTHING) if is_market else (ANYTHING, named([place]))
