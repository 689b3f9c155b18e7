"""Decision requirements graphs made ready to decide: each element's tree, and what it needs.

An element sees only what it requires (DMN 1.5, §6.3), so that what a decision rests on is what its model says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.boxes import Boxes
from tiffin.engines.decisions.dmn.tables import TableOf
from tiffin.engines.decisions.dmn.types import defined_types, type_named
from tiffin.engines.decisions.dmn.vocabulary import field_names
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.faults import NotFeel
from tiffin.engines.decisions.feel.lexing import name_parts
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.tree import Constant, ContextOf, FunctionOf, Node, parts_of
from tiffin.engines.decisions.feel.types import FunctionType, Type
from tiffin.kernel.errors import InvalidDefinition

Key = tuple[str, str]
"""An element: its model's namespace and its id."""


@dataclass(frozen=True, slots=True)
class Need:
    """What an element requires, and the name that it has there: alone, or within an import's."""

    key: Key
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """An input that is given."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision."""

    name: str
    type: Type
    tree: Node
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A business knowledge model."""

    name: str
    tree: Node
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A decision service: what it takes, in order, and which decisions it gives."""

    name: str
    type: Type
    takes: tuple[Key, ...]
    gives: tuple[Key, ...]


Element = Fact | Decided | Known | Served


@dataclass(frozen=True, slots=True)
class Graph:
    """A model with all that it imports.

    Parameters
    ----------
    namespace : str
        The model's own namespace.
    elements : Mapping
        Every element of every model.
    types : Mapping
        Every type by name.
    faults : tuple of str
        What could not be read; where nothing is wrong, it is empty.
    """

    namespace: str
    elements: Mapping[Key, Element]
    types: Mapping[str, Type]
    faults: tuple[str, ...]

    def named(self, name: str, kind: type[Element] | None = None) -> Key | None:
        """Find an element of the model itself by name; imported ones come after."""
        own = [
            key for key, one in self.elements.items() if one.name == name and (kind is None or isinstance(one, kind))
        ]
        return min(own, key=lambda key: key[0] != self.namespace, default=None)


def compile_model(definitions: model.Definitions, imported: Sequence[model.Definitions] = ()) -> Graph:
    """Make a model ready to decide.

    Parameters
    ----------
    definitions : Definitions
        The model.
    imported : Sequence of Definitions
        All models that it imports, and that those do.

    Raises
    ------
    InvalidDefinition
        When two elements of a model have one id, or one name is a type of two kinds.
    """
    models = (definitions, *imported)
    members = frozenset[str]().union(*(field_names(one) for one in models))
    compiler = _Compiler(models, members)
    graph = compiler.graph()
    more = {name for one in graph.elements.values() for name in _keys(one) if len(name_parts(name)) > 1}
    return graph if more <= members else _Compiler(models, members | more).graph()


