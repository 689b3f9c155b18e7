"""Whoever takes numbers away is on the audit trail, by whichever door they leave."""

from pathlib import Path

import pytest
import sqlglot
from fastapi.testclient import TestClient

from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.metrics.api import assistants, bi_door
from tiffin.cli import main
from tiffin.runtime.edge import open_context

QUESTION = {"metrics": ["orders"], "by": ["city_id"], "where": ["country = 'SA'"]}


def taken(root: Path) -> list[tuple[str, dict]]:
    with open_context(root) as context:
        found = auditing.search_audit(context, AuditSearch(action="numbers_taken"))
    return [(entry.subject, entry.details) for entry in found]


@pytest.mark.parametrize(
    ("accept", "door"),
    [("application/json", "program"), ("text/csv", "file"), ("application/vnd.apache.parquet", "file")],
)
def test_answers_over_http_are_accounted_for(root: Path, browser: TestClient, accept: str, door: str) -> None:
    assert browser.post("/api/metrics/query", json=QUESTION, headers={"Accept": accept}).status_code == 200

    subject, details = taken(root)[0]
    assert subject == "orders"
    assert (details["door"], details["by"], details["where"]) == (door, ["city_id"], ["country"])


def test_files_of_a_metric_page_and_of_the_command_are_accounted_for(
    root: Path, browser: TestClient, tmp_path: Path
) -> None:
    before = len(taken(root))

    assert browser.get("/metrics/orders/export.csv").status_code == 200
    assert main(["metrics", "export", "orders", "--out", str(tmp_path / "o.csv"), "--workspace", str(root)]) == 0

    assert [details["door"] for _, details in taken(root)[: len(taken(root)) - before]] == ["file", "file"]


def test_assistants_and_bi_tools_are_accounted_for(root: Path) -> None:
    assistants.called(lambda: open_context(root), "query_metrics", QUESTION)
    with open_context(root) as context:
        bi_door.answered(context, sqlglot.parse_one("select city_id, orders from metrics group by 1", read="mysql"))

    assert [details["door"] for _, details in taken(root)[:2]] == ["bi_tool", "assistant"]


def test_a_question_that_is_refused_takes_nothing(root: Path, browser: TestClient) -> None:
    before = len(taken(root))

    assert browser.post("/api/metrics/query", json={"metrics": ["no_such_metric"]}).status_code == 404

    assert len(taken(root)) == before
