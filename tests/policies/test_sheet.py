"""A file of a policy as a sheet of cells: what is edited goes back into the file, and nothing else changes."""

from typing import Any

import pytest

from tiffin.capabilities.policies.domain.sheet import Headings, columns_of, faults_of, rows_of, with_rows
from tiffin.kernel.errors import InvalidData

HEADINGS = Headings("Rule", "Overrides", "Reason")
BASE: dict[str, Any] = {
    "policy": "late",
    "title": {"en": "Late orders"},
    "inputs": [
        {"name": "problem", "label": {"en": "Problem", "ar": "المشكلة"}, "type": "string", "values": '"late", "cold"'},
        {"name": "minutes", "label": {"en": "Minutes"}, "type": "number", "whole": True, "unit": "min"},
        {"name": "photo", "type": "boolean"},
    ],
    "outputs": [{"name": "amount", "label": {"en": "Amount"}, "type": "number", "unit": "minor units"}],
    "rows": [
        {
            "id": "late.little",
            "when": {"problem": '"late"', "minutes": "< grace", "photo": True},
            "then": {"amount": 500},
            "reason": {"en": "{minutes} late", "ar": "تأخر {minutes}"},
        },
        {
            "id": "late.much",
            "when": {"minutes": ">= grace"},
            "then": {"amount": "grace * 10"},
            "reason": {"en": "Late"},
        },
    ],
    "worked_cases": [{"title": {"en": "One"}}],
}


def test_a_sheet_that_nobody_edits_is_the_file_again() -> None:
    assert with_rows(BASE, rows_of(BASE)) == BASE


def test_columns_carry_labels_units_and_likely_cells_in_the_readers_language() -> None:
    columns = columns_of(BASE, "ar", HEADINGS, parameters=["grace"])

    assert [one.key for one in columns] == [
        "id",
        "when.problem",
        "when.minutes",
        "when.photo",
        "then.amount",
        "reason.ar",
    ]
    assert columns[1].label == "المشكلة"
    assert columns[1].options == ('"late"', '"cold"')
    assert columns[2].options == (">= grace", "< grace")
    assert columns[3].options == ("true", "false")
    assert columns[4].unit == "minor units"


def test_an_overlay_shows_which_rows_it_may_override() -> None:
    overlay = {
        "rows": [{"id": "kw.late", "overrides": ["late.little", "late.much"], "when": {}, "then": {"amount": 1}}]
    }
    columns = columns_of(BASE, "en", HEADINGS, overridden=["late.little", "late.much"])

    assert columns[1].options == ("late.little", "late.much")
    assert rows_of(overlay)[0]["overrides"] == "late.little, late.much"
    assert with_rows(overlay, rows_of(overlay)) == overlay


def test_other_languages_travel_with_a_row_and_an_input_that_is_not_tested_is_left_out() -> None:
    rows = [dict(row) for row in rows_of(BASE)]
    rows[0] |= {"when.photo": "-", "when.minutes": "", "reason.en": "{minutes} min late", "then.amount": "-30"}
    row = with_rows(BASE, rows)["rows"][0]

    assert row["when"] == {"problem": '"late"'}
    assert row["then"] == {"amount": -30}
    assert row["reason"] == {"en": "{minutes} min late", "ar": "تأخر {minutes}"}


def test_every_cell_that_cannot_be_read_is_told_at_once() -> None:
    rows = [dict(row) for row in rows_of(BASE)]
    rows[0] |= {"when.minutes": "< < 3", "then.amount": "5 +"}
    rows[1] |= {"id": "late.little"}
    found = faults_of(rows, columns_of(BASE, "en", HEADINGS))

    assert [(one.row, one.column) for one in found] == [(0, "when.minutes"), (0, "then.amount"), (1, "id")]
    assert all(one.said for one in found)


def test_a_sheet_stays_bounded() -> None:
    with pytest.raises(InvalidData, match="rows"):
        with_rows(BASE, [{"id": "x"}] * 10_001)
    with pytest.raises(InvalidData, match="characters"):
        with_rows(BASE, [{"id": "x", "when.problem": "-" * 2001}])


def test_a_cell_may_call_a_function_whose_name_has_several_words() -> None:
    base = {
        **BASE,
        "inputs": [{"name": "at", "type": "date and time", "values": '> date and time("2026-01-01T00:00:00")'}],
    }
    columns = columns_of(base, "en", HEADINGS)

    assert faults_of([{"id": "early", "when.at": '< date and time("2026-03-01T12:00:00")'}], columns) == ()
