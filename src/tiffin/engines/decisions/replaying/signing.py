"""Signatures as SQL: for each word one expression over the columns of a case, no branch of it dearer than a comparison.

Each input is looked at once: its part says which conditions it lets pass, and the inputs' answers are put together bit
by bit. Deciding two tables of 30 rows takes as long as deciding one by hand-written conditions, or less.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from itertools import pairwise

from sqlglot import exp

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.calendar import Date
from tiffin.engines.decisions.feel.values import Value, described
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.grids.axes import Atom, Axis, Between, Other, Point
from tiffin.engines.decisions.grids.measures import LINES
from tiffin.engines.decisions.replaying.conditions import WORD_BITS, Conditions


def words_of(conditions: Conditions) -> tuple[exp.Expr, ...]:
    """Write the words of a case's signature over the columns that bear the inputs' names.

    Raises
    ------
    NotPlain
        An input is compared with values that no column of a table holds.
    """
    return tuple(
        _word(conditions, range(first, min(first + WORD_BITS, len(conditions.cells))))
        for first in range(0, len(conditions.cells), WORD_BITS)
    )


def is_telling(conditions: Conditions) -> exp.Expr | None:
    """Write that a case may be decided otherwise by one version than by another; None where any case may be."""
    telling = conditions.telling
    if len(telling) == len(conditions.cells):
        return None
    if not telling:
        return exp.false()
    words = [_word(conditions, telling[first : first + WORD_BITS]) for first in range(0, len(telling), WORD_BITS)]
    met = exp.or_(*(exp.NEQ(this=exp.paren(one), expression=whole(0)) for one in words), copy=False)
    # What each input has to be for any of them to hold: an engine leaves out rows by it before it reads the others.
    places = (_reach(axis, _passed(conditions, place, telling)) for place, axis in enumerate(conditions.axes))
    return exp.and_(*(one for one in places if one is not None), met, copy=False)


def _word(conditions: Conditions, numbers: Sequence[int]) -> exp.Expr:
    """Write which of some conditions a case meets, a bit for each."""
    full = (1 << len(numbers)) - 1
    parts = [_answer(axis, _passed(conditions, place, numbers), full) for place, axis in enumerate(conditions.axes)]
    found = [one for one in parts if one is not None]
    return reduce(lambda left, right: exp.BitwiseAnd(this=left, expression=right), found) if found else whole(full)


def _passed(conditions: Conditions, place: int, numbers: Sequence[int]) -> list[int]:
    """Give for each part of an axis those of some conditions that it lets pass, a bit for each."""
    cells = [conditions.cells[number][place] for number in numbers]
    atoms = len(conditions.axes[place].atoms)
    return [sum(1 << bit for bit, mask in enumerate(cells) if mask >> atom & 1) for atom in range(atoms)]


def _reach(axis: Axis, passed: Sequence[int]) -> exp.Expr | None:
    """Write that an input has a value that lets anything pass; None where most values do."""
    column = exp.column(axis.domain.name, quoted=True)
    passing = [atom for atom, mask in zip(axis.atoms, passed, strict=True) if mask]
    if passed[0] or not passing or any(isinstance(one, Other) for one in passing):
        return None
    if axis.domain.kind not in LINES:
        named = [literal(one.value) for one in passing if isinstance(one, Point)]
        return _one_of(column, named) if len(named) < len(axis.atoms) - 1 else None
    ends = (_end(column, passing[0], is_low=True), _end(column, passing[-1], is_low=False))
    found = [one for one in ends if one is not None]
    return exp.and_(*found, copy=False) if found else None


def _end(column: exp.Expr, atom: Atom, *, is_low: bool) -> exp.Expr | None:
    """Write that a value does not lie before a part of a line, or beyond it; None where the part has no end there."""
    if isinstance(atom, Point):
        relation: type[exp.Binary] = exp.GTE if is_low else exp.LTE
        return relation(this=column.copy(), expression=literal(atom.value))
    value = (atom.low if is_low else atom.high) if isinstance(atom, Between) else None
    relation = exp.GT if is_low else exp.LT
    return None if value is None else relation(this=column.copy(), expression=literal(value))


def _answer(axis: Axis, passed: Sequence[int], full: int) -> exp.Expr | None:
    """Write what one input lets pass; None where that is everything, whatever it is."""
    if all(one == full for one in passed):
        return None
    column = exp.column(axis.domain.name, quoted=True)
    ordered = axis.domain.kind in LINES
    tests, otherwise = _along(axis, column, passed) if ordered else _among(axis, column, passed)
    if passed[0] != otherwise:
        tests = [(exp.Is(this=column.copy(), expression=exp.null()), passed[0]), *tests]
    if not tests:
        return exp.Literal.number(otherwise)
    # Plain numbers: engines take the narrowest type that holds them, and a cast for each would be most of the text.
    case = exp.Case(default=exp.Literal.number(otherwise))
    for condition, mask in tests:
        case = case.when(condition, exp.Literal.number(mask), copy=False)
    return case


Tested = tuple[list[tuple[exp.Expr, int]], int]
"""Conditions, each with what passes where it is the first that holds, and what passes where none does."""


def _along(axis: Axis, column: exp.Expr, passed: Sequence[int]) -> Tested:
    """Walk up a line: a part ends where the next one begins that lets something else pass."""
    tests: list[tuple[exp.Expr, int]] = []
    parts = list(zip(axis.atoms, passed, strict=True))[1:]
    for (atom, mask), (beyond, other) in pairwise(parts):
        if mask == other:
            continue
        if isinstance(atom, Point):
            tests.append((exp.LTE(this=column.copy(), expression=literal(atom.value)), mask))
        elif isinstance(beyond, Point):
            tests.append((exp.LT(this=column.copy(), expression=literal(beyond.value)), mask))
        elif isinstance(atom, Between):
            tests.append((exp.LT(this=column.copy(), expression=literal(atom.high)), mask))
    return tests, parts[-1][1]


def _among(axis: Axis, column: exp.Expr, passed: Sequence[int]) -> Tested:
    """Compare with each value that is named, but for those that let the same pass as any other."""
    named = [(atom, mask) for atom, mask in zip(axis.atoms, passed, strict=True) if isinstance(atom, Point)]
    others = [mask for atom, mask in zip(axis.atoms, passed, strict=True) if isinstance(atom, Other)]
    otherwise = others[0] if others else named.pop()[1]
    alike: dict[int, list[exp.Expr]] = {}
    for atom, mask in named:
        if mask != otherwise:
            alike.setdefault(mask, []).append(literal(atom.value))
    return [(_one_of(column, values), mask) for mask, values in alike.items()], otherwise


def _one_of(column: exp.Expr, values: Iterable[exp.Expr]) -> exp.Expr:
    equal: list[exp.Expr] = [exp.EQ(this=column.copy(), expression=one) for one in values]
    return reduce(lambda left, right: exp.Or(this=left, expression=right), equal)


def literal(value: Value) -> exp.Expr:
    """Write a value of FEEL.

    Raises
    ------
    NotPlain
        Columns of tables do not hold such values: times of day, instants and durations.
    """
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, Decimal):
        return exp.Literal.number(format(value, "f"))
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, Date):
        return exp.cast(exp.Literal.string(str(value)), exp.DataType.Type.DATE)
    raise NotPlain(f"The {described(value)} {literal_of(value)} stands in no column of past cases.")


def whole(number: int) -> exp.Expr:
    """Write a whole number of 64 bits."""
    return exp.cast(exp.Literal.number(number), exp.DataType.Type.BIGINT)
