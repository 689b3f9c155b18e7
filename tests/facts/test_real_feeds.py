# ruff: noqa: ANN001, ANN201 - the fixtures' types live in conftest.py, which tests cannot import
# ruff: noqa: S608 - the SQL is the tests' own
"""The feeds of the gallery on the real files, against figures that their publishers' data are known by."""

from pathlib import Path

import pytest

FEEDS = {
    "doordash-ops": "doordash_ops",
    "doordash-eta": "doordash_eta",
    "wolt-2020": "wolt_2020",
    "bolt-hourly": "bolt_hourly",
    "uber-requests": "uber_requests",
    "instacart-issues": "instacart_issues",
    "grubhub-mdrp": "grubhub_mdrp/0o50t75s1p100",
}


@pytest.fixture(scope="module")
def loaded(gallery_shop, real_data: Path) -> dict:
    """Every feed of the gallery loaded once into one workspace."""
    return {feed: gallery_shop.load(real_data / folder, feed=feed) for feed, folder in FEEDS.items()}


@pytest.fixture(scope="module")
def facts(gallery_shop, loaded: dict):
    """The workspace that holds them."""
    assert set(loaded) == set(FEEDS)
    return gallery_shop


def test_the_counts_of_every_feed_add_up(loaded: dict, added_up) -> None:
    assert all(added_up(report) for report in loaded.values())
    assert {feed: (r.read, r.loaded, r.collapsed, len(r.quarantined)) for feed, r in loaded.items()} == {
        "doordash-ops": (18078, 18078, 0, 0),
        "doordash-eta": (19743, 19743, 0, 0),
        "wolt-2020": (18706, 18706, 0, 0),
        "bolt-hourly": (1679, 840, 839, 0),
        "uber-requests": (6745, 6745, 0, 0),
        "instacart-issues": (14957, 13845, 1112, 0),
        "grubhub-mdrp": (252, 252, 0, 0),
    }


def test_every_file_is_one_that_the_feed_was_checked_with(loaded: dict) -> None:
    unknown = [
        file.name
        for feed, report in loaded.items()
        if feed != "grubhub-mdrp"
        for file in report.files
        if not file.known_as
    ]

    assert not unknown
    assert not any(report.warnings for report in loaded.values())


@pytest.mark.parametrize("feed", FEEDS)
def test_a_second_load_changes_nothing(facts, real_data: Path, feed: str) -> None:
    before = facts.versions()

    again = facts.load(real_data / FEEDS[feed], feed=feed)

    assert again.unchanged
    assert facts.versions() == before


def test_helsinki_is_late_as_often_as_published(facts) -> None:
    late = facts.one("""
        select round(100 * avg((delivered_at > promised_at)::int), 2),
               round(100 * avg((delivered_at > promised_at + interval 10 minute)::int), 2)
        from orders where city_id = 'helsinki'""")

    assert late == (40.96, 10.29)


def test_refunds_fall_on_as_many_orders_as_published(facts) -> None:
    share = facts.one("""
        select round(100.0 * (select count(distinct order_id) from refunds where source = 'doordash-ops') / count(*), 2)
        from orders where source = 'doordash-ops'""")

    assert share == (2.74,)


def test_the_month_s_end_is_repaired_and_never_negative(facts) -> None:
    wrapped = facts.one("""
        select count(*), min(delivered_at - placed_at) > interval 0 second,
               max(delivered_at - placed_at) < interval 6 day
        from orders where source = 'doordash-ops' and placed_at < timestamptz '2014-04-01'""")

    assert wrapped == (55, True, True)
    assert facts.one("select count(*) from orders where source = 'doordash-ops' and delivered_at < placed_at") == (0,)


def test_orders_without_driver_at_restaurant_or_region_stay_visible(facts) -> None:
    seen = facts.one("""
        select count(*) filter (arrived_at_merchant_at is null), count(*) filter (city_id = 'doordash-ops-unknown')
        from orders where source = 'doordash-ops'""")

    assert seen == (4531, 26)


def test_what_the_market_looked_like_is_absent_where_the_file_lacks_it(facts) -> None:
    lacking = facts.one("""
        select count(*) filter (riders_on_shift is null and riders_busy is null and outstanding_orders is null),
               min(riders_on_shift), min(riders_busy), min(outstanding_orders)
        from orders where source = 'doordash-eta'""")

    assert lacking == (1607, 0, 0, 0)


