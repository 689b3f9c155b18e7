"""A workspace states policies and models of its own; they are assets like those that ship."""

import html
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.cli import register
from tiffin.capabilities.catalog.domain.assets import LifeCycle
from tiffin.capabilities.catalog.service.lineage import estate_of, own_problems
from tiffin.capabilities.catalog.service.lineage_walks import picture_of, walk
from tiffin.capabilities.catalog.service.own_assets import own_assets_in
from tiffin.capabilities.catalog.service.rulings import rulings
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace, create_workspace

POLICY = """\
id: rain_bonus
title: {en: Rain bonus, ar: علاوة المطر}
description:
  en: What riders are paid on top while it rains.
  ar: ما يُدفع للمندوبين زيادةً أثناء المطر.
owner: city_operations
lifecycle: proposed
reads: [table:weather, model:rain_forecast]
writes: [report:daybook]
"""
MODEL = """\
id: rain_forecast
title: {en: Rain forecast}
description: {en: How likely rain is in each half hour.}
owner: analytics
reads: [table:weather]
"""
BONUS, FORECAST = AssetId(AssetKind.POLICY, "rain_bonus"), AssetId(AssetKind.MODEL, "rain_forecast")


def state(workspace: Workspace, name: str, text: str) -> Path:
    path = workspace.root / "assets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Make a workspace without facts once: reading all definitions anew takes a second."""
    return create_workspace(tmp_path_factory.mktemp("own") / "workspace")


@pytest.fixture
def stated(made: Workspace) -> Workspace:
    """State a policy and a model, and nothing else."""
    shutil.rmtree(made.root / "assets", ignore_errors=True)
    state(made, "policies/rain.yaml", POLICY)
    state(made, "models/rain.yaml", MODEL)
    return made


def test_own_policies_and_models_stand_beside_those_that_ship(stated: Workspace) -> None:
    with open_context(stated.root) as context:
        known = {one.id: one for one in service.assets(context)}
        problems = own_problems(context)

    assert problems == ()
    assert {one.id for one in rulings()} | {BONUS, FORECAST} <= set(known)
    bonus = known[BONUS]
    assert (bonus.label_in("ar"), bonus.label_in("pt_BR")) == ("علاوة المطر", "Rain bonus")
    assert (bonus.owner, bonus.life_cycle) == ("city_operations", LifeCycle.PROPOSED)
    assert bonus.file == "assets/policies/rain.yaml"
    assert bonus.technical_owner == known[rulings()[0].id].technical_owner
    assert known[FORECAST].life_cycle is LifeCycle.ACTIVE


def test_what_they_read_and_write_is_in_the_lineage(stated: Workspace) -> None:
    with open_context(stated.root) as context:
        graph = estate_of(context).graph
    up = {one.asset for one in graph.upstream(BONUS)}

    assert {FORECAST, AssetId(AssetKind.TABLE, "weather"), AssetId(AssetKind.COLUMN, "weather.precipitation_mm")} <= up
    assert AssetId(AssetKind.REPORT, "daybook") in {one.asset for one in graph.downstream(FORECAST)}


def test_the_drawing_leads_from_what_goes_in_to_what_comes_out(stated: Workspace) -> None:
    with open_context(stated.root) as context:
        picture = picture_of(walk(context, BONUS))

    place = {box.key: number for number, layer in enumerate(picture.layers) for box in layer}
    assert {(FORECAST.text, BONUS.text), (BONUS.text, "report:daybook")} <= set(picture.edges)
    assert place["table:weather"] < place[FORECAST.text] < place[BONUS.text] < place["report:daybook"]


