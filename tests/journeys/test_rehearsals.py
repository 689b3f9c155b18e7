"""A planner rehearses a day, reads what it comes to and plays it back, with keyboard and in two languages."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tiffin.capabilities.rehearsals.cli.running import run_kept
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER
from tiffin.capabilities.rehearsals.service import runs
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import translate

A_DAY = "riyadh/2026-02-24"
FRAME_MS = 8.0
"""A script that takes longer a frame leaves a screen of sixty frames a second too little time to draw."""

TIMED = """
(() => {
  window.frameTimes = [];
  const asked = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (frame) => asked((now) => {
    const begun = performance.now();
    frame(now);
    window.frameTimes.push(performance.now() - begun);
  });
})()
"""


@pytest.fixture
def rehearsed(workspace: Path) -> int:
    """Rehearse a day of 3,000 orders under two policies and give its number."""
    policies = tuple(CITY_DISPATCHERS)[:2]
    plan = Plan(
        scenario=A_DAY,
        city_id="riyadh",
        day=date(2026, 2, 24),
        policies=policies,
        roster=OWN_ROSTER,
        is_undisturbed=False,
        replications=1,
        seed=7,
    )
    with open_context(workspace) as context:
        number = runs.ask(context, plan)
    run_kept(workspace, number, user=None)
    return number


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_planner_rehearses_a_day_and_plays_it_back_by_keyboard(visit: Callable[..., Page], lang: str) -> None:
    said = lambda text, **values: translate(lang, text, **values)  # noqa: E731 - one word for what the page says
    page = visit("/rehearsals", lang=lang)
    page.get_by_role("link", name=said("New rehearsal")).first.click()
    page.get_by_label(said("Day"), exact=True).select_option(A_DAY)
    page.get_by_label(said("Compared with")).select_option("batched")
    page.get_by_label(said("Replications"), exact=True).fill("2")
    page.get_by_role("button", name=said("Rehearse"), exact=True).click()
    # Should it not come to that, the text found tells what became of the run.
    expect(page.locator("#standing")).to_contain_text(said("Play the day back"), timeout=120_000)
    page.get_by_role("link", name=said("Play the day back")).click()
    page.wait_for_selector("#playback[data-ready]")
    expect(page.locator(".simulated-note")).to_be_visible()
    assert page.locator(".arm-map canvas").count() == 2

    slider = page.get_by_role("slider", name=said("Time of the day"))
    at = lambda: int(float(slider.input_value()))  # noqa: E731 - read again and again
    forward = "ArrowLeft" if lang == "ar" else "ArrowRight"
    begun = at()
    page.keyboard.press(forward)
    assert at() == begun + 60
    page.keyboard.press(f"Shift+{forward}")
    assert at() == begun + 60 + 15 * 60
    expect(page.locator("[data-part=clock]")).to_have_text(slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("o")
    story = page.locator("[data-part=story]")
    expect(story.get_by_role("listitem").first).to_contain_text(said("placed"))
    page.keyboard.press("r")
    expect(story.get_by_role("listitem").first).to_contain_text(said("on shift"))
    page.keyboard.press("Escape")
    expect(story).to_have_text(said("Choose an order or a rider on the map to follow it."))


def test_a_day_of_three_thousand_orders_plays_smoothly_and_can_be_scrubbed(
    visit: Callable[..., Page], rehearsed: int
) -> None:
    page = visit("/rehearsals")
    page.emulate_media(reduced_motion="no-preference")
    page.add_init_script(TIMED)
    page.goto(f"/rehearsals/{rehearsed}/playback")
    page.wait_for_selector("#playback[data-ready]")
    data = page.evaluate("fetch(document.getElementById('playback').dataset.source).then((answer) => answer.json())")
    page.get_by_label("Pace").select_option("900")
    page.evaluate("window.frameTimes.length = 0")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause", exact=True).click()
    times = page.evaluate("window.frameTimes")
    curve = page.locator("[data-part=curve]")
    box = curve.bounding_box()
    assert box is not None
    curve.click(position={"x": box["width"] - 1, "y": 20})

    assert min(len(arm["orders"]["placed"]) for arm in data["arms"]) > 2800
    assert len(times) > 10
    assert median(times) <= FRAME_MS
    assert int(float(page.locator("[data-part=slider]").input_value())) == data["to_s"]
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
