"""One party's account as the ledger's events have it: what counts at a moment, and how it came to that."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count

from tiffin.capabilities.liability.domain.ledger import Line, LineKind, UnitBalance
from tiffin.engines.ledger.counting import Bases, Cap, Claim, Counted, counted_claims
from tiffin.engines.ledger.events import Kind

Group = tuple[str, ...]
_NEVER = datetime.max.replace(tzinfo=UTC)
"""When everything that expires has expired."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one event did to a party's account in one unit.

    Parameters
    ----------
    amount : int
        Above nought against the party; nought where the event only says what becomes of something that is stayed.
    stayed : int
        Change of what is stayed.
    expires_at, cap
        Of the posting, by the terms under which it was entered.
    """

    at: datetime
    kind: Kind
    posting: str
    order_id: str
    incident: str
    unit: str
    amount: int
    stayed: int
    day: date
    reason: str
    expires_at: datetime | None = None
    cap: Cap | None = None


def claims_of(changes: Iterable[Change]) -> tuple[Claim, ...]:
    """Give what each posting has against the party, unit by unit; nothing for what adds up to nought."""
    book = _Book({})
    for one in changes:
        book.take(one)
    return tuple(claim for group in book.groups.values() for claim in group.values() if claim.amount)


def unit_balances(changes: Sequence[Change], as_of: datetime, bases: Bases) -> tuple[UnitBalance, ...]:
    """Tell how a party stands in every unit in which anything was booked."""
    stayed: dict[str, int] = defaultdict(int)
    for one in changes:
        stayed[one.unit] += one.stayed
    counted = counted_claims(claims_of(changes), as_of, bases)
    return tuple(_balance(unit, [c for c in counted if c.claim.unit == unit], stayed[unit]) for unit in sorted(stayed))


def _balance(unit: str, counted: Sequence[Counted], stayed: int) -> UnitBalance:
    return UnitBalance(
        unit,
        booked=sum(one.claim.amount for one in counted),
        counted=sum(one.counted for one in counted),
        expired=sum(one.expired for one in counted),
        capped=sum(one.capped for one in counted),
        stayed=stayed,
    )


def next_expiries(changes: Iterable[Change], as_of: datetime, bases: Bases) -> tuple[tuple[datetime, str, int], ...]:
    """Tell what stops counting when from now on: instant, unit and amount."""
    sums: dict[tuple[datetime, str], int] = defaultdict(int)
    for one in counted_claims(claims_of(changes), as_of, bases):
        if one.claim.expires_at is not None and one.counted > 0:
            sums[one.claim.expires_at, one.claim.unit] += one.counted
    return tuple((at, unit, amount) for (at, unit), amount in sorted(sums.items()))


def lines_of(
    changes: Sequence[Change], as_of: datetime, bases: Bases, *, local_day: Callable[[datetime], date]
) -> tuple[Line, ...]:
    """Tell the account as people read it: every change, what expired, what was above a cap, and what counts after each.

    The last line of a unit ends where `unit_balances` says that it stands.
    """
    book = _Book(bases)
    told: list[Line] = []
    for one in changes:
        told += book.expire_until(one.at, local_day)
        told += book.follow(one, local_day)
    told += book.expire_until(as_of, local_day)
    return tuple(told)


@dataclass(slots=True)
class _Book:
    bases: Bases
    groups: dict[Group, dict[str, Claim]] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    due: list[tuple[datetime, int, Change]] = field(default_factory=list)
    turns: Iterator[int] = field(default_factory=count)

    def take(self, change: Change) -> Group:
        """Take a change in; gives the claims that share a cap with it."""
        claim = _claim(change)
        group = _group_of(claim)
        claims = self.groups.setdefault(group, {})
        known = claims.get(change.posting)
        claims[change.posting] = replace(claim, amount=claim.amount + known.amount) if known else claim
        return group

    def follow(self, change: Change, local_day: Callable[[datetime], date]) -> Iterator[Line]:
        """Tell a change, and what of it does not count."""
        before = self._counted(_group_of(_claim(change)), change.at)
        group = self.take(change)
        if change.kind is Kind.POSTED and change.expires_at is not None and change.amount > 0:
            heapq.heappush(self.due, (change.expires_at, next(self.turns), change))
        other = self._counted(group, change.at) - before - change.amount
        yield self._line(change, LineKind(change.kind.value), change.amount, change.at, local_day)
        if other:
            is_over = change.expires_at is not None and change.expires_at <= change.at
            kind = LineKind.EXPIRED if is_over else LineKind.CAPPED
            yield self._line(change, kind, other, change.at, local_day)

    def expire_until(self, at: datetime, local_day: Callable[[datetime], date]) -> Iterator[Line]:
        """Tell what stopped counting before or at an instant."""
        while self.due and self.due[0][0] <= at:
            when, _, change = heapq.heappop(self.due)
            claim = self.groups[_group_of(_claim(change))][change.posting]
            lost = self._allowed(claim)
            if lost:
                yield self._line(change, LineKind.EXPIRED, -lost, when, local_day)

    def _allowed(self, claim: Claim) -> int:
        found = counted_claims(self.groups[_group_of(claim)].values(), _NEVER, self.bases)
        return sum(one.expired for one in found if one.claim.posting == claim.posting)

    def _counted(self, group: Group, at: datetime) -> int:
        return sum(one.counted for one in counted_claims(self.groups.get(group, {}).values(), at, self.bases))

    def _line(
        self, change: Change, kind: LineKind, amount: int, at: datetime, local_day: Callable[[datetime], date]
    ) -> Line:
        self.running[change.unit] += amount
        is_own = kind.value == change.kind.value
        return Line(
            at,
            local_day(at),
            kind,
            change.posting,
            change.order_id,
            change.incident,
            change.unit,
            amount,
            self.running[change.unit],
            change.reason if is_own else "",
            change.expires_at if kind is LineKind.POSTED and amount > 0 else None,
        )


def _claim(change: Change) -> Claim:
    return Claim(change.posting, change.unit, change.amount, change.day, change.expires_at, change.cap)


def _group_of(claim: Claim) -> Group:
    """Name the claims among which a cap is shared; a posting without a cap stands alone."""
    if claim.cap is None:
        return (claim.unit, "", claim.posting)
    return (claim.unit, claim.cap.span.value, claim.cap.span.begins(claim.day).isoformat())
