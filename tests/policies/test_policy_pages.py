"""What holds and why is read on pages; a change is proposed by one, published by another, taken back by one."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.policies.service import drafting, drafting_saving
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

LATE = "/policies/late-compensation"
Opening = Callable[..., TestClient]


@pytest.fixture
def console(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace without facts, with two stewards, an analyst, a viewer, and one who is granted nothing."""
    workspace = new_workspace(tmp_path / "workspace")
    people = {"amal": Role.STEWARD, "basim": Role.STEWARD, "nora": Role.ANALYST, "vera": Role.VIEWER, "nobody": None}
    with open_context(workspace.root) as context:
        for name, role in people.items():
            access.add_account(context, name, password="a long password")  # noqa: S106 - of a test
            if role is not None:
                access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    return workspace


@pytest.fixture
def opening(console: Workspace) -> Opening:
    """Open a browser in which somebody is signed in, reading a language."""

    def opened(name: str, lang: str = "en") -> TestClient:
        client = TestClient(create_app(console), raise_server_exceptions=False, cookies={"tiffin_locale": lang})
        with open_context(console.root) as context:
            token = access.make_sign_in_link(context, name)
        client.get(f"/sign-in/{token}")
        return client

    return opened


def plain(text: str) -> str:
    """Give the words of a page without tags and the marks that keep directions apart."""
    return re.sub("<[^>]+>", "", text).translate({0x2066: None, 0x2067: None, 0x2068: None, 0x2069: None})


@pytest.fixture
def drafted(console: Workspace) -> str:
    """Address of an analyst's draft that has patience with late orders for five minutes less in bad weather."""
    with open_context(console.root, user="nora") as context:
        draft = drafting.begin_draft(context, "late-compensation", title="Shorter patience")
        text = (
            draft.base[""]
            .replace("(tolerance_min..weather_min]", "(tolerance_min..40]")
            .replace("> weather_min", "> 40")
        )
        drafting_saving.save_draft(context, draft.draft_id, {"": text}, seen=0)
    return f"{LATE}/drafts/{draft.draft_id}"


def test_parameters_are_drafted_as_text_and_published_by_another(console: Workspace, opening: Opening) -> None:
    with open_context(console.root, user="nora") as context:
        number = drafting.begin_draft(context, "surge-actions").draft_id
    nora, basim, surge = opening("nora"), opening("basim"), "/policies/surge-actions"
    address = f"{surge}/drafts/{number}"
    offered = nora.get(f"{address}/edit", params={"place": "parameters"}).text
    began = html.unescape(offered.partition('spellcheck="false">')[2].partition("</textarea>")[0])
    entry = began[began.index("  - ") :].partition("\n")[0].replace("2026-01-01", "2030-01-01")

    sent = {"text": f"{began}{entry}\n", "follows": "0"}
    nora.post(f"{address}/edit/text", params={"place": "parameters"}, data=sent)
    shown = plain(nora.get(address).text)
    nora.post(f"{address}/propose", data={"seen": "1", "from_date": datetime.now(UTC).date().isoformat()})
    basim.post(f"{address}/publish", data={"seen": "1"})
    published, back = basim.get(surge).text, basim.get(f"{surge}/take-back/1")

    assert 'id="policy-editor"' not in offered
    assert 'role="alert"' not in offered
    assert "Jan 1, 2030" in shown
    assert "<p>Parameters</p>" in published
    assert "Jan 1, 2030" in plain(published)
    assert "No cell differs." in back.text
    assert "المعلمات" in opening("nora", "ar").get(f"{surge}/drafts?everything=1").text


def test_rows_are_never_kept_as_parameters(opening: Opening, drafted: str) -> None:
    sheet = {"place": "parameters", "rows": [], "follows": 1}
    nora = opening("nora")

    assert {nora.post(f"{drafted}/edit/{act}", json=sheet).status_code for act in ("check", "save")} == {400}


def test_whoever_is_granted_nothing_reads_no_policy(opening: Opening) -> None:
    nobody = opening("nobody")

    assert {nobody.get(path).status_code for path in ("/policies", LATE, f"{LATE}/explain", f"{LATE}/findings")} == {
        403
    }


