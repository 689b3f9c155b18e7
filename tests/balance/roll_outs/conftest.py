"""Cities in which a remedy was tried, and two to which it is rolled out: it helps in one and harms in the other.

What it does is planted in the orders by the arms that the trial and the roll-out draw; nobody else knows of it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tiffin.capabilities.balance.domain.roll_out import Limit, Plan
from tiffin.capabilities.balance.domain.roll_out_holdouts import zones_held_out
from tiffin.capabilities.experiments.domain.trial import trial_from
from tiffin.capabilities.experiments.service.trials import act, propose
from tiffin.capabilities.facts import service as facts
from tiffin.engines.experiments.assigning.windows import is_treated
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, open_workspace

TRIED = {"abha": 0.06, "buraidah": 0.10, "dammam": 0.12, "jazan": 0.08, "tabuk": 0.11}
"""By how much the remedy lowers the share of late orders in each city in which it is tried."""
HELPED, HARMED = "taif", "yanbu"
UNTRIED = {HELPED: 0.12, HARMED: -0.30}
TRIAL_DAYS = (date(2026, 2, 2), date(2026, 2, 15))
JUDGED_AT = datetime(2026, 2, 16, 9, tzinfo=UTC)
BEGUN_AT = datetime(2026, 2, 17, 9, tzinfo=UTC)
LAST = date(2026, 3, 24)
CUTOFF_MIN = 240
ZONES = tuple(f"zone-{number}" for number in range(6))
HOURS = (11, 12, 13, 18, 19, 20, 21, 22)
ORDERS = 4
LATE = 0.35
NAME = "tighter radius"
Entering = Callable[..., AbstractContextManager[Context]]


def a_plan(**changes: Any) -> Plan:
    """The roll-out whose effect is planted; only what matters is changed."""
    whole: dict[str, Any] = {
        "name": NAME,
        "remedy": NAME,
        "metric": "late_share",
        "waves": ((HELPED,), (HARMED,)),
        "limits": (Limit("late_share", 0.08),),
        "seed": NAME,
    }
    return Plan(**(whole | changes))


def a_trial() -> dict[str, Any]:
    """The trial that was run before."""
    return {
        "name": "radius at noon and night",
        "question": "Do fewer orders come late when merchants are offered less far away?",
        "design": "switchback",
        "unit": "zone",
        "arms": [{"name": "as today", "share_bp": 5000}, {"name": "Tighter  Radius", "share_bp": 5000}],
        "cities": list(TRIED),
        "first": TRIAL_DAYS[0].isoformat(),
        "last": TRIAL_DAYS[1].isoformat(),
        "metric": "late_share",
        "smallest_effect": 0.02,
        "window_min": 120,
        "washout_min": 0,
        "guardrails": [{"metric": "late_share", "most_worse": 0.08}],
    }


def orders() -> Iterator[dict[str, Any]]:
    """Give the orders of every city, later ones where a remedy that harms is on."""
    chance, number = np.random.default_rng(11), 0
    schedule, plan = trial_from(a_trial()).schedule(), a_plan()
    for city, effect in (TRIED | UNTRIED).items():
        first, last = (TRIAL_DAYS[0] - timedelta(days=3), TRIAL_DAYS[1]) if city in TRIED else (TRIAL_DAYS[0], LAST)
        for day in (first + timedelta(days=at) for at in range((last - first).days + 1)):
            for hour in HOURS:
                window = (hour * 60 - CUTOFF_MIN) // 120
                out = zones_held_out(plan, city, ZONES, day, window)
                for zone in ZONES:
                    if city in TRIED:
                        since = (day - TRIAL_DAYS[0]).days
                        is_on = since >= 0 and is_treated(schedule, f"{city}/{zone}", since, window)
                    else:
                        is_on = day > BEGUN_AT.date() and zone not in out
                    for is_late in chance.random(ORDERS) < LATE - effect * is_on:
                        number += 1
                        yield _order(city, number, day, hour, zone, is_late=bool(is_late))


def _order(city: str, number: int, day: date, hour: int, zone: str, *, is_late: bool) -> dict[str, Any]:
    placed = datetime(day.year, day.month, day.day, hour, 10, tzinfo=UTC) - timedelta(hours=3)
    return {
        "city_id": city,
        "country": "SA",
        "currency": "SAR",
        "order_id": f"o-{number}",
        "zone_id": zone,
        "merchant_id": f"m-{number % 40}",
        "status": "delivered",
        "placed_at": placed,
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=40 if is_late else 25),
        "basket_minor": 5000,
        "delivery_fee_minor": 500,
        "discount_minor": 0,
    }


def _city(city_id: str) -> dict[str, Any]:
    return {
        "city_id": city_id,
        "name": city_id.title(),
        "country": "SA",
        "timezone": "Asia/Riyadh",
        "timezone_known": True,
        "cutoff_min": CUTOFF_MIN,
        "weekend": "5,6",
        "currency": "SAR",
        "is_simulated": True,
    }


@pytest.fixture(scope="session")
def laid_down(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace in which the trial was run, ended and judged, and of which the orders go on after it."""
    workspace = new_workspace(tmp_path_factory.mktemp("roll-outs") / "workspace")
    cities = [*TRIED, *UNTRIED]
    rows = {
        "cities": [_city(city) for city in cities],
        "zones": [{"city_id": city, "zone_id": zone, "name": zone} for city in cities for zone in ZONES],
        "orders": list(orders()),
    }
    for table, found in rows.items():
        known = pa.schema([one for one in arrow_schema(TABLES[table]) if one.name in found[0]])
        with open_context(workspace.root, now=BEGUN_AT) as context:
            facts.write_facts(context, table, pa.Table.from_pylist(found, schema=known).to_reader(), "simulated:test")
    enter = entering_into(workspace)
    begun = datetime(2026, 2, 1, 9, tzinfo=UTC)
    with enter("amal", now=begun) as context:
        propose(context, a_trial())
        act(context, str(a_trial()["name"]), "submit_trial")
    with enter("basil", Role.CITY_MANAGER, now=begun) as context:
        act(context, str(a_trial()["name"]), "approve_trial")
        act(context, str(a_trial()["name"]), "start_trial")
    with enter("basil", Role.CITY_MANAGER, now=JUDGED_AT) as context:
        act(context, str(a_trial()["name"]), "stop_trial", {"reason": "its days are over"})
        act(context, str(a_trial()["name"]), "judge_trial", {"judgement": "roll_out", "reason": "fewer late"})
    return workspace


def entering_into(workspace: Workspace) -> Entering:
    """Open units of work of somebody with one grant."""

    @contextmanager
    def entered(
        name: str = "amal", role: Role = Role.ANALYST, *, now: datetime = BEGUN_AT, **scope: tuple[str, ...]
    ) -> Iterator[Context]:
        grants = (Grant(role, **({"countries": ("*",), "cities": ("*",)} | scope)),)
        with open_unit(open_workspace(workspace.root), lambda _: Actor(name, grants), now=now) as context:
            yield context

    return entered


@pytest.fixture
def workspace(laid_down: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it for one test."""
    return open_workspace(Path(shutil.copytree(laid_down.root, tmp_path / "workspace")))


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant."""
    return entering_into(workspace)