class _Compiler:
    """Compiles models that belong together."""

    def __init__(self, models: Sequence[model.Definitions], members: frozenset[str]) -> None:
        self.models = models
        self.names = Names().with_variables(BUILT_INS).with_members(members)
        self.by_namespace = {one.namespace or "": one for one in models}
        self.called = {(one.namespace or "", e.id): e.name or "" for one in models for e in _elements(one) if e.id}
        self.faults: list[str] = []

    def graph(self) -> Graph:
        """Compile everything."""
        elements: dict[Key, Element] = {}
        for one in self.models:
            for element in _elements(one):
                key = (one.namespace or "", element.id or element.name or "")
                if key in elements:
                    raise InvalidDefinition(
                        f"Each element has an id of its own; {key[1]} is there twice in {one.name}."
                    )
                elements[key] = self._element(one, element)
        return Graph(self.models[0].namespace or "", elements, self._types(), tuple(self.faults))

    def _element(self, one: model.Definitions, element: model.Part) -> Element:
        if isinstance(element, model.InputData):
            return Fact(element.name or "", type_named(element.variable.type_ref if element.variable else None))
        if isinstance(element, model.Service):
            kind = type_named(element.variable.type_ref if element.variable else None)
            takes = tuple(self._key(one, href) for href in (*element.inputs, *element.decisions))
            return Served(
                element.name or "", _result_of(kind), takes, tuple(self._key(one, h) for h in element.outputs)
            )
        if isinstance(element, model.Knowledge):
            return self._known(one, element)
        if not isinstance(element, model.Decision):
            raise TypeError(element)
        needs = tuple(self._needs(one, (*element.information, *element.knowledge)))
        kind = type_named(element.variable.type_ref if element.variable else None)
        return Decided(element.name or "", kind, self._tree(element.name, element.logic, needs), needs)

    def _known(self, one: model.Definitions, element: model.Knowledge) -> Known:
        needs = (*self._needs(one, element.knowledge), Need(self._key(one, f"#{element.id}"), (element.name or "",)))
        tree = self._tree(element.name, element.function, needs)
        wanted = _result_of(type_named(element.variable.type_ref if element.variable else None))
        if isinstance(tree, FunctionOf) and tree.result == type_named(None):
            tree = FunctionOf(tree.parameters, tree.body, wanted, tree.external)
        return Known(element.name or "", tree, needs)

    def _tree(self, name: str | None, logic: model.Logic | None, needs: Sequence[Need]) -> Node:
        boxes = Boxes(name or "")
        found = boxes.tree(logic, self.names.with_variables(need.path[0] for need in needs))
        self.faults.extend(boxes.faults)
        return found

    def _needs(self, one: model.Definitions, requirements: Sequence[model.Requirement]) -> Iterator[Need]:
        for requirement in requirements:
            for href in (requirement.decision, requirement.input, requirement.knowledge):
                if href is not None:
                    key = self._key(one, href)
                    yield Need(key, self._path(one, key))

    def _key(self, one: model.Definitions, href: str) -> Key:
        namespace, _, identity = href.rpartition("#")
        return namespace or one.namespace or "", identity

    def _path(self, one: model.Definitions, key: Key) -> tuple[str, ...]:
        name = self.called.get(key)
        if name is None:
            self.faults.append(f"{one.name}: an element {key[1]} is required that no model has.")
            return (key[1],)
        prefix = next((i.name for i in one.imports if i.namespace == key[0] and key[0] != one.namespace), None)
        return (prefix, name) if prefix else (name,)

    def _types(self) -> Mapping[str, Type]:
        found: dict[str, Type] = {}
        prefixes = {i.namespace: i.name for i in self.models[0].imports if i.name}
        for one in self.models:
            try:
                own = defined_types(one, self.names)
            except NotFeel as fault:
                self.faults.append(f"{one.name}: {fault}")
                continue
            for name, kind in own.items():
                if found.setdefault(name, kind) != kind:
                    self.faults.append(f"{name} is a type of two models that say different things of it.")
                if one.namespace in prefixes:
                    found[f"{prefixes[one.namespace]}.{name}"] = kind
        return found


def _elements(one: model.Definitions) -> Iterator[model.InputData | model.Decision | model.Knowledge | model.Service]:
    yield from one.inputs
    yield from one.decisions
    yield from one.knowledge
    yield from one.services


def _result_of(kind: Type) -> Type:
    return kind.result if isinstance(kind, FunctionType) else kind


def _keys(element: Element) -> Iterator[str]:
    """Name the fields of every context that an element's logic writes out."""
    waiting: list[Node] = [element.tree] if isinstance(element, Decided | Known) else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ContextOf):
            yield from (name for name, _ in node.entries)
        waiting.extend(inside_of(node))


def inside_of(node: Node) -> list[Node]:
    """Give the nodes directly inside a node, those of a decision table too."""
    if not isinstance(node, TableOf):
        return parts_of(node)
    cells = [cell for row in node.rows for cell in (*row.tests, *row.results)]
    columns = [one.value for one in node.inputs] + [one.default or Constant(None) for one in node.outputs]
    return [*columns, *cells]
