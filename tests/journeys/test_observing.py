"""What began without a trial is observed, in both directions of writing, and the form offers what a design needs."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tiffin.runtime.actor import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - innerWidth"


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_began_somewhere_is_set_against_the_other_zones(person: Callable[..., Page], lang: str) -> None:
    observer = person(f"observer-of-zones-{lang}", Role.ANALYST, lang)
    observer.goto("/experiments")
    observer.locator('a[href="/experiments/observe"]').click()
    observer.locator("#metric").select_option("orders")
    observer.locator("#treated").fill("riyadh/al-olaya")
    observer.locator("#from").fill("2026-02-22")
    observer.locator("#through").fill("2026-02-24")
    observer.locator("main form .button").click()
    expect(observer.locator("main .chart").first).to_be_visible()
    shot(observer, f"observe-{lang}")
    expect(observer.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert observer.evaluate(WIDER_THAN_SCREEN) <= 0


def test_the_form_offers_what_a_design_needs(person: Callable[..., Page]) -> None:
    planner = person("planner-of-areas", Role.ANALYST, "en")
    planner.goto("/experiments/new")
    expect(planner.locator("#treated")).to_be_hidden()
    planner.locator('[name="design"][value="geo"]').check()
    expect(planner.locator("#treated")).to_be_visible()
    expect(planner.locator("#share_0")).to_be_hidden()
    planner.locator('[name="design"][value="staged"]').check()
    expect(planner.locator("#stages")).to_be_visible()
    expect(planner.locator("#treated")).to_be_hidden()
    shot(planner, "staged-form")
    planner.locator("#name").fill("pressed enter")
    planner.locator("#name").press("Enter")
    expect(planner).to_have_url("/experiments/new")
