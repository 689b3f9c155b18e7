"""The pages and the API of access, through the console itself."""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.access.service.wording import ACTIONS
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.settings import settings
from tiffin.runtime.workspace import Workspace
from tiffin.web.edge import SESSION_COOKIE

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tiffin"
Acting = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def visitor(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(create_app(workspace), follow_redirects=False) as client:
        yield client


@pytest.fixture
def link(acting: Acting) -> str:
    with acting(now=None) as context:
        return service.make_sign_in_link(context, context.actor.name)


@pytest.fixture
def owner(visitor: TestClient, link: str) -> TestClient:
    visitor.get(f"/sign-in/{link}")
    return visitor


def test_a_link_opens_the_console_and_works_once(visitor: TestClient, link: str) -> None:
    followed = visitor.get(f"/sign-in/{link}")
    visitor.cookies.clear()
    again = visitor.get(f"/sign-in/{link}")

    assert (followed.status_code, followed.headers["location"]) == (303, "/")
    assert again.status_code == 401
    assert "used already" in again.text
    assert SESSION_COOKIE not in again.cookies


def test_name_and_password_lead_to_the_page_that_was_asked_for(visitor: TestClient, nora: str) -> None:
    form = {"name": nora, "password": "correct horse battery", "next": "/metrics?q=orders"}

    signed = visitor.post("/sign-in", data=form)

    assert (signed.status_code, signed.headers["location"]) == (303, "/metrics?q=orders")
    assert visitor.get("/api/access/me").json()["name"] == nora


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: TestClient, nora: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"name": nora, "password": "correct horse battery"}
    plain = visitor.post("/sign-in", data=form).headers["set-cookie"].lower()
    monkeypatch.setenv("TIFFIN_PUBLIC_URL", "https://tiffin.example")
    settings.cache_clear()
    secure = visitor.post("/sign-in", data=form).headers["set-cookie"].lower()
    settings.cache_clear()

    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    assert "secure" in secure


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_never_leads_to_another_site(visitor: TestClient, nora: str, target: str) -> None:
    form = {"name": nora, "password": "correct horse battery", "next": target}

    assert visitor.post("/sign-in", data=form).headers["location"] == "/"


def test_a_wrong_password_shows_the_form_again_and_says_why(visitor: TestClient, nora: str) -> None:
    refused = visitor.post("/sign-in", data={"name": nora, "password": "wrong"}, headers={"accept-language": "ar"})

    assert refused.status_code == 401
    assert "الاسم أو كلمة المرور غير صحيحة" in refused.text
    assert 'value="nora"' in refused.text
    assert "wrong" not in refused.text


def test_a_form_of_another_site_is_refused(visitor: TestClient, nora: str) -> None:
    form = {"name": nora, "password": "correct horse battery"}

    sent = visitor.post("/sign-in", data=form, headers={"sec-fetch-site": "cross-site"})

    assert sent.status_code == 403


def test_signing_out_closes_the_console(owner: TestClient) -> None:
    cookie = owner.cookies[SESSION_COOKIE]

    left = owner.post("/sign-out")
    owner.cookies.set(SESSION_COOKIE, cookie)

    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert owner.get("/api/access/me").status_code == 401


@pytest.mark.usefixtures("nora")
def test_administrators_see_accounts_and_audit_trail(owner: TestClient) -> None:
    accounts, trail = owner.get("/access/accounts"), owner.get("/access/audit", params={"actor": "root-of-nothing"})

    assert accounts.status_code == trail.status_code == 200
    assert "nora" in accounts.text
    assert "analyst" in accounts.text
    assert "Nothing of this kind happened" in trail.text
    assert "role granted" in owner.get("/access/audit").text
    names = [account["name"] for account in owner.get("/api/access/accounts").json()["accounts"]]
    assert "nora" in names
    actions = [entry["action"] for entry in owner.get("/api/access/audit").json()["entries"]]
    assert "audit_trail_read" in actions


def test_the_audit_trail_is_shown_page_by_page(
    owner: TestClient, acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "PAGE_SIZE", 2)
    with acting() as context:
        for name in ("oldest-of-three", "middle-of-three", "newest-of-three"):
            service.add_account(context, name)

    first = owner.get("/access/audit", params={"action": "account_added"})
    oldest = first.text.rsplit("before=", 1)[1].split('"')[0].split("&")[0]
    second = owner.get("/access/audit", params={"action": "account_added", "before": oldest})

    assert "newest-of-three" in first.text
    assert "oldest-of-three" not in first.text
    assert "oldest-of-three" in second.text


def test_who_is_no_administrator_sees_neither(visitor: TestClient, nora: str) -> None:
    visitor.post("/sign-in", data={"name": nora, "password": "correct horse battery"})

    for path in ("/access/accounts", "/access/audit", "/api/access/accounts", "/api/access/audit"):
        assert visitor.get(path).status_code == 403


def test_every_state_of_accounts_and_entries_has_words(owner: TestClient, acting: Acting, nora: str) -> None:
    with acting() as context:
        service.add_account(context, "omar")
        service.disable_account(context, "omar")
        service.grant(context, nora, Role.CITY_MANAGER, cities=["*"], terms=service.Terms("tests"))
        service.revoke(context, service.find_account(context, nora).grants[0].grant_id)

    shown = owner.get("/access/accounts", headers={"accept-language": "pt-BR"}).text

    for word in ("desativada", "revogada", "gerente de cidade", "proprietário", "em todo lugar"):
        assert word in shown


def test_the_audit_trail_is_told_in_the_readers_language(owner: TestClient) -> None:
    owner.cookies.set("tiffin_locale", "pt_BR")

    trail = owner.get("/access/audit")
    narrowed = owner.get("/access/audit?action=signed_in")

    assert "link de entrada criado" in trail.text
    assert '<option value="signed_in">entrou</option>' in trail.text
    assert '<option value="signed_in" selected>entrou</option>' in narrowed.text
    assert "<bdi>link de entrada criado</bdi>" not in narrowed.text


def test_everything_that_is_audited_has_words() -> None:
    audited = {
        one.value.value
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and "audit.record" in ast.unparse(call.func)
        for one in call.keywords
        if one.arg == "action" and isinstance(one.value, ast.Constant)
    }

    assert len(audited) > 30
    assert audited <= set(ACTIONS)
