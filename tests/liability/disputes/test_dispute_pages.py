"""Parties settle by their own pages, people decide by theirs, and each sees what it costs whom before it is said."""

import json
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.liability.appeals.conftest import Entering, Posting
from tests.liability.disputes.test_disputes import CUSTOMER, MERCHANT, STRANGER, TERMS

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.dispute_amounts import minor_said, plainly
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import disputes
from tiffin.capabilities.liability.service.verdicts import latest
from tiffin.cli.entry import main
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Party as Own
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import LOCALES, RIDER_LOCALES, direction, language_tag
from tiffin.runtime.workspace import Workspace

Opening = Callable[..., TestClient]


@pytest.fixture
def verdict(posted: Posting) -> Verdict:
    """The customer gets sixty riyals, of which the merchant pays fifty."""
    return posted(recovery_minor={Party.MERCHANT: 5000}, compensation_minor=6000)


@pytest.fixture
def opened(entering: Entering, verdict: Verdict) -> int:
    with entering("shop", party=MERCHANT) as context:
        return disputes.open_dispute(context, verdict.verdict_id, "The bag was sealed.").case_id


@pytest.fixture
def browser(workspace: Workspace) -> Iterator[Opening]:
    """Sign somebody in: a party, or somebody who works here by his name."""
    app = create_app(workspace)
    with TestClient(app):

        def entered(who: Own | str, locale: str = "en") -> TestClient:
            with open_context(workspace.root) as context:
                name = who if isinstance(who, str) else access.add_party(context, who, locale=locale).name
                link = access.make_sign_in_link(context, name)
            client = TestClient(app, follow_redirects=False)
            client.get(f"/sign-in/{link}")
            client.cookies.set("tiffin_locale", locale)
            return client

        yield entered


def version_of(workspace: Workspace, case_id: int) -> str:
    with open_context(workspace.root) as context:
        return str(disputes.show_dispute(context, case_id).version)


