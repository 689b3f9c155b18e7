"""A row whose verdicts do not stand is handed to people, until it is mended or two people restore it."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.judged import CITIES, SEALED, Delivered, as_party, bars_nobody, delivered, reported

from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeals import lodge
from tiffin.capabilities.liability.service.routing import file_of
from tiffin.capabilities.liability.service.verdicts import verdicts_of_order
from tiffin.capabilities.policies.service import drafting, drafting_saving
from tiffin.runtime.actor import Actor, Grant, Party, Role
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
POLICY, ROW = "verdict-items", "items.sealed"
ENOUGH = 3
"""So many appeals, all of them won, are more than a row that keeps its limit would lose."""
People = Callable[[str, Role | None, str], Page]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_row_that_loses_its_appeals_is_mended_by_a_version_that_a_second_person_publishes(
    person: People, workspace: Path, lang: str
) -> None:
    *lost, before, after = delivered(workspace, CITIES[lang], ENOUGH + 2, past=12)
    owner = handed_to_people(person, workspace, lost, f"mends-{lang}", lang)
    assert not decides_by_itself(workspace, before)

    draft = sharpened(workspace, lang)
    owner.locator(f"#todo ~ p a[href='/policies/{POLICY}']").click()
    owner.goto(f"/policies/{POLICY}/drafts/{draft}")
    owner.locator("form[action$=propose] button").first.click()
    expect(owner.locator("button[formaction$=withdraw]")).to_be_visible()
    second = person(f"publishes-{lang}", Role.STEWARD, lang)
    second.goto(f"/policies/{POLICY}/drafts/{draft}")
    second.locator("button[formaction$=publish]").click()
    # Publishing proves the whole table once more.
    expect(second.locator("a[href$='#versions']").first).to_be_visible(timeout=30_000)

    owner.goto("/liability/rows")
    expect(owner.locator("tr", has_text=ROW).locator(".badge.good")).to_be_visible()
    shot(owner, f"rows-mended-{lang}")
    assert decides_by_itself(workspace, after)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_row_that_loses_its_appeals_is_restored_by_its_owner_and_a_second_person(
    person: People, workspace: Path, lang: str
) -> None:
    *lost, after = delivered(workspace, CITIES[lang], ENOUGH + 1, past=18)
    owner = handed_to_people(person, workspace, lost, f"restores-{lang}", lang)
    owner.locator("#restore-reason").fill("The photos were misread; reviewers were taught.")
    owner.locator("form:has(input[value=restore]) button").click()
    expect(owner.locator("section[aria-labelledby=trail]")).to_contain_text("reviewers were taught")
    second = person(f"restores-too-{lang}", Role.STEWARD, lang)
    second.goto(owner.url)
    second.locator("form:has(input[value=restore_too]) button").click()

    expect(second.locator("main .badge.good")).to_be_visible()
    assert decides_by_itself(workspace, after)


def handed_to_people(person: People, workspace: Path, lost: Iterable[Delivered], owner: str, lang: str) -> Page:
    """Let the row lose its appeals, the last of them in a browser; gives the page on which its owner sees the case."""
    reviewer = person(f"reviews-{owner}", Role.REVIEWER, lang)
    *earlier, last = [appealed(workspace, one) for one in lost]
    with open_context(workspace) as context:
        actor = Actor(f"reviews-{owner}", (Grant(Role.REVIEWER, ("*",), ()),))
        by_reviewer = replace(context, actor=actor)
        for case_id in earlier:
            act(by_reviewer, case_id, "take_appeal")
            act(by_reviewer, case_id, "overturn", {"reason": "The bag was sealed anew."})
    reviewer.goto(f"/liability/appeals/{last}")
    reviewer.locator("form:has(input[value=take_appeal]) button").click()
    reviewer.locator("input[value=overturn]").check()
    reviewer.locator("#reason").fill("The bag was sealed anew.")
    reviewer.locator("form:has(#reason) button").click()
    expect(reviewer.locator("section[aria-labelledby=replied]")).to_contain_text("sealed anew")

    page = person(owner, Role.STEWARD, lang)
    page.goto("/liability/rows")
    row = page.locator("tr", has_text=ROW)
    expect(row.locator(".badge.bad")).to_be_visible()
    row.locator("a[href^='/liability/rows/']").click()
    expect(page.locator("main svg").first).to_be_visible()
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[lang]
    bars_nobody(page)
    shot(page, f"row-{owner}")
    return page


def appealed(workspace: Path, order: Delivered) -> int:
    """Let the row decide on an order, and its merchant appeal with nothing to add; gives the appeal's case."""
    with open_context(workspace) as context:
        reported(context, order, **SEALED)
        [verdict] = verdicts_of_order(context, order.city_id, order.order_id)
        assert (verdict.policy, verdict.row) == (POLICY, ROW)
        merchant = as_party(context, Party("merchant", order.city_id, order.merchant_id))
        appeal = lodge(merchant, verdict.verdict_id, "The bag was opened and sealed again on its way.")
        act(merchant, appeal.case_id, "no_more_evidence")
    return appeal.case_id


def decides_by_itself(workspace: Path, order: Delivered) -> bool:
    """Tell whether the row closes a new incident without a person."""
    with open_context(workspace) as context:
        found = file_of(context, reported(context, order, **SEALED))
    assert (found.policy, found.row) == (POLICY, ROW)
    return not found.is_waiting


def sharpened(workspace: Path, lang: str) -> int:
    """Draft a version in which the row is a little less sure, for each language another one."""
    with open_context(workspace) as context:
        made = drafting.begin_draft(context, POLICY, title=f"Sealed anew ({lang})")
        start = made.base[""].index(f"id: {ROW}\n")
        head, body = made.base[""][:start], made.base[""][start:]
        sure = re.search(r"confidence_percent: (\d+)", body)
        assert sure
        text = head + body.replace(sure[0], f"confidence_percent: {int(sure[1]) - 1}", 1)
        drafting_saving.save_draft(context, made.draft_id, {"": text}, seen=0)
    return made.draft_id


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
