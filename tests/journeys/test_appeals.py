"""A rider appeals on his telephone, a reviewer who had no part decides by keyboard, and nothing is left of it."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from tests.journeys.judged import CITIES, Delivered, bars_nobody, delivered, on_the_phone, press_through
from tests.liability.notices.conftest import a_verdict

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger, notices
from tiffin.capabilities.liability.service.incidents_keeping import keep_incidents
from tiffin.capabilities.liability.service.verdicts import add_verdicts
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
PHOTO: FilePayload = {"name": "bag.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 64}
LANGUAGES = {
    "en": {
        "why": "The rider waited twenty minutes too long.",
        "said": "I stood at the counter until twenty past eight.",
        "answer": "The trail shows the rider at the counter from eight.",
        "sent": "What you wrote was sent.",
        "meanwhile": "Until then no points count and nothing is taken from you.",
        "stayed": "Kept back while an appeal is open",
        "right": "You were right: nothing of it is left for you.",
        "none": "0",
    },
    "ar": {
        "why": "تأخر المندوب عشرين دقيقة أكثر مما ينبغي.",
        "said": "كنت واقفًا عند المحل حتى الثامنة والثلث.",
        "answer": "يبيّن المسار أن المندوب كان عند المحل منذ الثامنة.",
        "sent": "أُرسل ما كتبته.",
        "meanwhile": "وحتى ذلك الحين لا تُحتسب نقاط ولا يُخصم منك شيء.",
        "stayed": "موقوفة ما دام تظلّم قائمًا",
        "right": "الحق معك: لا يبقى عليك منه شيء.",
        "none": "0",
    },
}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_rider_appeals_by_telephone_and_a_reviewer_finds_for_him(
    a_browser: Callable[..., BrowserContext], person: Callable[..., Page], workspace: Path, lang: str
) -> None:
    words = LANGUAGES[lang]
    [order] = delivered(workspace, CITIES[lang], 1, past=10)
    reviewer = person(f"reads-appeals-{lang}", Role.REVIEWER, lang)
    rider = on_the_phone(a_browser, workspace, PartyAccount("rider", order.city_id, order.rider_id), lang)
    posted(workspace, order, words["why"], lang)

    appeals(rider, words, lang)
    decides(reviewer, words, lang)

    rider.reload()
    expect(rider.locator("main")).to_contain_text(words["right"])
    expect(rider.locator("main")).to_contain_text(words["answer"])
    expect(rider.locator(".figures dd")).to_have_text(["0%", words["none"]])
    shot(rider, f"rider-after-{lang}")
    rider.goto("/me/points")
    expect(rider.locator(".figures dd").first).to_have_text(words["none"])
    shot(rider, f"rider-points-{lang}")
    rider.goto("/me/notices")
    rider.locator("main li a").first.click()
    expect(rider.locator("main")).to_contain_text(words["answer"])
    shot(rider, f"rider-notice-{lang}")


def posted(workspace: Path, order: Delivered, why: str, lang: str) -> Verdict:
    """Decide by a rule that the rider answers for a late order, book his points and tell him."""
    now = datetime.now(UTC)
    plain = a_verdict(city_id=order.city_id, order_id=order.order_id, rider_id=order.rider_id, decided_at=now)
    incident = replace(plain.incident, happened_at=now - timedelta(hours=2), reported_at=now)
    with open_context(workspace) as context:
        case_id = keep_incidents(context, [incident])[incident.key]
        reason = {"en": LANGUAGES["en"]["why"], lang: why}
        verdict = replace(plain, incident=incident, case_id=case_id, reason=reason)
        add_verdicts(context, [verdict])
        ledger.post_verdict(context, verdict)
        notices.send(context, "verdict", verdict, Party.RIDER)
    return verdict


def appeals(page: Page, words: dict[str, str], lang: str) -> None:
    """Read what was decided and why, say what is wrong with it, show a photo, and see what holds meanwhile."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    page.goto("/me")
    bars_nobody(page)
    shot(page, f"rider-mine-{lang}")
    page.locator("main a[href*='/me/decisions/']").first.click()
    expect(page.locator("main")).to_contain_text(words["why"])
    bars_nobody(page)
    shot(page, f"rider-before-{lang}")
    page.locator("#appeal").fill(words["said"])
    page.locator("#appeal-photo").set_input_files(PHOTO)
    page.locator("form:has(#appeal) button").click()

    expect(page.get_by_role("status")).to_have_text(words["sent"])
    expect(page.locator("main")).to_contain_text(words["said"])
    expect(page.locator("main")).to_contain_text(words["meanwhile"])
    page.locator("form:has(input[value=no_more_evidence]) button").click()
    expect(page.locator("form:has(input[value=no_more_evidence])")).to_have_count(0)
    shot(page, f"rider-open-{lang}")
    decision = page.url
    page.goto("/me/points")
    expect(page.locator(".figures dd").first).to_have_text(words["none"])
    expect(page.locator(".figures")).to_contain_text(words["stayed"])
    page.goto(decision)


def decides(page: Page, words: dict[str, str], lang: str) -> None:
    """Find the appeal, take it in hand, read both sides, and overturn with a reason, all by keyboard."""
    page.goto("/liability/appeals")
    shot(page, f"appeals-{lang}")
    row = page.locator("#results tbody tr", has_text="rider_late").filter(has_text=CITIES[lang])
    press_through(page, f"#results a[href='{row.locator('a').get_attribute('href')}']")
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=said]")).to_contain_text(words["said"])
    expect(page.locator("section[aria-labelledby=basis]")).to_contain_text(words["why"])
    expect(page.locator("section[aria-labelledby=files] a")).to_have_count(1)
    press_through(page, "form:has(input[value=take_appeal]) button")
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_visible()
    bars_nobody(page)
    shot(page, f"appeal-{lang}")
    press_through(page, "input[name=said_decision]")
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[value=overturn]")).to_be_checked()
    press_through(page, "#reason")
    page.keyboard.type(words["answer"])
    press_through(page, "form:has(#reason) button")
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=replied]")).to_contain_text(words["answer"])


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
