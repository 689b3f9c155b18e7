"""Quality as people and programs use it: commands and pages."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.service.incidents import keep
from tiffin.cli.entry import main
from tiffin.engines.anomalies.checks import Check, Finding
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

DAY = date(2026, 2, 10)
LATER = datetime(2026, 2, 13, 10, tzinfo=UTC)


@pytest.fixture
def late(marketplace: Any, entering: Callable, morning: Callable[..., datetime]) -> Any:
    """A settled marketplace in which three days of one country came late."""
    for number in range(4):
        day = DAY - timedelta(days=3 - number)
        for city in ("riyadh", "kuwait"):
            marketplace.orders(city, day, numbers=range(10), at=morning(day, hour=-2))
        if number:
            marketplace.orders("riyadh", day, numbers=range(10, 14), at=morning(day, hour=8))
    with entering(LATER) as context:
        service.settle(context)
    return marketplace


@pytest.fixture
def run(late: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line and give its exit code, output and errors."""

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["quality", *words, "--workspace", str(late.workspace.root)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def test_the_commands_settle_tell_look_and_compare(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("settle", "--json")
    assert code == 0
    assert set(json.loads(out)) == {"days_settled", "outcomes", "fallen", "recovered", "moved", "cases"}

    [fallen] = json.loads(run("status", "--metric", "orders", "--country", "SA", "--fallen", "--json")[1])["metrics"]
    assert (fallen["declared"], fallen["effective"]) == ("certified", "draft")
    assert "draft" in run("status", "--fallen")[1]

    assert json.loads(run("anomalies", "--day", str(DAY), "--json")[1]) == {"findings": []}
    assert run("anomalies", "--dry-run")[0] == 0

    days = ("--from", "2026-02-08", "--to", str(DAY))
    assert json.loads(run("reconcile", *days, "--json")[1]) == {"compared": []}
    assert run("reconcile", "refunds_of_orders", *days)[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("settle", "--day", "soon"), 2),
        (("reconcile", "--from", "2026-02-09", "--to", "2026-02-08"), 2),
        (("reconcile", "by_magic"), 4),
    ],
)
def test_wrong_use_is_told(
    marketplace: Any, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int
) -> None:
    assert main(["quality", *words, "--workspace", str(marketplace.workspace.root)]) == code
    assert capsys.readouterr().err


def test_what_belongs_together_is_one_case_and_every_check_has_a_headline(late: Any, entering: Callable) -> None:
    findings = [
        Finding(check, "orders", "SA", None, DAY - timedelta(days=number), 5.0, 1.0, 2.0)
        for check in Check
        for number in range(3)
    ]
    with entering(LATER, locale="ar") as context:
        before = cases.count_cases(context)
        opened = keep(context, findings)
        keep(context, findings)

        told = {case.case_id: case.headline for case in cases.list_cases(context)}
        assert len(set(opened)) == len(Check)
        assert cases.count_cases(context) <= before + len(Check)
        assert all("السعودية" in told[case_id] for case_id in opened if case_id in told)
    assert late.workspace.root.is_dir()


def test_the_pages_show_the_board_the_days_and_the_panel(late: Any) -> None:
    with open_context(late.workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(late.workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        browser.cookies.set("tiffin_locale", "ar")
        assert browser.get("/quality").status_code == 200
        browser.cookies.set("tiffin_locale", "en")
        board = browser.get("/quality").text
        assert 'href="/quality/orders/SA"' in board
        assert 'class="badge bad"' in board
        assert 'href="/quality/orders/SA"' in browser.get("/quality?show=fallen").text
        assert 'href="/quality/orders/KW"' in browser.get("/quality?country=KW").text
        assert "/quality/orders/SA" not in browser.get("/quality?show=spending&country=KW").text
        days = browser.get("/quality/orders/SA")
        assert days.status_code == 200
        assert "<code" in days.text
        assert "/quality/orders/SA" in browser.get("/quality/of/orders").text
        assert browser.get("/quality/orders/XX").status_code == 404


def test_a_fresh_workspace_says_how_to_begin(marketplace: Any) -> None:
    with open_context(marketplace.workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(marketplace.workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        assert 'id="settle">tiffin quality settle</code>' in browser.get("/quality").text
        assert "Nothing is settled yet" in browser.get("/quality/of/orders").text
        assert browser.get("/quality/orders/SA").status_code == 200
        assert browser.get("/quality/of/orders").status_code == 200


def test_whoever_sees_no_whole_country_is_told_why_nothing_is_there(late: Any) -> None:
    with open_context(late.workspace.root) as context:
        access.add_account(context, "nora", password="a long password")  # noqa: S106 - of a test
        access.grant(context, "nora", Role.VIEWER, cities=["riyadh"], terms=access.Terms("tests"))
        link = access.make_sign_in_link(context, "nora")
    with TestClient(create_app(late.workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        board, panel = browser.get("/quality").text, browser.get("/quality/of/orders").text

    for said in (board, panel):
        assert "Told for whole countries only" in said
        assert "Nothing is settled yet" not in said


def test_whoever_may_not_settle_is_told_whom_to_ask(marketplace: Any) -> None:
    with open_context(marketplace.workspace.root) as context:
        access.add_account(context, "nora", password="a long password")  # noqa: S106 - of a test
        access.grant(context, "nora", Role.VIEWER, countries=["SA"], terms=access.Terms("tests"))
        link = access.make_sign_in_link(context, "nora")
    with TestClient(create_app(marketplace.workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        board = browser.get("/quality").text

    assert "Nothing is settled yet" in board
    assert "ask yours" in board
    assert 'id="settle"' not in board


def test_metrics_that_nothing_measures_stand_apart_and_are_explained(marketplace: Any, entering: Callable) -> None:
    marketplace.orders("riyadh", DAY, numbers=range(10), at=LATER - timedelta(hours=1))
    with entering(LATER) as context:
        service.settle(context)
    with open_context(marketplace.workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(marketplace.workspace)) as browser:
        browser.get(f"/sign-in/{link}")
        board = browser.get("/quality").text

    folded = board.index('<details class="more"')
    assert "not measured" not in board[:folded]
    assert "nobody can tell whether they came in time" in board[folded:]
    assert 'href="/quality/orders/SA"' in board[folded:]
