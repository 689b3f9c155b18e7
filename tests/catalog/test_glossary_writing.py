"""What people write into the glossary is found at once, loses nothing of what others write, and is taken back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of
from tiffin.capabilities.catalog.service.glossary_writing import NewTerm, add_synonym, add_term, remove_term
from tiffin.capabilities.catalog.service.searching import search
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import Workspace, open_workspace

Entering = Callable[..., AbstractContextManager[Context]]
Reader = Callable[..., TestClient]

BREAKAGE = NewTerm(
    label={"en": "Breakage", "ar": "التلف", "zh_Hans": "破损", "zh_Hant": "破損", "pt_BR": "Avaria"},
    definition={"en": "Goods that arrive broken."},
    synonyms={"en": ("smashed eggs",), "ar": ("بيض مكسور",), "zh_Hans": ("碎了",), "pt_BR": ("quebrou no caminho",)},
    about=(AssetId(AssetKind.METRIC, "refund_value"),),
)


def test_a_new_term_is_found_in_every_language_audited_and_taken_back(inside: Entering) -> None:
    with inside() as context:
        term = add_term(context, BREAKAGE)
    questions = ("smashed eggs", "بيض مكسور", "碎了", "quebrou no caminho")
    with inside() as context:
        first = [search(context, question).found[0].asset.id.text for question in questions]
        remove_term(context, term.name)
        with pytest.raises(NotFound):
            find_term(context, term.name)
    with inside() as context:
        acts = context.session.scalars(select(AuditEntry.action).order_by(AuditEntry.entry_id)).all()

    assert first == ["metric:refund_value"] * len(questions)
    assert acts[-2:] == ["term_added", "term_removed"]


def test_words_added_to_an_added_term_go_with_it(inside: Entering) -> None:
    with inside() as context:
        add_term(context, BREAKAGE)
        add_synonym(context, "breakage", "en", "crushed")
        remove_term(context, "breakage")
        assert "breakage" not in glossary_of(context)


@pytest.mark.parametrize(
    "new",
    [
        NewTerm({"en": "Refund"}, {"en": "Money back."}),
        NewTerm({"en": "Reimbursing", "ar": "استرداد"}, {"en": "Money back."}),
    ],
)
def test_what_the_glossary_says_already_is_not_said_twice(entering: Entering, new: NewTerm) -> None:
    with entering() as context, pytest.raises(Conflict, match="refund"):
        add_term(context, new)


@pytest.mark.parametrize(
    "new",
    [
        NewTerm({"ar": "التلف"}, {"ar": "بضاعة مكسورة"}),
        NewTerm({"en": "Breakage"}, {}),
        NewTerm({"en": "Breakage"}, {"en": "Broken."}, about=(AssetId(AssetKind.METRIC, "no_such"),)),
        NewTerm({"en": "b" * 81}, {"en": "Broken."}),
    ],
)
def test_a_term_without_what_it_needs_is_refused(entering: Entering, new: NewTerm) -> None:
    with entering() as context, pytest.raises(WrongUse):
        add_term(context, new)


def test_only_stewards_add_terms_and_what_ships_stays(entering: Entering) -> None:
    with entering("ana", Role.ANALYST) as context, pytest.raises(Forbidden):
        add_term(context, BREAKAGE)
    with entering() as context, pytest.raises(NotFound):
        remove_term(context, "refund")


@pytest.fixture
def cleared(loaded: Path) -> Iterator[Workspace]:
    """Give the workspace of the browser, and forget what was added to its glossary."""
    workspace = open_workspace(loaded)
    yield workspace
    (workspace.overlay("glossary") / "added.yaml").unlink(missing_ok=True)


@pytest.mark.usefixtures("cleared")
def test_a_steward_adds_a_term_by_the_form_and_takes_it_back(reader_of: Reader) -> None:
    browser = reader_of("sana", Role.STEWARD, countries=("*",))
    form = {
        "label.en": "Breakage",
        "definition.en": "Goods that arrive broken.",
        "label.ar": "التلف",
        "synonyms.ar": "بيض مكسور، كسر",
        "synonyms.zh_Hans": "碎了、打破",
        "about": "metric:refund_value, table:refunds",
    }
    added = browser.post("/catalog/glossary", data=form)
    again = browser.post("/catalog/glossary", data=form)
    shown = browser.get("/catalog/search?q=بيض مكسور").text
    gone = browser.post("/catalog/glossary/breakage", data={"action": "remove_term"})

    assert added.url.path == "/catalog/glossary/breakage"
    assert all(word in added.text for word in ("كسر", "打破", "Take the term back", "metric:refund_value"))
    assert again.status_code == 409
    assert "Goods that arrive broken." in again.text  # what was typed stays
    assert "metric:refund_value" in shown
    assert gone.url.path == "/catalog/glossary"
    assert browser.get("/catalog/glossary/breakage").status_code == 404


@pytest.mark.usefixtures("cleared")
def test_whoever_may_not_write_sees_no_form(reader_of: Reader) -> None:
    browser = reader_of("vic", Role.VIEWER, countries=("SA",))

    assert "Add a term" not in browser.get("/catalog/glossary").text
    assert browser.post("/catalog/glossary", data={"label.en": "X", "definition.en": "Y"}).status_code == 403
