"""Reading what begins with a word or bracket: literals, lists, contexts, ranges, functions, conditions, loops."""

from abc import ABC, abstractmethod

from tiffin.engines.decisions.feel.cursor import Cursor
from tiffin.engines.decisions.feel.faults import NotFeel
from tiffin.engines.decisions.feel.lexing import Sort, unquoted
from tiffin.engines.decisions.feel.parsing_types import read_type
from tiffin.engines.decisions.feel.temporal_reading import read_at_literal
from tiffin.engines.decisions.feel.tree import (
    Bound,
    Constant,
    ContextOf,
    Faulty,
    For,
    FunctionOf,
    If,
    Iteration,
    ListOf,
    Name,
    Node,
    Parameter,
    Quantified,
    RangeOf,
    mentions,
)
from tiffin.engines.decisions.feel.types import ANY
from tiffin.kernel.messages import Message

_CONSTANTS = {"true": True, "false": False, "null": None}
_RELATIONS = ("<=", "<", ">=", ">", "!=", "=")


class Forms(Cursor, ABC):
    """Reads forms; how operators join them is told by `Parser`."""

    @abstractmethod
    def expression(self, strength: int = 0) -> Node:
        """Take an expression."""

    def form(self, start: int) -> Node:
        """Take a form that begins here."""
        token = self.token
        if token.sort is Sort.STRING:
            self.at += 1
            return Constant(unquoted(token.text), span=token.span)
        if token.sort is Sort.WORD:
            return self._word(start)
        forms = {"[": self._list_or_range, "]": self._open_range, "(": self._parenthesis, "{": self._context}
        forms["@"] = self._at_literal
        if token.sort is not Sort.SIGN or token.text not in forms:
            raise self.wrong(Message("A value"))
        self.at += 1
        return forms[token.text](start)

    def arguments(self) -> tuple[tuple[str, ...], tuple[Node, ...]]:
        """Take the arguments of a call, up to and with its parenthesis; names are empty where they go by position."""
        names: list[str] = []
        found: list[Node] = []
        named = self._is_named()
        while not self.accept(")"):
            if found:
                self.expect(",")
            if named:
                names.append(self.new_name(":"))
                self.expect(":")
            found.append(self.expression())
        return tuple(names), tuple(found)

    def _is_named(self) -> bool:
        at = self.at
        while self.tokens[at].sort in (Sort.WORD, Sort.NUMBER) or self.tokens[at].text in ("-", "+", "*", "/", "'"):
            at += 1
        return at > self.at and self.tokens[at].text == ":"

    def _word(self, start: int) -> Node:
        word = self.token.text
        self.at += 1
        if word in _CONSTANTS:
            return Constant(_CONSTANTS[word], span=self.since(start))
        forms = {"if": self._if, "for": self._for, "some": self._quantified, "every": self._quantified}
        forms["function"] = self._function
        if word in forms:
            return forms[word](start)
        return Name(word, span=self.since(start))

    def _at_literal(self, start: int) -> Node:
        if self.token.sort is not Sort.STRING:
            raise self.wrong(Message("A date, time or duration in quotes"))
        self.at += 1
        text = unquoted(self.tokens[self.at - 1].text)
        value = read_at_literal(text)
        span = self.since(start)
        if value is None:
            return Faulty(f"{text!r} is no date, time, date and time or duration.", span=span)
        return Constant(value, span=span)

    def _list_or_range(self, start: int) -> Node:
        items: list[Node] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            items.append(self.expression())
            if len(items) == 1 and self.accept(".."):
                return self._range(items[0], included=True, start=start)
        return ListOf(tuple(items), span=self.since(start))

    def _open_range(self, start: int) -> Node:
        low = self.expression()
        self.expect("..")
        return self._range(low, included=False, start=start)

    def _range(self, low: Node, *, included: bool, start: int) -> Node:
        high = self.expression(_ABOVE_BRACKETS) if self._closes_open() else self.expression()
        end = self.expect("]", ")", "[")
        return RangeOf(low, high, included, end == "]", span=self.since(start))

    def _closes_open(self) -> bool:
        """Tell whether the range that is being read ends with ``[``, which would be read as a filter otherwise."""
        depth, at = 0, self.at
        while self.tokens[at].sort is not Sort.END:
            text = self.tokens[at].text if self.tokens[at].sort is Sort.SIGN else ""
            if depth == 0 and text in ("]", ")", "["):
                return text == "[" and not _is_filter(self, at)
            depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            at += 1
        return False

    def _parenthesis(self, start: int) -> Node:
        relation = self.accept(*_RELATIONS)
        if relation is not None:
            endpoint = self.expression()
            self.expect(")")
            return Bound(relation, endpoint, span=self.since(start))
        inner = self.expression()
        if self.accept(".."):
            return self._range(inner, included=False, start=start)
        self.expect(")")
        return inner

    def _context(self, start: int) -> Node:
        entries: list[tuple[str, Node]] = []
        before = self.names
        while not self.accept("}"):
            if entries:
                self.expect(",")
            key = self._key({known for known, _ in entries})
            entries.append((key, self.expression()))
            self.names = self.names.with_variables((key,)).with_members((key,))
        self.names = before.with_members_of(self.names)
        return ContextOf(tuple(entries), span=self.since(start))

    def _key(self, known: set[str]) -> str:
        start = self.token.span.start
        if self.token.sort is Sort.STRING:
            self.at += 1
            key = unquoted(self.tokens[self.at - 1].text)
        else:
            key = self.new_name(":", "}", ",", "(", "[")
        if key in known:
            raise NotFeel(self.text, self.since(start), Message("A key that is not there yet"))
        self.expect(":")
        return key

    def _if(self, start: int) -> Node:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        otherwise = self.expression()
        return If(condition, then, otherwise, span=self.since(start))

    def _for(self, start: int) -> Node:
        before = self.names
        found = self._iterations("return")
        with self.seeing(("partial",)):
            result = self.expression()
        self.names = before.with_members_of(self.names)
        return For(found, result, mentions(result, "partial"), span=self.since(start))

    def _quantified(self, start: int) -> Node:
        every = self.tokens[self.at - 1].text == "every"
        before = self.names
        found = self._iterations("satisfies")
        condition = self.expression()
        self.names = before.with_members_of(self.names)
        return Quantified(every, found, condition, span=self.since(start))

    def _iterations(self, end: str) -> tuple[Iteration, ...]:
        found: list[Iteration] = []
        while not found or self.accept(","):
            start = self.token.span.start
            variable = self.new_name("in")
            self.expect("in")
            values = self.expression()
            until = self.expression() if self.accept("..") else None
            found.append(Iteration(variable, values, until, span=self.since(start)))
            self.names = self.names.with_variables((variable,))
        self.expect(end)
        return tuple(found)

    def _function(self, start: int) -> Node:
        self.expect("(")
        parameters: list[Parameter] = []
        while not self.accept(")"):
            if parameters:
                self.expect(",")
            name = self.new_name(":", ",", ")")
            parameters.append(Parameter(name, read_type(self) if self.accept(":") else ANY))
        result = read_type(self) if self.accept(":") else ANY
        external = self.accept("external") is not None
        with self.seeing(one.name for one in parameters):
            body = self.expression()
        return FunctionOf(tuple(parameters), body, result, external, span=self.since(start))


_ABOVE_BRACKETS = 9


def _is_filter(cursor: Cursor, at: int) -> bool:
    """Tell whether a bracket that opens is closed again before its expression ends."""
    depth = 0
    for one in cursor.tokens[at:]:
        text = one.text if one.sort is Sort.SIGN else ""
        depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
        if depth <= 0:
            return text == "]"
        if depth == 1 and text == "," and one.span.start > cursor.tokens[at].span.start:
            return False
    return False
