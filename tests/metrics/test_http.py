"""Metrics over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def client(small: Workspace) -> TestClient:
    """The console's API over the small workspace, signed in as its owner."""
    client = TestClient(create_app(small), follow_redirects=False, raise_server_exceptions=False)
    with open_context(small.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def test_the_list_and_one_metric(client: Any) -> None:
    names = {item["name"] for item in client.get("/api/metrics").json()["metrics"]}
    assert {"orders", "refund_share"} <= names
    found = client.get("/api/metrics/refund_share").json()
    assert "refunds.order_id" in found["columns"]
    searched = client.get("/api/metrics", params={"search": "utilis"}).json()["metrics"]
    assert "rider_utilisation" in {item["name"] for item in searched}
    assert all("utilis" in item["name"] for item in searched)


def test_a_query_answers_with_columns_rows_and_receipt(client: Any) -> None:
    asked = {
        "metrics": ["orders"],
        "by": ["city_id"],
        "where": ["country = 'SA'"],
        "from": "2026-01-26",
        "to": "2026-02-08",
    }
    found = client.post("/api/metrics/query", json=asked).json()
    assert found["columns"] == ["city_id", "orders"]
    assert [row[0] for row in found["rows"]] == ["jeddah", "riyadh"]
    assert found["receipt"]["tables"] == {"orders": 0, "cities": 0}
    csv = client.post("/api/metrics/query.csv", json=asked)
    assert csv.text.startswith("city_id,orders\r\njeddah,")
    assert csv.headers["content-type"].startswith("text/csv")


def test_an_explanation_over_http(client: Any) -> None:
    found = client.post(
        "/api/metrics/explain", json={"metrics": ["late_share"], "order": ["-late_share"], "limit": 3}
    ).json()
    assert set(found["sql"]) == {"duckdb", "spark"}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"metrics": ["nothing"]}, 404),
        ({"metrics": []}, 400),
        ({"metrics": ["orders"], "sql": "drop table orders"}, 400),
        ({"metrics": ["basket_value"]}, 400),
        ({"metrics": ["orders"], "limit": -1}, 400),
    ],
)
def test_a_wrong_question_has_its_status(client: Any, asked: Any, status: int) -> None:
    assert client.post("/api/metrics/query", json=asked).status_code == status


def test_nobody_reads_numbers_without_signing_in(small: Workspace) -> None:
    stranger = TestClient(create_app(small))
    answer = stranger.post("/api/metrics/query", json={"metrics": ["orders"]}, follow_redirects=False)
    assert answer.status_code in (303, 401, 403)
