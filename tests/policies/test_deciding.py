"""Cases are decided by the version of their day, with row, reason and evidence; what is wrong with facts is told."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tiffin.capabilities.policies.domain.decision import Case, Decision, Outcome, Refused
from tiffin.capabilities.policies.service.answering import AskedCase, decide_one
from tiffin.capabilities.policies.service.deciding import MAX_KEPT, decide, decide_many, desk_of
from tiffin.capabilities.policies.service.explaining import explain
from tiffin.capabilities.policies.service.library import drafted, in_force
from tiffin.capabilities.policies.service.reasons import reason, reasons_by_locale, value_text
from tiffin.capabilities.policies.service.suites import differing, suite_of, suite_rows
from tiffin.cli.composition import compose
from tiffin.engines.decisions.explaining.accounts import Standing
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

DAY, LATER = date(2026, 3, 1), date(2026, 6, 1)
FACTS = {"minutes_late": 20, "problem": "cold", "refund_minor": 300, "basket_minor": 1000}

POLICY = """policy: own-credit
title: {en: Credit}
question: {en: What does a customer get?}
owner: experience
source: Terms of service
inputs:
  - {name: minutes_late, label: {en: Minutes late}, type: number, whole: true, required: true, values: "[0..600]"}
  - {name: problem, label: {en: Problem}, type: string, values: '"late", "cold"'}
  - {name: share, label: {en: Share given back}, type: number, feel: refund_minor / basket_minor}
  - {name: since, label: {en: Customer since}, type: date}
outputs:
  - {name: amount_minor, label: {en: Credit}, type: number}
  - {name: party, label: {en: Who pays}, type: string, default: '"nobody"'}
rows:
  - id: credit.none
    when: {minutes_late: "< grace_min"}
    then: {amount_minor: 0, party: "null"}
    reason: {en: "Within {grace_min} minutes"}
  - id: credit.some
    when: {minutes_late: "[grace_min..300]", share: "<= 0.5"}
    then: {amount_minor: 1500, party: '"platform"'}
    reason:
      en: "{minutes_late} minutes late: {amount_minor}"
      ar: "تأخر {minutes_late} دقيقة: {amount_minor}"
"""
PARAMETERS = """parameters:
  - {name: grace_min, from: 2026-01-01, value: 15, unit: min, source: ours}
  - {name: grace_min, from: 2026-01-01, value: 12.5, unit: min, source: ours, city: riyadh}
"""
KUWAIT = """policy: own-credit
overlay: KW
source: law
rows:
  - id: credit.kw
    overrides: [credit.some]
    when: {problem: '"cold"'}
    then: {amount_minor: 2500}
    reason: {en: "Cold in Kuwait"}
