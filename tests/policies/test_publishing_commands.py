"""A policy goes from a file to its publication and back on the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient
from tests.runtime.policies.conftest import POLICY, a_policy

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.policies.service.drafting import find_draft
from tiffin.capabilities.policies.service.drafting_proposing import propose
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.cli.composition import compose
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

TODAY = datetime.now(UTC).date()
Running = Callable[..., Any]


@pytest.fixture
def office(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace with an analyst and a steward."""
    workspace = new_workspace(tmp_path / "workspace")
    with open_context(workspace.root) as context:
        for name, role in (("amal", Role.ANALYST), ("basim", Role.STEWARD)):
            access.add_account(context, name)
            access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    return workspace


@pytest.fixture
def running(office: Workspace) -> Running:
    """Run a command as somebody, and give what it tells as JSON."""

    def run(user: str, *arguments: object) -> Any:
        done = invoked(office, user, *arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def invoked(office: Workspace, user: str, *arguments: object) -> Result:
    told = [*map(str, arguments), "--user", user, "--workspace", str(office.root)]
    return CliRunner().invoke(compose(), ["policies", *told])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The policy in a file of today."""
    path = tmp_path / f"{TODAY}.yaml"
    path.write_text(a_policy(), encoding="utf-8")
    return path


def test_a_file_is_proposed_published_and_taken_back_by_commands(running: Running, file: Path) -> None:
    proposed = running("amal", "propose", POLICY, file, "--comment", "Please look.")
    waiting = running("basim", "drafts")["drafts"]
    published = running("basim", "publish", proposed["draft"])
    back = running("basim", "take-back", POLICY, 1, "--reason", "Too dear.")
    told = running("amal", "history", POLICY)

    assert (proposed["policy"], proposed["from_date"], proposed["places"]) == (POLICY, str(TODAY), [""])
    assert [(one["draft_id"], one["state"], one["authors"]) for one in waiting] == [
        (proposed["draft"], "review", ["amal"])
    ]
    assert (published["number"], published["from_date"]) == (1, str(TODAY))
    assert (back["number"], back["taken_back_reason"]) == (1, "Too dear.")
    assert [one["taken_back_by"] for one in told["publications"]] == ["basim"]
    assert told["altered"] == []
    assert running("amal", "drafts", POLICY)["drafts"] == []
    assert len(running("amal", "drafts", "--all")["drafts"]) == 1


def test_only_the_save_that_was_read_is_published(office: Workspace, running: Running, file: Path) -> None:
    running("amal", "propose", POLICY, file)
    (read,) = running("basim", "drafts")["drafts"]
    with open_context(office.root, user="amal") as context:
        save_draft(context, 1, {"": a_policy(99_999)}, seen=read["head"])
        propose(context, 1, from_date=TODAY)

    refused = invoked(office, "basim", "publish", 1, "--seen", read["head"])
    (now,) = running("basim", "drafts")["drafts"]

    assert "Look at it anew" in str(refused.exception)
    assert running("basim", "publish", 1, "--seen", now["head"])["number"] == 1


def test_commands_speak_to_people(office: Workspace, file: Path) -> None:
    lines = [
        invoked(office, "amal", "propose", POLICY, file).stdout,
        invoked(office, "amal", "drafts").stdout,
        invoked(office, "basim", "publish", 1).stdout,
        invoked(office, "basim", "history", POLICY).stdout,
        invoked(office, "basim", "take-back", POLICY, 1, "--reason", "No.").stdout,
        invoked(office, "basim", "history", POLICY).stdout,
    ]

    assert "It waits for a second person: case 1." in lines[0]
    assert "amal" in lines[1]
    assert f"{POLICY} is published as number 1" in lines[2]
    assert "all markets" in lines[3]
    assert "What was in force before it is in force again." in lines[4]
    assert "No." in lines[5]


@pytest.mark.parametrize(
    ("user", "arguments", "code", "why"),
    [
        ("amal", ("propose", POLICY), 2, "either files"),
        ("amal", ("propose", POLICY, "none.yaml"), 4, "there is none"),
        ("amal", ("propose", POLICY, "{other}"), 2, "named like 2026-04-01.yaml"),
        ("amal", ("propose", POLICY, "{file}", "--from", "soon"), 2, "A day like"),
        ("amal", ("propose", "another", "--draft", "1"), 2, "and not of another"),
        ("amal", ("publish", "1"), 5, "published by somebody else"),
        ("amal", ("take-back", POLICY, "7", "--reason", "x"), 4, "history late-fee"),
        ("basim", ("publish", "99"), 4, "no draft number 99"),
    ],
)
def test_what_cannot_be_done_is_told(
    office: Workspace, running: Running, file: Path, user: str, arguments: tuple[str, ...], code: int, why: str
) -> None:
    running("amal", "propose", POLICY, file)
    other = file.with_name("other.yaml")
    other.write_text("x: 1\n", encoding="utf-8")

    done = invoked(office, user, *(one.format(file=file, other=other) for one in arguments))

    assert isinstance(done.exception, TiffinError)
    assert (done.exception.exit_code, why in str(done.exception)) == (code, True), str(done.exception)


def test_a_copy_that_was_altered_is_told_by_the_history(office: Workspace, running: Running, file: Path) -> None:
    running("amal", "propose", POLICY, file)
    running("basim", "publish", 1)
    (office.overlay("policies") / POLICY / file.name).write_text("x: 1\n", encoding="utf-8")

    assert "was changed in the workspace" in invoked(office, "amal", "history", POLICY).stderr
    assert len(running("amal", "history", POLICY)["altered"]) == 1


def test_the_case_of_a_proposal_leads_to_its_draft(office: Workspace, running: Running, tmp_path: Path) -> None:
    file = tmp_path / f"{TODAY + timedelta(days=3)}.yaml"
    file.write_text(a_policy(), encoding="utf-8")
    case = running("amal", "propose", POLICY, file)["case"]
    client = TestClient(create_app(office), raise_server_exceptions=False)
    with open_context(office.root) as context:
        token = access.make_sign_in_link(context, "basim")
    client.get(f"/sign-in/{token}")

    assert POLICY in client.get("/cases").text
    led = client.get(f"/cases/{case}", follow_redirects=False)
    to = client.get(led.headers["location"], follow_redirects=False)

    assert to.headers["location"] == f"/policies/{POLICY}/drafts/1"
    assert "/rebase" not in client.get(to.headers["location"]).text
    assert client.get("/policies/proposals/99").status_code == 404


def test_a_draft_is_put_upon_what_came_into_force_meanwhile(
    office: Workspace, running: Running, file: Path, tmp_path: Path
) -> None:
    running("amal", "propose", POLICY, file)
    running("basim", "publish", 1)
    for number, amount in enumerate((700, 800), 1):
        later = tmp_path / f"{TODAY + timedelta(days=number)}.yaml"
        later.write_text(a_policy(amount), encoding="utf-8")
        running("amal", "propose", POLICY, later)
    running("basim", "publish", 2)
    client = TestClient(create_app(office), raise_server_exceptions=False)
    with open_context(office.root) as context:
        token = access.make_sign_in_link(context, "amal")
    client.get(f"/sign-in/{token}")
    address = f"/policies/{POLICY}/drafts/3"

    before = client.get(address).text
    after = client.post(f"{address}/rebase", data={"seen": "1", "keep": "mine"})
    with open_context(office.root) as context:
        draft = find_draft(context, 3)

    assert f'action="{address}/rebase"' in before
    assert (after.status_code, f'action="{address}/rebase"' in after.text) == (200, False)
    assert draft.base[""] == a_policy(700)
    assert "amount_minor: 800" in draft.files[""]


def test_parameters_are_proposed_from_today_on_and_with_a_table_from_its_day(running: Running, file: Path) -> None:
    numbers = file.with_name("parameters.yaml")
    numbers.write_text("parameters: [{name: fee, from: 2026-01-01, value: 5, unit: u, source: A test.}]\n", "utf-8")

    both = running("amal", "propose", POLICY, file, numbers)
    running("basim", "publish", both["draft"])
    numbers.write_text(f"parameters: [{{name: fine, from: {TODAY}, value: 9, unit: u, source: A test.}}]\n", "utf-8")
    alone = running("amal", "propose", POLICY, numbers)

    assert (both["from_date"], both["places"]) == (str(TODAY), ["", "parameters"])
    assert (alone["from_date"], alone["places"]) == (str(TODAY), ["parameters"])
    assert list(running("amal", "history", POLICY)["publications"][0]["digests"]) == ["", "parameters"]
