"""What the tests of pages and translations share."""

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from babel.messages.extract import extract
from fastapi.testclient import TestClient
from jinja2.ext import babel_extract

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import create_workspace

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tiffin"
PYTHON_WORDS = {"translate": (2,), "ngettext": (2, 3), "mark": None, "_": None, "Message": None}
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


NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
CITIES = [
    {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "timezone": "Asia/Riyadh", "currency": "SAR"},
    {"city_id": "dubai", "name": "Dubai", "country": "AE", "timezone": "Asia/Dubai", "currency": "AED"},
]


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace with a few orders of two cities, one account without roles and one that may see Riyadh only."""
    root = create_workspace(tmp_path_factory.mktemp("small") / "workspace").root
    with open_context(root, now=NOW) as context:
        rules = {"cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "timezone_known": True}
        write(context, "cities", [city | rules for city in CITIES])
        write(context, "orders", [an_order(day, city) for day in range(5) for city in CITIES])
        write(context, "refunds", [a_refund(city) for city in CITIES])
        for name in ("nobody", "rana"):
            access.add_account(context, name, password="a long password")  # noqa: S106 - of a test
        access.grant(context, "rana", Role.VIEWER, cities=["riyadh"], terms=access.Terms("tests"))
    return root


def an_order(day: int, city: Mapping[str, str]) -> dict[str, object]:
    """Build a delivered order of a day."""
    placed = datetime(2026, 2, 24 + day, 12, 0, tzinfo=UTC)
    return {
        "city_id": city["city_id"],
        "order_id": f"{city['city_id']}-{day}",
        "country": city["country"],
        "status": "delivered",
        "category": "=burger()",
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=20 + 5 * day),
    }


def a_refund(city: Mapping[str, str]) -> dict[str, object]:
    """Build a refund of the first order."""
    return {
        "city_id": city["city_id"],
        "refund_id": f"{city['city_id']}-r",
        "order_id": f"{city['city_id']}-0",
        "refunded_at": datetime(2026, 2, 24, 14, 0, tzinfo=UTC),
        "amount_minor": 1250,
        "currency": city["currency"],
        "reason": "missing_item",
    }


def write(context: Context, table: str, rows: list[dict[str, object]]) -> None:
    """Write rows of a fact table."""
    schema = arrow_schema(TABLES[table])
    known = pa.schema([field for field in schema if field.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "test")


@pytest.fixture
def reader_of(small_workspace: Path) -> Callable[[str | None], TestClient]:
    """Open a browser in which an account is signed in; None is the owner."""

    def reader(name: str | None) -> TestClient:
        app = create_app(small_workspace)
        app.state.console = replace(app.state.console, clock=lambda: NOW)
        client = TestClient(app, raise_server_exceptions=False)
        with open_context(small_workspace, now=NOW) as context:
            token = access.make_sign_in_link(context, name or context.actor.name)
        client.get(f"/sign-in/{token}")
        return client

    return reader
