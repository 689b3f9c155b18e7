"""The command ``tiffin metrics`` as people and programs use it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiffin.cli.entry import main
from tiffin.runtime.workspace import Workspace


@pytest.fixture
def run(small: Workspace, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line and give its exit code, output and errors."""

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["metrics", *words, "--workspace", str(small.root)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def test_json_answers_keep_their_keys(run: Any) -> None:
    code, out, err = run("query", "orders,late_share", "--by", "city_id", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert set(found) == {"columns", "rows", "receipt"}
    assert found["columns"] == ["city_id", "orders", "late_share"]
    assert len(found["rows"]) == 4
    assert {"metrics", "tables", "row_filters", "sql_sha256"} <= set(found["receipt"])


def test_every_option_narrows_or_orders_the_answer(run: Any) -> None:
    words = ("--by", "city_id,business_date", "--where", "city_id != 'jeddah'", "--where", "local_hour >= 6")
    days = ("--from", "2026-01-28", "--to", "2026-02-02", "--order", "-orders", "--limit", "5")
    found = json.loads(run("query", "orders", *words, *days, "--json")[1])["rows"]
    assert len(found) == 5
    assert [row[2] for row in found] == sorted((row[2] for row in found), reverse=True)
    assert all(row[0] != "jeddah" and "2026-01-28" <= row[1] <= "2026-02-02" for row in found)


def test_both_engines_print_the_same(run: Any) -> None:
    words = ("query", "orders", "refund_share", "--by", "city_id", "--json")
    one, other = (json.loads(run(*words, "--engine", engine)[1]) for engine in ("duckdb", "spark"))
    assert one["rows"] == other["rows"]
    assert (one["receipt"]["engine"], other["receipt"]["engine"]) == ("duckdb", "spark")


def test_people_read_a_table_with_localised_numbers(run: Any) -> None:
    code, out, _ = run("query", "orders", "late_share", "basket_value", "--by", "city_id")
    assert code == 0
    assert "Late share" in out
    assert "%" in out
    assert "KWD" in out
    assert "Some of these facts are simulated." in out
    assert "نسبة التأخر" in run("query", "late_share", "--locale", "ar")[1]


def test_what_is_not_recorded_everywhere_is_said(empty: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "query", "orders", "--workspace", str(empty.root)]) == 0
    assert "no city only" in capsys.readouterr().out


def test_the_list_is_searched(run: Any) -> None:
    names = [item["name"] for item in json.loads(run("list", "utilis", "--json")[1])["metrics"]]
    assert names == ["rehearsed_rider_utilisation", "rider_utilisation", "session_utilisation", "team_utilisation"]
    assert "rider_utilisation" in run("list", "utilis")[1]


def test_a_metric_is_shown_with_formula_columns_and_tree(run: Any) -> None:
    out = run("show", "completion_rate")[1]
    for part in (
        "Share of ended orders",
        "orders.status",
        "delivered_orders (multiplies)",
        "cancellation_rate (subtracts)",
    ):
        assert part in out
    found = json.loads(run("show", "completion_rate", "--json")[1])
    assert found["made_of"] == ["delivered_orders", "ended_orders"]
    assert found["examples"][0]["gives"] == [[0.75]]


def test_an_explanation_shows_sql_and_lineage(run: Any) -> None:
    out = run("explain", "late_share", "--by", "week")[1]
    assert all(
        part in out for part in ("duckdb", "spark", "DATE_TRUNC", "orders.promised_at", "version 1 since 2026-01-01")
    )
    assert "spark" not in run("explain", "late_share", "--engine", "duckdb")[1]
    found = json.loads(run("explain", "late_share", "--json")[1])
    assert set(found["sql"]) == {"duckdb", "spark"}
    assert found["lineage"]["late_share"]["metrics"] == ["late_orders", "promised_deliveries"]


def test_a_check_ends_with_the_count_of_what_it_ran(run: Any) -> None:
    code, out, _ = run("check", "completion_rate", "--engine", "duckdb")
    assert code == 0
    assert "2 worked examples run on duckdb: 0 faulty definitions, 0 failed examples." in out


@pytest.mark.parametrize(("old", "new", "code"), [("gives: 1", "gives: 2", 1), ("unit: orders", "unit: apples", 3)])
def test_a_failed_check_says_so_by_its_exit_code(
    empty: Workspace, metric_yaml: str, capsys: pytest.CaptureFixture[str], old: str, new: str, code: int
) -> None:
    (empty.overlay("metrics") / "own.yaml").write_text(metric_yaml.replace(old, new), encoding="utf-8")
    words = ["metrics", "check", "own_orders", "--engine", "duckdb", "--json", "--workspace", str(empty.root)]
    assert main(words) == code
    found = json.loads(capsys.readouterr().out)
    assert bool(found["failures"]) == (code == 1)
    assert bool(found["problems"]) == (code == 3)


def test_an_export_is_a_csv_that_spreadsheets_cannot_be_tricked_with(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    code, out, err = run("export", "orders", "rating_mean", "--by", "city_id,business_date", "--out", str(file))
    assert (code, out) == (0, "")
    assert "rows written to" in err
    lines = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    assert lines[0] == ["city_id", "business_date", "orders", "rating_mean"]
    assert lines[1][1].startswith("2026-")
    assert run("export", "orders")[1] == "orders\r\n400\r\n"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("query", "ordrs"), 4, "Did you mean orders"),
        (("query", "refunds", "--by", "local_hour"), 2, "cannot be split"),
        (("query", "orders", "--where", "city_id"), 2, "does not compare"),
        (("query", "orders", "--from", "noon"), 2, "business date"),
        (("query", "basket_value"), 2, "several currencies"),
        (("show", "nothing"), 4, "no metric"),
        (("check", "nothing", "--engine", "duckdb"), 4, "no metric"),
        (("query",), 2, ""),
    ],
)
def test_a_mistake_is_one_paragraph_and_an_exit_code(run: Any, words: tuple[str, ...], code: int, message: str) -> None:
    found, out, err = run(*words)
    assert found == code
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_another_number_is_given_as_a_query_a_file_or_a_pipe(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "-- what finance counts\nselect count(*) from orders"
    (tmp_path / "their numbers.sql").write_text(sql, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(sql))

    ways = [sql, sql.partition("\n")[2], str(tmp_path / "their numbers.sql"), "-"]
    told = [run("differ", "delivered_orders", "--sql", way, "--json") for way in ways]

    assert {(code, out) for code, out, _ in told} == {(0, told[0][1])}
    assert json.loads(told[0][1])["parts"]


def test_a_query_that_lies_nowhere_is_told_to_be_no_file(run: Any) -> None:
    code, out, err = run("differ", "delivered_orders", "--sql", "selected_orders.sql")

    assert (code, out) == (4, "")
    assert "selected_orders.sql" in err


def test_a_difference_is_told_from_one_number_to_the_other_with_currency(run: Any) -> None:
    sql = "select sum(amount_minor) from refunds where city_id = 'riyadh' and amount_minor > 500"
    told = run("differ", "refund_value", "--sql", sql)[1].replace("\xa0", " ")
    same = run("differ", "orders", "--sql", "select count(*) from orders")[1]

    lines = told.splitlines()
    assert lines[1].startswith("refund_value")
    assert "SAR" in lines[1]
    assert lines[-2].startswith("The other number")
    assert lines[-2].split()[-1] == lines[-3].split()[-1]
    assert "Both numbers are the same." in same
    assert "Both numbers are the same." not in run("differ", "orders", "--other", "delivered_orders")[1]


def test_whoever_asks_for_money_of_several_currencies_is_shown_a_filter_that_works(run: Any) -> None:
    code, _, err = run("query", "refund_value")
    example = err.strip().rpartition("such as ")[2].rstrip(".")

    assert code == 2
    assert run("query", "refund_value", "--where", example)[0] == 0
