"""A roll-out from its plan to its way back by two people, in both directions of writing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tiffin.capabilities.balance.domain.roll_out import Limit, Plan
from tiffin.capabilities.balance.service.roll_outs.planning import draft
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - innerWidth"


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def act(page: Page, action: str) -> None:
    """Press the button of an action of the whole roll-out."""
    page.locator(f'form:has(input[name="action"][value="{action}"]) button').first.click()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_roll_out_is_agreed_to_begun_and_taken_back(person: Callable[..., Page], workspace: Path, lang: str) -> None:
    noura, tariq = (person(f"noura-plans-{lang}", Role.ANALYST, lang),
                    person(f"tariq-agrees-{lang}", Role.CITY_MANAGER, lang))  # fmt: skip
    plan = Plan(f"calmer promises {lang}", f"promise {lang}", "late_share", (("riyadh",), ("sao-paulo",)),
                (Limit("late_share", 0.05),))  # fmt: skip
    with open_context(workspace) as context:
        draft(context, plan.plain())

    noura.goto("/roll-outs")
    noura.get_by_role("link", name=plan.name).click()
    noura.locator('a[href$="/edit"]').click()
    noura.locator("#least_days").fill("9")
    noura.locator("main form .button").first.click()
    expect(noura.locator(".way [aria-current]")).to_be_visible()
    act(noura, "submit_roll_out")
    tariq.goto(noura.url)
    act(tariq, "approve_roll_out")
    act(tariq, "start_wave")
    expect(tariq.locator('[aria-labelledby="cities"] .badge.good')).to_have_count(1)
    tariq.locator('[aria-labelledby="cities"] summary').focus()
    tariq.keyboard.press("Enter")
    tariq.locator("#why-riyadh").fill("a festival")
    tariq.locator("#why-riyadh").press("Enter")
    expect(tariq.locator('[aria-labelledby="cities"] .badge.warn')).to_have_count(1)
    expect(tariq.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert tariq.evaluate(WIDER_THAN_SCREEN) <= 0
    shot(tariq, f"roll-out-{lang}")
    tariq.locator("#take_back-reason").fill("merchants complain")
    tariq.locator("#take_back-reason").press("Enter")
    expect(tariq.locator('[aria-labelledby="cities"] .badge.bad')).to_have_count(1)
    tariq.goto("/roll-outs/register")
    expect(tariq.get_by_role("link", name=plan.name).first).to_be_visible()
    assert tariq.evaluate(WIDER_THAN_SCREEN) <= 0
    shot(tariq, f"roll-out-register-{lang}")
