"""An incident from the list to its closing, without a mouse, in English and in Arabic."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from playwright.sync_api import Page, expect

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.service.incident_views import show_incident
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import open_workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
CITIES = {"en": "riyadh", "ar": "sao-paulo"}
COUNTRIES = {"en": "SA", "ar": "BR"}
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
UNLABELLED = """[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
    .filter(one => !one.labels?.length && !one.getAttribute("aria-label")).length"""


def put(workspace: Path, rows: list[dict]) -> None:
    found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES["refunds"]))
    store = open_store(open_workspace(workspace))
    store.upsert(TABLES["refunds"], found.to_reader(), now=datetime.now(UTC), source="journeys")


def rows_of(workspace: Path, city: str) -> list[dict]:
    with open_context(workspace) as context:
        found: list[dict] = context.warehouse.query_text("SELECT * FROM refunds").to_pylist()
    return [row for row in found if row["city_id"] == city][:30]


def run_checks(workspace: Path) -> None:
    with open_context(workspace) as context:
        service.check_tables(context, tables=("refunds",), is_forced=True)


def press_through(page: Page, target: str) -> None:
    """Go on with the key of tabulation until something has the focus; each stop on the way must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            assert page.evaluate(OUTLINE) != "none", target
            return
    raise AssertionError(f"{target} cannot be reached by keyboard")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_incident_is_found_handled_and_closed_by_keyboard(
    person: Callable[[str, Role | None, str], Page], workspace: Path, lang: str
) -> None:
    good = rows_of(workspace, CITIES[lang])
    put(workspace, [{**row, "amount_minor": -5} for row in good])
    run_checks(workspace)
    one, other = person(f"first-{lang}", Role.STEWARD, lang), person(f"second-{lang}", Role.STEWARD, lang)

    find(one, COUNTRIES[lang])
    expect(one.locator("main h1")).to_have_count(1)
    expect(one.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert one.evaluate(UNLABELLED) == 0
    act(one, "take")
    act(one, "note", {"#note-text": "Asked the shops"})
    act(one, "rate", {"#rate-reason": "A holiday"}, choose={"#rate-severity": "minor"})
    act(one, "repair", {"#repair-done": "Loaded again"}, choose={"#repair-cause": "doubled_load"})

    put(workspace, good)
    run_checks(workspace)
    other.goto(one.url)
    learn(other)
    act(other, "confirm")

    with open_context(workspace) as context:
        found = show_incident(context, int(one.url.rpartition("/")[2])).case
    assert found.summary.state == "resolved"
    assert [entry.action for entry in found.trail if entry.actor == f"first-{lang}"] == [
        "take",
        "note",
        "rate",
        "repair",
    ]


def find(page: Page, country: str) -> None:
    """Narrow the list down to a country and open what is left."""
    page.goto("/quality/incidents")
    press_through(page, "select[name=country]")
    page.locator("select[name=country]").select_option(country)
    press_through(page, "form.filters button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**country={country}*")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    press_through(page, "#results tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quality/incidents/*")


def learn(page: Page) -> None:
    """Go by the link to the post-mortem, and write it."""
    press_through(page, "a[href='#learned']")
    page.keyboard.press("Enter")
    for place, text in (("cause", "A slip"), ("done", "Loaded again"), ("prevention", "Refuse it")):
        press_through(page, f"#learned-{place}")
        page.keyboard.type(text)
    press_through(page, "#learned-due")
    page.locator("#learned-due").fill((datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    press_through(page, "form[action$='post-mortem'] button")
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=learned]")).to_contain_text("Refuse it")


def act(page: Page, action: str, typed: dict[str, str] | None = None, *, choose: dict[str, str] | None = None) -> None:
    """Fill in an action's form and send it."""
    trail = page.locator("section[aria-labelledby=trail] tbody tr")
    before = trail.count()
    page.locator("main").focus()
    for place, value in (choose or {}).items():
        press_through(page, place)
        page.locator(place).select_option(value)
    for place, text in (typed or {}).items():
        press_through(page, place)
        page.keyboard.type(text)
    press_through(page, f"form:has(input[value={action}]) button")
    page.keyboard.press("Enter")
    expect(trail).not_to_have_count(before)
