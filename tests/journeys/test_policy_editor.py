"""A person who knows no code changes a rule: writes, pastes, undoes, sees what is wrong, and saves."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tiffin.capabilities.policies.service import drafting
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
Visit = Callable[..., Page]

PASTE = """async (text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  const pasted = { clipboardData: carried, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


@pytest.fixture
def draft_page(visit: Visit, workspace: Path) -> Callable[..., Page]:
    """Open the editor of a new draft, when everything that stands against it has been told."""

    def opened(**wanted: str) -> Page:
        with open_context(workspace) as context:
            draft = drafting.begin_draft(context, "late-compensation", title="Try")
        page = visit(f"/policies/late-compensation/drafts/{draft.draft_id}/edit", **wanted)
        settled(page)
        return page

    return opened


def settled(page: Page) -> None:
    """Wait until the last edit has been judged."""
    expect(page.locator("#policy-editor")).to_have_attribute("aria-busy", "false")


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator("[data-part=table] tbody tr").nth(row).locator("th, td").nth(column)


def test_a_rule_is_changed_by_keyboard_alone_and_is_there_after_saving(draft_page: Callable[..., Page]) -> None:
    page = draft_page()
    cell(page, 0, 0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    was = cell(page, 2, 1).inner_text()
    page.keyboard.type("(tolerance_min..40]")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 1)).to_have_text("(tolerance_min..40]")
    expect(page.locator("[data-part=state]")).to_have_text("Not saved yet")
    page.keyboard.press("Control+z")
    expect(cell(page, 2, 1)).to_have_text(was)
    page.keyboard.press("Control+y")
    expect(cell(page, 2, 1)).to_have_text("(tolerance_min..40]")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-part=state]")).to_have_text("Saved")
    page.reload()
    settled(page)

    expect(cell(page, 2, 1)).to_have_text("(tolerance_min..40]")


def test_a_block_from_a_spreadsheet_is_pasted_and_a_word_gets_its_quotes(draft_page: Callable[..., Page]) -> None:
    page = draft_page()
    cell(page, 1, 1).click()
    page.evaluate(PASTE, "> 5\tkitchen\n> 9\trider\n")

    expect(cell(page, 1, 1)).to_have_text("> 5")
    expect(cell(page, 1, 2)).to_have_text('"kitchen"')
    expect(cell(page, 2, 2)).to_have_text('"rider"')
    page.keyboard.press("Control+z")
    expect(cell(page, 1, 2)).to_have_text("-")


def test_what_cannot_be_read_is_told_at_its_cell_and_leads_there(draft_page: Callable[..., Page]) -> None:
    page = draft_page()
    cell(page, 3, 1).click()
    page.keyboard.type("< < 3")
    page.keyboard.press("Tab")
    expect(cell(page, 3, 1)).to_have_attribute("aria-invalid", "true")
    page.locator("[data-part=findings] button").first.click()

    expect(cell(page, 3, 1)).to_be_focused()
    expect(page.locator("[data-part=here] .cell-fault")).not_to_be_empty()
    expect(page.locator("[data-part=unproven]")).to_be_visible()


def test_edits_that_were_never_saved_are_offered_again(draft_page: Callable[..., Page]) -> None:
    page = draft_page()
    cell(page, 0, 1).click()
    page.keyboard.type("> 99")
    page.keyboard.press("Enter")
    settled(page)
    page.once("dialog", lambda one: one.accept())
    page.reload()
    settled(page)
    expect(cell(page, 0, 1)).not_to_have_text("> 99")
    page.locator("[data-part=restore]").click()

    expect(cell(page, 0, 1)).to_have_text("> 99")


def test_in_arabic_the_left_arrow_goes_on(draft_page: Callable[..., Page]) -> None:
    page = draft_page(lang="ar")
    cell(page, 0, 0).focus()
    page.keyboard.press("ArrowLeft")

    expect(cell(page, 0, 1)).to_be_focused()


def test_a_gap_is_told_with_a_case_a_second_after_its_row_went(draft_page: Callable[..., Page]) -> None:
    page = draft_page()
    expect(page.locator("[data-part=sound]")).to_be_visible()
    cell(page, 3, 0).click()
    page.keyboard.press("Control+Delete")
    settled(page)

    expect(page.locator("[data-part=findings] li").first).to_contain_text("Cases without an answer")