def test_the_library_tells_each_policy_and_finds_it_by_its_question(opening: Opening) -> None:
    vera = opening("vera")

    assert "Compensation for late orders" in vera.get("/policies").text
    assert "Compensation for late orders" in vera.get("/policies?q=promised+time").text
    none = vera.get("/policies?q=teleportation").text
    assert "No policy matches" in none
    assert "Compensation for late orders" not in none
    assert "proven" in vera.get(f"{LATE}/health").text


def test_what_holds_is_told_for_a_market_in_its_currency(opening: Opening) -> None:
    vera = opening("vera")

    kuwait = plain(vera.get(f"{LATE}?market=KW&on=2026-03-01").text)
    everywhere = vera.get(f"{LATE}?on=2026-03-01").text

    assert "What holds in Kuwait on Mar 1, 2026" in kuwait
    assert "KWD\N{NO-BREAK SPACE}0.500" in kuwait
    assert "other numbers in" in everywhere
    assert "Nothing held on Mar 1, 2020" in plain(vera.get(f"{LATE}?on=2020-03-01").text)


def test_rows_of_a_market_stand_under_the_row_that_they_override(opening: Opening) -> None:
    shown = opening("vera").get("/policies/liability").text
    depths = ["over" in classes.split() for classes in re.findall(r'<tr id="row-[^"]+" class="([^"]*)"', shown)]

    assert any(depths)
    assert not all(depths)
    assert not depths[0]


def test_a_case_is_explained_by_its_row_its_inputs_and_what_would_have_changed_it(opening: Opening) -> None:
    vera = opening("vera")
    case = "in.minutes_late=40&in.cause=kitchen&in.is_first_order=false&in.refunds_90_days=1"

    told = vera.get(f"{LATE}/explain?decide=1&market=KW&on=2026-03-01&{case}")
    wrong = vera.get(f"{LATE}/explain?decide=1&on=2026-03-01&in.minutes_late=soon")

    assert "40 minutes late" in told.text
    assert "late.much" in told.text
    assert "What would have changed it" in told.text
    assert "Minutes late: 29 instead of 40" in plain(told.text)
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


def test_a_draft_is_proposed_by_one_published_by_another_and_taken_back_with_a_reason(
    opening: Opening, drafted: str
) -> None:
    nora, amal, vera = opening("nora"), opening("amal"), opening("vera")
    seen = {"seen": "1"}
    assert "16 to 40" in plain(nora.get(drafted).text)
    assert vera.get(drafted).status_code == 403
    assert amal.post(f"{drafted}/publish", data=seen).status_code == 409
    today = datetime.now(UTC).date()
    over = nora.post(f"{drafted}/propose", data=seen | {"from_date": (today - timedelta(days=2)).isoformat()})
    assert "is over. Choose another day" in over.text
    proposed = nora.post(f"{drafted}/propose", data=seen | {"from_date": today.isoformat(), "comment": "please"})
    assert "Waits for review" in proposed.text
    assert nora.post(f"{drafted}/publish", data=seen).status_code == 403
    assert "Approve and publish" not in nora.get(drafted).text
    published = amal.post(f"{drafted}/publish", data=seen)
    assert "It was published" in published.text
    assert "16 to 40" in plain(vera.get(LATE).text)

    _taken_back(amal, vera)


def _taken_back(amal: TestClient, vera: TestClient) -> None:
    page = amal.get(LATE).text
    address = page.partition(f'href="{LATE}/take-back/')[2].partition('"')[0]
    asked = amal.get(f"{LATE}/take-back/{address}")
    assert "What will hold on" in asked.text
    assert "16 to 45" in plain(asked.text)
    assert vera.get(f"{LATE}/take-back/{address}").status_code == 403
    assert "Say why it is taken back" in amal.post(f"{LATE}/take-back/{address}", data={"reason": " "}).text
    after = amal.post(f"{LATE}/take-back/{address}", data={"reason": "Too many complaints"})
    assert "Too many complaints" in after.text
    assert "16 to 45" in plain(after.text)
    assert "take-back" not in after.text


