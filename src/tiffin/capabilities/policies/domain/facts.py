"""The facts of a case as the values of a policy's inputs; what is missing, of another kind or unheard of is told."""

import difflib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from tiffin.capabilities.policies.domain.decision import Case
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective, Given
from tiffin.engines.decisions.dmn.tables import InputColumn, permits
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.durations import read_duration
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.numbers import CONTEXT, read_number
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.temporal_reading import read_date, read_date_time, read_time
from tiffin.engines.decisions.feel.tree import Name, all_of
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import KIND_OF, Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import Domain
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

MAX_REMEMBERED = 10_000
"""Values of an input that are remembered as permitted."""
MAX_SHOWN = 80
"""Characters of a value that a message shows."""
MAX_DEPTH = 100
"""Levels of lists and contexts within each other in a case."""
MAX_WHOLE = 19
"""Characters of a whole number that is read as one; a longer one is read as FEEL reads it."""

_KINDS: Mapping[Kind, Message] = {
    Kind.ANY: Message("any value"),
    Kind.NUMBER: Message("a number"),
    Kind.STRING: Message("a text"),
    Kind.BOOLEAN: Message("true or false"),
    Kind.DATE: Message("a date such as 2026-01-31"),
    Kind.TIME: Message("a time such as 18:30:00"),
    Kind.DATE_TIME: Message("a date and time such as 2026-01-31T18:30:00"),
    Kind.DAYS: Message("a duration such as PT20M"),
    Kind.YEARS: Message("a duration such as P1Y2M"),
}
_WHOLE = Message("a whole number")
_READERS: Mapping[Kind, Callable[[str], Value]] = {
    Kind.DATE: read_date,
    Kind.TIME: read_time,
    Kind.DATE_TIME: read_date_time,
    Kind.DAYS: read_duration,
    Kind.YEARS: read_duration,
}
"""Kinds that JSON writes as text."""


@dataclass(frozen=True, slots=True)
class _Column:
    domain: Domain
    column: InputColumn
    feel: Given | None
    shown: str


