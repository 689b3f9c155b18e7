"""A rider at every door: nothing governed is told to him but his own part of his own orders."""

import re
from pathlib import Path

from fastapi.testclient import TestClient
from tests.access.doors.conftest import House, Reader, doors
from tests.access.doors.marks import CITIES
from tests.access.doors.test_every_door import leaks

from tiffin.capabilities.access import service as access
from tiffin.runtime.actor import Party
from tiffin.runtime.edge import open_context

HOME = CITIES[0]
OWN_FILES = {
    "GET /orders/{city_id}/{order_id}",
    "GET /orders/{city_id}/{order_id}/timeline",
    "GET /api/orders/{city_id}/{order_id}",
    "orders show",
    "orders find",
}
"""Where a party sees its own part of its own orders."""


def a_rider(house: House, out: Path) -> Reader:
    """Sign the rider of some orders of the first city in, who was granted nothing."""
    with open_context(house.root) as context:
        made = access.add_party(context, Party("rider", HOME.city_id, f"{HOME.city_id}rider0"), locale="ur")
        link = access.make_sign_in_link(context, made.name)
    client = TestClient(house.app, follow_redirects=False, raise_server_exceptions=False)
    assert client.get(f"/sign-in/{link}").headers["location"] == "/me"
    nobodys = dict.fromkeys(("request", "requirement", "message"), "1")
    filled = {"me": made.name, "out": str(out / made.name)} | nobodys
    return Reader(house, made.name, (), client, out, CITIES, filled)


def test_a_rider_is_told_nothing_governed_but_of_his_own_orders(house: House, tmp_path: Path) -> None:
    reader = a_rider(house, tmp_path)

    told = {name: ask(reader) for name, ask in doors()}

    found = {name: leaks(name, reader, text, frozenset()) for name, text in told.items() if name not in OWN_FILES}
    assert {name: marks for name, marks in found.items() if marks} == {}
    own = "".join(text for name, text in told.items() if name in OWN_FILES)
    people = {row[name] for row in house.orders for name in ("rider_id", "customer_id")}
    assert {person for person in people if person in own} <= {the_riders(house)}
    others = {city.city_id for city in CITIES if re.search(f"{city.city_id}(order|shop|zone|person|rider)", own)}
    assert others <= {HOME.city_id}
    assert {number for _, number in re.findall(rf"{HOME.city_id}order-(\d+)-(\d+)", own)} <= {"0"}


def the_riders(house: House) -> str:
    """Give the pseudonym of the rider who asks."""
    return next(row["rider_id"] for row in house.orders if row["order_id"] == f"{HOME.city_id}order-0-0")


def test_a_riders_own_files_name_no_other_city(house: House) -> None:
    with open_context(house.root) as context:
        made = access.add_party(context, Party("rider", HOME.city_id, f"{HOME.city_id}rider1"))
        link = access.make_sign_in_link(context, made.name)
    client = TestClient(house.app, follow_redirects=False, raise_server_exceptions=False)
    client.get(f"/sign-in/{link}")

    for city in CITIES[1:]:
        assert client.get(f"/orders/{city.city_id}/{city.city_id}order-0-0").status_code == 404
    assert client.get(f"/orders/{HOME.city_id}/{HOME.city_id}order-0-0").status_code == 404  # another rider's


def test_every_page_that_is_not_his_own_refuses_him(house: House) -> None:
    with open_context(house.root) as context:
        made = access.add_party(context, Party("merchant", HOME.city_id, f"{HOME.city_id}shop-0"))
        link = access.make_sign_in_link(context, made.name)
    client = TestClient(house.app, follow_redirects=False, raise_server_exceptions=False)
    client.get(f"/sign-in/{link}")

    for path in (
        "/",
        "/metrics",
        "/policies",
        "/catalog",
        "/cases",
        "/data",
        "/quality",
        "/access",
        "/help",
        "/liability",
    ):
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 403, path
    for path in ("/me", "/me/points", "/me/notices"):
        assert client.get(path).status_code == 200, path
