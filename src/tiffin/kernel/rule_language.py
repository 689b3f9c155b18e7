"""The small language of row rules: what must hold between the columns of one row.

A rule is one condition in a common part of SQL that means the same on every warehouse engine::

    rule       = all { OR all }
    all        = part { AND part }
    part       = NOT part | comparison
    comparison = sum [ (= | <> | < | <= | > | >=) sum | IS [NOT] NULL | [NOT] IN ( literal, ... )
                     | BETWEEN sum AND sum ]
    sum        = product { (+ | -) product }
    product    = value { * value }
    value      = number | 'text' | TRUE | FALSE | column | function ( sum, ... ) | ( rule )
    function   = seconds_between(from, to) | length(text) | abs(number) | coalesce(value, ...)

There is no division (engines differ), no quote or backslash inside a text, and nothing that looks at another row.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiffin.kernel.errors import InvalidDefinition


class Kind(StrEnum):
    """What a part of a rule yields."""

    TEXT = "string"
    NUMBER = "number"
    TRUTH = "boolean"
    DAY = "date"
    INSTANT = "timestamp"


class Form(StrEnum):
    """How a part of a rule is built."""

    LITERAL = "literal"
    COLUMN = "column"
    CALL = "call"
    INFIX = "infix"
    NOT = "not"
    IS_NULL = "is null"
    IS_NOT_NULL = "is not null"
    IN = "in"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed rule, or a part of one."""

    form: Form
    kind: Kind
    text: str
    parts: tuple["Expression", ...] = ()


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^'\\]*')|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|<=|>=|[=<>+\-*(),]))"
)
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_WORDS = frozenset({"AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "TRUE", "FALSE"})
_FUNCTIONS: Mapping[str, tuple[tuple[Kind, ...], Kind]] = {
    "seconds_between": ((Kind.INSTANT, Kind.INSTANT), Kind.NUMBER),
    "length": ((Kind.TEXT,), Kind.NUMBER),
    "abs": ((Kind.NUMBER,), Kind.NUMBER),
}


_Reader = Callable[[], Expression]


def parse_rule(rule: str, columns: Mapping[str, str]) -> Expression:
    """Read a rule.

    Parameters
    ----------
    rule : str
        The condition as written in a contract.
    columns : mapping of str to str
        Logical type of each column that it may name.

    Raises
    ------
    InvalidDefinition
        It is not in the language, names an unknown column, or compares things of different kinds.

    Examples
    --------
    >>> parse_rule("delivered_at >= placed_at", {"delivered_at": "timestamp", "placed_at": "timestamp"}).kind
    <Kind.TRUTH: 'boolean'>
    """
    return _Parser(rule, columns).read()


class _Parser:
    """One reading of one rule, by recursive descent over its tokens."""

    def __init__(self, rule: str, columns: Mapping[str, str]) -> None:
        self.rule = rule
        self.columns = columns
        self.tokens = self._tokens()
        self.position = 0

    def read(self) -> Expression:
        expression = self._any()
        if self._next():
            raise self._error(f"an end was expected, {self._next()!r} was found")
        return self._expect(expression, Kind.TRUTH)

    def _tokens(self) -> list[str]:
        tokens, at, text = [], 0, self.rule.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._error(f"{text[at:].strip()[:20]!r} is not part of the rule language")
            word = match.group("word")
            tokens.append(word.upper() if word and word.upper() in _WORDS else match.group(0).strip())
            at = match.end()
        return tokens

    def _next(self, ahead: int = 0) -> str:
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else ""

    def _take(self, token: str) -> bool:
        found = self._next() == token
        self.position += found
        return found

    def _demand(self, token: str) -> None:
        if not self._take(token):
            raise self._error(f"{token!r} was expected, {self._next() or 'the end'!r} was found")

    def _error(self, problem: str) -> InvalidDefinition:
        return InvalidDefinition(f"The rule {self.rule!r} cannot be read: {problem}.")

    def _expect(self, expression: Expression, kind: Kind) -> Expression:
        if expression.kind is not kind:
            raise self._error(f"{expression.text!r} is a {expression.kind}, a {kind} was expected")
        return expression

    def _any(self) -> Expression:
        return self._chain("OR", self._all)

    def _all(self) -> Expression:
        return self._chain("AND", self._part)

    def _chain(self, word: str, part: _Reader) -> Expression:
        left = part()
        while self._take(word):
            parts = (self._expect(left, Kind.TRUTH), self._expect(part(), Kind.TRUTH))
            left = Expression(Form.INFIX, Kind.TRUTH, word, parts)
        return left

    def _part(self) -> Expression:
        if self._take("NOT"):
            return Expression(Form.NOT, Kind.TRUTH, "NOT", (self._expect(self._part(), Kind.TRUTH),))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        if self._next() in _COMPARISONS:
            self.position += 1
            sign = self.tokens[self.position - 1]
            return Expression(Form.INFIX, Kind.TRUTH, sign, (left, self._expect(self._sum(), left.kind)))
        if self._take("IS"):
            form = Form.IS_NOT_NULL if self._take("NOT") else Form.IS_NULL
            self._demand("NULL")
            return Expression(form, Kind.TRUTH, form.value, (left,))
        if self._next() == "NOT" and self._next(1) == "IN":
            self.position += 1
            return Expression(Form.NOT, Kind.TRUTH, "NOT", (self._membership(left),))
        if self._next() == "IN":
            return self._membership(left)
        if self._take("BETWEEN"):
            low = self._expect(self._sum(), left.kind)
            self._demand("AND")
            return Expression(Form.BETWEEN, Kind.TRUTH, "BETWEEN", (left, low, self._expect(self._sum(), left.kind)))
        return left

    def _membership(self, left: Expression) -> Expression:
        self._demand("IN")
        self._demand("(")
        members = [self._expect(self._value(), left.kind)]
        while self._take(","):
            members.append(self._expect(self._value(), left.kind))
        self._demand(")")
        if any(member.form is not Form.LITERAL for member in members):
            raise self._error("only literals may stand behind IN")
        return Expression(Form.IN, Kind.TRUTH, "IN", (left, *members))

    def _sum(self) -> Expression:
        return self._arithmetic(("+", "-"), self._product)

    def _product(self) -> Expression:
        return self._arithmetic(("*",), self._value)

    def _arithmetic(self, signs: tuple[str, ...], part: _Reader) -> Expression:
        left = part()
        while self._next() in signs:
            self.position += 1
            sign = self.tokens[self.position - 1]
            parts = (self._expect(left, Kind.NUMBER), self._expect(part(), Kind.NUMBER))
            left = Expression(Form.INFIX, Kind.NUMBER, sign, parts)
        return left

    def _value(self) -> Expression:
        token = self._next()
        self.position += 1
        if token == "(":  # noqa: S105 - a parenthesis, no password
            inner = self._any()
            self._demand(")")
            return inner
        if token[:1].isdigit():
            return Expression(Form.LITERAL, Kind.NUMBER, token)
        if token[:1] == "'":
            return Expression(Form.LITERAL, Kind.TEXT, token)
        if token in {"TRUE", "FALSE"}:
            return Expression(Form.LITERAL, Kind.TRUTH, token)
        if self._next() == "(":
            return self._call(token)
        return self._column(token)

    def _column(self, name: str) -> Expression:
        if name not in self.columns:
            raise self._error(f"a column was expected, {name or 'the end'!r} was found")
        logical = self.columns[name]
        return Expression(Form.COLUMN, Kind.NUMBER if logical == "integer" else Kind(logical), name)

    def _call(self, name: str) -> Expression:
        self._demand("(")
        arguments = [self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        self._demand(")")
        if name == "coalesce":
            parts = tuple(self._expect(argument, arguments[0].kind) for argument in arguments)
            return Expression(Form.CALL, arguments[0].kind, name, parts)
        if name not in _FUNCTIONS or len(_FUNCTIONS[name][0]) != len(arguments):
            raise self._error(f"{name} with {len(arguments)} arguments is not a function of the rule language")
        kinds, result = _FUNCTIONS[name]
        parts = tuple(self._expect(argument, kind) for argument, kind in zip(arguments, kinds, strict=True))
        return Expression(Form.CALL, result, name, parts)
