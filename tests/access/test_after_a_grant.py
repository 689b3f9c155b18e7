"""Once a grant has ended, whoever held it is told nothing more, however he was let in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.facts import service as facts
from tiffin.cli import main
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

DAY = "2026-03-02"
QUESTION = {"metrics": ["orders"], "by": ["city_id"]}
FORMS = ("application/json", "text/csv", "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet")
PAGES = (f"/api/daybook/example/{DAY}", f"/daybooks/example/{DAY}", "/metrics/orders", "/metrics")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with facts of one city in Saudi Arabia."""
    root = tmp_path_factory.mktemp("after") / "w"
    assert main(["init", str(root)]) == 0
    with open_context(root) as context:
        facts.load(context, "example-orders", [root / "feeds" / "example-orders.csv"])
    return root


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(root), follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("way", ["browser", "token"])
@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_an_open_session_tells_nothing_more_once_the_grant_has_ended(
    root: Path, client: TestClient, end: str, way: str
) -> None:
    name, later = f"leaving-{end}-{way}", datetime.now(UTC) + timedelta(minutes=5)
    with open_context(root) as context:
        access.add_account(context, name)
        given = access.grant(context, name, Role.ANALYST, countries=["SA"], terms=access.Terms("tests", later))
        link = access.make_sign_in_link(context, name)
    if way == "browser":
        client.get(f"/sign-in/{link}")
    else:
        with open_context(root, user=name) as context:
            client.headers["Authorization"] = f"Bearer {tokens.make_token(context, 'script', days=1)[0]}"

    def asked() -> list[tuple[int, str]]:
        answers = [client.post("/api/metrics/query", json=QUESTION, headers={"Accept": form}) for form in FORMS]
        answers += [client.get(page) for page in PAGES]
        return [(answer.status_code, answer.content.decode("latin-1")) for answer in answers]

    before = asked()
    assert [(code, text[-600:]) for code, text in before if code != 200] == []
    assert all("example" in text for _, text in before[: len(FORMS)])
    if end == "revoked":
        with open_context(root) as context:
            access.revoke(context, given.grant_id)
    else:
        app: Any = client.app
        app.state.console = replace(app.state.console, clock=lambda: later)
    after = asked()

    assert [code for code, _ in after[: len(FORMS)]] == [403] * len(FORMS)
    # The form for feedback names the page that was asked for, which the reader knows himself.
    told = [re.sub('name="page" value="[^"]*"', "", text) for _, text in after]
    assert not any(re.search("daybooks/example|>Example<", text) for text in told)
    assert client.get("/").status_code == 200  # still signed in, and allowed nothing
