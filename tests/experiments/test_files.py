"""Tables that somebody brings are read out by the design that made them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from tiffin.capabilities.experiments.domain.file_designs import Columns, FileDesign, read_table
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.file_reading import read_file
from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse

PANEL = Columns("State", "Year", "treated", "PacksPerCapita")


@pytest.mark.parametrize(
    ("design", "published", "digits"),
    [
        (FileDesign.DID, -27.3491, 4),
        (FileDesign.SYNTHETIC_CONTROL, -19.6197, 4),
        (FileDesign.SDID, -15.6038, 4),
    ],
)
def test_published_effects_of_a_tax_come_out_to_the_digit(
    shared: Path, design: FileDesign, published: float, digits: int
) -> None:
    found = read_file(shared / "peers" / "causal" / "california_prop99.csv", design, PANEL)
    assert round(found.effect, digits) == published


def test_staggered_starts_may_be_named_by_their_first_time(shared: Path) -> None:
    columns = Columns("countyreal", "year", "first.treat", "lemp")
    found = read_file(shared / "peers" / "causal" / "mpdta.csv", FileDesign.STAGGERED, columns)
    assert round(found.effect, 5) == -0.03995


def test_a_csv_and_a_parquet_file_say_the_same(tmp_path: Path) -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 8.0), ("a", 2.0), ("b", 6.5)]
    with (tmp_path / "t.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("arm", "value"), *rows])
    table = pa.table({"arm": [arm for arm, _ in rows], "value": [value for _, value in rows]})
    pyarrow.parquet.write_table(table, tmp_path / "t.parquet")
    found = [read_file(tmp_path / name, FileDesign.AB, Columns()) for name in ("t.csv", "t.parquet")]
    assert found[0] == found[1]
    assert found[0].effect == pytest.approx((4 + 8 + 6.5 - 1 - 3 - 2) / 3)


def test_a_ratio_is_one_of_sums() -> None:
    table = {"arm": [0, 0, 1, 1], "value": [1, 9, 2, 2], "orders": [1, 99, 10, 10]}
    assert read_table(FileDesign.AB, table, Columns(denominator="orders")).effect == pytest.approx(0.2 - 0.1)


def _switched(effect: float) -> dict[str, list[Any]]:
    chance = np.random.default_rng(3)
    table: dict[str, list[Any]] = {"unit": [], "time": [], "arm": [], "value": []}
    for area in range(6):
        for window in range(40):
            arm = int(chance.integers(0, 2))
            for _ in range(5):
                row: Sequence[Any] = (f"zone-{area}", window, arm, chance.normal(area + effect * arm))
                for name, value in zip(table, row, strict=True):
                    table[name].append(value)
    return table


def test_a_switchback_finds_what_was_planted() -> None:
    found = read_table(FileDesign.SWITCHBACK, _switched(0.5), Columns())
    assert found.low < 0.5 < found.high
    assert found.p < 0.01
    assert found.n == 240


def test_whole_clusters_are_the_units() -> None:
    table = _switched(0.0)
    table["arm"] = [int(unit in {"zone-0", "zone-2", "zone-5"}) for unit in table["unit"]]
    found = read_table(FileDesign.CLUSTER, table, Columns())
    assert found.n == 6
    with pytest.raises(WrongUse, match="some have both"):
        read_table(FileDesign.CLUSTER, _switched(0.0), Columns())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"arm": [0, 1], "worth": [1, 2]}, "value is not among those found: arm, worth"),
        ({"arm": [0, 1, 2], "value": [1, 2, 3]}, "two arms; found 3: 0, 1, 2"),
        ({"arm": [0, 1], "value": [1, "much"]}, "row 2 holds 'much'"),
        ({"arm": [0, 1], "value": [1, None]}, "row 2 holds 'None'"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_where(table: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        read_table(FileDesign.AB, table, Columns())


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_file(tmp_path / "none.csv", FileDesign.AB, Columns())
    (tmp_path / "bad.parquet").write_bytes(b"not at all")
    with pytest.raises(InvalidData, match="expected to be a CSV or Parquet"):
        read_file(tmp_path / "bad.parquet", FileDesign.AB, Columns())


def test_two_units_are_refused_with_a_reason_in_words() -> None:
    with pytest.raises(DesignRefused) as refusal:
        read_table(FileDesign.AB, {"arm": [0, 1], "value": [1, 2]}, Columns())
    assert "too few units" in caution_text(refusal.value.caution)
    assert "strange_key" in caution_text(Caution("strange_key"))
