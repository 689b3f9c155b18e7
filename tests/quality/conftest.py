"""A workspace whose facts arrive morning by morning, as loads do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

STEWARD = (Grant(Role.STEWARD, ("*",), ("*",)),)
Entering = Callable[..., AbstractContextManager[Context]]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """Two small countries whose facts are written at stated moments."""

    workspace: Workspace

    def write(self, table: str, rows: list[dict[str, Any]], *, at: datetime) -> None:
        """Load rows at a moment."""
        found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[table]))
        open_store(self.workspace).upsert(TABLES[table], found.to_reader(), now=at, source="test")

    def orders(self, city: str, day: date, *, numbers: range, value: int = 1000, at: datetime) -> None:
        """Load some delivered orders of a day, and what their stages say."""
        placed = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        ids = [f"{city}-{day}-{number}" for number in numbers]
        country, currency = {"riyadh": ("SA", "SAR"), "kuwait": ("KW", "KWD")}[city]
        self.write(
            "orders",
            [
                {
                    "city_id": city,
                    "order_id": order_id,
                    "country": country,
                    "currency": currency,
                    "status": "delivered",
                    "customer_id": order_id,
                    "placed_at": placed + timedelta(minutes=number),
                    "delivered_at": placed + timedelta(minutes=number + 30),
                    "basket_minor": value,
                    "business_date": day,
                    "local_hour": 12,
                    "slot_at": placed,
                    "source": "test",
                }
                for number, order_id in zip(numbers, ids, strict=True)
            ],
            at=at,
        )

    def stages(self, city: str, day: date, *, numbers: range, at: datetime) -> None:
        """Load the first and last stage of some orders, as another feed tells them."""
        placed = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.write(
            "order_stages",
            [
                {
                    "city_id": city,
                    "order_id": f"{city}-{day}-{number}",
                    "stage": stage,
                    "at": placed + timedelta(minutes=number),
                    "business_date": day,
                    "source": "test",
                }
                for number in numbers
                for stage in ("placed", "delivered")
            ],
            at=at,
        )

    def cities(self, *, at: datetime) -> None:
        """Load the cities."""
        zones = {"riyadh": ("SA", "SAR", "Asia/Riyadh"), "kuwait": ("KW", "KWD", "Asia/Kuwait")}
        self.write(
            "cities",
            [
                {
                    "city_id": city,
                    "name": city.title(),
                    "country": country,
                    "currency": currency,
                    "timezone": zone,
                    "timezone_known": True,
                    "cutoff_min": 240,
                    "weekend": "5,6",
                    "is_simulated": False,
                    "source": "test",
                }
                for city, (country, currency, zone) in zones.items()
            ],
            at=at,
        )


@pytest.fixture(scope="session")
def marketplace_in() -> Callable[[Workspace], Marketplace]:
    """Take a workspace for a marketplace."""
    return Marketplace


@pytest.fixture
def marketplace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Marketplace:
    """Cities without orders yet, known since the first of February."""
    made = Marketplace(new_workspace(tmp_path / "workspace"))
    made.cities(at=datetime(2026, 2, 1, tzinfo=UTC))
    return made


@pytest.fixture
def entering(marketplace: Marketplace) -> Entering:
    """Open a unit of work at a moment."""

    @contextmanager
    def entered(now: datetime, *, grants: tuple[Grant, ...] = STEWARD, locale: str = "en") -> Iterator[Context]:
        with open_unit(marketplace.workspace, lambda _: Actor("ana", grants), now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture(scope="session")
def morning() -> Callable[..., datetime]:
    """An hour of the day after a business day, in UTC; nine in Riyadh is six."""

    def at(day: date, *, hour: int = 5, days_later: int = 1) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days_later, hours=hour)

    return at
