"""What the tests of access share: a workspace, and contexts in which somebody acts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.facts import service as facts
from tiffin.cli import main
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)

Acting = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def acting(workspace: Workspace) -> Acting:
    """Open a context of the owner, or of ``user``, at a fixed moment, or at ``now``."""
    return partial(open_context, workspace.root, now=NOW)


@pytest.fixture
def nora(acting: Acting) -> str:
    """Add an analyst of Saudi Arabia with a password."""
    with acting() as context:
        service.add_account(context, "nora", password="correct horse battery")  # noqa: S106 - of a test
        service.grant(context, "nora", Role.ANALYST, countries=["SA"], terms=service.Terms("tests"))
    return "nora"


@pytest.fixture(scope="module")
def two_cities(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with orders of Riyadh and Doha; every rider's own number ends his name."""
    workspace = create_workspace(tmp_path_factory.mktemp("two") / "workspace")
    day = NOW.date() - timedelta(days=2)
    orders = [
        {
            "city_id": city,
            "order_id": f"{city}{number}",
            "country": country,
            "currency": currency,
            "rider_id": f"rider-{number % 5:04}",
            "status": "delivered" if number % 4 else "cancelled",
            "placed_at": datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=number),
            "basket_minor": 1000 + number,
            "dropoff_latitude": 24.7136 + number / 1000,
            "dropoff_longitude": 46.6753,
            "business_date": day,
        }
        for city, country, currency in (("riyadh", "SA", "SAR"), ("doha", "QA", "QAR"))
        for number in range(40)
    ]
    cities = [
        {"city_id": city, "name": city.title(), "country": country, "currency": currency, "is_simulated": False}
        | {"timezone": "Asia/Riyadh", "timezone_known": True, "cutoff_min": 240, "slot_min": 30, "source": "tests"}
        for city, country, currency in (("riyadh", "SA", "SAR"), ("doha", "QA", "QAR"))
    ]
    store = open_store(workspace)
    for table, rows in (("cities", cities), ("orders", orders)):
        found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[table]))
        store.upsert(TABLES[table], found.to_reader(), now=NOW, source="tests")
    return workspace


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace as `tiffin init` does, with the orders of its example."""
    root = tmp_path_factory.mktemp("example") / "w"
    assert main(["init", str(root)]) == 0
    with open_context(root) as context:
        facts.load(context, "example-orders", [root / "feeds" / "example-orders.csv"])
    return root


@pytest.fixture
def browser(root: Path) -> Iterator[TestClient]:
    """Open a browser in which the owner of the workspace is signed in."""
    with open_context(root) as context:
        link = service.make_sign_in_link(context, context.actor.name)
    with TestClient(create_app(root), follow_redirects=False, raise_server_exceptions=False) as client:
        client.get(f"/sign-in/{link}")
        yield client


@pytest.fixture
def in_two_cities(two_cities: Workspace) -> Acting:
    """Open a context of the owner, or of ``user``, in the workspace with facts."""
    return partial(open_context, two_cities.root, now=NOW)


@pytest.fixture
def granted(in_two_cities: Acting) -> Callable[..., str]:
    """Make an account with one grant over Saudi Arabia, or over ``countries``; give its name."""

    def made(*, role: Role = Role.ANALYST, countries: tuple[str, ...] = ("SA",), **limits: object) -> str:
        name = f"a{uuid4().hex[:12]}"
        with in_two_cities() as context:
            service.add_account(context, name)
            opens = {"opens": ("none",)} | limits
            service.grant(
                context,
                name,
                role,
                countries=countries,
                limits=Limits(**opens),  # type: ignore[arg-type] # as the test says
                terms=service.Terms("tests"),
            )
        return name

    return made
