"""Deadlines and office hours follow the place: its law in Ramadan, its weekend, and what the workspace states."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.cases.service.office import office_hours
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.workspace import Workspace

OWN = """
deadlines:
  - {from: 2026-01-01, source: tests, case_type: access_request, clocks: {decision: {days: 3}}}
  - from: 2026-01-01
    source: tests
    case_type: access_request
    country: KW
    clocks: {decision: 5, round_the_clock: true}
"""


def stated(workspace: Workspace, name: str, text: str) -> None:
    folder = workspace.overlay("parameters")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("country", "day", "hours"),
    [
        ("SA", date(2026, 2, 23), (time(10), time(16))),  # a Monday in Ramadan, after a holiday
        ("AE", date(2026, 2, 23), (time(9), time(15))),
        ("SA", date(2026, 4, 5), None),
        ("FI", date(2026, 2, 23), None),
    ],
)
def test_the_law_of_the_place_shortens_days_of_ramadan(
    workspace: Workspace, country: str, day: date, hours: tuple[time, time] | None
) -> None:
    found = office_hours(workspace, country, day)

    assert found.is_working_day(day)
    assert found.other_hours.get(day) == hours


def test_a_case_waits_as_long_as_its_country_states(
    entering: Callable, an_incident: Callable[..., NewCase], workspace: Workspace
) -> None:
    stated(workspace, "cases.yaml", OWN)
    asked = {"case_type": "access_request", "headline": "Access"}
    with entering() as context:
        riyadh = service.open_case(context, an_incident(key="a", country="SA", **asked)).due_at
        kuwait = service.open_case(context, an_incident(key="b", country="KW", **asked)).due_at

    # Three days of work from Monday eleven o'clock, local time: Thursday, before the weekend.
    assert riyadh == datetime(2026, 2, 19, 8, tzinfo=UTC)
    assert kuwait == datetime(2026, 2, 16, 13, tzinfo=UTC)


@pytest.mark.parametrize("clocks", ["{decision: {days: 0}}", "{decision: {weeks: 1}}", "{sleep: 4}", "{decision: x}"])
def test_a_deadline_that_is_none_is_refused(workspace: Workspace, clocks: str) -> None:
    entry = f"deadlines:\n  - {{from: 2026-01-01, source: tests, case_type: access_request, clocks: {clocks}}}\n"
    stated(workspace, "cases.yaml", entry)

    with pytest.raises(InvalidDefinition, match="days: 10"):
        levels_of(workspace, "access_request", date(2026, 2, 16))


def test_office_hours_that_are_none_are_refused(workspace: Workspace) -> None:
    entry = 'office_hours:\n  - {from: 2026-01-01, source: tests, opens: "17:00", closes: "09:00"}\n'
    stated(workspace, "office_hours.yaml", entry)

    with pytest.raises(InvalidDefinition, match="later on the same day"):
        office_hours(workspace, "SA", date(2026, 2, 16))
