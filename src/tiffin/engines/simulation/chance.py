"""Chance that belongs to a pair, such as an order and a rider, in compiled code: the same pair, the same number."""

from tiffin.engines.simulation.compiled import inner

_MASK = 0xFFFFFFFF
_PURPOSES = 4
"""Numbers that a pair can have."""


@inner
def chance(key: int, number: int, purpose: int) -> float:
    """Give a number in the open interval (0, 1).

    Parameters
    ----------
    key : int
        Below 2**32, itself by chance.
    number : int
        Below 2**20.

    Notes
    -----
    Every product stays below 2**63, so that compiled and plain code agree.

    References
    ----------
    Mueller (2012), a 32-bit integer hash of three rounds with the multiplier 0x45d9f3b.
    """
    word = key ^ (((number * _PURPOSES + purpose) * 0x9E3779B1) & _MASK)
    word = (((word >> 16) ^ word) * 0x45D9F3B) & _MASK
    word = (((word >> 16) ^ word) * 0x45D9F3B) & _MASK
    word = (word >> 16) ^ word
    return (word + 0.5) / (_MASK + 1.0)
