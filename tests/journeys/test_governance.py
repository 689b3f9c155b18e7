"""A steward mends what is unhealthy and takes it back, an auditor finds who saw what, in English and in Arabic."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tiffin.runtime.actor import Role
from tiffin.runtime.database import engine_for
from tiffin.runtime.workspace import open_workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHOTS = os.environ.get("TIFFIN_SCREENSHOTS")
Person = Callable[..., Page]
MEANINGS = {"en": "Orders that corner shops send us every evening.", "ar": "طلبات ترسلها إلينا متاجر الحي كل مساء."}
STEWARD = {
    "en": {"save": "Save", "undo": "Undo", "waive": "Waive", "end": "End the waiver", "confirmed": "confirmed by"},
    "ar": {"save": "احفظ", "undo": "تراجع", "waive": "أعفِ", "end": "أنهِ الإعفاء", "confirmed": "أكده"},
}
AUDITOR = {
    "en": {"seen": "Seen", "taken": "numbers taken", "whole": "whole", "broken": "broken", "edited": "was edited"},
    "ar": {"seen": "اطُّلع عليه", "taken": "أُخذت أرقام", "whole": "سليمة", "broken": "مكسورة", "edited": "عُدِّل"},
}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_steward_mends_an_unhealthy_asset_sees_its_health_rise_and_takes_it_back(person: Person, lang: str) -> None:
    words, page = STEWARD[lang], person(f"mender-{lang}", Role.STEWARD, lang)
    page.goto("/catalog/governance")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    page.locator("section[aria-labelledby=teams] a", has_text="marketplace_operations").click()
    shot(page, f"governance-{lang}")
    page.locator("section[aria-labelledby=worst] a", has_text="Orders of corner shops").click()
    poor = health(page)

    page.locator("section[aria-labelledby=said] details > summary").click()
    page.locator(f"#say-meaning-{lang}").fill(MEANINGS[lang])
    page.locator("#say-meaning-pt_BR").fill("Pedidos que as lojas da esquina nos enviam.")
    page.get_by_role("button", name=words["save"], exact=True).click()
    expect(page.locator("p.lead")).to_have_text(MEANINGS[lang])
    shot(page, f"mended-{lang}")
    assert health(page) > poor

    undo = page.get_by_role("button", name=words["undo"], exact=True)
    for left in (1, 0):
        undo.first.click()
        expect(undo).to_have_count(left)
    assert health(page) == poor


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_steward_waives_a_standard_for_a_time_and_ends_the_waiver(person: Person, lang: str) -> None:
    words, page = STEWARD[lang], person(f"waiver-{lang}", Role.STEWARD, lang)
    page.goto("/catalog/feed/corner-shops#standards")
    standards = page.locator("section[aria-labelledby=standards]")
    entry = standards.locator(".entry").first
    entry.locator("summary").click()
    entry.locator("input[name=reason]").fill("The shops change their files in spring")
    entry.locator("input[name=ends_on]").fill((datetime.now(UTC) + timedelta(days=30)).date().isoformat())
    entry.get_by_role("button", name=words["waive"], exact=True).click()
    expect(standards).to_contain_text("The shops change their files in spring")

    page.goto("/catalog/governance")
    waived = page.locator("section[aria-labelledby=waived]")
    expect(waived.get_by_role("row").filter(has_text="feed:corner-shops")).to_contain_text("marketplace_operations")
    shot(page, f"waived-{lang}")
    waived.get_by_role("link", name="feed:corner-shops").click()
    page.get_by_role("button", name=words["end"], exact=True).click()
    # Only what is no longer waived can be waived again: while the page changes there is no button either.
    expect(standards.locator(".entry").first).to_be_attached()
    expect(page.get_by_role("button", name=words["end"], exact=True)).to_have_count(0)


@pytest.mark.parametrize(("lang", "table", "column"), [("en", "orders", "customer_id"), ("ar", "riders", "rider_id")])
def test_a_steward_lets_a_table_be_looked_at_and_confirms_a_class(
    person: Person, lang: str, table: str, column: str
) -> None:
    page = person(f"classifier-{lang}", Role.STEWARD, lang)
    page.goto("/access/classification")
    page.locator("main select[name=table]").select_option(table)
    page.locator("main form[action$='/look'] button").click()
    row = page.locator(f"#column-{column}")
    row.locator("form:not(details form) button").first.click()
    expect(row).to_contain_text(STEWARD[lang]["confirmed"])
    expect(row).to_contain_text(f"classifier-{lang}")
    shot(page, f"classes-{lang}")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_auditor_finds_who_took_what_on_a_day_and_takes_it_along(person: Person, lang: str) -> None:
    today = datetime.now(UTC).date().isoformat()
    taker, auditor = person(f"taker-{lang}", Role.VIEWER, lang), person(f"finder-{lang}", Role.AUDITOR, lang)
    taker.goto("/metrics/late_share?city=riyadh")
    with taker.expect_download():
        taker.get_by_role("link", name="CSV").click()

    auditor.goto("/access/audit")
    search = auditor.locator("main form[action='/access/audit']")
    for name, value in (("actor", f"taker-{lang}"), ("subject", "late_share"), ("since", today), ("until", today)):
        search.locator(f"[name={name}]").fill(value)
    search.locator("select[name=outcome]").select_option("read")
    search.locator("button").click()
    # The page on which the numbers were seen before they were taken is told too, some moments later.
    rows = auditor.locator("main table").get_by_role("row").filter(has_text="late_share")
    row = rows.filter(has_text=AUDITOR[lang]["taken"])
    expect(row).to_have_count(1)
    expect(row).to_contain_text(AUDITOR[lang]["seen"])
    shot(auditor, f"who-saw-{lang}")
    with auditor.expect_download() as taken:
        auditor.get_by_role("link", name="CSV").click()
    assert f"taker-{lang}" in taken.value.path().read_text()
    row.get_by_role("link").first.click()
    expect(auditor.locator("main table")).to_contain_text("city_id")

    refused = {path: auditor.goto(path).status for path in ("/access/accounts", "/access/classification")}
    assert refused == {"/access/accounts": 403, "/access/classification": 403}
    auditor.goto("/catalog/table/orders")
    expect(auditor.locator("h1")).to_be_visible()
    expect(auditor.locator("main form[method=post]")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_auditor_verifies_the_chain_and_is_shown_the_entry_that_was_tampered_with(
    person: Person, workspace: Path, lang: str
) -> None:
    words, page = AUDITOR[lang], person(f"verifier-{lang}", Role.AUDITOR, lang)
    page.goto("/access/audit")
    verify, chain = page.locator("form[action='/access/audit/verify'] button"), page.locator("section.card").first
    verify.click()
    expect(chain.locator(".badge.good")).to_have_text(words["whole"])

    with tampered(workspace, entry=2):
        verify.click()
        expect(chain.locator(".badge.bad")).to_have_text(words["broken"])
        expect(chain.get_by_role("listitem")).to_have_count(1)
        expect(chain.get_by_role("listitem")).to_contain_text(words["edited"])
        shot(page, f"tampered-{lang}")

    verify.click()
    expect(chain.locator(".badge.good")).to_have_text(words["whole"])


def health(page: Page) -> float:
    """Read the health of the asset whose page it is."""
    figure = page.locator(".tile", has=page.locator("a[href='#health']")).locator(".figure")
    return float(figure.inner_text())


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@contextmanager
def tampered(root: Path, *, entry: int) -> Iterator[None]:
    """Let somebody with the database's own tools write another name into an entry, and put it back afterwards."""
    engine = engine_for(open_workspace(root).database_url)
    with engine.begin() as connection:
        guard = connection.scalar(text("select sql from sqlite_master where name = 'audit_entries_stay_update'"))
        written = connection.scalar(text("select actor from audit_entries where entry_id = :entry"), {"entry": entry})
    edit = text("update audit_entries set actor = :actor where entry_id = :entry")

    def edited(actor: str) -> None:
        with engine.begin() as connection:
            connection.execute(text("drop trigger audit_entries_stay_update"))
            connection.execute(edit, {"actor": actor, "entry": entry})
            connection.exec_driver_sql(guard)

    edited("eve")
    try:
        yield
    finally:
        edited(written)
