"""Two small cities with a week of orders, and people who may see different parts of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.tables import METADATA
from tiffin.runtime.uses import write_all_uses
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, create_workspace, open_workspace

NOW = datetime(2026, 2, 22, 9, 0, tzinfo=UTC)
CUSTOMER = "Layla-of-the-blue-door"  # a personal value that no page of the catalog may show
CITIES = (
    {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "timezone": "Asia/Riyadh", "currency": "SAR"},
    {"city_id": "dubai", "name": "Dubai", "country": "AE", "timezone": "Asia/Dubai", "currency": "AED"},
)
Entering = Callable[..., AbstractContextManager[Context]]


def an_order(day: int, city: Mapping[str, str]) -> dict[str, object]:
    """Build a delivered order; Dubai's stop three days before Riyadh's."""
    placed = datetime(2026, 2, 15, 12, tzinfo=UTC) + timedelta(days=day)
    return {
        "city_id": city["city_id"],
        "order_id": f"{city['city_id']}-{day}",
        "country": city["country"],
        "customer_id": CUSTOMER,
        "status": "delivered",
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=25),
    }


def write(context: Context, table: str, rows: list[dict[str, object]]) -> None:
    """Write rows of a fact table."""
    schema = arrow_schema(TABLES[table])
    known = pa.schema([field for field in schema if field.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "test")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workspace with facts once."""
    root = create_workspace(tmp_path_factory.mktemp("catalog") / "workspace").root
    rules = {"cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "timezone_known": True}
    with open_context(root, now=NOW) as context:
        write(context, "cities", [city | rules for city in CITIES])
        write(
            context,
            "orders",
            [an_order(day, city) for city, days in zip(CITIES, (7, 4), strict=True) for day in range(days)],
        )
    return root


@pytest.fixture
def empty(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """Make a workspace without facts that a test may change."""
    return new_workspace(tmp_path / "workspace")


def entering_of(workspace: Workspace) -> Entering:
    """Open units of work of a named person with one grant, or with none."""

    @contextmanager
    def entered(
        name: str = "sana",
        role: Role | None = Role.STEWARD,
        *,
        countries: tuple[str, ...] = ("*",),
        now: datetime = NOW,
        locale: str = "en",
    ) -> Iterator[Context]:
        actor = Actor(name, (Grant(role, countries, ()),) if role else ())
        with open_unit(workspace, lambda _: actor, now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture
def inside(empty: Workspace) -> Entering:
    """Enter the workspace that the test may change."""
    return entering_of(empty)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Make a workspace without facts once: reading all definitions anew takes a second."""
    return create_workspace(tmp_path_factory.mktemp("bare") / "workspace")


@pytest.fixture
def entering(bare: Workspace) -> Iterator[Entering]:
    """Enter the workspace without facts; what a test says of its assets is forgotten after it."""
    entered = entering_of(bare)
    yield entered
    with entered() as context:
        for table in (
            "asset_sayings",
            "asset_changes",
            "standard_waivers",
            "catalog_days",
            "asset_days",
            "saved_questions",
        ):
            context.unit.execute(METADATA.tables[table].delete())


@pytest.fixture
def seeing(loaded: Path) -> Iterator[Entering]:
    """Enter the workspace with facts; what was counted is written when the test ends."""
    yield entering_of(open_workspace(loaded))
    write_all_uses()


@pytest.fixture
def reader_of(loaded: Path) -> Callable[..., TestClient]:
    """Open a browser in which somebody with a role is signed in; the owner where no name is given."""

    def reader(name: str | None = None, role: Role | None = None, *, countries: tuple[str, ...] = ()) -> TestClient:
        app = create_app(loaded)
        app.state.console = replace(app.state.console, clock=lambda: NOW)
        client = TestClient(app, raise_server_exceptions=False)
        with open_context(loaded, now=NOW) as context:
            known = {one.name for one in access.list_accounts(context)}
            if name is not None and name not in known:
                access.add_account(context, name)
                if role is not None:
                    access.grant(context, name, role, countries=countries, terms=access.Terms("tests"))
            token = access.make_sign_in_link(context, name or context.actor.name)
        client.get(f"/sign-in/{token}")
        return client

    return reader
