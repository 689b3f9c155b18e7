"""Alerts, outbox, snapshots and the morning sheet: told once, in waking hours, to whoever may see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.alerts import (
    AlertRule,
    Event,
    Observed,
    Per,
    Standing,
    When,
    breached,
    is_quiet,
    read_rule,
    step,
)
from tiffin.capabilities.scorecards.domain.sheets import Reason, expected, largest
from tiffin.capabilities.scorecards.service import alert_acts, alerting, outbox, snapshots
from tiffin.capabilities.scorecards.service.morning import morning_sheet, sheet_file
from tiffin.cli.composition import compose
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.runtime.models import AuditEntry

Opener = Callable[..., object]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BAD, GOOD = Observed(True, 1.0, "2026-03-01"), Observed(False, 0.1, "2026-03-02")
RULE = {"metric": "late_share", "when": "above", "threshold": 0.5, "per": "city_id", "places": ["riyadh"]}


def test_an_alert_is_said_once_and_its_end_once() -> None:
    first = step(Standing(), BAD, now=NOW, is_quiet=False)
    again = step(first.standing, BAD, now=NOW + timedelta(hours=1), is_quiet=False)
    over = step(again.standing, GOOD, now=NOW + timedelta(days=1), is_quiet=False)
    calm = step(over.standing, GOOD, now=NOW + timedelta(days=1, hours=1), is_quiet=False)

    assert first.happened == (Event.RAISED, Event.SAID)
    assert again.happened == ()
    assert (over.happened, over.message) == ((Event.RECOVERED, Event.SAID), Event.RECOVERED)
    assert calm.happened == ()


def test_what_is_raised_in_the_quiet_hours_is_said_after_them() -> None:
    night = step(Standing(), BAD, now=NOW, is_quiet=True)
    morning = step(night.standing, BAD, now=NOW + timedelta(hours=8), is_quiet=False)

    assert (night.happened, night.message) == ((Event.RAISED,), None)
    assert morning.message is Event.RAISED


def test_what_was_never_said_needs_no_all_clear() -> None:
    night = step(Standing(), BAD, now=NOW, is_quiet=True)
    over = step(night.standing, GOOD, now=NOW + timedelta(hours=8), is_quiet=False)

    assert (over.happened, over.message) == ((Event.RECOVERED,), None)


def test_a_seen_alert_is_silent_and_a_snoozed_one_speaks_again() -> None:
    raised = step(Standing(), BAD, now=NOW, is_quiet=False).standing
    seen = step(replace(raised, acknowledged_by="mona"), BAD, now=NOW + timedelta(days=1), is_quiet=False)
    asleep = replace(raised, snoozed_until=NOW + timedelta(hours=4))

    assert seen.message is None
    assert step(asleep, BAD, now=NOW + timedelta(hours=3), is_quiet=False).message is None
    assert step(asleep, BAD, now=NOW + timedelta(hours=4), is_quiet=False).message is Event.RAISED


def test_no_value_changes_nothing() -> None:
    raised = step(Standing(), BAD, now=NOW, is_quiet=False).standing

    assert step(raised, Observed(None, None, "2026-03-02"), now=NOW, is_quiet=False).standing == raised


NIGHT = (time(22), time(7))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 2, 20, 18, 59, tzinfo=UTC), False),  # 21:59 in Riyadh
        (datetime(2026, 2, 20, 19, 0, tzinfo=UTC), True),
        (datetime(2026, 2, 21, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 2, 21, 4, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_reach_over_midnight_of_the_place(moment: datetime, quiet: bool) -> None:  # noqa: FBT001 - a table
    assert is_quiet(NIGHT, moment, "Asia/Riyadh") is quiet


def test_quiet_hours_follow_the_clock_on_the_wall_when_it_changes() -> None:
    # Helsinki, 29 March 2026: at 03:00 the clock goes on to 04:00, so 07:00 is 04:00 UTC; a day before it is 05:00.
    assert is_quiet(NIGHT, datetime(2026, 3, 28, 4, 30, tzinfo=UTC), "Europe/Helsinki")
    assert not is_quiet(NIGHT, datetime(2026, 3, 29, 4, 30, tzinfo=UTC), "Europe/Helsinki")


def test_a_threshold_holds_for_so_many_days_in_a_row() -> None:
    rule = AlertRule("x", "late_share", When.ABOVE, Per.CITY, threshold=0.5, periods=2)

    assert breached(rule, [0.1, 0.6, 0.7]) is True
    assert breached(rule, [0.6, 0.1, 0.7]) is False
    assert breached(rule, [0.6, None, 0.7]) is False
    assert breached(rule, [0.6, 0.7, None]) is None
    assert breached(replace(rule, when=When.BELOW, periods=1), [0.4]) is True


@pytest.mark.parametrize(
    "change",
    [
        {"metric": "lat_share"},
        {"when": "beside"},
        {"threshold": "much"},
        {"periods": 0},
        {"quiet": ["late"]},
        {"odd": 1},
    ],
)
def test_a_faulty_rule_is_refused(opened: Opener, change: dict) -> None:
    with opened() as context, pytest.raises(InvalidDefinition):
        read_rule("x", RULE | {"to": {"roles": ["steward"]}} | change, library_of(context.workspace).model)


def test_a_rule_that_is_made_is_on_the_audit_trail(opened: Opener) -> None:
    with opened() as context:
        alert_acts.make_rule(context, "all_late", RULE | {"to": {"accounts": ["mona"]}})
    with opened() as context:
        assert [entry.action for entry in context.session.query(AuditEntry).filter_by(subject="all_late")]


def test_alerts_tell_each_recipient_once_what_he_may_see(opened: Opener) -> None:
    with opened() as context:
        to = {"accounts": ["mona", "vic"], "roles": ["city_manager"]}
        alert_acts.make_rule(context, "all_late", RULE | {"to": to, "quiet": ["22:00", "07:00"]})
    with opened(now=datetime(2026, 3, 1, 23, 0, tzinfo=UTC)) as context:  # 02:00 in Riyadh, the day is not over
        early = alerting.run_alerts(context)
    with opened(now=datetime(2026, 3, 2, 3, 0, tzinfo=UTC)) as context:  # 06:00, quiet
        night = alerting.run_alerts(context)
    with opened() as context:
        day = alerting.run_alerts(context)
    with opened() as context:
        again = alerting.run_alerts(context)
        standing = [one for one in alert_acts.list_standing(context) if one.rule == "all_late"]

    assert "raised" not in early.happened or not early.messages
    assert not night.messages
    mine = [Path(name) for name in day.messages]
    assert again.happened == {}
    assert again.messages == ()
    texts = [file.with_suffix(".html").read_text(encoding="utf-8") for file in mine]
    assert any("الرياض" in text or 'dir="rtl"' in text for text in texts)
    assert all("<script" not in text for text in texts)
    assert [(one.place, one.value) for one in standing] == [("riyadh", 1.0)]
    with opened(user="vic") as context:
        alert_acts.acknowledge(context, "all_late", "riyadh")
        with pytest.raises(WrongUse):
            alert_acts.snooze(context, "all_late", "riyadh", hours=0)
        assert alert_acts.list_history(context)[0].event == "acknowledged"
    with opened() as context:
        alert_acts.remove_rule(context, "all_late")
        assert "all_late" not in alert_acts.own_rules(context)


def test_an_alert_to_others_takes_a_role_and_a_place_of_ones_own(opened: Opener) -> None:
    with opened(user="gus") as context, pytest.raises(NotFound):
        alert_acts.make_rule(context, "other", RULE | {"places": ["dubai"], "to": {"accounts": ["gus"]}})
    with opened(user="vic") as context, pytest.raises(Forbidden):
        alert_acts.make_rule(context, "mine", RULE | {"to": {"accounts": ["vic"]}})
    with opened(user="vic") as context, pytest.raises(Forbidden):
        alerting.run_alerts(context)


def test_an_unusual_day_needs_a_long_history(opened: Opener) -> None:
    with opened() as context:
        rule = AlertRule("odd", "orders", When.ANOMALY, Per.COUNTRY, roles=("steward",))
        found = alerting.judge(context, rule)

    assert {one.breached for one in found.values()} == {False}


def test_a_snapshot_holds_what_its_recipient_may_see(opened: Opener) -> None:
    with opened() as context:
        sent = snapshots.send_dashboard(context, "country_management", to="mona", raw={})
    with opened() as context:
        again = snapshots.send_dashboard(context, "country_management", to="mona", raw={})
        with pytest.raises(NotFound):
            snapshots.send_dashboard(context, "country_management", to="nobody", raw={})

    text = sent.file.with_suffix(".html").read_text(encoding="utf-8")
    assert sent.is_new
    assert not again.is_new
    assert again.file == sent.file
    assert 'dir="rtl"' in text
    assert "<script" not in text
    assert "دبي" not in text
    assert "<svg" in text
    assert "color-scheme" in text
    assert b"multipart/alternative" in sent.file.read_bytes()
    with opened(user="mona") as context:
        assert "لوحات" not in outbox.read_message(context, sent.message_id)[:0]
        assert outbox.list_outbox(context)
    with opened(user="vic") as context, pytest.raises(Forbidden):
        snapshots.send_dashboard(context, "country_management", to="mona", raw={})
    with opened(user="vic") as context, pytest.raises(NotFound):
        outbox.read_message(context, sent.message_id)


def test_a_schedule_goes_out_once_a_local_day(opened: Opener) -> None:
    with opened() as context:
        made = snapshots.schedule_dashboard(
            context,
            "city_morning",
            to="mona",
            raw={"city_id": "riyadh"},
            at="07:30",
            timezone="Asia/Riyadh",
            weekday=None,
        )
    counts = []
    for hour, minute in ((4, 0), (4, 30), (5, 0)):  # 07:00, 07:30 and 08:00 in Riyadh
        with opened(now=datetime(2026, 3, 3, hour, minute, tzinfo=UTC)) as context:
            counts.append(len(snapshots.send_due(context)))
    with opened() as context:
        with pytest.raises(WrongUse):
            snapshots.schedule_dashboard(
                context, "city_morning", to="mona", raw={}, at="7h", timezone="Asia/Riyadh", weekday=None
            )
        snapshots.remove_schedule(context, made.schedule_id)
        assert snapshots.list_schedules(context) == ()

    assert counts == [0, 1, 0]


def test_a_weekly_schedule_waits_for_its_weekday() -> None:
    weekly = snapshots.Schedule(1, "x", "mona", {}, 1, "07:30", "Asia/Riyadh")

    assert snapshots.due_on(weekly, datetime(2026, 3, 2, 5, 0, tzinfo=UTC)) is not None  # a Monday
    assert snapshots.due_on(weekly, datetime(2026, 3, 3, 5, 0, tzinfo=UTC)) is None


def test_the_morning_sheet_says_what_missed_and_what_today_expects(opened: Opener, made: Path) -> None:
    with opened() as context:
        sheet = morning_sheet(context, "riyadh")
        text = sheet_file(context, sheet)
    run = CliRunner().invoke(compose(), ["scorecards", "morning", "riyadh", "--workspace", str(made), "--json"])

    assert "on_time_share" in {one.tile.metric for one in sheet.missed}
    reasons = next(one.reasons for one in sheet.missed if one.tile.metric == "on_time_share")
    assert any("Late share" in reason for reason in reasons)
    assert sheet.expects
    assert sheet.expects.usual == 6.0
    assert "<script" not in text
    assert "Riyadh" in text
    assert '"missed"' in run.stdout
    assert run.exit_code == 0


def test_another_citys_sheet_is_not_there(opened: Opener) -> None:
    with opened(user="mona") as context, pytest.raises(NotFound):
        morning_sheet(context, "dubai")


def test_reasons_are_those_that_pull_the_same_way() -> None:
    reasons = [Reason("a", -2.0), Reason("b", 1.0), Reason("c", -5.0)]

    assert [one.metric for one in largest(reasons, change=-6.0)] == ["c", "a"]
    assert expected({}, {}, holiday=None, is_ramadan=False) is None


def test_the_pages_of_alerts_and_sheets_answer(browser) -> None:  # noqa: ANN001 - the fixture's own type
    made = browser.post(
        "/alerts",
        data={"name": "my_late", "metric": "late_share", "when": "above", "threshold": "0.5", "place": "riyadh"},
    )
    wrong = browser.post("/alerts", data={"name": "my_odd", "metric": "late_share", "when": "above", "threshold": "x"})
    gone = browser.post("/alerts/remove", data={"name": "my_late"})
    sheet = browser.get("/morning", params={"city": "riyadh"})

    assert "my_late" in made.text
    assert wrong.status_code == 400
    assert "threshold is a number" in wrong.text
    assert "my_late" not in gone.text
    assert "Good morning" in sheet.text
    assert browser.get("/morning/riyadh/file.html").status_code == 200
    assert browser.get("/alerts/messages/999999").status_code == 404
