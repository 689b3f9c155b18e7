"""Amounts as people write them, such as 12.50, in minor units of a currency, and back."""

from decimal import Decimal

from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.money import MINOR_DIGITS

LONGEST = 13
"""Signs of an amount; no order costs as much."""
_USUAL_DIGITS = 2
_POINTS = str.maketrans({",": ".", "\N{ARABIC DECIMAL SEPARATOR}": "."})


def minor_said(text: str, currency: str) -> int:
    """Read an amount as somebody wrote it, in any digits, with a point or a comma before the parts of a unit.

    A mark between thousands is refused, since in one country it is what the decimal mark is in another.

    Parameters
    ----------
    text : str
        Nothing is nought.

    Raises
    ------
    WrongUse
        It is no amount of this currency.

    Examples
    --------
    >>> minor_said("12,5", "SAR"), minor_said("1.250", "KWD"), minor_said("", "SAR")
    (1250, 1250, 0)
    """
    plain = "".join(text.split()).translate(_POINTS)
    digits = MINOR_DIGITS.get(currency, _USUAL_DIGITS)
    units, _, parts = plain.partition(".")
    is_amount = (units + parts).isdecimal() and units and len(parts) <= digits and len(plain) <= LONGEST
    if plain and not is_amount:
        raise WrongUse(
            Message("Write an amount such as {example}; found {found}.", example=plainly(1250, currency), found=text)
        )
    return int(Decimal(plain or "0").scaleb(digits))


def plainly(minor: int, currency: str) -> str:
    """Write an amount as a field of a form holds it.

    Examples
    --------
    >>> plainly(1250, "SAR"), plainly(1250, "KWD")
    ('12.50', '1.250')
    """
    digits = MINOR_DIGITS.get(currency, _USUAL_DIGITS)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"
