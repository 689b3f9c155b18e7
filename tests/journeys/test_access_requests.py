"""From ask to grant in two steps of two people, and what steward and auditor see of it, in English and Arabic."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tiffin.runtime.actor import Role

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
LANGUAGES = {
    "en": {
        "ask": "Ask",
        "place": "Saudi Arabia",
        "all": "Grant as asked",
        "granted": "Granted",
        "keep": "Keep",
    },
    "ar": {
        "ask": "اطلب",
        "place": "المملكة العربية السعودية",
        "all": "منح كما طُلب",
        "granted": "مُنح",
        "keep": "إبقاء",
    },
}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_somebody_asks_a_steward_grants_and_an_auditor_reads_of_it(person: Callable[..., Page], lang: str) -> None:
    words = LANGUAGES[lang]
    asker, steward = person(f"asker-{lang}", None, lang), person(f"decider-{lang}", Role.STEWARD, lang)
    auditor = person(f"auditor-{lang}", Role.AUDITOR, lang)
    asker.goto("/data")
    asker.locator("main .fault a[href^='/access/ask']").click()
    asker.locator("#purpose").fill("Weekly review")
    asker.get_by_label(words["place"]).check()
    asker.locator("main form.card button", has_text=words["ask"]).click()
    expect(asker.locator("main h1")).to_contain_text(f"asker-{lang}")

    steward.goto("/access/requests")
    steward.get_by_role("row").filter(has_text=f"asker-{lang}").get_by_role("link").first.click()
    expect(steward.get_by_role("img").first).to_be_visible()
    if SHOTS:
        steward.screenshot(path=f"{SHOTS}/request-{lang}.png", full_page=True)
    steward.get_by_role("button", name=words["all"]).click()
    expect(steward.get_by_text(words["granted"], exact=True).first).to_be_visible()

    asker.goto("/access")
    expect(asker.get_by_role("row").filter(has_text="Weekly review").first).to_contain_text(words["place"])
    assert asker.goto("/data").status == 200
    auditor.goto(f"/access/audit?actor=decider-{lang}")
    expect(auditor.get_by_role("row").filter(has_text=f"asker-{lang}").first).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_steward_answers_for_the_grants_of_a_campaign(
    person: Callable[..., Page], visit: Callable[..., Page], lang: str
) -> None:
    words = LANGUAGES[lang]
    reviewer = person(f"reviewer-{lang}", Role.STEWARD, lang)
    person(f"holder-{lang}", Role.VIEWER, lang)
    owner = visit("/access/campaigns", lang=lang)
    owner.locator("main details.card summary").click()
    owner.locator("#name").fill(f"Spring {lang}")
    owner.locator("input[name=countries][value='*']").check()
    owner.locator("#reviewer").fill(f"reviewer-{lang}")
    owner.locator("#due").fill("2099-01-01")
    owner.locator("main details.card button").click()
    expect(owner.locator("main h1")).to_contain_text(f"Spring {lang}")

    reviewer.goto("/access/campaigns")
    reviewer.get_by_role("link", name=f"Spring {lang}").click()
    row = reviewer.get_by_role("row").filter(has_text=f"holder-{lang}")
    row.get_by_role("button", name=words["keep"]).click()
    expect(row.locator(".badge").last).to_be_visible()
    expect(row.get_by_role("button")).to_have_count(0)
