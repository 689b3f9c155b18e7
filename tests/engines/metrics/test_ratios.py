"""Ratios: of sums, and only where there is something to divide by."""

from typing import Any

import pytest


def test_a_ratio_is_a_ratio_of_sums_not_a_mean_of_ratios(asking: Any) -> None:
    rows = [{"zone_id": "n", "status": "delivered"}] * 3
    rows += [{"zone_id": "n", "status": "cancelled"}, {"zone_id": "s", "status": "cancelled"}]
    assert asking(orders=rows).ask("completion") == [(0.6,)]


def test_an_empty_denominator_gives_no_value(asking: Any) -> None:
    assert asking(orders=[{"status": "placed"}]).ask("completion") == [(None,)]
    assert asking().ask("completion") == [(None,)]


def test_what_rounding_left_of_a_difference_divides_nothing(asking: Any) -> None:
    assert 0.3 - 0.1 - 0.2 != 0, "doubles round"
    assert asking(orders=[{"item_count": 1}]).ask("per_remainder") == [(None,)]
    ((told,),) = asking(orders=[{"item_count": 2}]).ask("per_remainder")
    assert told == pytest.approx(-5.0)
