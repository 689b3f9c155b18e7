"""The city's page in the morning: read, walked by keys, sent, asked what works against a miss, handed to a person."""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tiffin.runtime.actor import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - innerWidth"
MISSED = "/daybooks/riyadh/2026-02-23"


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_manager_reads_his_city_sends_the_page_and_hands_a_miss_to_a_person(
    person: Callable[..., Page], lang: str
) -> None:
    manager = person(f"manager-of-a-morning-{lang}", Role.CITY_MANAGER, lang)
    manager.goto("/daybooks/riyadh/2026-02-22")
    manager.keyboard.press("]")
    expect(manager).to_have_url(re.compile(MISSED))
    expect(manager.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert manager.evaluate(WIDER_THAN_SCREEN) <= 0

    manager.locator(f'form[action="{MISSED}/email"] button').click()
    manager.locator('p[role="status"] a').click()
    expect(manager).to_have_url(re.compile(r"/alerts/messages/\d+"))
    shot(manager, f"city-page-sent-{lang}")

    manager.goto(MISSED)
    manager.locator('a[href^="/strategies/new?city=riyadh"]').first.click()
    expect(manager.locator('form[method="post"][action="/strategies/new"]')).to_have_count(1)

    manager.goto(MISSED)
    opened = manager.locator(f'form[action="{MISSED}/cases"] button')
    if opened.count():  # whoever came first opened it
        opened.first.click()
    else:
        manager.locator('main a[href^="/cases/"]').first.click()
    expect(manager).to_have_url(re.compile(r"/cases/\d+"))
    shot(manager, f"case-of-a-miss-{lang}")
    assert manager.evaluate(WIDER_THAN_SCREEN) <= 0


def test_the_slots_of_a_day_are_walked_by_keys_and_shortfalls_lead_back_to_days(person: Callable[..., Page]) -> None:
    planner = person("planner-of-slots", Role.ANALYST, "en")
    planner.goto("/marketplace/riyadh/2026-02-23")
    slider = planner.locator('[data-part="slider"]')
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    planner.keyboard.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", str(before))
    expect(planner.locator('[data-part="board"] tbody tr').first).to_be_visible()

    planner.goto("/shortfalls/riyadh")
    expect(planner.locator("h1")).to_contain_text("Riyadh")
    shot(planner, "shortfalls")
    planner.locator('main a[href^="/daybooks/riyadh/"]').first.click()
    expect(planner).to_have_url(re.compile(r"/daybooks/riyadh/2026-02-"))
