"""Patterns match as XPath says, in bounded time."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.decisions.conftest import Feel

from tiffin.engines.decisions.feel.faults import Exhausted
from tiffin.engines.decisions.feel.patterns.matching import compile_pattern


def matched(pattern: str, text: str) -> bool:
    return next(compile_pattern(pattern, "").found(text, lambda _: None), None) is not None


@settings(max_examples=400, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "^", "$"]),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            inner.map(lambda one: f"({one})"),
            inner.map(lambda one: f"({one})*"),
            inner.map(lambda one: f"({one})+?"),
            inner.map(lambda one: f"({one}){{1,2}}"),
            st.tuples(inner, inner).map("|".join),
        ),
        max_leaves=6,
    ),
    st.text("ab1", max_size=6),
)
def test_plain_patterns_match_what_python_matches(pattern: str, text: str) -> None:
    assert matched(pattern, text) == (re.search(pattern, text) is not None)


def test_what_is_the_standards_own_holds(feel: Feel) -> None:
    expected = {
        'matches("x", "[A-Z-[OI]]", "i")': "true",
        'matches("o", "[A-Z-[OI]]", "i")': "false",
        'matches("hello", "\\p{ I s BasicLatin}+", "x")': "true",
        'matches("λ", "^\\p{IsGreek}$")': "true",
        'matches("a", "\\p{Nothing}")': "null",
        'matches("a:b", "^\\i\\c*$")': "true",
        'matches("h", "(.)\\2")': "null",
        'matches("abab", "^(ab)\\1$")': "true",
        'matches("a\nb", "a.b")': "false",
        'matches("a\nb", "^b$", "m")': "true",
        'matches("a", "a", "q")': "null",
        'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")': '"[1=ab][2=]cd"',
        'replace("abc", "x*", "-")': "null",
        'replace("abc", "b", "$")': "null",
        'replace("abc", "b", "\\\\$")': '"a$c"',
        'split("a1b22c", "\\d+")': '["a", "b", "c"]',
    }

    assert {text: feel(text) for text in expected} == expected


@pytest.mark.parametrize("pattern", ["(", ")", "[", "a**", "a{2,1}", "[b-a]", "\\", "\\q", "a{1", "(?=a)", "[]", "*"])
def test_what_is_no_pattern_is_null(feel: Feel, pattern: str) -> None:
    assert feel("matches(a, b)", a="aaa", b=pattern) == "null"


def test_a_pattern_that_would_run_for_ever_is_ended(feel: Feel) -> None:
    with pytest.raises(Exhausted):
        feel("matches(a, b)", a="a" * 40 + "!", b="(a+)+$")
