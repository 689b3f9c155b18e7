"""Python's values come in as what they mean."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tiffin.engines.decisions.feel.evaluating import evaluate
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression
from tiffin.engines.decisions.feel.writing import literal_of

NOON = datetime(2026, 3, 1, 12, 0, 0, 500, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (0.1, "0.1"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        (Decimal("1.50"), "1.5"),
        ("a", '"a"'),
        ((1, [2]), "[1, [2]]"),
        ({"a": {"b": 1}}, "{a: {b: 1}}"),
        (date(2026, 3, 1), "2026-03-01"),
        (NOON, "2026-03-01T12:00:00.0005Z"),
        (NOON.astimezone(ZoneInfo("Asia/Riyadh")), "2026-03-01T15:00:00.0005@Asia/Riyadh"),
        (NOON.astimezone(timezone(timedelta(hours=-3))), "2026-03-01T09:00:00.0005-03:00"),
        (NOON.replace(tzinfo=None), "2026-03-01T12:00:00.0005"),
        (time(7, 30), "07:30:00"),
        (timedelta(days=1, seconds=60, microseconds=5), "P1DT1M0.000005S"),
    ],
)
def test_a_value_means_the_same_in_feel(value: object, written: str) -> None:
    assert literal_of(feel_value(value)) == written


def test_variables_and_the_present_instant_come_from_the_caller() -> None:
    tree = parse_expression("now() - start > limit", Names().with_variables(["now", "start", "limit"]))

    assert evaluate(tree, {"start": NOON - timedelta(hours=2), "limit": timedelta(hours=1)}, now=NOON) is True
    assert evaluate(tree, {"start": NOON, "limit": timedelta(hours=1)}, now=NOON) is False
