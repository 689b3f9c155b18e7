"""The tables of states: sound, drawn in the README, and the only way by which anything moves."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.domain.states import HOLDERS, REQUIREMENT, TABLES, Kind, diagram
from tiffin.capabilities.adoption.service import records, requirements
from tiffin.capabilities.adoption.service.words import WORDS
from tiffin.engines.cases.acting import check_action
from tiffin.engines.cases.checking import faults_of
from tiffin.engines.cases.declaration import OPENED, CaseType
from tiffin.engines.cases.folding import Event, Standing, after, begun
from tiffin.kernel.errors import Conflict, Forbidden

START = datetime.fromisoformat("2026-02-16T08:00:00+00:00")
PEOPLE = {"vic": {"asker", "reader"}, "ana": {"reader", "analyst"}, "sam": {"reader", "analyst", "steward"}}
EVERY = {name: {"asker", "reader", "analyst", "steward"} for name in ("sam", "tom")}


def opened(table: CaseType, author: str) -> Standing:
    return begun(table, Event(1, START, author, OPENED))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda one: one.name)
def test_a_table_has_no_fault(table: CaseType) -> None:
    assert faults_of(table) == ()


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda one: one.name)
def test_the_readme_draws_the_table_as_it_is(table: CaseType, project_root) -> None:  # noqa: ANN001
    readme = (project_root / "src/tiffin/capabilities/adoption/README.md").read_text(encoding="utf-8")

    assert diagram(table) in readme


def test_every_open_state_of_a_requirement_has_somebody_with_the_next_step() -> None:
    assert set(HOLDERS) == {state.name for state in REQUIREMENT.states if not state.is_closed}


def test_every_state_action_and_field_has_a_word() -> None:
    names = {state.name for table in TABLES.values() for state in table.states}
    for one in (one for table in TABLES.values() for one in table.transitions if one.roles):
        names |= {one.action, *(field.name for field in one.fields), *(c for f in one.fields for c in f.choices)}

    assert names <= set(WORDS)


@given(st.lists(st.tuples(st.sampled_from(sorted(PEOPLE)), st.sampled_from(REQUIREMENT.transitions)), max_size=14))
def test_whatever_people_try_only_the_table_moves_a_requirement(tries: list) -> None:
    standing = opened(REQUIREMENT, "vic")
    for step, (name, one) in enumerate(tries):
        said = {field.name: field.choices[0] if field.choices else "x" for field in one.fields}
        allowed = standing.state in one.sources and bool(one.roles & PEOPLE[name])
        same_eyes = one.four_eyes_with is not None and standing.last_actor.get(one.four_eyes_with) == name
        try:
            check_action(REQUIREMENT, standing, one.action, actor=name, roles=PEOPLE[name], values=said)
        except (Conflict, Forbidden):
            assert not allowed or same_eyes
            continue
        assert allowed
        assert not same_eyes
        event = Event(standing.version + 1, START + timedelta(hours=step), name, one.action, said)
        standing = after(REQUIREMENT, standing, event)
        assert standing.state == (one.target or standing.state)


@given(st.lists(st.tuples(st.sampled_from(sorted(EVERY)), st.sampled_from(REQUIREMENT.transitions)), max_size=25))
def test_nothing_is_launched_that_its_builder_approved_himself(tries: list) -> None:
    standing = opened(REQUIREMENT, "sam")
    for step, (name, one) in enumerate(tries):
        said = {field.name: field.choices[0] if field.choices else "x" for field in one.fields}
        try:
            check_action(REQUIREMENT, standing, one.action, actor=name, roles=EVERY[name], values=said)
        except (Conflict, Forbidden):
            continue
        event = Event(standing.version + 1, START + timedelta(hours=step), name, one.action, said)
        standing = after(REQUIREMENT, standing, event)
        if standing.state in ("approved", "launched", "kept"):
            assert standing.last_actor["approve"] != standing.last_actor["deliver"]


def test_the_stored_state_is_the_fold_of_the_stored_events(entering: Callable, an_ask: Callable[..., Ask]) -> None:
    with entering("vic") as context:
        number = requirements.ask(context, an_ask()).requirement.item.item_id
    with entering("sam") as context:
        requirements.decide(context, number, "accept", {"reason": "yes"})
        requirements.decide(context, number, "build")
        record = records.find(context, number, kind=Kind.REQUIREMENT)
        standing = records.standing_of(context, record)

    assert (record.state, record.version, record.assignee) == (standing.state, standing.version, "sam")
    assert (standing.state, standing.version) == ("building", 3)
