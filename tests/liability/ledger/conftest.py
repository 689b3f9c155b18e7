"""A workspace with nothing booked, people of named roles in it, and verdicts to book."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)  # a Monday, 11:00 in Riyadh
Entering = Callable[..., AbstractContextManager[Context]]


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant, or of a party about its own affairs."""

    @contextmanager
    def entered(
        name: str = "ana",
        role: Role = Role.ADJUDICATOR,
        *,
        countries: tuple[str, ...] = ("SA",),
        cities: tuple[str, ...] = (),
        now: datetime = NOW,
        locale: str = "en",
        party: OwnParty | None = None,
    ) -> Iterator[Context]:
        grants = () if party else (Grant(role, countries, cities),)
        with open_unit(workspace, lambda _: Actor(name, grants, party=party), now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture(scope="session")
def a_verdict() -> Callable[..., Verdict]:
    """A rider's two points, sixty riyals from a merchant and as much for the customer; only what matters is stated."""

    def made(number: int = 1, *, order: str = "o-1", incident: dict[str, Any] | None = None, **changes: Any) -> Verdict:
        about = Incident(
            "riyadh",
            "SA",
            order,
            IncidentType.LATE,
            NOW,
            date(2026, 2, 16),
            NOW,
            "customer",
            "rider-7",
            "shop-3",
            "c-9",
        )
        about = replace(about, **(incident or {}))
        plain = Verdict(
            f"{about.key}|{number}",
            about,
            {Party.RIDER: WHOLE // 2, Party.MERCHANT: WHOLE // 2},
            "verdict-late",
            "v1",
            "both late",
            {"en": "The rider waited 20 minutes too long.", "ar": "تأخر المندوب 20 دقيقة."},
            0.9,
            DecidedBy.POLICY,
            NOW,
            points={Party.RIDER: 2},
            recovery_minor={Party.MERCHANT: 6000},
            compensation_minor=6000,
            currency="SAR",
        )
        return replace(plain, **changes)

    return made
