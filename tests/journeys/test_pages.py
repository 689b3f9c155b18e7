import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tiffin.app import MENU
from tiffin.runtime.i18n import LOCALES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PAGES = [
    "/",
    "/daybooks",
    "/daybooks/riyadh/2026-02-24",
    "/metrics?q=late",
    "/metrics/late_share?city=riyadh",
    "/data",
    "/data/orders",
    "/data/loads",
    "/help",
    "/access/accounts",
    "/access/audit",
    "/orders?late=true&city=riyadh",
    "/liability",
    "/liability/verdicts",
    "/liability/appeals",
    "/liability/disputes",
    "/liability/rows",
    "/liability/ledger",
    "/liability/ledger/riyadh",
    "/liability/notices",
    "/liability/quality",
    "/liability/quality/looks",
    "/liability/quality/gold",
    "/liability/signals?city=riyadh",
    "/experiments",
    "/experiments/new",
    "/links",
    "/nowhere",
]
Visit = Callable[..., Page]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ar", "dark")])
def test_a_page_reads_in_its_direction_fits_every_screen_and_bars_nobody(
    visit: Visit, path: str, lang: str, theme: str
) -> None:
    page = visit(path, lang=lang, theme=theme)
    expect(page.locator(".htmx-request")).to_have_count(0)

    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[lang]
    assert overflow(page) == 0
    assert (box(page, "nav.menu")["x"] > box(page, "main")["x"]) is (lang == "ar")
    assert not barriers(page)

    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0
    assert box(page, "nav.menu")["y"] > 700


@pytest.mark.parametrize("lang", LOCALES)
def test_the_menu_of_a_phone_has_room_for_every_word(visit: Visit, lang: str) -> None:
    page = visit("/help", lang=lang, width=390)

    boxes = page.locator("nav.menu a").evaluate_all(
        """links => links.map(link => {
            const text = document.createRange();
            text.selectNodeContents(link.querySelector("span"));
            const [inner, outer] = [text.getBoundingClientRect(), link.getBoundingClientRect()];
            const isOnScreen = outer.left >= 0 && outer.right <= innerWidth;
            return isOnScreen && inner.left >= outer.left && inner.right <= outer.right;
        })"""
    )

    assert boxes == [True] * len(MENU)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_sign_in_page_opens_to_nobody_else(visit: Visit, lang: str) -> None:
    page = visit("/metrics?q=late", lang=lang, anonymous=True)

    assert "/sign-in?next=" in page.url
    expect(page.locator("input[name=name]")).to_be_focused()
    assert overflow(page) == 0
    assert not barriers(page)


def test_the_home_page_leads_to_a_citys_day_book(visit: Visit) -> None:
    page = visit("/")

    expect(page.locator(".city")).to_have_count(3)
    expect(page.get_by_text("Simulated facts")).to_be_visible()
    expect(page.get_by_text("1 entry of orders is in quarantine.")).to_be_visible()
    page.get_by_role("link", name="Read the day-book of Riyadh").click()
    assert page.url.endswith("/daybooks/riyadh/2026-02-24")


def test_the_home_page_in_arabic_is_mirrored(visit: Visit) -> None:
    page = visit("/", lang="ar")

    expect(page.locator("h1")).to_have_text("مدنك")
    first, second = page.locator(".city .figures > div").nth(0), page.locator(".city .figures > div").nth(1)
    assert (first.bounding_box() or {})["x"] > (second.bounding_box() or {})["x"]


def test_typing_in_the_catalogue_filters_it_and_keeps_the_address(visit: Visit) -> None:
    page = visit("/metrics")
    page.keyboard.press("/")
    page.keyboard.type("click to door")

    expect(page.locator("#results code", has_text="coverage")).to_have_count(0)
    expect(page.locator("#results code", has_text="click_to_door_mean")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=click\+?(%20)?to"))
    expect(page.locator("main input[type=search]")).to_be_focused()


def test_the_catalogue_says_when_nothing_matches(visit: Visit) -> None:
    page = visit("/metrics?q=nothing-is-called-so")

    expect(page.get_by_text("No metric matches")).to_be_visible()


def test_a_metric_page_tells_meaning_formula_statement_and_receipt(visit: Visit) -> None:
    page = visit("/metrics/late_share?city=riyadh")

    for heading in ("How it is computed", "Worked example", "The statement that is run", "Receipt"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("img", name="Late share by day")).to_be_visible()
    page.get_by_label("City").select_option("sao-paulo")
    expect(page).to_have_url(re.compile("city=sao-paulo"))


@pytest.mark.parametrize("kind", ["CSV", "JSON"])
def test_a_metric_can_be_taken_along(visit: Visit, kind: str) -> None:
    page = visit("/metrics/late_share?city=riyadh")

    with page.expect_download() as taken:
        page.get_by_role("link", name=kind).click()

    assert taken.value.suggested_filename == f"late_share-riyadh.{kind.lower()}"
    assert "late_share" in taken.value.path().read_text()


def test_a_chart_in_arabic_begins_on_the_right(visit: Visit) -> None:
    page = visit("/metrics/late_share?city=riyadh", lang="ar")
    labels = page.locator(".chart svg").first.locator("text.label")
    chart = page.locator(".chart svg").first.bounding_box() or {}

    first_value = labels.first.bounding_box() or {}
    assert first_value["x"] > chart["x"] + chart["width"] * 0.8


def test_a_quarantined_row_is_shown_with_rule_file_and_line_and_without_the_person(visit: Visit) -> None:
    page = visit("/data")
    page.get_by_role("link", name="orders", exact=True).first.click()

    quarantine = page.locator("#quarantine")
    expect(quarantine.get_by_text("orders.csv", exact=True)).to_be_visible()
    expect(quarantine.get_by_text("line 3")).to_be_visible()
    expect(quarantine.get_by_text("status=teleported")).to_be_visible()
    assert "555" not in quarantine.inner_text()


def test_the_contract_of_a_table_names_units_and_classification(visit: Visit) -> None:
    page = visit("/data/orders", lang="ar")

    row = page.locator("tr", has=page.locator("code", has_text=re.compile("^customer_id$")))
    expect(row.locator(".badge.warn")).to_have_text("شخصي")


def test_the_language_switch_keeps_the_page(visit: Visit) -> None:
    page = visit("/metrics/late_share?city=riyadh")
    page.locator("summary", has_text="English").click()
    page.get_by_role("link", name="العربية").click()

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.url.endswith("/metrics/late_share?city=riyadh")


def test_the_theme_is_chosen_and_remembered(visit: Visit) -> None:
    page = visit("/help")
    bright = background(page)
    page.locator("summary[aria-label=Appearance]").click()
    page.get_by_role("link", name="Dark").click()
    page.goto("/metrics")

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert background(page) != bright


def test_the_system_theme_is_followed(visit: Visit) -> None:
    assert background(visit("/help", theme="dark")) != background(visit("/help", theme="light"))


def test_a_day_book_file_stands_alone(visit: Visit) -> None:
    page = visit("/daybooks/riyadh/2026-02-24/file")

    assert page.locator("script").count() == 0
    assert page.locator("link[rel=stylesheet], img[src^=http]").count() == 0
    expect(page.locator("svg").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"


def test_signing_out_closes_the_console(visit: Visit, console: str) -> None:
    page = visit("/help", anonymous=True)
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("wrong")
    assert page.url == f"{console}/sign-in"


def barriers(page: Page) -> list[str]:
    """Name what would bar somebody: violations that axe calls serious or critical."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return dict(found)


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
