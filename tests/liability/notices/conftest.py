"""What the tests of notices and of own pages share."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.i18n import RIDER_LOCALES
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 2, 21, 9, 0, tzinfo=UTC)
COUNTRIES = {"riyadh": "SA", "dubai": "AE", "hong-kong": "HK", "sao-paulo": "BR"}


def a_verdict(**changes: Any) -> Verdict:
    """Build a verdict on a late order of Riyadh, by which the rider bears most."""
    city_id = changes.pop("city_id", "riyadh")
    incident = Incident(
        city_id=city_id,
        country=COUNTRIES[city_id],
        order_id=changes.pop("order_id", "o-17"),
        incident=changes.pop("incident", IncidentType.LATE),
        happened_at=datetime(2026, 2, 20, 16, 44, tzinfo=UTC),
        business_date=date(2026, 2, 20),
        reported_at=datetime(2026, 2, 20, 17, 0, tzinfo=UTC),
        reported_by="platform",
        rider_id=changes.pop("rider_id", "rider-one"),
        merchant_id="shop-one",
        customer_id="customer-one",
    )
    verdict = Verdict(
        verdict_id=f"{incident.key}|1",
        incident=incident,
        shares={Party.RIDER: 7_000, Party.MERCHANT: 3_000},
        policy="verdict-late",
        policy_version="0" * 64,
        row="rider_late",
        reason={locale: f"Because ({locale})." for locale in RIDER_LOCALES},
        confidence=0.93,
        decided_by=DecidedBy.POLICY,
        decided_at=datetime(2026, 2, 21, 8, 0, tzinfo=UTC),
        points={Party.RIDER: 2},
        currency="SAR",
        facts={"delay_min": 34},
    )
    return replace(verdict, **changes)


@pytest.fixture(scope="session")
def bare_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Make a workspace without facts."""
    return create_workspace(tmp_path_factory.mktemp("notices") / "workspace")


@pytest.fixture
def context(bare_workspace: Workspace) -> Iterator[Context]:
    """Open a unit of work at a fixed moment."""
    with open_context(bare_workspace.root, now=NOW) as opened:
        yield opened


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """Make a workspace of its own."""
    return create_workspace(tmp_path / "workspace")
