"""Money as integer minor units with a currency."""

from dataclasses import dataclass

from tiffin.kernel.errors import InvalidData

MINOR_DIGITS: dict[str, int] = {
    "AED": 2,
    "BHD": 3,
    "BRL": 2,
    "EUR": 2,
    "HKD": 2,
    "KWD": 3,
    "QAR": 2,
    "SAR": 2,
    "USD": 2,
}
"""Digits behind the decimal point, by ISO 4217 code (ISO 4217:2015, table A.1)."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency.

    Parameters
    ----------
    minor : int
        Minor units: halalas, fils, cents.
    currency : str
        ISO 4217 code.
    """

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise InvalidData(
                f"Amounts of one currency were expected, {self.currency} and {other.currency} were found. "
                "Convert one of them at a dated rate first."
            )
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other
