"""Hostile texts end soon, with the house's own errors."""

import time

import pytest
from tests.engines.decisions.conftest import Feel

from tiffin.engines.decisions.feel.faults import Exhausted, NotFeel


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 5000,
        "-" * 5000 + "1",
        "if true then " * 3000,
        "1" * 200_000,
        "1 instance of " + "list<" * 3000 + "Any",
        "{a:" * 3000,
        "x" + "[1" * 3000,
        "not(" * 3000,
    ],
)
def test_what_is_nested_too_deeply_or_too_long_is_refused(feel: Feel, text: str) -> None:
    with pytest.raises(NotFeel):
        feel(text)


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..1000000000 return a",
        "count(for a in 1..3000, b in 1..3000 return 1)",
        "{f: function(n) f(n), r: f(1)}.r",
        "{f: function(n) f(n + 1) + 1, r: f(1)}.r",
        "for i in 1..1400 return [partial[-1]]",
        '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("abcdefgh", 60)}.r',
        "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), r: f([1], 60)}.r",
    ],
)
def test_what_would_go_on_is_ended(feel: Feel, text: str) -> None:
    started = time.process_time()

    with pytest.raises(Exhausted):
        feel(text)

    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" + ".join(["1"] * 5000), "5000"),
        (" and ".join(["true"] * 5000), "true"),
        (" or ".join(["false"] * 5000), "false"),
        (f"sum([{','.join(['1'] * 5000)}])", "5000"),
        ("9" * 40 + " ** 99999999999", "null"),
        ("exp(9999999999)", "null"),
        ("1e999999999 * 1e999999999", "null"),
        ("1e9999999999999999999", "null"),
        ('number("1e9999", null, null)', "null"),
        ('@"P99999999999999999999D"', "null"),
        ("date(1e99, 1, 1)", "null"),
        ('substring("a", 1e99)', "null"),
        ("[1][1e99]", "null"),
        ('date(2021, 1, 1) + @"P999999999999999D"', "null"),
        ('@"P999999999Y" * 1e30', "null"),
        ("__import__", "null"),
        ("x.__class__", "null"),
        ("{}.__class__", "null"),
    ],
)
def test_what_is_large_or_strange_has_a_plain_answer(feel: Feel, text: str, expected: str) -> None:
    assert feel(text) == expected
