import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from tiffin.kernel.errors import Conflict, Forbidden, Infeasible, InvalidData, NotFound, TiffinError, Unavailable
from tiffin.web.headers import CONTENT_SECURITY_POLICY
from tiffin.web.page import own_path

HTML = {"accept": "text/html"}
PAGES = ["/", "/help", "/metrics", "/data", "/data/loads", "/daybooks"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_without_signing_in(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path, headers=HTML)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_an_api_call_without_signing_in_is_a_problem_document(visitor: TestClient) -> None:
    answer = visitor.get("/api/access/me")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/static/console.js", "/nowhere"])
def test_every_answer_allows_nothing_from_another_host(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)

    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "'unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
)
def test_a_form_of_another_site_is_refused(browser: TestClient, headers: dict[str, str]) -> None:
    answer = browser.post("/sign-out", headers=headers)

    assert answer.status_code == 403
    assert browser.get("/help").status_code == 200


def test_signing_out_ends_the_session(browser: TestClient) -> None:
    answer = browser.post("/sign-out", headers={"origin": "http://testserver"})

    assert answer.headers["location"] == "/sign-in"
    assert browser.get("/help", headers=HTML).status_code == 303


def test_a_wrong_password_shows_the_form_again_and_says_why(visitor: TestClient) -> None:
    answer = visitor.post("/sign-in", data={"name": "nobody-here", "password": "wrong"})

    assert answer.status_code == 401
    assert "The name or the password is wrong" in answer.text
    assert 'value="nobody-here"' in answer.text


def test_the_language_is_kept_with_the_page(browser: TestClient) -> None:
    answer = browser.get("/preferences", params={"lang": "ar", "next": "/help?x=1"})

    assert answer.headers["location"] == "/help?x=1"
    assert '<html lang="ar" dir="rtl"' in browser.get("/help").text


def test_the_help_page_tells_what_the_words_of_governed_numbers_mean(browser: TestClient) -> None:
    said = browser.get("/help").text

    for word in (
        "Bridge",
        "Case",
        "Promise",
        "Published number",
        "Receipt",
        "Roll-up",
        "Settled day",
        "Tree",
        "Version",
    ):
        assert f">{word}</dt>" in said


def test_the_theme_is_drawn_by_the_server(browser: TestClient) -> None:
    browser.get("/preferences", params={"theme": "dark"})

    assert 'data-theme="dark"' in browser.get("/help").text


def test_preferences_that_are_none_change_nothing(browser: TestClient) -> None:
    answer = browser.get("/preferences", params={"theme": "pink", "lang": "xx"})

    assert "set-cookie" not in answer.headers


def test_the_browsers_language_is_taken_when_none_was_chosen(visitor: TestClient) -> None:
    assert 'lang="zh-Hant"' in visitor.get("/sign-in", headers={"accept-language": "zh-HK"}).text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", ""])
def test_a_redirect_never_leaves_the_console(target: str) -> None:
    assert own_path(target) == "/"


def test_a_redirect_to_an_own_page_stays() -> None:
    assert own_path("/metrics?q=late") == "/metrics?q=late"


def test_no_page_has_a_wrong_address(browser: TestClient) -> None:
    page = browser.get("/nowhere", headers=HTML)
    program = browser.get("/api/nowhere")

    assert page.status_code == program.status_code == 404
    assert "There is nothing here" in page.text
    assert program.json()["title"] == "There is nothing here"


def test_a_static_file_may_be_kept_and_a_page_may_not(browser: TestClient) -> None:
    assert "immutable" in browser.get("/static/console.css").headers["cache-control"]
    assert browser.get("/help").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("No such city."), 404),
        (Forbidden("Not yours."), 403),
        (Conflict("Changed."), 409),
        (InvalidData("Wrong."), 422),
        (Infeasible("Clash."), 422),
        (Unavailable("Down."), 503),
        (TiffinError("Other."), 500),
        (HTTPException(405), 405),
    ],
)
def test_an_expected_failure_says_what_to_do(visitor: TestClient, error: Exception, status: int) -> None:
    answer = failing(visitor, error).get("/fail", headers=HTML)

    assert answer.status_code == status
    assert str(getattr(error, "detail", error)) in answer.text or status == 405


def test_a_bug_tells_the_outside_nothing(visitor: TestClient) -> None:
    answer = failing(visitor, RuntimeError("secret path /etc/passwd")).get("/fail", headers=HTML)

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "The fault is ours" in answer.text


def test_an_address_that_cannot_be_read_names_the_field(browser: TestClient) -> None:
    app: FastAPI = browser.app  # type: ignore[assignment]

    @app.get("/numbered")
    def numbered(page: int) -> int:
        return page

    answer = browser.get("/numbered?page=many", headers=HTML)

    assert answer.status_code == 400
    assert "page" in answer.text


def failing(client: TestClient, error: Exception) -> TestClient:
    app: FastAPI = client.app  # type: ignore[assignment]

    @app.get("/fail")
    def fail() -> None:
        raise error

    return client