def test_negative_counts_are_taken_out_and_noted_while_the_orders_stay(facts, loaded: dict) -> None:
    noted = facts.rows("""
        select rule, count(*) as n, bool_and(kept) as kept, min(line) > 1 as placed from quarantine_orders
        where feed = 'doordash-eta' group by rule order by rule""")

    assert [(row["rule"], row["n"]) for row in noted] == [
        ("removed:outstanding_orders", 4),
        ("removed:riders_busy", 1),
        ("removed:riders_on_shift", 2),
    ]
    assert all(row["kept"] and row["placed"] for row in noted)
    assert sum(rule.count for rule in loaded["doordash-eta"].tables[-1].removed) == 7


def test_orders_that_name_no_market_stay_visible(facts) -> None:
    assert facts.one("select count(*) from orders where city_id = 'doordash-eta-unknown'") == (101,)


def test_hours_under_85_percent_coverage_are_as_many_as_published(facts) -> None:
    under = facts.one("""
        select count(*) filter (round(100 * (people_asked - people_unserved) / people_asked) < 85),
               count(people_asked), count(*)
        from marketplace_slots where source = 'bolt-hourly'""")

    assert under == (502, 839, 840)


def test_requests_fail_for_two_reasons_in_two_places_as_published(facts) -> None:
    failed = facts.rows("""
        select zone_id, count(*) filter (cancel_reason = 'no_rider') as no_car,
               count(*) filter (cancelled_by = 'rider') as cancelled
        from orders where source = 'uber-requests' group by zone_id order by zone_id""")

    assert [tuple(row.values()) for row in failed] == [("airport", 1713, 198), ("city", 937, 1066)]


def test_issues_are_reported_as_often_as_published(facts) -> None:
    reported = {
        row["reason"]: row["n"] for row in facts.rows("select reason, count(*) as n from contacts group by reason")
    }

    assert (reported["wrong_item"], reported["damaged"], reported["item_missing"]) == (374, 310, 178)
    assert facts.one("select count(*), count(distinct city_id) from orders where source = 'instacart-issues'") == (
        13845,
        3,
    )


def test_a_place_whose_time_zone_nobody_states_says_so(facts) -> None:
    unknown = facts.rows("select city_id, country from cities where not timezone_known order by city_id")

    assert [row["city_id"] for row in unknown] == ["bolt-unnamed-city", "grubhub-0o50t75s1p100", "uber-unnamed-city"]


def test_every_city_of_a_feed_has_its_calendar_and_every_order_its_zone(facts) -> None:
    days = facts.one("""
        select count(*) from (select distinct city_id, business_date from orders) o
        anti join city_days d on o.city_id = d.city_id and o.business_date = d.business_date""")
    zones = facts.one("""
        select count(*) from (select distinct city_id, zone_id from orders) o
        anti join zones z on o.city_id = z.city_id and o.zone_id = z.zone_id""")

    assert (days, zones) == ((0,), (0,))


def test_an_instance_of_grubhub_keeps_its_restaurants_couriers_and_demand(facts, real_data: Path) -> None:
    city = "grubhub-0o50t75s1p100"
    folder = real_data / FEEDS["grubhub-mdrp"]
    lines = {
        name: len((folder / f"{name}.txt").read_text().splitlines()) - 1
        for name in ("restaurants", "couriers", "orders")
    }

    counts = facts.one(f"""
        select (select count(*) from merchants where city_id = '{city}'),
               (select count(*) from rider_sessions where city_id = '{city}'),
               (select sum(demand_orders) from marketplace_slots where city_id = '{city}'),
               (select count(*) from orders where city_id = '{city}' and distance_m > 0 and ready_at >= placed_at)""")

    assert counts == (lines["restaurants"], lines["couriers"], lines["orders"], lines["orders"])


@pytest.mark.full
def test_all_instances_of_grubhub_load_at_once(shop, real_data: Path, added_up) -> None:
    report = shop.load(real_data / "grubhub_mdrp", feed="grubhub-mdrp")

    assert added_up(report)
    assert (report.read, report.loaded) == (132640, 132640)
    assert shop.one("select count(*) from cities") == (168,)
