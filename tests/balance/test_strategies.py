"""Strategies: asked once, rehearsed, adopted by one person, agreed to by another, tried, kept or dropped."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.balance.cli.working_out import run_proposal
from tiffin.capabilities.balance.service.strategies.evidence import evidence_so_far
from tiffin.capabilities.balance.service.strategies.proposals import Proposal, ask, begin, find_proposal
from tiffin.capabilities.balance.service.strategies.questions import ask_about
from tiffin.capabilities.balance.service.strategies.strategies import (
    Adoption,
    act,
    adopt,
    find_strategy,
    list_strategies,
    strategies_of_day,
)
from tiffin.capabilities.balance.service.strategies.telling import paragraph, rows
from tiffin.capabilities.balance.service.strategies.trying import put_on_trial
from tiffin.capabilities.experiments.service.trials import find_trial
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.rehearsals import service as rehearsals
from tiffin.engines.simulation.levers import Lever
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace, create_workspace

DAY, LAST = date(2026, 2, 23), date(2026, 2, 24)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAID = Adoption("", "City operations", date(2026, 3, 3), date(2026, 3, 30))
Entering = Callable[..., AbstractContextManager[Context]]


def an_option(proposal: Proposal) -> str:
    """Name the best option that does something."""
    return next(str(one["name"]) for one in proposal.options if one["name"] != "nothing")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A small Riyadh with a miss on the day before its rainstorm."""
    workspace = create_workspace(tmp_path_factory.mktemp("strategies") / "workspace")
    whole = rehearsals.read_scenario("riyadh", profiles=rehearsals.read_profiles())
    small = replace(whole, orders_per_day=250.0, merchants=30)
    with open_context(workspace.root) as context:
        for table, made in rehearsals.simulated_tables(small, Days(date(2026, 2, 16), LAST), seed=7).items():
            facts.write_facts(context, table, made.to_reader(), "simulated:demo")
    return workspace


@pytest.fixture(scope="module")
def proposal(city: Workspace) -> Proposal:
    with open_context(city.root) as context:
        asked, is_to_do = ask(context, ask_about(context, "riyadh", DAY, replications=4))
    assert is_to_do
    run_proposal(city.root, asked.number, user=None)
    with open_context(city.root) as context:
        return find_proposal(context, asked.number)


@pytest.fixture(scope="module")
def entering(city: Workspace) -> Entering:
    """Open a unit of work of somebody who holds one role in Riyadh; without a role he is nobody there."""

    def entered(name: str, role: Role | None, *, place: str = "riyadh") -> AbstractContextManager[Context]:
        grants = (Grant(role, (), (place,)),) if role else ()
        return open_unit(city, lambda _: Actor(name, grants), now=NOW)

    return entered


@pytest.fixture
def adopted(entering: Entering, proposal: Proposal) -> Iterator[int]:
    with entering("ann", Role.ANALYST) as context:
        case_id = adopt(context, proposal.number, an_option(proposal), SAID).case_id
    yield case_id
    with entering("cleaner", Role.STEWARD) as context:
        if any(one.action == "drop_strategy" for one in find_strategy(context, case_id).actions):
            act(context, case_id, "drop_strategy", {"reason": "over"})


def test_the_same_question_is_rehearsed_once(city: Workspace, proposal: Proposal) -> None:
    with open_context(city.root) as context:
        again, is_to_do = ask(context, ask_about(context, "riyadh", DAY, replications=4))
        with pytest.raises(Conflict):
            begin(context, again.number, runner="other", total=4)

    assert (again.number, is_to_do) == (proposal.number, False)


def test_a_proposal_ranks_doing_nothing_among_its_options_and_keeps_a_receipt(proposal: Proposal) -> None:
    names = [one["name"] for one in proposal.options]

    assert len(names) == len(set(names)) > 4
    assert "nothing" in names
    assert [one["rank"] for one in proposal.options] == list(range(1, len(names) + 1))
    assert proposal.receipt["replications"] == 4
    assert proposal.receipt["made_from"]
    assert proposal.answer["is_simulated"] is True
    assert sum(one["best"] for one in proposal.options) == pytest.approx(1.0)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_proposal_is_told_in_every_language(proposal: Proposal, locale: str) -> None:
    said = paragraph(proposal, locale)

    assert len(said) >= 2
    assert all("{" not in text for text in said)
    assert len(rows(proposal, locale)) == len(proposal.options)


def test_a_miss_that_no_day_book_tells_has_no_options(city: Workspace) -> None:
    with open_context(city.root) as context, pytest.raises(NotFound, match="Miss 9"):
        ask_about(context, "riyadh", DAY, episode=9)


def test_whoever_proposed_a_strategy_does_not_agree_to_it(entering: Entering, adopted: int) -> None:
    with entering("ann", Role.CITY_MANAGER) as context, pytest.raises(Forbidden):
        act(context, adopted, "agree_strategy")
    with entering("ben", Role.ANALYST) as context, pytest.raises(Forbidden):
        act(context, adopted, "agree_strategy")
    with entering("cleo", Role.CITY_MANAGER) as context:
        assert act(context, adopted, "agree_strategy").state == "strategy_agreed"


def test_an_option_is_one_strategy_at_a_time(entering: Entering, adopted: int, proposal: Proposal) -> None:
    with entering("dan", Role.ANALYST) as context, pytest.raises(Conflict, match=str(adopted)):
        adopt(context, proposal.number, an_option(proposal), SAID)


