"""What the values of a column look like as a whole: keys in a row, instants, closed sets, numbers."""

import re
from dataclasses import dataclass
from itertools import pairwise

from tiffin.engines.detection.samples import Reading

_INTEGER = re.compile(r"\d+")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)?|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_AMOUNT = re.compile(r"(?:[^\W\d_]{1,3}|[$€£¥﷼])?\s?[-+]?\d[\d.,]*\s?(?:[^\W\d_]{1,4}|[$€£¥﷼])?\.?")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}:\d{2}")
_FLAGS = frozenset({"0", "1", "true", "false", "yes", "no", "y", "n", "t", "f"})
_DENSE = 200
_EPOCHS = ((10, 631_152_000, 2_208_988_800), (13, 631_152_000_000, 2_208_988_800_000))
_RISING = 0.9
_MOST = 0.8
_KEY_MAX = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """A column's values as a whole.

    Parameters
    ----------
    whole, numeric, amounts, stamps : float
        Share of the values that are digits only, numbers, numbers perhaps with a currency, instants or dates.
    is_counted : bool
        Whole numbers that lie so densely, rise so steadily or begin so alike that somebody counted them.
    is_epoch : bool
        Whole numbers that are seconds or milliseconds since 1970.
    is_flag, is_keylike : bool
        Two or three words for yes and no; short codes without blanks.
    """

    whole: float
    numeric: float
    amounts: float
    stamps: float
    distinct: int
    is_counted: bool
    is_epoch: bool
    is_flag: bool
    is_keylike: bool


def shape_of(reading: Reading) -> Shape:
    """Look at the values of a column as a whole."""
    whole = [value for value in reading.counts if _INTEGER.fullmatch(value)]
    numeric = [value for value in reading.counts if _NUMBER.fullmatch(value)]
    short = [value for value in reading.counts if len(value) <= _KEY_MAX and " " not in value]
    return Shape(
        whole=reading.share(whole),
        numeric=reading.share(numeric),
        amounts=reading.share(value for value in reading.counts if _AMOUNT.fullmatch(value)),
        stamps=reading.share(value for value in reading.counts if _STAMP.match(value)),
        distinct=len(reading.counts),
        is_counted=_is_counted(whole),
        is_epoch=_is_epoch(whole),
        is_flag=all(value.casefold() in _FLAGS for value in reading.counts),
        is_keylike=reading.share(short) >= _MOST,
    )


def _is_counted(whole: list[str]) -> bool:
    if len(whole) < 5:  # noqa: PLR2004 - too few to see a row
        return False
    numbers = [int(value) for value in whole]
    ordered = sorted(numbers)
    if ordered[-1] - ordered[0] < _DENSE * len(ordered):
        return True
    rising = sum(one < other for one, other in pairwise(numbers)) / (len(numbers) - 1)
    return rising >= _RISING or 1 - rising >= _RISING


def _is_epoch(whole: list[str]) -> bool:
    if not whole:
        return False
    return any(
        sum(len(value) == digits and first <= int(value) <= last for value in whole) >= _MOST * len(whole)
        and len({value[:3] for value in whole}) <= 5  # noqa: PLR2004 - a few years begin alike
        for digits, first, last in _EPOCHS
    )
