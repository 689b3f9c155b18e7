"""How alike two texts are, in any of the five languages: shared words, and shared pairs of characters in Chinese."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SHORTEST = 3
_STEM = 5


def parts_of(text: str) -> frozenset[str]:
    """Take a text apart: the beginnings of its longer words without accents, and pairs of Chinese characters.

    Examples
    --------
    >>> sorted(parts_of("Cancelled orders"))
    ['cance', 'order']
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    found: set[str] = set()
    for word in _WORD.findall(plain):
        pairs = [run[n : n + 2] for run in _HAN.findall(word) for n in range(max(1, len(run) - 1))]
        found.update(pairs or ([_stem(word)] if len(word) >= _SHORTEST else []))
    return frozenset(found)


def _stem(word: str) -> str:
    bare = word.removeprefix("\u0627\u0644")  # the Arabic article
    return bare[:_STEM]


def weights_of(texts: Iterable[frozenset[str]]) -> Mapping[str, float]:
    """Weigh the parts of texts: what stands in few of them tells more than what stands in most."""
    listed = tuple(texts)
    counts = Counter(part for one in listed for part in one)
    return {part: log((1 + len(listed)) / count) for part, count in counts.items()}


def likeness(asked: frozenset[str], offered: frozenset[str], weights: Mapping[str, float]) -> float:
    """Give the share of what was asked that is offered, 0..1, by weight; words that stand nowhere weigh most."""
    most = max(weights.values(), default=1.0)
    wanted = sum(weights.get(part, most) for part in asked)
    return sum(weights.get(part, most) for part in asked & offered) / wanted if wanted else 0.0
