"""When a reply is due: by country, over changes of the clocks, in Ramadan; and what follows when it is not given."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.liability.appeals.conftest import NOW, Entering, Posting

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.service import guided_case
from tiffin.capabilities.cases.service.office import office_hours
from tiffin.capabilities.cases.service.workers import run_once
from tiffin.capabilities.liability.jobs import HANDLERS
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeal_rules import rules_of
from tiffin.capabilities.liability.service.appeals import lodge, show_appeal
from tiffin.engines.cases.clocks import due_at
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

pytestmark = pytest.mark.usefixtures("reviewers")

MONEY = {"SA": "SAR", "FI": "EUR", "US": "USD", "BR": "BRL", "HK": "HKD", "KW": "KWD", "QA": "QAR", "AE": "AED"}
IN_OFFICE = """
deadlines:
  - from: 2026-01-02
    case_type: appeal
    country: SA
    source: of the test
    clocks: {reply: 24}
"""


def lodged(entering: Entering, posted: Posting, *, country: str, at: datetime) -> int:
    city = f"city_{country.lower()}"
    verdict = posted(
        country=country,
        city=city,
        currency=MONEY[country],
        recovery_minor={},
        compensation_minor=0,
        decided_at=at,
    )
    with entering("rider-account", party=OwnParty("rider", city, "rider-7"), now=at) as context:
        return lodge(context, verdict.verdict_id, "It was the kitchen.").case_id


def due(entering: Entering, case_id: int, at: datetime) -> datetime:
    with entering("admin", Role.ADMIN, now=at) as context:
        return guided_case(context, case_id).clocks["reply"]


def stated(workspace: Workspace, name: str, text: str) -> None:
    folder = workspace.overlay("parameters")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("country", ["SA", "AE", "QA", "KW", "HK", "BR", "FI", "US"])
def test_every_country_has_its_reply_within_two_weeks(entering: Entering, posted: Posting, country: str) -> None:
    case_id = lodged(entering, posted, country=country, at=NOW)

    assert due(entering, case_id, NOW) <= NOW + timedelta(days=14, hours=1)


@pytest.mark.parametrize(
    ("country", "zone", "at"),
    [
        ("FI", "Europe/Helsinki", datetime(2026, 3, 20, 8, tzinfo=UTC)),  # an hour is left out on 29 March
        ("FI", "Europe/Helsinki", datetime(2026, 10, 20, 8, tzinfo=UTC)),  # an hour comes twice on 25 October
        ("FI", "Europe/Helsinki", datetime(2026, 3, 15, 1, 30, tzinfo=UTC)),  # due in the hour that is left out
        ("SA", "Asia/Riyadh", datetime(2026, 3, 10, 8, tzinfo=UTC)),  # in Ramadan, over the feast
    ],
)
def test_two_weeks_end_at_the_same_time_of_the_local_clock(
    entering: Entering, posted: Posting, country: str, zone: str, at: datetime
) -> None:
    case_id = lodged(entering, posted, country=country, at=at)

    local, found = at.astimezone(ZoneInfo(zone)), due(entering, case_id, at).astimezone(ZoneInfo(zone))
    wanted = (local + timedelta(days=14)).astimezone(UTC)  # of an hour that does not exist: the one after it
    assert found.astimezone(UTC) == wanted
    assert (found.date() - local.date()).days == 14


def test_brazils_former_summer_time_moves_no_deadline(workspace: Workspace) -> None:
    clock = next(one for one in APPEAL.clocks if one.name == "reply")
    at = datetime(2018, 10, 30, 12, tzinfo=UTC)  # 09:00 in São Paulo, whose clocks went forward on 4 November

    found = due_at(at, clock, office_hours(workspace, "BR", at.date()))

    assert found == at + timedelta(days=14, hours=-1)
    assert found.astimezone(ZoneInfo("America/Sao_Paulo")).isoformat() == "2018-11-13T09:00:00-02:00"


def test_office_hours_of_ramadan_make_a_deadline_in_office_hours_longer(
    workspace: Workspace, entering: Entering, posted: Posting
) -> None:
    stated(workspace, "cases.yaml", IN_OFFICE)
    before = datetime(2026, 2, 8, 6, tzinfo=UTC)  # a Sunday, 09:00 in Riyadh
    during = datetime(2026, 2, 23, 6, tzinfo=UTC)  # a Monday in Ramadan, the day after a holiday

    usual = lodged(entering, posted, country="SA", at=before)
    assert due(entering, usual, before) - before == timedelta(days=2, hours=8)
    with entering("rider-account", party=OwnParty("rider", "city_sa", "rider-7"), now=during) as context:
        act(context, usual, "withdraw_appeal")
    other = posted("o-9", city="city_sa", currency="SAR", recovery_minor={}, compensation_minor=0, decided_at=during)
    with entering("rider-account", party=OwnParty("rider", "city_sa", "rider-7"), now=during) as context:
        fasting = lodge(context, other.verdict_id, "It was the kitchen.").case_id
    assert due(entering, fasting, during) == datetime(2026, 2, 26, 13, tzinfo=UTC)  # four days of six hours


def test_a_workspace_states_rules_of_its_own(workspace: Workspace) -> None:
    own = "appeals: [{from: 2026-02-01, country: KW, source: s, parties: [rider], lodge_days: 60, silence: grant}]"
    stated(workspace, "appeals.yaml", own)

    assert rules_of(workspace, "KW", NOW.date()).lodge_days == 60
    assert rules_of(workspace, "SA", NOW.date()).lodge_days == 30


@pytest.mark.parametrize("wrong", ["lodge_days: 0", "silence: maybe", "parties: [platform]", "parties: []"])
def test_wrong_rules_are_told_with_their_place(workspace: Workspace, wrong: str) -> None:
    right = {"lodge_days": "30", "silence": "grant", "parties": "[rider]"}
    right |= dict([wrong.split(": ", 1)])
    parts = ", ".join(f"{name}: {value}" for name, value in right.items())
    stated(workspace, "appeals.yaml", f"appeals:\n  - {{from: 2026-02-01, country: KW, source: s, {parts}}}\n")

    with pytest.raises(InvalidDefinition, match=r"appeals.yaml, line 2"):
        rules_of(workspace, "KW", NOW.date())


@pytest.mark.parametrize(("country", "state"), [("SA", "overdue"), ("BR", "granted_by_silence")])
def test_workers_close_the_window_and_let_silence_mean_what_the_country_says(
    entering: Entering, posted: Posting, country: str, state: str
) -> None:
    case_id = lodged(entering, posted, country=country, at=NOW)
    seen = []
    for days in (4, 5, 13, 14):
        with entering("admin", Role.ADMIN, now=NOW + timedelta(days=days, minutes=1)) as context:
            run_once(context, HANDLERS)
            seen.append(show_appeal(context, case_id).state)

    assert seen == ["evidence", "waiting", "waiting", state]


def test_without_a_second_instance_the_decision_becomes_final_by_itself(entering: Entering, posted: Posting) -> None:
    case_id = lodged(entering, posted, country="SA", at=NOW)
    with entering("rider-account", party=OwnParty("rider", "city_sa", "rider-7")) as context:
        act(context, case_id, "no_more_evidence")
    with entering() as context:
        act(context, case_id, "take_appeal")
        act(context, case_id, "uphold", {"reason": "The trail shows it."})

    with entering("admin", Role.ADMIN, now=NOW + timedelta(days=14, minutes=1)) as context:
        worked = run_once(context, HANDLERS)
        found = show_appeal(context, case_id)

    assert worked.failed == 0
    assert (found.state, found.settled_at) == ("final", NOW + timedelta(days=14, minutes=1))
