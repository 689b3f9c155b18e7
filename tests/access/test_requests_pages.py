"""Requests in the browser and over HTTP: asked, decided, and refused to whoever may not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import tokens
from tiffin.cli import main
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

ASK = {"purpose": "Weekly review", "countries": ["KW"], "days": 10}


@pytest.fixture
def root(workspace: Workspace) -> Path:
    """A workspace with a viewer of Qatar, two stewards of everywhere, and somebody with nothing."""
    with open_context(workspace.root) as context:
        for name, role, places in (
            ("vic", Role.VIEWER, ["QA"]),
            ("samir", Role.STEWARD, ["*"]),
            ("salma", Role.STEWARD, ["*"]),
            ("nobody", Role.VIEWER, []),
        ):
            service.add_account(context, name)
            if places:
                service.grant(context, name, role, countries=places, terms=service.Terms("tests"))
    return workspace.root


@pytest.fixture
def browser(root: Path) -> Callable[[str], TestClient]:
    app = create_app(root)

    def opened(name: str) -> TestClient:
        client = TestClient(app, follow_redirects=True)
        with open_context(root) as context:
            link = service.make_sign_in_link(context, name)
        client.get(f"/sign-in/{link}")
        return client

    return opened


def test_somebody_with_nothing_asks_and_sees_no_more_until_it_is_granted(
    browser: Callable[[str], TestClient],
) -> None:
    asker, decider = browser("nobody"), browser("samir")
    assert "/access/ask" in asker.get("/access").text
    assert asker.get("/data").status_code == 403
    assert "/access/ask?page=%2Fdata" in asker.get("/data").text.replace("page=/data", "page=%2Fdata")

    made = asker.post("/access/ask", data={"purpose": "Learn the ropes", "countries": ["QA"], "days": "10"})
    number = made.url.path.rpartition("/")[2]
    assert "Grant as asked" not in made.text
    assert asker.post(f"/access/requests/{number}", data={"decision": "as_asked"}).status_code == 403
    assert "Grant as asked" in decider.get(f"/access/requests/{number}").text
    decider.post(f"/access/requests/{number}", data={"decision": "as_asked", "version": "1"})

    assert asker.get("/data").status_code == 200
    assert "Learn the ropes" in asker.get("/access").text


def test_a_page_decided_on_meanwhile_says_so(browser: Callable[[str], TestClient]) -> None:
    asker, one, other = browser("vic"), browser("samir"), browser("salma")
    made = asker.post("/access/ask", data={"purpose": "Learn the ropes", "countries": ["AE"], "days": "10"})
    path = made.url.path
    one.post(path, data={"decision": "refuse", "note": "Not yours", "version": "1"})

    late = other.post(path, data={"decision": "as_asked", "version": "1"})

    assert late.status_code == 409
    assert "Somebody else did something" in late.text
    assert "Not yours" in asker.get("/access").text


@pytest.mark.parametrize("path", ["/access/requests/999", "/access/campaigns/9", "/access/emergencies/9"])
def test_what_is_not_there_and_what_one_may_not_see_look_the_same(
    browser: Callable[[str], TestClient], path: str
) -> None:
    assert browser("vic").get(path).status_code == 404


def test_a_program_asks_and_a_program_decides(root: Path) -> None:
    client = TestClient(create_app(root))

    def as_whom(name: str) -> dict[str, str]:
        with open_context(root, user=name) as context:
            return {"Authorization": f"Bearer {tokens.make_token(context, 'script', days=1)[0]}"}

    vic, samir = as_whom("vic"), as_whom("samir")
    made = client.post("/api/access/requests", json=ASK, headers=vic)
    number = made.json()["request"]["request_id"]
    shown = client.get(f"/api/access/requests/{number}", headers=samir).json()
    waiting = client.get("/api/access/requests", headers=samir).json()["waiting"]
    own = client.post(f"/api/access/requests/{number}", json={"decision": "grant"}, headers=vic)
    done = client.post(f"/api/access/requests/{number}", json={"decision": "grant_least"}, headers=samir)

    assert (made.status_code, own.status_code, done.status_code) == (201, 403, 200)
    assert [one["request_id"] for one in waiting] == [number]
    assert shown["assessment"]["least"]["grant"]["role"] == "viewer"
    assert done.json()["request"]["state"] == "granted"
    me = client.get("/api/access/me", headers=vic).json()
    assert ["KW"] in [grant["countries"] for grant in me["grants"]]


def test_the_commands_ask_decide_and_review(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str, user: str) -> int:
        return main(["access", *words, "--workspace", str(root), "--user", user])

    assert run("ask", "--purpose", "Weekly review", "--country", "AE", "--days", "5", user="vic") == 0
    assert run("requests", user="samir") == 0
    assert "Weekly review" in capsys.readouterr().out
    assert run("approve", "1", user="vic") == 5
    assert run("approve", "1", "--days", "3", user="samir") == 0
    assert run("ask", "--purpose", "Another", "--country", "KW", user="vic") == 0
    assert run("refuse", "2", "No need", user="salma") == 0
    assert run("mine", user="vic") == 0
    assert "Weekly review" in capsys.readouterr().out
    assert run("break-glass", "Payments fail", "--country", "KW", "--hours", "1", user="samir") == 0
    assert run("look-at", "3", "It was real", "--justified", user="samir") == 5
    assert run("look-at", "3", "It was real", "--justified", user="salma") == 0
    owner = ["--workspace", str(root)]
    due = ["--reviewer", "samir", "--until", "2099-01-01", "--country", "QA"]
    assert main(["access", "review", "start", "Spring", *due, *owner]) == 0
    assert run("review", "list", user="samir") == 0
    assert run("review", "answer", "1", "keep", user="samir") == 0
    assert main(["access", "renew", *owner]) == 0
    people = root / "people.csv"
    people.write_text(
        "employee_id,account,name,job,country,city,team,manager,from,to\ne1,lena,Lena,analyst,SA,,,,2026-01-01,\n",
        encoding="utf-8",
    )
    assert main(["access", "hr", str(people), *owner]) == 0
    assert "joins" in capsys.readouterr().out
    assert main(["access", "hr", str(people), "--apply", *owner]) == 0