def test_a_file_that_changes_or_goes_is_seen_at_once(stated: Workspace) -> None:
    path = stated.root / "assets" / "policies" / "rain.yaml"
    path.write_text(POLICY.replace("writes: [report:daybook]", "writes: []").replace("Rain bonus", "Bonus in rain"))
    with open_context(stated.root) as context:
        assert service.find_asset(context, BONUS).label_in("en") == "Bonus in rain"
        assert not estate_of(context).graph.downstream(BONUS)
    path.unlink()
    with open_context(stated.root) as context:
        assert BONUS not in {one.id for one in service.assets(context)}
        assert BONUS not in estate_of(context).graph


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("owner: city_operations", "owners: city_operations", "rain.yaml, line 6: a policy or model has the keys"),
        ("id: rain_bonus", "id: Rain bonus", "line 1: an `id` begins with a small letter"),
        ("id: rain_bonus", "id: grant_terms", "line 1: policy:grant_terms is stated already, in rulings.yaml"),
        ("{en: Rain bonus, ar", "{ar", "line 2: `title` has a text in English"),
        ("{en: Rain bonus, ar", "{en: Rain bonus, fr", "line 2: `title` has a text in English"),
        ("owner: city_operations", "owner: [a, b]", "line 6: `owner` names a team or a person"),
        ("lifecycle: proposed", "lifecycle: dreamt", "line 7: `lifecycle` is one of proposed, active"),
        ("[table:weather,", "[weather,", "line 8: `reads` names assets as"),
        ("writes: [report:daybook]", "writes: report:daybook", "line 9: `writes` names assets as"),
        ("title:", "title", "could not be read as YAML"),
    ],
)
def test_a_faulty_file_is_told_with_its_line_and_hinders_no_other(
    stated: Workspace, old: str, new: str, told: str
) -> None:
    assert old in POLICY
    state(stated, "policies/rain.yaml", POLICY.replace(old, new, 1))
    found = own_assets_in(stated)
    (problem,) = found.problems

    assert "assets/policies/rain.yaml" in problem
    assert told in problem
    assert [one.id for one in found.sound] == [FORECAST]


def test_what_is_not_there_is_told_and_the_rest_still_linked(stated: Workspace) -> None:
    state(stated, "policies/rain.yaml", POLICY.replace("table:weather", "table:wether") + "successor: policy:gone\n")
    with open_context(stated.root) as context:
        problems = own_problems(context)
        up = {one.asset for one in estate_of(context).graph.upstream(BONUS)}

    assert [one.split(" which ")[0] for one in problems] == [
        "assets/policies/rain.yaml, line 8: `reads` names table:wether,",
        "assets/policies/rain.yaml, line 10: `successor` names policy:gone,",
    ]
    assert FORECAST in up


def test_a_circle_is_told_and_leaves_the_lineage_standing(stated: Workspace) -> None:
    state(stated, "models/rain.yaml", MODEL.replace("[table:weather]", "[report:daybook]"))
    with open_context(stated.root) as context:
        (problem,) = own_problems(context)
        graph = estate_of(context).graph

    assert problem.startswith("assets/policies/rain.yaml, line 1: what policy:rain_bonus reads and writes is left out")
    assert "model:rain_forecast" in problem
    assert AssetId(AssetKind.REPORT, "daybook") in {one.asset for one in graph.upstream(FORECAST)}
    assert BONUS in graph


def test_files_in_a_place_that_is_not_read_are_told(stated: Workspace) -> None:
    state(stated, "policy/other.yaml", POLICY)
    state(stated, "policies/more.yaml", POLICY)
    second, misplaced = own_assets_in(stated).problems

    assert second.startswith("assets/policies/rain.yaml, line 1: policy:rain_bonus is stated already, in assets/polici")
    assert misplaced.startswith("assets/policy/other.yaml: nothing is read from this place.")


@pytest.fixture
def browser(stated: Workspace) -> Callable[[str], str]:
    client = TestClient(create_app(stated.root))
    with open_context(stated.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    client.cookies.set("tiffin_locale", "ar")
    return lambda address: html.unescape(client.get(address).text)


def test_pages_and_commands_show_them_and_tell_what_is_wrong(stated: Workspace, browser: Callable[[str], str]) -> None:
    state(stated, "models/other.yaml", "id: other\n")
    listed, own = browser("/catalog?kind=policy"), browser("/catalog/policy/rain_bonus")
    app = typer.Typer()
    register(app)
    told = CliRunner().invoke(app, ["catalog", "list", "rain", "--workspace", str(stated.root)])

    assert "علاوة المطر" in listed
    assert "assets/models/other.yaml, line 1" in listed
    assert "للسياسة أو النموذج المفاتيح" in listed
    assert "ما يُدفع للمندوبين زيادةً أثناء المطر." in own
    assert "Rain bonus" not in own
    assert "rain_bonus" in told.stdout
    assert "assets/models/other.yaml, line 1: a policy or model has the keys" in told.stderr
