"""The conformance kit of DMN: every case that it has, but for external Java."""

import json
from pathlib import Path

import pytest

from tiffin.capabilities.policies.service.conformance import conformance
from tiffin.cli.entry import main
from tiffin.engines.decisions.conformance.judging import Verdict, count
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.writing import write_model

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="d" name="d"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>n * 2</text></literalExpression></decision></definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>m.dmn</modelName>
<testCase id="1"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="d"><expected><value xsi:type="xsd:decimal">{expected}</value></expected></resultNode></testCase>
<testCase id="2"><inputNode name="n"><value xsi:nil="true"/></inputNode>
<resultNode name="d"><expected><value xsi:nil="true"/></expected></resultNode></testCase></testCases>"""


@pytest.fixture(scope="session")
def peers(shared: Path) -> Path:
    """The kit; where the shared folder is, it is."""
    return shared / "peers" / "dmn-tck"


@pytest.fixture(scope="session")
def judged(peers: Path) -> dict[str, tuple[Verdict, ...]]:
    return conformance(peers)


def kit(folder: Path, expected: int) -> Path:
    level = folder / "compliance-level-2" / "0001-own"
    level.mkdir(parents=True)
    (level / "m.dmn").write_text(MODEL)
    (level / "m-test-01.xml").write_text(CASES.format(expected=expected))
    return folder


@pytest.mark.parametrize(("level", "least"), [("compliance-level-2", 116), ("compliance-level-3", 1400)])
def test_every_case_comes_out_as_the_kit_says(judged: dict[str, tuple[Verdict, ...]], level: str, least: int) -> None:
    wrong = [f"{one.folder} {one.asked.case}: {one.wrong}" for one in judged[level] if one.wrong]

    assert not wrong
    assert count(judged[level]).asked >= least


def test_every_model_of_the_kit_is_the_same_after_being_written_and_read_again(peers: Path) -> None:
    models = [read_model(path.read_bytes(), path.name) for path in peers.rglob("*.dmn")]

    assert models
    assert not [one.name for one in models if read_model(write_model(one)) != one]


def test_the_command_counts_what_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "tck", str(kit(tmp_path, 4)), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["levels"] == [
        {"level": "compliance-level-2", "passed": 2, "asked": 2, "valued_passed": 1, "valued": 1, "failures": []}
    ]
    assert set(found["left_out"]) == {"0076-feel-external-java"}


def test_the_command_lists_what_fails_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "tck", str(kit(tmp_path, 5))]) == 1

    told = capsys.readouterr().out
    assert "0001-own 1 d: 5 was expected; found 4." in told
    assert "1 of 2 cases passed; of the 1 that expect a value, 0 passed" in told


def test_a_folder_without_the_kit_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "tck", str(tmp_path)]) == 4

    assert "conformance kit" in capsys.readouterr().err
