"""Values of two answers compared, but for the last digits of numbers."""

from collections.abc import Sequence
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are one, but for the last digits."""
    if one is None or other is None:
        return one is other
    return bool(abs(one - other) <= 1e-9 * max(1, abs(one), abs(other)))


def same_row(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Tell whether two rows are one, but for the last digits of numbers."""
    return all(
        same(left, right) if isinstance(left, int | float) and isinstance(right, int | float) else left == right
        for left, right in zip(one, other, strict=True)
    )