def told(client: TestClient, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, (path, found.status_code, found.text[-800:])
    return unescape(found.text)


def test_a_dispute_is_opened_from_a_decision_and_settled_by_the_parties(
    browser: Opening, verdict: Verdict, workspace: Workspace
) -> None:
    shop, customer = browser(MERCHANT), browser(CUSTOMER)
    decision = f"/me/decisions/{verdict.verdict_id}"
    assert "Open a dispute" in told(shop, decision)

    refused = shop.post("/me/disputes", data={"verdict": verdict.verdict_id, "text": " "})
    assert refused.status_code == 400
    began = shop.post("/me/disputes", data={"verdict": verdict.verdict_id, "text": "The bag was sealed."})
    assert began.status_code == 303
    path = began.headers["location"].partition("?")[0]
    assert path in told(shop, decision)
    assert path in told(customer, "/me")

    amounts = {"said_customer_gets_minor": "40.01", "said_merchant_pays_minor": "30,01", "said_text": "Fair?"}
    sent = shop.post(path, data={"action": "propose", "version": "1", **amounts})
    assert sent.status_code == 303, unescape(sent.text)[-600:]
    shown = told(customer, path)
    assert "40.01" in shown
    assert "Fair?" in shown
    assert 'value="accept"' in shown
    assert 'value="accept"' not in told(shop, path)
    assert customer.post(path, data={"action": "accept", "version": "1"}).status_code == 409
    assert customer.post(path, data={"action": "accept", "version": "2"}).status_code == 303
    assert "Settled" in told(shop, path)
    with open_context(workspace.root) as context:
        now = latest(context, verdict.incident.key)
    assert now is not None
    assert (now.compensation_minor, dict(now.recovery_minor)) == (4001, {Party.MERCHANT: 3001})


def test_what_is_typed_stays_where_it_is_refused_and_an_even_split_proposes_nothing(
    browser: Opening, opened: int, workspace: Workspace
) -> None:
    shop, path = browser(MERCHANT), f"/me/disputes/{opened}"
    form = {"action": "propose", "version": version_of(workspace, opened), "said_text": "Half of it."}

    refused = shop.post(path, data={**form, "said_customer_gets_minor": "1.234,5"})
    assert refused.status_code == 400
    assert "Half of it." in refused.text
    assert "1.234,5" in refused.text
    too_much = shop.post(path, data={**form, "said_customer_gets_minor": "99"})
    assert "SAR" in unescape(too_much.text)
    assert "cannot get back" in unescape(too_much.text)
    empty = shop.post(path, data={**form, "action": "ask_person", "said_text": ""})
    assert empty.status_code == 400

    split = shop.post(path, data={**form, "action": "split", "said_customer_gets_minor": "10.01"})
    assert split.status_code == 200
    assert 'value="5.01"' in split.text
    with open_context(workspace.root) as context:
        assert disputes.show_dispute(context, opened).offer is None


@pytest.mark.parametrize("locale", RIDER_LOCALES)
def test_the_page_of_a_party_is_in_its_language_and_names_nobody(
    browser: Opening, entering: Entering, opened: int, locale: str
) -> None:
    with entering("shop", party=MERCHANT) as context:
        disputes.act(context, opened, "propose", TERMS)
    text = told(browser(CUSTOMER, locale), f"/me/disputes/{opened}")

    assert f'<html lang="{language_tag(locale)}" dir="{direction(locale)}"' in text
    assert "<script" not in text
    assert not any(name in text for name in ("shop-3", "rider-7", "c-9"))
    if locale != "en":
        assert not [word for word in ("What was said", "The customer gets", "Send", "Split evenly") if word in text]


def test_nobody_else_reads_or_acts(browser: Opening, opened: int) -> None:
    stranger = browser(STRANGER)
    assert stranger.get(f"/me/disputes/{opened}").status_code == 404
    assert stranger.post(f"/me/disputes/{opened}", data={"action": "drop", "version": "1"}).status_code == 404
    assert browser(CUSTOMER).get(f"/liability/disputes/{opened}").status_code == 403


@pytest.mark.usefixtures("reviewers")
@pytest.mark.parametrize("locale", LOCALES)
def test_a_person_sees_what_a_decision_costs_and_decides_it(
    browser: Opening, entering: Entering, opened: int, workspace: Workspace, locale: str
) -> None:
    with entering("customer", party=CUSTOMER) as context:
        disputes.act(context, opened, "ask_person", {"text": "We do not agree."})
    rita, path = browser("rita", locale), f"/liability/disputes/{opened}"
    assert f'href="{path}"' in told(rita, "/liability/disputes")
    assert "The bag was sealed." in told(rita, path)

    for action, said in (("take", {}), ("note", {"said_text": "Asked the shop."})):
        done = rita.post(path, data={"action": action, "version": version_of(workspace, opened), **said})
        assert done.status_code == 303
    version = version_of(workspace, opened)
    amounts = {"said_customer_gets_minor": "30", "said_merchant_pays_minor": "12.50", "said_rider_pays_minor": "0.00"}
    seen = rita.post(path, data={"action": "preview", "version": version, **amounts})
    assert seen.status_code == 200
    assert seen.text.count("<strong><bdi>") == 4
    assert version_of(workspace, opened) == version
    assert rita.post(path, data={"action": "decide_dispute", "version": version, **amounts}).status_code == 400
    decide = {"action": "decide_dispute", "version": version, **amounts, "said_reason": "The seal was whole."}
    assert rita.post(path, data=decide).status_code == 303
    assert rita.post(path, data=decide).status_code == 409
    assert "The seal was whole." in told(rita, path)
    assert f'href="{path}"' in told(rita, "/liability/disputes?show=closed")
    party = told(browser(MERCHANT), f"/me/disputes/{opened}")
    assert "The seal was whole." in party
    assert "Asked the shop." not in party
    assert "rita" not in party


def test_support_acts_for_a_party_and_does_not_decide(browser: Opening, opened: int, workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        access.add_account(context, "sami")
        access.grant(context, "sami", Role.SUPPORT, countries=["*"], terms=access.Terms("tests"))
    sami, path = browser("sami"), f"/liability/disputes/{opened}"

    said = {"action": "say", "version": version_of(workspace, opened), "said_party": "customer", "said_text": "Cold."}
    assert sami.post(path, data=said).status_code == 303
    assert "Cold." in told(sami, path)
    assert 'value="decide_dispute"' not in told(sami, path)
    decide = {"action": "decide_dispute", "version": version_of(workspace, opened), "said_reason": "Mine."}
    assert sami.post(path, data=decide).status_code == 403


@pytest.mark.usefixtures("reviewers")
def test_who_had_a_part_sees_the_dispute_and_decides_nothing(
    browser: Opening, entering: Entering, posted: Posting
) -> None:
    verdict = posted(decider="rita", recovery_minor={Party.MERCHANT: 5000})
    with entering("shop", party=MERCHANT) as context:
        case_id = disputes.open_dispute(context, verdict.verdict_id, "No.").case_id
        disputes.act(context, case_id, "ask_person", {"text": "We do not agree."})
    shown = told(browser("rita"), f"/liability/disputes/{case_id}")

    assert "You had a part in what was decided" in shown
    assert 'value="decide_dispute"' not in shown


def test_the_commands_tell_what_the_pages_tell(
    opened: int, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        assert main(["liability", "disputes", *arguments, "--workspace", str(workspace.root)]) == 0
        return capsys.readouterr().out

    assert [one["case_id"] for one in json.loads(run("list", "--json"))["disputes"]] == [opened]
    assert json.loads(run("show", str(opened), "--json"))["dispute"]["thread"][0]["text"] == "The bag was sealed."
    assert "riyadh" in run("list")
    assert json.loads(run("list", "--closed", "--json")) == {"disputes": []}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "SAR", 1250),
        ("12,5", "BRL", 1250),
        ("\N{ARABIC-INDIC DIGIT ONE}2\N{ARABIC DECIMAL SEPARATOR}5", "SAR", 1250),
        ("1.250", "KWD", 1250),
        (" ", "SAR", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, currency: str, minor: int) -> None:
    assert minor_said(text, currency) == minor


@pytest.mark.parametrize("text", ["1.250", "1,250.00", "-1", "12.5.0", "abc", "1e3", ".5", "²", "9" * 14, "NaN"])
def test_what_may_be_read_as_two_amounts_or_none_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match=r"12\.50"):
        minor_said(text, "SAR")


@given(st.integers(0, 10**9), st.sampled_from(["SAR", "KWD", "BRL"]))
def test_an_amount_comes_back_as_it_was_written(minor: int, currency: str) -> None:
    assert minor_said(plainly(minor, currency), currency) == minor
