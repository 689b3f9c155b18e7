"""What nobody uses, and that nothing goes on which something in use hangs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.domain.retiring import hanging_on, may_go, used_through
from tiffin.capabilities.adoption.service import estate, requirements, retirements, usage
from tiffin.capabilities.scorecards.service import saving
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime import audit

ASSETS = tuple(f"metric:m{n}" for n in range(9))
LATER = timedelta(days=100)
edges = st.lists(st.tuples(st.sampled_from(ASSETS), st.sampled_from(ASSETS)), max_size=20)


def reaches(links: list, start: str, end: str) -> bool:
    """Walk every way, as slowly as one can."""
    ways, known = [start], {start}
    for one in ways:
        for earlier, later in links:
            if earlier == one and later not in known:
                known.add(later)
                ways.append(later)
    return end in known - {start}


@given(edges, st.frozensets(st.sampled_from(ASSETS)))
def test_nothing_is_let_go_that_is_used_or_carries_something_used(links: list, used: frozenset[str]) -> None:
    readers: dict[str, set[str]] = {}
    for earlier, later in links:
        readers.setdefault(earlier, set()).add(later)

    gone = may_go(ASSETS, readers, used)

    for asset in ASSETS:
        carries = [one for one in used if reaches(links, asset, one)]
        assert (asset in gone) == (asset not in used and not carries)
        assert set(used_through(asset, readers, used)) == set(carries)
        assert asset not in hanging_on(asset, readers)


@pytest.fixture
def watched(see: Callable[..., None], now: datetime) -> Callable[..., None]:
    """Note that views are recorded since long, and what was seen lately."""

    def seen(*subjects: str, on: datetime = now + LATER) -> None:
        see("vic", "page:/", at=now - timedelta(days=1))
        for one in subjects:
            see("vic", one, at=on)

    return seen


@pytest.fixture
def later(entering: Callable, now: datetime) -> Callable:
    """Open a unit of work a hundred days later, or more."""
    return lambda name, days=0: entering(name, now=now + LATER + timedelta(days=days))


def test_nothing_is_called_unused_before_views_were_recorded_long_enough(entering: Callable) -> None:
    with entering("ana") as context:
        report = retirements.list_unused(context)

    assert (report.is_long_enough, report.rows) == (False, ())
    with pytest.raises(Conflict, match="not recorded"), entering("ana") as context:
        retirements.propose(context, "metric:late_share")


def test_a_metric_on_a_dashboard_that_is_seen_stays(watched: Callable, later: Callable) -> None:
    watched("dashboard:city_operations")
    with later("ana") as context:
        rows = {one.asset: one for one in retirements.list_unused(context).rows}

    assert not rows["metric:late_share"].may_go
    assert "dashboard:city_operations" not in rows
    with pytest.raises(Conflict, match="in use"), later("ana") as context:
        retirements.propose(context, "metric:late_share")


def test_no_proposal_ever_names_something_that_carries_use(watched: Callable, later: Callable) -> None:
    watched("dashboard:rider_team", "metric:refund_share")
    with later("ana") as context:
        report = retirements.list_unused(context)
        found = estate.known(context)
        readers, used = found.readers, {"dashboard:rider_team", "metric:refund_share", *found.serving}

    free = [one.asset for one in report.rows if one.may_go]
    assert free
    assert not [asset for asset in free if used & ({asset} | hanging_on(asset, readers))]


def test_a_saved_question_of_somebody_else_keeps_its_metric_and_is_not_named(
    watched: Callable, later: Callable
) -> None:
    watched()
    with later("ana") as context:
        free = [one.asset for one in retirements.list_unused(context).rows if one.may_go]
    metric = next(one.partition(":")[2] for one in free if one.startswith("metric:"))
    with later("ben") as context:
        saving.save_question(context, name="Very secret", address=f"metrics={metric}", role=None)
    with later("ana") as context:
        row = next(one for one in retirements.list_unused(context).rows if one.asset == f"metric:{metric}")

    assert not row.may_go
    assert not [name for name in row.used_through if "secret" in name.lower()]


def test_what_the_audit_trail_saw_read_is_in_use(watched: Callable, later: Callable) -> None:
    watched()
    with later("ben") as context:
        audit.record_read(context, action="rows_seen", subject="refund_share")
    with later("ana") as context:
        used = usage.last_uses(context, since=date(2026, 3, 1))

    assert "metric:refund_share" in used


@pytest.fixture
def proposed(watched: Callable, later: Callable) -> int:
    watched()
    with later("ana") as context:
        return retirements.propose(context, "dashboard:rider_team").item.item_id


def announced_on(now: datetime) -> str:
    return (now + LATER + timedelta(days=14)).date().isoformat()


def test_a_retirement_is_announced_waits_takes_its_requirement_along_and_is_brought_back(
    entering: Callable, an_ask: Callable[..., Ask], later: Callable, proposed: int, now: datetime
) -> None:
    with entering("vic") as context:
        asked = requirements.ask(context, an_ask()).requirement.item.item_id
    launch = {"notes": "n", "owner": "sam", "target_users": "3", "role": "viewer"}
    for name, action, said in (
        ("sam", "accept", {"reason": "yes"}),
        ("ana", "build", {}),
        ("ana", "deliver", {"products": "dashboard:rider_team", "done": "d"}),
        ("vic", "approve", {}),
        ("sam", "launch", launch),
    ):
        with entering(name) as context:
            requirements.decide(context, asked, action, said)

    with later("sam") as context:
        retirements.act_on_retirement(context, proposed, "announce", {"reason": "unused", "on": announced_on(now)})
    with pytest.raises(Conflict, match="cannot go before"), later("sam", 13) as context:
        retirements.act_on_retirement(context, proposed, "retire")
    with later("sam", 14) as context:
        gone = retirements.act_on_retirement(context, proposed, "retire")
        state = requirements.show(context, asked).requirement.item.state
    with later("sam", 30) as context:
        back = retirements.act_on_retirement(context, proposed, "restore", {"reason": "missed"})
        state_after = requirements.show(context, asked).requirement.item.state

    assert (gone.item.state, state) == ("retired", "retired")
    assert (back.item.state, state_after) == ("restored", "launched")


def test_what_came_into_use_after_the_announcement_stays(
    watched: Callable, later: Callable, proposed: int, now: datetime
) -> None:
    with later("sam") as context:
        retirements.act_on_retirement(context, proposed, "announce", {"reason": "unused", "on": announced_on(now)})
    watched("dashboard:rider_team", on=now + LATER + timedelta(days=10))

    with pytest.raises(Conflict, match="in use"), later("sam", 14) as context:
        retirements.act_on_retirement(context, proposed, "retire")


def test_anybody_may_object_and_the_announcement_falls(later: Callable, proposed: int, now: datetime) -> None:
    with later("sam") as context:
        retirements.act_on_retirement(context, proposed, "announce", {"reason": "unused", "on": announced_on(now)})
    with later("vic") as context:
        found = retirements.act_on_retirement(context, proposed, "object", {"reason": "I need it at quarter's end"})

    assert found.item.state == "proposed"


def test_bringing_back_ends_with_its_time(later: Callable, proposed: int, now: datetime) -> None:
    with later("sam") as context:
        retirements.act_on_retirement(context, proposed, "announce", {"reason": "unused", "on": announced_on(now)})
    with later("sam", 14) as context:
        retirements.act_on_retirement(context, proposed, "retire")

    with pytest.raises(Conflict, match="no longer"), later("sam", 14 + 91) as context:
        retirements.act_on_retirement(context, proposed, "restore", {"reason": "missed"})


@pytest.mark.parametrize("day", ["tomorrow", "2026-05-28"])
def test_too_little_notice_is_refused(later: Callable, proposed: int, day: str) -> None:
    with pytest.raises(WrongUse, match="to object"), later("sam") as context:
        retirements.act_on_retirement(context, proposed, "announce", {"reason": "unused", "on": day})


def test_who_may_propose_and_decide(later: Callable, proposed: int) -> None:
    with pytest.raises(Forbidden), later("vic") as context:
        retirements.propose(context, "metric:tip_mean")
    with pytest.raises(Forbidden), later("ana") as context:
        retirements.act_on_retirement(context, proposed, "keep", {"reason": "mine"})
    with pytest.raises(Conflict, match="runs already"), later("ana") as context:
        retirements.propose(context, "dashboard:rider_team")
    with pytest.raises(WrongUse), later("ana") as context:
        retirements.propose(context, "table:orders")
    with pytest.raises(NotFound), later("ana") as context:
        retirements.show_retirement(context, 999)
