"""The feeds' expression language: SQL-like expressions over source columns, compiled to DuckDB's.

Parsed by SQLGlot, then rebuilt node by node from a list of what is allowed, so that an expression can compute and do
nothing else: no tables, no files, no settings, no functions but those of `tiffin.capabilities.facts.domain.functions`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Final, cast

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from tiffin.capabilities.facts.domain.functions import FUNCTIONS, Function, quoted
from tiffin.kernel.errors import InvalidDefinition, Place
from tiffin.kernel.money import MINOR_DIGITS

MAX_LENGTH = 4_000
MAX_DEPTH = 60

_BINARY: Final[Mapping[type[exp.Expression], str]] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.And: "AND",
    exp.Or: "OR",
    exp.DPipe: "||",
}
_CALL: Final = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_WORDS: Final = frozenset({"in", "and", "or", "not", "between", "is"})


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may name.

    Parameters
    ----------
    columns : mapping of str to str
        Name in the expression (``placed`` or ``restaurants.x``) to its SQL.
    lookups : mapping of str to mapping of str to str
        Lists for ``lookup(x, name)``.
    """

    columns: Mapping[str, str]
    lookups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression as SQL.

    Parameters
    ----------
    names : frozenset of str
        Columns that it reads.
    failures : tuple of str
        SQL conditions, one for each call that may fail: true where a value was there and could not be read.
    aggregates : bool
        Whether it holds a function over all rows that the grain brings together.
    """

    sql: str
    names: frozenset[str]
    failures: tuple[str, ...]
    aggregates: bool


def compile_expression(text: str, names: Names, place: Place) -> Compiled:
    """Compile one expression.

    Raises
    ------
    InvalidDefinition
        It is no expression of the language, or names something that does not exist.

    Examples
    --------
    >>> names = Names({"subtotal": '"subtotal"'})
    >>> compile_expression("minor(subtotal, 'USD')", names, Place("feed.yaml", 3)).sql
    'CAST(round("subtotal" * 100) AS BIGINT)'
    """
    writer = _Writer(names, place, text)
    sql = writer.write(_parsed(text, place), 0)
    return Compiled(sql, frozenset(writer.named), tuple(writer.failures), writer.aggregates)


def _parsed(text: str, place: Place) -> exp.Expression:
    if len(text) > MAX_LENGTH:
        raise InvalidDefinition(
            f"{place}: an expression may have {MAX_LENGTH:,} characters; this one has {len(text):,}. Split it."
        )
    with suppress(SqlglotError, RecursionError):
        # `if` and `extract` are keywords of SQL with a grammar of their own; here they are plain functions.
        node = parse_one(f"SELECT {_as_calls(text)}", dialect="duckdb")
        if isinstance(node, exp.Select) and len(node.expressions) == 1 and set(_filled(node)) <= {"expressions"}:
            return cast("exp.Expression", node.expressions[0])
    raise InvalidDefinition(
        f"{place}: {text!r} is not an expression. It should read like `minutes(prepared) + placed` or "
        "`lookup(status, statuses)`; "
        "check brackets, quotation marks and commas."
    )


def _filled(node: exp.Expression) -> Iterator[str]:
    return (name for name, value in node.args.items() if value)


def _as_calls(text: str) -> str:
    pieces, start, inside = [], 0, False
    for position, character in enumerate(text):
        if character == "'":
            pieces.append(text[start:position] if inside else _renamed(text[start:position]))
            start, inside = position, not inside
    pieces.append(text[start:] if inside else _renamed(text[start:]))
    return "".join(pieces)


def _renamed(code: str) -> str:
    return _CALL.sub(lambda found: found[0] if found[1].lower() in _WORDS else f"f_{found[1].lower()}(", code)


class _Writer:
    """Rebuilds an expression as SQL from the nodes that are allowed."""

    def __init__(self, names: Names, place: Place, text: str) -> None:
        self._names, self._place, self._text = names, place, text
        self.named: set[str] = set()
        self.failures: list[str] = []
        self.aggregates = False

    def write(self, node: exp.Expression, depth: int) -> str:
        """Write one node and what stands under it."""
        if depth > MAX_DEPTH:
            raise self._wrong("it is nested too deeply; split it")
        operator = _BINARY.get(type(node))
        if operator:
            return f"({self.write(node.this, depth + 1)} {operator} {self.write(node.expression, depth + 1)})"
        writer = _NODES.get(type(node))
        if writer is None:
            raise self._wrong(f"{node.sql('duckdb')[:80]!r} is not part of the language")
        return writer(self, node, depth + 1)

    def literal(self, node: exp.Expression, _depth: int) -> str:
        return quoted(node.this) if node.is_string else str(node.this)

    def column(self, node: exp.Expression, _depth: int) -> str:
        parts = [part.name for part in node.parts]  # type: ignore[attr-defined]  # a Column has parts
        name = ".".join(parts)
        if name not in self._names.columns:
            raise self._wrong(f"there is no column {name!r} here{_near(name, self._names.columns)}")
        self.named.add(name)
        return self._names.columns[name]

    def call(self, node: exp.Expression, depth: int) -> str:
        name = str(node.this).removeprefix("f_")
        if name == "lookup":
            return self._lookup(node, depth)
        function = FUNCTIONS.get(name)
        if function is None:
            raise self._wrong(f"there is no function {name!r}{_near(name, [*FUNCTIONS, 'lookup'])}")
        return self._call(name, function, node, depth)

    def _call(self, name: str, function: Function, node: exp.Expression, depth: int) -> str:
        count = len(node.expressions)
        if not function.least <= count <= function.most:
            raise self._wrong(f"{name} takes {_arity(function)}, {count} were given")
        if function.aggregates:
            self.aggregates = True
        before, had_aggregate = len(self.failures), self.aggregates
        arguments = [
            self._text_of(name, argument)
            if index in function.literals
            else self._argument(name, index, argument, depth)
            for index, argument in enumerate(node.expressions)
        ]
        if name == "if":
            self._guard_branches(arguments, before)
        self._check_literals(name, arguments)
        sql = function.sql(arguments)
        if function.may_fail and self.aggregates == had_aggregate:
            self._note_failure(arguments[0], sql)
        return sql

    def _argument(self, name: str, index: int, node: exp.Expression, depth: int) -> str:
        before = len(self.failures)
        sql = self.write(node, depth)
        if name == "coalesce":
            # Whoever states what to take instead has thought of a value that cannot be read.
            del self.failures[before:]
        if name == "if" and index:
            self.failures[before:] = [f"{index}:{failure}" for failure in self.failures[before:]]
        return sql

    def _guard_branches(self, arguments: list[str], before: int) -> None:
        """Let a call in a branch fail only where the branch is taken."""
        taken = {"1": f"({arguments[0]}) IS TRUE", "2": f"({arguments[0]}) IS NOT TRUE"}
        for index, failure in enumerate(self.failures[before:], before):
            branch, colon, condition = failure.partition(":")
            if colon and branch in taken:
                self.failures[index] = f"{taken[branch]} AND {condition}"

    def _note_failure(self, value: str, sql: str) -> None:
        self.failures.append(f"({value}) IS NOT NULL AND ({sql}) IS NULL")

    def _check_literals(self, name: str, arguments: list[str]) -> None:
        if name == "minor" and arguments[1] not in MINOR_DIGITS:
            raise self._wrong(
                f"the digits of the currency {arguments[1]!r} are not known; known are "
                f"{', '.join(sorted(MINOR_DIGITS))}"
            )
        if name == "floor_minutes" and not (arguments[1].isdecimal() and 1 <= int(arguments[1]) <= 1440):  # noqa: PLR2004 - a day
            raise self._wrong("floor_minutes takes whole minutes from 1 to 1440")
        if name == "instant" and not _is_instant(arguments[0]):
            raise self._wrong(f"an instant such as '2015-01-01 00:00:00' was expected, {arguments[0]!r} was found")

    def _lookup(self, node: exp.Expression, depth: int) -> str:
        if len(node.expressions) != 2 or not isinstance(node.expressions[1], exp.Column):  # noqa: PLR2004 - the value and the list
            raise self._wrong("lookup takes a value and the name of a list under `lookups`")
        name = node.expressions[1].name
        if name not in self._names.lookups:
            raise self._wrong(f"there is no list {name!r} under `lookups`{_near(name, self._names.lookups)}")
        had_aggregate = self.aggregates
        value = self.write(node.expressions[0], depth)
        cases = " ".join(f"WHEN {quoted(word)} THEN {quoted(to)}" for word, to in self._names.lookups[name].items())
        sql = f"(CASE {value} {cases} END)"
        if self.aggregates == had_aggregate:
            self._note_failure(value, sql)
        return sql

    def _text_of(self, function: str, node: exp.Expression) -> str:
        if not isinstance(node, exp.Literal):
            raise self._wrong(f"{function} takes a literal there, {node.sql('duckdb')[:60]!r} was found")
        return str(node.this)

    def is_null(self, node: exp.Expression, depth: int) -> str:
        return f"({self.write(node.this, depth)} IS {self.write(node.expression, depth)})"

    def one_of(self, node: exp.Expression, depth: int) -> str:
        if not node.expressions:
            raise self._wrong("`in` takes a list of values in brackets")
        values = ", ".join(self.write(value, depth) for value in node.expressions)
        return f"({self.write(node.this, depth)} IN ({values}))"

    def between(self, node: exp.Expression, depth: int) -> str:
        low, high = (self.write(node.args[bound], depth) for bound in ("low", "high"))
        return f"({self.write(node.this, depth)} BETWEEN {low} AND {high})"

    def prefixed(self, prefix: str) -> "Callable[[exp.Expression, int], str]":
        return lambda node, depth: f"({prefix}{self.write(node.this, depth)})"

    def _wrong(self, what: str) -> InvalidDefinition:
        return InvalidDefinition(f"{self._place}: in the expression {self._text!r}, {what}.")


_NODES: Final[Mapping[type[exp.Expression], Callable[[_Writer, exp.Expression, int], str]]] = {
    exp.Literal: _Writer.literal,
    exp.Column: _Writer.column,
    exp.Anonymous: _Writer.call,
    exp.Is: _Writer.is_null,
    exp.In: _Writer.one_of,
    exp.Between: _Writer.between,
    exp.Null: lambda _writer, _node, _depth: "NULL",
    exp.Boolean: lambda _writer, node, _depth: "TRUE" if node.this else "FALSE",
    exp.Paren: lambda writer, node, depth: writer.prefixed("")(node, depth),
    exp.Neg: lambda writer, node, depth: writer.prefixed("-")(node, depth),
    exp.Not: lambda writer, node, depth: writer.prefixed("NOT ")(node, depth),
}


def _near(name: str, others: "Mapping[str, object] | list[str]") -> str:
    near = get_close_matches(name, list(others), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else f"; there are: {', '.join(sorted(others))[:300]}"


def _arity(function: Function) -> str:
    if function.least == function.most:
        return f"{function.least} arguments"
    return f"{function.least} to {function.most} arguments"


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
