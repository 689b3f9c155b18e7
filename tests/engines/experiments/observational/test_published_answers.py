from pathlib import Path

import pytest
from tests.engines.experiments.observational.causal_worlds import california, geo_cities, programme, rows_of, wages

from tiffin.engines.experiments.observational.arms import compare_arms
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.staggered import Weighing, staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import Solver, synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import synthetic_did
from tiffin.engines.experiments.observational.weighting import Adjustment, weighted_comparison


def test_californias_law_is_read_as_published(shared: Path) -> None:
    panel = california(shared)

    by_both = synthetic_did(panel)

    assert difference_in_differences(panel).estimate.effect == pytest.approx(-27.3491, abs=5e-5)
    assert by_both.estimate.effect == pytest.approx(-15.6038, abs=5e-5)
    assert by_both.estimate.se == pytest.approx(10, abs=1.5)
    assert by_both.placebos[0].passed


def test_the_published_synthetic_control_stops_before_its_optimum(shared: Path) -> None:
    panel = california(shared)

    published, exact = synthetic_control(panel, solver=Solver.PUBLISHED), synthetic_control(panel)

    assert published.estimate.effect == pytest.approx(-19.6197, abs=5e-5)
    assert exact.itself.miss_before < published.itself.miss_before
    assert exact.estimate.effect == pytest.approx(published.estimate.effect, abs=0.15)
    assert len(exact.donors) == 38


def test_a_geo_test_is_read_as_published(shared: Path) -> None:
    found = geo_test(geo_cities(shared))

    assert found.estimate.effect == pytest.approx(155.556, abs=5e-4)
    assert found.lift == pytest.approx(0.054, abs=5e-4)
    assert found.incremental == pytest.approx(4667, abs=0.5)
    assert found.scaled_miss == pytest.approx(0.1636, abs=5e-5)
    assert found.weights["cincinnati"] == pytest.approx(0.2272, abs=5e-5)
    assert found.weights["miami"] == pytest.approx(0.2028, abs=5e-5)
    assert found.weights["baton rouge"] == pytest.approx(0.1335, abs=5e-5)
    assert found.any_effect_p < 0.05
    assert found.placebos[0].passed


def test_staggered_wages_are_read_as_published(shared: Path) -> None:
    panel = wages(shared)

    simple = staggered_differences(panel)
    dynamic = staggered_differences(panel, weighing=Weighing.DYNAMIC)

    effects = [round(cell.estimate.effect, 4) for cell in simple.group_times]
    events = {event.after: round(event.estimate.effect, 4) for event in simple.events}
    assert effects[:4] == [-0.0105, -0.0704, -0.1373, -0.1008]
    assert effects[4:8] == [0.0065, -0.0028, -0.0046, -0.0412]
    assert effects[8:] == [0.0305, -0.0027, -0.0311, -0.0261]
    assert [events[after] for after in range(4)] == [-0.0199, -0.0510, -0.1373, -0.1008]
    assert round(simple.estimate.effect, 5) == -0.03995
    assert round(dynamic.estimate.effect, 4) == -0.0772
    assert simple.placebos[0].p == pytest.approx(0.168, abs=5e-4)


def test_a_programme_looks_harmful_until_people_are_made_alike(shared: Path) -> None:
    sample = programme(shared)

    naive = weighted_comparison(sample, Adjustment.NONE, from_before=("re74", "re75"))
    balanced = weighted_comparison(sample, Adjustment.ENTROPY, from_before=("re74", "re75"))

    assert naive.estimate.effect == pytest.approx(-635.03, abs=5e-3)
    assert not any(placebo.passed for placebo in naive.placebos)
    assert balanced.estimate.low < 1794 < balanced.estimate.high
    assert max(abs(row.after) for row in balanced.balance) < 1e-6
    assert "poor_overlap" in {one.key for one in balanced.estimate.cautions}


def test_rates_of_mails_by_lot_are_as_published(shared: Path) -> None:
    rows = list(rows_of(shared / "data/hillstrom/hillstrom.csv"))

    found = compare_arms([float(row["visit"]) for row in rows], [row["segment"] for row in rows], without="No E-Mail")

    assert {arm: round(100 * mean, 2) for arm, mean in found.means.items()} == {
        "Mens E-Mail": 18.28,
        "Womens E-Mail": 15.14,
        "No E-Mail": 10.62,
    }
    assert found.placebos[0].passed
    assert max(one.p for one in found.estimates.values()) < 1e-9
