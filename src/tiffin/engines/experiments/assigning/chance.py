"""Fractions that look drawn at random and follow from a seed and a name alone."""

from collections.abc import Iterable
from hashlib import blake2b

BYTES = 8
SCALE = 2.0 ** (-8 * BYTES)
SEPARATOR = "\x1f"
"""Stands between the parts of a name, so that ("a", "bc") and ("ab", "c") are different names."""


def fraction(seed: str, *name: str) -> float:
    """Give the fraction of a name, in [0, 1): evenly spread over names, and unlike for any two seeds.

    Examples
    --------
    >>> fraction("trial", "rider-1") == fraction("trial", "rider-1")
    True
    >>> fraction("trial", "rider-1") == fraction("another", "rider-1")
    False
    """
    digest = blake2b(SEPARATOR.join(name).encode(), digest_size=BYTES, key=_key(seed)).digest()
    # The 53 bits that a double holds: rounding up would otherwise give 1 now and then.
    return (int.from_bytes(digest) >> 11) * SCALE * 2**11


def fractions(seed: str, names: Iterable[str]) -> list[float]:
    """Give the fractions of many names at once; each is what `fraction` gives."""
    begun = blake2b(digest_size=BYTES, key=_key(seed))
    found = []
    for name in names:
        hashed = begun.copy()
        hashed.update(name.encode())
        found.append((int.from_bytes(hashed.digest()) >> 11) * SCALE * 2**11)
    return found


def _key(seed: str) -> bytes:
    return blake2b(seed.encode(), digest_size=32).digest()
