"""Decision tables as Python functions, for many single decisions a second.

The functions are made of syntax nodes and constants; no text of a model ever becomes text of a program. What a table
holds beyond plain tests of plain values is refused here with the reason, and left to the interpreter.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import CodeType, FunctionType
from typing import Any, NamedTuple, TypeVar

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.plain_cells import Cells, Kinds
from tiffin.engines.decisions.dmn.tables import HitPolicy, Row, TableOf, outcome, permits, rows_that_hold
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value

MAX_INPUTS = 200
MAX_SIGNATURES = 4096
"""Combinations of types that are remembered as fitting."""


class Ruling(NamedTuple):
    """What a table said of a case.

    Parameters
    ----------
    rows : tuple of int
        The numbers, from 1, of the rows that decide: none in a gap, one of a unique, first or priority table. Several
        where any or all of them are heard, or where they contradict each other, which a unique table may not.
    value : Value
        The outcome; null where a value is not among those that its input may have.
    reason : str
        The first annotation of the row that decides, the key of its reason; empty where several do.
    evidence : tuple
        What the case brought as evidence for each input that the row, or any of several, tests.
    """

    rows: tuple[int, ...]
    value: Value
    reason: str
    evidence: tuple[str | None, ...]


class Traced(NamedTuple):
    """A ruling, and for each row the number, from 0, of the first input that failed it, or -1 where it holds."""

    ruling: Ruling
    failed: tuple[int, ...]


class CompiledTable:
    """A table made ready for many decisions.

    Parameters
    ----------
    table : TableOf
        The table, of any hit policy.
    parameters : Mapping
        Values of the names that its cells may use beside the inputs.

    Raises
    ------
    NotPlain
        When it holds more than plain tests of plain values; the message says what.
    """

    def __init__(self, table: TableOf, parameters: Mapping[str, Value]) -> None:
        if len(table.inputs) > MAX_INPUTS:
            raise NotPlain(f"A table of more than {MAX_INPUTS} inputs is left to the interpreter.")
        self.table, self.scope = table, Scope(parameters)
        cells = Cells(parameters)
        tests = [[cells.test(number, one) for number, one in enumerate(row.tests)] for row in table.rows]
        outside = [cells.outside(number, one.allowed) for number, one in enumerate(table.inputs)]
        cells.check_results(one for row in table.rows for one in row.results)
        cells.check_results(one.default for one in table.outputs if one.default is not None)
        self.kinds: Kinds = cells.kinds
        clear = [_unpacked(len(table.inputs)), *cells.moments(ast.Constant(_UNCLEAR))]
        known = [_unpacked(len(table.inputs)), *cells.moments(ast.Constant(None))]
        self.is_single = table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST)
        finding = _finding(tests, outside, table) if self.is_single else _gathering(tests, outside, table)
        self.find = _function([*clear, *finding], cells.constants)
        self.follow = _function([*known, _following(tests)], cells.constants)
        alone = [self._ruling((number,), [row]) for number, row in enumerate(table.rows, 1)]
        # Of one row its number finds the ruling; of several the bits of all that hold.
        self.rulings: list[Ruling] | _Met[Ruling] = alone if self.is_single else _Met(self._together)
        self.evidence = [_picking([row]) for row in table.rows] if self.is_single else _Met(self._picking_together)
        self.gap = self._ruling((), [])
        self.signatures: set[tuple[type, ...]] = set()

    def decide(self, values: Sequence[Value], evidence: Sequence[str | None]) -> Ruling:
        """Decide one case.

        Parameters
        ----------
        values : Sequence
            The values of the inputs, in their order; numbers as `Decimal` or `int`.
        evidence : Sequence
            A reference to what stands behind each, in the same order.
        """
        types = tuple(map(type, values))
        if types not in self.signatures and not self._fits(types):
            return self._interpreted(values, evidence)
        row = self.find(values)
        if row >= 0:
            rows, value, reason, _ = self.rulings[row]
            return Ruling(rows, value, reason, self.evidence[row](evidence))
        return self.gap if row == _GAP else self._interpreted(values, evidence)

    def trace(self, values: Sequence[Value], evidence: Sequence[str | None]) -> Traced:
        """Decide one case and tell of each row which input failed it first."""
        ruling = self.decide(values, evidence)
        if tuple(map(type, values)) in self.signatures:
            failed = self.follow(values)
            if failed is not None:
                return Traced(ruling, failed)
        failed = [self._first_failed(row, values) for row in self.table.rows]
        return Traced(ruling, tuple(failed))

    def _fits(self, types: tuple[type, ...]) -> bool:
        """Tell whether values of these types are what the columns are compared with; remember if so."""
        wrong = [number for number, one in enumerate(types) if one not in (type(None), *self.kinds.get(number, (one,)))]
        fits = len(types) == len(self.table.inputs) and not wrong
        if fits and len(self.signatures) < MAX_SIGNATURES:
            self.signatures.add(types)
        return fits

    def _interpreted(self, values: Sequence[Value], evidence: Sequence[str | None]) -> Ruling:
        known = [feel_value(one) for one in values]
        columns = zip(self.table.inputs, known, strict=True)
        if not all(permits(column, value, self.scope, Run()) for column, value in columns):
            return Ruling((), None, "", ())
        hits = rows_that_hold(self.table, known, self.scope, Run())
        numbers = tuple(number for number, row in enumerate(self.table.rows, 1) if any(row is hit for hit in hits))
        found = self._ruling(numbers, hits)
        if not found.rows or (self.is_single and len(found.rows) > 1):
            return found
        return found._replace(evidence=_picking([self.table.rows[one - 1] for one in found.rows])(evidence))

    def _together(self, bits: int) -> Ruling:
        numbers = tuple(number for number in range(1, len(self.table.rows) + 1) if bits >> number & 1)
        return self._ruling(numbers, [self.table.rows[number - 1] for number in numbers])

    def _picking_together(self, bits: int) -> "_Picking":
        return _picking([self.table.rows[number - 1] for number in self.rulings[bits].rows])

    def _ruling(self, numbers: tuple[int, ...], hits: list[Row]) -> Ruling:
        if self.table.hit_policy is HitPolicy.FIRST:
            numbers, hits = numbers[:1], hits[:1]
        run = Run()
        try:
            value = outcome(self.table, hits, self.scope, run)
        except FeelFault as fault:
            if self.is_single and len(hits) == 1:
                raise NotPlain(f"The result of row {numbers[0]} is left to the interpreter: {fault}") from None
            return Ruling(numbers, None, "", ())
        if run.notes and len(hits) == 1:
            raise NotPlain(f"The result of row {numbers[0]} is left to the interpreter: {run.notes[0].said}")
        if self.table.hit_policy is HitPolicy.PRIORITY:
            numbers = self._that_gives(value, numbers)
        annotations = self.table.rows[numbers[0] - 1].annotations if len(numbers) == 1 else ()
        return Ruling(numbers, value, annotations[0] if annotations else "", ())

    def _that_gives(self, value: Value, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """Give the first of some rows that gives a value by itself."""
        alone = ((one, outcome(self.table, [self.table.rows[one - 1]], self.scope, Run())) for one in numbers)
        return tuple(one for one, given in alone if same(given, value))[:1]

    def _first_failed(self, row: Row, values: Sequence[Value]) -> int:
        for number, (tests, value) in enumerate(zip(row.tests, values, strict=True)):
            scope = self.scope.with_values({"?": feel_value(value)})
            if tests.tests and Run().evaluate(tests, scope) is not True:
                return number
        return -1


_GAP, _UNCLEAR = -1, -2


_Picking = Callable[[Sequence[str | None]], tuple[str | None, ...]]
_Kept = TypeVar("_Kept")


class _Met(dict[int, _Kept]):
    """What follows from each set of rows that was met; the first `MAX_SIGNATURES` are remembered."""

    def __init__(self, make: Callable[[int], _Kept]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, bits: int) -> _Kept:
        found = self.make(bits)
        if len(self) < MAX_SIGNATURES:
            self[bits] = found
        return found


def _picking(rows: Sequence[Row]) -> _Picking:
    columns = range(len(rows[0].tests)) if rows else ()
    tested = [number for number in columns if any(row.tests[number].tests for row in rows)]
    if not tested:
        return lambda _evidence: ()
    if len(tested) == 1:
        only = tested[0]
        return lambda evidence: (evidence[only],)
    return itemgetter(*tested)


def _finding(tests: list[list[ast.expr | None]], outside: list[ast.expr | None], table: TableOf) -> list[ast.stmt]:
    """Write: the first row of the highest tier that holds; for a unique table, only if no other of its tier does."""
    body = _excluding(outside)
    one_only = table.hit_policy is not HitPolicy.FIRST
    tiers = table.tiers or (0,) * len(tests)
    for tier in sorted(set(tiers), reverse=True):
        if one_only:
            body.append(_set("found", _GAP))
        for number, row in enumerate(tests):
            if tiers[number] != tier:
                continue
            held: list[ast.stmt] = [_return(number)]
            if one_only:
                taken = ast.Compare(_read("found"), [ast.NotEq()], [ast.Constant(_GAP)])
                held = [ast.If(taken, [_return(_UNCLEAR)], []), _set("found", number)]
            body.append(ast.If(_all([one for one in row if one is not None]), held, []))
        if one_only:
            known = ast.Compare(_read("found"), [ast.NotEq()], [ast.Constant(_GAP)])
            body.append(ast.If(known, [ast.Return(_read("found"))], []))
    body.append(_return(_GAP))
    return body


def _gathering(tests: list[list[ast.expr | None]], outside: list[ast.expr | None], table: TableOf) -> list[ast.stmt]:
    """Write: a bit for each row of the highest tier that holds, by its number from 1."""
    body = _excluding(outside)
    tiers = table.tiers or (0,) * len(tests)
    for tier in sorted(set(tiers), reverse=True):
        body.append(_set("found", 0))
        for number, row in enumerate(tests):
            if tiers[number] == tier:
                more = ast.BinOp(_read("found"), ast.BitOr(), ast.Constant(2 << number))
                kept = ast.Assign([ast.Name("found", ast.Store())], more)
                body.append(ast.If(_all([one for one in row if one is not None]), [kept], []))
        body.append(ast.If(_read("found"), [ast.Return(_read("found"))], []))
    body.append(_return(_GAP))
    return body


def _excluding(outside: list[ast.expr | None]) -> list[ast.stmt]:
    """Write: nothing is clear where a value is not among those that its input may have."""
    return [ast.If(one, [_return(_UNCLEAR)], []) for one in outside if one is not None]


def _following(tests: list[list[ast.expr | None]]) -> ast.stmt:
    """Write: of each row, the first input that fails it."""
    rows: list[ast.expr] = []
    for row in tests:
        told: ast.expr = ast.Constant(-1)
        for number, one in reversed(list(enumerate(row))):
            if one is not None:
                told = ast.IfExp(one, told, ast.Constant(number))
        rows.append(told)
    return ast.Return(ast.Tuple(rows, ast.Load()))


def _function(body: list[ast.stmt], constants: Mapping[str, Value]) -> Callable[[Sequence[Value]], Any]:
    """Make a function of statements; its only names are its values' and the constants'."""
    arguments = ast.arguments([], [ast.arg("values")], None, [], [], None, [])
    made = ast.FunctionDef("decided", arguments, body, [])
    module = ast.fix_missing_locations(ast.Module([made], []))
    code = compile(module, "<decision table>", "exec", dont_inherit=True)
    inner = next(one for one in code.co_consts if isinstance(one, CodeType))
    return FunctionType(inner, {"__builtins__": {}, **constants})


def _all(parts: list[ast.expr]) -> ast.expr:
    if not parts:
        return ast.Constant(value=True)
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)


def _unpacked(count: int) -> ast.stmt:
    names: list[ast.expr] = [ast.Name(f"v{number}", ast.Store()) for number in range(count)]
    return ast.Assign([ast.Tuple(names, ast.Store())], _read("values"))


def _set(name: str, value: int) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value))


def _return(value: int) -> ast.stmt:
    return ast.Return(ast.Constant(value))


def _read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())
