"""Files of policies: what is read of them, and what is said about those that cannot be read."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tiffin.capabilities.policies.domain.faults import PolicyFault
from tiffin.capabilities.policies.domain.policy import Effective, PolicyVersion, Statement
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import parse_yaml
from tiffin.runtime.i18n import LOCALES, translate

Building = Callable[..., dict[str, Any]]
Laying = Callable[..., Effective]
Reading = Callable[..., PolicyVersion]


def _changed(plain: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    inner: Any = plain
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return plain


FAULTS = [
    pytest.param(("titel",), {"en": "Credit"}, ("`titel` means nothing here", "title"), id="unknown key of the file"),
    pytest.param(("rows", 0, "wen"), {}, ("`wen` means nothing here", "when"), id="unknown key of a row"),
    pytest.param(("rows", 0, "when", "lat"), "< 3", ("row little", "`lat`", "late"), id="unknown input"),
    pytest.param(("rows", 1, "then", "sum"), 3, ("row much", "`sum`", "amount"), id="unknown output"),
    pytest.param(("rows", 1, "then"), {}, ("row much", "the output amount is missing"), id="missing output"),
    pytest.param(("rows", 1, "id"), "little", ("little stands twice",), id="row twice"),
    pytest.param(("rows", 1, "when", "late"), "[15..", ("row much, cell late", "no FEEL"), id="no FEEL"),
    pytest.param(("rows", 1, "when", "late"), [1], ("row much", "a cell is a text in FEEL"), id="no cell"),
    pytest.param(("rows", 0, "reason"), {"ar": "x"}, ("`reason` has no text in English",), id="no English"),
    pytest.param(("rows", 0, "reason"), {"en": "{late:d}"}, ("braces",), id="a format in a reason"),
    pytest.param(("inputs", 0, "type"), "integer", ("`type` is one of number, string",), id="unknown type"),
    pytest.param(("inputs", 0, "name"), "market", ("market, city",), id="reserved input"),
    pytest.param(("inputs", 0, "whole"), "yes", ("`whole` is true or false",), id="no truth value"),
    pytest.param(("hit_policy",), "best", ("`hit_policy` is one of",), id="unknown hit policy"),
    pytest.param(("aggregation",), "sum", ("`hit_policy: collect`",), id="aggregation of a unique table"),
    pytest.param(("policy",), "debit", ("folder is credit", "debit"), id="name of another policy"),
    pytest.param(("owner",), None, ("`owner` is missing",), id="no owner"),
    pytest.param(("monotone",), [{"input": "late", "output": "x", "direction": "up"}], ("`x`",), id="promise of none"),
    pytest.param(("law",), [{"output": "amount", "market": "KW", "reference": "x"}], ("`at_least`",), id="empty law"),
    pytest.param(
        ("law",),
        [{"output": "amount", "market": "Kuwait", "reference": "x", "at_least": 1}],
        ("ISO 3166",),
        id="market",
    ),
    pytest.param(
        ("worked_cases",),
        [{"title": {"en": "x"}, "given": {"late": "ten"}, "expect": {}}],
        ("value of late is of type number", "'ten'"),
        id="worked case of another type",
    ),
]


@pytest.mark.parametrize(("path", "value", "said"), FAULTS)
def test_a_fault_is_told_with_file_line_row_and_what_was_found(
    a_policy: Building, read: Reading, path: tuple[str | int, ...], value: Any, said: Any
) -> None:
    plain = _changed(a_policy(), path, value)

    with pytest.raises(PolicyFault) as caught:
        read(plain)

    message = str(caught.value)
    assert message.startswith("credit/2026-01-01.yaml, line ")
    assert all(one in message for one in said)
    assert "\n" not in message


@pytest.mark.parametrize(("path", "value", "said"), FAULTS[:6])
@pytest.mark.parametrize("locale", [one for one in LOCALES if one != "en"])
def test_a_fault_is_told_in_every_language(
    a_policy: Building, read: Reading, path: tuple[str | int, ...], value: Any, said: Any, locale: str
) -> None:
    with pytest.raises(PolicyFault) as caught:
        read(_changed(a_policy(), path, value))

    told = translate(locale, caught.value.said)
    assert told != str(caught.value)
    assert "credit/2026-01-01.yaml" in told
    assert said


def test_a_fault_of_a_cell_tells_programs_the_row_the_column_and_the_characters(
    a_policy: Building, read: Reading
) -> None:
    plain = _changed(a_policy(), ("rows", 1, "when", "late"), ">= 15 plus")

    with pytest.raises(PolicyFault) as caught:
        read(plain)

    spot = caught.value.spot
    assert (spot.row, spot.column) == ("much", "late")
    assert ">= 15 plus"[spot.span.start : spot.span.end] == "plus"


def test_plain_numbers_truth_values_and_days_are_cells(a_policy: Building, read: Reading) -> None:
    plain = a_policy(
        inputs=[
            {"name": "late", "label": {"en": "Late"}, "type": "number"},
            {"name": "first", "label": {"en": "First"}, "type": "boolean"},
            {"name": "day", "label": {"en": "Day"}, "type": "date"},
        ],
        rows=parse_yaml(
            "[{id: a, when: {late: 1.50, first: true, day: 2026-01-31}, then: {amount: 3}, reason: {en: x}}]", "rows"
        ),
    )
    for one in plain["rows"]:
        one.pop("__lines__")
        for part in ("when", "then", "reason"):
            one[part].pop("__lines__")

    stated = read(plain).stated

    assert isinstance(stated, Statement)
    assert {name: cell.text for name, cell in stated.rows[0].when.items()} == {
        "late": "1.5",
        "first": "true",
        "day": '@"2026-01-31"',
    }


HOSTILE = {
    "a cell that nests": lambda plain: _changed(plain, ("rows", 0, "when", "late"), "(" * 900 + "1" + ")" * 900),
    "a long cell": lambda plain: _changed(plain, ("rows", 0, "when", "late"), "1, " * 10_000 + "1"),
    "a long chain": lambda plain: _changed(plain, ("rows", 0, "then", "amount"), "2" + "**9" * 600),
    "many rows": lambda plain: _changed(plain, ("rows",), [{}] * 5001),
    "many columns": lambda plain: _changed(plain, ("inputs",), plain["inputs"] * 40),
    "a long reason": lambda plain: _changed(plain, ("rows", 0, "reason"), {"en": "x" * 100_000}),
    "a number without end": lambda plain: _changed(plain, ("rows", 0, "then", "amount"), "9" * 1900 + "e999999"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(a_policy: Building, lay: Laying, name: str) -> None:
    plain = HOSTILE[name](a_policy())

    began = time.process_time()
    with pytest.raises(InvalidDefinition):
        lay(plain)

    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"overlay": "SA"}, "the name says KW, found 'SA'"),
        ({"rows": [{"id": "a", "reason": {"en": "x"}}]}, "names the rows that it overrides"),
        ({"inputs": []}, "`inputs` means nothing here"),
        ({"law": [{"output": "amount", "market": "kw", "at_most": 1, "reference": "x"}]}, "ISO 3166"),
        ({"worked_cases": [{"title": {"en": "x"}, "expect": {"amount": [1]}}]}, "the value of amount"),
        ({"law": [{"output": "amount", "market": "SA", "at_most": 1, "reference": "x"}]}, "is of KW alone; found SA"),
        (
            {"worked_cases": [{"title": {"en": "x"}, "market": "SA", "expect": {"amount": 1}}]},
            "is of KW alone; found SA",
        ),
    ],
)
def test_a_fault_of_an_overlay_is_told_with_its_file(
    an_overlay: Building, read: Reading, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(PolicyFault, match=said) as caught:
        read({**an_overlay("KW"), **changes}, "KW")

    assert str(caught.value).startswith("credit/2026-01-01.KW.yaml, line ")


def test_the_file_of_a_city_states_no_law_and_no_case_of_another_city(an_overlay: Building, read: Reading) -> None:
    law = {"output": "amount", "market": "SA", "at_most": 1, "reference": "x"}
    case = {"title": {"en": "x"}, "city": "jeddah", "expect": {"amount": 1}}

    with pytest.raises(PolicyFault, match="a law binds a whole market"):
        read(an_overlay("riyadh", law=[law]), "riyadh")
    with pytest.raises(PolicyFault, match="is of riyadh alone; found jeddah"):
        read(an_overlay("riyadh", worked_cases=[case]), "riyadh")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from": "soon"}, "`from` is a day like 2026-03-31; found 'soon'"),
        ({"value": [1]}, "a value is a number, a text, a day, true or false"),
        ({"value": None}, "`value` is missing"),
        ({"name": "Grace"}, "`name` has small letters"),
        ({"market": "Kuwait"}, "ISO 3166"),
        ({"since": "2026-01-01"}, "`since` means nothing here"),
    ],
)
def test_a_fault_of_a_parameter_is_told_with_its_line(
    a_policy: Building, lay: Laying, changes: dict[str, Any], said: str
) -> None:
    entry = {"name": "grace", "from": date(2026, 1, 1), "value": 15, "unit": "min", "source": "x", **changes}

    with pytest.raises(PolicyFault, match=said) as caught:
        lay(a_policy(), parameters=[entry])

    assert "credit/parameters.yaml, line " in str(caught.value)