def test_doing_nothing_and_a_nameless_team_are_no_strategy(entering: Entering, proposal: Proposal) -> None:
    with entering("dan", Role.ANALYST) as context:
        with pytest.raises(WrongUse, match="nothing"):
            adopt(context, proposal.number, "nothing", SAID)
        with pytest.raises(WrongUse, match="team"):
            adopt(context, proposal.number, an_option(proposal), replace(SAID, team=" "))


def test_another_citys_people_see_nothing_of_it(entering: Entering, adopted: int, proposal: Proposal) -> None:
    with entering("eve", Role.CITY_MANAGER, place="dubai") as context:
        assert list_strategies(context) == ()
        with pytest.raises(NotFound):
            find_strategy(context, adopted)
        with pytest.raises(NotFound):
            find_proposal(context, proposal.number)
        assert strategies_of_day(context, "riyadh", DAY).strategies == ()


def test_an_agreed_strategy_is_tried_in_its_zones_and_kept_only_after_the_trial(
    entering: Entering, adopted: int
) -> None:
    with entering("cleo", Role.CITY_MANAGER) as context:
        with pytest.raises(Conflict):
            put_on_trial(context, adopted, first=SAID.first, last=SAID.last)
        act(context, adopted, "agree_strategy")
    with entering("cleo", Role.CITY_MANAGER) as context:
        found = put_on_trial(context, adopted, first=SAID.first, last=SAID.last)
        assert found.state == "strategy_on_trial"
        assert found.trial is not None
        trial = find_trial(context, found.trial).trial
        assert set(trial.zones) == set(found.finding.zones)
        assert trial.guardrails
        with pytest.raises(Conflict, match="not over"):
            act(context, adopted, "keep_strategy", {"reason": "it works"})
        tried = evidence_so_far(context)[found.levers[0]].trials
        assert [(one.trial, one.is_over, one.effect) for one in tried] == [(found.trial, False, None)]


def test_what_came_of_a_strategy_stays_and_every_step_is_on_the_trail(entering: Entering, adopted: int) -> None:
    with entering("cleo", Role.CITY_MANAGER) as context:
        dropped = act(context, adopted, "drop_strategy", {"reason": "the rain is over"})
        assert (dropped.state, dropped.outcome) == ("strategy_dropped", "the rain is over")
    with entering("cleo", Role.CITY_MANAGER) as context:
        told = context.session.scalars(select(AuditEntry.action).where(AuditEntry.subject.contains(str(adopted))))
        assert {"strategy_proposed", "strategy_moved"} <= set(told)


def test_evidence_counts_a_miss_once_and_says_none_where_there_is_none(city: Workspace, proposal: Proposal) -> None:
    with open_context(city.root) as context:
        other, _ = ask(context, ask_about(context, "riyadh", DAY, replications=3))
    run_proposal(city.root, other.number, user=None)
    with open_context(city.root) as context:
        found = evidence_so_far(context)

    levers = {Lever(one["lever"]) for one in proposal.options if one["lever"] != "nothing"}
    assert all([one.misses for one in found[lever].rehearsals] == [1] for lever in levers)
    assert found[Lever.MERCHANT_PACING].is_none


@pytest.fixture
def browser(city: Workspace) -> TestClient:
    with open_context(city.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client = TestClient(create_app(city), base_url="http://localhost", follow_redirects=True)
    client.get(f"/sign-in/{token}")
    return client


@pytest.mark.parametrize("lang", ["en", "ar", "zh-Hans", "zh-Hant", "pt-BR"])
def test_the_pages_are_there_in_every_language(
    browser: TestClient, adopted: int, proposal: Proposal, lang: str
) -> None:
    browser.get(f"/preferences?lang={lang}")
    for address in (
        "/strategies",
        "/strategies?state=strategy_closed",
        "/strategies/levers",
        "/strategies/new",
        f"/strategies/new?city=riyadh&day={DAY}",
        f"/strategies/proposals/{proposal.number}",
        f"/strategies/{adopted}",
    ):
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.text[-2000:])
        assert "{" not in answer.text.split("<main", 1)[1].split("</main", 1)[0].replace("{%", "")


def test_the_register_leaves_as_a_file_and_over_http(browser: TestClient, adopted: int, proposal: Proposal) -> None:
    text = browser.get("/strategies.csv").text
    assert text.splitlines()[0].startswith("case,city,day")
    listed = browser.get("/api/strategies", params={"city": "riyadh"}).json()["strategies"]
    assert adopted in [one["case"] for one in listed]
    assert browser.get(f"/api/strategies/{adopted}").json()["state"] == "strategy_proposed"
    assert browser.get(f"/api/strategies/proposals/{proposal.number}").json()["state"] == "done"
    assert len(browser.get("/api/strategies/levers").json()["levers"]) == len(Lever)


def test_a_form_that_lacks_its_team_says_so_and_keeps_what_was_typed(browser: TestClient, proposal: Proposal) -> None:
    option = an_option(proposal)
    said = {"option": option, "said_owner": "zoe", "said_first": "2026-03-03", "said_last": "2026-03-30"}
    answer = browser.post(f"/strategies/proposals/{proposal.number}", data=said)

    assert answer.status_code == 400
    assert 'value="zoe"' in answer.text


def test_the_log_of_runs_lies_in_the_workspace(city: Workspace) -> None:
    from tiffin.capabilities.balance.service.strategies.background import LOG, log_of  # noqa: PLC0415

    with open_context(city.root) as context:
        assert log_of(context) == Path(city.state) / "logs" / LOG
