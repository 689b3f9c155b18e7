"""A party's own pages: what concerns him and nobody else, in his language, and what he can do about it."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from tests.liability.notices.conftest import a_verdict
from tests.web.conftest import CITIES, write

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger, notices
from tiffin.capabilities.liability.service.incidents_keeping import keep_incidents
from tiffin.capabilities.liability.service.verdicts import add_verdicts
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES, direction, language_tag
from tiffin.runtime.workspace import Workspace

ONE = PartyAccount("rider", "riyadh", "rider-one")
TWO = PartyAccount("rider", "riyadh", "rider-two")
SHOP = PartyAccount("merchant", "riyadh", "shop-one")


@dataclass
class Shop:
    """A workspace with a verdict on each of two riders, and browsers of whom they concern."""

    workspace: Workspace
    verdicts: dict[str, Verdict]

    def browser(self, party: PartyAccount, locale: str = "en") -> TestClient:
        with open_context(self.workspace.root) as context:
            made = access.add_party(context, party, locale=locale)
            link = access.make_sign_in_link(context, made.name)
        client = TestClient(create_app(self.workspace.root), follow_redirects=False, raise_server_exceptions=False)
        client.get(f"/sign-in/{link}")
        return client


@pytest.fixture
def judged(shop: Workspace) -> Shop:
    now = datetime.now(UTC)
    made = {}
    with open_context(shop.root) as context:
        rules = {"cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "timezone_known": True}
        write(context, "cities", [city | rules for city in CITIES])
        access.add_account(context, "rita")
        access.grant(context, "rita", Role.REVIEWER, countries=["*"], terms=access.Terms("tests"))
        for rider in (ONE, TWO):
            plain = a_verdict(order_id=f"order-of-{rider.party_id}", rider_id=rider.party_id, decided_at=now)
            incident = replace(plain.incident, happened_at=now - timedelta(hours=2), reported_at=now)
            case_id = keep_incidents(context, [incident])[incident.key]
            verdict = replace(plain, incident=incident, case_id=case_id)
            add_verdicts(context, [verdict])
            ledger.post_verdict(context, verdict)
            notices.send(context, "verdict", verdict, Party.RIDER)
            made[rider.party_id] = verdict
    return Shop(shop, made)


def told(client: TestClient, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, (path, found.status_code, found.text[-800:])
    return unescape(found.text)


def address(verdict: Verdict) -> str:
    return f"/me/decisions/{verdict.verdict_id}"


def test_a_rider_sees_what_concerns_him_and_nothing_of_another(judged: Shop) -> None:
    mine, other = judged.verdicts["rider-one"], judged.verdicts["rider-two"]
    client = judged.browser(ONE)

    pages = {path: told(client, path) for path in ("/me", address(mine), "/me/points", "/me/notices", "/me/notices/1")}

    assert all("order-of-rider-one" in text for text in pages.values())
    for text in pages.values():
        assert not re.search("rider-two|rider-one(?<!order-of-rider-one)|customer-one|shop-one", text)
    assert client.get(address(other)).status_code == 404
    assert client.get("/me/notices/2").status_code == 404
    assert client.post("/me/appeals", data={"verdict": other.verdict_id, "text": "No."}).status_code == 404
    assert "2" in pages["/me"]


@pytest.mark.parametrize("locale", RIDER_LOCALES)
def test_every_page_is_in_the_language_and_direction_of_its_reader(judged: Shop, locale: str) -> None:
    client = judged.browser(ONE, locale)
    english = {"My page", "What happened", "Why", "What I can show", "What happens next", "My notices", "Sign out"}

    for path in ("/me", address(judged.verdicts["rider-one"]), "/me/points", "/me/notices"):
        text = told(client, path)
        assert f'<html lang="{language_tag(locale)}" dir="{direction(locale)}"' in text
        assert "<script" not in text
        if locale != "en":
            assert not [word for word in english if f">{word}<" in text]


def test_an_appeal_is_lodged_shown_and_taken_back(judged: Shop) -> None:
    verdict = judged.verdicts["rider-one"]
    client = judged.browser(ONE)

    sent = client.post("/me/appeals", data={"verdict": verdict.verdict_id, "text": "The kitchen was late."})

    assert sent.status_code == 303
    shown = told(client, sent.headers["location"])
    assert "The kitchen was late." in shown
    assert "What you wrote was sent." in shown
    assert "A person who had no part in this decision looks at your appeal." in shown
    assert "Kept back while an appeal is open" in told(client, "/me/points")
    more = {"verdict": verdict.verdict_id, "action": "add_evidence", "text": "I have a photo of the queue."}
    assert client.post("/me/appeals/more", data=more).status_code == 303
    assert "I have a photo of the queue." in told(client, address(verdict))
    back = {"verdict": verdict.verdict_id, "action": "withdraw_appeal", "text": "-"}
    assert client.post("/me/appeals/more", data=back).status_code == 303
    assert "You took it back, so the decision holds." in told(client, address(verdict))


def test_what_was_written_is_kept_where_it_cannot_be_taken(judged: Shop) -> None:
    verdict = judged.verdicts["rider-one"]
    client = judged.browser(ONE)

    refused = client.post("/me/appeals", data={"verdict": verdict.verdict_id, "text": "x" * 4001})

    assert refused.status_code == 400
    assert "x" * 4001 in refused.text
    assert 'role="alert"' in refused.text
    late = {"verdict": verdict.verdict_id, "action": "lodge_second", "text": "Again."}
    assert client.post("/me/appeals/more", data=late).status_code == 404


def test_a_party_is_asked_and_answers(judged: Shop) -> None:
    plain = a_verdict(order_id="order-asked", rider_id="rider-one")
    with open_context(judged.workspace.root) as context:
        case_id = keep_incidents(context, [plain.incident])[plain.incident.key]
        cases.act_for_platform(context, case_id, "ask", {})
        asked = {"party": "rider", "text": "Where did you leave it?"}
        cases.act_as(context, case_id, "ask_for_evidence", asked, role="support")
    mine, other = judged.browser(ONE), judged.browser(TWO)

    assert "Where did you leave it?" in told(mine, "/me")
    assert "Where did you leave it?" not in told(other, "/me")
    assert other.post("/me/questions", data={"case": case_id, "text": "I know."}).status_code == 404
    assert mine.post("/me/questions", data={"case": case_id, "text": "At the gate."}).status_code == 303
    assert "Where did you leave it?" not in told(mine, "/me")
    assert mine.post("/me/questions", data={"case": case_id, "text": "Again."}).status_code == 404


def test_another_language_holds_for_pages_and_for_notices_from_then_on(judged: Shop) -> None:
    client = judged.browser(ONE, "en")

    chosen = client.post("/me/language", data={"locale": "bn"}, headers={"referer": "http://testserver/me/points"})

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/me/points")
    assert '<html lang="bn"' in told(client, "/me")
    with open_context(judged.workspace.root) as context:
        number = notices.send(context, "no_blame", judged.verdicts["rider-one"], Party.RIDER)
    assert 'lang="bn"' in told(client, f"/me/notices/{number}")
    assert client.post("/me/language", data={"locale": "fr"}).status_code == 422


def test_a_notice_is_new_until_it_is_opened(judged: Shop) -> None:
    client = judged.browser(ONE)

    before = told(client, "/me")
    told(client, "/me/notices/1")

    assert "1 new" in before
    assert "1 new" not in told(client, "/me")


def test_a_merchant_sees_the_orders_of_his_shop_and_no_rider(judged: Shop) -> None:
    client = judged.browser(SHOP)

    text = told(client, "/me")

    assert "order-of-rider-one" in text
    assert "order-of-rider-two" in text
    page = told(client, address(judged.verdicts["rider-one"]))
    assert "30%" in page
    assert not re.search(r"customer-one|\brider-(one|two)(?<!of-rider-one)(?<!of-rider-two)", page)


def test_whoever_works_here_has_no_page_of_his_own(judged: Shop) -> None:
    with open_context(judged.workspace.root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    client = TestClient(create_app(judged.workspace.root), follow_redirects=False, raise_server_exceptions=False)
    client.get(f"/sign-in/{link}")

    assert client.get("/me", headers={"Accept": "text/html"}).status_code == 403


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def test_a_photo_goes_with_an_appeal_and_one_that_is_none_stops_nothing_half_done(judged: Shop) -> None:
    verdict = judged.verdicts["rider-one"]
    client = judged.browser(ONE)
    form = {"verdict": verdict.verdict_id, "text": "The lift was broken."}

    refused = client.post("/me/appeals", data=form, files={"photo": ("x.exe", b"MZ\x00\x01", "image/png")})
    assert refused.status_code == 400
    assert "The lift was broken." in refused.text
    assert "Send the appeal" in told(client, address(verdict))

    sent = client.post("/me/appeals", data=form, files={"photo": ("lift.png", PNG, "image/png")})
    assert sent.status_code == 303
    assert "You added 1 file." in told(client, address(verdict))
