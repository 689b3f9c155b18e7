"""The small language of notices: values, plurals, variants, isolates."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.liability.domain.notice_text import (
    Choice,
    Piece,
    choices_in,
    fill,
    names_in,
    parse,
    piece_from,
)
from tiffin.kernel.errors import InvalidDefinition


def filled(text: str, *, rtl: bool = False, **pieces: Piece) -> str:
    return fill(parse(text), pieces, is_right_to_left=rtl)


def test_values_stand_where_their_names_stand() -> None:
    assert filled("Order {order}: {money}", order=Piece("o-1"), money=Piece("SAR 1.00")) == "Order o-1: SAR 1.00"


def test_a_plural_is_chosen_by_the_exact_number_then_by_the_category() -> None:
    text = "{n, plural, =0 {none} one {# point} few {# (few)} other {# points}}"

    assert filled(text, n=Piece("0", 0, "other")) == "none"
    assert filled(text, n=Piece("1", 1, "one")) == "1 point"
    assert filled(text, n=Piece("3", 3, "few")) == "3 (few)"
    assert filled(text, n=Piece("11", 11, "many")) == "11 points"


def test_variants_nest_and_keep_the_number_of_the_plural_around_them() -> None:
    text = "{n, plural, other {{who, select, you {you have #} other {he has #}}}}"

    assert filled(text, n=Piece("5", 5, "other"), who=Piece("you")) == "you have 5"
    assert filled(text, n=Piece("5", 5, "other"), who=Piece("else")) == "he has 5"


def test_a_hash_outside_a_plural_is_a_hash() -> None:
    assert filled("# {n}", n=Piece("5")) == "# 5"


def test_beside_right_to_left_script_each_value_is_isolated_and_prose_runs_its_own_way() -> None:
    said = filled("{a} {b}", rtl=True, a=Piece("o-1"), b=Piece("SLA", is_prose=True))

    assert said == "\u2068o-1\u2069 \u2067SLA\u2069"


def test_a_paragraph_of_which_nothing_is_left_goes() -> None:
    assert filled("A\n\n{n, plural, =0 {} other {#}}\n\nB", n=Piece("0", 0, "other")) == "A\n\nB"


def test_a_text_tells_which_values_and_choices_it_holds() -> None:
    parts = parse("{a} {n, plural, one {{b}} other {#}}")

    assert names_in(parts) == {"a", "b", "n"}
    assert [one.kind for one in choices_in(parts) if isinstance(one, Choice)] == ["plural"]


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{}", "{a", "{A}", "{n, plural, one {x}}", "{n, sort, other {x}}", "{n, plural, other {x}",
     "{n, plural}", "{n, plural, one {x} one {y} other {z}}", "{n, plural, other {x} y}"],
)  # fmt: skip
def test_what_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition):
        parse(text)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="order"):
        filled("{order}")


PIECES = st.builds(
    Piece,
    st.text(max_size=30),
    st.none() | st.integers(0, 2000),
    st.sampled_from(["zero", "one", "two", "few", "many", "other"]),
    st.booleans(),
)


@given(piece=PIECES, rtl=st.booleans())
def test_what_is_kept_as_json_fills_the_same_bytes(piece: Piece, rtl: bool) -> None:  # noqa: FBT001 - drawn
    parts = parse("{a}\n\n{a, plural, =0 {} one {# x} few {# y} many {# z} other {# {a}}}")
    kept = piece_from(json.loads(json.dumps(piece.plain)))

    first = fill(parts, {"a": piece}, is_right_to_left=rtl)

    assert fill(parts, {"a": kept}, is_right_to_left=rtl).encode("utf-8", "surrogatepass") == first.encode(
        "utf-8", "surrogatepass"
    )


def test_filling_needs_no_library_of_languages_no_clock_and_no_time_zone() -> None:
    program = """
import sys
for name in ("babel", "zoneinfo", "hijridate", "sqlalchemy"):
    sys.modules[name] = None
from tiffin.capabilities.liability.domain.notice_text import Piece, fill, parse
text = "{n, plural, few {# أيام} other {#}}"
sys.stdout.buffer.write(fill(parse(text), {"n": Piece("٣", 3, "few")}, is_right_to_left=True).encode())
"""
    made = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        env={"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "3"},
    )

    assert made.stdout.decode() == "\u2068٣\u2069 أيام"