"""


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace with a policy of its own, from January, and another version of it from June."""
    made = new_workspace(tmp_path / "workspace")
    folder = made.root / "policies" / "own-credit"
    folder.mkdir(parents=True)
    (folder / "2026-01-01.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "2026-06-01.yaml").write_text(POLICY.replace("1500", "2000"), encoding="utf-8")
    (folder / "2026-01-01.KW.yaml").write_text(KUWAIT, encoding="utf-8")
    (folder / "parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
    return made


@pytest.fixture
def context(workspace: Workspace) -> Iterator[Context]:
    with open_context(workspace.root, now=datetime(2026, 7, 1, tzinfo=UTC)) as found:
        yield found


@pytest.fixture
def decided(context: Context) -> Callable[..., Decision]:
    """Decide a case, of Saudi Arabia unless said."""

    def one(**changed: Any) -> Decision:
        place = {"market": "SA", "city": "", "on": DAY} | {key: changed.pop(key) for key in PLACE if key in changed}
        evidence = changed.pop("evidence", None)
        facts = {key: value for key, value in (FACTS | changed).items() if value is not ...}
        return decide(context, "own-credit", facts, **place, evidence=evidence)

    return one


PLACE = ("market", "city", "on")
Deciding = Callable[..., Decision]


def test_a_case_is_decided_by_the_version_of_its_day_whose_digest_it_bears(context: Context, decided: Deciding) -> None:
    before, after = decided(), decided(on=LATER)

    assert (before.outputs["amount_minor"], after.outputs["amount_minor"]) == (1500, 2000)
    assert before.version == in_force(context, "own-credit", DAY).digest
    assert after.version == in_force(context, "own-credit", LATER).digest != before.version


def test_a_case_of_no_market_that_exists_is_refused(context: Context, decided: Deciding) -> None:
    cases = [Case(FACTS, DAY, "kw"), Case(FACTS, DAY, "KW")]

    with pytest.raises(InvalidData, match=r"There is no market kw\. There are: AE, .*KW"):
        decided(market="kw")
    with pytest.raises(InvalidData, match="There is no market kw"):
        decide_one(context, "own-credit", AskedCase(facts=FACTS, market="kw", on=DAY))
    told = list(decide_many(context, "own-credit", cases))
    assert isinstance(told[0], Refused)
    assert isinstance(told[1], Decision)


def test_an_overlay_decides_in_its_market_alone(decided: Deciding) -> None:
    assert (decided().row, decided(market="KW").row) == ("credit.some", "credit.kw")


def test_overlays_that_do_not_name_each_other_contradict_each_other_where_both_hold(
    workspace: Workspace, decided: Deciding
) -> None:
    city = KUWAIT.replace("overlay: KW", "overlay: hawally").replace("credit.kw", "credit.hawally")
    (workspace.root / "policies/own-credit/2026-01-01.hawally.yaml").write_text(city, encoding="utf-8")

    found = decided(market="KW", city="hawally")

    assert (found.outcome, found.row, found.rows) == (Outcome.CONFLICT, "", ("credit.kw", "credit.hawally"))
    assert found.outputs == {"amount_minor": None, "party": None}
    assert "credit.kw, credit.hawally" in reason(found, "en")
    assert decided(market="KW").row == "credit.kw"


def test_evidence_of_what_the_deciding_row_tests_comes_back(decided: Deciding) -> None:
    evidence = {"minutes_late": "orders/1", "problem": "photos/7", "refund_minor": "refunds/3"}

    assert decided(evidence=evidence).evidence == {"minutes_late": "orders/1", "refund_minor": "refunds/3"}


def test_a_reason_has_numbers_and_money_as_its_language_writes_them(decided: Deciding) -> None:
    found = decided()

    assert reason(found, "en") == "20 minutes late: SAR\u00a015.00"
    assert reason(found, "ar_SA").startswith("تأخر \u2068\u0662\u0660\u2069 دقيقة: \u2068")
    assert reason(found, "pt_BR") == "20 minutes late: SAR\u00a015,00"
    assert set(reasons_by_locale(found)) == {"en", "ar", "zh_Hans", "zh_Hant", "pt_BR"}


def test_a_reason_tells_the_parameter_of_the_cases_place(decided: Deciding) -> None:
    assert reason(decided(minutes_late=3), "en") == "Within 15 minutes"
    assert reason(decided(minutes_late=3, city="riyadh"), "en") == "Within 12.5 minutes"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("14.9999999", "14.9999999"),
        ("-0.0000004", "-0.0000004"),
        ("9007199254740993", "9,007,199,254,740,993"),
        ("1234567890123456789012345678901234", "1,234,567,890,123,456,789,012,345,678,901,234"),
        ("0.3333333333333333333333333333333333", "0.333333"),
        ("0.9999999999999999999999999999999999", "0.9999999999999999999999999999999999"),
        ("12.50", "12.5"),
        ("1E+6000", "1E+6000"),
    ],
)
def test_a_number_is_never_told_as_a_rounder_one(context: Context, number: str, told: str) -> None:
    effective = in_force(context, "own-credit", DAY)

    assert value_text(effective, "minutes_late", {"minutes_late": Decimal(number)}, "en") == told


