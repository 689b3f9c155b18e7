"""Health is a weighed mean of what is known, from dated numbers; use is counted; a day is kept once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.health import Health, HealthRules, Part, PartScore, Sight, health_of, mean_score
from tiffin.capabilities.catalog.domain.standing import Freshness, Quality, Standing, Usage
from tiffin.capabilities.catalog.service.days import (
    asset_trend,
    countries_stood,
    is_kept,
    keep,
    stood,
    stood_in,
    trend,
    trends,
)
from tiffin.capabilities.catalog.service.health import examine
from tiffin.capabilities.catalog.service.health_rules import read_health_rules
from tiffin.capabilities.catalog.service.standing import standings_of
from tiffin.capabilities.metrics import service as metrics
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.uses import write_all_uses
from tiffin.runtime.workspace import Workspace

Entering = Callable[..., AbstractContextManager[Context]]
ORDERS, LATE = AssetId(AssetKind.TABLE, "orders"), AssetId(AssetKind.METRIC, "late_share")
RULES = HealthRules({AssetKind.TABLE: dict.fromkeys(Part, 1.0)}, fresh_days=1, stale_days=5, users=4, good=80, fair=60)
WHOLE = Asset(
    id=ORDERS,
    label={"en": "orders"},
    meaning=dict.fromkeys(LOCALES, "Every order."),
    owner="sales",
    technical_owner="platform",
    classification=Classification.PERSONAL,
    traits={"tests": 3},
)
GOOD = Standing(Freshness(None, date(2026, 2, 21), 0), Quality(10, 0), Usage(28, 9, 4))


def values(asset: Asset = WHOLE, standing: Standing = GOOD) -> dict[Part, float | None]:
    return {one.part: one.value for one in health_of(Sight(asset, standing, (), RULES)).parts}


def test_an_asset_that_lacks_nothing_scores_a_hundred() -> None:
    found = health_of(Sight(WHOLE, GOOD, (), RULES))

    assert found.score == 100
    assert found.to_do == ()


@pytest.mark.parametrize(
    ("part", "asset", "standing", "value"),
    [
        (Part.DOCUMENTED, replace(WHOLE, meaning=dict.fromkeys(LOCALES, "Orders")), GOOD, 0.0),
        (Part.TRANSLATED, replace(WHOLE, meaning={"en": "Every order.", "ar": "كل طلب."}), GOOD, 0.4),
        (Part.OWNED, replace(WHOLE, owner=""), GOOD, 0.5),
        (Part.CLASSIFIED, replace(WHOLE, classification=None), GOOD, 0.0),
        (Part.TESTED, replace(WHOLE, traits={}), GOOD, 0.0),
        (Part.FRESH, WHOLE, replace(GOOD, freshness=Freshness(None, date(2026, 2, 18), 3)), 0.5),
        (Part.FRESH, WHOLE, replace(GOOD, freshness=Freshness(None, date(2026, 1, 1), 52)), 0.0),
        (Part.FRESH, WHOLE, replace(GOOD, freshness=None), None),
        (Part.QUALITY, WHOLE, replace(GOOD, quality=Quality(10, 4)), 0.6),
        (Part.QUALITY, WHOLE, replace(GOOD, quality=Quality(10, 4, fallen=("SA",))), 0.0),
        (Part.QUALITY, WHOLE, replace(GOOD, quality=Quality(quarantined=1, rows=3)), 0.75),
        (Part.QUALITY, WHOLE, replace(GOOD, quality=Quality()), None),
        (Part.USED, WHOLE, replace(GOOD, usage=Usage(28, 30, 1)), 0.25),
        (Part.USED, WHOLE, replace(GOOD, usage=None), None),
    ],
)
def test_each_part_is_worth_what_its_explanation_says(
    part: Part, asset: Asset, standing: Standing, value: float | None
) -> None:
    found = values(asset, standing)

    assert found[part] == (None if value is None else pytest.approx(value))
    assert all(other in (1.0, None) for name, other in found.items() if name is not part or value == 1)


def test_what_nobody_knows_yet_counts_neither_for_nor_against() -> None:
    known = (PartScore(Part.OWNED, 0.5, 1.0), PartScore(Part.FRESH, 1.0, 3.0))

    assert Health((*known, PartScore(Part.USED, None, 9.0))).score == Health(known).score == pytest.approx(87.5)
    assert Health((PartScore(Part.USED, None, 1.0),)).score is None
    assert mean_score([Health(known), Health(())]) == pytest.approx(87.5)


def test_what_costs_most_is_to_be_done_first() -> None:
    parts = (PartScore(Part.OWNED, 0.5, 1.0), PartScore(Part.FRESH, 0.5, 3.0), PartScore(Part.TESTED, 1.0, 9.0))

    assert [one.part for one in Health(parts).to_do] == [Part.FRESH, Part.OWNED]


def own_numbers(workspace: Workspace, text: str) -> None:
    folder = workspace.overlay("catalog")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "health.yaml").write_text(text, encoding="utf-8")


NUMBERS = (
    "health:\n  - {from: 2026-02-01, source: ours, fresh_days: 2, stale_days: 9, users: 1, good: 90, fair: 50,\n"
    "     weights: {table: {fresh: 1}}}\n"
)


def test_numbers_hold_from_their_day_on(empty: Workspace) -> None:
    own_numbers(empty, NUMBERS)

    before, after = (read_health_rules(empty, day) for day in (date(2026, 1, 31), date(2026, 2, 1)))

    assert (before.fresh_days, after.fresh_days) == (1, 2)
    assert set(before.weights) > set(after.weights) == {AssetKind.TABLE}


@pytest.mark.parametrize(
    "edit",
    [("stale_days: 9", "stale_days: 2"), ("fresh: 1", "funny: 1"), ("users: 1", "users: 0"), ("source: ours,", "")],
)
def test_faulty_numbers_are_refused(empty: Workspace, edit: tuple[str, str]) -> None:
    own_numbers(empty, NUMBERS.replace(*edit))

    with pytest.raises(InvalidDefinition, match=r"health\.yaml"):
        read_health_rules(empty, date(2026, 2, 22))


def test_freshness_is_that_of_the_cities_that_the_reader_may_see(seeing: Entering) -> None:
    found = {}
    for countries in (("SA",), ("AE",), ("*",)):
        with seeing("vic", Role.VIEWER, countries=countries) as context:
            found[countries[0]] = standings_of(context, service.assets(context))[ORDERS].freshness
    with seeing() as context:
        chosen = standings_of(context, service.assets(context), country="AE")[ORDERS].freshness

    assert {name: (one.latest_day, one.behind_days) for name, one in found.items() if one} == {
        "SA": (date(2026, 2, 21), 0),
        "AE": (date(2026, 2, 18), 3),
        "*": (date(2026, 2, 21), 0),
    }
    assert chosen == found["AE"]


def test_use_is_counted_where_numbers_are_asked_and_told_of_tables_too(seeing: Entering) -> None:
    for name in ("ana", "ana", "ben"):
        with seeing(name, Role.ANALYST) as context:
            metrics.query(context, MetricRequest(metrics=("late_share",)))
    write_all_uses()
    with seeing() as context:
        told = standings_of(context, service.assets(context))
    with seeing("vic", Role.VIEWER) as context:
        seen = standings_of(context, service.assets(context))

    usage, cost = told[LATE].usage, told[LATE].cost
    assert usage is not None
    assert (usage.uses, usage.users, usage.people) == (3, 2, (("ana", 2), ("ben", 1)))
    assert (sum(usage.daily), usage.daily[-1], usage.last_day) == (3, 3, date(2026, 2, 22))
    assert (cost.answer_ms or 0) > 0
    of_table = told[ORDERS].usage
    assert of_table is not None
    assert of_table.uses >= 3
    assert told[ORDERS].cost.rows == 11
    assert (told[ORDERS].cost.bytes or 0) > 1000
    assert seen[LATE].usage == replace(usage, people=())


def test_a_day_is_kept_once_and_only_as_somebody_sees_it_who_sees_everything(entering: Entering) -> None:
    for name, countries, day in (("sam", ("SA",), 0), ("sana", ("*",), 0), ("sana", ("*",), 0), ("otto", ("*",), 1)):
        with entering(name, countries=countries) as context:
            now = context.now + timedelta(days=day)
        with entering(name, countries=countries, now=now) as context:
            examined = examine(context, service.assets(context))
            keep(context, stood(now.date(), examined), examined)
    with entering() as context:
        kept = trend(context)
        team = trend(context, "owner", "rider_operations")

    assert [one.day for one in kept] == [one.day for one in team] == [date(2026, 2, 22), date(2026, 2, 23)]
    assert kept[0].assets > team[0].assets > 0
    assert 0 < kept[0].share < 1
    assert 0 < kept[0].score < 100


def test_each_asset_each_topic_and_each_country_has_its_days(seeing: Entering) -> None:
    for number in range(2):
        with seeing() as context:
            now = context.now + timedelta(days=3 * number)
        with seeing(now=now) as context:
            known = service.assets(context)
            examined = examine(context, known)
            countries = countries_stood(context, known, examined.compliance)
            rows = (stood_in(now.date(), code, one) for code, one in countries.items())
            keep(context, (*stood(now.date(), examined), *rows), examined)
    with seeing(now=now) as context:
        of_asset = asset_trend(context, ORDERS)
        by_country, by_topic = trends(context, "country"), trends(context, "topic")
        whole = trend(context)
        assert is_kept(context)

    assert [one.day for one in of_asset] == [one.day for one in whole] == [date(2026, 2, 22), date(2026, 2, 25)]
    assert {len(kept) for kept in by_country.values()} == {2}
    assert set(by_country) == {"SA", "AE"}
    assert by_country["SA"][0].score > by_country["AE"][0].score  # whose orders stop three days earlier
    assert of_asset[1].score < of_asset[0].score  # three days older, and no load
    assert sum(kept[0].checked for kept in by_topic.values()) == whole[0].checked
    assert sum(kept[0].findings for kept in by_topic.values()) == whole[0].findings


def test_a_dashboard_is_used_by_whoever_opens_it(reader_of: Callable[..., TestClient], seeing: Entering) -> None:
    assert reader_of().get("/dashboards/city_operations").status_code == 200
    write_all_uses()
    with seeing() as context:
        found = standings_of(context, service.assets(context))

    used = [found[AssetId.parse(name)].usage for name in ("dashboard:city_operations", "tile:city_operations/orders")]
    assert [one.uses for one in used if one] == [1, 1]
