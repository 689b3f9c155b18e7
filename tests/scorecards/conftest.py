"""Two small cities with sixteen days of orders, and accounts that may see different parts of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.facts import service as facts
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = datetime(2026, 2, 14, 12, 0, tzinfo=UTC)
CITIES = (
    {"city_id": "riyadh", "name": "Riyadh", "country": "SA", "timezone": "Asia/Riyadh", "currency": "SAR"},
    {"city_id": "dubai", "name": "Dubai", "country": "AE", "timezone": "Asia/Dubai", "currency": "AED"},
)
DAYS, A_DAY = 16, 6
Opener = Callable[..., AbstractContextManager[Context]]


def an_order(day: int, number: int, city: Mapping[str, str]) -> dict[str, object]:
    """Build a delivered order; on the last day all are late."""
    placed = FIRST + timedelta(days=day, hours=number % 4)
    late = 20 if day == DAYS - 1 or number == 0 else -5
    return {
        "city_id": city["city_id"],
        "order_id": f"{city['city_id']}-{day}-{number}",
        "country": city["country"],
        "zone_id": f"zone-{number % 2}",
        "customer_id": f"customer-{number}",
        "status": "delivered",
        "category": "burgers",
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=30 + late),
        "currency": city["currency"],
        "basket_minor": 5000 + number,
    }


def write(context: Context, table: str, rows: list[dict[str, object]]) -> None:
    """Write rows of a fact table."""
    schema = arrow_schema(TABLES[table])
    known = pa.schema([field for field in schema if field.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "test")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workspace once."""
    root = create_workspace(tmp_path_factory.mktemp("scorecards") / "workspace").root
    rules = {"cutoff_min": 240, "weekend": "5,6", "is_simulated": False, "timezone_known": True}
    with open_context(root, now=NOW - timedelta(days=30)) as context:
        write(context, "cities", [city | rules for city in CITIES])
        orders = [an_order(day, n, city) for day in range(DAYS) for n in range(A_DAY) for city in CITIES]
        write(context, "orders", orders)
        for name, locale in (("mona", "ar"), ("vic", "en"), ("gus", "en")):
            access.add_account(context, name, locale=locale)
        access.grant(context, "mona", Role.CITY_MANAGER, cities=["riyadh"], terms=access.Terms("tests"))
        access.grant(context, "vic", Role.VIEWER, cities=["riyadh"], terms=access.Terms("tests"))
        access.grant(
            context, "gus", Role.ANALYST, cities=["riyadh"], limits=Limits(minimum_size=5), terms=access.Terms("tests")
        )
    return root


@pytest.fixture
def opened(made: Path) -> Opener:
    """Open a unit of work in the workspace, as the owner or another account."""
    return partial(open_context, made, now=NOW)


@pytest.fixture
def browser(made: Path) -> Iterator[TestClient]:
    """A browser in which the owner is signed in."""
    client = TestClient(create_app(made), raise_server_exceptions=False, follow_redirects=True)
    with open_context(made) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client
