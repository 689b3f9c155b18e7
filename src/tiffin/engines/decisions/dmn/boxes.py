"""Boxed expressions become trees of FEEL, so that everything after reads one language."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.tables import (
    Aggregation,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Row,
    TableOf,
)
from tiffin.engines.decisions.dmn.types import type_named
from tiffin.engines.decisions.feel.faults import NotFeel
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import (
    Call,
    Constant,
    ContextOf,
    Faulty,
    Filter,
    For,
    FunctionOf,
    If,
    Iteration,
    ListOf,
    Node,
    Parameter,
    Quantified,
    Test,
    Tests,
    Typed,
    mentions,
)
from tiffin.engines.decisions.feel.types import ANY


@dataclass(slots=True)
class Boxes:
    """Makes trees of one element's logic.

    Parameters
    ----------
    where : str
        The element, for messages.
    faults : list of str
        What could not be read; it becomes a node that is null.
    """

    where: str
    faults: list[str] = field(default_factory=list)

    def tree(self, logic: model.Logic | None, names: Names) -> Node:
        """Make the tree of any logic; none is null."""
        if logic is None:
            return Constant(None)
        found = _BOXES[type(logic)](self, logic, names)
        wanted = type_named(logic.type_ref)
        plain = wanted == ANY or isinstance(logic, model.FunctionBox | model.Invocation)
        return found if plain else Typed(found, wanted, self.where)

    def expression(self, text: str | None, names: Names) -> Node:
        """Read an expression's text; an empty one is null."""
        if text is None or not text.strip():
            return Constant(None)
        try:
            return parse_expression(text, names)
        except NotFeel as fault:
            return self.fault(str(fault))

    def tests(self, text: str | None, names: Names) -> Tests:
        """Read a cell; an empty one is always passed."""
        if text is None or not text.strip():
            return Tests(())
        try:
            return parse_tests(text, names)
        except NotFeel as fault:
            return Tests((Test(self.fault(str(fault)), asks=True),))

    @contextmanager
    def inside(self, place: str) -> Iterator[None]:
        """Say where in the element something is read."""
        before, self.where = self.where, f"{self.where}, {place}"
        yield
        self.where = before

    def fault(self, said: str) -> Faulty:
        """Remember what is wrong."""
        self.faults.append(f"{self.where}: {said}")
        return Faulty(said)

    def literal(self, logic: model.Literal, names: Names) -> Node:
        """Make a literal expression."""
        return self.expression(logic.text, names)

    def context(self, logic: model.Context, names: Names) -> Node:
        """Make a context; each entry sees those before it, and itself so that functions may call themselves."""
        entries: list[tuple[str, Node]] = []
        result: Node | None = None
        for one in logic.entries:
            name = one.variable.name if one.variable else None
            if name is None:
                result = self.tree(one.value, names)
                continue
            names = names.with_variables((name,))
            value = self.tree(one.value, names)
            wanted = type_named(one.variable.type_ref if one.variable else None)
            plain = wanted == ANY or isinstance(one.value, model.FunctionBox)
            entries.append((name, value if plain else Typed(value, wanted, name)))
        return ContextOf(tuple(entries), result)

    def relation(self, logic: model.Relation, names: Names) -> Node:
        """Make a list of contexts."""
        columns = [one.name or "" for one in logic.columns]
        types = [type_named(one.type_ref) for one in logic.columns]
        rows: list[Node] = []
        for row in logic.rows:
            cells = [Typed(self.tree(one, names), kind) for one, kind in zip(row.items, types, strict=False)]
            rows.append(ContextOf(tuple(zip(columns, cells, strict=False))))
        return ListOf(tuple(rows))

    def list(self, logic: model.ListBox, names: Names) -> Node:
        """Make a list."""
        return ListOf(tuple(self.tree(one, names) for one in logic.items))

    def invocation(self, logic: model.Invocation, names: Names) -> Node:
        """Make a call by names."""
        bound = [one for one in logic.bindings if one.parameter and one.parameter.name]
        arguments = tuple(
            Typed(self.tree(one.value, names), type_named(one.parameter.type_ref if one.parameter else None))
            for one in bound
        )
        called = tuple((one.parameter.name or "") if one.parameter else "" for one in bound)
        made = Call(self.tree(logic.function, names), arguments, called)
        wanted = type_named(logic.type_ref)
        return made if wanted == ANY else Typed(made, wanted, self.where)

    def function(self, logic: model.FunctionBox, names: Names) -> Node:
        """Make a function."""
        parameters = tuple(Parameter(one.name or "", type_named(one.type_ref)) for one in logic.parameters)
        external = logic.kind not in (None, "FEEL")
        body = self.tree(logic.body, names.with_variables(one.name for one in parameters))
        return FunctionOf(parameters, body, type_named(logic.type_ref), external)

    def conditional(self, logic: model.Conditional, names: Names) -> Node:
        """Make a condition."""
        parts = (logic.condition, logic.then, logic.otherwise)
        condition, then, otherwise = (self.tree(one, names) for one in parts)
        return If(condition, then, otherwise, strict=True)

    def filter(self, logic: model.FilterBox, names: Names) -> Node:
        """Make a filter."""
        return Filter(self.tree(logic.source, names), self.tree(logic.condition, names.inside_filter()))

    def loop(self, logic: model.ForBox, names: Names) -> Node:
        """Make a loop."""
        over, inner = self._iteration(logic, names)
        result = self.tree(logic.result, inner.with_variables(("partial",)))
        return For((over,), result, mentions(result, "partial"))

    def quantified(self, logic: model.EveryBox | model.SomeBox, names: Names) -> Node:
        """Make a quantifier."""
        over, inner = self._iteration(logic, names)
        return Quantified(isinstance(logic, model.EveryBox), (over,), self.tree(logic.condition, inner))

    def table(self, logic: model.Table, names: Names) -> Node:
        """Make a decision table."""
        policy = logic.hit_policy or HitPolicy.UNIQUE
        if policy not in tuple(HitPolicy) or (logic.aggregation or Aggregation.SUM) not in tuple(Aggregation):
            return self.fault(f"There is no hit policy {policy} {logic.aggregation or ''}.")
        counts = {(len(one.tests), len(one.results)) for one in logic.rules}
        if counts - {(len(logic.inputs), len(logic.outputs))}:
            return self.fault("Each rule has to have a cell for each input and each output.")
        rows = tuple(self._row(number, rule, logic, names) for number, rule in enumerate(logic.rules, 1))
        inputs = tuple(self._input(one, names) for one in logic.inputs)
        outputs = tuple(self._output(one, names) for one in logic.outputs)
        aggregation = Aggregation(logic.aggregation) if logic.aggregation else None
        return TableOf(inputs, outputs, rows, HitPolicy(policy), aggregation)

    def _row(self, number: int, rule: model.Rule, table: model.Table, names: Names) -> Row:
        tests: list[Tests] = []
        results: list[Node] = []
        for column, (head, cell) in enumerate(zip(table.inputs, rule.tests, strict=True), 1):
            text = head.expression.text if head.expression else None
            with self.inside(f"row {number}, input {head.label or text or column}"):
                tests.append(self.tests(cell.text, names))
        for column, (output, result) in enumerate(zip(table.outputs, rule.results, strict=True), 1):
            with self.inside(f"row {number}, output {output.name or column}"):
                results.append(self.tree(result, names))
        return Row(tuple(tests), tuple(results), tuple(one.text or "" for one in rule.annotations))

    def _input(self, one: model.Input, names: Names) -> InputColumn:
        allowed = self.tests(one.values.text, names) if one.values and one.values.text else None
        return InputColumn(self.tree(one.expression, names), allowed, one.label or "")

    def _output(self, one: model.Output, names: Names) -> OutputColumn:
        allowed = self.tests(one.values.text, names) if one.values and one.values.text else None
        priorities = tuple(test.value for test in allowed.tests if isinstance(test, Test)) if allowed else ()
        default = self.tree(one.default, names) if one.default else None
        return OutputColumn(one.name or "", priorities, allowed, default, type_named(one.type_ref))

    def _iteration(self, logic: model.ForBox | model.EveryBox | model.SomeBox, names: Names) -> tuple[Iteration, Names]:
        variable = logic.variable or ""
        return Iteration(variable, self.tree(logic.source, names)), names.with_variables((variable,))


_BOXES: Mapping[type[model.Logic], Callable[[Boxes, Any, Names], Node]] = {
    model.Literal: Boxes.literal,
    model.Context: Boxes.context,
    model.Relation: Boxes.relation,
    model.ListBox: Boxes.list,
    model.Invocation: Boxes.invocation,
    model.FunctionBox: Boxes.function,
    model.Conditional: Boxes.conditional,
    model.FilterBox: Boxes.filter,
    model.ForBox: Boxes.loop,
    model.EveryBox: Boxes.quantified,
    model.SomeBox: Boxes.quantified,
    model.Table: Boxes.table,
}
