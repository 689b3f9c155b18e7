"""Dashboards as code: sound definitions, tiles equal to the metrics themselves, filters, rows, permissions."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.scorecards.domain.grammar import form_for
from tiffin.capabilities.scorecards.service.answering import answer_dashboard
from tiffin.capabilities.scorecards.service.choosing import chosen_on
from tiffin.capabilities.scorecards.service.library import dashboards_in, find_dashboard
from tiffin.capabilities.scorecards.service.places import places_of
from tiffin.capabilities.scorecards.service.rows import all_rows_behind, rows_behind
from tiffin.capabilities.scorecards.service.viewing import show_dashboard
from tiffin.cli.composition import compose
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import create_workspace, open_workspace

Opener = Callable[..., object]
RIYADH = Condition("city_id", Operator.EQ, ("riyadh",))
BROKEN = """\
dashboard: mine
title: {en: Mine, ar: لي, zh_Hans: 我的, zh_Hant: 我的, pt_BR: Meu}
purpose: {en: Mine, ar: لي, zh_Hans: 我的, zh_Hant: 我的, pt_BR: Meu}
level: operations
filters: [city_id]
tiles:
  - {metric: ordres}
  - {form: bar, metric: orders, by: fleet_id}
  - {metric: orders, agianst: week}
"""


def answered(context: Context, name: str, **raw: str):  # noqa: ANN201 - what the service gives
    dashboard, places = find_dashboard(context, name), places_of(context)
    return answer_dashboard(context, dashboard, chosen_on(context, dashboard, places, raw), places)


def test_every_shipped_dashboard_is_sound(opened: Opener) -> None:
    with opened() as context:
        sound, problems = dashboards_in(context.workspace)

    assert not problems
    assert {"city_operations", "country_management", "rider_team", "city_morning"} <= {one.name for one in sound}


def test_a_faulty_dashboard_is_told_with_file_and_line(tmp_path: Path) -> None:
    root = create_workspace(tmp_path / "workspace").root
    (root / "dashboards").mkdir(exist_ok=True)
    (root / "dashboards" / "mine.yaml").write_text(BROKEN, encoding="utf-8")

    _, problems = dashboards_in(open_workspace(root))
    found = CliRunner().invoke(compose(), ["scorecards", "check", "--workspace", str(root)])

    told = [str(one) for one in problems]
    assert len(told) == 3
    assert "mine.yaml, line 7" in told[0]
    assert "Did you mean" in told[0]
    assert "mine.yaml, line 8" in told[1]
    assert "fleet_id" in told[1]
    assert "mine.yaml, line 9" in told[2]
    assert "`agianst` means nothing here" in told[2]
    assert found.exit_code == 1


def test_each_tile_equals_the_metric_asked_alone(opened: Opener) -> None:
    with opened() as context:
        told = answered(context, "city_operations", city_id="riyadh")
        days = told.chosen.days
        for tile in (one for one in told.tiles if one.tile.form == "value"):
            alone = metrics.query(context, MetricRequest(tile.tile.metrics, where=(RIYADH,), days=days))
            value = alone.rows[0][0] if alone.rows else None
            assert tile.value == (None if value is None else pytest.approx(float(value))), tile.tile.metrics


def test_a_page_of_many_tiles_takes_one_question_a_grouping(opened: Opener) -> None:
    with opened() as context:
        told = answered(context, "city_operations", city_id="riyadh")

    assert len(told.tiles) == 12
    assert told.requests == 5  # by day, by hour, the week before by hour, weekday by hour, zone


def test_the_week_before_is_the_same_weekday(opened: Opener) -> None:
    with opened() as context:
        told = answered(context, "city_operations", city_id="riyadh", first="2026-02-28", last="2026-02-28")

    orders = told.tiles[0]
    assert (orders.value, orders.other) == (6.0, 6.0)


def test_a_filter_narrows_every_tile_and_the_address_keeps_it(opened: Opener) -> None:
    with opened() as context:
        view = show_dashboard(
            context, find_dashboard(context, "city_operations"), {"city_id": "riyadh", "zone_id": "x"}
        )
        whole = answered(context, "city_operations", city_id="riyadh")
        hour = answered(context, "city_operations", city_id="riyadh", local_hour="15")

    assert view.address["city_id"] == "riyadh"
    assert "zone_id" not in view.address  # no zone of that name is known
    assert 0 < hour.tiles[0].value < whole.tiles[0].value


def test_a_figure_that_cannot_be_narrowed_says_so_and_is_not_asked(opened: Opener) -> None:
    with opened() as context:
        view = show_dashboard(context, find_dashboard(context, "rider_team"), {"city_id": "riyadh", "vehicle": "car"})

    assert all(not tile.value or tile.said == "" for tile in view.tiles)


@pytest.mark.parametrize(("raw", "error"), [({"city_id": "oz"}, NotFound), ({"last": "soon"}, WrongUse)])
def test_a_wrong_choice_is_refused_with_what_was_expected(opened: Opener, raw: dict, error: type) -> None:
    with opened() as context, pytest.raises(error):
        show_dashboard(context, find_dashboard(context, "city_operations"), raw)


def test_a_reader_sees_his_own_cities_alone(opened: Opener) -> None:
    with opened(user="mona") as context:
        told = answered(context, "country_management")
        with pytest.raises(NotFound):
            answered(context, "city_operations", city_id="dubai")

    assert told.tiles[0].value == 42.0  # seven days of six orders, Riyadh's


@pytest.mark.parametrize("metric", ["orders", "late_orders", "delivered_orders"])
def test_the_rows_behind_a_count_are_as_many_as_it_says(opened: Opener, metric: str) -> None:
    with opened() as context:
        request = MetricRequest((metric,), where=(RIYADH,))
        value = metrics.query(context, request).rows[0][0]
        found = all_rows_behind(context, request)

    assert found.total == len(found.rows) == value
    assert found.value == value


def test_both_parts_of_a_share_can_be_listed_and_give_it(opened: Opener) -> None:
    with opened() as context:
        request = MetricRequest(("late_share",), where=(RIYADH,))
        share = metrics.query(context, request).rows[0][0]
        parts = rows_behind(context, request).parts
        totals = sorted(rows_behind(context, request, part=one.number).total for one in parts)

    assert totals[0] / totals[-1] == pytest.approx(share)


def test_rows_hide_what_no_grant_opens_and_stay_within_the_readers_cities(opened: Opener) -> None:
    request = MetricRequest(("orders",))
    with opened() as context:
        whole = rows_behind(context, request, limit=10)
    with opened(user="vic") as context:
        narrow = rows_behind(context, request, limit=1000)

    assert whole.total == 192
    assert narrow.total == 96
    assert narrow.masked
    hidden = [narrow.columns.index(name) for name in narrow.masked]
    assert all(row[at] is None for row in narrow.rows for at in hidden)


def test_whoever_is_told_groups_only_sees_no_rows(opened: Opener) -> None:
    with opened(user="gus") as context, pytest.raises(Forbidden, match="groups of at least 5"):
        rows_behind(context, MetricRequest(("orders",)))


def test_a_number_that_has_no_rows_of_its_own_says_so(opened: Opener) -> None:
    with opened() as context, pytest.raises(WrongUse):
        rows_behind(context, MetricRequest(("outstanding_orders_last",)))


@pytest.mark.parametrize(
    ("by", "form"),
    [
        ((), "value"),
        (("business_date",), "line"),
        (("local_hour",), "line"),
        (("category",), "bar"),
        (("zone_id",), "map"),
        (("weekday", "local_hour"), "heatmap"),
        (("zone_id", "category"), "table"),
    ],
)
def test_the_drawing_follows_from_the_split(by: tuple[str, ...], form: str) -> None:
    assert form_for(by, units=1, has_city=True) == form


def test_pages_answer_and_tell_a_wrong_choice_in_place(browser: TestClient) -> None:
    assert browser.get("/dashboards").status_code == 200
    good = browser.get("/dashboards/city_operations?city_id=riyadh")
    bad = browser.get("/dashboards/city_operations?city_id=oz")
    rows = browser.get("/dashboards/city_operations/rows?city_id=riyadh&metric=orders")
    file = browser.get("/dashboards/city_operations/rows.csv?city_id=riyadh&metric=orders")
    none = browser.get("/dashboards/city_operations/rows?city_id=riyadh&metric=refunds")

    assert good.status_code == 200
    assert "Receipt" in good.text
    assert "/metrics/trees/" in good.text
    assert bad.status_code == 404
    assert "There is no city" in bad.text
    assert "Orders by hour" in bad.text
    assert "6 rows" in rows.text
    assert file.text.count("\n") == 7
    assert none.status_code == 404


def test_a_question_is_built_saved_shared_and_taken_away(browser: TestClient) -> None:
    built = browser.get("/explore?metrics=late_share&by=local_hour&city_id=riyadh&q=late")
    apart = browser.get("/explore?metrics=late_share&metrics=team_riders&by=local_hour")
    address = "metrics=late_share&by=local_hour&city_id=riyadh"
    saved = browser.post("/explore/save", data={"name": "Late by hour", "address": address, "role": "viewer"})
    csv = browser.get("/api/metrics/query?metrics=late_share&by=local_hour&where=city_id+%3D+'riyadh'&format=csv")

    assert "<polyline" in built.text
    assert "Late share" in built.text
    assert "cannot be split by local_hour together" in apart.text
    assert "Late by hour" in saved.text
    assert csv.text.startswith("local_hour,late_share")


def test_the_command_line_lists_and_shows(made: Path) -> None:
    run = CliRunner().invoke
    told = run(compose(), ["scorecards", "list", "--workspace", str(made)]).stdout
    assert "Can be narrowed by" in told
    assert "('" not in told
    listed = run(compose(), ["scorecards", "list", "--workspace", str(made), "--json"])
    shown = run(
        compose(),
        ["scorecards", "show", "city_morning", "--where", "city_id=riyadh", "--workspace", str(made), "--json"],
    )

    assert '"city_operations"' in listed.stdout
    assert '"requests": 1' in shown.stdout
