"""Detection opens each case once and follows appeals; riders see their own standing and coaches their city's alone."""

from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.liability.appeals.conftest import NOW, RIDER, Entering, Posting

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.standards import Step
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import appeal_acting, appeals, coaching, ledger, standards
from tiffin.capabilities.liability.service.standard_rules import standards_on, texts_on, tiers_on, titles_on
from tiffin.capabilities.liability.service.verdicts import add_verdicts
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, InvalidDefinition, NotFound
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.i18n import RIDER_LOCALES, direction
from tiffin.runtime.workspace import Workspace

OWN: Mapping[Party, int] = {Party.RIDER: WHOLE // 2, Party.PLATFORM: WHOLE // 2}
DAY = NOW.date()


@pytest.fixture
def late(posted: Posting) -> list[Verdict]:
    """Five late orders of one rider, which make one breach."""
    return [posted(f"o-{number}", shares=OWN) for number in range(5)]


def superseded(entering: Entering, verdict: Verdict) -> None:
    """Put a verdict in its place by which the rider bears less than half."""
    shares = {Party.RIDER: WHOLE // 2 - 1, Party.PLATFORM: WHOLE // 2 + 1}
    with entering("admin", Role.ADMIN) as context:
        later = replace(verdict, verdict_id=f"{verdict.incident.key}|2", shares=shares, supersedes=verdict.verdict_id)
        add_verdicts(context, (later,))


def test_five_late_orders_are_a_breach_that_is_told_with_its_verdicts_and_what_is_next(
    late: list[Verdict], entering: Entering
) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        found = standards.standing_of(context, "riyadh", RIDER.party_id)

    (on_time,) = [one for one in found.standings if one.level]
    assert on_time.step is Step.NOTE
    assert on_time.next_step is Step.LESSON
    assert {one.verdict_id for one in on_time.breaches[0].incidents} == {one.verdict_id for one in late}
    assert found.tier.held.name == "entry"
    assert found.tier.missing


@pytest.mark.usefixtures("late")
def test_detecting_twice_opens_one_case_and_books_nothing(entering: Entering) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        booked = ledger.balance(context, Party.RIDER, RIDER.party_id, "riyadh")
        first = standards.detect(context, "riyadh")
        (case,) = coaching.list_coaching(context)
        again = standards.detect(context, "riyadh")

        assert (first.opened, again.opened) == (1, 0)
        assert (case.standard, case.step, case.rider_id) == ("on_time", Step.NOTE, RIDER.party_id)
        assert coaching.list_coaching(context) == (case,)
        assert ledger.balance(context, Party.RIDER, RIDER.party_id, "riyadh") == booked
    assert RIDER.party_id not in str(case.trail)


def test_a_superseded_verdict_counts_for_nothing_and_its_case_lapses(late: list[Verdict], entering: Entering) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
    superseded(entering, late[2])

    with entering("cora", Role.CITY_MANAGER) as context:
        assert not any(one.level for one in standards.standing_of(context, "riyadh", RIDER.party_id).standings)
        assert standards.detect(context, "riyadh").lapsed == 1
        assert standards.detect(context, "riyadh").lapsed == 0
        (closed,) = coaching.list_coaching(context, is_closed=True)
    assert closed.state == "coaching_lapsed"


@pytest.mark.usefixtures("reviewers")
def test_an_open_appeal_holds_the_case_up_and_taking_it_back_brings_it_back(
    late: list[Verdict], entering: Entering, as_rider: Entering
) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
    with as_rider() as context:
        appeal = appeals.lodge(context, late[0].verdict_id, "The kitchen was late.")
    with entering("cora", Role.CITY_MANAGER) as context:
        found = standards.standing_of(context, "riyadh", RIDER.party_id)
        assert not any(one.level for one in found.standings)
        assert [one.verdict_id for one in found.contested] == [late[0].verdict_id]
        assert standards.detect(context, "riyadh").contested == 1
        assert standards.detect(context, "riyadh").contested == 0
        assert coaching.list_coaching(context)[0].state == "coaching_contested"
    with as_rider() as context:
        appeal_acting.act(context, appeal.case_id, "withdraw_appeal", {})
    with entering("cora", Role.CITY_MANAGER) as context:
        assert standards.detect(context, "riyadh").standing_again == 1
        assert coaching.list_coaching(context)[0].state == "coaching_due"


def test_recurrence_leads_to_the_next_step(posted: Posting, entering: Entering) -> None:
    for number in range(10):
        posted(f"o-{number}", shares=OWN)

    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
        (case,) = coaching.list_coaching(context)
    assert (case.step, case.level) == (Step.LESSON, 2)


def test_a_rider_reads_a_note_himself_and_a_talk_needs_somebody(
    late: list[Verdict], entering: Entering, as_rider: Entering
) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
    with as_rider() as context:
        (case,) = coaching.own_coaching(context, [one.incident.order_id for one in late])
        coaching.done_by_rider(context, case.case_id)
        with pytest.raises(NotFound):
            coaching.show_coaching(context, case.case_id)
    with entering("cora", Role.CITY_MANAGER) as context:
        assert coaching.list_coaching(context, is_closed=True)[0].state == "coaching_done"


@pytest.mark.usefixtures("late")
def test_somebody_tells_the_rider_and_says_when_it_is_done(entering: Entering) -> None:
    with entering("elle", Role.EXPERIENCE_MANAGER) as context:
        standards.detect(context, "riyadh")
        (case,) = coaching.list_coaching(context)
        assert case.due_at is not None
        coaching.act(context, case.case_id, "tell_rider", "Called him.")
        done = coaching.act(context, case.case_id, "coached", "He read it.")
        assert done.state == "coaching_done"
        with pytest.raises(Conflict):
            coaching.act(context, case.case_id, "tell_rider")


@pytest.mark.parametrize(
    "grant",
    [
        Grant(Role.ANALYST, ("*",), ()),
        Grant(Role.CITY_MANAGER, ("AE",), ()),
        Grant(Role.CITY_MANAGER, ("SA",), (), opens=(Classification.CONFIDENTIAL,), masked=(Classification.PERSONAL,)),
        Grant(Role.CITY_MANAGER, ("SA",), (), minimum_size=5),
    ],
    ids=["analyst", "another country", "masked people", "small groups withheld"],
)
@pytest.mark.usefixtures("late")
def test_whoever_does_not_answer_for_riders_by_name_is_told_nothing(
    entering: Entering, workspace: Workspace, grant: Grant
) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
        (case,) = coaching.list_coaching(context)

    with open_unit(workspace, lambda _: Actor("other", (grant,)), now=NOW, locale="en") as context:
        assert coaching.list_coaching(context) == ()
        for asked in (standards.standings_of, standards.detect):
            with pytest.raises(NotFound):
                asked(context, "riyadh")
        with pytest.raises(NotFound):
            standards.standing_of(context, "riyadh", RIDER.party_id)
        with pytest.raises(NotFound):
            coaching.show_coaching(context, case.case_id)


@pytest.mark.usefixtures("late")
def test_a_rider_is_told_nothing_of_another(entering: Entering) -> None:
    other = OwnParty("rider", "riyadh", "rider-8")
    with entering("other-account", party=other) as context, pytest.raises(NotFound):
        standards.standing_of(context, "riyadh", RIDER.party_id)


def test_the_riders_page_tells_tier_breach_and_step_in_every_language_of_riders(
    late: list[Verdict], entering: Entering, workspace: Workspace
) -> None:
    with entering("cora", Role.CITY_MANAGER) as context:
        standards.detect(context, "riyadh")
    with open_context(workspace.root) as context:
        link = access.make_sign_in_link(context, access.add_party(context, RIDER).name)
    client = TestClient(create_app(workspace.root), follow_redirects=False)
    client.get(f"/sign-in/{link}")
    asked = [titles_on(workspace, kind, DAY)[name] for kind, name in (("standard", "on_time"), ("tier", "entry"))]
    asked += [read(workspace, "step", DAY)["note"] for read in (titles_on, texts_on)]

    for locale in RIDER_LOCALES:
        client.post("/me/language", data={"locale": locale})
        text = unescape(client.get("/me/standing").text)
        assert f'dir="{direction(locale)}"' in text
        assert [one[locale] for one in asked if one[locale] not in text] == []
        assert text.count("/me/decisions/") == len(late)
        english = [word for word in ("My standing", "What it gives me", "I have done this") if word in text]
        assert len(english) == (3 if locale == "en" else 0)
    assert "/me/standing" in client.get("/me").text


@pytest.mark.usefixtures("late")
def test_the_staffs_pages_list_a_case_show_it_and_act(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
        standards.detect(context, "riyadh")
        (case,) = coaching.list_coaching(context)
    client = TestClient(create_app(workspace.root), follow_redirects=False)
    client.get(f"/sign-in/{token}")

    address = f"/liability/standards/{case.case_id}"
    assert address in client.get("/liability/standards").text
    shown = client.get(address)
    assert "Read a note" in shown.text
    told = client.post(address, data={"action": "tell_rider", "version": case.version, "text": "Called."})
    assert told.status_code == 303
    assert "The rider was told" in client.get(address).text
    refused = client.post(address, data={"action": "coached", "version": case.version, "text": "Kept words."})
    assert refused.status_code == 409
    assert "Kept words." in refused.text
    assert client.post("/liability/standards", data={"city": "riyadh"}).status_code == 303


def test_a_country_has_its_own_standard_and_others_the_default(workspace: Workspace) -> None:
    brazil = {one.name: one for one in standards_on(workspace, "BR", DAY)}
    saudi = {one.name: one for one in standards_on(workspace, "SA", DAY)}

    assert (brazil["on_time"].count, saudi["on_time"].count) == (7, 5)
    assert brazil.keys() == saudi.keys() == titles_on(workspace, "standard", DAY).keys()
    assert {step for one in saudi.values() for step in one.steps} <= {*Step}


def test_a_better_tier_gives_everything_that_the_one_below_gives(workspace: Workspace) -> None:
    gifts = titles_on(workspace, "gift", DAY)
    below: tuple[str, ...] = ()
    for tier in tiers_on(workspace, "SA", DAY).every:
        assert {*below} <= {*tier.gives} <= {*gifts}
        below = tier.gives


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("steps: [suspend]", "steps"), ("count: 0", "count"), ("incidents: [unkind]", "incidents")],
)
def test_a_workspace_adds_standards_and_is_told_what_is_wrong(workspace: Workspace, wrong: str, told: str) -> None:
    path: Path = workspace.overlay("parameters") / "standards.yaml"
    path.parent.mkdir(exist_ok=True)
    own = {"count": "count: 2", "steps": "steps: [talk]", "incidents": "incidents: [late]"}

    def write(parts: Mapping[str, str]) -> None:
        rest = "within_days: 7, forgotten_after_days: 7, from: 2026-02-01, source: ours, country: SA, standard: on_time"
        path.write_text(f"standards:\n  - {{{', '.join(parts.values())}, {rest}}}\n", encoding="utf-8")

    write(own)
    assert next(one for one in standards_on(workspace, "SA", DAY) if one.name == "on_time").count == 2
    assert tiers_on(workspace, "SA", DAY).every
    write(own | {told: wrong})
    with pytest.raises(InvalidDefinition, match=told):
        standards_on(workspace, "SA", DAY)
