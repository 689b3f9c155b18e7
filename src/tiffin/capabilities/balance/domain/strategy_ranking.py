"""Options against a miss, ranked by lateness avoided per unit of money, with what chance leaves open.

References
----------
Fieller (1954), Some problems in interval estimation, Journal of the Royal Statistical Society B 16, 175-185: the
interval of a ratio of two means. Efron, Tibshirani (1993), An introduction to the bootstrap, chapter 8: pairs drawn
anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Draws = NDArray[np.float64]

NOTHING = "nothing"
"""Name of the option to do nothing, which every proposal has."""
LEVEL = 0.95
BOOTSTRAPS = 2000
FEWEST = 3
"""With fewer replications nothing is said about chance."""
FREE = 0.5
"""Half a minor unit a day: what costs less costs nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """A mean, and between what the true one lies with 95 % confidence; infinite where that has no end."""

    mean: float
    low: float
    high: float

    @property
    def is_above(self) -> bool:
        """Tell whether it is surely above nought."""
        return self.low > 0


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsed:
    """What one option did, replication by replication, all options on the same random numbers.

    Parameters
    ----------
    avoided_min : (n,), minutes of lateness avoided, each order that was not lost weighed in
    outlay_minor, saved_minor : (n,), money spent or forgone, and money that was not lost or refunded
    """

    name: str
    avoided_min: Draws
    outlay_minor: Draws
    saved_minor: Draws


@dataclass(frozen=True, slots=True)
class Ranked:
    """One option of a proposal, ranked.

    Parameters
    ----------
    ratio : Span or None
        Minutes avoided per unit of money (major unit); None where it costs nothing, or nothing is told.
    is_free : bool
        Nothing is paid for it: there is no ratio, and it stands before all that costs something.
    may_be_free : bool
        Its cost may be nought: the ratio's interval has no end.
    is_effective : bool
        It surely avoids lateness.
    is_dominated : bool
        Another option avoids at least as much for no more money.
    best : float
        Share of days drawn anew in which it stands first.
    """

    name: str
    rank: int
    avoided_min: Span
    outlay_minor: Span
    net_minor: Span
    ratio: Span | None
    is_free: bool
    may_be_free: bool
    is_effective: bool
    is_dominated: bool
    best: float


def rank(options: Sequence[Rehearsed], *, minor_digits: int, seed: int) -> tuple[Ranked, ...]:
    """Rank options, and doing nothing among them.

    Parameters
    ----------
    minor_digits : int
        Digits of the currency behind the point.

    Notes
    -----
    What surely avoids lateness stands before doing nothing, by minutes avoided per unit of money, what is free by
    minutes avoided before all else; what avoids none for sure stands after doing nothing. Dominated options keep
    their place and are marked.
    """
    unit = 10.0**minor_digits
    drawn = [one for one in options if one.name != NOTHING]
    best = _best(drawn, seed)
    found = [_judged(one, drawn, unit, best[one.name]) for one in drawn]
    found.append(_nothing(best[NOTHING]))
    ordered = sorted(found, key=_order)
    return tuple(_numbered(one, number) for number, one in enumerate(ordered, start=1))


def mean_span(values: Draws) -> Span:
    """Give the mean of draws with Student's interval."""
    mean, n = float(values.mean()), len(values)
    if n < FEWEST:
        return Span(mean, -inf, inf)
    half = _quantile(n) * float(values.std(ddof=1)) / sqrt(n)
    return Span(mean, mean - half, mean + half)


def fieller(upper: Draws, lower: Draws) -> Span:
    """Give the ratio of two paired means with Fieller's interval; infinite where the lower one may be nought.

    Parameters
    ----------
    upper, lower : (n,), paired draws; the mean of ``lower`` is not nought

    References
    ----------
    Fieller (1954), section 4: the set of ratios r for which mean(upper) - r mean(lower) is within t standard errors.
    """
    n = len(upper)
    a, b = float(upper.mean()), float(lower.mean())
    if n < FEWEST:
        return Span(a / b, -inf, inf)
    covariance = np.cov(upper, lower, ddof=1) / n
    t2 = _quantile(n) ** 2
    square = b * b - t2 * float(covariance[1, 1])
    if square <= 0:
        return Span(a / b, -inf, inf)
    middle = (a * b - t2 * float(covariance[0, 1])) / square
    inside = middle * middle - (a * a - t2 * float(covariance[0, 0])) / square
    half = sqrt(max(inside, 0.0))
    return Span(a / b, middle - half, middle + half)


