"""``tiffin policies list`` and ``check``: what people and programs are told, and by which exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tiffin.capabilities.policies.service.ledger import SHIPPED
from tiffin.cli.composition import compose
from tiffin.kernel.errors import NotFound, WrongUse

Building = Callable[..., dict[str, Any]]
Putting = Callable[..., Path]

Running = Callable[..., Result]

PARAMETERS = "parameters: [{name: grace, from: 2026-01-01, value: 15, unit: min, source: Assumption}]"


@pytest.fixture
def run(root: Path) -> Running:
    """Run a command of policies over the workspace."""
    return lambda *words: CliRunner().invoke(compose(), ["policies", *map(str, words), "--workspace", str(root)])


def test_the_list_tells_owner_day_places_and_health(run: Running) -> None:
    told = run("list").stdout
    listed = {one["name"]: one for one in json.loads(run("list", "--json").stdout)["policies"]}

    assert all(word in told for word in ("liability", "Kuwait", "riyadh", "sound", "Jan 1, 2026"))
    assert listed["liability"]["owner"] == "liability"
    assert listed["liability"]["since"] == "2026-01-01"
    assert {"BR", "KW"} <= set(listed["liability"]["markets"])
    assert len(listed["liability"]["version"]) == 64


def test_the_list_of_an_earlier_day_tells_what_was_coming(run: Running) -> None:
    listed = json.loads(run("list", "--on", "2025-01-01", "--json").stdout)["policies"]

    assert {one["health"] for one in listed} == {"coming"}
    with pytest.raises(WrongUse, match="2026-03-31"):
        raised(run("list", "--on", "yesterday"))


def raised(done: Result) -> None:
    """Raise what a command raised, which its edge turns into a message and an exit code."""
    if done.exception is not None:
        raise done.exception


def test_the_check_tells_of_a_file_that_goes_instead_of_a_shipped_one(run: Running, put: Putting) -> None:
    shipped = (SHIPPED / "liability/2026-01-01.KW.yaml").read_text(encoding="utf-8")
    put("liability/2026-01-01.KW.yaml", shipped)
    same = run("check", "liability")
    put("liability/2026-01-01.KW.yaml", shipped + "# ours\n")
    other = run("check", "liability")

    assert (same.exit_code, other.exit_code) == (0, 0)
    assert "goes instead" not in same.stdout
    assert "policies/liability/2026-01-01.KW.yaml of the workspace goes instead" in other.stdout


def test_a_sound_library_passes_the_check(run: Running) -> None:
    done = run("check")

    assert done.exit_code == 0
    assert "Policies checked: 11; cannot be read: 0." in done.stdout
    assert json.loads(run("check", "liability", "--json").stdout)["checked"][0]["policy"] == "liability"


def test_a_gap_and_a_wrong_case_fail_the_check_with_one(
    run: Running, put: Putting, a_policy: Building, a_row: Building
) -> None:
    case = {"title": {"en": "A quarter"}, "market": "KW", "given": {"late": 15}, "expect": {"amount": 7}}
    rows = [a_row("little", {"late": "<= 15"}, {"amount": 0}), a_row("much", {"late": "> 20"}, {"amount": 500})]
    put("credit/2026-01-01.yaml", a_policy(rows=rows, worked_cases=[case]))

    done = run("check", "credit")
    (found,) = json.loads(run("check", "credit", "--json").stdout)["checked"]

    assert done.exit_code == 1
    assert found["wrong"] == [["A quarter", "amount was expected to be 7; it is 0."]]
    assert any("16" in one for one in found["findings"])
    assert "A quarter: amount was expected" in done.stdout


@pytest.mark.parametrize(
    ("changes", "amount", "said"),
    [({"hit_policy": "rule order"}, 1, "gives lists"), ({}, "1" + "0" * 40, "more digits than a decimal column holds")],
)
def test_what_a_warehouse_cannot_decide_alike_is_told_with_its_reason(
    run: Running, put: Putting, a_policy: Building, a_row: Building, changes: dict[str, Any], amount: Any, said: str
) -> None:
    put("credit/2026-01-01.yaml", a_policy(rows=[a_row("all", {}, {"amount": amount})], **changes))

    done = run("check", "credit")

    assert done.exit_code == 1
    assert said in done.stdout


def test_a_file_is_checked_where_it_lies(run: Running, put: Putting, a_policy: Building, tmp_path: Path) -> None:
    put("credit/parameters.yaml", PARAMETERS)
    faulty, sound = put("../2026-07-01.yaml", a_policy(owner=None)), put("../2026-08-01.yaml", a_policy())

    refused, passed = run("check", faulty), run("check", sound)

    assert refused.exit_code == 3
    assert f"{faulty}, line 1: `owner` is missing." in refused.stdout
    assert passed.exit_code == 0, passed.stdout
    with pytest.raises(WrongUse, match="named by its day"):
        raised(run("check", tmp_path / "credit.yaml"))


def test_what_cannot_be_read_fails_the_check_with_three(run: Running, put: Putting) -> None:
    put("credit/2026-01-01.yaml", "policy: credit\n")

    done = run("check")

    assert done.exit_code == 3
    assert "policies/credit/2026-01-01.yaml, line 1" in done.stdout


def test_a_policy_that_there_is_not_cannot_be_checked(run: Running) -> None:
    with pytest.raises(NotFound, match="nothing"):
        raised(run("check", "nothing"))


def test_the_example_of_a_new_workspace_is_sound(tmp_path: Path) -> None:
    raised(CliRunner().invoke(compose(), ["init", str(tmp_path / "new")]))

    done = CliRunner().invoke(
        compose(), ["policies", "check", "late-compensation", "--workspace", str(tmp_path / "new")]
    )
    listed = CliRunner().invoke(compose(), ["policies", "list", "--workspace", str(tmp_path / "new")])

    assert done.exit_code == 0, done.stdout
    assert "Oman" in listed.stdout
