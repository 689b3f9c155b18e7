"""One officer finds a person and asks for erasure, another approves; the certificate says what was done.

So it is for somebody whom facts name in free text, where a text that means somebody else stays, and for somebody who
worked here and left, whose name goes from the audit trail while the trail stays whole.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tiffin.capabilities.access import service as access
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store

pytestmark = pytest.mark.browser
ITEMS = TABLES["order_items"]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
LANGUAGES = {
    "en": {
        "find": "Find",
        "ask": "Ask for erasure",
        "approve": "Approve and erase",
        "done": "Certificate as a file",
        "verify": "Verify",
        "whole": "whole",
        "removed": "Texts removed on request",
    },
    "ar": {
        "find": "ابحث",
        "ask": "اطلب المحو",
        "approve": "وافق وامحُ",
        "done": "الشهادة في ملف",
        "verify": "تحقَّق",
        "whole": "سليمة",
        "removed": "نصوص أُزيلت بناءً على طلب",
    },
}


@pytest.fixture
def officer(a_browser: Callable[..., BrowserContext], workspace: Path) -> Callable[[str, str], Page]:
    """Open a browser in which somebody who answers for personal data is signed in, reading a language."""

    def opened(name: str, lang: str) -> Page:
        with open_context(workspace) as context:
            access.add_account(context, name)
            access.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=access.Terms("Journeys"))
            token = access.make_sign_in_link(context, name)
        page = a_browser(lang).new_page()
        page.goto(f"/sign-in/{token}")
        return page

    return opened


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


def ask(page: Page, words: dict[str, str], kind: str, person: str, also: str = "") -> str:
    """Find somebody and ask that he be erased; gives the request's address."""
    page.goto("/access/people")
    page.locator("#kind").select_option(kind)
    page.locator("#identifier").fill(person)
    page.locator("#also").fill(also)
    page.get_by_role("button", name=words["find"], exact=True).click()
    page.locator("#reason").fill("Own wish")
    page.get_by_role("button", name=words["ask"]).click()
    expect(page.locator("main")).to_contain_text(person)
    return page.url


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_texts_are_shown_before_and_one_that_means_somebody_else_stays(
    officer: Callable[[str, str], Page], workspace: Path, lang: str
) -> None:
    words, name = LANGUAGES[lang], f"Samir Qandil {lang}"
    texts = [(1, f"Ask {name} at the gate"), (2, f"Kitchen of {name}")]
    items = [
        {"city_id": "riyadh", "order_id": f"{lang}-{line}", "line": line, "item_id": "i", "name": told, "quantity": 1}
        for line, told in texts
    ]
    with open_context(workspace) as context:
        store = open_store(context.workspace)
        store.upsert(ITEMS, pa.Table.from_pylist(items).to_reader(), now=context.now, source="journeys")
    asking, approving = officer(f"asks-{lang}", lang), officer(f"approves-{lang}", lang)
    address = ask(asking, words, "customer", f"customer-5512-{lang}", name)

    approving.goto(address)
    row = approving.get_by_role("row").filter(has_text=f"Kitchen of {name}")
    row.get_by_role("checkbox").check()
    approving.locator("#why-left-out").fill("A shop of that name")
    if SHOTS:
        approving.screenshot(path=f"{SHOTS}/texts-{lang}.png", full_page=True)
    approving.get_by_role("button", name=words["approve"]).click()

    expect(approving.get_by_role("link", name=words["done"])).to_be_visible(timeout=60_000)
    expect(approving.locator("main")).to_contain_text("A shop of that name")
    if SHOTS:
        approving.screenshot(path=f"{SHOTS}/texts-done-{lang}.png", full_page=True)
    with open_context(workspace) as context:
        asked = "select order_id, name from order_items order by order_id"
        rows = context.warehouse.query_text(asked).to_pylist()
    told = [one["name"] for one in rows if one["order_id"].startswith(f"{lang}-")]
    assert told[1] == f"Kitchen of {name}"
    assert told[0].startswith("Ask erased-")
    assert name not in told[0]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_somebody_who_left_is_erased_and_the_trail_stays_whole(
    officer: Callable[[str, str], Page], workspace: Path, lang: str
) -> None:
    words, left = LANGUAGES[lang], f"leaver.{lang}"
    with open_context(workspace) as context:
        access.add_account(context, left)
        access.grant(context, left, Role.ADMIN, countries=["*"], terms=access.Terms(f"Stand-in of {left}"))
        access.add_account(context, f"guest-{lang}")
    with open_context(workspace, user=left) as context:
        access.disable_account(context, f"guest-{lang}")
    asking, approving = officer(f"seeks-{lang}", lang), officer(f"agrees-{lang}", lang)
    address = ask(asking, words, "account", left)

    approving.goto(address)
    approving.get_by_role("button", name=words["approve"]).click()
    expect(approving.get_by_role("link", name=words["done"])).to_be_visible(timeout=60_000)
    with open_context(workspace) as context:
        access.grant(context, f"agrees-{lang}", Role.AUDITOR, countries=["*"], terms=access.Terms("Journeys"))
    if SHOTS:
        approving.screenshot(path=f"{SHOTS}/leaver-{lang}.png", full_page=True)

    approving.goto(f"/access/audit?text={left}")
    expect(approving.locator("table")).to_have_count(0)
    approving.goto("/access/audit")
    approving.get_by_role("button", name=words["verify"], exact=True).click()
    expect(approving.get_by_role("status")).to_contain_text(words["whole"])
    expect(approving.get_by_role("status")).to_contain_text(words["removed"])
    if SHOTS:
        approving.screenshot(path=f"{SHOTS}/trail-{lang}.png")
