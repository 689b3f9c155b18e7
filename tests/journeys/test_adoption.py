"""Somebody asks, a steward decides, and what is said on a page is answered: by keyboard, in English and in Arabic."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
Visit = Callable[..., Page]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_question_is_asked_decided_and_followed_without_a_mouse(visit: Visit, lang: str) -> None:
    page = visit("/adoption/ask", lang=lang)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    page.locator("#decision").focus()
    page.keyboard.type("نسبة الطلبات المتأخرة" if lang == "ar" else "share of late orders")
    expect(page.locator("#near button[value^='metric:late']").first).to_be_visible()

    page.locator("#people").fill("12")
    page.keyboard.press("Enter")
    page.wait_for_url("**/adoption/requirements/*")
    page.locator("#accept-reason").focus()
    page.keyboard.type("Every city asks")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".trail")).to_contain_text("Every city asks")

    page.goto(page.url.split("/adoption/")[0] + "/adoption/board")
    expect(page.locator(".road")).to_contain_text("نسبة" if lang == "ar" else "share of late orders")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_said_at_the_foot_of_a_page_is_thanked_and_answered(visit: Visit, lang: str) -> None:
    page = visit("/metrics", lang=lang)
    page.locator("footer.say summary").focus()
    page.keyboard.press("Enter")
    page.locator("#say-form input[value=idea]").focus()
    page.keyboard.press("Space")
    page.locator("#say-text").fill(f"A map of zones, {lang}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#feedback-said a[href='/adoption']")).to_be_visible()

    page.goto(page.url.split("/metrics")[0] + "/adoption/feedback")
    page.get_by_role("link", name=f"A map of zones, {lang}").focus()
    page.keyboard.press("Enter")
    page.locator("#answer-text").fill("It is on the road map")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".trail")).to_contain_text("It is on the road map")
