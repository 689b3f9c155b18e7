"""Decision tables of other tools' DMN models as drafts of policies, and what of a model could not be taken over."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tiffin.capabilities.policies.domain.exchange.dmn_views import RowView, TableView, views_of
from tiffin.capabilities.policies.domain.exchange.dmn_writing import REASON, ROW_ID
from tiffin.capabilities.policies.domain.exchange.flattening import ANYTHING
from tiffin.capabilities.policies.domain.exchange.renaming import Read, Renaming, identifier
from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy
from tiffin.engines.decisions.dmn.vocabulary import field_names
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message

ANY_TYPE = "Any"


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision table as the content of a base file.

    Parameters
    ----------
    decision : str
        What the model calls it.
    """

    decision: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over of a model, and what was left."""

    drafts: tuple[Draft, ...]
    left: tuple[Message, ...]


def taken_of(definitions: model.Definitions, *, owner: str, source: str) -> Taken:
    """Take over every decision table that stands by itself.

    Parameters
    ----------
    owner : str
        Who looks after the drafts, since DMN has no place for it.
    source : str
        Where they come from.
    """
    left = list(_other_parts(definitions))
    drafts: list[Draft] = []
    for view in views_of(definitions):
        table = _Table(definitions, view)
        try:
            content = table.content(owner, source, [one.content["policy"] for one in drafts])
        except InvalidDefinition as refusal:
            left.append(Message("{decision}: {reason}", decision=view.name, reason=refusal.said))
        else:
            drafts.append(Draft(view.name, content))
            left.extend(table.left)
    return Taken(tuple(drafts), tuple(left))


def _other_parts(definitions: model.Definitions) -> Iterator[Message]:
    for decision in definitions.decisions:
        if decision.logic is None:
            yield Message("The decision {name} has no logic.", name=decision.name or "")
        elif not isinstance(decision.logic, model.Table):
            yield Message(
                "The decision {name} is no table; only decision tables become policies.", name=decision.name or ""
            )
    for knowledge in definitions.knowledge:
        if knowledge.function is None or not isinstance(knowledge.function.body, model.Table):
            yield Message(
                "The business knowledge model {name} is no table; only tables become policies.",
                name=knowledge.name or "",
            )
    for service in definitions.services:
        yield Message("The decision service {name}: a policy is decided by itself.", name=service.name or "")
    for one in definitions.imports:
        yield Message("The import of {name}: hand that model in by itself.", name=one.name or one.namespace or "")


@dataclass(slots=True)
class _Table:
    """Makes the content of a base file of one table."""

    definitions: model.Definitions
    view: TableView
    left: list[Message] = field(default_factory=list)

    def content(self, owner: str, source: str, taken: Iterable[str]) -> dict[str, Any]:
        """Write the table as a base file says it.

        Raises
        ------
        InvalidDefinition
            It calls other logic, or cannot be read.
        """
        view = self.view
        self._check_shape()
        renaming = self._renaming()
        names = self._input_names(renaming)
        outputs = self._output_names()
        found: dict[str, Any] = {
            "policy": identifier(view.name, "policy", taken).replace("_", "-"),
            "title": {"en": view.title},
            "question": {"en": view.question or view.title},
            "owner": owner,
            "source": source,
            "hit_policy": view.hit_policy.lower(),
        }
        if view.aggregation:
            found["aggregation"] = view.aggregation.lower()
        found["inputs"] = [self._input(number, name, renaming) for number, name in enumerate(names)]
        found["outputs"] = [self._output(number, name, renaming) for number, name in enumerate(outputs)]
        found["rows"] = [
            self._row(number, row, names, outputs, renaming, found["policy"]) for number, row in enumerate(view.rows, 1)
        ]
        return found

    def _check_shape(self) -> None:
        view = self.view
        if view.hit_policy not in tuple(HitPolicy) or (view.aggregation and view.aggregation not in tuple(Aggregation)):
            raise InvalidDefinition(
                Message(
                    "There is no hit policy {hit_policy} {aggregation}.",
                    hit_policy=view.hit_policy,
                    aggregation=view.aggregation,
                )
            )
        if not view.rows or not view.outputs:
            raise InvalidDefinition(Message("The table has no rows or no outputs."))
        shape = (len(view.inputs), len(view.outputs))
        for number, row in enumerate(view.rows, 1):
            if (len(row.tests), len(row.results)) != shape:
                raise InvalidDefinition(
                    Message("Row {row} has not as many cells as there are inputs and outputs.", row=number)
                )

    def _renaming(self) -> Renaming:
        knowledge = {one.name for one in self.definitions.knowledge}
        known = {*self.view.facts, *(one.name for one in self.definitions.decisions), *knowledge}
        columns = {one.text for one in self.view.inputs}
        every = {one for one in (known | _plain_names(columns)) if one}
        return Renaming(every, field_names(self.definitions))

    def _input_names(self, renaming: Renaming) -> list[str]:
        """Name each column; a column that tests a fact by itself gives the fact's name a form of ours."""
        found: list[str] = []
        for one in self.view.inputs:
            if not one.text:
                raise InvalidDefinition(Message("The input {label} has no expression.", label=one.label or "?"))
            is_fact = one.text in renaming.known
            if is_fact and one.text in renaming.called:
                raise InvalidDefinition(Message("Two columns test {name}; a policy tests it in one.", name=one.text))
            name = identifier(one.text if is_fact else one.label or one.text, "input", found)
            if is_fact:
                renaming.called[one.text] = name
            found.append(name)
        return found

    def _output_names(self) -> list[str]:
        found: list[str] = []
        for one in self.view.outputs:
            found.append(identifier(one.name or one.label, "output", found))
        return found

    def _input(self, number: int, name: str, renaming: Renaming) -> dict[str, Any]:
        one = self.view.inputs[number]
        cells = [
            self._told(renaming.cell(row.tests[number]), row_number) for row_number, row in enumerate(self.view.rows, 1)
        ]
        told = {"name": name, "label": {"en": one.label or one.text}, "type": _type(one.type, cells)}
        if one.values:
            told["values"] = self._told(renaming.cell(one.values), 0).text
        read = self._told(renaming.expression(one.text), 0)
        self._note_needs(read.names)
        if one.text not in renaming.called:
            told["feel"] = read.text
        return told

    def _output(self, number: int, name: str, renaming: Renaming) -> dict[str, Any]:
        one = self.view.outputs[number]
        cells = [self._told(renaming.expression(row.results[number]), at) for at, row in enumerate(self.view.rows, 1)]
        told = {"name": name, "label": {"en": one.label or one.name}, "type": _type(one.type, cells)}
        if one.values:
            told["values"] = self._told(renaming.cell(one.values), 0).text
        if one.default:
            told["default"] = self._told(renaming.expression(one.default), 0).text
        return told

    def _row(
        self, number: int, row: RowView, names: list[str], outputs: list[str], renaming: Renaming, policy: str
    ) -> dict[str, Any]:
        tests = {
            name: self._told(renaming.cell(text), number).text
            for name, text in zip(names, row.tests, strict=True)
            if text != ANYTHING
        }
        results = {
            name: self._told(renaming.expression(text), number).text
            for name, text in zip(outputs, row.results, strict=True)
        }
        identity = row.notes.get(ROW_ID) or f"{policy}.{number}"
        return {"id": identity, "when": tests, "then": results, "reason": self._reason(row, number)}

    def _reason(self, row: RowView, number: int) -> dict[str, str]:
        said = {found[1]: text for head, text in row.notes.items() if text and (found := REASON.fullmatch(head))}
        if said.get("en"):
            return said
        others = [text for head, text in row.notes.items() if text and head != ROW_ID and not REASON.fullmatch(head)]
        plain = "; ".join(others) or row.description or f"{self.view.title}, row {number}"
        return {"en": plain.replace("{", "(").replace("}", ")"), **said}

    def _told(self, read: Read, row: int) -> Read:
        """Give what was read, where it can be and calls nothing that a policy has not.

        Raises
        ------
        InvalidDefinition
            Otherwise.
        """
        if read.fault:
            raise InvalidDefinition(
                Message("{text} in row {row} cannot be read: {reason}", text=read.text, row=row, reason=read.fault)
            )
        called = read.names & {one.name or "" for one in self.definitions.knowledge}
        if called:
            raise InvalidDefinition(
                Message("It calls the business knowledge model {name}.", name=", ".join(sorted(called)))
            )
        return read

    def _note_needs(self, names: frozenset[str]) -> None:
        """Tell of each decision on which the table rests that its result has to be handed in."""
        for name in sorted(names & {one.name or "" for one in self.definitions.decisions}):
            self.left.append(
                Message(
                    "{decision}: {needed} is decided elsewhere in the model; here it is a fact that each case brings.",
                    decision=self.view.name,
                    needed=name,
                )
            )


def _plain_names(texts: Iterable[str]) -> set[str]:
    """Give the texts that are one word: facts that the model uses and does not declare."""
    return {one for one in texts if one.isidentifier()}


def _type(told: str, cells: Iterable[Read]) -> str:
    """Give a column's type; where the model does not tell it, that of the values in its cells if they agree."""
    if told != ANY_TYPE:
        return told
    kinds = {_KINDS.get(type(value), ANY_TYPE) for read in cells for value in read.constants}
    return kinds.pop() if len(kinds) == 1 else ANY_TYPE


_KINDS: Mapping[type, str] = {Decimal: "number", str: "string", bool: "boolean"}
