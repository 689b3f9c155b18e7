"""Two cities whose orders were late more often where one trial treated them; nobody knows of it but the seed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tiffin.capabilities.experiments.domain.trial import trial_from
from tiffin.capabilities.facts import service as facts
from tiffin.engines.experiments.assigning.allocation import arm_of
from tiffin.engines.experiments.assigning.windows import is_treated
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 2, 16), date(2026, 3, 1)
CUTOFF_MIN = 240
ZONES = tuple(f"zone-{number}" for number in range(6))
HOURS = (11, 12, 13, 18, 19, 20, 21, 22)
ORDERS = 5
LATE, WORSE = 0.20, 0.12
CUSTOMERS, LARGER = 500, 300
Entering = Callable[..., AbstractContextManager[Context]]


def a_switchback(**changes: Any) -> dict[str, Any]:
    """A design that can be proposed; only what matters is changed."""
    return {
        "name": "further riders",
        "question": "Do fewer orders come late when riders are sought further away?",
        "design": "switchback",
        "unit": "zone",
        "arms": [{"name": "today", "share_bp": 5000}, {"name": "further", "share_bp": 5000}],
        "cities": ["riyadh"],
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "metric": "late_share",
        "smallest_effect": 0.02,
        "window_min": 120,
        "washout_min": 0,
        "guardrails": [{"metric": "late_share", "most_worse": 0.05}],
    } | changes


def a_split(**changes: Any) -> dict[str, Any]:
    """A trial over merchants."""
    whole = {
        "name": "earlier hand-over",
        "design": "split",
        "unit": "merchant",
        "window_min": 0,
        "guardrails": [],
        "cities": ["dubai"],
    }
    return a_switchback(**whole) | changes


def a_trial_of_customers(**changes: Any) -> dict[str, Any]:
    """A trial over customers of one city, whose baskets grow where it treats them."""
    whole = {"name": "larger pictures", "unit": "customer", "metric": "basket_value_mean", "smallest_effect": 100}
    return a_split(**whole) | changes


def _orders() -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(7)
    switchback, split, pictures = (trial_from(one) for one in (a_switchback(), a_split(), a_trial_of_customers()))
    people = np.random.default_rng(8)
    days = [FIRST - timedelta(days=7) + timedelta(days=number) for number in range(21)]
    number = 0
    for day in days:
        for hour in HOURS:
            for zone in ZONES:
                for _ in range(ORDERS):
                    number += 1
                    merchant = f"m-{int(chance.integers(0, 60))}"
                    window = ((hour * 60 - CUTOFF_MIN) % 1440) // 120
                    treated = day >= FIRST and is_treated(
                        switchback.schedule(), f"riyadh/{zone}", (day - FIRST).days, window
                    )
                    late = chance.random() < LATE + WORSE * treated
                    customer = f"c-{int(people.integers(0, CUSTOMERS))}"
                    yield _order("riyadh", number, day, hour, zone, merchant, late) | {"customer_id": customer}
                    number += 1
                    slow = 0.1 * (int(merchant[2:]) % 5) / 4
                    helped = day >= FIRST and arm_of(split.allocation(), merchant) == "further"
                    late = chance.random() < LATE + slow - WORSE * helped
                    larger = day >= FIRST and arm_of(pictures.allocation(), customer) == "further"
                    order = _order("dubai", number, day, hour, zone, merchant, late) | {"customer_id": customer}
                    # Each customer has a usual basket of his own, which the weeks before tell of.
                    usual = 4000 + 2000 * (int(customer[2:]) % 7) // 6 + int(people.integers(0, 1000))
                    yield order | {"basket_minor": usual + LARGER * larger}


def _order(city: str, number: int, day: date, hour: int, zone: str, merchant: str, late: bool) -> dict[str, Any]:  # noqa: FBT001 - a row
    placed = datetime(day.year, day.month, day.day, hour, 10, tzinfo=UTC) - timedelta(
        hours=3 if city == "riyadh" else 4
    )
    return {
        "city_id": city,
        "country": "SA" if city == "riyadh" else "AE",
        "currency": "SAR" if city == "riyadh" else "AED",
        "order_id": f"o-{number}",
        "zone_id": zone,
        "merchant_id": merchant,
        "status": "delivered",
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=40 if late else 25),
        "basket_minor": 5000,
        "delivery_fee_minor": 500,
        "discount_minor": 0,
    }


def _city(city_id: str, country: str, timezone: str, currency: str) -> dict[str, Any]:
    return {
        "city_id": city_id,
        "name": city_id.title(),
        "country": country,
        "timezone": timezone,
        "timezone_known": True,
        "cutoff_min": CUTOFF_MIN,
        "weekend": "5,6",
        "currency": currency,
        "is_simulated": True,
    }


@pytest.fixture(scope="session")
def laid_down(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace with the orders of both cities."""
    workspace = new_workspace(tmp_path_factory.mktemp("experiments") / "workspace")
    rows = {
        "cities": [_city("riyadh", "SA", "Asia/Riyadh", "SAR"), _city("dubai", "AE", "Asia/Dubai", "AED")],
        "zones": [{"city_id": city, "zone_id": zone, "name": zone} for city in ("riyadh", "dubai") for zone in ZONES],
        "orders": list(_orders()),
    }
    for table, found in rows.items():
        known = pa.schema([one for one in arrow_schema(TABLES[table]) if one.name in found[0]])
        with open_context(workspace.root, now=NOW) as context:
            facts.write_facts(context, table, pa.Table.from_pylist(found, schema=known).to_reader(), "simulated:test")
    return workspace


@pytest.fixture
def workspace(laid_down: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it for one test."""
    return open_workspace(Path(shutil.copytree(laid_down.root, tmp_path / "workspace")))


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant."""

    @contextmanager
    def entered(
        name: str = "ana", role: Role = Role.ANALYST, *, now: datetime = NOW, **scope: tuple[str, ...]
    ) -> Iterator[Context]:
        grants = (Grant(role, **({"countries": ("*",), "cities": ("*",)} | scope)),)
        with open_unit(open_workspace(workspace.root), lambda _: Actor(name, grants), now=now) as context:
            yield context

    return entered
