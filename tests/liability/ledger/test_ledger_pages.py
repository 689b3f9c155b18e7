"""What people see of the ledger: entries of a city, statements of a party, files; and what nobody else does."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.liability.ledger.conftest import NOW, Entering

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.ledger import LineKind
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_listing import EntryFilter, count_entries, list_entries, totals
from tiffin.capabilities.liability.service.ledger_places import find_ledger_city, ledger_cities
from tiffin.cli import main as command_line
from tiffin.kernel.errors import NotFound
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

VERDICT = Callable[..., Verdict]


@pytest.fixture
def browser(workspace: Workspace) -> TestClient:
    """Open a browser in which the owner is signed in."""
    opened = TestClient(create_app(workspace.root), follow_redirects=False, raise_server_exceptions=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    opened.get(f"/sign-in/{token}")
    return opened


@pytest.fixture
def booked(entering: Entering, a_verdict: VERDICT, workspace: Workspace) -> Workspace:
    with entering() as context:
        for number in range(3):
            ledger.post_verdict(context, a_verdict(order=f"o-{number}"))
        ledger.stay(context, a_verdict(order="o-0").verdict_id, "appeal 7")
        ledger.reverse(context, a_verdict(order="o-1").verdict_id, "the road was closed")
    return workspace


@pytest.mark.usefixtures("booked")
def test_a_statement_tells_what_why_when_and_how_it_stood_after_each(entering: Entering) -> None:
    days = Days(NOW.date(), NOW.date() + timedelta(days=100))
    with entering(now=NOW + timedelta(days=91), locale="ar") as context:
        found = ledger.statement(context, Party.RIDER, "rider-7", "riyadh", days)

    assert [(one.kind, one.amount, one.running) for one in found.lines] == [
        (LineKind.POSTED, 2, 2),
        (LineKind.POSTED, 2, 4),
        (LineKind.POSTED, 2, 6),
        (LineKind.STAYED, -2, 4),
        (LineKind.REVERSED, -2, 2),
        (LineKind.EXPIRED, -2, 0),
    ]
    assert found.lines[0].reason == "تأخر المندوب 20 دقيقة."
    assert found.lines[0].expires_at == NOW + timedelta(days=90)
    assert found.balance.of("points").stayed == 2


@pytest.mark.usefixtures("booked")
def test_a_statement_begins_with_what_counted_before(entering: Entering) -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    with entering() as context:
        found = ledger.statement(context, Party.MERCHANT, "shop-3", "riyadh", Days(tomorrow, tomorrow))

    assert (found.opening, found.lines) == ((("SAR", 6000),), ())


def test_what_is_above_a_cap_is_told_and_comes_back_when_something_below_it_goes(
    entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        for number in range(4):
            ledger.post_verdict(context, a_verdict(order=f"o-{number}"))
        ledger.reverse(context, a_verdict(order="o-0").verdict_id, "closed")
        found = ledger.statement(context, Party.RIDER, "rider-7", "riyadh", Days(NOW.date(), NOW.date()))

    told = [(one.kind, one.amount, one.running) for one in found.lines]
    assert told[3:] == [
        (LineKind.POSTED, 2, 8),
        (LineKind.CAPPED, -2, 6),
        (LineKind.REVERSED, -2, 4),
        (LineKind.CAPPED, 2, 6),
    ]


@pytest.mark.usefixtures("booked")
def test_entries_of_a_city_are_chosen_and_add_up(entering: Entering) -> None:
    with entering() as context:
        city = find_ledger_city(context, "riyadh")
        mine = EntryFilter(party="rider", party_id="rider-7")
        everything = EntryFilter(party="platform")

        assert totals(context, city, mine) == {"points": 2}
        assert totals(context, city, EntryFilter(order_id="o-1")) == {"SAR": 0, "points": 0}
        assert count_entries(context, city, replace(mine, kind="posted")) == 3
        assert {one.party for one in list_entries(context, city, everything, limit=99)} == {"platform"}
        assert totals(context, city, EntryFilter(first=NOW.date() + timedelta(days=1))) == {}


@pytest.mark.usefixtures("booked")
def test_nobody_reads_a_ledger_that_no_grant_opens_and_a_party_reads_its_own(entering: Entering) -> None:
    days = Days(NOW.date(), NOW.date())
    for role, countries in ((Role.VIEWER, ("SA",)), (Role.AUDITOR, ("*",)), (Role.ADJUDICATOR, ("AE",))):
        with entering("bo", role, countries=countries) as context:
            assert ledger_cities(context) == ()
            with pytest.raises(NotFound):
                find_ledger_city(context, "riyadh")
            with pytest.raises(NotFound):
                ledger.balance(context, Party.RIDER, "rider-7", "riyadh")
    with entering("rider-account", party=OwnParty("rider", "riyadh", "rider-7")) as context:
        assert ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").counted == 2
        for party, name, city in (
            (Party.RIDER, "rider-8", "riyadh"),
            (Party.MERCHANT, "rider-7", "riyadh"),
            (Party.RIDER, "rider-7", "jeddah"),
        ):
            with pytest.raises(NotFound):
                ledger.statement(context, party, name, city, days)


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_pages_tell_the_ledger_in_english_and_arabic(browser: TestClient, lang: str) -> None:
    browser.get(f"/preferences?lang={lang}")

    pages = [
        browser.get(address)
        for address in (
            "/liability/ledger",
            "/liability/ledger/riyadh?party=rider&kind=posted",
            "/liability/ledger/riyadh?party=platform",
            "/liability/ledger/riyadh?order=nothing",
            "/liability/ledger/riyadh/rider/rider-7?first=2026-02-01&last=2026-12-31",
            "/liability/ledger/riyadh/rider/nobody",
        )
    ]

    assert [one.status_code for one in pages] == [200] * 6
    assert all(('dir="rtl"' in one.text) is (lang == "ar") for one in pages)
    assert "rider-7" in pages[1].text
    assert ("Came back" in pages[4].text or "Kept back" in pages[4].text) is (lang == "en")
    assert "empty" in pages[5].text


@pytest.mark.usefixtures("booked")
def test_what_is_not_there_is_told(browser: TestClient) -> None:
    answers = [
        browser.get(f"/liability/ledger/{rest}").status_code
        for rest in ("nowhere", "riyadh/nobody/x", "riyadh/platform/x", "riyadh?first=never")
    ]

    assert answers == [404, 400, 400, 400]


@pytest.mark.usefixtures("booked")
def test_files_hold_what_the_pages_show_and_no_formulas(
    browser: TestClient, entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        ledger.post_verdict(context, a_verdict(order="=1+1"))

    entries = browser.get("/liability/ledger/riyadh/entries.csv?party=merchant").text.splitlines()
    lines = browser.get("/liability/ledger/riyadh/rider/rider-7/statement.csv?first=2026-02-01").text.splitlines()

    assert entries[0].startswith("number,line,at,business_date,kind,party,party_id,unit,amount")
    assert len(entries) == 1 + 6
    assert "'=1+1" in entries[1]
    assert lines[0].split(",")[:6] == ["at", "local_day", "kind", "unit", "amount", "running"]


def test_commands_tell_the_same(booked: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        assert not command_line(["liability", "ledger", *words, "--workspace", str(booked.root)])
        return capsys.readouterr().out

    assert json.loads(said("check", "--json"))["check"]["faults"] == []
    assert json.loads(said("balance", "riyadh", "rider", "rider-7", "--json"))["balance"]["units"][0]["stayed"] == 2
    assert len(json.loads(said("entries", "riyadh", "--party", "rider", "--json"))["entries"]) == 5
    for words in (
        ("cities",),
        ("entries", "riyadh"),
        ("statement", "riyadh", "rider", "rider-7"),
        ("balance", "riyadh", "merchant", "shop-3"),
        ("check",),
        ("restore", "riyadh"),
    ):
        assert said(*words).strip()
