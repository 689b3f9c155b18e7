"""Reasons of verdicts in the languages of riders that the tables themselves do not state."""

import re

import pytest
from tests.liability.notices.conftest import NOW

from tiffin.capabilities.liability.service.notice_reasons import BEYOND, missing_reasons, reasons_beyond, texts_in
from tiffin.capabilities.policies.service.deciding import decide
from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines

PLACE = re.compile(r"\{[^}]*\}")


def english() -> set[str]:
    """Every reason that a shipped table of verdicts states."""
    files = SHIPPED.glob("verdict-*/2*.yaml")
    rows = [row for path in files for row in without_lines(read_yaml(path))["rows"]]
    return {row["reason"]["en"] for row in rows if row.get("reason")}


def test_no_reason_of_a_verdict_is_missing_in_any_language_of_riders() -> None:
    assert missing_reasons(english()) == ()


@pytest.mark.parametrize("locale", BEYOND)
def test_a_translated_reason_keeps_its_values_and_none_is_stale(locale: str) -> None:
    found = texts_in(locale)

    assert {*found} == english()
    assert [text for text, said in found.items() if {*PLACE.findall(text)} != {*PLACE.findall(said)}] == []
    assert [text for text, said in found.items() if text == said] == []


def test_a_decision_is_reasoned_in_every_language_of_riders(context: Context) -> None:
    table = without_lines(read_yaml(SHIPPED / "verdict-late" / "2026-01-01.yaml"))

    for case in table["worked_cases"]:
        decision = decide(context, "verdict-late", case["given"], market="SA", city="", on=NOW.date())
        said = reasons_beyond(decision)
        assert {*said} == {*BEYOND}
        assert len({*said.values()}) == len(BEYOND)
