"""Roll-outs in a browser, over HTTP and by command: planned in a form, agreed to by a second person, taken back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient
from tests.balance.roll_outs.conftest import HARMED, HELPED, NAME, TRIED, a_plan, a_trial
from typer.testing import CliRunner

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.balance.cli import roll_outs as commands
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

Opening = Callable[..., TestClient]
TRIAL_CASE = "1"


@pytest.fixture
def opening(workspace: Workspace) -> Iterator[Opening]:
    """Open a browser in which somebody with one role is signed in."""
    opened = []

    def made(name: str, role: Role, lang: str = "en", countries: tuple[str, ...] = ("*",)) -> TestClient:
        with open_context(workspace.root) as context:
            access.add_account(context, name, password="a long password")  # noqa: S106 - of a test
            access.grant(context, name, role, countries=list(countries), terms=access.Terms("tests"))
            link = access.make_sign_in_link(context, name)
        client = TestClient(create_app(workspace), cookies={"tiffin_locale": lang})
        client.get(f"/sign-in/{link}")
        opened.append(client)
        return client

    yield made
    for one in opened:
        one.close()


def form(**changes: str) -> dict[str, str]:
    """What the form of a plan says."""
    return {
        "name": NAME,
        "cost": "0.5",
        f"wave_{HELPED}": "1",
        f"wave_{HARMED}": "2",
        "holdout": "zone",
        "held_out": "20",
        "least_days": "7",
        "most_days": "28",
        "guarded_0": "late_share",
        "most_worse_0": "8",
    } | changes


def test_a_plan_is_filled_from_its_trial_agreed_to_and_taken_back(opening: Opening) -> None:
    amal, basil = opening("amal", Role.ANALYST), opening("basil", Role.CITY_MANAGER)

    assert "No roll-out yet" in amal.get("/roll-outs").text
    empty = amal.get(f"/roll-outs/new?trial={TRIAL_CASE}")
    assert (empty.status_code, empty.text.count('name="wave_')) == (200, len(TRIED) + 2)
    refused = amal.post(f"/roll-outs/new?trial={TRIAL_CASE}", data=form(held_out="0", name="too bold"))
    assert (refused.status_code, "are held out" in refused.text, "too bold" in refused.text) == (400, True, True)
    made = amal.post(f"/roll-outs/new?trial={TRIAL_CASE}", data=form())
    address = made.url.path
    assert "Being laid out" in made.text
    changed = amal.post(f"{address}/edit", data=form(least_days="9"))
    assert "A person chose" in changed.text or "foretold" in changed.text

    def move(who: TestClient, action: str, version: int, **said: str) -> str:
        data = {"action": action, "version": str(version)} | {f"said_{name}": text for name, text in said.items()}
        moved = who.post(address, data=data)
        assert moved.status_code == 200, moved.text
        return moved.text

    move(amal, "submit_roll_out", 2)
    move(basil, "approve_roll_out", 3)
    assert "A wave runs" in move(basil, "start_wave", 4)
    move(basil, "change_city", 5, city=HELPED, to="city_held", reason="a festival")
    assert "Taken back everywhere" in move(amal, "take_back", 6, reason="merchants complain")
    assert "tighter radius" in amal.get("/roll-outs.csv").text


@pytest.mark.parametrize("lang", ["en", "ar", "zh-Hans", "zh-Hant", "pt-BR"])
def test_the_register_shows_every_city_of_a_trial_in_words(opening: Opening, lang: str) -> None:
    reader = opening("amal", Role.ANALYST, lang)

    shown = reader.get("/roll-outs/register")

    assert shown.status_code == 200
    assert shown.text.count("▲") >= len(TRIED)
    assert reader.get("/roll-outs/register?result=worse").status_code == 200
    assert reader.get("/roll-outs/register.csv").text.count("tighter radius") == len(TRIED)


def test_machines_plan_act_and_ask_whether_it_is_on(opening: Opening, workspace: Workspace) -> None:
    amal, basil = opening("amal", Role.ANALYST), opening("basil", Role.CITY_MANAGER)

    suggested = amal.get("/api/roll-outs/suggestion", params={"trial": str(a_trial()["name"])}).json()
    assert sorted(city for wave in suggested["plan"]["waves"] for city in wave) == [HELPED, HARMED]
    made = amal.post("/api/roll-outs", json=json.loads(json.dumps(a_plan().plain()))).json()
    address = f"/api/roll-outs/{made['case']}"
    amal.post(f"{address}/acts", json={"action": "submit_roll_out"})
    basil.post(f"{address}/acts", json={"action": "approve_roll_out"})
    assert basil.post(f"{address}/acts", json={"action": "start_wave"}).json()["state"] == "wave_running"
    on = amal.get(f"{address}/cities/{HELPED}").json()
    assert (on["is_on"], on["state"], on["version"]) == (True, "city_on", 2)
    assert amal.get(f"{address}/cities/{HARMED}").json()["is_on"] is False
    assert amal.get(f"{address}/cities/atlantis").status_code == 404
    zones = [amal.get(f"{address}/cities/{HELPED}", params={"unit": f"zone-{at}"}).json()["is_on"] for at in range(6)]
    assert zones.count(False) == 1
    assert amal.get("/api/roll-outs").json()["roll_outs"][0]["name"] == NAME
    evidence = amal.get("/api/roll-outs/evidence", params={"remedy": NAME, "metric": "late_share"}).json()
    assert len(evidence["tried"]) == len(TRIED)

    cli = typer.Typer()
    commands.register(cli)
    cli.command("other")(lambda: None)

    def run(*words: str) -> Any:
        done = CliRunner().invoke(cli, ["roll-outs", *words, "--workspace", str(workspace.root), "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert run("list")["roll_outs"][0]["state"] == "wave_running"
    assert run("show", NAME)["wave"] == 1
    assert len(run("register", "--result", "better")["entries"]) >= 1
    assert run("act", NAME, "take_back", "--say", "reason=enough")["state"] == "roll_out_taken_back"
    assert run("tick") == {"looked": 0, "gone_on": 0, "gone_back": 0, "overdue": 0, "refused": {}}
