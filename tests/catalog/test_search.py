"""Finding assets in one's own words: the questions that people ask, the glossary, and every way in."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog.cli import register
from tiffin.capabilities.catalog.domain.searching import documents_of, trust
from tiffin.capabilities.catalog.service import visible
from tiffin.capabilities.catalog.service.glossary import glossary_in, glossary_of, glossary_problems
from tiffin.capabilities.catalog.service.glossary_writing import add_synonym, remove_synonym
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.search_store import digest_of, index_of
from tiffin.capabilities.catalog.service.searching import search
from tiffin.capabilities.catalog.service.unanswered import unanswered
from tiffin.capabilities.metrics.api.assistants import called
from tiffin.engines.search.analysis import units
from tiffin.engines.search.asking import ask
from tiffin.engines.search.index import build
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.i18n import translate
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace, create_workspace
from tiffin.web.glossary import WORDS

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
ASKED, PER_LANGUAGE, HELD_OUT = 300, 75, 100
FIRST = 3
LANGUAGES = ("en", "ar", "zh", "pt_BR")

Asking = Callable[..., AbstractContextManager[Context]]


@pytest.fixture(scope="module")
def judge(project_root: Path) -> Iterator[ModuleType]:
    """The benchmark that reads the questions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import catalog_search  # noqa: PLC0415 - it lies beside the tests, not in a package

        yield catalog_search
        sys.modules.pop("catalog_search", None)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return create_workspace(tmp_path_factory.mktemp("search") / "own")


def asking_in(workspace: Workspace) -> Asking:
    @contextmanager
    def asking(role: Role | None = Role.STEWARD, *, name: str = "sara", locale: str = "en") -> Iterator[Context]:
        grants = (Grant(role, ("*",), ("*",)),) if role else ()
        with open_unit(workspace, lambda _: Actor(name, grants), now=NOW) as context:
            yield Context(context.workspace, context.unit, context.warehouse, context.actor, context.now, None, locale)

    return asking


@pytest.fixture(scope="module")
def asking(workspace: Workspace) -> Asking:
    return asking_in(workspace)


@pytest.fixture
def own(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "own")


