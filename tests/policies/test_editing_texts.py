"""Edited rows go back into the text of a file; what nobody touched stays letter by letter, comments too."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiffin.capabilities.policies as package
from tiffin.capabilities.policies.domain.sheet import rows_of
from tiffin.capabilities.policies.service.editing_texts import plain_of, text_with
from tiffin.kernel.errors import InvalidDefinition

SHIPPED = sorted(Path(package.__file__).parent.glob("policies/*/20*.yaml"))
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda one: f"{one.parent.name}-{one.stem}")
def test_a_file_that_nobody_edits_is_the_same_text_again(path: Path) -> None:
    text = path.read_text("utf-8")

    assert text_with(text, "x", rows_of(plain_of(text, "x"))) == text


def test_one_edited_row_changes_its_own_lines_alone() -> None:
    path = next(one for one in SHIPPED if one.parent.name == "late-compensation" and len(one.stem) == len("2026-01-01"))
    text = path.read_text("utf-8")
    rows = [dict(row) for row in rows_of(plain_of(text, "x"))]
    rows[2]["then.amount_minor"] = "77"
    written = text_with(text, "x", rows)
    was, now = text.splitlines(), written.splitlines()
    first = next(number for number, (one, other) in enumerate(zip(was, now, strict=False)) if one != other)

    assert written.startswith("#")
    assert any("late.weather" in line for line in was[first - 2 : first + 1])
    assert set(now) - set(was) <= set(now[first : first + 8])
    assert rows_of(plain_of(written, "x")) == tuple(rows)


@settings(max_examples=60, deadline=None)
@given(
    cells=st.dictionaries(st.sampled_from(["when.a", "when.b", "then.c", "reason.en", "reason.ar"]), TEXT, max_size=5),
    at=st.integers(0, 3),
)
def test_whatever_is_written_in_a_new_row_is_read_back_as_it_was(cells: dict[str, str], at: int) -> None:
    text = next(one for one in SHIPPED if one.parent.name == "surge-actions").read_text("utf-8")
    rows = [dict(row) for row in rows_of(plain_of(text, "x"))]
    rows.insert(at, {"id": "row-new", **{key: one for key, one in cells.items() if one != "-"}})

    assert rows_of(plain_of(text_with(text, "x", rows), "x")) == tuple(rows)


def test_rows_can_be_removed_moved_and_put_where_there_were_none() -> None:
    stated = "  - id: a.1\n    when: {x: 1}\n  # about b\n  - id: b.1\n    when: {}\n"
    text = f"# head\npolicy: p\nrows:\n{stated}\n# tail\nsource: s\n"
    rows = rows_of(plain_of(text, "x"))
    empty = text_with(text, "x", [])

    assert text_with(text, "x", rows[::-1]).endswith("\n# tail\nsource: s\n")
    assert rows_of(plain_of(text_with(text, "x", rows[::-1]), "x")) == rows[::-1]
    assert rows_of(plain_of(empty, "x")) == ()
    assert rows_of(plain_of(text_with("policy: p\n", "x", rows), "x")) == rows


def test_a_text_that_is_no_policy_is_told() -> None:
    with pytest.raises(InvalidDefinition, match="names with values"):
        plain_of("- 1", "x")
