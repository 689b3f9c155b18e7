from datetime import UTC, date, datetime

import pytest

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.time import Days, Period, business_date


def test_a_period_holds_its_start_and_not_its_end() -> None:
    period = Period(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC))

    assert datetime(2026, 2, 1, tzinfo=UTC) in period
    assert datetime(2026, 2, 2, tzinfo=UTC) not in period


def test_a_period_refuses_instants_without_a_zone() -> None:
    with pytest.raises(InvalidData, match="time zone"):
        Period(datetime(2026, 2, 1), datetime(2026, 2, 2))  # noqa: DTZ001 - the refusal is the test


def test_a_period_refuses_to_end_before_it_starts() -> None:
    with pytest.raises(InvalidData, match="before it starts"):
        Period(datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))


def test_days_hold_both_ends_and_count_them() -> None:
    days = Days(date(2026, 2, 27), date(2026, 3, 1))

    assert len(days) == 3
    assert date(2026, 3, 1) in days
    assert date(2026, 3, 2) not in days


def test_days_refuse_to_run_backwards() -> None:
    with pytest.raises(InvalidData, match="must not be after"):
        Days(date(2026, 3, 1), date(2026, 2, 1))


def test_an_order_at_two_in_the_morning_belongs_to_yesterday() -> None:
    instant = datetime(2026, 2, 20, 23, 0, tzinfo=UTC)

    assert business_date(instant, timezone="Asia/Riyadh", cutoff_min=240) == date(2026, 2, 20)
    assert business_date(instant, timezone="Asia/Riyadh", cutoff_min=0) == date(2026, 2, 21)
