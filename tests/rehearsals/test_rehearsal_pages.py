"""Rehearsals as people meet them in a browser, and programs over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.rehearsals.cli.running import run_kept
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rosters import Roster
from tiffin.capabilities.rehearsals.service import runs
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

PLAN = Plan(
    scenario="kuwait-city/2026-02-24",
    city_id="kuwait-city",
    day=date(2026, 2, 24),
    policies=("nearest",),
    roster=Roster(riders_factor=1.2),
    is_undisturbed=False,
    replications=2,
    seed=7,
)
FORM = {"scenario": PLAN.scenario, "policy": "nearest", "roster": "own", "replications": "2"}
SIMULATED = "Nothing here really happened"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace with one rehearsal that is done, and one that waits."""
    made = new_workspace(tmp_path_factory.mktemp("rehearsed") / "workspace")
    for _ in range(2):
        with open_context(made.root) as context:
            number = runs.ask(context, PLAN)
        if number == 1:
            run_kept(made.root, number, user=None)
    with open_context(made.root) as context:
        for name, role, country in (("reader", Role.VIEWER, "KW"), ("abroad", Role.ANALYST, "SA")):
            access.add_account(context, name)
            access.grant(context, name, role, countries=[country], terms=access.Terms("tests"))
    return made


@pytest.fixture
def browser(workspace: Workspace) -> Callable[..., TestClient]:
    """Sign somebody in; without a name, the owner."""
    app = create_app(workspace)

    def signed_in(name: str = "") -> TestClient:
        with open_context(workspace.root) as context:
            link = access.make_sign_in_link(context, name or context.actor.name)
        client = TestClient(app, follow_redirects=False)
        client.get(f"/sign-in/{link}")
        return client

    return signed_in


def test_every_page_and_file_says_that_it_is_simulated(browser: Callable[..., TestClient]) -> None:
    owner = browser()
    for path in ("/rehearsals", "/rehearsals/new", "/rehearsals/1", "/rehearsals/2", "/rehearsals/1/playback"):
        assert SIMULATED in owner.get(path).text
    for path in ("/api/rehearsals", "/api/rehearsals/1", "/api/rehearsals/1/playback"):
        assert owner.get(path).json()["is_simulated"] is True
    file = owner.get("/rehearsals/1/export.csv")
    assert file.headers["content-disposition"] == 'attachment; filename="simulated-rehearsal-1.csv"'
    assert all(line.endswith("simulated:kuwait-city/2026-02-24") for line in file.text.splitlines()[1:])
    assert json.loads(owner.get("/rehearsals/1/export.json").text)["is_simulated"] is True
    assert owner.get("/rehearsals/1/export.xlsx").status_code == 404


def test_the_page_tells_figures_side_by_side_and_what_they_mean(browser: Callable[..., TestClient]) -> None:
    told = browser().get("/rehearsals/1").text

    for said in (
        "What differs",
        "With 20% more riders than the city&#39;s own roster",
        "Difference, B less A",
        "Receipt",
    ):
        assert said in told
    assert told.count("<svg") > 10
    assert "How well the simulator fits what is real" in told


def test_the_playback_s_table_tells_what_its_data_tell(browser: Callable[..., TestClient]) -> None:
    owner = browser()
    told = owner.get("/rehearsals/1/playback").text
    data = owner.get("/api/rehearsals/1/playback").json()
    [overload] = data["planted"]

    assert [arm["key"] for arm in data["arms"]] == ["a", "b"]
    assert overload["name"] == "Merchant overload"
    assert data["is_as_kept"] is True
    assert len(data["zones"]) == 12
    first = data["arms"][0]
    lost = sum(status == 4 for status in first["orders"]["status"])
    assert f'<td class="num"><bdi>{lost}</bdi></td>' in told
    assert owner.get("/rehearsals/1/playback?replication=3").status_code == 404
    assert owner.get("/api/rehearsals/1/playback?replication=2").json()["arms"][0]["orders"] != first["orders"]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"other": "nearest"}, 400, "two different ones"),
        ({"policy": "farthest"}, 404, "There are: nearest"),
        ({"roster": "changed", "riders": "many"}, 400, "such as +10%"),
        ({"roster": "given"}, 400, "none was chosen"),
        ({"replications": "0"}, 400, "Between 1 and"),
        ({"replications": "few"}, 400, "A whole number"),
        ({"scenario": "atlantis/2026-02-24"}, 404, "no scenario atlantis"),
    ],
)
def test_a_form_that_cannot_be_is_shown_again_with_what_to_mend(
    browser: Callable[..., TestClient], change: dict[str, str], status: int, said: str
) -> None:
    answer = browser().post("/rehearsals", data=FORM | change)

    assert (answer.status_code, said in answer.text) == (status, True)
    assert '<form class="rehearse' in answer.text


