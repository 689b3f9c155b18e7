"""What the tests of pages and translations share."""

import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.extract import extract
from fastapi.testclient import TestClient
from jinja2.ext import babel_extract

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tiffin"
PYTHON_WORDS = {"translate": (2,), "ngettext": (2, 3), "mark": None, "_": None}
TEMPLATE_WORDS = {"_": None, "ngettext": (1, 2)}


@pytest.fixture(scope="session")
def messages_in_use() -> Mapping[str, str]:
    """Every message that the code or a template may show, with the place where it stands."""
    return dict(_messages())


def placeholders(text: str) -> set[str]:
    """Name the placeholders of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="session")
def placeholders_of():  # noqa: ANN201 - a function as a fixture
    return placeholders


def _messages() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            for line, text, _, _ in extract("python", file, keywords=PYTHON_WORDS, options={"encoding": "utf-8"}):
                yield _first(text), f"{path.relative_to(PACKAGE)}:{line}"
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        with path.open("rb") as file:
            for line, word, text, _ in babel_extract(file, list(TEMPLATE_WORDS), (), {"trim_blocks": "true"}):
                if word in TEMPLATE_WORDS and _first(text):
                    yield _first(text), f"{path.relative_to(PACKAGE)}:{line}"


def _first(text: str | tuple[str, ...] | None) -> str:
    return text[0] if isinstance(text, tuple) else text or ""


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace without facts."""
    return create_workspace(tmp_path_factory.mktemp("empty") / "workspace").root


@pytest.fixture
def visitor(empty_workspace: Path) -> TestClient:
    """Open a browser that is not signed in."""
    return TestClient(create_app(empty_workspace), follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def browser(visitor: TestClient, empty_workspace: Path) -> TestClient:
    """Open a browser in which the owner is signed in."""
    with open_context(empty_workspace) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    visitor.get(f"/sign-in/{token}")
    return visitor
