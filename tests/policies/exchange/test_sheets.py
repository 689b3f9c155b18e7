"""Policies as spreadsheets and CSV: laid out for people, changed by them, read again with every fault in its place."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tiffin.capabilities.policies.domain.exchange.csv_tables import csv_of, guarded, policy_in_csv, unguarded
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles
from tiffin.capabilities.policies.service.exchange_import import Wanted, bring_in
from tiffin.capabilities.policies.service.exchange_sheets import policy_in_xlsx, xlsx_of
from tiffin.kernel.errors import InvalidData, WrongUse
from tiffin.runtime.i18n import LOCALES

ON = date(2026, 6, 1)
Change = Callable[[dict[str, list[list[Any]]]], None]


def contents(files: PolicyFiles) -> list[tuple[str, object]]:
    return [(one.name, one.content) for one in files.all]


def changed(files: PolicyFiles, change: Change, locale: str = "en") -> bytes:
    """Take a policy out as a workbook, change cells as people do, and save it in another program."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_of(files, ON, locale)))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    change(sheets)
    held = io.BytesIO()
    saved = xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = saved.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    saved.close()
    return held.getvalue()


def at(sheets: dict[str, list[list[Any]]], sheet: str, key: str) -> int:
    return sheets[sheet][1].index(key)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_policy_comes_back_from_a_workbook_in_every_language(late: PolicyFiles, locale: str) -> None:
    written = xlsx_of(late, ON, locale)

    assert contents(policy_in_xlsx("late.xlsx", written, ON)) == contents(late)
    assert xlsx_of(late, ON, locale) == written


def test_what_nobody_changed_keeps_its_file_to_the_byte(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Rules KW"][2][at(sheets, "Rules KW", "then.amount_minor")] = 950

    wanted = Wanted(ON, "steward", known=lambda _policy: late)
    (policy,) = bring_in("late.xlsx", changed(late, change), wanted).policies

    assert policy.files[0].text == late.base.text
    assert policy.files[1].content["rows"][0]["then"] == {"amount_minor": 950}
    assert policy.faults == ()


def test_words_that_the_column_knows_need_no_quotes(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Rules"][2][at(sheets, "Rules", "when.problem")] = "late, cold"

    found = policy_in_xlsx("late.xlsx", changed(late, change), ON)

    assert found.base.content["rows"][0]["when"]["problem"] == '"late", "cold"'


def test_numbers_that_a_spreadsheet_keeps_as_text_and_days_and_times_are_read_as_they_are(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        row = sheets["Rules"][2]
        row[at(sheets, "Rules", "then.amount_minor")] = "700"
        row[at(sheets, "Rules", "when.problem")] = time(18, 30)
        row[at(sheets, "Rules", "when.share")] = date(2026, 3, 1)

    found = policy_in_xlsx("late.xlsx", changed(late, change), ON).base.content["rows"][0]

    assert found["then"]["amount_minor"] == 700
    assert (found["when"]["problem"], found["when"]["share"]) == ('@"18:30:00"', date(2026, 3, 1))


def test_what_may_be_chosen_is_offered_in_a_form_that_spreadsheets_read(late: PolicyFiles) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of(late, ON, "en"))) as parts:
        rules = parts.read("xl/worksheets/sheet2.xml").decode()

    assert (
        "<formula1>&quot;late,cold,missing&quot;</formula1>" in rules
        or '<formula1>"late,cold,missing"</formula1>' in rules
    )


def test_every_fault_is_told_by_sheet_row_and_column(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Rules"][3][at(sheets, "Rules", "when.minutes_late")] = ">= > 3"
        sheets["Rules"][4][0] = ""
        sheets["Columns"][2][0] = "in"
        sheets["Worked cases"][2][0] = "QA"

    with pytest.raises(InvalidData) as refused:
        policy_in_xlsx("late.xlsx", changed(late, change), ON)

    told = str(refused.value)
    assert "Columns, row 3, column A" in told
    assert "Rules, row 5, column A" in told
    assert "Worked cases, row 3, column A" in told


def test_a_condition_that_is_no_feel_is_told_by_its_cell(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Rules"][3][at(sheets, "Rules", "when.minutes_late")] = ">= > 3"

    with pytest.raises(InvalidData, match="Rules, row 4, column B"):
        policy_in_xlsx("late.xlsx", changed(late, change), ON)


def test_a_column_that_nobody_knows_is_told(late: PolicyFiles) -> None:
    def change(sheets: dict[str, list[list[Any]]]) -> None:
        sheets["Rules"][1][1] = "when.minutes"

    with pytest.raises(InvalidData, match=r"Rules, row 2, column B: there is no column when\.minutes"):
        policy_in_xlsx("late.xlsx", changed(late, change), ON)


def test_nothing_in_a_workbook_is_a_formula_or_a_link(late: PolicyFiles) -> None:
    rows = [{**row, "reason": {"en": '=HYPERLINK("http://example.com")'}} for row in late.base.content["rows"]]
    evil = replace(late, base=replace(late.base, content={**late.base.content, "rows": rows}))

    written = xlsx_of(evil, ON, "en")

    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert pages
    assert not [one for one in pages if "<f>" in one or "<hyperlink" in one]
    assert contents(policy_in_xlsx("late.xlsx", written, ON)) == contents(evil)


def test_sheets_are_mirrored_where_the_language_is(late: PolicyFiles) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of(late, ON, "ar"))) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]

    assert all('rightToLeft="1"' in one for one in pages)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, late: PolicyFiles) -> None:
    monkeypatch.setattr("tiffin.capabilities.policies.service.exchange_sheets.MAX_UNPACKED", 10_000)

    with pytest.raises(InvalidData, match="unpacks to more"):
        policy_in_xlsx("late.xlsx", xlsx_of(late, ON, "en"), ON)


