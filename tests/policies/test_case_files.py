"""Cases of files: what was decided stands beside each, whatever their own columns and values are."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tiffin.cli.composition import compose
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 3, 1)
POLICY = """policy: own-credit
title: {en: Credit}
question: {en: What does a customer get?}
owner: experience
source: Terms of service
inputs:
  - {name: minutes_late, label: {en: Minutes late}, type: number, whole: true, required: true, values: "[0..600]"}
outputs:
  - {name: amount_minor, label: {en: Credit}, type: number}
rows:
  - id: credit.none
    when: {minutes_late: "< 15"}
    then: {amount_minor: 0}
    reason: {en: On time}
  - id: credit.some
    when: {minutes_late: ">= 15"}
    then: {amount_minor: 1500}
    reason: {en: "{minutes_late} minutes late"}
"""

Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Command:
    """Run ``tiffin policies decide`` in a workspace with a small policy of its own."""
    root = new_workspace(tmp_path / "workspace").root
    folder = root / "policies" / "own-credit"
    folder.mkdir(parents=True)
    (folder / "2026-01-01.yaml").write_text(POLICY, encoding="utf-8")

    def run(name: str, *arguments: object) -> Result:
        told = ["policies", name, "own-credit", *map(str, arguments), "--workspace", str(root)]
        return CliRunner().invoke(compose(), told)

    return run


def test_what_was_decided_is_never_hidden_by_columns_of_the_cases(command: Command, tmp_path: Path) -> None:
    once, again = tmp_path / "once.csv", tmp_path / "again.csv"
    once.write_text(
        "order_id,minutes_late,market,outcome,row,amount_minor,reason,version,error\n"
        "7,20,SA,gap,old,1,before,v,wrong\n8,soon,SA,decided,old,1,before,v,\n",
        encoding="utf-8",
    )

    assert command("decide", "--input", once, "--out", again, "--on", DAY).exit_code == 3

    with again.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    assert len(set(head)) == len(head)
    decided, refused = (dict(zip(head, line, strict=True)) for line in lines)
    assert [decided[name] for name in ("outcome", "row", "amount_minor", "error")] == [
        "decided",
        "credit.some",
        "1500",
        "",
    ]
    assert [refused[name] for name in ("outcome", "row", "amount_minor")] == ["", "", ""]
    assert "minutes_late" in refused["error"]
    assert (decided["case.row"], decided["case.amount_minor"], refused["case.outcome"]) == ("old", "1", "decided")


def test_no_cell_of_decided_cases_is_a_formula(command: Command, tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.csv", tmp_path / "decided.csv"
    cases.write_text('minutes_late,market,=note,balance\n20,SA,"=HYPERLINK(""http://x"")",-5\n', encoding="utf-8")

    assert command("decide", "--input", cases, "--out", out, "--on", DAY).exit_code == 0

    with out.open(encoding="utf-8", newline="") as file:
        head, line = csv.reader(file)
    assert head[:2] == ["'=note", "balance"]
    assert line[:2] == ['\'=HYPERLINK("http://x")', "-5"]


def test_no_line_of_a_file_loses_another(command: Command, tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.jsonl", tmp_path / "decided.jsonl"
    hard = ("1e999999999", "1" * 5000, r'"\ud800"', "[" * 500 + "]" * 500, "NaN", "20.00000000000000000001")
    lines = [f'{{"minutes_late": {one}, "market": "SA", "order_id": 1}}' for one in (*hard, "20")]
    cases.write_text("\n".join(lines), encoding="utf-8")

    assert command("decide", "--input", cases, "--out", out, "--on", DAY).exit_code == 3

    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert ["error" in one for one in told] == [True] * len(hard) + [False]
