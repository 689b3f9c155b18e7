import pytest

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.money import Money


def test_amounts_of_one_currency_add_and_subtract_exactly() -> None:
    assert Money(1_999, "KWD") + Money(1, "KWD") == Money(2_000, "KWD")
    assert Money(1_999, "KWD") - Money(2_000, "KWD") == Money(-1, "KWD")


def test_amounts_of_two_currencies_never_mix() -> None:
    with pytest.raises(InvalidData, match="SAR and AED"):
        Money(1, "SAR") + Money(1, "AED")
