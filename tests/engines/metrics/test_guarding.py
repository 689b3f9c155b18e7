"""Sizes beside metrics: only for those that are asked for, and at no cost where the statement counts already."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.currencies import with_one_currency
from tiffin.engines.metrics.growing import GrowingList
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.protection.guarding import Guard
from tiffin.engines.metrics.request import MetricRequest


class Noting(Mapping[str, Any]):
    """Named values that note which of them were opened."""

    def __init__(self, base: Mapping[str, Any]) -> None:
        self._base = base
        self.opened: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.opened.add(name)
        return self._base[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)

    def __contains__(self, name: object) -> bool:
        return name in self._base


def test_only_metrics_that_are_asked_for_are_opened(model: Model) -> None:
    metrics, resolved = Noting(model.metrics), Noting(model.resolved)
    guard = Guard(replace(model, metrics=metrics, resolved=resolved))
    assert (metrics.opened, resolved.opened) == (set(), set())

    sized = guard.with_sizes(MetricRequest(("orders",)))
    compile_request(sized, guard.fragments("duckdb"))

    assert (metrics.opened, resolved.opened) == ({"orders"}, {"orders"})
    assert len(guard.model.resolved) == len([*guard.model.resolved]) == len(model.resolved) + 1
    assert set(sized.metrics) <= guard.model.metrics.keys()


def test_money_in_one_currency_opens_no_other_metric(model: Model) -> None:
    resolved = Noting(model.resolved)
    found = with_one_currency(replace(model, resolved=resolved)).resolved
    assert resolved.opened == set()

    assert not any(metric.is_money for metric in found.values())
    assert any(metric.is_money for metric in model.resolved.values())
    assert (len(found), "orders" in found, "nothing" in found) == (len(model.resolved), True, False)


def test_every_metric_has_the_same_sizes_whatever_was_asked_before(model: Model) -> None:
    names = [name for name in model.resolved if not model.resolved[name].is_framed]
    whole, dialect = Guard(model), "duckdb"
    for name in names:
        whole.with_sizes(MetricRequest((name,)))
    for name in names:
        texts = []
        for guard in (whole, Guard(model)):
            sized = guard.with_sizes(MetricRequest((name,)))
            texts.append(re.sub(r"size of \d+", "size", compile_request(sized, guard.fragments(dialect)).sql))
        assert texts[0] == texts[1]


def test_a_mean_and_its_size_take_in_one_column(model: Model) -> None:
    guard = Guard(model)
    for name in model.resolved:
        sized = guard.with_sizes(MetricRequest((name,), ("country",) if "country" in model.dimensions else ()))
        if model.resolved[name].is_framed or len(model.resolved[name].sources) > 1:
            continue
        sql = compile_request(sized, guard.fragments("duckdb")).sql
        for taken in re.findall(r"AVG\((.+?)\) AS a\d", sql):
            assert f"COUNT({taken})" in sql


def test_a_growing_list_is_counted_from_either_end() -> None:
    grown: GrowingList[Fraction | int] = GrowingList((1, 2))
    grown.put(Fraction(5, 2))

    assert (grown[0], grown[2], [*grown], grown[1:]) == (1, Fraction(5, 2), [1, 2, Fraction(5, 2)], (2, Fraction(5, 2)))
    with pytest.raises(IndexError):
        grown[3]


def test_a_count_is_its_own_size_and_nothing_more_is_asked(model: Model) -> None:
    guard = Guard(model)
    assert guard.with_sizes(MetricRequest(("orders",))).metrics == ("orders",)
    assert len(guard.with_sizes(MetricRequest(("minutes", "orders"))).metrics) == len(("minutes", "orders", "known"))
    assert len(guard.with_sizes(MetricRequest(("delivered",))).metrics) == len(("delivered", "orders"))

    asked, rows = MetricRequest(("orders",), ("zone_id",)), [("n", 12), ("s", 2), ("w", 11)]
    (size,) = guard.sizes_in(asked)
    found = guard.guarded(asked, rows, {size: np.array([12, 2, 11])}, least=10)

    assert (found.rows, found.withheld) == ((("n", 12), ("s", None), ("w", None)), {(1, 1), (2, 1)})
