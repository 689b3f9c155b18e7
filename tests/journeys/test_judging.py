"""An adjudicator works the queue without a mouse, takes one slip back, and what he decides stands in the ledger."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.judged import CITIES, OPEN, Delivered, bars_nobody, delivered, press_through, reported

from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.routing import file_of
from tiffin.capabilities.liability.service.verdicts import verdicts_of_order
from tiffin.engines.ledger.entries import POINTS
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_queue_is_worked_by_keyboard_and_a_slip_is_taken_back(
    person: Callable[[str, Role | None, str], Page], workspace: Path, lang: str
) -> None:
    orders = {}
    with open_context(workspace) as context:
        for one in delivered(workspace, CITIES[lang], 3):
            orders[reported(context, one, **OPEN)] = one
    page = person(f"adjudicator-{lang}", Role.ADJUDICATOR, lang)

    page.goto(f"/liability?city={CITIES[lang]}&skill=goods")
    shot(page, f"queue-{lang}")
    press_through(page, "#results p.actions a")
    page.keyboard.press("Enter")
    first = arrived(page, set())
    expect(page.locator("section[aria-labelledby=times] svg").first).to_be_visible()
    expect(page.locator("section[aria-labelledby=why] li").first).to_be_visible()
    bars_nobody(page)
    shot(page, f"case-{lang}")
    choose(page, "3")
    otherwise(page)
    second = arrived(page, {first})
    choose(page, "1")
    page.keyboard.press("Enter")
    third = arrived(page, {first, second})
    taken_back(page, second)
    choose(page, "1")
    page.keyboard.press("Enter")
    arrived(page, {second})

    assert {first, second, third} == orders.keys()
    stands_in_the_ledger(workspace, orders[first], first)
    with open_context(workspace) as context:
        assert len(verdicts_of_order(context, orders[second].city_id, orders[second].order_id)) == 2
        assert file_of(context, third).is_waiting


def arrived(page: Page, left: set[int]) -> int:
    """Wait until another incident asks, and give its number."""
    page.wait_for_url(lambda url: bool(re.search(r"/cases/\d+", url)) and number_in(url) not in left)
    expect(page.locator("form[data-decide]")).to_be_visible()
    return number_in(page.url)


def number_in(url: str) -> int:
    found = re.search(r"/cases/(\d+)", url)
    return int(found[1]) if found else 0


def choose(page: Page, key: str) -> None:
    """Choose an answer by its number once the clock runs."""
    expect(page.locator("[data-clock]")).not_to_be_empty()
    page.keyboard.press(key)
    expect(page.locator(f"[data-key='{key}']")).to_be_checked()


def otherwise(page: Page) -> None:
    """Say why it is decided otherwise than proposed, and decide."""
    press_through(page, "#code")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#code")).not_to_have_value("")
    press_through(page, "form[data-decide] button")
    page.keyboard.press("Enter")


def taken_back(page: Page, case_id: int) -> None:
    """Go back to the incident that was just decided, and undo the decision."""
    press_through(page, "a[data-last]")
    page.keyboard.press("Enter")
    undo = "form:has(input[value=undo]) button"
    expect(page.locator(undo)).to_be_visible()
    press_through(page, undo)
    page.keyboard.press("Enter")
    expect(page.locator("form[data-decide]")).to_be_visible()
    assert number_in(page.url) == case_id


def stands_in_the_ledger(workspace: Path, order: Delivered, case_id: int) -> None:
    with open_context(workspace) as context:
        [verdict] = verdicts_of_order(context, order.city_id, order.order_id)
        points = ledger.balance(context, Party.MERCHANT, order.merchant_id, order.city_id).of(POINTS)
        assert dict(verdict.shares) == {Party.MERCHANT: WHOLE}
        assert points.counted == verdict.points[Party.MERCHANT] == 1
        assert file_of(context, case_id).handling_s > 0


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
