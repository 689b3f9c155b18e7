"""A workspace with a posted verdict on a rider, and people who had a part in it or none."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.verdicts import add_verdicts
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.models import Account, AccountGrant
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)  # a Monday, 11:00 in Riyadh
RIDER = OwnParty("rider", "riyadh", "rider-7")
Entering = Callable[..., AbstractContextManager[Context]]
Posting = Callable[..., Verdict]


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    """Open a unit of work of somebody with one grant, or of a party about its own affairs."""

    @contextmanager
    def entered(
        name: str = "rita",
        role: Role = Role.REVIEWER,
        *,
        countries: tuple[str, ...] = ("*",),
        now: datetime = NOW,
        locale: str = "en",
        party: OwnParty | None = None,
    ) -> Iterator[Context]:
        grants = () if party else (Grant(role, countries, ()),)
        with open_unit(workspace, lambda _: Actor(name, grants, party=party), now=now, locale=locale) as context:
            yield context

    return entered


@pytest.fixture
def as_rider(entering: Entering) -> Entering:
    """Open a unit of work of the rider whom the verdict concerns."""

    def entered(**changes: object) -> AbstractContextManager[Context]:
        return entering("rider-account", party=RIDER, **changes)

    return entered


@pytest.fixture
def reviewers(entering: Entering) -> None:
    """Two reviewers with accounts, so that somebody is left to review."""
    with entering("admin", Role.ADMIN) as context:
        for name in ("rita", "saad"):
            add_account(context, name, Role.REVIEWER)
        add_account(context, "steward", Role.STEWARD)


def add_account(context: Context, name: str, role: Role) -> None:
    account = Account(name=name, locale="en", is_owner=False, created_at=context.now)
    context.session.add(account)
    context.session.flush()
    grant = AccountGrant(
        account_id=account.account_id,
        role=role.value,
        countries=["*"],
        cities=[],
        row_filters={},
        opens=[],
        minimum_size=1,
        masks={},
        assets=[],
        granted_at=context.now,
        granted_by="admin",
        expires_at=context.now + timedelta(days=36_500),
        purpose="tests",
        owner="admin",
        source="given",
    )
    context.session.add(grant)
    context.session.flush()


@pytest.fixture
def posted(entering: Entering) -> Posting:
    """Decide and post a verdict: four points on the rider and sixty riyals from the merchant, unless said otherwise."""

    def post(order: str = "o-1", **changes: object) -> Verdict:
        with entering("admin", Role.ADMIN) as context:
            return a_posted_verdict(context, order, **changes)

    return post


def a_posted_verdict(
    context: Context, order: str, *, country: str = "SA", city: str = "riyadh", **changes: object
) -> Verdict:
    """Keep an incident with its case, decide it, and post the verdict."""
    about = Incident(
        city, country, order, IncidentType.LATE, NOW, date(2026, 2, 16), NOW, "customer", "rider-7", "shop-3", "c-9"
    )
    new = NewCase(case_type=DELIVERY_INCIDENT.name, key=about.key, headline="Order", country=country, city_id=city)
    case = open_case(context, new)
    context.session.add(incident_row(about, case.case_id))
    context.session.flush()
    verdict = replace(_plain(about, case.case_id), **changes)  # type: ignore[arg-type]
    add_verdicts(context, (verdict,))
    ledger.post_verdict(context, verdict)
    return verdict


def incident_row(about: Incident, case_id: int) -> IncidentRecord:
    return IncidentRecord(
        incident_key=about.key,
        case_id=case_id,
        city_id=about.city_id,
        country=about.country,
        order_id=about.order_id,
        incident=about.incident.value,
        happened_at=about.happened_at,
        business_date=about.business_date,
        reported_at=about.reported_at,
        reported_by=about.reported_by,
        rider_id=about.rider_id,
        merchant_id=about.merchant_id,
        customer_id=about.customer_id,
        said={},
        is_waiting=False,
        question="",
        priority=0,
        skill="",
        language="",
        proposal={},
        handling_s=0,
    )


def _plain(about: Incident, case_id: int) -> Verdict:
    return Verdict(
        f"{about.key}|1",
        about,
        {Party.RIDER: WHOLE * 6 // 10, Party.MERCHANT: WHOLE * 4 // 10},
        "liability",
        "v1",
        "late.rider",
        {"en": "The rider waited 20 minutes too long."},
        0.9,
        DecidedBy.POLICY,
        NOW,
        points={Party.RIDER: 4},
        recovery_minor={Party.MERCHANT: 6000},
        compensation_minor=6000,
        currency="SAR",
        case_id=case_id,
    )
