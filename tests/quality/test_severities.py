"""An incident's severity follows what is known of it; people change it with a reason; its deadline follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.cases.domain.severity import SEVERITIES, Severity
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.severity import Known, follows
from tiffin.capabilities.quality.service import incident_acts
from tiffin.capabilities.quality.service.incident_views import show_incident
from tiffin.capabilities.quality.service.severities import read_severities, rule_for
from tiffin.engines.cases.folding import Rating
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.workspace import Workspace, create_workspace

DAY = date(2026, 2, 10)
NOW = datetime(2026, 2, 11, 8, tzinfo=UTC)
"""A Wednesday, eleven in Riyadh."""


@pytest.fixture
def broken(marketplace: Any, entering: Callable) -> int:
    """Load one basket below nought among two hundred and give the number of the incident that follows."""
    for day in (DAY - timedelta(days=1), DAY):
        marketplace.orders("riyadh", day, numbers=range(200), at=NOW - timedelta(hours=3))
    marketplace.orders("riyadh", DAY, numbers=range(1), value=-5, at=NOW - timedelta(hours=2))
    with entering(NOW) as context:
        [number] = service.check_tables(context, tables=("orders",)).incidents
    return number


def known(**changes: Any) -> Known:
    return Known(
        **({"certified": 0, "metrics": 0, "share": 0.0, "people": 0, "open_days": 0, "is_certain": True} | changes)
    )


@pytest.mark.parametrize(
    ("what", "severity"),
    [
        (known(), "minor"),
        (known(metrics=3, share=0.05), "minor"),
        (known(share=0.1), "major"),
        (known(metrics=1, people=5), "major"),
        (known(metrics=1, open_days=14), "major"),
        (known(certified=1, metrics=1), "major"),
        (known(certified=1, metrics=1, share=0.01), "critical"),
        (known(certified=1, metrics=1, people=20), "critical"),
        (known(certified=1, metrics=1, open_days=7), "critical"),
        (known(certified=9, metrics=9, share=1.0, people=99, is_certain=False), "major"),
    ],
)
def test_the_shipped_rules_weigh_who_relies_on_it_how_much_is_wrong_and_how_long(
    tmp_path: Path, what: Known, severity: str
) -> None:
    table = read_severities(create_workspace(tmp_path / "workspace"), NOW.date())

    assert table.rule_for(what).severity == severity


def test_more_that_is_known_never_makes_an_incident_less_bad(tmp_path: Path) -> None:
    table = read_severities(create_workspace(tmp_path / "workspace"), NOW.date())
    steps = {
        "certified": (0, 1),
        "metrics": (0, 1),
        "share": (0.0, 0.01, 0.1),
        "people": (0, 5, 20),
        "open_days": (0, 7, 14),
    }
    all_known = [dict(zip(steps, values, strict=True)) for values in product(*steps.values())]
    ranks = {tuple(one.values()): SEVERITIES.index(table.rule_for(known(**one)).severity) for one in all_known}

    for one in all_known:
        for name, values in steps.items():
            later = values[values.index(one[name]) + 1 :]  # type: ignore[attr-defined]
            assert all(ranks[tuple({**one, name: more}.values())] <= ranks[tuple(one.values())] for more in later)


def test_severity_is_raised_when_more_rows_break_and_its_history_says_why(
    marketplace: Any, entering: Callable, broken: int
) -> None:
    with entering(NOW) as context:
        before = show_incident(context, broken).case
    marketplace.orders("riyadh", DAY, numbers=range(60), value=-5, at=NOW)
    later = NOW + timedelta(hours=1)
    with entering(later) as context:
        service.check_tables(context, tables=("orders",))
    with entering(later, locale="pt_BR") as context:
        found = show_incident(context, broken).case

    assert (before.summary.severity, found.summary.severity) == ("major", "critical")
    [change] = [one for one in found.trail if one.action == "rated_anew"]
    assert (change.values["was"], change.values["severity"], change.actor) == ("major", "critical", "platform")
    assert "pelo menos uma linha em cem" in change.values["reason"]["pt_BR"]
    assert "30.0% of the rows" in change.values["known"]["en"]
    assert found.clocks["answer"] == later + timedelta(hours=1)
    assert found.clocks["repair"] == later + timedelta(hours=4)


def test_severity_rises_with_time_alone_and_the_same_facts_change_nothing_twice(
    marketplace: Any, entering: Callable, broken: int
) -> None:
    for days in (8, 9):
        at = NOW + timedelta(days=days)
        marketplace.orders("riyadh", DAY + timedelta(days=days), numbers=range(200), at=at - timedelta(hours=3))
        with entering(at) as context:
            service.check_tables(context, tables=("orders",))
    with entering(NOW + timedelta(days=9)) as context:
        found = show_incident(context, broken).case

    changes = [one for one in found.trail if one.action == "rated_anew"]
    assert [one.values["severity"] for one in changes] == ["critical"]
    assert "week" in changes[0].values["reason"]["en"]


def test_a_run_over_an_unchanged_table_leaves_what_is_hit_as_it_is(entering: Callable, broken: int) -> None:
    with entering(NOW) as context:
        before = show_incident(context, broken)
    with entering(NOW + timedelta(minutes=5)) as context:
        run = service.check_tables(context, tables=("orders",))
        found = show_incident(context, broken)

    assert run.skipped == ("orders",)
    assert found.metrics == before.metrics
    assert "orders" not in found.metrics


def test_what_a_person_says_stands_until_it_becomes_worse_than_anybody_knew(
    marketplace: Any, entering: Callable, broken: int
) -> None:
    with entering(NOW) as context:
        incident_acts.act(context, broken, "rate", {"severity": "minor", "reason": "One test order"})
    with entering(NOW + timedelta(hours=1)) as context:
        service.check_tables(context, tables=("orders",), is_forced=True)
        held = show_incident(context, broken).case.summary
    marketplace.orders("riyadh", DAY, numbers=range(60), value=-5, at=NOW + timedelta(hours=1))
    with entering(NOW + timedelta(hours=2)) as context:
        service.check_tables(context, tables=("orders",))
        raised = show_incident(context, broken).case

    assert held.severity == "minor"
    assert held.due_at == datetime(2026, 2, 12, 8, tzinfo=UTC)  # eight office hours from Wednesday at eleven in Riyadh
    assert raised.summary.severity == "critical"
    assert [one.action for one in raised.trail if "severity" in one.values] == ["rate", "rated_anew"]


def test_changing_a_severity_takes_a_role_a_reason_and_another_severity(entering: Callable, broken: int) -> None:
    with entering(NOW) as context, pytest.raises(WrongUse, match="reason"):
        incident_acts.act(context, broken, "rate", {"severity": "critical"})
    with entering(NOW) as context, pytest.raises(WrongUse, match="one of"):
        incident_acts.act(context, broken, "rate", {"severity": "dire", "reason": "x"})
    with entering(NOW) as context, pytest.raises(Conflict, match="already"):
        incident_acts.act(context, broken, "rate", {"severity": "major", "reason": "x"})
    manager = (Grant(Role.CITY_MANAGER, ("SA",), ()),)
    with entering(NOW, grants=manager) as context, pytest.raises(Forbidden):
        incident_acts.act(context, broken, "rate", {"severity": "critical", "reason": "x"})


def test_an_incident_that_was_ever_major_needs_its_post_mortem(entering: Callable, broken: int) -> None:
    with entering(NOW) as context:
        incident_acts.act(context, broken, "rate", {"severity": "minor", "reason": "One test order"})
        incident_acts.act(context, broken, "take")
        incident_acts.act(context, broken, "repair", {"cause": "other", "done": "Loaded again"})
        assert show_incident(context, broken).needs_post_mortem
        with pytest.raises(Conflict, match="post-mortem"):
            incident_acts.act(context, broken, "confirm")


def test_the_same_facts_do_not_contradict_a_person() -> None:
    said = Rating(NOW, "minor", is_platform=False)
    first = Rating(NOW, "major", is_platform=True)

    assert follows(Severity.CRITICAL, "minor", (first, said))
    assert not follows(Severity.MAJOR, "minor", (first, said))
    assert not follows(Severity.MINOR, "critical", (first, Rating(NOW, "critical", is_platform=False)))
    assert follows(Severity.MINOR, "major", (first,))
    assert not follows(Severity.MAJOR, "major", ())


OWN = """severities:
  - from: 2026-02-01
    source: Ours
    used_days: 7
    rules:
      - severity: minor
        when: {}
        why: {en: Ours, ar: لنا, zh_Hans: 我们, zh_Hant: 我們, pt_BR: Nosso}
