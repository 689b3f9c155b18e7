"""Whatever text comes: a value, or one of the house's own errors, soon."""

import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engines.decisions.conftest import names_with

from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.faults import Exhausted, NotFeel
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.errors import InvalidDefinition

VARIABLES = {"x": [Decimal(3), None, "s"], "y z": {"a": None}, "?": None}
NAMES = names_with(VARIABLES)
FEW, MANY = 120, 20_000
SOON_S = 15.0

LITERALS = [
    "1",
    "0",
    "-1",
    "2.5",
    "1e30",
    "1e6000",
    '"a"',
    '"(a+)+"',
    '"[a-z]"',
    '"\\\\p{L}"',
    '"2021-01-01"',
    "true",
    "false",
    "null",
    '@"2021-01-01"',
    '@"10:00:00Z"',
    '@"2021-12-31T23:59:59@Europe/Paris"',
    '@"-999999999-01-01"',
    '@"P1D"',
    '@"-P999999999Y"',
    "[]",
    "[1,2,3]",
    "[null]",
    "{}",
    "{a:1}",
    "[1..5]",
    '("a".."c")',
    "(<3)",
    "(!=null)",
    "x",
    "item",
    "?",
    "[[1],[2]]",
    "[{a:1},{a:2}]",
]
SIGNS = [
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "and",
    "or",
    "in",
    "between",
    "instance",
    "of",
    ",",
    ".",
    "..",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "->",
    "@",
    '"',
    "'",
    "?",
    "//",
    "/*",
    "not",
]
WORDS = [
    "if",
    "then",
    "else",
    "for",
    "return",
    "some",
    "every",
    "satisfies",
    "function",
    "external",
    "list<",
    "number",
    "partial",
]
HOSTILE = ("\u200b", "\ud83d", "\U0001f40e", "\x00", "\u0661", "\r\n", "\\", "\\u")


def expressions() -> st.SearchStrategy[str]:
    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(st.sampled_from(sorted(BUILT_INS)), st.lists(inner, max_size=4)).map(
                lambda p: f"{p[0]}({', '.join(p[1])})"
            ),
            st.tuples(inner, st.sampled_from(SIGNS[:14]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            pair.map(lambda p: f"{p[0]}[{p[1]}]"),
            st.tuples(inner, st.sampled_from(["a", "year", "time offset", "end included"])).map(".".join),
            pair.map(lambda p: f"for q in {p[0]} return {p[1]}"),
            pair.map(lambda p: f"every q in {p[0]} satisfies {p[1]}"),
            st.tuples(inner, inner, inner).map(lambda p: f"if {p[0]} then {p[1]} else {p[2]}"),
            pair.map(lambda p: f"{{k: {p[0]}, m n: {p[1]}}}"),
            pair.map(lambda p: f"(function(a, b: number) {p[0]})({p[1]}, x)"),
            inner.map(lambda one: f"({one} instance of list<number>)"),
        )

    return st.recursive(st.sampled_from(LITERALS), larger, max_leaves=8)


SOUP = st.lists(st.sampled_from([*LITERALS, *SIGNS, *WORDS, *HOSTILE, *BUILT_INS]), max_size=20).map(" ".join)
TEXTS = st.one_of(expressions(), SOUP, st.text(max_size=40))


def evaluated(text: str) -> None:
    """Read and evaluate a text, as an expression and as a cell; anything but the house's errors propagates."""
    started = time.process_time()
    for parse in (parse_expression, parse_tests):
        with suppress(NotFeel, Exhausted):
            literal_of(evaluate_in(Run(steps=50_000), parse(text, NAMES), Scope(VARIABLES)))
    assert time.process_time() - started < SOON_S


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
@example("a" + ".a" * 20_000)
@example("x" + "[1]" * 20_000)
@example("1" + "+1" * 20_000)
@example("-" * 90 + "1")
@example("for i in 1..1400 return [partial[-1]]")
@example('replace("aaaa", "(a*)*b", "$1")')
@example("[1..10[ [1..10[")
@example("{a b c d e f g: 1}.a b c")
@example("for q in (null..[1]] return q")
@example("for q in (>= [1]) return q")
@example('"\\ud83d"')
def test_no_text_brings_the_engine_down(text: str) -> None:
    evaluated(text)


@pytest.mark.full
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_no_text_of_very_many_brings_the_engine_down(text: str) -> None:
    evaluated(text)


@settings(max_examples=FEW, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_no_file_brings_the_reader_down(data: bytes) -> None:
    opening = b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">'
    for whole in (data, opening + data + b"</definitions>"):
        with suppress(InvalidDefinition):
            read_model(whole)