def test_two_versions_are_told_apart_cell_by_cell_and_by_the_cases_that_they_decide_otherwise(
    opening: Opening, drafted: str
) -> None:
    nora = opening("nora")
    chosen = f"now=draft-{drafted.rpartition('/')[2]}"

    cells = nora.get(f"{LATE}/compare?{chosen}").text
    regions = nora.get(f"{LATE}/regions?{chosen}").text
    alike = nora.get(f"{LATE}/regions?was=today&now=today").text

    assert "late.weather" in cells
    assert "late.often" not in cells
    assert "late.often" in nora.get(f"{LATE}/compare?{chosen}&everything=1").text
    assert "late.weather_long" in regions
    assert "both versions decide every possible case alike" in alike


def test_a_broken_draft_says_what_is_wrong_instead_of_what_changes(opening: Opening, console: Workspace) -> None:
    with open_context(console.root, user="nora") as context:
        draft = drafting.begin_draft(context, "late-compensation", title="Broken")
        drafting_saving.save_draft(context, draft.draft_id, {"": "policy: ["}, seen=0)
        gap = drafting.begin_draft(context, "late-compensation", title="Gap")
        text = gap.base[""].replace('minutes_late: "<= tolerance_min"', 'minutes_late: "< tolerance_min"')
        drafting_saving.save_draft(context, gap.draft_id, {"": text}, seen=0)
    nora = opening("nora")

    assert 'class="refused"' in nora.get(f"{LATE}/drafts/{draft.draft_id}").text
    assert 'class="refused"' in nora.get(f"{LATE}/findings?draft={draft.draft_id}").text
    told = nora.get(f"{LATE}/findings?draft={gap.draft_id}").text
    assert "Cases without an answer" in told
    assert "come out otherwise by this draft" in told


@pytest.mark.parametrize("lang", ["ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_every_page_is_read_in_every_language(opening: Opening, drafted: str, lang: str) -> None:
    nora = opening("nora", lang)
    paths = ["", "/explain", "/compare", "/backtest", "/shadow", "/drafts", drafted.removeprefix(LATE)]

    for path in ("/policies", *(f"{LATE}{one}" for one in paths)):
        shown = nora.get(path)
        assert shown.status_code == 200
        assert f'lang="{lang.replace("_", "-")}"' in shown.text


def test_a_policy_without_gathered_cases_says_so_instead_of_failing(opening: Opening) -> None:
    vera = opening("nora")

    assert vera.get(f"{LATE}/backtest?draft=today").status_code == 200
    told = vera.get(f"{LATE}/backtest/result?draft=today")

    assert told.status_code == 200
    assert "No past cases" in told.text


def test_past_cases_are_taken_up_by_nobody_who_may_not(opening: Opening) -> None:
    amal, vera = opening("amal"), opening("vera")

    assert "Take up past cases" in amal.get(f"{LATE}/gathering").text
    assert "Take up past cases" not in vera.get(f"{LATE}/gathering").text
    assert vera.post(f"{LATE}/gathering").status_code == 403


def test_a_draft_of_a_new_policy_is_found_from_the_library(opening: Opening, console: Workspace) -> None:
    with open_context(console.root, user="nora") as context:
        draft = drafting.begin_draft(context, "late-again", title="Once more")
    nora = opening("nora")
    address = f"/policies/late-again/drafts/{draft.draft_id}"

    assert address in nora.get("/policies").text
    assert "Once more" in nora.get(address).text
    assert nora.get("/policies/late-again").status_code == 404


def test_a_draft_without_gathered_cases_is_not_watched_in_the_shadow(opening: Opening, drafted: str) -> None:
    amal = opening("amal")
    assert "Nothing runs in the shadow" in amal.get(f"{LATE}/shadow").text

    refused = amal.post(f"{LATE}/shadow", data={"draft": drafted.rpartition("/")[2]})

    assert "No past cases" in refused.text
    assert "Nothing runs in the shadow" in refused.text