@pytest.mark.parametrize("hit_policy", ["collect\naggregation: sum", "collect\naggregation: count", "rule order"])
def test_of_rows_that_decide_together_each_has_the_reason_of_its_own_outputs(context: Context, hit_policy: str) -> None:
    head = POLICY.partition("  - {name: party")[0].replace("owner:", f"hit_policy: {hit_policy}\nowner:")
    row = '  - {{id: {0}, when: {{}}, then: {{amount_minor: {1}}}, reason: {{en: "{{amount_minor}} for {0}"}}}}\n'
    text = f"{head}rows:\n{row.format('late', 100)}{row.format('cold', 250)}"

    found = desk_of(drafted(context, "own-credit", DAY, {"": text})).decide(Case(FACTS, DAY, "SA"))

    assert reason(found, "en") == "SAR\u00a01.00 for late SAR\u00a02.50 for cold"


def test_a_gap_is_told_and_has_the_defaults(decided: Deciding) -> None:
    found = decided(minutes_late=400)

    assert (found.outcome, found.row, found.outputs) == (Outcome.GAP, "", {"amount_minor": None, "party": "nobody"})
    assert reason(found, "en") == "No row of the policy holds for this case."


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"minutes_late": "20"}, 'minutes_late of the policy own-credit has to be a whole number; found "20"'),
        ({"minutes_late": 20.5}, "has to be a whole number; found 20.5"),
        ({"minutes_late": True}, "has to be a whole number; found true"),
        ({"minutes_late": float("nan")}, "needs minutes_late, a whole number; the case does not bring it"),
        ({"minutes_late": ...}, "needs minutes_late, a whole number; the case does not bring it"),
        ({"minutes_late": 601}, "may be [0..600]; found 601"),
        ({"problem": "aliens"}, 'may be "late", "cold"; found "aliens"'),
        ({"since": "yesterday"}, "since of the policy own-credit has to be a date such as 2026-01-31"),
        ({"minute_late": 3}, "asks for no minute_late. Did you mean minutes_late?"),
        ({"weather": "rain"}, "asks for no weather. It takes: minutes_late, problem, share, since, basket_minor"),
        ({"market": ""}, "needs market, a text"),
    ],
)
def test_what_is_wrong_with_facts_is_told_in_one_paragraph(
    decided: Deciding, facts: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidData) as fault:
        decided(**facts)

    assert told in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_fact_may_be_what_json_or_python_write(decided: Deciding) -> None:
    assert decided(since="2025-01-31").given["since"] == decided(since=date(2025, 1, 31)).given["since"]
    assert decided(minutes_late=Decimal(20)).given == decided(minutes_late=20.0).given


def test_an_input_that_is_computed_may_be_given_too(decided: Deciding) -> None:
    assert decided().given["share"] == Decimal("0.3")
    assert decided(refund_minor=..., basket_minor=..., share=Decimal("0.6")).outcome is Outcome.GAP


def test_many_cases_are_decided_each_by_its_day_and_the_wrong_ones_told_in_their_place(context: Context) -> None:
    cases = [Case(FACTS, DAY, "SA"), Case({"minutes_late": "x"}, DAY, "SA"), Case(FACTS, LATER, "SA")]

    first, second, third = decide_many(context, "own-credit", cases)

    assert isinstance(first, Decision)
    assert isinstance(second, Refused)
    assert "whole number" in second.said
    assert isinstance(third, Decision)
    assert (first.outputs["amount_minor"], third.outputs["amount_minor"]) == (1500, 2000)


def test_a_policy_that_is_not_there_or_not_in_force_is_not_found(context: Context) -> None:
    for name, on in (("no-such-policy", DAY), ("own-credit", date(2020, 1, 1))):
        with pytest.raises(NotFound):
            decide(context, name, FACTS, market="SA", city="", on=on)