@pytest.fixture(scope="module")
def browser(workspace: Workspace) -> TestClient:
    client = TestClient(create_app(workspace), raise_server_exceptions=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def found(context: Context, question: str, **how: Any) -> list[str]:
    return [one.asset.id.text for one in search(context, question, **how).found]


def command(workspace: Workspace, words: str) -> str:
    app = typer.Typer()
    register(app)
    said = CliRunner().invoke(app, ["catalog", *words.split(), "--workspace", str(workspace.root)])
    assert said.exit_code == 0, said.output
    return said.stdout


def test_the_questions_are_as_many_as_is_said_and_ask_for_what_there_is(judge: ModuleType, asking: Asking) -> None:
    asked = tuple(judge.questions())
    with asking() as context:
        known = {asset.text for asset in inventory_of(context)}
    assert len({one.text for one in asked}) == ASKED
    assert sum(one.is_held_out for one in asked) == HELD_OUT
    assert {sum(one.language == language for one in asked) for language in ("en", "ar", "zh", "pt_BR")} == {
        PER_LANGUAGE
    }
    assert {key for one in asked for key in one.right} <= known


def test_a_third_of_the_questions_share_no_word_with_what_they_ask_for(judge: ModuleType, asking: Asking) -> None:
    with asking() as context:
        labels = {asset.id.text: tuple(asset.label.values()) for asset in inventory_of(context).values()}

    def words(*texts: str) -> set[str]:
        cut = (one for text in texts for language in ("en", "pt") for one in units(text, language))
        return {one.key for one in cut if not one.is_stop_word}

    asked = tuple(judge.questions())
    apart = [one for one in asked if not words(one.text) & words(*(text for key in one.right for text in labels[key]))]
    assert len(apart) >= ASKED / 3


def test_the_right_asset_is_among_the_first_three(judge: ModuleType, asking: Asking) -> None:
    asked = tuple(judge.questions())
    with asking() as context:
        documents = documents_of(inventory_of(context).values())
        index, plain = build(documents, (term.concept for term in glossary_of(context).values())), build(documents)
        given = {one: [hit.key for hit in ask(index, one.text, limit=FIRST).hits] for one in asked}
        for one in asked[::20]:  # the search leaves out what hardly fits, and changes nothing else
            told = found(context, one.text, limit=FIRST)
            assert told == given[one][: len(told)] != []
    right = {one: bool({*keys} & {*one.right}) for one, keys in given.items()}
    plainly = [bool({hit.key for hit in ask(plain, one.text, limit=FIRST).hits} & {*one.right}) for one in asked]
    held_out = [is_right for one, is_right in right.items() if one.is_held_out]

    assert sum(right.values()) >= 0.95 * ASKED
    assert sum(held_out) >= 0.95 * HELD_OUT
    for language in LANGUAGES:
        assert sum(is_right for one, is_right in right.items() if one.language == language) >= 0.95 * PER_LANGUAGE
    assert sum(plainly) < 0.5 * ASKED


def test_questions_that_came_after_the_search_find_their_asset_too(judge: ModuleType, asking: Asking) -> None:
    asked = (*judge.questions(judge.UNSEEN), *judge.questions(judge.LATER))
    with asking() as context:
        documents = documents_of(inventory_of(context).values())
        index = build(documents, (term.concept for term in glossary_of(context).values()))
        known = {asset.text for asset in inventory_of(context)}
    right = [bool({hit.key for hit in ask(index, one.text, limit=FIRST).hits} & {*one.right}) for one in asked]

    assert {key for one in asked for key in one.right} <= known
    assert sum(right) >= 0.95 * len(asked) > 0.95 * 150


def test_words_for_a_kind_find_the_assets_of_that_kind(asking: Asking) -> None:
    with asking() as context:
        first = [found(context, question, limit=3)[0] for question in ("alerts", "تنبيهات", "提醒我", "alertas")]
    assert all(one.startswith("alert:") for one in first)


def test_when_and_where_count_little_beside_what_is_asked_for(asking: Asking) -> None:
    with asking() as context:
        plain, dated = (found(context, question, limit=1) for question in ("mean rating", "mean rating yesterday"))
        alone = found(context, "yesterday in the city", limit=1)
    assert plain == dated == ["metric:rating_mean"]
    assert alone == ["dashboard:city_morning"]


def test_whoever_has_no_grant_finds_nothing(asking: Asking) -> None:
    with asking(None) as context, pytest.raises(Forbidden):
        search(context, "refunds")


def test_only_kinds_that_are_asked_for_are_found(asking: Asking) -> None:
    with asking() as context:
        results = search(context, "refunds", kinds=(AssetKind.TABLE,))
    assert results.found
    assert {one.asset.kind for one in results.found} == {AssetKind.TABLE}
    assert AssetKind.METRIC in results.kinds


def test_an_empty_question_is_refused(asking: Asking) -> None:
    with asking() as context, pytest.raises(WrongUse):
        search(context, " \u3000 ")


def test_drafts_and_the_deprecated_are_trusted_less(asking: Asking) -> None:
    from dataclasses import replace  # noqa: PLC0415 - only here

    from tiffin.capabilities.catalog.domain.assets import LifeCycle, Tier  # noqa: PLC0415 - only here

    with asking() as context:
        asset = visible(context)[AssetId.parse("metric:late_share")]
    certified, draft = trust(asset, 3), trust(replace(asset, tier=Tier.LOCAL), 3)
    gone = trust(replace(asset, life_cycle=LifeCycle.DEPRECATED), 3)
    assert certified > draft > gone


def test_an_index_is_kept_until_something_changes(own: Workspace) -> None:
    with asking_in(own)() as context:
        documents = documents_of(inventory_of(context).values())[:40]
        concepts = [term.concept for term in glossary_of(context).values()]
    made, kept = index_of(own, documents, concepts), index_of(own, documents, concepts)
    file = own.state / "search" / f"{digest_of(documents, concepts)}.npz"

    assert [ask(kept, q, limit=9) for q in ("late", "退款")] == [ask(made, q, limit=9) for q in ("late", "退款")]
    assert digest_of(documents[1:], concepts) != digest_of(documents, concepts) != digest_of(documents, concepts[1:])
    file.write_bytes(file.read_bytes()[:1000])  # a machine that went down while writing
    assert ask(index_of(own, documents, concepts), "late", limit=9) == ask(made, "late", limit=9)


def test_every_term_of_the_glossary_is_whole(asking: Asking) -> None:
    with asking() as context:
        glossary, known = glossary_of(context), visible(context)
        assert glossary_problems(context) == ()
    for term in glossary.values():
        assert set(term.label.texts) == set(term.definition.texts) == set(LOCALES), term.name
        assert {asset for asset in term.about if asset not in term.about_among(known)} <= {
            AssetId(AssetKind.ALERT, "*")
        }
        assert {*LOCALES} - {"zh_Hant"} <= set(term.synonyms), term.name


def test_the_glossary_and_the_help_tell_one_meaning(workspace: Workspace) -> None:
    terms = {term.label.text("en"): term for term in glossary_in(workspace)[0].values()}
    shared = [
        word for word in WORDS if word.name in terms and word.name != "Promise"
    ]  # the help tells both its meanings
    assert len(shared) >= 7
    for word in shared:
        for locale in LOCALES:
            assert terms[word.name].definition.text(locale) == translate(locale, word.meaning)
            assert terms[word.name].label.text(locale) == translate(locale, word.name)


def test_the_glossary_of_the_code_has_the_words_of_the_help(project_root: Path) -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (project_root / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    known = {row.strip().lower().replace("-", " ") for row in rows}
    assert {word.name.lower().replace("-", " ") for word in WORDS} - known <= {"version"}


def test_a_workspace_adds_terms_and_a_faulty_one_is_told_and_left_out(own: Workspace) -> None:
    folder = own.overlay("glossary")
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(
        "concepts:\n"
        "  cloud_kitchen: {label: {en: Cloud kitchen}, definition: {en: No tables.}, related: [nothing]}\n"
        "  refund: {synonyms: {en: [chargeback]}}\n"
        "  broken: {label: {ar: مطبخ}}\n",
        encoding="utf-8",
    )
    with asking_in(own)() as context:
        terms, problems = glossary_of(context), [str(one) for one in glossary_problems(context)]
        assert found(context, "chargebacks", limit=FIRST)[0].startswith(("metric:refund", "table:refund"))
    assert "chargeback" in terms["refund"].synonyms["en"]
    assert "refund" in terms["refund"].synonyms["en"]
    assert "broken" not in terms
    assert len(problems) == 2


def test_a_synonym_is_found_by_at_once_and_audited_and_can_be_taken_back(own: Workspace) -> None:
    asking = asking_in(own)
    with asking() as context:
        assert search(context, "bakhsheesh").terms != (glossary_of(context)["tip"],)
        add_synonym(context, "tip", "en", "bakhsheesh")
        assert found(context, "bakhsheesh", limit=FIRST)[0] in {"metric:tip_mean", "metric:tipped_share"}
        with pytest.raises(Conflict):
            add_synonym(context, "tip", "en", "Bakhsheesh")
        remove_synonym(context, "tip", "en", "bakhsheesh")
        with pytest.raises(NotFound):
            remove_synonym(context, "tip", "en", "gratuity")
        assert "bakhsheesh" not in glossary_of(context)["tip"].synonyms["en"]
    with asking() as context:
        rows = context.session.scalars(select(AuditEntry).where(AuditEntry.subject == "glossary:tip")).all()
        assert [row.action for row in rows] == ["synonym_added", "synonym_removed"]


@pytest.mark.parametrize(("locale", "words"), [("fr", "pourboire"), ("en", " "), ("en", "x" * 81)])
def test_a_synonym_is_a_word_of_one_of_the_languages(asking: Asking, locale: str, words: str) -> None:
    with asking() as context, pytest.raises(WrongUse):
        add_synonym(context, "tip", locale, words)


def test_only_stewards_change_the_glossary_and_see_what_was_not_found(asking: Asking) -> None:
    with asking(Role.ANALYST) as context:
        with pytest.raises(Forbidden):
            add_synonym(context, "tip", "en", "bakhsheesh")
        with pytest.raises(Forbidden):
            unanswered(context)


def test_searches_that_found_nothing_are_counted_without_personal_data(own: Workspace) -> None:
    with asking_in(own)(Role.VIEWER) as context:
        for question in ("zzqqx", "ZZQQX", "zzqqx 0501234567 qqz@example.com"):
            assert search(context, question).found == ()
        search(context, "zzqq", is_typing=True)
    with asking_in(own)() as context:
        rows = unanswered(context)
    assert [(row.words, row.times, row.last_day) for row in rows] == [("zzqqx", 3, NOW.date())]
    assert "sara" not in (own.state / "search" / "unanswered.jsonl").read_text(encoding="utf-8")


def test_nothing_found_leads_on(browser: TestClient) -> None:
    shown = browser.get("/catalog/search", params={"q": "zzqqx"}).text
    assert "/adoption/ask?q=zzqqx" in shown
    assert shown.count('class="badge"') >= 6


@pytest.mark.parametrize("language", ["en", "ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_every_page_opens_in_every_language(browser: TestClient, language: str) -> None:
    browser.get("/preferences", params={"lang": language})
    paths = ("search", "search?q=退款", "search?q=refund&kind=table", "glossary", "glossary?q=بقشيش", "glossary/tip")
    for path in (*paths, "search/unanswered"):
        assert browser.get(f"/catalog/{path}").status_code == 200, path
    browser.get("/preferences", params={"lang": "en"})


def test_what_is_typed_is_suggested_as_a_part_of_a_page(browser: TestClient) -> None:
    shown = browser.get("/catalog/search/suggest", params={"q": "courier bon"}).text
    assert "<html" not in shown
    assert "/catalog/metric/rider_incentive_cost" in shown


def test_a_question_is_shown_as_text(browser: TestClient) -> None:
    shown = browser.get("/catalog/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in shown


def test_a_steward_adds_a_word_on_the_page(browser: TestClient) -> None:
    form = {"locale": "en", "words": "sweetener"}
    browser.post("/catalog/glossary/tip", data=form, headers={"Origin": "http://testserver"})
    assert "sweetener" in browser.get("/catalog/glossary/tip").text
    browser.post("/catalog/glossary/tip", data=form | {"action": "remove"}, headers={"Origin": "http://testserver"})
    assert "sweetener" not in browser.get("/catalog/glossary/tip").text


def test_page_program_and_command_find_the_same(browser: TestClient, workspace: Workspace) -> None:
    over_http = browser.get("/api/catalog/search", params={"q": "差评率", "limit": 3}).json()
    by_command = json.loads(command(workspace, "search 差评率 --limit 3 --json"))
    assert [one["asset"] for one in over_http["found"]] == [one["asset"] for one in by_command["found"]]
    assert over_http["found"][0]["asset"] == "metric:low_rating_share"
    assert "/catalog/metric/low_rating_share" in browser.get("/catalog/search", params={"q": "差评率"}).text


@pytest.mark.parametrize(
    "words",
    [
        "search late",
        "search zzqqx",
        "glossary",
        "glossary tip",
        "unanswered",
        "synonym tip en x1",
        "synonym tip pt_BR x2",
    ],
)
def test_every_command_answers_people_and_programs(workspace: Workspace, words: str) -> None:
    changes = words.startswith("synonym")
    assert json.loads(command(workspace, f"{words} --json"))
    assert command(workspace, f"{words} --remove" if changes else words)


def test_the_glossary_is_there_for_programs(browser: TestClient) -> None:
    every = browser.get("/api/catalog/glossary").json()["concepts"]
    assert len(every) > 100
    assert browser.get("/api/catalog/glossary/tip").json()["concept"] == "tip"
    assert browser.get("/api/catalog/glossary/nothing").status_code == 404


def test_use_moves_the_order_of_what_is_alike() -> None:
    from tiffin.capabilities.catalog.domain.searching import USE_GAIN, used  # noqa: PLC0415 - only here

    gains = used({AssetId.parse("metric:orders"): 100, AssetId.parse("metric:refunds"): 1})
    assert gains["metric:orders"] == pytest.approx(USE_GAIN)
    assert 0 < gains["metric:refunds"] < USE_GAIN
    assert used({}) == {}


def test_an_assistant_finds_what_its_person_may_know(asking: Asking, browser: TestClient) -> None:
    assert browser.get("/api/openapi.json").status_code == 200  # the console has every tool
    given = called(asking, "find_assets", {"question": "差评率", "limit": 1})
    assert [one["asset"] for one in given["found"]] == ["metric:low_rating_share"]
    with pytest.raises(Forbidden):
        called(lambda: asking(None), "find_assets", {"question": "差评率"})
    with pytest.raises(WrongUse):
        called(asking, "find_assets", {"question": "差评率", "limit": 1000})
