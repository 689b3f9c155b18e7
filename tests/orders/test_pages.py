"""The pages of orders, the same over HTTP, and the commands."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.orders.conftest import CUSTOMER, NOW, OTHER_RIDER, RIDER

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.cli.entry import main
from tiffin.runtime.actor import Party, Role
from tiffin.runtime.edge import open_context

Reader = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def reader(root: Path) -> Reader:
    """Open a browser in which somebody of a role, or the rider, is signed in."""

    def signed_in(who: str) -> TestClient:
        app = create_app(root)
        app.state.console = replace(app.state.console, clock=lambda: NOW)
        client = TestClient(app, raise_server_exceptions=False)
        with open_context(root, now=NOW) as context:
            link = access.make_sign_in_link(context, accounts[who])
        client.get(f"/sign-in/{link}", follow_redirects=False)
        return client

    accounts = {}
    with open_context(root, now=NOW) as context:
        accounts["rider"] = access.add_party(context, Party("rider", "riyadh", RIDER), locale="ar").name
        for role in (Role.SUPPORT, Role.ADJUDICATOR, Role.VIEWER, Role.EXPERIENCE_MANAGER):
            access.add_account(context, role.value)
            access.grant(context, role.value, role, countries=["SA"], terms=access.Terms("tests"))
            accounts[role.value] = role.value
    return signed_in


def test_a_file_shows_its_parts_on_one_screen(reader: Reader) -> None:
    page = reader("adjudicator").get("/orders/riyadh/o-1").text

    parts = ("Time line", "Map", "What happened", "Evidence", "Contacts and calls", "Offers to riders", "Promise")
    more = ("Money", "Reported and decided", "What the rider had before")
    assert not [one for one in (*parts, *more) if one not in page]
    assert "10 min late" in re.sub(r"<[^>]+>", "", page)
    assert OTHER_RIDER in page
    assert "style=" not in page


def test_customer_service_reads_that_people_are_hidden_and_not_who_they_are(reader: Reader) -> None:
    page = reader("support").get("/orders/riyadh/o-1").text

    assert not [one for one in (RIDER, OTHER_RIDER, CUSTOMER) if one in page]
    assert page.count("hidden</span>") >= 4


def test_the_way_is_played_without_a_script(reader: Reader) -> None:
    client = reader("adjudicator")

    first, last = (client.get(f"/orders/riyadh/o-1?at={at}").text for at in (0, 2))

    assert re.search(r'class="report now" data-report="0"', first)
    assert re.search(r'class="report now" data-report="2"', last)
    assert "18:39" not in first.split("<output")[1].split("</output>")[0]


def test_a_case_of_the_order_is_embedded_and_measured(reader: Reader) -> None:
    client = reader("adjudicator")

    page = client.get("/orders/riyadh/o-1?case=1").text
    look = re.search(r'data-look="([^"]+)"', page)

    assert 'hx-get="/liability/cases/1/panel"' in page
    assert look is not None
    assert client.post(look.group(1), data={"active_s": "3"}).json() == {"active_s": 3}
    assert reader("support").post(look.group(1), data={"active_s": "3"}).status_code == 404


def test_a_rider_reads_his_part_on_a_telephone_in_his_language(reader: Reader) -> None:
    page = reader("rider").get("/orders/riyadh/o-1")

    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "أخذ مندوب الطلب." in page.text
    assert not [one for one in (OTHER_RIDER, CUSTOMER, '<nav class="menu"') if one in page.text]
    assert reader("rider").get("/orders/dubai/o-1").status_code == 404
    assert reader("rider").get("/orders").status_code == 403


@pytest.mark.parametrize("path", ["/orders/riyadh/unknown", "/orders/dubai/o-1", "/api/orders/dubai/o-1"])
def test_what_is_unknown_and_what_is_not_open_are_both_not_there(reader: Reader, path: str) -> None:
    assert reader("adjudicator").get(path).status_code == 404


@pytest.mark.parametrize(("path", "status"), [("/orders", 403), ("/orders/riyadh/o-1", 404), ("/orders.csv", 403)])
def test_who_works_with_numbers_alone_gets_no_order(reader: Reader, path: str, status: int) -> None:
    assert reader("viewer").get(path).status_code == status


def test_orders_are_listed_found_and_taken(reader: Reader) -> None:
    client = reader("adjudicator")

    assert "o-before" in client.get("/orders").text
    assert "No order matches" in client.get("/orders?q=nothing-like-it").text
    assert client.get("/orders.csv?q=gone").text.splitlines()[1].startswith("riyadh,o-gone,")
    assert client.get("/orders?first=&last=&status=&city=").status_code == 200


def test_minutes_are_for_managers_of_customer_experience(reader: Reader) -> None:
    assert reader("experience_manager").get("/orders/minutes").status_code == 200
    assert reader("experience_manager").get("/orders/minutes.json").json()["last"] == "2026-03-03"
    assert reader("adjudicator").get("/orders/minutes").status_code == 403


def test_the_same_file_comes_over_http_and_by_command(
    reader: Reader, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over_http = reader("support").get("/api/orders/riyadh/o-1").json()
    assert main(["orders", "show", "riyadh", "o-1", "--json", "--workspace", str(root)]) == 0
    by_command = json.loads(capsys.readouterr().out)

    assert "customer_id" in over_http["order"]["hidden"]
    assert "customer_id" not in over_http["order"]["values"]
    assert by_command["order"]["values"]["customer_id"] == CUSTOMER
    assert [one["said"] for one in by_command["story"]] == [one["said"] for one in over_http["story"]]


def test_orders_are_found_by_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["orders", "find", "gone", "--city", "riyadh", "--json", "--workspace", str(root)]) == 0

    found = json.loads(capsys.readouterr().out)["orders"]
    assert [one["values"]["order_id"] for one in found] == ["o-gone"]
