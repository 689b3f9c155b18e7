"""Published numbers by command line, HTTP and page: the same entry, whichever door one takes."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.cli.entry import main
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace


@pytest.fixture
def shop(empty: Workspace, writing: Callable[..., None]) -> Workspace:
    """One city with three orders."""
    row = {"city_id": "riyadh", "country": "SA", "currency": "SAR", "business_date": date(2026, 2, 1), "source": "f"}
    rows = [{**row, "order_id": str(n), "status": "delivered", "basket_minor": 1000 + n} for n in range(3)]
    city = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "source": "f"}
    writing(empty, cities=[city], orders=rows)
    return empty


@pytest.fixture
def restate(shop: Workspace, writing: Callable[..., None]) -> Callable[[], None]:
    """Cancel one of the orders."""
    row = {"city_id": "riyadh", "country": "SA", "currency": "SAR", "business_date": date(2026, 2, 1), "source": "f"}
    return lambda: writing(shop, orders=[{**row, "order_id": "2", "status": "cancelled", "basket_minor": 1002}])


@pytest.fixture
def run(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line and give its exit code, output and errors."""

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["metrics", *words, "--workspace", str(shop.root)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


@pytest.fixture
def client(shop: Workspace) -> TestClient:
    """The console over the shop, signed in as its owner."""
    client = TestClient(create_app(shop), follow_redirects=False, raise_server_exceptions=False)
    with open_context(shop.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def test_a_number_goes_its_way_on_the_command_line(run: Any, restate: Any) -> None:
    words = ("basket_value", "completion_rate", "--from", "2026-02-01", "--to", "2026-02-01")
    code, out, _ = run("publish", *words, "--as", "Board pack", "--note", "First cut")
    assert code == 0
    reference = next(word.rstrip(".") for word in out.split() if word.startswith("PN-"))
    assert json.loads(run("ledger", "list", "--json")[1])["published"][0]["rows"] == [[3003, 1.0]]
    assert "Nothing has changed since." in run("ledger", "bridge", reference)[1]
    restate()

    code, out, _ = run("explain", "--published", reference)
    assert code == 0
    assert "Reproduced: every value is the published one." in out
    assert json.loads(run("explain", "--published", reference, "--json")[1])["is_equal"] is True
    bridges = json.loads(run("ledger", "bridge", reference, "--json")[1])["bridges"]
    assert [(item["published"], item["now"], item["change"]) for item in bridges] == [
        (3003, 2001, "-1002"),
        (1.0, 2 / 3, bridges[1]["change"]),
    ]
    assert [step["amount"] for step in bridges[0]["steps"]] == ["-1002", "0", "0", "0"]
    assert "Restated data" in run("ledger", "bridge", reference)[1]
    assert "Board pack" in run("ledger", "list")[1]
    shown = run("ledger", "show", reference)[1]
    assert "First cut" in shown
    full = json.loads(run("ledger", "show", reference, "--json")[1])
    assert full["versions"]["orders"] == 0
    assert {metric["name"] for metric in full["definitions"]["metrics"]} >= {"basket_value", "completion_rate"}
    assert run("ledger", "show", "PN-2026-99999")[0] == 4
    code, out, _ = run("ledger", "verify")
    assert code == 0
    assert out.startswith("Entries: 1. Faults: 0.")


def test_a_published_number_is_written_with_its_unit_and_currency_in_the_readers_language(
    run: Any, client: TestClient
) -> None:
    words = ("basket_value", "completion_rate", "--by", "country,business_date", "--as", "Board pack")
    run("publish", *words, "--from", "2026-02-01", "--to", "2026-02-01")
    (reference,) = (one["reference"] for one in json.loads(run("ledger", "list", "--json")[1])["published"])

    _, told, _ = run("ledger", "show", reference, "--locale", "pt_BR")
    client.cookies.set("tiffin_locale", "pt_BR")
    page = client.get(f"/metrics/published/{reference}").text

    for said in (told.replace("\xa0", " "), page.replace("\xa0", " ")):
        assert "Arábia Saudita" in said
        assert "1 de fev. de 2026" in said
        assert "SAR 30,03" in said
        assert "100,0%" in said


def test_what_cannot_be_reproduced_ends_with_one(run: Any, shop: Workspace) -> None:
    reference = json.loads(run("publish", "orders", "--as", "Gone", "--json")[1])["reference"]
    for path in (shop.tables / "orders").glob("*.parquet"):
        path.unlink()
    code, out, _ = run("explain", "--published", reference)
    assert code == 1
    assert "It cannot be reproduced: orders/" in out
    assert run("ledger", "bridge", reference)[0] == 7


def test_a_broken_ledger_ends_with_one(run: Any, shop: Workspace) -> None:
    run("publish", "orders", "--as", "One")

    with open_context(shop.root) as context:
        context.session.execute(text("update published_numbers set title = 'Two'"))
    code, out, _ = run("ledger", "verify", "--json")
    assert code == 1
    assert "its heading is not what its content says" in json.loads(out)["broken"][0]


def test_a_number_goes_its_way_over_http(client: Any, restate: Any) -> None:
    asked = {"metrics": ["basket_value"], "from": "2026-02-01", "to": "2026-02-01", "currency": "usd"}
    created = client.post("/api/metrics/published", json={**asked, "title": "Over HTTP"})
    assert created.status_code == 201
    reference = created.json()["reference"]
    assert (created.json()["rows"], created.json()["currencies"]) == ([[801]], ["USD"])
    restate()

    at = f"/api/metrics/published/{reference}"
    assert client.get("/api/metrics/published").json()["published"][0]["title"] == "Over HTTP"
    assert client.get(f"{at}/reproduction").json()["is_equal"] is True
    bridge = client.get(f"{at}/bridge").json()["bridges"][0]
    assert (bridge["published"], bridge["now"], bridge["change"]) == (801, 534, "-267")
    assert client.get("/api/metrics/published/verify").json()["is_sound"] is True
    kept = client.get(at).json()["receipt"]
    again = client.post("/api/metrics/rerun", json={"rerun_hash": kept["rerun_hash"]}).json()
    assert (again["rows"], again["is_same"]) == ([[801]], True)
    receipt = client.post("/api/metrics/query", json={**asked, "as_of": "orders=0,cities=0"}).json()["receipt"]
    assert receipt["rerun_hash"] == kept["rerun_hash"]
    assert client.post("/api/metrics/rerun", json={"receipt": receipt}).json()["is_same"] is True
    assert client.post("/api/metrics/query", json={**asked, "as_of": "soon"}).status_code == 400
    assert client.post("/api/metrics/query", json={**asked, "currency": "dollars"}).status_code == 400
    assert client.get("/api/metrics/published/PN-1").status_code == 404


def test_pages_show_the_number_its_proof_and_its_bridge(client: Any, restate: Any) -> None:
    empty = client.get("/metrics/published").text
    assert "Nothing is published yet" in empty
    form = {"metrics": "basket_value, completion_rate", "by": "city_id", "title": "By hand", "note": "<b>bold</b>"}
    sent = client.post("/metrics/published", data=form)
    assert sent.status_code == 303
    client.post("/metrics/published", data={"metrics": "orders", "title": "Alone"})
    page = client.get(sent.headers["location"]).text
    assert "every value is the published one" in page
    assert "Nothing has changed since." in page
    assert "&lt;b&gt;bold" in page
    restate()
    for language, said in (("en", "Restated data"), ("ar", "بيانات معدَّلة"), ("zh_Hant", "重述的資料")):
        client.cookies.set("tiffin_locale", language)
        page = client.get(sent.headers["location"]).text
        assert said in page
        assert "<svg" in page
        assert client.get("/metrics/published").status_code == 200
