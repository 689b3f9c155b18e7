"""Trials in a browser: designed in a form, agreed to by a second person, read out, and seen only where one may."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from tests.experiments.conftest import LAST, NOW, Entering, a_split, a_switchback

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.experiments.service.assigning import assign
from tiffin.capabilities.experiments.service.reading import read
from tiffin.capabilities.experiments.service.trials import act, propose
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

FORM = {
    "name": "further riders",
    "question": "Do fewer orders come late when riders are sought further away?",
    "design": "switchback",
    "unit": "zone",
    "arm_0": "today",
    "arm_1": "further",
    "cities": ["riyadh"],
    "first": "2026-02-16",
    "last": "2026-03-01",
    "metric": "late_share",
    "smallest_effect": "2",
    "window_min": "120",
    "washout_min": "0",
    "guarded_0": "late_share",
    "most_worse_0": "5",
}
Opening = Callable[..., TestClient]


@pytest.fixture
def opening(workspace: Workspace) -> Iterator[Opening]:
    """Open a browser in which somebody with one role is signed in."""
    opened = []

    def made(name: str, role: Role, countries: tuple[str, ...] = ("*",), lang: str = "en") -> TestClient:
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


def running(entering: Entering, plain: dict[str, object]) -> None:
    """Bring a trial so far that it runs."""
    with entering(now=NOW) as context:
        propose(context, plain)
        act(context, str(plain["name"]), "submit_trial")
    with entering("omar", Role.CITY_MANAGER, now=NOW) as context:
        act(context, str(plain["name"]), "approve_trial")
        act(context, str(plain["name"]), "start_trial")


def test_a_trial_is_designed_agreed_to_and_read_out(opening: Opening) -> None:
    ana, omar = opening("ana", Role.ANALYST), opening("omar", Role.CITY_MANAGER)

    assert "/experiments/new" in ana.get("/experiments").text
    page = ana.post("/experiments/new", data=FORM)
    address = page.url.path
    assert page.status_code == 200
    assert "further riders" in page.text

    def move(who: TestClient, action: str, version: int) -> str:
        moved = who.post(address, data={"action": action, "version": str(version)})
        assert moved.status_code == 200, moved.text
        return moved.text

    move(ana, "submit_trial", 1)
    move(omar, "approve_trial", 2)
    assert "Which arm holds where today" in move(omar, "start_trial", 3)
    read = omar.post(f"{address}/readings").text
    assert 'class="chart forest"' in read
    assert all(part in read for part in ("Are the arms whole?", "What carried over", "Where the effect differs"))
    assert "worse</" in read
    assert "Stopped by itself: a guardrail was broken" in read
    assert "worse" in omar.get("/experiments").text
    assert "further riders" in omar.get("/experiments.csv").text


def test_a_refusal_keeps_what_was_typed_and_a_design_is_changed(opening: Opening) -> None:
    ana = opening("ana", Role.ANALYST)

    refused = ana.post("/experiments/new", data=FORM | {"window_min": "120", "washout_min": "120"})
    unread = ana.post("/experiments/new", data=FORM | {"smallest_effect": "much"})
    assert (refused.status_code, unread.status_code) == (400, 400)
    assert "The wash-out is shorter than the window." in refused.text
    assert FORM["question"] in refused.text
    assert 'value="riyadh" checked' in refused.text
    assert "is no number" in unread.text

    address = ana.post("/experiments/new", data=FORM).url.path
    form = ana.get(f"{address}/edit").text
    assert 'name="most_worse_0" type="text" value="5"' in form
    changed = ana.post(f"{address}/edit", data=FORM | {"version": "1", "smallest_effect": "3,5"})
    assert (changed.url.path, changed.status_code) == (address, 200)
    stale = ana.post(f"{address}/edit", data=FORM | {"version": "1"})
    assert stale.status_code == 409


def test_somebody_of_another_country_sees_nothing(opening: Opening, entering: Entering) -> None:
    running(entering, a_switchback())
    with entering(now=NOW) as context:
        read(context, "further riders")
    eva, vera = opening("eva", Role.CITY_MANAGER, ("HK",)), opening("vera", Role.VIEWER)

    assert "further riders" not in eva.get("/experiments").text + eva.get("/experiments.csv").text
    missing = [eva.get("/experiments/1"), eva.get("/experiments/1/edit"), eva.post("/experiments/1/readings")]
    assert {one.status_code for one in missing} == {404}
    assert "further riders" in vera.get("/experiments").text
    assert 'name="action"' not in vera.get("/experiments/1").text
    assert "/experiments/new" not in vera.get("/experiments").text
    assert vera.post("/experiments/new", data=FORM | {"name": "mine"}).status_code == 403


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_split_tells_its_arms_and_its_course_in_the_readers_language(
    opening: Opening, entering: Entering, lang: str
) -> None:
    running(entering, a_split(others=["orders"]))
    with entering(now=NOW) as context:
        assign(context, "earlier hand-over", [f"m-{number}" for number in range(9)])
        read(context, "earlier hand-over")
    omar = opening("omar", Role.CITY_MANAGER, lang=lang)
    omar.post("/experiments/1/readings")
    page = omar.get("/experiments/1").text

    assert page.count('class="chart forest"') > 2  # one for each metric, and one for the segments of each dimension
    assert 'class="band"' in page
    assert ("units were given it" in page) == (lang == "en")
    assert str(LAST.year) in page or lang == "ar"
    assert omar.get("/experiments/new").status_code == 200
