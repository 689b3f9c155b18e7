"""The library of a workspace: shipped policies, its own files over them, and what of all is in force on a day."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.policies.service.drafting import begin_draft
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.library import Health, PolicyEntry, check_cases, find, in_force, list_policies
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import yaml_text

Building = Callable[..., dict[str, Any]]
Putting = Callable[..., Path]

DAY = date(2026, 6, 1)


def _entry(context: Context, name: str) -> PolicyEntry:
    return next(one for one in list_policies(context, DAY) if one.name == name)


PARAMETERS = "parameters: [{name: grace, from: 2026-01-01, value: 15, unit: min, source: Assumption}]"


@pytest.fixture
def own(put: Putting, a_policy: Building) -> Callable[..., object]:
    """Put a policy of the workspace's own there."""
    put("credit/2026-01-01.yaml", a_policy())
    put("credit/parameters.yaml", PARAMETERS)
    return put


@pytest.mark.usefixtures("own")
def test_a_workspace_has_the_shipped_policies_and_its_own(context: Context) -> None:
    listed = {one.name: one for one in list_policies(context, DAY)}

    assert {"credit", "liability", "late-compensation", "surge-actions"} <= listed.keys()
    assert listed["credit"].is_own
    assert not listed["liability"].is_own
    assert {one.health for one in listed.values()} == {Health.SOUND}
    assert listed["liability"].cities == ("riyadh",)
    assert {"BR", "KW"} <= set(listed["liability"].markets)


def test_a_workspace_lays_a_city_over_a_shipped_policy(
    context: Context, put: Putting, an_overlay: Building, a_row: Building
) -> None:
    before = in_force(context, "surge-actions", DAY)
    calm = a_row("doha.calm", {}, {"extra_min": 5}, overrides=["calm"])
    put("surge-actions/2026-02-01.doha.yaml", {**an_overlay("doha", calm), "policy": "surge-actions"})

    after = in_force(context, "surge-actions", DAY)

    assert "doha" in after.places
    assert after.since == date(2026, 2, 1)
    assert after.digest != before.digest
    assert in_force(context, "surge-actions", date(2026, 1, 15)).digest == before.digest


def test_a_later_file_decides_from_its_day_on(
    context: Context, own: Putting, a_policy: Building, a_row: Building
) -> None:
    own("credit/2026-05-01.yaml", a_policy(rows=[a_row("all", {}, {"amount": 1})]))

    days = (date(2026, 4, 30), date(2026, 5, 1))

    assert [in_force(context, "credit", day).table.row_ids for day in days] == [("little", "much"), ("all",)]
    assert find(context, "credit").turning_points == (date(2026, 1, 1), date(2026, 5, 1))


def test_an_overlay_that_names_a_row_of_an_older_base_is_told_with_its_file(
    context: Context, own: Putting, a_policy: Building, an_overlay: Building, a_row: Building
) -> None:
    own("credit/2026-01-01.KW.yaml", an_overlay("KW", a_row("kw", {}, {"amount": 1}, overrides=["much"])))
    own("credit/2026-05-01.yaml", a_policy(rows=[a_row("all", {}, {"amount": 1})]))

    assert in_force(context, "credit", date(2026, 4, 30)).places == ("KW",)
    with pytest.raises(InvalidDefinition, match=r"2026-01-01\.KW\.yaml, line \d+: row kw: `much` means nothing here"):
        in_force(context, "credit", DAY)


def test_a_market_that_there_is_not_is_refused(
    context: Context, own: Putting, an_overlay: Building, a_row: Building
) -> None:
    own("credit/2026-01-01.XX.yaml", an_overlay("XX", a_row("xx", {}, {"amount": 1}, overrides=["much"])))

    with pytest.raises(InvalidDefinition, match="there is no market XX"):
        in_force(context, "credit", DAY)


def test_a_faulty_policy_leaves_the_others_as_they_are(context: Context, own: Putting) -> None:
    own("credit/2026-03-01.yaml", "policy: [")

    entry = _entry(context, "credit")

    assert entry.health is Health.FAULTY
    assert "2026-03-01.yaml" in entry.fault
    assert _entry(context, "liability").health is Health.SOUND


