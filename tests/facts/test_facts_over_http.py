# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
"""Facts over HTTP: batches in, each once; tables, loads and quarantine out."""

import json
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access


def order(number: str, *, delivered_at: str) -> dict[str, str]:
    placed_at = "2026-02-20T21:30:00Z"
    row = {"city_id": "riyadh", "order_id": number, "status": "delivered"}
    return {**row, "placed_at": placed_at, "delivered_at": delivered_at}


ROWS = [order("h1", delivered_at="2026-02-20T22:00:00Z"), order("h2", delivered_at="2026-02-20T20:00:00Z")]
CITY = {
    "city_id": "riyadh",
    "name": "Riyadh",
    "country": "SA",
    "timezone": "Asia/Riyadh",
    "timezone_known": True,
    "cutoff_min": 240,
    "weekend": "5,6",
    "currency": "SAR",
    "is_simulated": False,
}


@pytest.fixture
def client(shop) -> TestClient:
    """The owner, signed in."""
    browser = TestClient(create_app(shop.root), follow_redirects=False, raise_server_exceptions=False)
    with shop.context(now=datetime.now(UTC)) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser.get(f"/sign-in/{token}")
    return browser


def send(client: TestClient, table: str, rows: object, *, key: str) -> tuple[int, dict]:
    body = rows if isinstance(rows, str) else json.dumps(rows)
    answer = client.post(f"/api/facts/{table}", content=body, headers={"Idempotency-Key": key})
    return answer.status_code, answer.json()


@pytest.fixture
def city(client: TestClient) -> None:
    assert send(client, "cities", [CITY], key="cities-1")[0] == 202


@pytest.mark.usefixtures("city")
def test_a_batch_is_taken_with_a_receipt_and_its_bad_rows_are_kept(client: TestClient, shop) -> None:
    status, receipt = send(client, "orders", ROWS, key="batch-001")

    assert status == 202
    assert (receipt["read"], receipt["loaded"], receipt["unchanged"], receipt["version"]) == (2, 1, False, 0)
    assert [rule["rule"] for rule in receipt["quarantined"]] == ["delivered_after_placed"]
    assert shop.one("select source, country, business_date::varchar from orders") == ("http:api", "SA", "2026-02-20")
    found = client.get("/api/facts/orders/quarantine").json()
    assert (found["total"], found["rows"][0]["row"]["order_id"]) == (1, "h2")


@pytest.mark.usefixtures("city")
def test_the_same_batch_under_the_same_key_is_taken_once(client: TestClient, shop) -> None:
    first = send(client, "orders", ROWS, key="batch-001")
    before = shop.versions()

    assert send(client, "orders", ROWS, key="batch-001") == first
    assert shop.versions() == before
    assert send(client, "orders", ROWS[:1], key="batch-001")[0] == 409
    assert send(client, "orders", ROWS, key="batch-002")[1]["unchanged"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("form", ["lines", "object", "single"])
def test_a_batch_may_be_lines_or_an_object(client: TestClient, form: str) -> None:
    rows = ROWS[:1]
    body = {"lines": "\n".join(map(json.dumps, rows)) + "\n", "object": {"rows": rows}, "single": rows[0]}[form]

    assert send(client, "orders", body, key=f"batch-{form}")[1]["loaded"] == 1


@pytest.mark.parametrize(
    ("table", "body", "status"),
    [
        ("orders", "not json", 422),
        ("orders", "[]", 422),
        ("orders", "[1]", 422),
        ("orders", '{"order_id": 1, "colour": 2}', 422),
        ("orders", '{"order_id": "x", "placed_at": "yesterday"}', 422),
        ("orders", '{"order_id": "x", "item_count": "many"}', 422),
        ("nothing", "[{}]", 404),
        ("orders", "[" * 100_000, 422),
    ],
)
def test_a_body_that_is_no_batch_is_refused(client: TestClient, shop, table: str, body: str, status: int) -> None:
    assert send(client, table, body, key="batch-bad")[0] == status
    assert "orders" not in shop.versions()


def test_a_batch_needs_a_key_and_a_person(client: TestClient, shop) -> None:
    assert client.post("/api/facts/orders", content="[{}]").status_code == 400
    stranger = TestClient(create_app(shop.root), follow_redirects=False, raise_server_exceptions=False)
    assert stranger.post("/api/facts/orders", content="[{}]", headers={"Idempotency-Key": "batch-001"}).status_code in (
        401,
        403,
    )


def test_a_batch_that_is_too_long_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiffin.web.batches.MAX_BODY_BYTES", 10)
    assert send(client, "orders", ROWS, key="batch-long")[0] == 422


def test_tables_loads_and_feeds_are_listed(client: TestClient, shop) -> None:
    shop.load(shop.file("number,placed,state,total,items\na1,2026-02-20 21:30,done,1,1\n"))

    tables = {table["name"]: table["rows"] for table in client.get("/api/facts").json()["tables"]}
    assert (tables["orders"], tables["refunds"]) == (1, 0)
    assert client.get("/api/facts/loads").json()["loads"][0]["feed"] == "shop"
    assert len(client.get("/api/facts/feeds").json()["feeds"]) == 8
    assert client.get("/api/facts/orders").json()["summary"]["sources"] == ["shop"]
    assert client.get("/api/facts/order").status_code == 404
