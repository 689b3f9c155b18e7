"""Deciding: the value of a decision, or of a decision service, for the facts of one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tiffin.engines.decisions.dmn.graph import Decided, Fact, Graph, Key, Known, Need, Served
from tiffin.engines.decisions.feel import evaluating
from tiffin.engines.decisions.feel.conversions import converted
from tiffin.engines.decisions.feel.faults import Exhausted, FeelFault, Note
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import Constant, Node, Parameter
from tiffin.engines.decisions.feel.types import ANY, FunctionType
from tiffin.engines.decisions.feel.values import Function, Scope, Value
from tiffin.kernel.errors import NotFound

evaluate_in = evaluating.evaluate_in


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to, and why parts of it are null."""

    value: Value
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ServiceBody(Node):
    """The body of a decision service as a function."""

    service: Served
    graph: Graph
    facts: Mapping[Key, Value]


@dataclass(slots=True)
class Solver:
    """Finds values of elements for one case, each once.

    Parameters
    ----------
    graph : Graph
        The model.
    run : Run
        What the evaluation may use up.
    facts : Mapping
        Values that are given, of inputs or, before a service, of decisions.
    """

    graph: Graph
    run: Run
    facts: Mapping[Key, Value]
    found: dict[Key, Value] = field(default_factory=dict)
    asked: set[Key] = field(default_factory=set)

    def value(self, key: Key) -> Value:
        """Give an element's value; what cannot be decided is null and noted."""
        if key not in self.found:
            if key in self.asked:
                return self._noted(f"{self.name(key)} requires itself.")
            self.asked.add(key)
            self.found[key] = self._element(key)
        return self.found[key]

    def _element(self, key: Key) -> Value:
        element = self.graph.elements.get(key)
        if element is None:
            return self._noted(f"There is no element {key[1]}.")
        if isinstance(element, Fact) or (isinstance(element, Decided) and key in self.facts):
            return self._converted(element, self.facts.get(key))
        if isinstance(element, Served):
            return self.service(element)
        if isinstance(element, Known):
            values: dict[str, Value] = {}
            function = self.run.evaluate(element.tree, Scope(values))
            values |= self._values([one for one in element.needs if one.key != key])
            values[element.name] = function
            return function
        return self._converted(element, self.run.evaluate(element.tree, Scope(self._values(element.needs))))

    def service(self, service: Served) -> Function:
        """Give a decision service as a function of what it takes."""
        parameters = []
        for key in service.takes:
            element = self.graph.elements.get(key)
            kind = element.type if isinstance(element, Fact | Decided) else ANY
            parameters.append(Parameter(self.name(key), kind))
        return Function(tuple(parameters), ServiceBody(service, self.graph, self.facts), Scope({}), service.type)

    def _values(self, needs: tuple[Need, ...] | list[Need]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for need in needs:
            value = self.value(need.key)
            if len(need.path) == 1:
                found[need.path[0]] = value
            else:
                found.setdefault(need.path[0], {})[need.path[1]] = value
        return found

    def _converted(self, element: Fact | Decided, value: Value) -> Value:
        kind = element.type
        if isinstance(kind, FunctionType):
            return value
        try:
            return converted(value, kind, self.run)
        except FeelFault as fault:
            return self._noted(f"{element.name}: {fault}")

    def _noted(self, said: str) -> None:
        self.run.note(Constant(None), said)

    def name(self, key: Key) -> str:
        """Name an element; one that is not there by its id."""
        element = self.graph.elements.get(key)
        return element.name if element else key[1]


@means(ServiceBody)
def _serve(node: ServiceBody, scope: Scope, run: Run) -> Value:
    """Decide anew with what was handed in instead of the decisions before the service."""
    names = {key: node.graph.elements[key].name for key in node.service.takes if key in node.graph.elements}
    given = {key: scope.values.get(name) for key, name in names.items()}
    solver = Solver(node.graph, run, {**node.facts, **given})
    found = {solver.name(key): solver.value(key) for key in node.service.gives}
    return next(iter(found.values())) if len(found) == 1 else found


def decide(graph: Graph, name: str, facts: Mapping[str, Value], *, now: datetime | None = None) -> Outcome:
    """Decide one case.

    Parameters
    ----------
    graph : Graph
        The model.
    name : str
        The decision, or the decision service.
    facts : Mapping
        Values, Python's or FEEL's, by the names of inputs; of a service, of its input decisions too.
    now : datetime
        The instant that ``now()`` and ``today()`` tell.

    Raises
    ------
    NotFound
        When the model has no such decision or service.
    Exhausted
        When it takes more steps, depth or room than any decision may.
    """
    values = {key: feel_value(value) for key, value in facts.items()}
    known = {
        key: values[one.name] for key, one in graph.elements.items() if isinstance(one, Fact) and one.name in facts
    }
    return decide_by_key(graph, name, known | _given_decisions(graph, name, values), now=now)


def decide_by_key(graph: Graph, name: str, facts: Mapping[Key, Value], *, now: datetime | None = None) -> Outcome:
    """Decide one case whose facts are told apart by model too; see `decide`."""
    key = graph.named(name, Decided) or graph.named(name, Served)
    if key is None:
        raise NotFound(f"The model has no decision {name}.")
    run = Run(now=now or datetime(1970, 1, 1, tzinfo=UTC), types=graph.types)
    solver = Solver(graph, run, facts)
    try:
        element = graph.elements[key]
        if isinstance(element, Served):
            missing = [one for one in element.takes if one not in facts]
            function = solver.service(element)
            values = {one.name: facts.get(k) for one, k in zip(function.parameters, element.takes, strict=True)}
            value = None if missing else run.evaluate(function.body, Scope(values))
        else:
            value = solver.value(key)
    except RecursionError:
        raise Exhausted(f"{name} is nested too deeply to be decided here.") from None
    return Outcome(value, tuple(run.notes))


def _given_decisions(graph: Graph, name: str, facts: Mapping[str, Value]) -> dict[Key, Value]:
    key = graph.named(name, Served)
    service = graph.elements[key] if key else None
    if not isinstance(service, Served):
        return {}
    names = {key: graph.elements[key].name for key in service.takes if key in graph.elements}
    return {key: facts[one] for key, one in names.items() if one in facts}
