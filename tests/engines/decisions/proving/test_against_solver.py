"""The proof says what a solver says that reads the cells by itself, of random tables of every hit policy."""

import random
from typing import Any

import pytest

FEW, MANY = range(120), range(120, 10_000)


def agree(seed: int, drawing: Any, solver: Any) -> list[str]:
    return list(solver.disagreements(drawing.drawn(random.Random(seed))))  # noqa: S311 - tables, not secrets


def test_proof_and_solver_agree_on_random_tables(drawing: Any, solver: Any) -> None:
    assert {seed: found for seed in FEW if (found := agree(seed, drawing, solver))} == {}


@pytest.mark.full
def test_proof_and_solver_agree_on_ten_thousand_random_tables(drawing: Any, solver: Any) -> None:
    assert {seed: found for seed in MANY if (found := agree(seed, drawing, solver))} == {}
