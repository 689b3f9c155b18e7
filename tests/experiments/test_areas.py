"""Areas that begin something for good: planned, dealt out, read against the others, and observed without any trial."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from tests.experiments.conftest import a_switchback

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.experiments.domain.panel_reading import Method
from tiffin.capabilities.experiments.domain.trial import Unit, trial_from
from tiffin.capabilities.experiments.service.assigning import assign
from tiffin.capabilities.experiments.service.laying_out import Wanted, matched_areas, power_of_areas
from tiffin.capabilities.experiments.service.observing import Question, observe, starts_from
from tiffin.capabilities.experiments.service.powering import power_curve
from tiffin.capabilities.experiments.service.reading import last_readout, read
from tiffin.capabilities.experiments.service.records import record_of
from tiffin.capabilities.experiments.service.telling import plain_observed, plain_readout
from tiffin.capabilities.experiments.service.trials import act, find_trial, propose
from tiffin.capabilities.facts import service as facts
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 2, 16), date(2026, 3, 1)
BEFORE = 84
ZONES = tuple(f"zone-{number}" for number in range(10))
TREATED = ("zone-2", "zone-5")
FEWER = 0.25
"""By which share the treated zones have fewer orders from the first day on."""


def _orders() -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(11)
    days = BEFORE + 14
    common = np.cumsum(chance.standard_normal(days)) / 6
    number = 0
    for day in range(days):
        on = FIRST - timedelta(days=BEFORE) + timedelta(days=day)
        for place, zone in enumerate(ZONES):
            level = (14 + place) * np.exp(0.1 * common[day] * (1 + place % 3))
            level *= 1 - FEWER * (on >= FIRST and zone in TREATED)
            for _ in range(round(float(level + chance.standard_normal()))):
                number += 1
                placed = datetime(on.year, on.month, on.day, 12, 10, tzinfo=UTC)
                yield {
                    "city_id": "amman", "country": "JO", "currency": "JOD", "order_id": f"o-{number}", "zone_id": zone,
                    "merchant_id": "m-1", "status": "delivered", "placed_at": placed,
                    "promised_at": placed + timedelta(minutes=30), "delivered_at": placed + timedelta(minutes=25),
                    "basket_minor": 5000, "delivery_fee_minor": 500, "discount_minor": 0,
                }  # fmt: skip


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A city of ten zones that move together, two of which lost a quarter of their orders."""
    workspace = new_workspace(tmp_path_factory.mktemp("areas") / "workspace")
    known = {"city_id": "amman", "name": "Amman", "country": "JO", "timezone": "Asia/Amman", "timezone_known": True,
             "cutoff_min": 240, "weekend": "5,6", "currency": "JOD", "is_simulated": True}  # fmt: skip
    rows = {
        "cities": [known],
        "zones": [{"city_id": "amman", "zone_id": zone, "name": zone} for zone in ZONES],
        "orders": list(_orders()),
    }
    for table, found in rows.items():
        schema = pa.schema([one for one in arrow_schema(TABLES[table]) if one.name in found[0]])
        with open_context(workspace.root, now=NOW) as context:
            facts.write_facts(context, table, pa.Table.from_pylist(found, schema=schema).to_reader(), "simulated:test")
    return workspace


@pytest.fixture
def place(city: Workspace, tmp_path: Path) -> Workspace:
    return open_workspace(Path(shutil.copytree(city.root, tmp_path / "workspace")))


def entered(place: Workspace, name: str, role: Role, now: datetime = NOW, **scope: tuple[str, ...]) -> Any:
    grants = (Grant(role, **({"countries": ("*",), "cities": ("*",)} | scope)),)
    return open_unit(open_workspace(place.root), lambda _: Actor(name, grants), now=now)


def a_geo(**changes: Any) -> dict[str, Any]:
    """A geographic trial of the two zones."""
    starts = [{"area": f"amman/{zone}", "day": FIRST.isoformat()} for zone in TREATED]
    whole = {"name": "fewer shops", "design": "geo", "cities": ["amman"], "metric": "orders", "window_min": 0,
             "guardrails": [], "starts": starts, "smallest_effect": 1}  # fmt: skip
    return a_switchback(**whole) | changes


