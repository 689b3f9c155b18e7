"""The assignment solver against an independent one, and its prices against the law of linear programming."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tiffin.engines.simulation.compiled import entry
from tiffin.engines.simulation.instances.assignment import Market, empty_market, solve


@entry
def solved(market: Market, rows: int, columns: int) -> None:
    solve(market, rows, columns)


def a_market(cost: np.ndarray, alone: np.ndarray) -> Market:
    market = empty_market(rows=cost.shape[0] + 2, columns=cost.shape[1] + 3)
    market.cost[: cost.shape[0], : cost.shape[1]] = cost
    market.alone[: len(alone)] = alone
    solved(market, *cost.shape)
    return market


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
    kind=st.sampled_from(["whole", "real"]),
)
def test_an_assignment_costs_the_least_and_its_prices_prove_it(seed: int, rows: int, columns: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 9, (rows, columns)) * 1.0 if kind == "whole" else rng.uniform(0, 50, (rows, columns))
    cost[rng.random((rows, columns)) < 0.3] = np.inf
    alone = rng.uniform(5, 40, rows)
    market = a_market(cost, alone)

    chosen = market.column_of[:rows]
    paid = np.where(chosen >= 0, cost[np.arange(rows), chosen], alone).sum()
    with_way_out = np.hstack([np.where(np.isinf(cost), 1e6, cost), np.where(np.eye(rows) == 1, alone, 1e6)])
    least = with_way_out[linear_sum_assignment(with_way_out)].sum()
    taken = chosen[chosen >= 0]

    assert len(set(taken)) == len(taken)
    assert np.isclose(paid, least)
    u, v = market.row_price[:rows], market.column_price[:columns]
    assert np.isclose(u.sum() + v.sum(), paid)
    assert (v <= 1e-9).all()
    assert (u <= alone + 1e-9).all()
    assert (u[:, None] + v[None, :] <= cost + 1e-9).all()
