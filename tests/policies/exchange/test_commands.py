"""The commands by which policies leave and come in."""

import json
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.access import service as access
from tiffin.capabilities.policies.service.drafting import list_drafts
from tiffin.cli.entry import main
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<inputData id="i" name="Order Size"><variable name="Order Size" typeRef="number"/></inputData>
<decision id="d" name="Discount"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable><input label="Size"><inputExpression typeRef="number"><text>Order Size</text></inputExpression></input>
<output typeRef="number"/>
<rule><inputEntry><text>&lt; 10</text></inputEntry><outputEntry><text>0</text></outputEntry></rule>
<rule><inputEntry><text>&gt;= 10</text></inputEntry><outputEntry><text>0.05</text></outputEntry></rule>
</decisionTable></decision>
<decision id="e" name="Rest"><literalExpression><text>1</text></literalExpression></decision></definitions>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return create_workspace(tmp_path / "workspace").root


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    assert main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("form", ["dmn", "xlsx", "csv", "yaml"])
def test_a_policy_that_left_comes_in_as_a_draft_that_changes_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    out = tmp_path / f"liability.{form}"
    told = said(capsys, "policies", "export", "liability", "--format", form, "--out", out, "--workspace", root)
    assert (told["file"], told["bytes"]) == (str(out), out.stat().st_size)

    found = said(capsys, "policies", "import", out, "--as", "liability", "--workspace", root)

    (policy,) = found["policies"]
    assert (policy["policy"], policy["changes"], policy["faults"], found["left"]) == ("liability", [], [], [])
    with open_context(root) as context:
        (draft,) = list_drafts(context)
    assert (draft.draft_id, draft.policy, dict(draft.files)) == (policy["draft"], "liability", {})


def test_an_import_that_changes_nothing_says_so(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "liability.csv"
    said(capsys, "policies", "export", "liability", "--format", "csv", "--out", out, "--workspace", root)

    assert main(["policies", "import", str(out), "--workspace", str(root)]) == 0

    assert "draft 1 changes nothing" in capsys.readouterr().out


def test_a_table_of_another_tool_becomes_a_draft_and_what_was_left_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.dmn"
    file.write_text(DMN, encoding="utf-8")

    found = said(capsys, "policies", "import", file, "--out", tmp_path / "out", "--workspace", root)

    (policy,) = found["policies"]
    assert (policy["policy"], policy["draft"], policy["faults"]) == ("discount", None, [])
    assert [one for one in found["left"] if "Rest" in one]
    written = Path(policy["files"][0]).read_text(encoding="utf-8")
    assert "order_size" in written
    assert main(["policies", "import", str(file), "--out", str(tmp_path / "out"), "--workspace", str(root)]) == 2


def test_of_a_model_with_several_tables_one_can_be_chosen_and_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.dmn"
    start, end = DMN.index('<decision id="d"'), DMN.index('<decision id="e"')
    other = DMN[start:end].replace('id="d"', 'id="f"').replace('name="Discount"', 'name="Bonus"')
    file.write_text(DMN[:end] + other + DMN[end:], encoding="utf-8")
    asked = ["policies", "import", file, "--as", "own-bonus", "--out", tmp_path / "out", "--workspace", root]

    assert main([str(one) for one in asked]) == 2
    assert "discount, bonus" in capsys.readouterr().err
    (policy,) = said(capsys, *asked, "--table", "Bonus")["policies"]

    assert policy["policy"] == "own-bonus"
    assert "policy: own-bonus" in Path(policy["files"][0]).read_text(encoding="utf-8")


def test_parameters_that_differ_come_into_the_draft(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "liability.yaml"
    said(capsys, "policies", "export", "liability", "--format", "yaml", "--out", out, "--workspace", root)
    text = out.read_text(encoding="utf-8")
    head, begins, parameters = text.rpartition("--- # parameters.yaml\n")
    changed = parameters.replace("value: ", "value: 1", 1)
    assert changed != parameters
    out.write_text(head + begins + changed, encoding="utf-8")

    found = said(capsys, "policies", "import", out, "--workspace", root)

    assert (found["left"], found["policies"][0]["changes"]) == ([], ["parameters"])
    with open_context(root) as context:
        (draft,) = list_drafts(context)
    assert dict(draft.files) == {"parameters": changed}


@pytest.mark.parametrize(
    "text",
    [
        "policy: ../../escaped\ntitle: {en: x}\n",
        "policy: /escaped\ntitle: {en: x}\n",
        "policy: own\noverlay: ../../escaped\n",
    ],
)
def test_no_file_brings_anything_out_of_the_folder_that_it_is_written_to(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file, out = tmp_path / "own.yaml", tmp_path / "some" / "where" / "out"
    file.write_text(text, encoding="utf-8")
    before = sorted(tmp_path.rglob("*.yaml"))

    code = main([str(one) for one in ("policies", "import", file, "--out", out, "--workspace", root)])

    assert code == 2
    assert "escaped" in capsys.readouterr().err
    assert not out.exists()
    assert sorted(tmp_path.rglob("*.yaml")) == before


def test_who_may_not_write_policies_brings_none_in(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.dmn"
    file.write_text(DMN, encoding="utf-8")
    with open_context(root) as context:
        access.add_account(context, "reader")
        access.grant(context, "reader", Role.VIEWER, countries=["*"], terms=access.Terms("tests"))

    code = main(["policies", "import", str(file), "--user", "reader", "--workspace", str(root)])

    assert code == 5
    assert "reader" in capsys.readouterr().err
    with open_context(root) as context:
        assert list_drafts(context) == ()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["export", "no-such-policy"], 4),
        (["export", "liability", "--on", "yesterday"], 2),
        (["export", "liability", "--on", "2020-01-01"], 4),
        (["import", "nothing.dmn"], 4),
    ],
)
def test_what_cannot_be_done_is_told_by_its_kind(root: Path, arguments: list[str], code: int) -> None:
    assert main(["policies", *arguments, "--workspace", str(root)]) == code
