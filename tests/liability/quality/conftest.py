"""A workspace with verdicts, people who judge, and people who answer for judgement."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.verdicts import add_verdicts
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.actor import Party as OwnParty
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]
Giving = Callable[..., Verdict]
EVERYTHING = """\
judgement_quality:
  - from: 2026-01-02
    source: A test.
    shares: [{share: 1}]
    unsure_below: 0.8
    unsure_times: 3
    gold_share: 0.5
    days: 28
    level: 0.95
    alpha_relied_on: 0.8
    alpha_tentative: 0.667
    bins: 10
    least_group: 5
    called_below: 0.05
"""


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """Its plan draws every verdict, and as many known cases as there are verdicts."""
    made = new_workspace(tmp_path / "workspace")
    folder = made.overlay("parameters")
    folder.mkdir(exist_ok=True)
    (folder / "quality.yaml").write_text(EVERYTHING, encoding="utf-8")
    return made


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    @contextmanager
    def entered(
        name: str = "mona",
        role: Role = Role.EXPERIENCE_MANAGER,
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
def given_verdict(entering: Entering) -> Giving:
    """Give a verdict by a person, on a rider, unless said otherwise."""

    def give(
        order: str = "o-1",
        *,
        liable: Party = Party.RIDER,
        decider: str | None = "adam",
        confidence: float = 1.0,
        city: str = "riyadh",
        rider: str = "rider-7",
        incident: IncidentType = IncidentType.LATE,
    ) -> Verdict:
        with entering("admin", Role.ADMIN) as context:
            return a_verdict(context, (city, "SA", order, incident, rider), liable, decider, confidence)

    return give


def a_verdict(
    context: Context,
    about: tuple[str, str, str, IncidentType, str],
    liable: Party,
    decider: str | None,
    confidence: float,
) -> Verdict:
    city, country, order, incident, rider = about
    happened = Incident(city, country, order, incident, NOW, date(2026, 2, 16), NOW, "customer", rider, "shop-3", "c-9")
    new = NewCase(DELIVERY_INCIDENT.name, happened.key, "Order", country=country, city_id=city)
    case = open_case(context, new)
    context.session.add(_row(happened, case.case_id))
    context.session.flush()
    verdict = Verdict(
        verdict_id=f"{happened.key}|1",
        incident=happened,
        shares={liable: WHOLE},
        policy="liability",
        policy_version="v",
        row="late.rider",
        reason={"en": "because"},
        confidence=confidence,
        decided_by=DecidedBy.PERSON if decider else DecidedBy.POLICY,
        decided_at=NOW,
        decider=decider,
        case_id=case.case_id,
        facts={"kitchen_delay_min": 3, "rider_delay_min": 21, "is_sealed": True, "order_id": order, "rider_id": rider},
    )
    add_verdicts(context, (verdict,))
    return verdict


def _row(about: Incident, case_id: int) -> IncidentRecord:
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
