"""Exchange rates of one day, each with its date and source, and what they make of an amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tiffin.engines.metrics.compiling.currencies import Factors
from tiffin.kernel.money import MINOR_DIGITS

USUAL_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Rate:
    """What one US dollar costs.

    Parameters
    ----------
    units_per_usd : str
        Whole units of the currency, as a decimal number.
    since : date
        Day from which the rate holds.
    kind : str
        ``peg``, ``annual_average`` or ``daily``.
    """

    units_per_usd: str
    since: date
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """The rates of one day that turn money into one currency.

    Parameters
    ----------
    into : str
        ISO 4217 code.
    rates : mapping of str to Rate
        By currency, the one that is converted into among them.
    """

    into: str
    on: date
    rates: Mapping[str, Rate]

    def factors(self) -> Factors:
        """Tell what one minor unit of each currency is worth, exactly."""
        target = Fraction(self.rates[self.into].units_per_usd)
        worth = {}
        for code, rate in sorted(self.rates.items()):
            digits = MINOR_DIGITS.get(self.into, USUAL_DIGITS) - MINOR_DIGITS.get(code, USUAL_DIGITS)
            worth[code] = target / Fraction(rate.units_per_usd) * Fraction(10) ** digits
        return Factors(self.into, worth)