def a_staged(**changes: Any) -> dict[str, Any]:
    """A staged roll-out over all zones."""
    return a_geo(name="in waves", design="staged", starts=[], stages=2, stage_days=4) | changes


def run(place: Workspace, plain: dict[str, Any], now: datetime = NOW) -> None:
    with entered(place, "ana", Role.ANALYST, now) as context:
        propose(context, plain)
        act(context, plain["name"], "submit_trial")
    with entered(place, "omar", Role.CITY_MANAGER, now) as context:
        act(context, plain["name"], "approve_trial")
        act(context, plain["name"], "start_trial")


def over(context: Context, name: str) -> None:
    act(context, name, "stop_trial", {"reason": "over"})


def test_a_geographic_trial_finds_what_was_planted_and_shows_its_tests(place: Workspace) -> None:
    run(place, a_geo())
    with entered(place, "omar", Role.CITY_MANAGER) as context:
        over(context, "fewer shops")
        found = read(context, "fewer shops")
    (one,) = found.arms
    assert one.estimate is not None
    assert one.estimate.low < -FEWER * 17.5 < one.estimate.high < 0
    assert one.findings is not None
    panel = one.findings.panel
    assert panel is not None
    assert panel.starts_at == FIRST.isoformat()
    assert all(test.passed for test in panel.placebos)
    assert set(panel.weights) <= {f"amman/{zone}" for zone in ZONES if zone not in TREATED}
    with entered(place, "omar", Role.CITY_MANAGER) as context:
        kept = last_readout(context, record_of(context, "fewer shops"))
        assert kept is not None
        assert plain_readout(kept) == plain_readout(found)


def test_a_geographic_trial_gives_its_areas_their_arms_from_its_first_day(place: Workspace) -> None:
    run(place, a_geo(), datetime(2026, 2, 17, 9, tzinfo=UTC))
    with entered(place, "omar", Role.CITY_MANAGER, datetime(2026, 2, 17, 9, tzinfo=UTC)) as context:
        found = assign(context, "fewer shops", ["amman/zone-2", "amman/zone-3"])
        assert [one.arm for one in found] == ["further", "today"]


def test_the_waves_of_a_staged_roll_out_are_dealt_out_by_chance_and_keep_two_areas(place: Workspace) -> None:
    with entered(place, "ana", Role.ANALYST) as context:
        first = propose(context, a_staged()).trial
        other = propose(context, a_staged(name="again")).trial
        assert find_trial(context, "in waves").trial.starts == first.starts
    assert len(first.starts) == 7
    assert {one.day for one in first.starts} == {FIRST, FIRST + timedelta(days=4)}
    assert {one.area for one in first.starts} != {one.area for one in other.starts}


def test_a_staged_roll_out_without_an_effect_finds_none(place: Workspace) -> None:
    run(place, a_staged(seed="five"))
    with entered(place, "omar", Role.CITY_MANAGER) as context:
        over(context, "in waves")
        (one,) = read(context, "in waves").arms
    assert one.estimate is not None
    assert one.findings is not None
    assert one.findings.panel is not None
    assert [gap.at for gap in one.findings.panel.gaps if gap.at == "0"] == ["0"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts": []}, "Choose the treated areas"),
        ({"starts": [{"area": "amman/moon", "day": FIRST.isoformat()}]}, "moon"),
        ({"unit": "merchant"}, "zones or cities"),
        ({"design": "split", "unit": "zone"}, "Only geographic"),
        ({"starts": [{"area": "amman/zone-1", "day": LAST.isoformat()}]}, "staged"),
    ],
)
def test_areas_that_make_no_sense_are_refused(place: Workspace, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUse, match=said), entered(place, "ana", Role.ANALYST) as context:
        propose(context, a_geo(**changes))


