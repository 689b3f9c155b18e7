"""Scores: the worked cases of the shipped file, and what any file must say."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.adoption.domain.scoring import Need, Worth, readiness, score
from tiffin.capabilities.adoption.service.parameters import FOLDER, read_parameters, read_scoring, scoring_in
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

SHIPPED = FOLDER / "scoring" / "2026-01-01.yaml"
SCORING = scoring_in(SHIPPED)
CASES = without_lines(read_yaml(SHIPPED))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_score_is_what_was_worked_by_hand(case: dict) -> None:
    found = score(Worth(**case["asked"]), SCORING)

    assert {one.name: one.points for one in found.parts} == case["points"]
    assert found.total == case["score"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("score: 86.0", "score: 87.0", "should give"),
        ("at_least: 3\n", "at_least: 9\n", "rise"),
        ("points: 5\n", "points: 6\n", "0 to 5"),
        ("ar: بضعة أشخاص, ", "", "reason in each of"),
        ("hour_worth: 15", "hour_worth: 0", "above nought"),
        ("weights: {value: 35,", "weights: {", "fault at"),
        ("scoring: requirements", "scoring: dreams", "must begin"),
    ],
)
def test_a_faulty_scoring_is_refused_with_its_reason(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    file = tmp_path / "2026-03-01.yaml"
    file.write_text(text.replace(was, becomes), encoding="utf-8")

    assert was in text
    with pytest.raises(InvalidDefinition, match=said):
        scoring_in(file)


def test_a_workspace_states_its_own_scoring_from_a_day_on(workspace: Workspace) -> None:
    folder = workspace.overlay("adoption") / "scoring"
    folder.mkdir(parents=True)
    own = SHIPPED.read_text(encoding="utf-8").replace("valid_from: 2026-01-01", "valid_from: 2026-03-01")
    (folder / "2026-03-01.yaml").write_text(own, encoding="utf-8")

    assert read_scoring(workspace, date(2026, 2, 28)).valid_from == date(2026, 1, 1)
    assert read_scoring(workspace, date(2026, 3, 1)).valid_from == date(2026, 3, 1)
    with pytest.raises(InvalidDefinition, match="No scoring"):
        read_scoring(workspace, date(2025, 1, 1))


def test_a_workspace_states_its_own_parameters_with_their_source(workspace: Workspace) -> None:
    folder = workspace.overlay("parameters")
    folder.mkdir(exist_ok=True)
    file = folder / "adoption.yaml"
    entry = "parameters:\n  - {name: notice_days, value: 30, unit: days, from: 2026-02-01, source: The council}\n"
    file.write_text(entry, encoding="utf-8")

    assert read_parameters(workspace, date(2026, 2, 1))["notice_days"] == 30
    assert read_parameters(workspace, date(2026, 1, 31))["notice_days"] == 14
    for wrong in (entry.replace("source", "why"), entry.replace("notice", "nice"), entry.replace("30", "none")):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(InvalidDefinition):
            read_parameters(workspace, date(2026, 2, 1))


people = st.integers(1, 500)
amounts = st.none() | st.floats(0, 1e6)


@given(people, amounts, st.floats(0, 200), st.floats(0, 1), st.floats(0, 1), st.integers(0, 100))
def test_more_readers_more_worth_and_more_data_never_lower_a_score(
    count: int, amount: float | None, days: float, ready: float, more_ready: float, more: int
) -> None:
    less = Worth("weekly", count, amount=amount, effort_days=days, readiness=min(ready, more_ready))
    greater = Worth(
        "weekly", count + more, amount=amount, effort_days=days / (1 + more), readiness=max(ready, more_ready)
    )

    assert 0 <= score(less, SCORING).total <= score(greater, SCORING).total <= 100


def test_readiness_counts_a_metric_that_breaks_its_targets_half() -> None:
    needs = (
        Need("metric:late_share", "riyadh", is_there=True, keeps_targets=True),
        Need("metric:late_share", "helsinki", is_there=True, keeps_targets=False),
        Need("table:ratings", "riyadh", is_there=True),
        Need("table:ratings", "helsinki", is_there=False),
    )

    assert readiness(needs) == 0.625
    assert readiness(()) is None
