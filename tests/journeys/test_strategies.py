"""A strategy from the miss to the second person's yes, in both directions of writing."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tiffin.runtime.actor import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - innerWidth"
REHEARSED_WITHIN_MS = 120_000


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def act(page: Page, action: str) -> None:
    """Press the button of an action."""
    page.locator(f'form:has(input[name="action"][value="{action}"]) button').click()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_miss_becomes_a_strategy_that_a_second_person_agrees_to(person: Callable[..., Page], lang: str) -> None:
    analyst = person(f"analyst-of-strategies-{lang}", Role.ANALYST, lang)
    manager = person(f"manager-of-strategies-{lang}", Role.CITY_MANAGER, lang)
    lead = "morning" if lang == "en" else "intraday"

    analyst.goto(f"/strategies/new?city=riyadh&day=2026-02-23&lead={lead}")
    shot(analyst, f"strategy-miss-{lang}")
    analyst.locator('form[method="post"][action="/strategies/new"] button').click()
    expect(analyst.locator(".options-table")).to_be_visible(timeout=REHEARSED_WITHIN_MS)
    assert analyst.evaluate(WIDER_THAN_SCREEN) <= 0
    shot(analyst, f"strategy-options-{lang}")
    analyst.locator("#team").fill("City operations")
    analyst.locator('section[aria-labelledby="adopt"] button').click()

    expect(analyst.locator(".way [aria-current]")).to_be_visible()
    expect(analyst.locator('input[value="agree_strategy"]')).to_have_count(0)
    manager.goto(analyst.url)
    act(manager, "agree_strategy")
    expect(manager.locator('input[value="try_strategy"]')).to_have_count(1)
    expect(manager.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert manager.evaluate(WIDER_THAN_SCREEN) <= 0
    shot(manager, f"strategy-{lang}")
    manager.goto("/strategies")
    expect(manager.locator("tbody tr").first).to_be_visible()
    shot(manager, f"strategies-{lang}")
    manager.goto("/strategies/levers")
    shot(manager, f"levers-{lang}")
