"""A stranger comes in nowhere, and some commands take a role; what grants open at each door is `test_every_door`'s."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.cli import main
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

DAY = "2026-03-02"
"""A day of the example's city, which lies in Saudi Arabia."""

PUBLIC = ("/healthz", "/sign-in", "/static/icon.svg")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace with facts of one city, and accounts for here, for elsewhere and for nowhere."""
    root = tmp_path_factory.mktemp("paths") / "w"
    assert main(["init", str(root)]) == 0
    with open_context(root) as context:
        facts.load(context, "example-orders", [root / "feeds" / "example-orders.csv"])
        for name, countries in (("here", ["SA"]), ("elsewhere", ["AE"]), ("nowhere", [])):
            access.add_account(context, name)
            if countries:
                access.grant(context, name, Role.STEWARD, countries=countries, terms=access.Terms("tests"))
    return root


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(root), follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def sign_in(client: TestClient, root: Path, name: str) -> TestClient:
    with open_context(root) as context:
        link = access.make_sign_in_link(context, name)
    assert client.get(f"/sign-in/{link}").status_code == 303
    return client


def run(root: Path, *arguments: str, user: str) -> int:
    return main([*arguments, "--workspace", str(root), "--user", user])


def paths_of(client: TestClient) -> set[str]:
    """Name every address that can be asked for without a parameter in its path, pages and API alike."""
    found: set[str] = set()
    pending = [("", route) for route in client.app.routes]  # type: ignore[attr-defined]
    while pending:
        before, route = pending.pop()
        within = before + getattr(getattr(route, "include_context", None), "prefix", "")
        pending += [(within, each) for each in getattr(getattr(route, "original_router", None), "routes", [])]
        path = before + getattr(route, "path", "")
        if "GET" in (getattr(route, "methods", None) or ()) and path:
            found.add(path.replace("{city_id}", "example").replace("{day}", DAY).replace("{table}", "orders"))
    return {path for path in found if "{" not in path}


def test_no_address_but_the_public_ones_answers_a_stranger(client: TestClient) -> None:
    paths = paths_of(client)

    assert {"/", "/metrics", "/data", "/daybooks", "/access/audit", "/api/daybook"} <= paths
    for path in paths - {"/sign-in", "/healthz", "/preferences", "/api/openapi.json"}:  # the last tells no facts
        answer = client.get(path, follow_redirects=not path.startswith("/sign-in"))
        answer = answer.history[-1] if answer.history else answer
        assert answer.status_code in {303, 401}, path
        assert answer.headers.get("location", "/sign-in").startswith("/sign-in"), path


@pytest.mark.parametrize("path", PUBLIC)
def test_the_public_addresses_answer_everybody(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(("user", "status"), [("elsewhere", 200), ("nowhere", 403)])
def test_even_the_list_of_tables_takes_a_grant(root: Path, client: TestClient, user: str, status: int) -> None:
    sign_in(client, root, user)

    assert client.get("/data").status_code == client.get("/api/facts").status_code == status


@pytest.mark.parametrize("user", ["here", "elsewhere"])
def test_what_may_be_of_any_city_takes_a_steward_of_all(root: Path, user: str) -> None:
    file = str(root / "feeds" / "example-orders.csv")

    assert run(root, "load", "example-orders", file, user=user) == 5
    assert run(root, "facts", "quarantine", "orders", user=user) == 5


def test_loading_is_for_stewards(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(root / "feeds" / "example-orders.csv")

    assert run(root, "load", "example-orders", file, user="nowhere") == 5
    assert "nowhere" in capsys.readouterr().err
