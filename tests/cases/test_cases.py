"""Cases: opened once, seen by those whose they are, moved by one person at a time."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import CaseFilter, NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.models import CaseEvent
from tiffin.cli.entry import main
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace

REPAIRED = {"cause": "late_feed", "done": "loaded again"}


@pytest.fixture
def opened(entering: Callable, an_incident: Callable[..., NewCase]) -> int:
    with entering() as context:
        return service.open_case(context, an_incident()).case_id


def test_an_opening_under_the_same_key_adds_nothing(entering: Callable, an_incident: Callable, opened: int) -> None:
    with entering() as context:
        assert service.open_case(context, an_incident()).case_id == opened
        assert service.count_cases(context) == 1
        assert [event.action for event in service.show_case(context, opened).trail] == ["opened"]


def test_an_opening_that_says_something_new_is_seen_in_the_trail(
    entering: Callable, an_incident: Callable, opened: int
) -> None:
    more = an_incident(values=an_incident().values | {"what": "orders, refunds"})
    with entering() as context:
        service.open_case(context, more)
        service.open_case(context, more)
        assert [event.action for event in service.show_case(context, opened).trail] == ["opened", "seen_again"]


def test_of_several_openings_at_once_one_makes_the_case(entering: Callable, an_incident: Callable) -> None:
    with entering():
        pass  # the schema is there

    def open_one(_: int) -> int:
        with entering() as context:
            return service.open_case(context, an_incident()).case_id

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(open_one, range(6)))

    assert len(found) == 1


def test_a_case_goes_from_open_to_resolved_by_two_people(entering: Callable, opened: int) -> None:
    with entering("ana") as context:
        service.act(context, opened, "take")
        service.act(context, opened, "repair", REPAIRED)
        with pytest.raises(Forbidden, match="second person"):
            service.act(context, opened, "confirm")
    with entering("ben") as context:
        found = service.act(context, opened, "confirm")
    with entering("ben") as context:
        audited = [entry.action for entry in context.session.scalars(select(AuditEntry))]

    assert found.summary.state == "resolved"
    assert found.summary.assignee == "ana"
    assert found.summary.due_at is None
    assert found.clocks == {}
    assert audited.count("case_acted") == 3


def test_whoever_decides_on_an_older_state_of_a_case_is_told(entering: Callable, opened: int) -> None:
    with entering("ana") as context:
        seen = service.show_case(context, opened).summary.version
    with entering("ben") as context:
        service.act(context, opened, "take", version=seen)
    with entering("ana") as context, pytest.raises(Conflict, match="Somebody else"):
        service.act(context, opened, "dismiss", {"reason": "noise"}, version=seen)


def test_of_two_people_who_act_at_once_one_does(entering: Callable, opened: int) -> None:
    def take(name: str) -> str:
        try:
            with entering(name) as context:
                service.act(context, opened, "take", version=1)
        except Conflict:
            return "told"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(pool.map(take, ("ana", "ben", "cai", "dua")))

    assert ends == ["done", "told", "told", "told"]
    with entering() as context:
        assert len(service.show_case(context, opened).trail) == 2


def test_a_case_is_seen_by_those_whose_country_or_city_it_is(entering: Callable, an_incident: Callable) -> None:
    with entering() as context:
        country = service.open_case(context, an_incident(key="a")).case_id
        city = service.open_case(context, an_incident(key="b", country=None, city_id="riyadh")).case_id
        everywhere = service.open_case(context, an_incident(key="c", country=None)).case_id

    def seen(**scope: tuple[str, ...]) -> set[int]:
        with entering("eve", Role.CITY_MANAGER, **({"countries": (), "cities": ()} | scope)) as context:
            return {one.case_id for one in service.list_cases(context)}

    assert seen(countries=("SA",)) == {country}
    assert seen(cities=("riyadh",)) == {city}
    assert seen(countries=("*",)) == {country, city, everywhere}
    assert seen(countries=("KW",)) == set()
    with entering("eve", Role.CITY_MANAGER, countries=("KW",)) as context, pytest.raises(NotFound):
        service.show_case(context, country)
    with entering("eve", countries=()) as context, pytest.raises(Forbidden):
        service.list_cases(context)


def test_a_role_counts_only_where_it_is_granted(entering: Callable, opened: int) -> None:
    with entering("eve", Role.VIEWER, countries=("SA",)) as context:
        assert service.show_case(context, opened).actions == ()
        with pytest.raises(Forbidden):
            service.act(context, opened, "take")
    with entering("max", Role.ADMIN, countries=("SA",)) as context:
        assert "dismiss" in {one.action for one in service.show_case(context, opened).actions}


def test_the_queue_shows_the_worst_and_most_urgent_first_and_filters(entering: Callable, an_incident: Callable) -> None:
    with entering() as context:
        minor = service.open_case(context, an_incident(key="a", severity=Severity.MINOR)).case_id
        critical = service.open_case(context, an_incident(key="b", severity=Severity.CRITICAL, country="KW")).case_id
        major = service.open_case(context, an_incident(key="c")).case_id
        assert [one.case_id for one in service.list_cases(context)] == [critical, major, minor]
        service.act(context, major, "dismiss", {"reason": "noise"})

        def found(**wanted: object) -> list[int]:
            return [one.case_id for one in service.list_cases(context, CaseFilter(**wanted))]  # type: ignore[arg-type]

        assert found() == [critical, minor]
        assert found(is_closed=True) == [major]
        assert found(country="KW") == [critical]
        assert found(state="open", case_type="data_incident", subject="orders", is_closed=None) == [critical, minor]
        assert found(is_overdue=True) == []
    with entering(now=context.now + timedelta(days=30)) as later:
        assert all(one.is_overdue for one in service.list_cases(later))


def test_clocks_run_in_the_office_hours_of_the_country(entering: Callable, opened: int) -> None:
    with entering() as context:
        clocks = service.show_case(context, opened).clocks

    assert clocks["answer"] == context.now + timedelta(hours=4)  # Monday 11:00 to 15:00 in Riyadh
    assert clocks["repair"] > clocks["answer"] + timedelta(hours=18)


def test_a_headline_is_told_in_the_readers_language(entering: Callable, opened: int) -> None:
    with entering(locale="pt_BR") as context:
        told = service.show_case(context, opened).summary.headline

    assert "Arábia Saudita" in told
    assert "não chegaram a tempo" in told


def test_an_unknown_sort_of_case_is_refused(entering: Callable, an_incident: Callable) -> None:
    with entering() as context, pytest.raises(NotFound, match="data_incident"):
        service.open_case(context, an_incident(case_type="lost_sock"))


def test_events_are_only_ever_added_and_fold_to_what_the_queue_shows(entering: Callable, opened: int) -> None:
    with entering() as context:
        service.act(context, opened, "take")
        service.act(context, opened, "note", {"text": "looking"})
        rows = list(context.session.scalars(select(CaseEvent).order_by(CaseEvent.sequence)))
        found = service.show_case(context, opened)

    assert [row.sequence for row in rows] == [1, 2, 3]
    assert found.summary.version == 3
    assert found.summary.state == "investigating"


def test_the_commands_list_show_and_act(workspace: Workspace, opened: int, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["cases", *words, "--workspace", str(workspace.root)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    assert json.loads(run("list", "--json")[1])["cases"][0]["case_id"] == opened
    assert json.loads(run("show", str(opened), "--json")[1])["case"]["summary"]["state"] == "open"
    code, text, _ = run("act", str(opened), "note", "--say", "text=looked into it")
    assert code == 0
    assert "looked into it" in text
    assert run("list")[0] == 0
    assert run("list", "--overdue", "--json")[0] == 0
    code, _, told = run("act", str(opened), "note", "--say", "nonsense")
    assert code == 2
    assert "NAME=TEXT" in told
    assert main(["cases", "types", "--json"]) == 0
    assert "data_incident" in capsys.readouterr().out
    assert main(["cases", "types"]) == 0


@pytest.mark.parametrize("locale", ["en", "ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_the_pages_show_the_queue_and_a_case_and_take_actions(workspace: Workspace, opened: int, locale: str) -> None:
    with open_context(workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        browser.cookies.set("tiffin_locale", locale)
        assert f'href="/cases/{opened}"' in browser.get("/cases").text
        assert browser.get("/cases?show=closed").status_code == 200
        assert f'href="/cases/{opened}"' not in browser.get("/cases?sort=access_request").text
        file = browser.get("/cases.csv?sort=data_incident&country=SA")
        assert file.headers["content-type"].startswith("text/csv")
        assert f"\r\n{opened},data_incident," in file.text
        assert browser.get("/cases?show=mine&state=open&country=SA").status_code == 200
        assert 'name="said_reason"' in browser.get(f"/cases/{opened}").text

        again = {"action": "take", "version": "1"}
        assert browser.post(f"/cases/{opened}", data=again, follow_redirects=False).status_code == 303
        told = browser.post(f"/cases/{opened}", data=again)
        assert told.status_code == 409
        assert 'role="alert"' in told.text
        assert browser.post(f"/cases/{opened}", data={"action": "note", "version": "2"}).status_code == 400
        assert browser.get("/cases/999").status_code == 404
