"""A day-book as figures, page, command and address."""

import json
from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.cli import register
from tiffin.capabilities.balance.service import payload
from tiffin.capabilities.balance.service.page import render_file
from tiffin.capabilities.balance.service.page_city import city_page
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 25)


@pytest.fixture(scope="module")
def rainy(simulated: Workspace, entering: Any) -> Any:
    """Dubai's rainy day."""
    with entering(simulated) as context:
        return service.daybook(context, "dubai", DAY)


def test_shares_of_every_episode_add_up_to_the_miss(rainy: Any) -> None:
    assert rainy.episodes
    for episode in rainy.episodes:
        assert fsum(c.share for c in episode.causes) == pytest.approx(1.0, abs=1e-9)
        assert fsum(c.weighed_min for c in episode.causes) == pytest.approx(episode.miss_min, abs=1e-9)


def test_costliest_episodes_come_first(rainy: Any) -> None:
    misses = [episode.miss_min for episode in rainy.episodes]

    assert misses == sorted(misses, reverse=True)


def test_stages_of_an_episode_add_up_to_the_way_to_the_door(rainy: Any) -> None:
    episode = rainy.episodes[0]

    assert sum(s.actual_min for s in episode.stages) == pytest.approx(episode.door_min, abs=0.05)


def test_costs_equal_the_governed_metrics(rainy: Any) -> None:
    headline = {figure.metric: figure.value for figure in rainy.headline}

    assert rainy.cost.late_orders == headline["late_orders"]
    assert rainy.cost.lost_orders == headline["lost_orders"]
    assert rainy.cost.refund_minor == headline["refund_value"]


def test_headline_figures_are_those_of_the_metrics_service(rainy: Any, simulated: Workspace, entering: Any) -> None:
    from tiffin.capabilities.metrics import service as metrics  # noqa: PLC0415 - the other side of the comparison

    where = (Condition("city_id", Operator.EQ, ("dubai",)),)
    with entering(simulated) as context:
        asked = metrics.query(context, MetricRequest(("orders", "on_time_share"), where=where, days=Days(DAY, DAY)))
    headline = {figure.metric: figure.value for figure in rainy.headline}
    assert asked.rows[0] == (headline["orders"], headline["on_time_share"])


def test_every_figure_carries_metric_and_version(rainy: Any) -> None:
    page = render_file(rainy, "en")

    assert all(f"{figure.metric} v{figure.version}" in page for figure in rainy.headline)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_stands_alone_in_every_language(rainy: Any, locale: str) -> None:
    page = render_file(rainy, locale)

    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert f'dir="{"rtl" if locale == "ar" else "ltr"}"' in page
    assert 'class="simulated"' in page
    assert page.count("<svg") >= 5


@pytest.mark.parametrize("locale", [code for code in LOCALES if code != "en"])
def test_no_english_sentence_is_left_in_a_translated_page(rainy: Any, locale: str) -> None:
    page = render_file(rainy, locale)

    assert not [
        text for text in ("Where supply", "Longer travel", "What to do", "usual", "Late orders") if text in page
    ]


def test_json_gives_every_field_as_plain_values(rainy: Any) -> None:
    plain = payload(rainy)

    assert json.loads(json.dumps(plain)) == plain
    assert plain["city"]["is_simulated"] is True
    assert plain["episodes"][0]["causes"][0]["cause"] == "longer_travel"
    assert plain["day"] == "2026-02-25"


def test_a_city_and_its_zones_are_named_in_the_readers_language(rainy: Any) -> None:
    page = render_file(rainy, "ar")

    assert "دبي" in page
    assert "Dubai" not in page.replace("Asia/Dubai", "")
    assert "وسط مدينة دبي" in page


def test_a_written_daybook_lies_in_the_workspace_with_its_json(simulated: Workspace, entering: Any) -> None:
    with entering(simulated, locale="ar") as context:
        path = service.write_daybook(context, "doha", DAY)

    assert path == simulated.daybooks / "doha" / "2026-02-25.ar.html"
    assert json.loads((path.parent / "2026-02-25.json").read_text())["city"]["city_id"] == "doha"


def test_a_city_without_grant_is_refused(simulated: Workspace, entering: Any) -> None:
    only_doha = (Grant(Role.VIEWER, (), ("doha",)),)
    with entering(simulated, grants=only_doha) as context:
        assert [c.city_id for c in service.list_cities(context)] == ["doha"]
        assert set(service.day_index(context)) == {"doha"}
        with pytest.raises(Forbidden, match="no grant for dubai"):
            service.daybook(context, "dubai", DAY)


