"""An order is found and its file read without a mouse, in both directions of writing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
Visit = Callable[..., Page]


def test_an_order_is_found_opened_and_read_without_a_mouse(visit: Visit) -> None:
    page = visit("/orders?late=true&city=riyadh")
    wanted = page.locator("#results tbody a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(wanted)
    page.keyboard.press("Enter")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name=wanted)).to_be_visible()
    page.wait_for_load_state("load")
    expect(page.locator("#timeline svg").first).to_be_visible()
    for key, part in (("m", "map"), ("s", "story"), ("e", "evidence"), ("d", "decision")):
        page.keyboard.press(key)
        expect(page.locator(f"#{part}")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Choose a decision")


def test_time_at_work_is_told_to_the_server(visit: Visit) -> None:
    page = visit("/orders?late=true&city=riyadh")
    page.locator("#results tbody a").first.click()
    expect(page.locator(".order-file")).to_be_visible()
    page.wait_for_timeout(2_200)

    with page.expect_request(lambda one: "/orders/looks/" in one.url) as told:
        page.evaluate("dispatchEvent(new Event('pagehide'))")

    assert told.value.method == "POST"
    assert int((told.value.post_data or "").removeprefix("active_s=")) >= 1


def test_a_file_runs_from_right_to_left_and_fits_a_telephone(visit: Visit) -> None:
    page = visit("/orders?late=true&city=riyadh", lang="ar", width=390)
    page.locator("#results tbody a").first.click()

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#story")).to_contain_text("قدّم العميل الطلب.")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
