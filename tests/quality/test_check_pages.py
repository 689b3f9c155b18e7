"""Checks, incidents and post-mortems as people meet them in a browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.quality import service
from tiffin.runtime.edge import open_context

DAY = date(2026, 2, 10)
NOW = datetime(2026, 2, 11, 8, tzinfo=UTC)


@pytest.fixture
def browser(marketplace: Any) -> Iterator[TestClient]:
    """Sign the workspace's first account in."""
    with open_context(marketplace.workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(marketplace.workspace)) as signed_in:
        signed_in.get(f"/sign-in/{link}")
        yield signed_in


@pytest.fixture
def broken(marketplace: Any, entering: Callable) -> int:
    """Load baskets below nought and give the number of the incident that follows."""
    for day, value in ((DAY - timedelta(days=1), 1000), (DAY, -5)):
        marketplace.orders("riyadh", day, numbers=range(8), value=value, at=NOW - timedelta(hours=3))
    with entering(NOW) as context:
        [number] = service.check_tables(context).incidents
    return number


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/quality/checks", "tiffin quality check</code>"),
        ("/quality/incidents", "Nothing is known to be wrong"),
        ("/quality/incidents?show=closed", "No incident was closed yet"),
        ("/quality/post-mortems", "No post-mortem was written yet"),
        ("/quality/post-mortems?q=nothing", "No post-mortem says that"),
    ],
)
def test_a_page_without_anything_says_what_will_be_there(browser: TestClient, path: str, said: str) -> None:
    assert said in browser.get(path).text


def test_the_checks_lead_from_the_list_to_the_table_and_its_file(browser: TestClient, broken: int) -> None:
    listed = browser.get("/quality/checks").text
    table = browser.get("/quality/checks/orders").text
    file = browser.get("/quality/checks/orders/results.csv")
    assert 'href="/quality/checks/orders"' in listed
    assert f'href="/quality/incidents/{broken}"' in listed
    assert table.index("range:basket_minor") < table.index('<details class="more"') < table.index("required:city_id")
    assert "orders/range:basket_minor" in file.text
    assert file.headers["content-type"].startswith("text/csv")
    assert "range:basket_minor" not in browser.get("/quality/checks/orders?kind=uniqueness").text
    assert browser.get("/quality/checks/nothing").status_code == 404


def test_an_incident_is_handled_on_its_page(browser: TestClient, broken: int) -> None:
    where = f"/quality/incidents/{broken}"
    page = browser.get(where).text
    assert 'hx-get="/catalog/lineage-of/column/orders.basket_minor"' in page
    assert browser.get("/catalog/lineage-of/column/orders.basket_minor").status_code == 200
    assert browser.get(f"/cases/{broken}", follow_redirects=False).headers["location"] == where

    said = {f"said_{name}": text for name, text in (("cause", "A slip"), ("done", "Loaded again"))}
    taken = browser.post(where, data={"action": "take", "version": 1})
    assert taken.status_code == 200
    assert browser.post(where, data={"action": "take", "version": 1}).status_code == 409
    late = browser.post(where, data={"action": "note", "version": 1, "said_text": "Asked the shops"})
    assert (late.status_code, "Asked the shops" in late.text) == (409, True)
    missing = browser.post(f"{where}/post-mortem", data=said)
    assert missing.status_code in (400, 422)
    assert "A slip" in missing.text
    learned = {"said_prevention": "Refuse it", "said_prevention_owner": "Feeds", "said_prevention_due": "2026-03-31"}
    assert "Refuse it" in browser.post(f"{where}/post-mortem", data=said | learned).text
    assert "Refuse it" in browser.get("/quality/post-mortems?q=refuse").text
    file = browser.get(f"{where}/post-mortem.md")
    assert "## What will keep it from coming again" in file.text
    assert file.headers["content-type"].startswith("text/markdown")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Known to be wrong since"),
        ("ar", "معروف خطؤه منذ"),
        ("zh_Hans", "起已知有误"),
        ("zh_Hant", "起已知有誤"),
        ("pt_BR", "Sabidamente errado desde"),
    ],
)
def test_readers_of_a_broken_number_see_it_on_the_number_in_their_language(
    browser: TestClient, broken: int, locale: str, said: str
) -> None:
    browser.cookies.set("tiffin_locale", locale)
    page = browser.get("/metrics/basket_value?city=riyadh").text
    other = browser.get("/metrics/orders?city=riyadh").text
    assert said in page
    assert f'href="/quality/incidents/{broken}"' in page
    assert said not in other


def test_files_of_a_broken_number_carry_it(browser: TestClient, broken: int) -> None:
    table = browser.get("/metrics/basket_value/export.csv?city=riyadh")
    json = browser.get("/metrics/basket_value/export.json?city=riyadh").json()
    assert table.headers["tiffin-known-faults"] == str(broken)
    assert [one["incident"] for one in json["receipt"]["faults"]] == [broken]
