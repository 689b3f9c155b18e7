"""A requirement's way from the question to its launch."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.service import nearness, requirements, usage
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.models import AuditEntry

LAUNCH = {"notes": "Calls before lunch", "owner": "sam", "target_users": "3", "role": "viewer"}
BUILT = {"products": "dashboard:city_operations", "done": "A board of kitchens"}


@pytest.fixture
def asked(entering: Callable, an_ask: Callable[..., Ask]) -> int:
    with entering("vic") as context:
        return requirements.ask(context, an_ask()).requirement.item.item_id


@pytest.fixture
def moved(entering: Callable, asked: int) -> Callable[..., str]:
    """Let somebody act on the requirement; gives the state."""

    def move(name: str, action: str, **said: str) -> str:
        with entering(name) as context:
            return requirements.decide(context, asked, action, said).requirement.item.state

    return move


def test_what_is_asked_is_built_approved_launched_and_measured(
    entering: Callable, moved: Callable[..., str], asked: int, now: datetime, see: Callable[..., None]
) -> None:
    states = [
        moved("ana", "estimate", effort_days="5"),
        moved("sam", "accept", reason="worth it"),
        moved("ana", "build"),
        moved("ana", "deliver", **BUILT),
        moved("vic", "approve"),
        moved("sam", "launch", **LAUNCH),
    ]
    for name, days in (("vic", 0), ("vic", 7), ("ben", 7)):
        at = now + timedelta(days=days)
        see(name, "dashboard:city_operations", at=at, milliseconds=200)
    with entering("vic", now=now + timedelta(days=8)) as context:
        use = usage.use_of_launch(context, asked)

    assert states == ["asked", "accepted", "building", "delivered", "approved", "launched"]
    assert [(week.users, week.repeat) for week in use.weeks] == [(1, 0.0), (2, 0.5)]
    assert (use.target_users, use.weeks[1].answer_ms) == (3, 200.0)


def test_nobody_approves_what_he_built_himself(entering: Callable, an_ask: Callable[..., Ask]) -> None:
    with entering("sam") as context:
        own = requirements.ask(context, an_ask()).requirement.item.item_id
    for action, said in (("accept", {"reason": "mine"}), ("build", {}), ("deliver", BUILT)):
        with entering("sam") as context:
            requirements.decide(context, own, action, said)

    with pytest.raises(Forbidden, match="second person"), entering("sam") as context:
        requirements.decide(context, own, "approve")


@pytest.mark.parametrize("name", ["vic", "ana"])
@pytest.mark.parametrize("action", ["accept", "decline", "postpone"])
def test_only_a_steward_decides(moved: Callable[..., str], name: str, action: str) -> None:
    with pytest.raises(Forbidden):
        moved(name, action, reason="I would like it")


def test_a_steward_of_one_country_decides_nothing_for_everybody(entering: Callable, asked: int) -> None:
    with pytest.raises(Forbidden), entering("sue", Role.STEWARD, countries=("SA",)) as context:
        requirements.decide(context, asked, "accept", {"reason": "mine to say"})


def test_nobody_without_a_grant_sees_or_asks(entering: Callable, an_ask: Callable[..., Ask], asked: int) -> None:
    with pytest.raises(Forbidden), entering("eve", countries=()) as context:
        requirements.ask(context, an_ask())
    with pytest.raises(Forbidden), entering("eve", countries=()) as context:
        requirements.show(context, asked)


def test_the_asker_is_told_the_decision_and_its_reason_in_his_language(
    entering: Callable, moved: Callable[..., str]
) -> None:
    moved("sam", "decline", reason="The kitchens call us")
    with entering("vic") as context:
        told = list_outbox(context)

    assert [one.recipient for one in told] == ["vic"]
    page = told[0].file.with_suffix(".html").read_text(encoding="utf-8")
    assert "The kitchens call us" in page
    assert 'dir="rtl"' in page


def test_what_solves_it_ends_the_request_as_answered(entering: Callable, moved: Callable[..., str]) -> None:
    with entering("vic") as context:
        found = nearness.near(context, "share of late orders")
    state = moved("vic", "solve", by=found[0].asset)

    assert state == "answered"
    assert any("late" in one.asset for one in found)


def test_a_question_in_arabic_or_chinese_finds_what_is_near(entering: Callable) -> None:
    with entering("vic") as context:
        found = {
            one.asset for text in ("نسبة الطلبات المتأخرة", "取消订单比例") for one in nearness.near(context, text)
        }

    assert any("late" in asset for asset in found)
    assert any("cancel" in asset for asset in found)


def test_an_open_requirement_is_shown_to_whoever_asks_the_same(entering: Callable, asked: int) -> None:
    with entering("ana") as context:
        found = [one.asset for one in nearness.near(context, "which kitchens should I call before lunch?")]

    assert f"requirement:{asked}" in found


def test_a_merge_names_another_requirement(moved: Callable[..., str], asked: int) -> None:
    for into in (str(asked), "999", "all"):
        with pytest.raises(WrongUse):
            moved("sam", "merge", into=into, reason="the same")


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "  "},
        {"rhythm": "sometimes"},
        {"people": 0},
        {"minutes_saved": float("nan")},
        {"amount": -1.0},
        {"who": "x" * 5000},
    ],
)
def test_what_makes_no_sense_is_not_asked(entering: Callable, an_ask: Callable[..., Ask], wrong: dict) -> None:
    with pytest.raises(WrongUse), entering("vic") as context:
        requirements.ask(context, an_ask(**wrong))


def test_a_city_that_one_may_not_see_is_none(entering: Callable, an_ask: Callable[..., Ask]) -> None:
    with pytest.raises(NotFound), entering("vic") as context:
        requirements.ask(context, an_ask(cities=("riyadh",)))


def test_who_decides_on_an_old_page_is_refused(entering: Callable, moved: Callable[..., str], asked: int) -> None:
    moved("ana", "note", text="I can build it")
    with pytest.raises(Conflict), entering("sam") as context:
        requirements.decide(context, asked, "accept", {"reason": "yes"}, version=1)


def test_every_step_stands_in_the_audit_trail(entering: Callable, moved: Callable[..., str]) -> None:
    moved("sam", "accept", reason="worth it")
    with entering("sam") as context:
        trail = [(row.actor, row.action) for row in context.session.query(AuditEntry).order_by(AuditEntry.entry_id)]

    assert trail[-2:] == [("vic", "requirement_opened"), ("sam", "requirement_acted")]


def test_a_list_ranks_by_score(entering: Callable, an_ask: Callable[..., Ask]) -> None:
    with entering("vic") as context:
        requirements.ask(context, an_ask(decision="little", people=1))
        requirements.ask(context, an_ask(decision="much", people=300, minutes_saved=30.0))
        listed = [one.item.headline for one in requirements.list_requirements(context)]

    assert listed == ["much", "little"]
