"""Somebody of operations tries a change on what happened, has it published and taken back; everybody can read it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tiffin.capabilities.policies.service import drafting, drafting_saving
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LATE = "/policies/late-compensation"
CASE = "decide=1&market=SA&in.minutes_late=40&in.cause=kitchen&in.is_first_order=true&in.refunds_90_days=1"


@pytest.fixture(scope="module")
def draft(workspace: Path) -> int:
    """Number of a draft that gives something for delays by weather."""
    with open_context(workspace) as context:
        made = drafting.begin_draft(context, "late-compensation", title="A little for rain")
        text = made.base[""].replace(
            "'\"apology\"', amount_minor: 0", "'\"apology\"', amount_minor: credit_little_minor"
        )
        drafting_saving.save_draft(context, made.draft_id, {"": text}, seen=0)
    return made.draft_id


def test_a_change_is_tried_on_what_happened_published_by_a_second_person_and_taken_back(
    visit: Callable[..., Page], person: Callable[..., Page], draft: int
) -> None:
    page = visit(f"{LATE}/drafts/{draft}")
    expect(page.locator("#changes + *")).to_contain_text("late.weather")
    expect(page.locator(".proven")).to_contain_text("Proven")
    page.get_by_role("link", name="Try on past cases").click()
    page.get_by_role("button", name="Take up past cases").click()
    expect(page.get_by_text("past cases, taken up last")).to_be_visible()
    page.locator("select[name=draft]").select_option(f"draft-{draft}")
    page.get_by_role("button", name="Try on past cases").click()
    expect(page.locator("#result")).to_contain_text("would be decided otherwise")
    page.locator(".heat td a").first.click()
    page.locator("#result ul.plain a").first.click()
    expect(page.locator("#verdict")).to_contain_text("late.weather")
    page.goto(f"{LATE}/shadow?draft={draft}")
    page.get_by_role("button", name="Begin to watch it").click()
    page.get_by_label("Why").fill("Seen enough")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("row", name="A little for rain")).to_contain_text("ended")
    page.goto(f"{LATE}/drafts/{draft}")
    page.get_by_role("button", name="Propose for publication").click()
    expect(page.get_by_text("Somebody else reads and publishes it")).to_be_visible()

    published_and_taken_back(person("second-steward", Role.STEWARD, "en"), draft)


def published_and_taken_back(second: Page, draft: int) -> None:
    second.goto(f"{LATE}/drafts/{draft}")
    second.get_by_role("button", name="Approve and publish").click()
    expect(second.get_by_text("It was published")).to_be_visible()
    second.goto(LATE)
    second.get_by_role("link", name="Take back").click()
    expect(second.get_by_role("heading", name="What will hold on")).to_be_visible()
    second.get_by_label("Why is it taken back?").fill("Tried for an hour only")
    second.get_by_role("button", name="Take it back now").click()
    expect(second.locator(".timeline .undone")).to_contain_text("Tried for an hour only")
    expect(second.locator(".timeline .now").first).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_page_of_a_policy_bars_anybody_or_leaves_the_screen(
    visit: Callable[..., Page], draft: int, lang: str
) -> None:
    page = visit("/policies", lang=lang, theme="dark" if lang == "ar" else "light")
    chosen = f"now=draft-{draft}&draft=draft-{draft}"
    parts = {
        "en": ["", f"/late-compensation/compare?{chosen}", f"/late-compensation/drafts/{draft}"],
        "ar": ["/liability?market=KW", f"/late-compensation/explain?{CASE}", f"/late-compensation/backtest?{chosen}"],
    }

    for part in parts[lang]:
        page.goto(f"/policies{part}")
        expect(page.locator("[hx-trigger=load]:not(footer *)")).to_have_count(0)
        assert overflow(page) == 0
        assert not barriers(page), part
        page.set_viewport_size({"width": 390, "height": 844})
        assert overflow(page) == 0
        page.set_viewport_size({"width": 1280, "height": 900})


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def barriers(page: Page) -> list[str]:
    """Name what would bar somebody: violations that axe calls serious or critical."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in found if one["impact"] in {"serious", "critical"}
    ]
