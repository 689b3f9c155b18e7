"""The catalog in a browser: everything is found, nothing personal is shown, and people add what they know."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.workspace import Workspace, open_workspace

Reader = Callable[..., TestClient]
CUSTOMER = "Layla-of-the-blue-door"
ONE_OF_EACH = (
    "feed/wolt-2020",
    "feed_column/wolt-2020/TIMESTAMP",
    "table/orders",
    "column/orders.customer_id",
    "dimension/city_id",
    "metric/late_share",
    "dashboard/city_operations",
    "tile/city_operations/orders",
    "report/daybook",
    "policy/grant_terms",
    "model/city_simulation",
    "tool/find_assets",
    "tool/query_metrics",
)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_shows_in_every_language(reader_of: Reader, locale: str) -> None:
    browser = reader_of()
    browser.cookies.set("tiffin_locale", locale)
    kinds = ONE_OF_EACH if locale in ("en", "ar") else ("table/orders", "metric/late_share")
    pages = ["/catalog", "/catalog?view=cards&kind=table", "/catalog/governance", *(f"/catalog/{one}" for one in kinds)]
    found = {path: browser.get(path) for path in pages}

    assert {path: one.status_code for path, one in found.items()} == dict.fromkeys(pages, 200)
    assert all(f'lang="{locale.replace("_", "-")}"' in one.text for one in found.values())
    assert not [path for path, one in found.items() if CUSTOMER in one.text]


def test_an_empty_workspace_looks_right(empty: Workspace) -> None:
    browser = TestClient(create_app(empty), raise_server_exceptions=False)
    with open_context(empty.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser.get(f"/sign-in/{token}")
    found = [browser.get(path) for path in ("/catalog", "/catalog/table/orders", "/catalog/governance")]

    assert [one.status_code for one in found] == [200, 200, 200]
    assert "never loaded" in found[1].text
    assert "No country yet" in found[2].text


def test_whoever_has_no_grant_is_told_so_and_of_no_asset(reader_of: Reader) -> None:
    browser = reader_of("nil")
    found = {
        path: browser.get(path)
        for path in ("/catalog", "/catalog/governance", "/catalog/export.csv", "/catalog/table/orders")
    }

    assert [one.status_code for one in found.values()] == [403, 403, 403, 404]
    assert not [path for path, one in found.items() if "marketplace_operations" in one.text]


def test_assets_are_filtered_by_what_they_are(reader_of: Reader) -> None:
    browser = reader_of()

    def names(query: str) -> set[str]:
        rows = csv.DictReader(io.StringIO(browser.get(f"/catalog/export.csv?{query}").text))
        return {row["asset"] for row in rows}

    personal = names("class=personal&kind=column")
    assert "column:orders.customer_id" in personal
    assert "column:orders.status" not in personal
    assert {one.partition(":")[0] for one in names("kind=metric&owner=commercial")} == {"metric"}
    assert names("q=late+share&kind=metric") >= {"metric:late_share"}
    assert {one.partition(":")[0] for one in names("")} & {"column", "tile", "feed_column"} == set()
    assert "No asset matches" in browser.get("/catalog?q=zzzz").text


def test_a_file_of_assets_runs_nothing_in_a_spreadsheet(reader_of: Reader) -> None:
    browser = reader_of()
    browser.post("/catalog/table/zones", data={"meaning.en": "=HYPERLINK(1)"})
    rows = list(csv.DictReader(io.StringIO(browser.get("/catalog/export.csv?kind=table").text)))

    assert next(row["meaning"] for row in rows if row["asset"] == "table:zones") == "'=HYPERLINK(1)"
    assert next(row["latest_day"] for row in rows if row["asset"] == "table:orders") == "2026-02-21"


def test_somebody_says_what_an_asset_means_and_takes_it_back(reader_of: Reader) -> None:
    browser = reader_of("sana", Role.STEWARD, countries=("*",))
    said = browser.post(
        "/catalog/metric/late_orders", data={"note": "Ask <b>before</b> Ramadan.", "owner": "night_shift"}
    )
    number = said.text.partition('name="number" value="')[2].partition('"')[0]
    undone = browser.post("/catalog/metric/late_orders", data={"action": "undo", "number": number})

    assert "Ask &lt;b&gt;before&lt;/b&gt; Ramadan." in said.text
    assert said.text.count("night_shift") >= 2
    assert "taken back" in undone.text


def test_a_form_that_is_sent_unchanged_says_nothing(reader_of: Reader) -> None:
    browser = reader_of("sana", Role.STEWARD, countries=("*",))
    page = browser.get("/catalog/metric/orders").text
    owner = page.partition('name="owner" maxlength="80" value="')[2].partition('"')[0]
    after = browser.post(
        "/catalog/metric/orders", data={"owner": owner, "life_cycle": "active", "note": "", "tags": ""}
    )

    assert owner == "city_operations"
    assert "Nobody has added anything" in after.text


@pytest.mark.parametrize(
    "said", [{"owner": "two words"}, {"action": "undo", "number": "x"}, {"action": "waive", "rule": "owned"}]
)
def test_a_refusal_is_told_on_the_page_and_nothing_is_kept(reader_of: Reader, said: dict[str, str]) -> None:
    browser = reader_of("sana", Role.STEWARD, countries=("*",))
    refused = browser.post("/catalog/table/riders", data={"note": "Kept?", **said})

    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert "Nobody has added anything" in browser.get("/catalog/table/riders").text


def test_a_reader_sees_no_forms_and_may_not_send_them(reader_of: Reader) -> None:
    browser = reader_of("vic", Role.VIEWER, countries=("SA",))
    page = browser.get("/catalog/column/orders.customer_id")

    assert "Add what you know" not in page.text
    assert "Not yet: no grant of yours opens values of this class." in page.text
    assert "/access/ask?asset=column%3Aorders.customer_id" in page.text
    assert browser.post("/catalog/table/orders", data={"note": "Mine."}).status_code == 403


@pytest.fixture
def in_english_alone(loaded: Path) -> Iterator[str]:
    """Leave a feed without its translations, so that there is a standard that it does not keep."""
    own = open_workspace(loaded).overlay("catalog")
    own.mkdir(exist_ok=True)
    (own / "feeds.yaml").write_text("feeds: {wolt-2020: {}}\n", encoding="utf-8")
    yield "/catalog/feed/wolt-2020"
    (own / "feeds.yaml").unlink()


def test_a_finding_is_waived_on_its_page_until_its_day(reader_of: Reader, in_english_alone: str) -> None:
    browser = reader_of("sana", Role.STEWARD, countries=("*",))
    form = {"action": "waive", "rule": "feed_translated", "reason": "Its publisher writes English.", "owner": "sana"}
    path = in_english_alone
    waived = browser.post(path, data=form | {"ends_on": date(2026, 3, 1).isoformat()})
    number = waived.text.partition('value="end_waiver"><input type="hidden" name="number" value="')[2].partition('"')[0]
    board = browser.get("/catalog/governance").text
    ended = browser.post(path, data={"action": "end_waiver", "number": number})

    assert "Its publisher writes English." in waived.text
    assert 'id="waived"' in board
    assert "Its publisher writes English." not in ended.text


@pytest.mark.parametrize("path", ["/catalog/planet/mars", "/catalog/table/no_such", "/catalog/question/1"])
def test_what_does_not_exist_looks_like_what_may_not_be_known(reader_of: Reader, path: str) -> None:
    assert reader_of("vic", Role.VIEWER, countries=("SA",)).get(path).status_code == 404


def test_every_kind_has_a_name_for_people(reader_of: Reader) -> None:
    page = reader_of().get("/catalog").text

    assert not [kind for kind in AssetKind if f">{kind.value}<" in page and "_" in kind.value]
