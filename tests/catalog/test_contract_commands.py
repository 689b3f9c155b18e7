"""``tiffin contracts``: what people and pipelines ask of contracts at a command line."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from tiffin.capabilities.catalog.cli import register
from tiffin.capabilities.catalog.service.contracts import shipped_text
from tiffin.kernel.errors import FailedCheck, InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.contracts.plain_yaml import read_plain
from tiffin.runtime.workspace import create_workspace


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create_workspace(tmp_path_factory.mktemp("commands") / "workspace").root


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["contracts", *map(str, arguments)])


def told(*arguments: str | Path) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def version(folder: Path, name: str, **changes: Any) -> Path:
    document = yaml.safe_load(shipped_text("orders")) | changes
    path = folder / name
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_every_table_has_a_contract_in_force(root: Path) -> None:
    found = told("list", "--workspace", root)["contracts"]

    assert {one["table"]: one["version"] for one in found} == {name: table.version for name, table in TABLES.items()}


def test_a_difference_that_breaks_nobody_ends_well(root: Path, tmp_path: Path) -> None:
    found = told("diff", "orders", version(tmp_path, "new.yaml", tags=["core"], version="2.0.2"), "--workspace", root)

    assert (found["severity"], found["least"], found["is_honest"]) == ("safe", "2.0.2", True)


def test_a_difference_that_breaks_somebody_ends_with_one_and_names_him(root: Path, tmp_path: Path) -> None:
    document = yaml.safe_load(shipped_text("orders"))
    document["schema"][0]["properties"] = [
        one for one in document["schema"][0]["properties"] if one["name"] != "delivered_at"
    ]
    new = version(tmp_path, "new.yaml", schema=document["schema"])

    result = run("diff", "orders", new, "--workspace", root, "--json")
    found = json.loads(result.stdout)

    assert isinstance(result.exception, FailedCheck)
    assert result.exception.exit_code == 1
    assert (found["changes"][0]["kind"], found["least"]) == ("column_removed", "3.0.0")
    assert "metric:late_share" in found["changes"][0]["touched"]


def test_a_file_is_checked_with_the_path_of_what_is_wrong(tmp_path: Path) -> None:
    good, bad = version(tmp_path, "good.yaml"), version(tmp_path, "bad.yaml", status=7)

    assert told("check", good)["checked"] == [{"file": str(good), "version": "2.0.1", "tables": ["orders"]}]
    refused = run("check", bad).exception
    assert isinstance(refused, InvalidDefinition)
    assert "at status, a value of the kind string" in str(refused)


def test_a_table_is_written_for_its_consumers(root: Path, tmp_path: Path) -> None:
    assert run("export", "orders", "--out", tmp_path / "orders.odcs.yaml", "--workspace", root).exit_code == 0

    document = read_plain((tmp_path / "orders.odcs.yaml").read_text(encoding="utf-8"), "orders")
    assert document["servers"][0]["format"] == "delta"


def test_a_foreign_contract_is_read_and_written_or_drafted(shared: Path, tmp_path: Path) -> None:
    path = shared / "peers" / "odcs" / "examples" / "schema" / "kafka-schema.odcs.yaml"

    written = read_plain(told("import", path)["contract"], "written")
    (draft,) = told("import", path, "--draft")["drafts"]
    assert run("import", path, "--draft", "--out", tmp_path / "drafts").exit_code == 0

    assert written == read_plain(path.read_text(encoding="utf-8"), "example")
    assert draft["table"] == "orders"
    assert (tmp_path / "drafts" / "orders.yaml").read_text(encoding="utf-8") == draft["yaml"]


def test_a_version_is_registered_shown_and_withdrawn(root: Path, tmp_path: Path) -> None:
    new = version(tmp_path, "new.yaml", tags=["core"], version="2.0.2")

    assert told("register", "orders", new, "--workspace", root)["state"] == "registered"
    shown = told("show", "orders", "--workspace", root)
    assert told("withdraw", "orders", "2.0.2", "--workspace", root)["state"] == "withdrawn"
    assert told("escalate", "--workspace", root) == {"escalated": []}

    assert shown["in_force"] == "2.0.1"
    assert [(one["version"], one["state"]) for one in shown["versions"]] == [
        ("2.0.2", "registered"),
        ("2.0.1", "in_force"),
    ]


def test_people_read_tables_and_not_json(root: Path, tmp_path: Path) -> None:
    new = version(tmp_path, "new.yaml", status="deprecated", version="2.1.0")

    said = run("diff", "orders", new, "--workspace", root).stdout

    assert "deprecated" in said
    assert "2.1.0" in said
    assert "orders" in run("list", "--workspace", root).stdout
    assert "say the same" in run("diff", "orders", "orders", "--workspace", root).stdout
