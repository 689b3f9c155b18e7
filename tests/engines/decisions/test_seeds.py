"""Texts that once brought the engine down, or took too long, are met as any other."""

from pathlib import Path
from typing import Any

import pytest

SOON_S = 10.0
"""Five times what `benchmarks/feel_fuzzing.py` asks, so that a busy machine does not decide."""
SEEDS = sorted((Path(__file__).parent / "seeds").iterdir())


@pytest.fixture(scope="module")
def hostile_texts(project_root: Path) -> Any:
    """The benchmarks' own judgement of a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        import hostile_texts as found  # noqa: PLC0415 - from the folder of benchmarks

        return found


@pytest.mark.parametrize("seed", SEEDS, ids=[one.name for one in SEEDS])
def test_a_text_that_brought_the_engine_down_once_does_so_no_more(seed: Path, hostile_texts: Any) -> None:
    kind = seed.name.partition("-")[0]

    assert hostile_texts.fault_of(kind, seed.read_bytes(), SOON_S) == ""
