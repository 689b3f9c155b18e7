"""What a typed filter means."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tiffin.engines.metrics.request import Condition, Operator
from tiffin.engines.metrics.where import parse_where
from tiffin.kernel.errors import NotFound, WrongUse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zone_id = 'n'", [Condition("zone_id", Operator.EQ, ("n",))]),
        ("zone_id != 'n'", [Condition("zone_id", Operator.NE, ("n",))]),
        ("local_hour >= 18 and local_hour < 22", [
            Condition("local_hour", Operator.GE, (18,)),
            Condition("local_hour", Operator.LT, (22,)),
        ]),
        ("(zone_id in ('n', 'it''s') and (local_hour > -1))", [
            Condition("zone_id", Operator.IN, ("n", "it's")),
            Condition("local_hour", Operator.GT, (-1,)),
        ]),
        ("zone_id not in ('n')", [Condition("zone_id", Operator.NOT_IN, ("n",))]),
        ("local_hour between 1 and 3", [Condition("local_hour", Operator.BETWEEN, (1, 3))]),
        ("local_hour <= 3", [Condition("local_hour", Operator.LE, (3,))]),
        ("zone_id is null", [Condition("zone_id", Operator.IS_NULL)]),
        ("zone_id is not null", [Condition("zone_id", Operator.IS_NOT_NULL)]),
        ("business_date = date '2026-02-01'", [Condition("business_date", Operator.EQ, (date(2026, 2, 1),))]),
        ("month = '2026-02-01'", [Condition("month", Operator.EQ, (date(2026, 2, 1),))]),
        (
            "placed_at > '2026-02-01T10:00:00+03:00'",
            [Condition("placed_at", Operator.GT, (datetime(2026, 2, 1, 7, tzinfo=UTC),))],
        ),
        (
            "placed_at > '2026-02-01 10:00'",
            [Condition("placed_at", Operator.GT, (datetime(2026, 2, 1, 10, tzinfo=UTC),))],
        ),
        ("is_asap = true", [Condition("is_asap", Operator.EQ, (True,))]),
        ("share > 0.5", [Condition("share", Operator.GT, (0.5,))]),
    ],
)  # fmt: skip
def test_a_filter_becomes_typed_conditions(dimensions: Any, text: Any, expected: Any) -> None:
    assert list(parse_where(text, dimensions)) == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("zone = 'n'", NotFound, "Did you mean zone_id"),
        ("zone_id = local_hour", WrongUse, "not a plain value"),
        ("zone_id = 'a' or zone_id = 'b'", WrongUse, "does not compare a dimension"),
        ("local_hour = 'noon'", WrongUse, "type integer"),
        ("business_date = 'yesterday'", WrongUse, "type date"),
        ("is_asap = 'maybe'", WrongUse, "type boolean"),
        ("zone_id = (select 'n')", WrongUse, "not a plain value"),
        ("zone_id in (select zone_id from orders)", WrongUse, "comparison that filters do not have"),
        ("lower(zone_id) = 'n'", WrongUse, "does not compare a dimension"),
        ("orders.zone_id = 'n'", WrongUse, "does not compare a dimension"),
        ("not (local_hour between 1 and 3)", WrongUse, "comparison that filters do not have"),
        ("not (local_hour = 1)", WrongUse, "comparison that filters do not have"),
        ("zone_id like 'n%'", WrongUse, "does not compare a dimension"),
        ("zone_id = 'n'; drop table orders", WrongUse, "does not compare a dimension"),
        ("zone_id = '", WrongUse, "not a filter"),
        ("local_hour is true", WrongUse, "comparison that filters do not have"),
    ],
)
def test_anything_else_is_refused(dimensions: Any, text: Any, error: Any, message: Any) -> None:
    with pytest.raises(error, match=message):
        parse_where(text, dimensions)


@pytest.fixture
def dimensions(model: Any) -> Any:
    from tiffin.engines.metrics.definitions import ColumnType, Dimension, Wording  # noqa: PLC0415 - only this one needs it

    more = {"is_asap": ColumnType.BOOLEAN, "share": ColumnType.DOUBLE}
    return {**model.dimensions, **{name: Dimension(name, kind, Wording({"en": name})) for name, kind in more.items()}}
