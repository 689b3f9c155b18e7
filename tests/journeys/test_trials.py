"""A trial from its form to its read-out by two people, in both directions of writing."""

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


def act(page: Page, action: str) -> None:
    """Press the button of an action."""
    page.locator(f'form:has(input[name="action"][value="{action}"]) button').click()


def fill(page: Page, lang: str) -> None:
    """Type a switchback of zones whose wash-out is too long."""
    page.locator("#name").fill(f"further riders {lang}")
    page.locator("#question").fill("Do fewer orders come late when riders are sought further away?")
    expect(page.locator("#window_min")).to_be_hidden()
    page.locator('[name="design"][value="switchback"]').check()
    expect(page.locator("#window_min")).to_be_visible()
    expect(page.locator("#share_0")).to_be_hidden()
    page.locator("#unit").select_option("zone")
    page.locator("#arm_1").fill("further")
    page.locator('[name="cities"][value="riyadh"]').check()
    page.locator("#first").fill("2026-02-17")
    page.locator("#last").fill("2026-02-24")
    page.locator("#metric").select_option("late_share")
    page.locator("#smallest_effect").fill("2")
    page.locator("#washout_min").fill("120")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_trial_goes_from_its_form_to_its_read_out(person: Callable[..., Page], lang: str) -> None:
    analyst = person(f"analyst-of-trials-{lang}", Role.ANALYST, lang)
    manager = person(f"manager-of-trials-{lang}", Role.CITY_MANAGER, lang)

    analyst.goto("/experiments")
    analyst.locator('a[href="/experiments/new"]').first.click()
    fill(analyst, lang)
    shot(analyst, f"trial-form-{lang}")
    analyst.locator("main form .button:visible").first.click()
    expect(analyst.get_by_role("alert")).to_be_visible()
    expect(analyst.locator("#arm_1")).to_have_value("further")
    analyst.locator("#washout_min").fill("0")
    analyst.locator("main form .button:visible").first.click()

    expect(analyst.locator(".way [aria-current]")).to_be_visible()
    act(analyst, "submit_trial")
    manager.goto(analyst.url)
    act(manager, "approve_trial")
    act(manager, "start_trial")
    expect(manager.locator(".windows td").first).to_be_visible()
    manager.locator('form[action$="/readings"] button').click()
    expect(manager.locator('[aria-labelledby="reading"] tbody tr')).to_have_count(1)
    expect(manager.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert manager.evaluate(WIDER_THAN_SCREEN) <= 0
    shot(manager, f"trial-{lang}")
    manager.goto("/experiments")
    expect(manager.get_by_role("link", name=f"further riders {lang}")).to_be_visible()
    shot(manager, f"trials-{lang}")
