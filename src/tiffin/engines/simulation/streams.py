"""Counter-based random streams: the same seed, name and counter always give the same number.

Nothing is drawn "next": a number belongs to a named stream and to the entity that needs it. Two runs under different
policies, or with a disruption taken out, therefore share every number that both need (common random numbers).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Stream:
    """A family of random numbers under one key.

    Examples
    --------
    >>> day = Stream.of_seed(7).child("riyadh", 3)
    >>> bool(day.child("preparation").uniform(np.arange(3))[1] == day.child("preparation").uniform(np.array([1]))[0])
    True
    """

    key: int

    @classmethod
    def of_seed(cls, seed: int) -> "Stream":
        """Begin a tree of streams from a seed."""
        return cls(_key(seed.to_bytes(16, "big", signed=True)))

    def child(self, *labels: str | int) -> "Stream":
        """Name a stream below this one."""
        text = "/".join(str(label) for label in labels)
        return Stream(_key(self.key.to_bytes(8, "big") + text.encode()))

    def uniform(self, counters: NDArray[np.integer]) -> NDArray[np.float64]:
        """Give one number in the open interval (0, 1) for each counter."""
        key = np.uint64(self.key)
        words = _mixed(_mixed(counters.astype(np.uint64) * _GOLDEN + key) ^ key)
        return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normal(self, counters: NDArray[np.integer]) -> NDArray[np.float64]:
        """Give one standard normal number for each counter."""
        return np.asarray(ndtri(self.uniform(counters)), dtype=np.float64)

    def lognormal(self, counters: NDArray[np.integer], *, median: float, spread: float) -> NDArray[np.float64]:
        """Give numbers whose logarithm is normal around the median's with the standard deviation `spread`."""
        return median * np.exp(spread * self.normal(counters))

    def exponential(self, counters: NDArray[np.integer]) -> NDArray[np.float64]:
        """Give exponential numbers of mean 1."""
        return -np.log(self.uniform(counters))


def _key(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of each word.

    References
    ----------
    Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators: the finalizer of SplitMix64.
    """
    words = (words ^ (words >> np.uint64(30))) * _FIRST
    words = (words ^ (words >> np.uint64(27))) * _SECOND
    return words ^ (words >> np.uint64(31))
