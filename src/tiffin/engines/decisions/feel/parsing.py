"""Reading FEEL: expressions and unary tests become trees.

A Pratt parser over `Cursor`: each operator has a strength, and an operand takes all that binds more strongly.

References
----------
OMG, Decision Model and Notation 1.5, §10.3.1.2 (grammar), whose order of rules is the order of strengths here.
"""

from tiffin.engines.decisions.feel.lexing import Sort
from tiffin.engines.decisions.feel.names import Names, longest
from tiffin.engines.decisions.feel.numbers import read_number
from tiffin.engines.decisions.feel.parsing_forms import Forms
from tiffin.engines.decisions.feel.parsing_types import read_type
from tiffin.engines.decisions.feel.tree import (
    Arithmetic,
    Between,
    Bound,
    Call,
    Comparison,
    Constant,
    Faulty,
    Filter,
    In,
    InstanceOf,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Test,
    Tests,
    mentions,
)
from tiffin.kernel.messages import Message

_STRENGTH = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "between": 3,
    "in": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
    "instance": 8,
    "[": 9,
    ".": 9,
    "(": 9,
}
_NEGATION, _ADDITION, _COMPARISON = 7, 4, 3
_RELATIONS = ("<=", "<", ">=", ">", "!=", "=")


def parse_expression(text: str, names: Names) -> Node:
    """Read an expression.

    Raises
    ------
    NotFeel
        With the place and what was expected there.
    """
    parser = Parser(text, names)
    found = parser.expression()
    if parser.token.sort is not Sort.END:
        raise parser.wrong(Message("An operator or the end"))
    return found


def parse_tests(text: str, names: Names) -> Tests:
    """Read the unary tests of a cell; ``?`` is the value that is tested.

    Raises
    ------
    NotFeel
        With the place and what was expected there.
    """
    parser = Parser(text, names.with_variables(("?",)))
    found = parser.cell()
    if parser.token.sort is not Sort.END:
        raise parser.wrong(Message("A comma or the end"))
    return found


class Parser(Forms):
    """Reads one text."""

    def expression(self, strength: int = 0) -> Node:
        """Take an expression of operators that bind more strongly than ``strength``."""
        with self.deeper():
            start = self.token.span.start
            left = self.operand()
            while (found := self._operator()) is not None and _STRENGTH[found] > strength:
                left = self._after(left, found, start)
            return left

    def cell(self) -> Tests:
        """Take the unary tests of a cell."""
        start = self.token.span.start
        if self.ahead("-") and self.tokens[self.at + 1].sort is Sort.END:
            self.at += 1
            return Tests((), span=self.since(start))
        if self.ahead("not") and self.tokens[self.at + 1].text == "(":
            before = self.at
            self.at += 2
            tests = self.tests()
            self.expect(")")
            if self.token.sort is Sort.END:
                return Tests(tests, negated=True, span=self.since(start))
            self.at = before
        return Tests(self.tests(), span=self.since(start))

    def tests(self) -> tuple[Bound | Test, ...]:
        """Take unary tests, separated by commas."""
        found = [self.test()]
        while self.accept(","):
            found.append(self.test())
        return tuple(found)

    def test(self, strength: int = 0) -> Bound | Test:
        """Take one unary test: a relation to an endpoint, or any expression."""
        start = self.token.span.start
        relation = self.accept(*_RELATIONS)
        if relation is None:
            return self._as_test(self.expression(strength))
        return Bound(relation, self.expression(_COMPARISON), span=self.since(start))

    def _as_test(self, value: Node) -> Test | Bound:
        return value if isinstance(value, Bound) else Test(value, mentions(value, "?"), span=value.span)

    def operand(self) -> Node:
        """Take what stands before any operator."""
        start = self.token.span.start
        if self.token.sort is Sort.NUMBER and not self.names.longest_here(self.tokens, self.at):
            self.at += 1
            number = read_number(self.tokens[self.at - 1].text)
            span = self.since(start)
            return Faulty("The number is too large.", span=span) if number is None else Constant(number, span=span)
        if self.accept("-"):
            return Negation(self.expression(_NEGATION - 1), span=self.since(start))
        known = self.known_name()
        return Name(known, span=self.since(start)) if known is not None else self.form(start)

    def _operator(self) -> str | None:
        text = self.token.text
        if self.token.sort not in (Sort.SIGN, Sort.WORD) or text not in _STRENGTH:
            return None
        return None if text == "instance" and self.tokens[self.at + 1].text != "of" else text

    def _after(self, left: Node, operator: str, start: int) -> Node:
        self.at += 1
        if operator in ("[", ".", "("):
            return self._postfix(left, operator, start)
        if operator == "instance":
            self.expect("of")
            kind = read_type(self)
            return InstanceOf(left, kind, span=self.since(start))
        if operator in ("between", "in"):
            return self._within(left, operator, start)
        right = self.expression(_STRENGTH[operator])
        made = Logic if operator in ("and", "or") else Comparison if operator in _RELATIONS else Arithmetic
        return made(operator, left, right, span=self.since(start))

    def _within(self, left: Node, operator: str, start: int) -> Node:
        if operator == "in":
            return In(left, self._alternatives(), span=self.since(start))
        low = self.expression(_ADDITION - 1)
        self.expect("and")
        high = self.expression(_ADDITION - 1)
        return Between(left, low, high, span=self.since(start))

    def _alternatives(self) -> tuple[Bound | Test, ...]:
        before = self.at
        if self.accept("("):
            tests = self.tests()
            if self.accept(")"):
                return tests
            self.at = before
        return (self.test(_COMPARISON),)

    def _postfix(self, left: Node, operator: str, start: int) -> Node:
        if operator == ".":
            return Path(left, self._member(), span=self.since(start))
        if operator == "(":
            names, arguments = self.arguments()
            return Call(left, arguments, names, span=self.since(start))
        with self.scope(self.names.inside_filter()):
            condition = self.expression()
        self.expect("]")
        return Filter(left, condition, span=self.since(start))

    def _member(self) -> str:
        found = longest(self.names.members, self.tokens, self.at)
        if found is not None:
            self.at += found[1]
            return found[0]
        if self.token.sort is not Sort.WORD:
            raise self.wrong(Message("The name of a field"))
        self.at += 1
        return self.tokens[self.at - 1].text