def test_a_worked_case_that_comes_out_otherwise_is_told(context: Context, own: Putting, a_policy: Building) -> None:
    case = {"title": {"en": "A quarter"}, "market": "KW", "given": {"late": 15}, "expect": {"row": "much"}}
    wrong = {**case, "expect": {"row": "much", "amount": 400}}
    own("credit/2026-02-01.yaml", a_policy(worked_cases=[case, wrong, {**case, "expect": {"row": "little"}}]))

    told = [one.reason for one in check_cases(in_force(context, "credit", DAY))]

    assert told == ["amount was expected to be 400; it is 500.", "row little was expected; much came."]
    assert _entry(context, "credit").health is Health.FAILING


def test_a_worked_case_that_makes_no_sense_is_told(
    context: Context, own: Putting, an_overlay: Building, a_row: Building
) -> None:
    case = {"title": {"en": "Odd"}, "given": {"late": 20}, "expect": {"row": "kw"}}
    odd = [
        {**case, "given": {"lateness": 20}},
        {**case, "given": {"late": 500}},
        {**case, "expect": {"sum": 3}},
        {**case, "expect": {"row": "much"}},
    ]
    over = an_overlay("KW", a_row("kw", {}, {"amount": 1}, overrides=["much"]), worked_cases=[case, *odd])
    own("credit/2026-02-01.KW.yaml", over)

    told = [one.reason for one in check_cases(in_force(context, "credit", DAY))]

    assert told == [
        "`lateness` means nothing here; known are late, cause. Did you mean late?",
        "500 is not among the values of the input late.",
        "`sum` means nothing here; known are amount.",
        "row much was expected; kw came.",
    ]


def test_a_worked_case_in_which_rows_contradict_each_other_is_told(
    context: Context, own: Putting, a_policy: Building, a_row: Building
) -> None:
    rows = [a_row("one", {}, {"amount": 1}), a_row("other", {}, {"amount": 2})]
    case = {"title": {"en": "Any"}, "given": {"late": 20}, "expect": {"amount": 1}}
    own("credit/2026-02-01.yaml", a_policy(rows=rows, worked_cases=[case]))

    (told,) = check_cases(in_force(context, "credit", DAY))

    assert "rules 1, 2 do" in told.reason


def test_a_draft_is_read_as_it_would_be_in_force(
    context: Context, own: Putting, a_policy: Building, a_row: Building
) -> None:
    own("credit/2026-01-02.yaml", a_policy())
    draft = begin_draft(context, "credit")
    text = yaml_text(a_policy(rows=[a_row("all", {}, {"amount": 1})]))
    save_draft(context, draft.draft_id, {"": text}, seen=0)

    assert in_force(context, "credit", DAY, draft=draft.draft_id).table.row_ids == ("all",)
    assert in_force(context, "credit", DAY).table.row_ids == ("little", "much")


def test_a_policy_before_its_first_day_is_coming_and_decides_nothing(
    context: Context, put: Putting, a_policy: Building
) -> None:
    put("credit/2027-01-01.yaml", a_policy())

    assert _entry(context, "credit").health is Health.COMING
    with pytest.raises(NotFound):
        in_force(context, "credit", DAY)


@pytest.mark.parametrize("name", ["nothing", "../liability", "Liability", ""])
def test_a_policy_that_there_is_not_is_told(context: Context, name: str) -> None:
    with pytest.raises(NotFound):
        in_force(context, name, DAY)


def test_whoever_has_no_grant_reads_no_policy(context: Context) -> None:
    stranger = replace(context, actor=Actor("stranger"))

    with pytest.raises(Forbidden):
        list_policies(stranger)
    with pytest.raises(Forbidden):
        find(stranger, "liability")
    with pytest.raises(Forbidden):
        in_force(stranger, "liability", DAY)


def test_a_library_of_300_policies_is_read_once_and_then_looked_at(
    context: Context, put: Putting, a_policy: Building
) -> None:
    written = yaml_text(a_policy(policy="p-0"))
    for number in range(300):
        put(f"p-{number}/2026-01-01.yaml", written.replace("p-0", f"p-{number}"))
        put(f"p-{number}/parameters.yaml", PARAMETERS)

    spent = []
    for _ in range(2):
        began = time.process_time()
        listed = list_policies(context, DAY)
        spent.append(time.process_time() - began)

    assert len(listed) >= 300
    assert {one.health for one in listed} == {Health.SOUND}
    assert spent[1] < 1
    assert spent[0] < 10