def _quantile(n: int) -> float:
    return float(stdtrit(n - 1, (1 + LEVEL) / 2))


def _judged(one: Rehearsed, options: Sequence[Rehearsed], unit: float, best: float) -> Ranked:
    avoided, outlay = mean_span(one.avoided_min), mean_span(one.outlay_minor)
    is_free = outlay.mean <= FREE
    return Ranked(
        name=one.name,
        rank=0,
        avoided_min=avoided,
        outlay_minor=outlay,
        net_minor=mean_span(one.outlay_minor - one.saved_minor),
        ratio=None if is_free else fieller(one.avoided_min, one.outlay_minor / unit),
        is_free=is_free,
        may_be_free=not is_free and outlay.low <= 0,
        is_effective=avoided.is_above,
        is_dominated=any(_dominates(other, one) for other in options if other is not one),
        best=best,
    )


def _dominates(other: Rehearsed, one: Rehearsed) -> bool:
    more, cost = float(other.avoided_min.mean()), float(other.outlay_minor.mean())
    avoided, outlay = float(one.avoided_min.mean()), float(one.outlay_minor.mean())
    return more >= avoided and cost <= outlay and (more > avoided or cost < outlay)


def _nothing(best: float) -> Ranked:
    none = Span(0.0, 0.0, 0.0)
    return Ranked(NOTHING, 0, none, none, none, None, is_free=True, may_be_free=False, is_effective=False,
                  is_dominated=False, best=best)  # fmt: skip


def _order(one: Ranked) -> tuple[float, ...]:
    if one.name == NOTHING:
        return 1, 0.0, 0.0
    place = 0 if one.is_effective else 2
    ratio = inf if one.is_free else one.ratio.mean if one.ratio is not None else 0.0
    return place, -ratio, -one.avoided_min.mean


def _numbered(one: Ranked, number: int) -> Ranked:
    return Ranked(**{name: getattr(one, name) for name in Ranked.__slots__ if name != "rank"}, rank=number)


def _best(options: Sequence[Rehearsed], seed: int) -> Mapping[str, float]:
    """Tell in how many of days drawn anew each option stands first; whole replications are drawn, so pairs stay."""
    if not options:
        return {NOTHING: 1.0}
    chance = np.random.default_rng(seed)
    n = len(options[0].avoided_min)
    picked = chance.integers(0, n, (BOOTSTRAPS, n))
    avoided = np.stack([one.avoided_min[picked].mean(axis=1) for one in options])
    outlay = np.stack([one.outlay_minor[picked].mean(axis=1) for one in options])
    # What is free ranks by minutes beyond any ratio, as in `rank`.
    beyond = 1e12
    ratio = np.where(outlay > FREE, avoided / np.where(outlay > FREE, outlay, 1.0), beyond + avoided)
    ratio = np.where(avoided > 0, ratio, -inf)
    first = np.where(np.isfinite(ratio.max(axis=0)), ratio.argmax(axis=0), len(options))
    shares = np.bincount(first, minlength=len(options) + 1) / BOOTSTRAPS
    names = [*(one.name for one in options), NOTHING]
    return dict(zip(names, (float(share) for share in shares), strict=True))


def plain_span(span: Span | None) -> dict[str, float | None] | None:
    """Give a span as plain JSON values; an end that is none is null."""
    if span is None:
        return None
    return {name: value if isfinite(value) else None for name in ("mean", "low", "high")
            for value in (getattr(span, name),)}  # fmt: skip


def span_from(plain: Mapping[str, Any] | None) -> Span | None:
    """Read a span as `plain_span` gives it."""
    if plain is None:
        return None
    low, high = plain["low"], plain["high"]
    return Span(float(plain["mean"]), -inf if low is None else float(low), inf if high is None else float(high))
