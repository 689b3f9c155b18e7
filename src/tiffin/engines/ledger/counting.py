"""What of that which is booked counts at a moment: caps and expiry, computed whenever somebody reads.

What is above a cap was above it from the beginning, whatever expires later; so a party is never worse off because
something of his expired.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

_WHOLE = 10_000


class Span(StrEnum):
    """Over which days a cap holds: weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def begins(self, day: date) -> date:
        """Give the first day of the span in which a day lies."""
        if self is Span.MONTH:
            return day.replace(day=1)
        return day - timedelta(days=day.weekday()) if self is Span.WEEK else day


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that counts in a span: so much, or a share of a base, whichever is less.

    Parameters
    ----------
    most : int or None
        Points or minor units.
    share_bp : int or None
        Basis points of the base, such as a merchant's sales in the span.
    """

    span: Span
    most: int | None = None
    share_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one posting has against a party in one unit at a moment.

    Parameters
    ----------
    amount : int
        Above nought against the party; below nought it is in its favour, and neither capped nor expiring.
    expires_at : datetime or None
        From when on it counts no more, as the terms said when it was entered.
    cap : Cap or None
        Likewise.
    """

    posting: str
    unit: str
    amount: int
    day: date
    expires_at: datetime | None = None
    cap: Cap | None = None

    @property
    def group(self) -> tuple[str, str, date] | None:
        """Which claims share a cap: unit, span and its first day; None where there is no cap."""
        return (self.unit, self.cap.span, self.cap.span.begins(self.day)) if self.cap and self.amount > 0 else None


Bases = Mapping[tuple[str, str, date], int]
"""What a share is taken of, by unit, span and its first day; where it is unknown, no share limits anything."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How a claim counts: ``claim.amount = counted + expired + capped``."""

    claim: Claim
    counted: int
    expired: int
    capped: int


def counted_claims(claims: Iterable[Claim], as_of: datetime, bases: Bases) -> tuple[Counted, ...]:
    """Tell of each claim how it counts; of those that share a cap the earlier ones fill it first.

    Where claims that share a cap were entered under different terms, the lowest holds for all.
    """
    ordered = sorted(claims, key=lambda one: (one.day, one.posting))
    left = _limits(ordered, bases)
    return tuple(_counted(one, left, as_of) for one in ordered)


def _counted(claim: Claim, left: dict[tuple[str, str, date], int], as_of: datetime) -> Counted:
    group = claim.group
    allowed = claim.amount
    if group is not None and group in left:
        allowed = min(claim.amount, left[group])
        left[group] -= allowed
    is_over = claim.amount > 0 and claim.expires_at is not None and claim.expires_at <= as_of
    return Counted(claim, 0 if is_over else allowed, allowed if is_over else 0, claim.amount - allowed)


def _limits(claims: Iterable[Claim], bases: Bases) -> dict[tuple[str, str, date], int]:
    limits: dict[tuple[str, str, date], list[int]] = defaultdict(list)
    for one in claims:
        group = one.group
        if group is None or one.cap is None:
            continue
        if one.cap.most is not None:
            limits[group].append(one.cap.most)
        if one.cap.share_bp is not None and group in bases:
            limits[group].append(max(bases[group], 0) * one.cap.share_bp // _WHOLE)
    return {group: min(found) for group, found in limits.items()}
