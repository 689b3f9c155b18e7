from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
Visit = Callable[..., Page]


def test_a_dashboard_is_opened_narrowed_and_drilled_without_a_mouse(visit: Visit) -> None:
    page = visit("/dashboards")
    page.get_by_role("link", name="A city's operations").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboards/city_operations", wait_until="load")

    page.locator("select[name=city_id]").focus()
    page.keyboard.type("S")
    page.wait_for_url("**city_id=sao-paulo**", wait_until="load")
    expect(page.locator("h1")).to_contain_text("São Paulo")

    receipt = page.locator("#tile-1 summary", has_text="Receipt")
    receipt.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tile-1 .receipt-of dl")).to_be_visible()

    page.locator("#tile-1").get_by_role("link", name="Rows").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Rows behind")
    page.get_by_role("link", name="Back to the dashboard").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("São Paulo")

    page.locator("#tile-1").get_by_role("link", name="Why").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tree")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("São Paulo")


def test_a_question_is_built_by_keyboard_saved_and_undone(visit: Visit) -> None:
    page = visit("/explore")
    page.keyboard.press("/")
    page.keyboard.type("late share")
    box = page.locator("#m-late_share")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator("#by-0")).to_be_visible()
    expect(box).to_be_focused()
    page.locator("#by-0").select_option("local_hour")
    expect(page.locator("#answer .chart polyline").first).to_be_visible()
    page.wait_for_url("**by=local_hour**")

    page.get_by_label("Save as").fill("Late by hour")
    page.keyboard.press("Enter")
    expect(page.locator("#saved + ul")).to_contain_text("Late by hour")

    page.wait_for_load_state("load")  # the page's script watches the form from then on
    page.locator("#by-0").select_option("weekday")
    expect(page.get_by_role("link", name="Undo")).to_be_visible()
    page.get_by_role("link", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#by-0")).to_have_value("local_hour")


@pytest.mark.parametrize(
    "path", ["/dashboards/city_operations?city_id=riyadh", "/morning/riyadh", "/explore", "/alerts"]
)
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ar", "dark")])
def test_every_page_fits_a_phone(visit: Visit, path: str, lang: str, theme: str) -> None:
    page = visit(path, lang=lang, theme=theme, width=390)

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