def test_a_roster_s_file_is_read_and_refused_with_its_line(browser: Callable[..., TestClient]) -> None:
    file = ("mine.csv", b"zone,on,off\nnowhere,10:00,12:00\n", "text/csv")
    answer = browser().post("/rehearsals", data=FORM | {"roster": "given"}, files={"roster_file": file})

    assert "mine.csv, line 2: &#39;nowhere&#39; is no zone of this city" in answer.text


def test_who_may_not_rehearse_is_shown_no_way_to_it_and_refused(browser: Callable[..., TestClient]) -> None:
    reader = browser("reader")
    listed, shown = reader.get("/rehearsals").text, reader.get("/rehearsals/2").text

    assert 'href="/rehearsals/1"' in listed
    assert 'href="/rehearsals/new"' not in listed
    assert "Run again" not in shown
    assert "No city that you may rehearse" in reader.get("/rehearsals/new").text
    assert reader.post("/rehearsals", data=FORM).status_code == 403
    for action in ("run", "cancel", "delete"):
        assert reader.post("/rehearsals/2", data={"action": action}).status_code == 403


def test_who_may_not_see_the_city_finds_no_rehearsal_of_it(browser: Callable[..., TestClient]) -> None:
    abroad = browser("abroad")

    assert 'href="/rehearsals/1"' not in abroad.get("/rehearsals").text
    assert abroad.get("/api/rehearsals").json()["rehearsals"] == []
    for path in ("/rehearsals/1", "/rehearsals/1/playback", "/rehearsals/1/export.csv", "/api/rehearsals/1/playback"):
        assert abroad.get(path).status_code == 404
    assert abroad.post("/rehearsals/1", data={"action": "delete"}).status_code == 404


def test_a_rehearsal_that_waits_is_cancelled_and_deleted_from_its_page(
    browser: Callable[..., TestClient], workspace: Workspace
) -> None:
    owner = browser()
    with open_context(workspace.root, now=datetime.now(UTC)) as context:
        number = runs.ask(context, PLAN)
    waiting = owner.get(f"/rehearsals/{number}").text
    done = owner.post("/rehearsals/1", data={"action": "cancel"})
    unknown = owner.post(f"/rehearsals/{number}", data={"action": "burn"})
    cancelled = owner.post(f"/rehearsals/{number}", data={"action": "cancel"})
    after = owner.get(f"/rehearsals/{number}").text
    deleted = owner.post(f"/rehearsals/{number}", data={"action": "delete"})

    assert 'hx-trigger="every 1s"' in waiting
    assert "<progress" in waiting
    assert (done.status_code, "nothing to cancel" in done.text) == (409, True)
    assert unknown.status_code == 400
    assert cancelled.headers["location"] == f"/rehearsals/{number}"
    assert "was cancelled" in after
    assert "Run again" in after
    assert deleted.headers["location"] == "/rehearsals"
    assert owner.get(f"/rehearsals/{number}").status_code == 404


def test_an_empty_list_tells_what_to_do(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> None:
    empty = new_workspace(tmp_path / "workspace")
    with open_context(empty.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    client = TestClient(create_app(empty))
    client.get(f"/sign-in/{link}")

    told = client.get("/rehearsals").text
    assert "No rehearsal yet" in told
    assert told.count('href="/rehearsals/new"') == 2
