"""Cells of decision tables pass what the standard says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tiffin.engines.decisions.feel.calendar import Date

Cell = Callable[..., Any]
SEVEN = Decimal(7)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("-", None, True),
        ("7", SEVEN, True),
        ("< 7", SEVEN, False),
        ("<= 7, 9", SEVEN, True),
        ("[1..7)", SEVEN, False),
        ("(1..7]", SEVEN, True),
        ("not(1, 2)", SEVEN, True),
        ("not(7)", SEVEN, False),
        ("not(< 8)", SEVEN, False),
        ("[1, 7]", SEVEN, True),
        ("null", None, True),
        ("null", SEVEN, False),
        ("> 5", None, None),
        ("not(> 5)", None, None),
        ('"a"', SEVEN, False),
        ("? > 5 and ? < 8", SEVEN, True),
        ("? * 2", SEVEN, None),
        ("odd(?)", SEVEN, True),
        ("true", False, False),
        ("not(true)", False, True),
        ('> date("2020-01-01")', Date(2021, 1, 1), True),
        ("limit", SEVEN, True),
        ("< limit + 1", SEVEN, True),
        ("limit = 7", SEVEN, True),
    ],
)
def test_a_cell_passes_what_it_says(cell: Cell, text: str, value: Any, expected: Any) -> None:
    assert cell(text, value, limit=SEVEN) is expected
