"""How content the users of data are: five statements, one score with its interval, small groups withheld.

References
----------
E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the American
Statistical Association 22: the interval of a share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

STATEMENTS = ("finding", "understanding", "access", "trust", "speed")
"""What people are asked to agree with, from 1 (not at all) to 5 (wholly)."""

LOWEST, HIGHEST = 1, 5
CONTENT_FROM = 4
"""Mean over the statements from which on somebody counts as content."""

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people with its 95 % interval.

    Parameters
    ----------
    people : int
        How many answered.
    """

    share: float
    low: float
    high: float
    people: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person answered; ``scores`` by statement, each 1 to 5."""

    wave: str
    role: str
    country: str
    scores: Mapping[str, int]

    @property
    def is_content(self) -> bool:
        """Tell whether the mean over the statements is high enough."""
        return sum(self.scores.values()) >= CONTENT_FROM * len(self.scores)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One group's score; None where the group is too small to be shown, or would betray one that is."""

    group: str
    content: Share | None


def wilson(successes: int, people: int, *, normal: float = NORMAL_95) -> Share:
    """Give a share with Wilson's interval.

    Raises
    ------
    ValueError
        Nobody answered.

    Examples
    --------
    >>> found = wilson(8, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.49, 0.943)
    """
    if people < 1:
        message = "a share of nobody is no share"
        raise ValueError(message)
    share, square = successes / people, normal**2
    middle = (share + square / (2 * people)) / (1 + square / people)
    half = normal / (1 + square / people) * sqrt(share * (1 - share) / people + square / (4 * people**2))
    return Share(share, max(0.0, middle - half), min(1.0, middle + half), people)


def content(answers: Iterable[Answer], *, minimum: int) -> Share | None:
    """Give the share of content people; None for fewer than the minimum."""
    listed = tuple(answers)
    return wilson(sum(one.is_content for one in listed), len(listed)) if listed and len(listed) >= minimum else None


def agreeing(answers: Iterable[Answer], *, minimum: int) -> Mapping[str, Share | None]:
    """Give, by statement, the share of people who agree with it (4 or 5)."""
    listed = tuple(answers)
    if not listed or len(listed) < minimum:
        return dict.fromkeys(STATEMENTS)
    return {name: wilson(sum(one.scores[name] >= CONTENT_FROM for one in listed), len(listed)) for name in STATEMENTS}


def by_group(grouped: Mapping[str, tuple[Answer, ...]], *, minimum: int) -> tuple[GroupScore, ...]:
    """Score each group, by name.

    A group below the minimum is withheld. Where all withheld together are still below it, their figures would follow
    from the total; the smallest of the others is then withheld with them.
    """
    sizes = {name: len(listed) for name, listed in grouped.items() if listed}
    withheld = {name for name, size in sizes.items() if size < minimum}
    while withheld and sum(sizes[name] for name in withheld) < minimum and len(withheld) < len(sizes):
        withheld.add(min((name for name in sizes if name not in withheld), key=lambda name: (sizes[name], name)))
    return tuple(
        GroupScore(name, None if name in withheld else content(grouped[name], minimum=minimum))
        for name in sorted(sizes)
    )
