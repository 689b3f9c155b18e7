# ruff: noqa: DTZ001 - feeds read clocks without a zone
# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
"""Each order on its own city's business day, by the rules that held at its instant."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tiffin.kernel.errors import InvalidDefinition

CLOCKS = {
    "riyadh": ("SA", "Asia/Riyadh", 240),
    "kolkata": ("IN", "Asia/Kolkata", 300),
    "kathmandu": ("NP", "Asia/Kathmandu", 240),
    "tehran": ("IR", "Asia/Tehran", 0),
    "st-johns": ("CA", "America/St_Johns", 200),
    "new-york": ("US", "America/New_York", 240),
    "lord-howe": ("AU", "Australia/Lord_Howe", 60),
    "sao-paulo": ("BR", "America/Sao_Paulo", 240),
}

HEADER = "number,placed,state,total,items,city\n"


def a_feed(shop, *more: str) -> None:
    """Write a feed of all these cities; ``more`` replaces a city's line."""
    lines = {
        name: f"  - {{city_id: {name}, name: {name}, country: {country}, timezone: {zone}, cutoff_min: {cutoff}, "
        "currency: USD}"
        for name, (country, zone, cutoff) in CLOCKS.items()
    }
    for line in more:
        lines[line.split("city_id: ")[1].split(",")[0]] = line
    old = "  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, weekend: [5, 6]"
    shop.changed(
        (old + ", currency: SAR}", "\n".join(lines.values())),
        ("      items: {type: integer}\n", "      items: {type: integer}\n      city: {}\n"),
        ("city_id: \"'riyadh'\"", "city_id: city"),
    )


def a_file(shop, *orders: tuple[str, datetime]) -> Path:
    """Write orders of some cities at some instants."""
    rows = [f"o{n},{at:%Y-%m-%d %H:%M},gone,1,1,{city}\n" for n, (city, at) in enumerate(orders)]
    return shop.file(HEADER + "".join(rows))


def test_cities_of_all_zones_keep_their_own_days_across_clock_changes_and_repeated_hours(shop) -> None:
    a_feed(shop)
    moments = [
        start + timedelta(minutes=minute)
        for start in (
            datetime(2026, 3, 7, 22),
            datetime(2026, 3, 8, 4),
            datetime(2026, 4, 4, 14),
            datetime(2026, 11, 1),
        )
        for minute in range(0, 540, 9)
    ]
    orders = [(city, at) for city in CLOCKS for at in moments]
    shop.load(a_file(shop, *orders))

    expected: dict[tuple[str, date], int] = {}
    for city, at in orders:
        _, zone, cutoff = CLOCKS[city]
        local = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        day = (local - timedelta(minutes=cutoff)).date()
        expected[(city, day)] = expected.get((city, day), 0) + 1
    found = shop.rows("select city_id, business_date, count(*) as n from orders group by 1, 2")
    assert {(row["city_id"], row["business_date"]): row["n"] for row in found} == expected


HISTORY = (
    "  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, currency: SAR, "
    "changes: [{since: 2026-02-20, cutoff_min: 120}, {since: 2026-02-22, timezone: Asia/Dubai}]}"
)


def days_of(shop) -> list[object]:
    return [row["business_date"].day for row in shop.rows("select business_date from orders order by placed_at")]


MOMENTS = [
    ("riyadh", datetime(2026, 2, 19, 22, 59)),  # 01:59: still the 19th, by either cut-off
    ("riyadh", datetime(2026, 2, 19, 23, 0)),  # 02:00: the 20th begins at its new cut-off
    ("riyadh", datetime(2026, 2, 21, 21, 59)),  # 00:59 in Riyadh, 01:59 in Dubai: the last minute of the 21st
    ("riyadh", datetime(2026, 2, 21, 22, 0)),  # 02:00 in Dubai: the 22nd begins by the new clock
]


