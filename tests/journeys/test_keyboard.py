from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
Visit = Callable[..., Page]


def test_the_first_tab_leads_past_the_menu(visit: Visit) -> None:
    page = visit("/metrics")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_every_stop_of_the_keyboard_is_visible(visit: Visit) -> None:
    page = visit("/help")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_a_metric_is_found_and_opened_without_a_mouse(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/metrics", wait_until="load")
    page.keyboard.press("/")
    every = page.locator("#results tbody tr").count()
    page.keyboard.type("late share")
    page.wait_for_url("**/metrics?q=late*share*")
    expect(page.locator("#results tbody tr")).not_to_have_count(every)
    expect(page.locator("[class*=htmx-]")).to_have_count(0)
    page.get_by_role("link", name="Late share", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Late share")


def test_arrow_keys_move_from_row_to_row(visit: Visit) -> None:
    page = visit("/metrics")
    links = page.locator("#results tbody tr a")
    links.first.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")

    expect(links.first).to_be_focused()


def test_the_keys_are_told_and_escape_closes_them(visit: Visit) -> None:
    page = visit("/metrics", lang="ar")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#keys")).to_be_hidden()


def test_a_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("/help")
    summary = page.locator("summary", has_text="English")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="العربية")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="العربية")).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_column_sorts_both_ways(visit: Visit) -> None:
    page = visit("/data")
    head = page.get_by_role("columnheader", name="Rows")
    page.get_by_role("link", name="Rows").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Rows").press("Enter")

    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator("tbody tr").first).to_contain_text("order_stages")
