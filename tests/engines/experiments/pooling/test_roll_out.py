"""A roll-out in waves, and the gates between them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.estimate import DesignRefused, Estimate
from tiffin.engines.experiments.pooling.gates import Gate, Guardrail, Verdict, followed, passage
from tiffin.engines.experiments.pooling.prediction import of_new
from tiffin.engines.experiments.pooling.random_effects import RandomEffects, fit
from tiffin.engines.experiments.pooling.roll_out import Candidates, chosen, planned, worth_of_knowing
from tiffin.engines.experiments.pooling.trials import Trials

SHARES = (0.1, 0.4, 1.0)


def a_model(seed: int = 0, cities: int = 15) -> RandomEffects:
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((cities, 1))
    return fit(Trials(2 + 1.5 * z[:, 0] + rng.standard_normal(cities), np.full(cities, 0.7), z))


def some_candidates(n: int, seed: int = 0, *, cost: float = 1.5) -> Candidates:
    rng = np.random.default_rng(seed)
    return Candidates(
        tuple(f"city-{i}" for i in range(n)),
        rng.standard_normal((n, 1)),
        rng.integers(1_000, 50_000, n).astype(float),
        np.full(n, cost),
    )


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(0, 1000))
def test_each_city_is_in_one_wave_or_left_out(n: int, seed: int) -> None:
    candidates = some_candidates(n, seed, cost=-5.0 if seed % 2 else 1.5)
    belief = of_new(a_model(), candidates.features)
    if not chosen(belief, candidates.costs).any():
        return

    plan = planned(a_model(), candidates, wave_shares=SHARES, holdout_share=0.1)

    going = [step for wave in plan.waves for step in wave]
    assert sorted(s.city for s in (*going, *plan.left_out)) == sorted(candidates.names)
    assert all(s.gain > 0 for s in going)
    assert all(s.gain <= 0 for s in plan.left_out)
    assert {s.city for s in going} == {
        name for name, goes in zip(candidates.names, chosen(belief, candidates.costs), strict=True) if goes
    }


@settings(max_examples=40)
@given(st.integers(3, 40), st.integers(0, 1000))
def test_a_wave_reaches_no_more_orders_than_it_may_unless_it_is_one_city(n: int, seed: int) -> None:
    candidates = some_candidates(n, seed, cost=-9.0)
    orders = dict(zip(candidates.names, candidates.orders, strict=True))

    plan = planned(a_model(), candidates, wave_shares=SHARES, holdout_share=0.0)

    reached = 0.0
    for wave, share in zip(plan.waves, SHARES[: len(plan.waves)], strict=True):
        reached += sum(orders[s.city] for s in wave)
        assert len(wave) == 1 or wave is plan.waves[-1] or reached <= share * candidates.orders.sum() * (1 + 1e-6)


def test_cities_that_gain_much_for_what_they_risk_go_first() -> None:
    candidates = Candidates(("weak", "strong"), np.array([[0.0], [2.0]]), np.full(2, 1e4), np.full(2, 1.5))

    plan = planned(a_model(), candidates, wave_shares=(0.5, 1.0), holdout_share=0.1)

    assert [s.city for wave in plan.waves for s in wave] == ["strong", "weak"]
    strong, weak = (wave[0] for wave in plan.waves)
    assert strong.chance_of_loss < weak.chance_of_loss
    assert plan.holdout_share == 0.1


def test_knowing_one_city_is_worth_most_where_it_may_turn_what_is_done_in_others() -> None:
    model, features = a_model(), np.array([[0.0], [0.1], [-0.1]])
    at = float(of_new(model, features[:1]).expected[0])
    close, far = (Candidates(("a", "b", "c"), features, np.full(3, 1e4), np.full(3, cost)) for cost in (at, at - 20))

    assert (worth_of_knowing(model, close, of_new(model, features)) > 0).all()
    assert worth_of_knowing(model, far, of_new(model, features)) == pytest.approx(np.zeros(3), abs=1e-3)


def test_one_city_alone_teaches_nothing_about_others() -> None:
    candidates = some_candidates(1, cost=-5.0)

    plan = planned(a_model(), candidates, wave_shares=SHARES, holdout_share=0.0)

    assert plan.waves[0][0].learning == 0


def test_a_remedy_that_gains_nowhere_is_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        planned(a_model(), some_candidates(4, cost=50.0), wave_shares=SHARES, holdout_share=0.0)

    assert refused.value.caution.key == "no_city_gains"


@pytest.mark.parametrize("shares", [(), (0.5, 0.2, 1.0), (0.5,), (0.0, 1.0)])
def test_waves_that_do_not_end_with_all_are_told(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="ascending shares"):
        planned(a_model(), some_candidates(4), wave_shares=shares, holdout_share=0.0)


def an_estimate(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, 1.0, low, high, 0.5, 10, "a test's")


GATE = Gate(least_days=7, cost=1.0, guardrails=(Guardrail("lost_orders_share", 0.5, is_better_high=False),))


@pytest.mark.parametrize(
    ("days", "effect", "harm", "verdict", "because"),
    [
        (10, (1.2, 3.0), (-0.3, 0.4), Verdict.GO_ON, ()),
        (3, (1.2, 3.0), (-0.3, 0.4), Verdict.WAIT, ("days",)),
        (10, (1.2, 3.0), (-0.3, 0.9), Verdict.WAIT, ("lost_orders_share",)),
        (10, (-1.0, 2.0), (-0.3, 0.4), Verdict.WAIT, ("effect",)),
        (1, (1.2, 3.0), (0.6, 0.9), Verdict.STOP, ("lost_orders_share",)),
        (1, (0.1, 0.9), (-0.3, 0.4), Verdict.STOP, ("effect",)),
        (10, (np.nan, np.nan), (-np.inf, np.inf), Verdict.WAIT, ("lost_orders_share", "effect")),
    ],
)
def test_a_gate_goes_on_waits_or_stops(
    days: int, effect: tuple[float, float], harm: tuple[float, float], verdict: Verdict, because: tuple[str, ...]
) -> None:
    found = passage(GATE, days=days, effect=an_estimate(*effect), guarded=[an_estimate(*harm)])

    assert (found.verdict, found.because) == (verdict, because)


def test_a_metric_that_is_better_high_is_harmed_by_going_down() -> None:
    guardrail = Guardrail("orders", 1.0, is_better_high=True)

    assert guardrail.harm(an_estimate(-3.0, -2.0)) == (2.0, 3.0)


def test_a_gate_is_judged_by_as_many_estimates_as_it_has_guardrails() -> None:
    with pytest.raises(ValueError, match="as many estimates"):
        passage(GATE, days=1, effect=an_estimate(0, 1), guarded=[])


def test_however_often_one_looks_a_remedy_without_harm_is_seldom_stopped_and_one_with_harm_soon() -> None:
    """Intervals that hold at all looks together: a normal mixture (Robbins 1970) over 300 looks."""
    rng = np.random.default_rng(4)
    n, alpha, rho = np.arange(1, 301), 0.1, 30.0
    radius = np.sqrt((n + rho) / n**2 * np.log((n + rho) / (rho * alpha**2)))
    gate = Gate(least_days=10_000, cost=-100.0, guardrails=(Guardrail("minutes", 0.0, is_better_high=False),))

    def stops(harm: float) -> float:
        ended = []
        for _ in range(100):
            means = (harm + rng.standard_normal(300)).cumsum() / n
            looks = [
                (int(i), an_estimate(0, 1), [an_estimate(m - r, m + r)])
                for i, m, r in zip(n, means, radius, strict=True)
            ]
            ended.append(followed(gate, looks)[1].verdict is Verdict.STOP)
        return float(np.mean(ended))

    assert stops(0.0) <= 0.1
    assert stops(0.5) >= 0.95