def test_a_city_s_rules_hold_from_their_business_day_on(shop) -> None:
    a_feed(shop, HISTORY)

    shop.load(a_file(shop, *MOMENTS))

    assert days_of(shop) == [19, 20, 21, 22]
    assert shop.one("select timezone, cutoff_min from cities where city_id = 'riyadh'") == ("Asia/Dubai", 120)
    assert shop.one("select count(*) from city_calendars") == (3,)


def test_a_restated_calendar_restates_the_days_of_what_is_loaded(shop) -> None:
    a_feed(shop)
    shop.load(a_file(shop, *MOMENTS))
    before = days_of(shop)
    a_feed(shop, HISTORY)

    report = shop.load(shop.file(HEADER + "x,2026-02-25 10:00,gone,1,1,kolkata\n"))

    assert before == [19, 19, 21, 21]
    assert days_of(shop)[:4] == [19, 20, 21, 22]
    assert "calendar changed" in report.warnings[0]
    assert shop.load(shop.file(HEADER + "x,2026-02-25 10:00,gone,1,1,kolkata\n")).unchanged


def test_changes_out_of_order_are_refused(shop) -> None:
    a_feed(shop, HISTORY.replace("2026-02-22", "2026-02-18"))

    with pytest.raises(InvalidDefinition, match="order of their days"):
        shop.load(a_file(shop, *MOMENTS))


def test_weekends_follow_the_country_s_history(shop) -> None:
    line = "  - {city_id: dubai, name: Dubai, country: AE, timezone: Asia/Dubai, cutoff_min: 240, currency: AED}"
    a_feed(shop, line)
    shop.load(a_file(shop, ("dubai", datetime(2021, 12, 30, 10)), ("dubai", datetime(2022, 1, 9, 10))))

    rest = shop.rows("select business_date from city_days where city_id = 'dubai' and is_weekend order by 1")
    assert [row["business_date"].isoformat() for row in rest] == [
        "2021-12-31",
        "2022-01-01",
        "2022-01-02",
        "2022-01-08",
        "2022-01-09",
    ]


def test_iftar_follows_the_sun_in_ramadan_and_lunch_the_clock_on_other_days(shop) -> None:
    place = "latitude: 24.7136, longitude: 46.6753"
    a_feed(shop, HISTORY.split(", changes", maxsplit=1)[0] + f", {place}}}")
    shop.load(
        a_file(
            shop,
            ("riyadh", datetime(2026, 2, 10, 9, 0)),
            ("riyadh", datetime(2026, 2, 20, 9, 0)),
            ("riyadh", datetime(2026, 2, 20, 12, 49)),  # sunset is at 17:51; iftar begins two hours before
            ("riyadh", datetime(2026, 2, 20, 12, 52)),
            ("riyadh", datetime(2026, 2, 20, 23, 30)),
        )
    )

    parts = shop.rows("select day_part from orders order by placed_at")
    assert [row["day_part"] for row in parts] == ["lunch", "daytime", "daytime", "iftar", "suhoor"]
    assert shop.one("select hijri_year, hijri_month, hijri_day from city_days where business_date = '2026-02-20'") == (
        1447,
        9,
        3,
    )


def test_a_workspace_s_market_cuts_the_day_otherwise(shop) -> None:
    a_feed(shop)
    from tiffin.runtime.markets import MARKETS_FOLDER  # noqa: PLC0415 - only this test needs it

    pack = (MARKETS_FOLDER / "BR.yaml").read_text(encoding="utf-8")
    begin, end = pack.index("day_parts:"), pack.index("usd_rates:")
    (shop.root / "markets").mkdir(exist_ok=True)
    own = 'day_parts:\n  - {part: open, starts: "08:00"}\n  - {part: closed, starts: "20:00"}\n'
    (shop.root / "markets" / "BR.yaml").write_text(pack[:begin] + own + pack[end:], encoding="utf-8")

    shop.load(a_file(shop, ("sao-paulo", datetime(2026, 2, 10, 15)), ("sao-paulo", datetime(2026, 2, 10, 4))))

    assert [row["day_part"] for row in shop.rows("select day_part from orders order by order_id")] == ["open", "closed"]
