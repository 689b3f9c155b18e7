"""Cases of localisation whose answers are known, and how well they were answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiffin.engines.attribution.localisation.leaves import Combination

Explanation = frozenset[Combination]


@dataclass(frozen=True, slots=True)
class KnownCase:
    """What a list of cases says of one: when it happened, where that is asked for, and its root causes, if told."""

    name: str
    timestamp: float | None
    root_causes: Explanation | None


@dataclass(frozen=True, slots=True)
class AnsweredCase:
    """What was found in a case: whole explanations, the likeliest first, and the CPU seconds that it took."""

    name: str
    ranked: tuple[tuple[Combination, ...], ...]
    seconds: float

    @property
    def root_causes(self) -> tuple[Combination, ...]:
        """Give the likeliest explanation."""
        return self.ranked[0] if self.ranked else ()


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the named combinations are true, and how many of the true ones are named; None when none is known."""

    f1: float | None
    precision: float | None
    recall: float | None


def read_combination(text: str) -> Combination:
    """Read ``dim=value&dim=value``; the order of the dimensions means nothing.

    Examples
    --------
    >>> str(read_combination("b=b2&a=a1"))
    'a=a1&b=b2'
    """
    parts = (part.partition("=") for part in text.split("&"))
    return Combination(tuple(sorted((dimension, value) for dimension, _, value in parts)))


def read_known(raw: Mapping[str, Any]) -> KnownCase:
    """Read one entry of a list of cases; root causes come as text with semicolons, as an object, or as objects."""
    causes = raw.get("root_causes")
    timestamp = raw.get("timestamp")
    return KnownCase(
        name=str(raw["case"]),
        timestamp=None if timestamp is None else float(timestamp),
        root_causes=None if causes is None else frozenset(_causes(causes)),
    )


def score(answered: Sequence[AnsweredCase], known: Collection[KnownCase]) -> Score:
    """Count named and true combinations over all cases together, as the field does."""
    truths = {case.name: case.root_causes for case in known}
    named = hit = true = 0
    for case in answered:
        truth = truths.get(case.name)
        if truth is None:
            continue
        named += len(set(case.root_causes))
        true += len(truth)
        hit += len(truth & set(case.root_causes))
    if not true:
        return Score(None, None, None)
    return Score(f1=2 * hit / (named + true), precision=hit / named if named else 0.0, recall=hit / true)


def _causes(raw: Any) -> list[Combination]:
    if isinstance(raw, str):
        return [read_combination(text) for text in raw.split(";") if text.strip()]
    objects = raw if isinstance(raw, list) else [raw]
    return [
        read_combination(one)
        if isinstance(one, str)
        else Combination(tuple(sorted((str(d), str(v)) for d, v in one.items())))
        for one in objects
    ]