def test_an_unknown_city_or_day_names_what_there_is(simulated: Workspace, empty: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        with pytest.raises(NotFound, match="doha"):
            service.daybook(context, "dohha", DAY)
        with pytest.raises(NotFound, match="reach from 2026-02-16 to 2026-03-01"):
            service.daybook(context, "doha", date(2020, 1, 1))
    with entering(empty) as context, pytest.raises(NotFound, match="No facts are loaded yet"):
        service.daybook(context, "doha", DAY)


def test_shelves_hold_days_by_month(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        shelf = next(s for s in service.shelf(context) if s.city.city_id == "doha")

    assert [(m.first.isoformat(), len(m.days)) for m in shelf.months] == [("2026-03-01", 1), ("2026-02-01", 13)]


def test_a_page_knows_the_days_beside_it(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        first = service.page_of(context, "doha", date(2026, 2, 16))
        last = service.page_of(context, "doha", date(2026, 3, 1))

    assert (first["before"], first["after"]) == (None, date(2026, 2, 17))
    assert (last["before"], last["after"]) == (date(2026, 2, 28), None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("parameters: 3\n", "must hold a list"),
        ("parameters: [{name: alone}]\n", "needs name, value"),
        ("parameters: [{name: nought, value: 1, from: 2020-01-01, source: x}]\n", "no parameter of the balance"),
        ("parameters: [{name: alone, value: -1, from: 2020-01-01, source: x}]\n", "at least 0"),
    ],
)
def test_parameters_of_a_workspace_are_checked(simulated: Workspace, entering: Any, text: str, complaint: str) -> None:
    own = simulated.root / "parameters" / "balance.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text)
    try:
        with entering(simulated) as context, pytest.raises(InvalidDefinition, match=complaint):
            service.daybook(context, "doha", DAY)
    finally:
        own.unlink()


def test_parameters_of_a_workspace_hold_from_their_date(simulated: Workspace, entering: Any) -> None:
    own = simulated.root / "parameters" / "balance.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text("parameters: [{name: most_episodes, value: 0, from: 2026-02-25, source: a trial}]\n")
    try:
        with entering(simulated) as context:
            assert service.daybook(context, "dubai", DAY).episodes == ()
            assert service.daybook(context, "dubai", date(2026, 2, 23)).episodes
    finally:
        own.unlink()


def run(*words: str) -> Any:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(words))


def test_the_command_writes_a_page_where_it_is_told(simulated: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "pages" / "doha.html"

    done = run("daybook", "doha", "last", "--workspace", str(simulated.root), "--out", str(out), "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["path"] == str(out)
    assert "<svg" in out.read_text(encoding="utf-8")


def test_the_command_tells_a_day_in_plain_text(simulated: Workspace) -> None:
    done = run("daybook", "dubai", "2026-02-25", "--workspace", str(simulated.root))

    assert done.exit_code == 0, done.output
    assert "First cause: Longer travel" in done.stdout
    assert done.stdout.strip().endswith("2026-02-25.html")


def test_the_command_tells_what_was_decided_tried_and_waits_as_the_page_does(
    simulated: Workspace, entering: Any, tmp_path: Path
) -> None:
    asked = ("daybook", "dubai", "2026-02-25", "--workspace", str(simulated.root))
    out = tmp_path / "page.html"

    told, given = run(*asked), run(*asked, "--json", "--out", str(out))
    with entering(simulated) as context:
        page = city_page(context, "dubai", date(2026, 2, 25))

    assert (told.exit_code, given.exit_code) == (0, 0), told.output + given.output
    assert json.loads(given.stdout)["sections"] == {part["name"]: part["rows"] for part in page["sections"]}
    titles = [part["title"] for part in page["sections"]]
    assert len(titles) == 4
    assert all(title in told.stdout and title in out.read_text(encoding="utf-8") for title in titles)


def test_the_page_left_in_the_workspace_holds_nothing_that_only_its_writer_may_see(simulated: Workspace) -> None:
    done = run("daybook", "dubai", "2026-02-25", "--workspace", str(simulated.root), "--json")

    page = Path(json.loads(done.stdout)["path"]).read_text(encoding="utf-8")
    assert "Open cases that need a person" not in page


def test_all_days_of_a_city_are_written_at_once(real: Workspace) -> None:
    done = run("daybook", "grubhub-0o50t75s1p100", "--all", "--workspace", str(real.root), "--json")

    books = json.loads(done.stdout)["daybooks"]
    assert [book["day"] for book in books] == ["2018-01-01"]
    assert all(Path(book["path"]).is_file() for book in books)


def test_diagnose_shows_causes_with_their_shares(simulated: Workspace) -> None:
    done = run("diagnose", "dubai", "2026-02-25", "--workspace", str(simulated.root), "--json")

    causes = json.loads(done.stdout)["episodes"][0]["causes"]
    assert causes[0]["cause"] == "longer_travel"
    assert sum(cause["share"] for cause in causes) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "words",
    [
        ("daybook",),
        ("daybook", "doha"),
        ("daybook", "doha", "2026-02-25", "--all"),
        ("daybook", "doha", "2026-02-25", "--locale", "xx"),
        ("daybook", "doha", "yesterday"),
    ],
)
def test_wrong_use_of_the_command_says_so(simulated: Workspace, words: tuple[str, ...]) -> None:
    done = run(*words, "--workspace", str(simulated.root))

    assert isinstance(done.exception, WrongUse)


def test_both_engines_tell_the_same_day(rainy: Any, simulated: Workspace, entering: Any) -> None:
    with entering(simulated, engine="spark") as context:
        other = service.daybook(context, "dubai", DAY)

    here, there = payload(rainy), payload(other)
    assert [e["cells"] for e in there["episodes"]] == [e["cells"] for e in here["episodes"]]
    for one, same in zip(here["episodes"], there["episodes"], strict=True):
        assert same["miss_min"] == pytest.approx(one["miss_min"], rel=1e-9)
        assert [c["share"] for c in same["causes"]] == pytest.approx([c["share"] for c in one["causes"]], abs=1e-9)
    assert there["cost"] == pytest.approx(here["cost"])
    values = [(f["metric"], f["value"]) for f in here["headline"]]
    assert [f["metric"] for f in there["headline"]] == [name for name, _ in values]
    assert [f["value"] for f in there["headline"]] == pytest.approx([value for _, value in values], rel=1e-9)