def test_who_has_no_grant_decides_nothing(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        from tiffin.capabilities.access import service as access  # noqa: PLC0415 - for this test alone

        access.add_account(context, "guest")
    with open_context(workspace.root, user="guest") as context, pytest.raises(Forbidden):
        decide(context, "own-credit", FACTS, market="SA", city="", on=DAY)


def test_only_so_many_policies_stay_ready(context: Context) -> None:
    first = in_force(context, "own-credit", DAY)
    ready = desk_of(first)
    assert desk_of(first) is ready

    for number in range(MAX_KEPT):
        desk_of(drafted(context, "own-credit", DAY, {"": POLICY.replace("1500", str(number))}))

    assert desk_of(first) is not ready


def test_an_explanation_tells_every_row_and_the_nearest_changes(decided: Deciding) -> None:
    found = explain(decided(market="KW"), "en")

    rows = {one.id: one for one in found.rows}
    assert rows["credit.kw"].standing is Standing.DECIDES
    assert rows["credit.some"].standing is Standing.OVERRIDDEN
    assert (rows["credit.none"].input, rows["credit.none"].feel) == ("minutes_late", "< 15")
    assert list(rows) == ["credit.none", "credit.some", "credit.kw"]
    ways = {one.outputs["amount_minor"]: one.ways[0].changed for one in found.others if one.outcome is Outcome.DECIDED}
    assert [(one.input, one.value) for one in ways[0]] == [("minutes_late", 14)]
    assert [(one.input, one.value) for one in ways[1500]] == [("problem", "late")]
    assert not {"market", "city"} & {one.input for other in found.others for way in other.ways for one in way.changed}


def test_a_suite_tells_what_a_change_does_and_reads_back_as_cases(context: Context) -> None:
    before, after = (in_force(context, "own-credit", on) for on in (DAY, LATER))

    assert differing(before, before) == ()
    assert {one.rows for one, _ in differing(before, after)} == {("credit.some",)}
    for told, case in zip(suite_rows(before), suite_of(before).cases, strict=True):
        names = [one.name for one in before.table.domains[2:]]
        facts = {name: told[name] for name in names}
        found = desk_of(before).decide(Case(facts, DAY, told["market"], told["city"] or ""))
        assert found.rows == case.rows


Command = Callable[..., Result]


@pytest.fixture
def command(workspace: Workspace) -> Command:
    """Run ``tiffin policies decide`` or another of its commands in the workspace."""

    def run(name: str, *arguments: object) -> Result:
        told = ["policies", name, "own-credit", *map(str, arguments), "--workspace", str(workspace.root)]
        return CliRunner().invoke(compose(), told)

    return run


GIVEN = ("--given", "minutes_late=20", "--given", "refund_minor=300", "--given", "basket_minor=1000")


def test_a_case_is_decided_on_the_command_line(command: Command) -> None:
    done = command("decide", *GIVEN, "--market", "SA", "--on", DAY, "--json", "--evidence", "minutes_late=orders/1")

    found = json.loads(done.stdout)
    assert (found["row"], found["outputs"]["amount_minor"]) == ("credit.some", 1500)
    assert found["evidence"] == {"minutes_late": "orders/1"}


def test_an_explained_case_is_told_in_the_readers_language(command: Command) -> None:
    done = command("decide", *GIVEN, "--market", "SA", "--on", DAY, "--explain", "--locale", "ar")

    assert done.exit_code == 0
    assert "credit.none" in done.stdout
    assert "لا ينطبق" in done.stdout


def test_cases_of_a_file_are_decided_into_another(command: Command, tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.csv", tmp_path / "decided.csv"
    cases.write_text(
        "order_id,minutes_late,refund_minor,basket_minor,market,on\n7,20,300,1000,SA,\n8,soon,1,1,SA,\n9,20,300,1000,KW,"
        "2026-06-02\n10,20,1,1,SA,whenever\n",
        encoding="utf-8",
    )

    done = command("decide", "--input", cases, "--out", out, "--on", DAY, "--json")

    assert done.exit_code == 3
    assert json.loads(done.stdout) == {"cases": 4, "refused": 2, "file": str(out)}
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "order_id,outcome,row,amount_minor,party,reason,version,error"
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["7", "decided", "credit.some", "1500"],
        ["8", "", "", ""],
        ["9", "decided", "credit.some", "2000"],
        ["10", "", "", ""],
    ]


def test_a_suite_goes_to_a_file_that_decides_as_it_says(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "suite.jsonl"
    assert command("suite", "--out", out, "--on", DAY).exit_code == 0

    done = command("decide", "--input", out, "--on", DAY)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told
    assert all(one["case"]["expected_row"] == "+".join(one["rows"]) for one in told)