"""
DEADLINES = """deadlines:
  - from: 2026-02-01
    source: Ours
    case_type: broken_data
    levels:
      - {severity: critical, repair: 2, round_the_clock: true}
      - {severity: major, repair: 3}
      - {severity: minor, repair: 5}
"""


def _put(workspace: Workspace, name: str, text: str) -> None:
    workspace.overlay("parameters").mkdir(parents=True, exist_ok=True)
    (workspace.overlay("parameters") / name).write_text(text, encoding="utf-8")


def test_a_workspace_states_its_own_rules_and_deadlines_from_a_day_on(marketplace: Any, entering: Callable) -> None:
    _put(marketplace.workspace, "severities.yaml", OWN)
    _put(marketplace.workspace, "cases.yaml", DEADLINES)
    everything = known(certified=5, metrics=5, share=1.0)
    with entering(NOW) as context:
        own = rule_for(context, everything).severity
    with entering(datetime(2026, 1, 20, tzinfo=UTC)) as context:
        before = rule_for(context, everything).severity

    assert (own, before) == ("minor", "critical")
    levels = levels_of(marketplace.workspace, "broken_data", date(2026, 2, 1))
    assert [one.clocks for one in levels] == [{"repair": 2}, {"repair": 3}, {"repair": 5}]
    assert levels_of(marketplace.workspace, "broken_data", date(2026, 1, 31))[0].clocks == {"answer": 1, "repair": 4}
    assert levels_of(marketplace.workspace, "access_request", date(2026, 2, 1)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severities:", "rules:"),
        ("severity: minor", "severity: dire"),
        ("when: {}", "when: {certified: 1}"),
        ("when: {}", "when: {luck: 1}"),
        ("when: {}", "when: {share: -1}"),
        ("used_days: 7", "used_days: 0"),
        ("en: Ours, ", ""),
        ("    source: Ours\n", ""),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(tmp_path: Path, old: str, new: str) -> None:
    workspace = create_workspace(tmp_path / "workspace")
    assert old in OWN
    _put(workspace, "severities.yaml", OWN.replace(old, new))

    with pytest.raises(InvalidDefinition):
        read_severities(workspace, NOW.date())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("deadlines:", "hours:"),
        ("broken_data", "lost_sock"),
        ("severity: minor", "severity: major"),
        ("repair: 5", "repair: 0"),
        ("repair: 5", "coffee: 5"),
        ("round_the_clock: true", "round_the_clock: 7"),
        ("    source: Ours\n", ""),
    ],
)
def test_deadlines_that_cannot_be_meant_are_refused(tmp_path: Path, old: str, new: str) -> None:
    workspace = create_workspace(tmp_path / "workspace")
    assert old in DEADLINES
    _put(workspace, "cases.yaml", DEADLINES.replace(old, new))

    with pytest.raises(InvalidDefinition):
        levels_of(workspace, "broken_data", NOW.date())
