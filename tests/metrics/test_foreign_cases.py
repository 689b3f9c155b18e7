"""Foreign semantic layers: imported, asked through our own compiler, compared with hand-written queries."""

import json
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics.domain.cases import Answer, difference
from tiffin.cli.entry import main

MANIFEST = """
semantic_model:
  name: rides
  node_relation: {schema_name: $source_schema, alias: rides}
  defaults: {agg_time_dimension: day}
  primary_entity: ride
  dimensions:
    - {name: day, type: time, type_params: {time_granularity: day}}
    - {name: city, type: categorical}
  measures:
    - {name: rides, agg: sum, expr: "1", create_metric: true}
---
saved_query:
  name: by_city
  query_params:
    metrics: [rides]
    group_by: ["Dimension('ride__city')"]
    where: ["{{ Dimension('ride__city') }} IS NOT NULL"]
    order_by: ["Metric('rides').descending(True)", "Dimension('ride__city').descending(True)"]
    limit: 1
---
../project.yaml
"""
TABLE = """
table_snapshot:
  table_name: rides
  column_definitions:
    - {name: day, type: TIME}
    - {name: city, type: STRING}
  rows:
    - ["2026-01-01", "a"]
    - ["2026-01-01", "b"]
    - ["2026-01-02", null]
"""
CHECK = "SELECT city AS ride__city, COUNT(*) AS rides FROM src.rides GROUP BY 1"


@pytest.fixture(scope="session")
def peers(shared: Path) -> Path:
    """Cases of another semantic layer; where the shared folder is, they are."""
    return shared / "peers" / "metricflow"


def case(name: str, **changes: Any) -> dict[str, Any]:
    plain = dict.fromkeys(("time_constraint", "where", "limit", "rows", "columns"))
    plain |= {"file": "own.yaml", "name": name, "model": "rides", "metrics": ["rides"], "group_bys": ["ride__city"]}
    plain |= {"group_by_objs": [], "order_bys": [], "check_order": False, "min_max_only": False}
    return {**plain, "apply_group_by": True, "saved_query": None, "check_sql": CHECK, **changes}


def written(folder: Path, *cases: dict[str, Any]) -> Path:
    (folder / "manifests" / "rides").mkdir(parents=True)
    (folder / "tables").mkdir()
    (folder / "manifests" / "project.yaml").write_text("project_configuration: {time_spines: []}\n")
    (folder / "manifests" / "rides" / "rides.yaml").write_text(MANIFEST)
    (folder / "tables" / "rides.yaml").write_text(TABLE)
    (folder / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)))
    return folder


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["metrics", "cases", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_every_foreign_case_gives_what_its_check_query_gives(peers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, str(peers), "--json")
    found = json.loads(out)
    assert [item for item in found["cases"] if item["status"] != "passed"] == []
    assert (code, found["passed"], found["failed"], found["refused"]) == (0, len(found["cases"]), 0, 0)
    assert found["passed"] >= 133


def test_a_difference_and_a_refusal_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = case("wrong", check_sql=CHECK + " HAVING city = 'a'")
    rows = case("rows", columns=["ride__city", "rides"], rows=[["a", 1], ["b", 1], [None, 2]])
    folder = written(tmp_path, case("good"), wrong, rows, case("unknown", metrics=["walks"]))
    code, out, _ = asked(capsys, str(folder), "--json")
    found = json.loads(out)
    assert code == 1
    assert {key: found[key] for key in ("passed", "failed", "refused")} == {"passed": 1, "failed": 2, "refused": 1}
    assert [item["status"] for item in found["cases"]] == ["passed", "failed", "failed", "refused"]
    assert found["cases"][1]["why"] == "3 rows instead of 1"
    assert "walks" in found["cases"][3]["why"]


def test_a_saved_query_is_asked_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty: dict[str, Any] = {"metrics": [], "group_bys": []}
    check = "SELECT 'b' AS ride__city, 1 AS rides"
    found = case("saved", saved_query="by_city", check_sql=check, **empty)
    more = case("narrowed", saved_query="by_city", check_sql=check.replace("b", "a", 1), **empty)
    narrowed = {**more, "where": ["{{ Dimension('ride__city') }} = 'a'"]}
    unknown = case("unknown", saved_query="by_moon", **empty)
    _, out, _ = asked(capsys, str(written(tmp_path, found, narrowed, unknown)), "--json")
    assert [item["status"] for item in json.loads(out)["cases"]] == ["passed", "passed", "refused"], out


def test_people_read_what_failed_and_how_many_passed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, str(written(tmp_path, case("good"), case("bad", group_bys=["ride__moon"]))))
    assert code == 1
    assert "refused own/bad" in out
    assert "1 cases passed, 0 failed, 1 were refused." in out


def test_a_folder_without_cases_or_manifest_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = asked(capsys, str(tmp_path))
    assert (code, "cases.jsonl" in err) == (4, True)
    code, _, err = asked(capsys, str(written(tmp_path, case("good", model="trains"))))
    assert (code, "trains" in err) == (4, True)


@pytest.mark.parametrize(
    ("rows", "is_ordered", "why"),
    [
        ([[1, "b"], [0.1 + 0.2, "a"]], False, ""),
        ([[1, "b"], [0.3, "a"]], True, "row"),
        ([[float("nan"), "a"], [1, "b"]], False, "row"),
        ([[0.3000001, "a"], [1, "b"]], False, "row"),
        ([[0.3, "a"]], False, "1 rows instead of 2"),
    ],
)
def test_rows_are_compared_as_a_bag_up_to_rounding(rows: list[list[Any]], is_ordered: bool, why: str) -> None:  # noqa: FBT001 - a parameter of the test
    expected = Answer(("value", "name"), [[0.3, "a"], [1, "b"]])
    found = difference(Answer(("value", "name"), rows), expected, is_ordered=is_ordered)
    assert found.startswith(why)
    assert bool(found) == bool(why)


def test_columns_are_matched_by_name() -> None:
    expected = Answer(("value", "name"), [[1, "a"]])
    assert difference(Answer(("name", "value"), [["a", 1]]), expected, is_ordered=True) == ""
    assert "columns" in difference(Answer(("name",), [["a"]]), expected, is_ordered=True)