def huge(cells: str) -> bytes:
    """Make a small workbook of rules whose cells stand far apart."""
    held, written = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.add_worksheet("Rules").write(0, 0, 1)
    book.close()
    with zipfile.ZipFile(held) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as changed_parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                head, tail = text.split("<sheetData>")[0], text.split("</sheetData>")[1]
                text = f"{head}<sheetData>{cells}</sheetData>{tail}"
            changed_parts.writestr(name, text)
    return written.getvalue()


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row><c r = 'A0000000001'><v>1</v></c></row>"
        + " " * (1 << 20)
        + "<row><c r = 'XFD1048576'><v>1</v></c></row>",
        "<row>" + "<c><v>1</v></c>" * 16_000 + '</row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c ' + " " * (1 << 20) + ' r="XFD1048576"></c></row>',
    ],
    ids=["corners", "spaced", "untold", "endless"],
)
def test_a_small_workbook_of_a_huge_area_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, cells: str
) -> None:
    monkeypatch.setattr("tiffin.capabilities.policies.service.exchange_sheets.CalamineWorkbook", None)
    content = huge(cells)
    assert len(content) < 20_000

    with pytest.raises(InvalidData, match=r"unpacks to more|a tag of more"):
        policy_in_xlsx("late.xlsx", content, ON)


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin"])
def test_no_workbook_of_another_kind_is_taken_for_one(late: PolicyFiles, part: str) -> None:
    held = io.BytesIO(xlsx_of(late, ON, "en"))
    with zipfile.ZipFile(held, "a") as parts:
        parts.writestr(part, "")

    with pytest.raises(InvalidData, match=re.escape(part)):
        policy_in_xlsx("late.xlsx", held.getvalue(), ON)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"<html/>", bytes(1000)])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidData):
        policy_in_xlsx("late.xlsx", content, ON)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rules_come_back_from_csv_whatever_separates_them(late: PolicyFiles, separator: str) -> None:
    written = csv_of(late)
    held = io.StringIO()
    csv.writer(held, delimiter=separator).writerows(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    written = held.getvalue().encode()

    assert policy_in_csv("late.csv", written, late) == late


def test_csv_alone_makes_a_new_policy_under_the_name_that_is_asked_for() -> None:
    head = b"row,when.minutes_late: number,then.amount_minor: number,reason.en\n"
    table = head + b'short,< 15,0,On time\nlong,"[15..90]",500,Late\n'

    with pytest.raises(WrongUse, match="--as"):
        bring_in("own-credit.csv", table, Wanted(ON, "steward"))
    (policy,) = bring_in("lc.csv", table, Wanted(ON, "steward", "own-credit")).policies

    assert (policy.policy, policy.faults) == ("own-credit", ())
    assert policy.files[0].content["rows"][1] == {
        "id": "long",
        "when": {"minutes_late": "[15..90]"},
        "then": {"amount_minor": 500},
        "reason": {"en": "Late"},
    }


def test_faults_of_csv_are_told_by_row_and_column(late: PolicyFiles) -> None:
    written = csv_of(late).replace(b">= grace", b">= >=")

    with pytest.raises(InvalidData, match=r"late\.csv, row 3, column D"):
        policy_in_csv("late.csv", written, late)


@given(text=st.text(st.sampled_from("=+-@'\t\r ab1"), max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_cell_of_csv_is_a_formula_and_every_text_comes_back(text: str) -> None:
    written = guarded(text)

    assert unguarded(written) == text
    assert len(written) < 2 or not written.startswith(("=", "+", "-", "@", "\t", "\r"))


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12)
NUMBER = st.integers(-(10**14), 10**14)


@given(amounts=st.lists(NUMBER, min_size=1, max_size=4), reason=WORD.map(lambda one: f"a{one}z"))
@settings(max_examples=25, deadline=None)
def test_any_numbers_and_reasons_come_back_from_a_workbook(amounts: list[int], reason: str) -> None:
    content = {
        "policy": "any",
        "title": {"en": "Any"},
        "inputs": [{"name": "i", "label": {"en": "I"}, "type": "number"}],
        "outputs": [{"name": "o", "label": {"en": "O"}, "type": "number"}],
        "rows": [
            {"id": f"r{number}", "when": {"i": f"< {one}"}, "then": {"o": one}, "reason": {"en": reason}}
            for number, one in enumerate(amounts)
        ],
    }
    files = PolicyFiles(PolicyFile("", ON, "", content))

    assert contents(policy_in_xlsx("any.xlsx", xlsx_of(files, ON, "en"), ON)) == contents(files)
