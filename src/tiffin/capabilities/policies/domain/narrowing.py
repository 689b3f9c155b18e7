"""Cells that hold where two others do."""

from collections.abc import Mapping, Sequence

from tiffin.engines.decisions.dmn.plain import PlainCell, plain_cell
from tiffin.engines.decisions.feel.tree import Bound, Constant, RangeOf, Test, Tests
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.axes import Atom, Between, Cut, Nothing, Other, Point
from tiffin.engines.decisions.policy import Domain

ANYTHING = Tests(())
_NULL = 1


def narrowed(one: Tests, other: Tests, domain: Domain, parameters: Mapping[str, Value]) -> Tests | None:
    """Give a cell that values pass which pass two others; None where no value does.

    Parameters
    ----------
    parameters : Mapping
        Values of the names that the cells may use.

    Raises
    ------
    NotPlain
        One of them holds more than plain tests of plain values.
    """
    if not one.tests or not other.tests:
        return one if one.tests else other
    cells = [plain_cell(tests, parameters) for tests in (one, other)]
    cut = Cut(domain, cells, [PlainCell(())])
    mask = cut.mask(cells[0]) & cut.mask(cells[1])
    return _written(cut.axis.atoms, mask) if mask & cut.axis.inside else None


def named(values: Sequence[str], *, negated: bool = False) -> Tests:
    """Give a cell that texts pass which are among some, or, negated, which are not."""
    return Tests(tuple(_equal(one) for one in values), negated=negated and bool(values))


def _written(atoms: Sequence[Atom], mask: int) -> Tests:
    """Write the parts of a mask as tests."""
    if mask == (1 << len(atoms)) - 1:
        return ANYTHING
    if any(isinstance(atom, Other) and mask >> number & 1 for number, atom in enumerate(atoms)):
        left = [atom for number, atom in enumerate(atoms) if not mask >> number & 1]
        return Tests(tuple(_equal(_value(atom)) for atom in left), negated=True)
    if not any(isinstance(atom, Between) for atom in atoms):
        return Tests(tuple(_equal(_value(atom)) for number, atom in enumerate(atoms) if mask >> number & 1))
    null = (_equal(None),) if mask & _NULL else ()
    return Tests((*(_run(atoms[low], atoms[high]) for low, high in _runs(mask >> 1)), *null))


def _runs(mask: int) -> list[tuple[int, int]]:
    """Give the first and last number of each run of bits, counted from 1, since null is left out."""
    found: list[tuple[int, int]] = []
    for number in range(1, mask.bit_length() + 1):
        if mask >> (number - 1) & 1:
            low = found.pop()[0] if found and found[-1][1] == number - 1 else number
            found.append((low, number))
    return found


def _run(first: Atom, last: Atom) -> Bound | Test:
    """Write all that lies from one part of an ordered input to another."""
    if first == last and isinstance(first, Point):
        return _equal(first.value)
    start = first.low if isinstance(first, Between) else _value(first)
    end = last.high if isinstance(last, Between) else _value(last)
    start_included, end_included = isinstance(first, Point), isinstance(last, Point)
    if start is None and end is None:
        return Bound("!=", Constant(None))
    if start is None:
        return Bound("<=" if end_included else "<", Constant(end))
    if end is None:
        return Bound(">=" if start_included else ">", Constant(start))
    return Test(RangeOf(Constant(start), Constant(end), start_included, end_included), asks=False)


def _value(atom: Atom) -> Value:
    return None if isinstance(atom, Nothing) else atom.sample()


def _equal(value: Value) -> Test:
    return Test(Constant(value), asks=False)
