"""The state of the marketplace by zone and slot."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.balance.domain.marketplace_state import Cell, MarketplaceState, Reach, idle_elsewhere
from tiffin.capabilities.balance.service.state import last_day, marketplace_state
from tiffin.capabilities.balance.service.state_page import sorted_by, state_rows
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.rehearsals import service as rehearsals
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import format_number
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 20)
PAGE = f"/marketplace/dubai/{DAY}"
CITIES = ("doha", "dubai")
Rows = Mapping[str, list[dict[str, Any]]]
Place = tuple[str, datetime]
Simulated = Mapping[str, Mapping[str, Any]]
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture(scope="module")
def simulated_rows() -> Simulated:
    """Two small simulated cities on one day, as plain rows by table."""
    profiles = rehearsals.read_profiles()
    made = {}
    for city in CITIES:
        small = replace(rehearsals.read_scenario(city, profiles=profiles), orders_per_day=250, merchants=30)
        made[city] = rehearsals.simulated_tables(small, Days(DAY, DAY), seed=7)
    return made


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory,
    new_workspace: Callable[[Path], Workspace],
    entering: Entering,
    simulated_rows: Simulated,
) -> Workspace:
    """A workspace that holds both cities."""
    workspace = new_workspace(tmp_path_factory.mktemp("state") / "workspace")
    with entering(workspace) as context:
        for tables in simulated_rows.values():
            for table, rows in tables.items():
                facts.write_facts(context, table, rows.to_reader(), "simulated:demo")
    return workspace


@pytest.fixture(scope="module")
def state(small: Workspace, entering: Entering) -> MarketplaceState:
    with entering(small) as context:
        return marketplace_state(context, "dubai", DAY)


@pytest.fixture(scope="module")
def rows(simulated_rows: Simulated) -> Rows:
    return {table: found.to_pylist() for table, found in simulated_rows["dubai"].items()}


@pytest.fixture(scope="module")
def browser(small: Workspace) -> Iterator[TestClient]:
    with TestClient(create_app(small), follow_redirects=False) as client:
        with open_context(small.root) as context:
            token = access.make_sign_in_link(context, context.actor.name)
        client.get(f"/sign-in/{token}")
        yield client


def place_of(row: Mapping[str, Any], instant: str) -> Place:
    at = row[instant]
    return row["zone_id"], at - timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)


def told(state: MarketplaceState, name: str) -> dict[Place, float]:
    """Give a figure of every zone and slot in which it is not nought."""
    cells = (cell for row in state.cells for cell in row)
    return {(c.zone_id, state.starts[c.slot]): value for c in cells if (value := c.figure(name))}


def test_orders_are_told_as_a_plain_recount_tells_them(state: MarketplaceState, rows: Rows) -> None:
    counted: dict[str, Counter[Place]] = defaultdict(Counter)
    for order in rows["orders"]:
        place = place_of(order, "placed_at")
        counted["wanted"][place] += 1
        counted["served"][place] += order["status"] == "delivered"
        counted["lost"][place] += order["cancel_reason"] == "no_rider"
        if order["delivered_at"] and order["delivered_at"] > order["promised_at"]:
            counted["late"][place] += 1

    assert sum(counted["wanted"].values()) > 100
    for name, by_place in counted.items():
        assert told(state, name) == +by_place, name


def test_minutes_are_told_as_a_plain_recount_tells_them(state: MarketplaceState, rows: Rows) -> None:
    late: dict[Place, float] = defaultdict(float)
    kitchens: dict[Place, list[float]] = defaultdict(list)
    for order in rows["orders"]:
        place = place_of(order, "placed_at")
        if order["delivered_at"] and order["delivered_at"] > order["promised_at"]:
            late[place] += (order["delivered_at"] - order["promised_at"]).total_seconds() / 60
        if order["ready_at"]:
            kitchens[place].append((order["ready_at"] - order["placed_at"]).total_seconds() / 60)

    assert told(state, "late_min") == pytest.approx(dict(late))
    assert told(state, "kitchen_min") == pytest.approx({place: sum(m) / len(m) for place, m in kitchens.items()})


def test_visitors_and_riders_are_told_as_the_facts_count_them(state: MarketplaceState, rows: Rows) -> None:
    seen = Counter(place_of(visit, "seen_at") for visit in rows["customer_sessions"])
    slots = {(row["zone_id"], row["slot_at"]): row for row in rows["marketplace_slots"]}
    on_shift = {place: row["online_min"] / 30 for place, row in slots.items() if row["online_min"]}
    loads = {place: row["busy_min"] / row["online_min"] for place, row in slots.items() if row["busy_min"]}

    assert told(state, "seen") == seen
    assert told(state, "on_shift") == pytest.approx(on_shift)
    assert told(state, "load") == pytest.approx(loads)


def test_the_whole_city_is_the_sum_of_its_zones(state: MarketplaceState) -> None:
    for whole, zones in zip(state.whole, state.cells, strict=True):
        for name in ("wanted", "served", "lost", "late_min", "on_shift", "elsewhere"):
            assert (whole.figure(name) or 0.0) == pytest.approx(sum(cell.figure(name) or 0.0 for cell in zones))


def test_riders_idle_elsewhere_are_sent_only_to_what_a_zone_lacks_and_only_within_reach() -> None:
    sums = {
        "online_min": np.array([[60.0], [60.0], [60.0]]),
        "busy_min": np.array([[55.0], [20.0], [20.0]]),
        "carried": np.array([[3.0], [1.0], [1.0]]),
        "lost": np.array([[1.0], [0.0], [0.0]]),
        "waited": np.array([[1.0], [0.0], [0.0]]),
    }
    travel_min = np.array([[0.0, 10.0, 90.0], [10.0, 0.0, 90.0], [90.0, 90.0, 0.0]])

    came = idle_elsewhere(sums, Reach(travel_min, within_min=45.0))

    # One order keeps a rider 95 / 5 = 19 minutes: two of them lack 38, of which 5 are idle in the zone itself.
    assert came.tolist() == [[pytest.approx(33.0)], [0.0], [0.0]]


def test_orders_that_are_open_stand_on_neither_side_of_coverage(state: MarketplaceState) -> None:
    cell = replace(state.cells[0][0], wanted=10.0, served=6.0, still_open=2.0)

    assert cell.coverage == 0.75
    assert replace(cell, still_open=10.0).coverage is None


def test_what_is_unknown_stands_last_on_the_board_in_either_order(state: MarketplaceState) -> None:
    one = state.cells[0][0]
    cells: list[Cell] = [replace(one, busy=None), replace(one, busy=1.0), replace(one, busy=2.0)]

    assert [cell.busy for cell in sorted_by(cells, "busy", {})] == [1.0, 2.0, None]
    assert [cell.busy for cell in sorted_by(cells, "-busy", {})] == [2.0, 1.0, None]


def test_somebody_of_another_country_sees_nothing(small: Workspace, entering: Entering) -> None:
    with entering(small, grants=(Grant(Role.ANALYST, ("QA",), ()),)) as context:
        with pytest.raises(Forbidden):
            marketplace_state(context, "dubai", DAY)
        assert last_day(context) == ("doha", DAY)
    with entering(small, grants=(Grant(Role.ANALYST, ("BR",), ()),)) as context:
        assert last_day(context) is None


def test_the_file_and_the_address_of_machines_tell_what_the_page_tells(
    browser: TestClient, state: MarketplaceState
) -> None:
    page = browser.get(f"{PAGE}?slot={state.worst()[0].slot}").text
    lines = list(csv.DictReader(io.StringIO(browser.get(f"{PAGE}.csv").text)))
    answer = browser.get(f"/api/balance/state?city=dubai&day={DAY}").json()

    assert len(lines) == len(state_rows(state)) == sum(len(slot["zones"]) for slot in answer["slots"])
    frames = json.loads(page.split('data-part="frames">')[1].split("</script>")[0])["frames"]
    for at, slot in enumerate(answer["slots"]):
        of_file = lines[at * len(state.zones) : (at + 1) * len(state.zones)]
        for line, zone, texts in zip(of_file, slot["zones"], frames[at]["rows"][1:], strict=True):
            assert line["zone_id"] == zone["zone_id"]
            assert texts[0] == format_number(zone["wanted"], "en")
            assert line["late_min"] == ("" if zone["late_min"] is None else str(zone["late_min"]))


def test_the_page_opens_at_the_worst_slot_and_leads_to_the_day_book(
    browser: TestClient, state: MarketplaceState
) -> None:
    page = browser.get(PAGE).text

    assert f'value="{state.worst()[0].slot}" step="1"' in page
    assert page.count("<tr data-slot=") == min(40, len(state.worst()))
    assert f'href="/daybooks/dubai/{DAY}"' in page
    assert 'href="/marketplace"' in browser.get("/daybooks").text
    assert browser.get("/marketplace").headers["location"].endswith(str(DAY))


def test_the_map_shows_any_measure_and_the_board_sorts(browser: TestClient) -> None:
    page = browser.get(f"{PAGE}?measure=load&sort=-lost&slot=999").text

    assert "In darker zones more of the riders on shift had an order in hand." in page
    assert 'aria-sort="descending"' in page


def test_the_page_speaks_arabic_from_right_to_left(browser: TestClient) -> None:
    page = browser.get(PAGE, headers={"accept-language": "ar"}).text

    assert 'dir="rtl"' in page
    assert "أسوأ الفترات" in page


def test_a_day_without_facts_says_so(browser: TestClient) -> None:
    page = browser.get("/marketplace/dubai/2027-01-01").text

    assert "No slot of this day has facts" in page
    assert f'href="{PAGE}"' in page


def test_a_page_that_asks_again_is_told_that_nothing_has_changed(browser: TestClient) -> None:
    first = browser.get(PAGE)
    again = browser.get(PAGE, headers={"if-none-match": first.headers["etag"]})
    otherwise = browser.get(PAGE, headers={"if-none-match": first.headers["etag"], "accept-language": "ar"})

    assert (again.status_code, again.content) == (304, b"")
    assert otherwise.status_code == 200


def test_new_facts_change_what_a_page_is_told(browser: TestClient, small: Workspace, entering: Entering) -> None:
    tag = browser.get(PAGE).headers["etag"]
    with entering(small) as context:
        known = context.warehouse.query_text("SELECT * FROM orders WHERE city_id = 'doha' LIMIT 1")
        facts.write_facts(
            context, "orders", known.set_column(known.schema.get_field_index("order_id"), "order_id", [["new-1"]])
            .to_reader(), "simulated:demo",
        )  # fmt: skip

    assert browser.get(PAGE, headers={"if-none-match": tag}).status_code == 200
