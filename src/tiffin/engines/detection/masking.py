"""Show what values look like without showing them."""

from collections.abc import Iterable

from tiffin.engines.detection.samples import is_arabic, is_han

SHOWN = 3
LONGEST = 24


def masked(value: str) -> str:
    """Write every letter and digit of a value as one and the same, and cut it short.

    Examples
    --------
    >>> masked("+966 50 123 4567")
    '+999 99 999 9999'
    >>> masked("Nora Al-Harbi")
    'Xxxx Xx-Xxxxx'
    >>> masked("王小明")
    '字字字'
    """
    shown = "".join(_veil(mark) for mark in value[:LONGEST])
    return f"{shown}…" if len(value) > LONGEST else shown


def masked_examples(values: Iterable[str]) -> tuple[str, ...]:
    """Give a few different looks of some values, in the order in which they come."""
    found: dict[str, None] = {}
    for value in values:
        found.setdefault(masked(value))
        if len(found) == SHOWN:
            break
    return tuple(found)


def _veil(mark: str) -> str:
    if mark.isdigit():
        return "9"
    if is_han(mark):
        return "字"
    if is_arabic(mark):
        return "س"
    if not mark.isalpha():
        return mark if mark.isprintable() else " "
    return "X" if mark.isupper() else "x"