class FactReader:
    """Reads the facts of cases for one policy.

    Parameters
    ----------
    effective : Effective
        What is in force.
    """

    def __init__(self, effective: Effective) -> None:
        table = effective.table
        inputs = {one.name: one for one in effective.stated.inputs}
        self.policy, self.parameters = effective.name, Scope(table.parameters)
        self.columns = tuple(
            _Column(domain, column, one.feel if one else None, one.values.text if one and one.values else "")
            for domain, column in zip(table.domains, table.table.inputs, strict=True)
            for one in (inputs.get(domain.name),)
        )
        self.domains = {one.domain.name: one.domain for one in self.columns}
        stated = {*table.parameters, *BUILT_INS}
        self.made_of = {
            one.domain.name: (one.domain.name, *sorted(_names(one.feel) - stated if one.feel else ()))
            for one in self.columns
        }
        self.known = {name for names in self.made_of.values() for name in names}
        self._permitted: dict[str, set[Value]] = {name: set() for name in self.domains}

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that a case may bring, in the order of the inputs; market and city come apart."""
        inputs = [one for one in self.domains if one not in (MARKET, CITY)]
        return (*inputs, *sorted(self.known - set(self.domains)))

    def read(self, case: Case) -> tuple[Value, ...]:
        """Give the values of the inputs, in the table's order.

        Raises
        ------
        InvalidData
            Naming the input, what was expected, and what was found.
        """
        if not case.facts.keys() <= self.known:
            raise self._unknown(next(one for one in case.facts if one not in self.known))
        if not case.evidence.keys() <= self.known:
            raise self._unknown(next(one for one in case.evidence if one not in self.known))
        facts = {**case.facts, MARKET: case.market or None, CITY: case.city or None}
        return tuple(self._value(one, facts) for one in self.columns)

    def from_text(self, name: str, text: str) -> object:
        """Read what a person or a file of texts wrote for a fact; empty is null, and what is no such kind stays text.

        Examples
        --------
        Numbers become decimals, ``true`` a boolean; a fact that an input is computed from may be JSON.
        """
        kind = self.domains[name].kind if name in self.domains else Kind.ANY
        if not text.strip():
            return None
        if kind is Kind.NUMBER:
            return _number(text.strip())
        if kind is Kind.BOOLEAN:
            return {"true": True, "false": False}.get(text.strip().lower(), text)
        return text if kind is not Kind.ANY else _json(text)

    def _value(self, one: _Column, facts: Mapping[str, object]) -> Value:
        name = one.domain.name
        value = self._known(name, facts[name]) if name in facts else self._made(one, facts)
        if value is None:
            if one.domain.required:
                raise self._missing(one)
            return None
        value = self._of_kind(one, value)
        if not self._permits(one, value):
            raise InvalidData(
                Message(
                    "The input {input} of the policy {policy} may be {values}; found {found}. Mend it and try again.",
                    input=name,
                    policy=self.policy,
                    values=one.shown[:MAX_SHOWN],
                    found=_shown(value),
                )
            )
        return value

    def _permits(self, one: _Column, value: Value) -> bool:
        """Tell whether a value is among an input's own; what was once is remembered, as far as there is room."""
        known = self._permitted[one.domain.name]
        if one.column.allowed is None or (isinstance(value, Hashable) and value in known):
            return True
        found = permits(one.column, value, self.parameters, Run())
        if found and isinstance(value, Hashable) and len(known) < MAX_REMEMBERED:
            known.add(value)
        return found

    def _made(self, one: _Column, facts: Mapping[str, object]) -> Value:
        if one.feel is None:
            return None
        known = {name: self._known(name, value) for name, value in facts.items()}
        return evaluate_in(Run(), one.feel.node, Scope(known, self.parameters))

    def _known(self, name: str, value: object) -> Value:
        """Give a fact as FEEL knows it; no number of FEEL is as large as some that a text can write."""
        try:
            return _rounded(feel_value(value))
        except (InvalidOperation, Overflow):
            raise InvalidData(
                Message(
                    "The input {input} of the policy {policy} has to be {kind}; found {found}. Mend it and try again.",
                    input=name,
                    policy=self.policy,
                    kind=_KINDS[Kind.NUMBER],
                    found=str(value)[:MAX_SHOWN],
                )
            ) from None

    def _of_kind(self, one: _Column, value: Value) -> Value:
        kind = one.domain.kind
        if kind in _READERS and isinstance(value, str):
            value = _READERS[kind](value) or value
        is_wrong = kind is not Kind.ANY and KIND_OF.get(type(value)) is not kind
        if is_wrong or (one.domain.whole and value != value.to_integral_value()):
            raise InvalidData(
                Message(
                    "The input {input} of the policy {policy} has to be {kind}; found {found}. Mend it and try again.",
                    input=one.domain.name,
                    policy=self.policy,
                    kind=_expected(one.domain),
                    found=_shown(value),
                )
            )
        return value

    def _missing(self, one: _Column) -> InvalidData:
        if one.feel is not None:
            return InvalidData(
                Message(
                    "The policy {policy} needs {input}, {kind}, which is computed as {feel}; what the case brings does"
                    " not suffice. Give the facts that it is made of and try again.",
                    policy=self.policy,
                    input=one.domain.name,
                    kind=_expected(one.domain),
                    feel=one.feel.text[:MAX_SHOWN],
                )
            )
        return InvalidData(
            Message(
                "The policy {policy} needs {input}, {kind}; the case does not bring it. Give it and try again.",
                policy=self.policy,
                input=one.domain.name,
                kind=_expected(one.domain),
            )
        )

    def _unknown(self, name: str) -> InvalidData:
        near = difflib.get_close_matches(name, self.known, n=1)
        if near:
            return InvalidData(
                Message(
                    "The policy {policy} asks for no {fact}. Did you mean {near}?",
                    policy=self.policy,
                    fact=name[:MAX_SHOWN],
                    near=near[0],
                )
            )
        return InvalidData(
            Message(
                "The policy {policy} asks for no {fact}. It takes: {known}.",
                policy=self.policy,
                fact=name[:MAX_SHOWN],
                known=", ".join(self.names),
            )
        )


def _names(given: Given) -> set[str]:
    return {one.name for one in all_of(given.node) if isinstance(one, Name)}


def _expected(domain: Domain) -> Message:
    return _WHOLE if domain.whole else _KINDS[domain.kind]


def _shown(value: Value) -> str:
    return literal_of(value)[:MAX_SHOWN]


def _rounded(value: Value) -> Value:
    """Round numbers to FEEL's digits, those within a value too."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise Overflow
        return CONTEXT.create_decimal(value)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def number_read(text: str) -> Decimal:
    """Read a number of JSON, exactly up to FEEL's 34 digits; what is too large for FEEL is infinite, and no fact."""
    found = read_number(text)
    return Decimal("Infinity") if found is None else found


def whole_read(text: str) -> int | Decimal:
    """Read a whole number of JSON, whatever its length."""
    return int(text) if len(text) <= MAX_WHOLE else number_read(text)


def facts_read(text: str | bytes) -> Any:
    """Read JSON that brings facts, its numbers as they are written.

    Raises
    ------
    ValueError, RecursionError
        It is no JSON, or nested too deeply.
    """
    return json.loads(text, parse_float=number_read, parse_int=whole_read, parse_constant=lambda _: None)


def writable(value: Any, depth: int = 0) -> Any:
    r"""Give what JSON brought with a question mark for each half of a sign alone, which no file or answer can hold.

    Raises
    ------
    ValueError
        It is nested deeper than the facts of any case.

    Examples
    --------
    >>> writable({"a": [json.loads('"\\ud800b"'), 1]})
    {'a': ['?b', 1]}
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"values are nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {writable(key): writable(one, depth + 1) for key, one in value.items()}
    return [writable(one, depth + 1) for one in value] if isinstance(value, list) else value


def _number(text: str) -> object:
    found = read_number(text)
    return found if found is not None and found.is_finite() else text


def _json(text: str) -> object:
    try:
        return facts_read(text)
    except (ValueError, RecursionError):
        return text
