"""Cases of localisation from files: the public ones, and files that cannot be read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.balance.cli import register
from tiffin.capabilities.balance.domain.root_cause_cases import AnsweredCase, read_combination, read_known, score
from tiffin.capabilities.balance.service.root_cause_cases import answer_cases, known_cases
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse

LEAST = {"B0": 0.98, "S": 0.70, "L": 0.90}


def run(*words: str) -> Any:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(words))


def a_case(**changes: Any) -> dict[str, Any]:
    """Twelve leaves, of which those of a=x lost half."""
    columns = {
        "case": ["one"] * 12,
        "a": [*"xyzw"] * 3,
        "b": [v for v in "pqr" for _ in range(4)],
        "real": [50.0, 101.0, 99.0, 100.0, 51.0, 98.0, 102.0, 100.0, 49.0, 100.0, 101.0, 99.0],
        "predict": [100.0] * 12,
    }
    columns.update(changes)
    return {name: column for name, column in columns.items() if column is not None}


def some_minutes(**changes: Any) -> dict[str, Any]:
    """Four leaves over five minutes; at the last one half of the events of a=x are affected."""
    minutes = [60.0 * (k // 4) for k in range(20)]
    columns = {
        "case": ["one"] * 20,
        "min": minutes,
        "a": [*"xxyy"] * 5,
        "b": [*"pqpq"] * 5,
        "gone": [None] * 20,
        "value": [100.0 if m == 240.0 and a == "x" else 4.0 for m, a in zip(minutes, [*"xxyy"] * 5, strict=True)],
        "cnt": [200.0] * 20,
    }
    columns.update(changes)
    return {name: column for name, column in columns.items() if column is not None}


def written(folder: Path, columns: dict[str, Any], known: list[dict[str, Any]] | None = None) -> Path:
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    pq.write_table(table, folder / "cases.parquet")
    if known is not None:
        (folder / "cases.json").write_text(json.dumps(known), encoding="utf-8")
    return folder


@pytest.mark.parametrize("sets", [("B0", "RS"), pytest.param(("B0", "S", "L", "RS"), marks=pytest.mark.full)])
def test_public_cases_of_amounts_and_of_shares_are_answered_by_one_configuration(
    tmp_path: Path, shared: Path, sets: tuple[str, ...]
) -> None:
    for name in ("cases.json", *(f"{one}.parquet" for one in sets)):
        (tmp_path / name).symlink_to(shared / "peers" / "root-cause" / name)
    known = known_cases(tmp_path)
    answered = answer_cases(tmp_path, known)

    for name, least in LEAST.items():
        of_set = [case for case in answered if case.name.startswith(f"{name}/")]
        f1 = score(of_set, known).f1
        assert f1 is None or f1 >= least, name
    shares = [case for case in answered if case.name.startswith("RS/")]
    truths = {case.name: case.root_causes for case in known}
    assert np.mean([set(case.root_causes) == truths[case.name] for case in shares]) >= 0.70
    assert np.mean([any(set(e) == truths[case.name] for e in case.ranked[:3]) for case in shares]) >= 0.88


def test_the_command_tells_score_causes_and_seconds(tmp_path: Path) -> None:
    done = run(
        "diagnose", "--cases", str(written(tmp_path, a_case(), [{"case": "one", "root_causes": "a=x"}])), "--json"
    )

    found = json.loads(done.stdout)
    assert set(found) == {"f1", "precision", "recall", "seconds", "cases"}
    assert (found["f1"], found["precision"], found["recall"]) == (1.0, 1.0, 1.0)
    (case,) = found["cases"]
    assert set(case) == {"case", "root_causes", "ranked", "seconds"}
    assert (case["case"], case["root_causes"], case["ranked"][0]) == ("one", ["a=x"], ["a=x"])
    assert case["seconds"] >= 0


def test_the_command_tells_cases_without_known_answers_too(tmp_path: Path) -> None:
    done = run("diagnose", "--cases", str(written(tmp_path, a_case())))

    assert done.exit_code == 0, done.output
    assert "a=x" in done.stdout
    assert "F1" not in done.stdout


def test_cases_and_a_city_exclude_each_other(tmp_path: Path) -> None:
    assert isinstance(run("diagnose", "doha", "--cases", str(tmp_path)).exception, WrongUse)
    assert isinstance(run("diagnose").exception, WrongUse)


@pytest.mark.parametrize("timestamp", [240, None])
def test_shares_are_read_at_the_minute_told_or_at_the_last_one(tmp_path: Path, timestamp: float | None) -> None:
    known = [{"case": "one", "timestamp": timestamp, "root_causes": {"a": "x"}}]
    folder = written(tmp_path, some_minutes(), known)
    (answered,) = answer_cases(folder, known_cases(folder))
    assert [str(c) for c in answered.root_causes] == ["a=x"]


def test_a_time_between_minutes_is_read_at_the_minute_before(tmp_path: Path) -> None:
    folder = written(tmp_path, some_minutes(), [{"case": "one", "timestamp": 299, "root_causes": {"a": "x"}}])
    (answered,) = answer_cases(folder, known_cases(folder))
    assert [str(c) for c in answered.root_causes] == ["a=x"]


def test_a_few_rows_with_more_affected_than_there_were_are_read_as_all(tmp_path: Path) -> None:
    value = some_minutes()["value"]
    (answered,) = answer_cases(written(tmp_path, some_minutes(value=[*value[:16], 203.0, *value[17:]])), ())
    assert [str(c) for c in answered.root_causes] == ["a=x"]


def test_a_negative_amount_counts_as_nothing(tmp_path: Path) -> None:
    real = a_case()["real"]
    (answered,) = answer_cases(written(tmp_path, a_case(real=[-3.0, *real[1:]])), ())
    assert [str(c) for c in answered.root_causes] == ["a=x"]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (a_case(predict=None), "Columns case, real and predict"),
        (a_case(case=None), "Columns case, real and predict"),
        (a_case(real=pa.nulls(12, pa.float64())), "column real was expected in .*every row lacks one"),
        (a_case(real=[None, *[1.0] * 11]), "1 of 12 rows lack one"),
        (a_case(predict=[0.0] * 12), "case one: A forecast above 0"),
        (a_case(a=[None] * 12, b=None), "case one: At least one dimension with values"),
        (some_minutes(min=[0.0] * 20), "case one: Rows at minute 0 and at earlier ones"),
        (some_minutes(cnt=[1.0] * 20), "case one: At most as many events affected .* in 20 of 20 rows"),
        (some_minutes(value=[-1.0] * 20), "case one: .* are negative"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_one_clear_paragraph(
    tmp_path: Path, columns: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidData, match=told):
        answer_cases(written(tmp_path, columns), ())


def test_a_folder_without_cases_or_with_broken_ones_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has none"):
        answer_cases(tmp_path, ())
    with pytest.raises(NotFound, match="is no folder"):
        answer_cases(tmp_path / "nowhere", ())
    (tmp_path / "cases.parquet").write_bytes(b"no parquet")
    with pytest.raises(InvalidData, match="cannot be read"):
        answer_cases(tmp_path, ())
    (tmp_path / "cases.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidData, match="A list of objects"):
        known_cases(tmp_path)


def test_named_and_true_combinations_are_counted_over_all_cases_together() -> None:
    known = [
        read_known({"case": "one", "root_causes": "b=p&a=x;a=y"}),
        read_known({"case": "two", "root_causes": [{"a": 1, "b": 2}, {"a": 3}]}),
        read_known({"case": "three"}),
    ]
    answered = [
        AnsweredCase("one", ((read_combination("a=x&b=p"),),), 0.0),
        AnsweredCase("two", ((read_combination("a=3"), read_combination("b=9")),), 0.0),
        AnsweredCase("three", ((read_combination("a=3"),),), 0.0),
        AnsweredCase("unknown", (), 0.0),
    ]
    told = score(answered, known)
    assert (told.precision, told.recall, told.f1) == (pytest.approx(2 / 3), 0.5, pytest.approx(4 / 7))
