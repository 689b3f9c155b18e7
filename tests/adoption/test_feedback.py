"""Feedback from any page, and who sees it; views of pages, and how long they are kept."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tiffin.capabilities.adoption.domain.usage import Seen, mondays, weeks_of_use
from tiffin.capabilities.adoption.service import feedback, requirements
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.scorecards.service.outbox import list_outbox
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.uses import ASSET_USES


@pytest.fixture
def said(entering: Callable) -> int:
    with entering("vic", locale="ar") as context:
        text = "The late share of Friday looks doubled"
        return feedback.say(context, "wrong", text=text, page="/metrics/late_share?city=x").item_id


def test_feedback_keeps_page_language_role_and_text_and_no_parameter(entering: Callable, said: int) -> None:
    with entering("sam") as context:
        item = feedback.show_feedback(context, said).item

    assert item.subject == "/metrics/late_share"
    assert (item.details["locale"], item.details["role"], item.author) == ("ar", "viewer", "vic")


def test_only_stewards_and_its_giver_see_feedback(entering: Callable, said: int) -> None:
    with entering("vic") as context:
        assert feedback.count_feedback(context) == 1
    with entering("ben") as context:
        assert feedback.list_feedback(context) == ()
    with pytest.raises(NotFound), entering("ben") as context:
        feedback.show_feedback(context, said)
    with pytest.raises(Forbidden), entering("ben") as context:
        feedback.verdicts(context)


def test_an_answer_reaches_whoever_gave_the_feedback(entering: Callable, said: int) -> None:
    with entering("sam") as context:
        feedback.answer(context, said, "answer", text="Loaded twice; mended")
    with entering("vic") as context:
        told = list_outbox(context)
        trail = feedback.show_feedback(context, said).trail

    assert [one.recipient for one in told] == ["vic"]
    assert trail[-1].values == {"text": "Loaded twice; mended"}
    with pytest.raises(Forbidden), entering("vic") as context:
        feedback.answer(context, said, "answer", text="I answer myself")


def test_feedback_becomes_a_requirement_of_whoever_gave_it(entering: Callable, said: int) -> None:
    with entering("sam") as context:
        number = feedback.make_requirement(context, said)
        made = requirements.show(context, number).requirement.item
        state = feedback.show_feedback(context, said).item.state

    assert (made.author, made.state, made.details["feedback"]) == ("vic", "asked", said)
    assert state == "taken_up"


def test_feedback_becomes_a_case(entering: Callable, said: int) -> None:
    with entering("sam") as context:
        case = cases.show_case(context, feedback.make_case(context, said)).summary

    assert (case.subject, case.state) == ("/metrics/late_share", "open")
    assert "looks doubled" in case.headline


def test_useful_or_not_needs_no_words_and_is_counted(entering: Callable) -> None:
    for name, sort in (("vic", "useful"), ("ben", "not_useful"), ("ana", "not_useful")):
        with entering(name) as context:
            feedback.say(context, sort, page="/quality")
    with entering("sam") as context:
        found = feedback.verdicts(context)
        waiting = feedback.count_feedback(context)

    assert [(one.page, one.useful, one.not_useful) for one in found] == [("/quality", 1, 2)]
    assert waiting == 0
    for sort, text in (("idea", " "), ("praise", "x"), ("idea", "x" * 3000)):
        with pytest.raises(WrongUse), entering("vic") as context:
            feedback.say(context, sort, text=text)


def test_views_add_up_and_are_forgotten_after_their_time(
    see: Callable[..., None], entering: Callable, now: datetime
) -> None:
    see("vic", "page:/old", at=now)
    now += timedelta(days=401)
    for _ in range(3):
        see("vic", "metric:late_share", "page:/explore", at=now, milliseconds=20)
    with entering("vic") as context:
        rows = context.unit.execute(select(ASSET_USES).order_by(ASSET_USES.c.asset)).all()

    assert [(row.asset, row.uses, row.milliseconds) for row in rows] == [
        ("metric:late_share", 3, 30),
        ("page:/explore", 3, 30),
    ]


def test_a_week_of_use_is_told_by_hand() -> None:
    monday = date(2026, 2, 2)
    seen = [
        Seen(monday, "a", views=3, total_ms=300),
        Seen(monday + timedelta(days=6), "b", views=1, total_ms=500),
        Seen(monday + timedelta(days=7), "a", views=1, total_ms=100),
        Seen(monday + timedelta(days=8), "c", views=1, total_ms=100),
        Seen(monday + timedelta(days=42), "b", views=1, total_ms=100),
    ]
    weeks = weeks_of_use(seen, mondays(monday, monday + timedelta(days=42)), meant_for={"a", "b", "d", "e"})

    assert [week.users for week in weeks] == [2, 2, 0, 0, 0, 0, 1]
    assert [week.coverage for week in weeks] == [0.5, 0.25, 0.0, 0.0, 0.0, 0.0, 0.25]
    assert [week.repeat for week in weeks] == [0.0, 0.5, None, None, None, None, 0.0]
    assert weeks[0].answer_ms == 200.0
