"""What people read when something is refused: in their language, with everything around it that they had before."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.capabilities.access import service as access
from tiffin.kernel.errors import NotFound, Unavailable
from tiffin.kernel.messages import Message
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import LOCALES, isolate, translate

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tiffin"
HTML = {"accept": "text/html"}
NO_METRIC = "There is no metric {name}.{near} The page of metrics lists them all, as does `tiffin metrics list`."


@pytest.mark.parametrize("locale", LOCALES)
def test_a_refusal_is_said_in_the_language_of_the_page(browser: TestClient, locale: str) -> None:
    browser.cookies.set("tiffin_locale", locale)

    said = browser.get("/metrics/order", headers=HTML).text

    near = Message(" Did you mean {names}?", names="orders")
    assert translate(locale, NO_METRIC, name="order", near=near)[:10] in said
    assert ("There is no metric" in said) == (locale == "en")


def test_names_in_a_refusal_stand_apart_from_the_script_around_them() -> None:
    error = NotFound(Message(NO_METRIC, name="order", near=Message(" Did you mean {names}?", names="orders")))

    said = translate("ar", error.said)

    assert isolate("order") in said
    assert isolate("orders") in said
    assert isolate("`tiffin metrics list`") in said


def test_a_refusal_in_a_language_that_does_not_know_it_is_english() -> None:
    assert translate("ar", Message("Unheard of: {name}.", name="x")) == f"Unheard of: {isolate('x')}."


@pytest.mark.parametrize(("language", "word"), [("pt-BR,pt;q=0.9", "Não há métrica"), ("", "There is no metric")])
def test_a_program_reads_a_refusal_in_the_language_that_it_accepts(
    browser: TestClient, language: str, word: str
) -> None:
    answer = browser.get("/api/metrics/unheard_of", headers={"accept-language": language})

    assert answer.status_code == 404
    assert answer.json()["detail"].startswith(word)


@pytest.mark.parametrize("path", ["/metrics/unheard_of", "/nowhere", "/dashboards/unheard_of"])
def test_a_refusal_keeps_the_search_and_the_account_menu(browser: TestClient, path: str) -> None:
    said = browser.get(path, headers=HTML)

    assert said.status_code == 404
    assert 'class="top-search"' in said.text
    assert 'action="/sign-out"' in said.text
    assert "/access/accounts" in said.text


def test_whoever_is_no_administrator_is_shown_no_administration(reader_of: Callable[[str], TestClient]) -> None:
    said = reader_of("rana").get("/nowhere", headers=HTML).text

    assert 'action="/sign-out"' in said
    assert "/access/accounts" not in said


def test_a_session_that_has_ended_gets_no_account_menu(visitor: TestClient) -> None:
    visitor.cookies.set("tiffin_session", "long gone")

    said = visitor.get("/nowhere", headers=HTML)

    assert said.status_code == 404
    assert 'action="/sign-out"' not in said.text


def test_a_part_that_does_not_answer_is_not_asked_who_reads(browser: TestClient, monkeypatch) -> None:  # noqa: ANN001 - pytest's own
    asked = []

    @browser.app.get("/fails")
    def fail() -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("tiffin.web.edge.open_unit", lambda *_, **__: asked.append(1))

    assert browser.get("/fails", headers=HTML).status_code == 503
    assert not asked


def test_a_wrong_day_is_told_over_the_dashboard_in_its_language(reader_of: Callable[[None], TestClient]) -> None:
    reader = reader_of(None)
    reader.cookies.set("tiffin_locale", "pt_BR")

    said = reader.get("/dashboards/city_operations?first=yesterday", headers=HTML).text

    assert "Esperava-se uma data como 2026-02-01" in said


def test_a_refused_sign_in_link_is_told_in_the_readers_language(visitor: TestClient, empty_workspace: Path) -> None:
    with open_context(empty_workspace) as context:
        access.make_sign_in_link(context, context.actor.name)
    visitor.cookies.set("tiffin_locale", "pt_BR")

    said = visitor.get("/sign-in/no-such-link", headers=HTML)

    assert said.status_code == 401
    assert 'lang="pt-BR"' in said.text
    assert "This sign-in link" not in said.text


def test_every_message_is_written_out_with_just_the_values_that_fill_it(
    placeholders_of: Callable[[str], set[str]],
) -> None:
    faults = []
    for place, call in _messages():
        text, names = call.args[0] if call.args else None, {one.arg for one in call.keywords}
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
            faults.append(f"{place}: the catalogues cannot find a text that is not written out")
        elif None not in names and placeholders_of(text.value) != names:
            faults.append(f"{place}: {text.value!r} is filled with {names}")

    assert not faults


def _messages() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node
