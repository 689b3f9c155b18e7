import csv
import io
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tiffin.capabilities.facts.pages import _masked
from tiffin.runtime.i18n import LOCALES
from tiffin.web.measures import show_measure
from tiffin.web.paging import ordered, paged

Reader = Callable[[str | None], TestClient]


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/metrics/on_time_share", "/data", "/data/orders", "/help", "/daybooks"]
)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_opens_in_every_language(reader_of: Reader, path: str, locale: str) -> None:
    reader = reader_of(None)
    reader.cookies.set("tiffin_locale", locale)

    answer = reader.get(path)

    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_the_home_page_shows_the_cities_that_are_granted(reader_of: Reader) -> None:
    everything, limited, nothing = (reader_of(name).get("/").text for name in (None, "rana", "nobody"))

    assert "Riyadh" in everything
    assert "Dubai" in everything
    assert "Riyadh" in limited
    assert "Dubai" not in limited
    assert "Nothing is open to you yet" in nothing


def test_a_metric_page_offers_the_granted_cities_only(reader_of: Reader) -> None:
    limited = reader_of("rana")

    assert 'value="dubai"' not in limited.get("/metrics/orders").text
    assert limited.get("/metrics/orders?city=dubai").status_code == 404
    assert limited.get("/metrics/orders/export.csv?city=dubai").status_code == 404


def test_an_export_holds_the_granted_rows_only(reader_of: Reader) -> None:
    everything = reader_of(None).get("/metrics/orders/export.json").json()
    limited = reader_of("rana").get("/metrics/orders/export.json").json()

    assert sum(row[1] for row in everything["rows"]) == 2 * sum(row[1] for row in limited["rows"])
    assert limited["receipt"]["row_filters"]["cities"] == ["riyadh"]


def test_the_home_page_of_an_account_without_grants_says_whom_to_ask(reader_of: Reader) -> None:
    home = reader_of("nobody").get("/").text

    assert "Ask an administrator" in home
    assert "Load files" not in home


def test_an_account_without_grants_is_told_whom_to_ask(reader_of: Reader) -> None:
    answer = reader_of("nobody").get("/metrics/orders", headers={"accept": "text/html"})

    assert answer.status_code == 403
    assert "grant" in answer.text


def test_a_metric_in_money_is_written_in_the_citys_currency(reader_of: Reader) -> None:
    text = reader_of(None).get("/metrics/refund_value?city=dubai").text

    assert "AED\u00a012.50" in text


def test_a_metric_without_facts_says_so_and_draws_nothing(reader_of: Reader) -> None:
    text = reader_of(None).get("/metrics/coverage").text

    assert "No city to show yet" in text
    assert "<polyline" not in text


def test_an_export_is_csv_with_one_row_a_day(reader_of: Reader) -> None:
    answer = reader_of(None).get("/metrics/on_time_share/export.csv?city=riyadh")
    rows = list(csv.reader(io.StringIO(answer.text)))

    assert answer.headers["content-disposition"] == 'attachment; filename="on_time_share-riyadh.csv"'
    assert rows[0] == ["business_date", "on_time_share"]
    assert len(rows) == 6


def test_an_unknown_kind_of_export_or_metric_is_not_found(reader_of: Reader) -> None:
    reader = reader_of(None)

    assert reader.get("/metrics/orders/export.xml").status_code == 404
    near = reader.get("/metrics/late_shar", headers={"accept": "text/html"})
    assert near.status_code == 404
    assert "late_share" in near.text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=late", "late_share", "coverage"),
        ("q=LATE_SHARE", "late_share", "coverage"),
        ("unit=money", "refund_value", "late_share"),
        ("level=team", "session_hours", "late_share"),
        ("sort=-label", "late_share", "no such thing"),
    ],
)
def test_the_catalogue_is_searched_filtered_and_sorted(reader_of: Reader, query: str, found: str, missing: str) -> None:
    text = reader_of(None).get(f"/metrics?{query}").text

    assert f'<code class="muted" dir="ltr">{found}</code>' in text
    assert f'<code class="muted" dir="ltr">{missing}</code>' not in text


def test_the_catalogue_is_searched_in_the_readers_language(reader_of: Reader) -> None:
    reader = reader_of(None)
    reader.cookies.set("tiffin_locale", "ar")

    assert "late_share" in reader.get("/metrics", params={"q": "نسبة التأخر"}).text


def test_tables_are_searched_and_those_without_rows_stay_visible(reader_of: Reader) -> None:
    reader = reader_of(None)

    assert "1 table with rows" in reader.get("/data?q=refunds").text
    assert "No table matches" in reader.get("/data?q=nothing-like-this").text
    assert "tables without rows" in reader.get("/data?sort=-rows").text


def test_a_table_that_was_never_loaded_says_so(reader_of: Reader) -> None:
    text = reader_of(None).get("/data/customer_sessions").text

    assert "Never loaded" in text
    assert "No row of this table broke its contract." in text


def test_values_that_tell_of_a_person_are_masked() -> None:
    row = {"customer phone": "+1 555", "status": "late", "pickup_latitude": 24.7, "ref": None, "card": "x"}

    assert _masked(row, {"card"}) == {
        "customer phone": "•••",
        "status": "late",
        "pickup_latitude": "•••",
        "ref": None,
        "card": "•••",
    }
    assert _masked("a broken line", set()) == {"": "a broken line"}


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1234.0, "orders", "1,234"),
        (4.5, "orders", "4.5"),
        (0.4096, "share", "41.0%"),
        (35.24, "minutes", "35.2 min"),
        (3.26, "hours", "3.3 hr"),
        (850.0, "meters", "850 m"),
        (1234.0, "meters", "1.2 km"),
        (4.333, "stars", "4.33"),
        (12345.0, "money", "12,345"),
        (None, "share", "–"),  # noqa: RUF001 - the dash that stands for no value
    ],
)
def test_a_value_is_written_with_its_unit(value: float | None, unit: str, written: str) -> None:
    assert show_measure(value, unit, "en") == written


def test_money_is_written_with_its_currency() -> None:
    assert show_measure(12345.0, "money", "en", currency="KWD") == "KWD\u00a012.345"


def test_a_page_number_beyond_the_end_gives_the_last_page() -> None:
    page = paged(list(range(120)), number=9)

    assert (page.number, page.last, list(page.rows)) == (3, 3, list(range(100, 120)))
    assert paged([], number=1).last == 1


def test_rows_without_a_value_come_last_in_both_directions() -> None:
    keys = {"x": lambda row: row}

    assert ordered([2, None, 1], sort="x", keys=keys) == [1, 2, None]
    assert ordered([2, None, 1], sort="-x", keys=keys) == [2, 1, None]
    assert ordered([2, None, 1], sort="unknown", keys=keys) == [2, None, 1]
