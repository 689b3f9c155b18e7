"""A definition goes from the form to its publication in two browsers; standards and differences have pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.metrics.service.authoring_texts import form_of, published_plain
from tiffin.cli.composition import compose
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

Opening = Callable[[str], TestClient]


@pytest.fixture
def console(tmp_path: Path, new_workspace: Callable[[Path], Workspace], writing: Callable[..., None]) -> Workspace:
    """A workspace with two stewards, a viewer and some orders."""
    workspace = new_workspace(tmp_path / "workspace")
    with open_context(workspace.root) as context:
        for name, role in (("amal", Role.STEWARD), ("basim", Role.STEWARD), ("vera", Role.VIEWER)):
            access.add_account(context, name, password="a long password")  # noqa: S106 - of a test
            access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    from datetime import UTC, date, datetime  # noqa: PLC0415 - of this fixture only

    at = datetime(2026, 2, 2, 12, tzinfo=UTC)
    orders = [
        {"city_id": "riyadh", "order_id": f"o{n}", "country": "SA", "status": status, "placed_at": at, "source": "t"}
        | {"business_date": date(2026, 2, 2), "local_hour": 15, "slot_at": at}
        for n, status in enumerate(["delivered"] * 5 + ["cancelled"] * 2 + ["placed"])
    ]
    city = {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "currency": "SAR", "is_simulated": False}
    writing(workspace, cities=[city | {"source": "t"}], orders=orders)
    return workspace


@pytest.fixture
def opening(console: Workspace) -> Opening:
    """Open a browser in which somebody is signed in."""

    def opened(name: str) -> TestClient:
        client = TestClient(create_app(console), raise_server_exceptions=False)
        with open_context(console.root) as context:
            token = access.make_sign_in_link(context, name)
        client.get(f"/sign-in/{token}")
        return client

    return opened


def test_a_definition_is_written_by_one_and_published_by_another(console: Workspace, opening: Opening) -> None:
    amal, basim = opening("amal"), opening("basim")
    page = amal.post("/metrics/drafts", data={"name": "delivered_orders"})
    assert page.status_code == 200
    address = str(page.url.path)
    with open_context(console.root) as context:
        values = form_of(published_plain(context.workspace, "delivered_orders"))
    wrong = amal.post(f"{address}/form", data=values | {"where": "stauts = 'delivered'"})
    assert 'id="f-where"' in wrong.text
    assert "Did you mean status" in wrong.text
    late = amal.post(f"{address}/form", data=values | {"since": "soon"})
    assert (late.status_code, "a date such as" in late.text) == (422, True)
    good = amal.post(f"{address}/form", data=values | {"where": "status in ('delivered', 'returned')"})
    assert "status in (&#39;delivered&#39;, &#39;returned&#39;)" in good.text
    assert "its worked example is right" in good.text
    assert "completion_rate" in good.text  # what it touches
    assert amal.post(f"{address}/submit", data={"comment": "please"}).status_code == 200
    assert amal.post(f"{address}/publish").status_code == 403
    _review(console, amal, basim, address, good.text)


def _review(console: Workspace, amal: TestClient, basim: TestClient, address: str, shown: str) -> None:
    back = basim.post(f"{address}/send-back", data={"comment": "why?"})
    assert "why?" in back.text
    broken = amal.post(f"{address}/text", data={"text": "metrics: ["})
    assert broken.status_code == 422
    text = shown.partition('<textarea id="text"')[2].partition(">")[2].partition("</textarea>")[0]
    import html  # noqa: PLC0415 - of this test only

    assert amal.post(f"{address}/text", data={"text": html.unescape(text)}).status_code == 200
    amal.post(f"{address}/submit")
    done = basim.post(f"{address}/publish", data={"comment": "read"})
    assert done.status_code == 200
    assert (console.root / "metrics" / "delivered_orders.yaml").is_file()
    listed = basim.get("/metrics/drafts").text
    assert "Take back" in listed
    number = listed.partition("/metrics/publications/")[2].partition("/")[0]
    assert basim.post(f"/metrics/publications/{number}/take-back").status_code == 200
    assert amal.post("/metrics/drafts", data={"name": "delivered_orders", "successor": "orders"}).status_code == 200
    assert amal.post(f"{address}/withdraw").status_code == 409


def test_what_stands_against_a_publication_is_shown_over_the_draft_which_stays_in_review(
    console: Workspace, opening: Opening
) -> None:
    amal, basim = opening("amal"), opening("basim")
    address = str(amal.post("/metrics/drafts", data={"name": "orders"}).url.path)
    with open_context(console.root) as context:
        plain = published_plain(context.workspace, "orders")
    amal.post(f"{address}/form", data=form_of(plain) | {"meaning.en": "Orders placed, by whomever."})
    amal.post(f"{address}/submit")

    refused = basim.post(f"{address}/publish")

    assert refused.status_code == 422
    assert "The meaning in ar is older than the English one" in refused.text
    assert f"{address}/publish" in basim.get(address).text
    assert not (console.root / "metrics" / "orders.yaml").exists()


def test_a_draft_names_the_published_numbers_of_its_metric(opening: Opening) -> None:
    amal = opening("amal")
    amal.post("/metrics/published", data={"metrics": "orders", "title": "Board pack"})
    assert "Board pack" in amal.post("/metrics/drafts", data={"name": "orders"}).text
    assert "Board pack" not in amal.post("/metrics/drafts", data={"name": "lost_orders"}).text


def test_whoever_may_not_write_sees_no_draft(opening: Opening) -> None:
    vera = opening("vera")
    assert vera.get("/metrics/drafts").status_code == 403
    assert vera.post("/metrics/drafts", data={"name": "orders"}).status_code == 403
    assert vera.get("/metrics/standards").status_code == 200


def test_a_draft_upon_which_something_was_published_is_put_upon_it(console: Workspace, opening: Opening) -> None:
    amal = opening("amal")
    page = amal.post("/metrics/drafts", data={"name": "lost_orders"})
    with open_context(console.root) as context:
        plain = published_plain(context.workspace, "lost_orders")
        from tiffin.capabilities.metrics.service.authoring_texts import text_of  # noqa: PLC0415 - of this test only

        (console.root / "metrics" / "lost_orders.yaml").write_text(text_of("lost_orders", plain | {"owner": "b_team"}))
    amal.post(f"{page.url.path}/form", data=form_of(plain | {"owner": "a_team"}))
    shown = amal.get(page.url.path)
    assert "Something else was published meanwhile" in shown.text
    merged = amal.post(f"{page.url.path}/rebase", data={"keep:owner": "mine"})
    assert "Something else was published meanwhile" not in merged.text
    assert "a_team" in merged.text


def test_a_query_is_compared_on_its_page(opening: Opening) -> None:
    amal = opening("amal")
    assert amal.get("/metrics/differ").status_code == 200
    form = {"metric": "delivered_orders", "sql": "select count(*) from fct_orders", "claimed": "9"}
    found = amal.post("/metrics/differ", data=form)
    assert found.status_code == 200
    assert "fct_orders = orders" in found.text
    assert "Unexplained" in found.text
    assert amal.post("/metrics/differ", data=form | {"sql": "drop table orders"}).status_code == 422
    assert amal.post("/metrics/differ", data=form | {"mapping": "nonsense"}).status_code == 422
    exported = amal.post("/metrics/differ", data={"metric": "orders", "export": "date,n\n2026-02-02,5\n"})
    assert "delivered_orders" in exported.text


def test_comparisons_and_standards_are_had_over_http(opening: Opening) -> None:
    amal = opening("amal")
    asked = {"metric": "delivered_orders", "sql": "select count(*) from orders", "claimed": "8"}
    found = amal.post("/api/metrics/differ", json=asked).json()
    assert found["mine"] + sum(part["amount"] for part in found["parts"]) + found["rest"] == found["theirs"] == 8
    assert amal.get("/api/metrics/standards").json()["findings"] == []
    assert amal.post("/api/metrics/differ", json={"metric": "orders"}).status_code == 400


def test_commands_say_the_same(console: Workspace, tmp_path: Path) -> None:
    run = CliRunner()
    sql, export = tmp_path / "other.sql", tmp_path / "export.csv"
    sql.write_text("select count(*) from orders where status <> 'placed'")
    export.write_text("date,n\n2026-02-02,5\n")
    shared = ["--workspace", str(console.root)]
    told = run.invoke(compose(), ["metrics", "differ", "delivered_orders", "--sql", str(sql), *shared])
    assert (told.exit_code, "Filters" in told.output) == (0, True)
    told = run.invoke(compose(), ["metrics", "differ", "orders", "--export", str(export), *shared])
    assert told.exit_code == 0
    told = run.invoke(compose(), ["metrics", "standards", "orders", *shared])
    assert told.exit_code == 0
    assert run.invoke(compose(), ["metrics", "drafts", *shared]).exit_code == 0