def test_matched_areas_are_rehearsed_in_the_metrics_own_history(place: Workspace) -> None:
    wanted = Wanted("orders", Unit.ZONE, ("amman",), (1, 2), 7, FIRST)
    with entered(place, "ana", Role.ANALYST) as context:
        found = matched_areas(context, wanted)
    best = found[0]
    assert np.isfinite(best.smallest_effect)
    assert abs(best.smallest_effect) <= 0.2
    assert best.false_alarms <= 0.25
    assert all(area.startswith("amman/") for area in best.cities)


def test_the_power_of_a_geographic_trial_is_rehearsed_on_its_own_areas(place: Workspace) -> None:
    with entered(place, "ana", Role.ANALYST) as context:
        found = power_of_areas(context, trial_from(a_geo(last="2026-02-22")))
    assert set(found.cities) == {f"amman/{zone}" for zone in TREATED}
    assert found.power[0.3] >= found.power[0.02]


def test_the_power_of_a_staged_roll_out_is_simulated_from_history(place: Workspace) -> None:
    with entered(place, "ana", Role.ANALYST) as context:
        found = power_curve(context, a_staged(), lengths=(14,))
    assert found.points[-1].smallest_effect < 10
    assert "power_is_simulated" in {one.key for one in found.cautions}


@pytest.mark.parametrize("method", [Method.DID, Method.SYNTHETIC_CONTROL, Method.SYNTHETIC_DID, Method.STAGGERED])
def test_what_began_without_a_trial_is_observed_with_its_assumptions(place: Workspace, method: Method) -> None:
    starts = starts_from([f"amman:{zone}" for zone in TREATED], [FIRST])
    with entered(place, "ana", Role.ANALYST) as context:
        found = plain_observed(observe(context, Question("orders", method, starts, LAST)))
    assert found["effect"] == pytest.approx(-FEWER * 17.5, abs=1.5)
    assert found["assumptions"]
    assert found["panel"]["placebos"]
    assert found["compared_with"] == 8


def test_nobody_observes_cities_that_he_may_not_see(place: Workspace) -> None:
    question = Question("orders", Method.DID, starts_from(["amman/zone-2"], [FIRST]), LAST)
    elsewhere = {"countries": ("HK",), "cities": ()}
    with (
        pytest.raises((Forbidden, NotFound)),
        entered(place, "eva", Role.CITY_MANAGER, **elsewhere) as context,
    ):
        observe(context, question)


@pytest.fixture
def browser(place: Workspace) -> Iterator[TestClient]:
    with open_context(place.root) as context:
        access.add_account(context, "ana", password="a long password")  # noqa: S106 - of a test
        access.grant(context, "ana", Role.ANALYST, countries=["*"], terms=access.Terms("tests"))
        link = access.make_sign_in_link(context, "ana")
    with TestClient(create_app(place), cookies={"tiffin_locale": "en"}) as client:
        client.get(f"/sign-in/{link}")
        yield client


def test_pages_observe_and_propose_areas(browser: TestClient) -> None:
    asked = {"metric": "orders", "design": "synthetic_did", "treated": "amman/zone-2, amman/zone-5",
             "from": FIRST.isoformat(), "through": LAST.isoformat()}  # fmt: skip
    found = browser.get("/experiments/observe", params=asked)
    assert found.status_code == 200
    assert all(part in found.text for part in ("Tests that should find nothing", "What it takes for granted", "<svg"))
    refused = browser.get("/experiments/observe", params=asked | {"treated": "amman/moon"})
    assert refused.status_code == 400
    assert "moon" in refused.text

    typed = {"name": "x", "question": "x", "design": "geo", "unit": "zone", "arm_0": "today", "arm_1": "new",
             "cities": ["amman"], "first": FIRST.isoformat(), "last": "2026-02-22", "metric": "orders",
             "smallest_effect": "1", "size": "2"}  # fmt: skip
    proposed = browser.post("/experiments/areas", data=typed)
    assert proposed.status_code == 200
    assert 'name="take" value="amman/' in proposed.text
    taken = browser.post("/experiments/areas", data=typed | {"take": "amman/zone-2"})
    assert 'value="amman/zone-2"' in taken.text
    made = browser.post("/experiments/new", data=typed | {"treated": "amman/zone-2"})
    assert made.url.path == "/experiments/1"
    assert "amman/zone-2" in made.text
