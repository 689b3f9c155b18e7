"""One officer finds a person and asks for erasure, another approves; the certificate says what was done."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tiffin.capabilities.access import service as access
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
LANGUAGES = {
    "en": {"find": "Find", "ask": "Ask for erasure", "approve": "Approve and erase", "done": "Certificate as a file"},
    "ar": {"find": "ابحث", "ask": "اطلب المحو", "approve": "وافق وامحُ", "done": "الشهادة في ملف"},
}


@pytest.fixture
def officer(chromium: Browser, console: str, workspace: Path) -> Iterator[Callable[[str, str], Page]]:
    """Open a browser in which somebody who answers for personal data is signed in, reading a language."""
    closing = ExitStack()

    def opened(name: str, lang: str) -> Page:
        with open_context(workspace) as context:
            access.add_account(context, name)
            access.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=access.Terms("Journeys"))
            token = access.make_sign_in_link(context, name)
        browser = chromium.new_context(base_url=console)
        closing.callback(browser.close)
        browser.add_cookies([{"name": "tiffin_locale", "value": lang, "url": console}])
        page = browser.new_page()
        page.goto(f"/sign-in/{token}")
        return page

    with closing:
        yield opened


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_one_officer_asks_another_approves_and_the_certificate_says_what_was_done(
    officer: Callable[[str, str], Page], workspace: Path, lang: str
) -> None:
    words, person = LANGUAGES[lang], f"courier-7741-{lang}"
    note = workspace / ".tiffin" / f"note-{lang}.txt"
    note.write_text(f"Complaint about {person}", encoding="utf-8")
    asking, approving = officer(f"asking-{lang}", lang), officer(f"approving-{lang}", lang)

    asking.goto("/access/people")
    asking.locator("#kind").select_option("rider")
    asking.locator("#identifier").fill(person)
    asking.get_by_role("button", name=words["find"], exact=True).click()
    if SHOTS:
        asking.screenshot(path=f"{SHOTS}/people-{lang}.png", full_page=True)
    asking.locator("#reason").fill("Own wish")
    asking.get_by_role("button", name=words["ask"]).click()
    expect(asking.locator("main")).to_contain_text(person)
    assert person not in asking.url

    approving.goto("/access/people")
    approving.get_by_role("row").filter(has_text=f"asking-{lang}").get_by_role("link").click()
    if SHOTS:
        approving.screenshot(path=f"{SHOTS}/asked-{lang}.png", full_page=True)
    approving.get_by_role("button", name=words["approve"]).click()

    expect(approving.get_by_role("link", name=words["done"])).to_be_visible(timeout=60_000)
    expect(approving.locator("main")).not_to_contain_text(person)
    assert person not in note.read_text(encoding="utf-8")
    if SHOTS:
        approving.reload()
        approving.screenshot(path=f"{SHOTS}/certificate-{lang}.png", full_page=True)
