"""Random requests over random marketplaces are answered from roll-ups, from the facts and in plain Python alike."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SEED = 2026


@pytest.fixture(scope="module")
def proof(project_root: Path) -> Iterator[Any]:
    """The proof that the benchmark runs in full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        yield importlib.import_module("random_requests")


def test_random_requests_compiled_over_tables_in_memory_give_what_plain_python_reads(proof: Any) -> None:
    tally = proof.prove_compiled(SEED + 20, 150, most=1)

    assert tally.differences == []
    assert tally.counts["requests"] == 150


@pytest.mark.parametrize("marketplace", range(4))
def test_random_requests_are_answered_as_plain_python_reads_their_meaning(proof: Any, marketplace: int) -> None:
    tally = proof.prove_batch(SEED + marketplace, 125, 0.0, most=1)

    assert tally.differences == []
    assert tally.counts["requests"] == 125
    kinds = ("from roll-ups", "under a policy", "filled", "in one currency", "under a date or version", "refused")
    assert min(tally.counts[name] for name in kinds) > 4


def test_random_requests_are_answered_alike_by_spark(proof: Any) -> None:
    tally = proof.prove_batch(SEED + 10, 12, 1.0, most=1)

    assert tally.differences == []
    assert tally.counts["on spark"] == 12


@pytest.mark.full
def test_ten_thousand_random_requests_are_answered_as_plain_python_reads_their_meaning(proof: Any) -> None:
    tally = proof.prove(10_000, SEED, jobs=2, spark=0.01)

    assert tally.differences == []
