"""Patterns of claims that ask for proof: the answer is a photo, a PIN, or nothing, and never a refusal.

Nothing here knows what is false. It says whose claims are more than chance explains, and what would settle the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.claim_graphs.claims import NOBODY, PAIRS, Claims, Codes, Floats, Side, Truths, sums_of_others
from tiffin.engines.claim_graphs.collusion import PairLift, pair_lift
from tiffin.engines.claim_graphs.rates import LeftOut, base_rates, left_out
from tiffin.engines.claim_graphs.rings import Ring, rings
from tiffin.engines.claim_graphs.standing_out import named


class Ask(StrEnum):
    """All that a signal can lead to."""

    PHOTO = "photo"
    PIN = "pin"
    NOTHING = "nothing"


class Ground(StrEnum):
    """Whose claims ask."""

    CUSTOMER = "customer"
    RIDER = "rider"
    MERCHANT = "merchant"
    WITH_RIDER = "with_rider"
    WITH_MERCHANT = "with_merchant"


_OF_SIDE = {Side.CUSTOMER: Ground.CUSTOMER, Side.RIDER: Ground.RIDER, Side.MERCHANT: Ground.MERCHANT}
_OF_PAIR = {Side.RIDER: Ground.WITH_RIDER, Side.MERCHANT: Ground.WITH_MERCHANT}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRules:
    """What asks for proof, as it holds on a day; the names are explained where they are stated.

    Parameters
    ----------
    asks : mapping
        By reason of a claim, what would have proven it wrong.
    """

    window_days: int
    false_share: float
    pair_false_share: float
    pair_lift_from: float
    sure: float
    price_bands: int
    least_ring: int
    asks: Mapping[str, Ask]


@dataclass(frozen=True, slots=True)
class ClaimedOrders:
    """Orders of a city's days with their parties, and how each was claimed.

    Parameters
    ----------
    order_ids, customers, riders, merchants, categories : sequence of str or None
    basket_minor : sequence of int or None
    claims : mapping
        By order, the reason of its claim.
    """

    order_ids: Sequence[str]
    customers: Sequence[str | None]
    riders: Sequence[str | None]
    merchants: Sequence[str | None]
    categories: Sequence[str | None]
    basket_minor: Sequence[int | None]
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Because:
    """One reason to ask: what the other orders of a party, or of two together, say.

    Parameters
    ----------
    claims, orders, expected : float
        Other orders that were claimed, other orders, and how many claims would be usual among them.
    lift : float
        How many times what is usual that is, drawn towards once where little is known.
    """

    ground: Ground
    claims: int
    orders: int
    expected: float
    lift: float


@dataclass(frozen=True, slots=True)
class Signal:
    """What is asked about an order, and why."""

    order_id: str
    ask: Ask
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Who hangs together in a city's days.

    Parameters
    ----------
    names : mapping
        By side, the pseudonyms behind the numbers of the rings' members.
    """

    rings: tuple[Ring, ...]
    names: Mapping[Side, tuple[str, ...]]


class Patterns:
    """The claims of a city's days, looked at once: what to ask about each order, its own claim left out.

    Parameters
    ----------
    orders : ClaimedOrders
    rules : SignalRules
    """

    def __init__(self, orders: ClaimedOrders, rules: SignalRules) -> None:
        self.orders, self.rules = orders, rules
        self.names, self.claims = _graph(orders, rules)
        claimed = self.claims.is_claimed
        base = base_rates(self.claims.stratum, claimed)
        parties = self.claims.parties
        self._sides = {side: left_out(parties[side], base, claimed, sure=rules.sure) for side in Side}
        self._pairs = {
            first: pair_lift(
                (parties[first], parties[second]),
                (self._sides[first].lift, self._sides[second].lift),
                base,
                claimed,
                sure=rules.sure,
                false_share=rules.pair_false_share,
            )
            for first, second in PAIRS
        }
        self._named = {side: named(self._sides[side].chance, rules.false_share) for side in Side}
        pins = [rules.asks.get(orders.claims.get(one, "")) is Ask.PIN for one in orders.order_ids]
        self._pins = {side: sums_of_others(parties[side], np.array(pins, dtype=np.float64)) for side in Side}
        self._number = {one: number for number, one in enumerate(orders.order_ids)}

    def signal(self, order_id: str) -> Signal:
        """Say what to ask about an order.

        Raises
        ------
        KeyError
            It is none of those that were looked at.
        """
        at = self._number[order_id]
        because = tuple(self._because(at))
        return Signal(order_id, self._ask(at, because), because)

    def graph(self) -> Graph:
        """Bring together who stands out, by the riders and merchants whom they have in common."""
        found = rings(self.claims, self._suspects(), least=self.rules.least_ring)
        return Graph(found, self.names)

    def asked(self) -> Truths:
        """Say of each order whether anything is asked about it."""
        found = np.zeros(len(self.orders.order_ids), dtype=np.bool_)
        for chosen in (*self._named.values(), *(self._stands_out(one) for one in self._pairs.values())):
            found |= chosen
        return found

    def _suspects(self) -> Mapping[Side, Truths]:
        return {Side.CUSTOMER: self._named[Side.CUSTOMER] | self._stands_out(self._pairs[Side.RIDER])}

    def _because(self, at: int) -> Iterator[Because]:
        for side, found in self._sides.items():
            if self._named[side][at]:
                yield _of_party(_OF_SIDE[side], found, at)
        for side, pair in self._pairs.items():
            if self._stands_out(pair)[at]:
                yield _of_pair(_OF_PAIR[side], pair, at)

    def _stands_out(self, pair: PairLift) -> Truths:
        found: Truths = pair.stands_out & (pair.sure_lift >= self.rules.pair_lift_from)
        return found

    def _ask(self, at: int, because: tuple[Because, ...]) -> Ask:
        """Ask for what would have settled most of the claims: a PIN where goods are said not to have come."""
        if not because:
            return Ask.NOTHING
        sides = [side for side, ground in _OF_SIDE.items() if any(one.ground is ground for one in because)]
        sides = sides or [Side.CUSTOMER]
        claims = sum(float(self._sides[side].claims[at]) for side in sides)
        pins = sum(float(self._pins[side][at]) for side in sides)
        return Ask.PIN if 2 * pins > claims else Ask.PHOTO


def _graph(orders: ClaimedOrders, rules: SignalRules) -> tuple[Mapping[Side, tuple[str, ...]], Claims]:
    columns = {Side.CUSTOMER: orders.customers, Side.RIDER: orders.riders, Side.MERCHANT: orders.merchants}
    coded = {side: _numbered(column) for side, column in columns.items()}
    is_claimed = np.array([orders.claims.get(one, "") in rules.asks for one in orders.order_ids], dtype=np.bool_)
    claims = Claims({side: codes for side, (_, codes) in coded.items()}, _strata(orders, rules), is_claimed)
    return {side: names for side, (names, _) in coded.items()}, claims


def _numbered(names: Sequence[str | None]) -> tuple[tuple[str, ...], Codes]:
    known = sorted({one for one in names if one})
    number = {one: at for at, one in enumerate(known)}
    return tuple(known), np.array([number[one] if one else NOBODY for one in names], dtype=np.int64)


def _strata(orders: ClaimedOrders, rules: SignalRules) -> Codes:
    """Give each kind of goods and band of prices a number."""
    prices: Floats = np.array([np.nan if one is None else one for one in orders.basket_minor], dtype=np.float64)
    known = prices[np.isfinite(prices)]
    edges: Floats = np.quantile(known, np.arange(1, rules.price_bands) / rules.price_bands) if len(known) else prices
    bands: NDArray[np.int64] = np.digitize(np.nan_to_num(prices), np.unique(edges[np.isfinite(edges)]))
    _, kinds = _numbered(orders.categories)
    strata: Codes = np.unique((kinds + 1) * (rules.price_bands + 1) + bands, return_inverse=True)[1].astype(np.int64)
    return strata


def _of_party(ground: Ground, found: LeftOut, at: int) -> Because:
    return Because(
        ground, int(found.claims[at]), int(found.others[at]), float(found.expected[at]), float(found.lift[at])
    )


def _of_pair(ground: Ground, found: PairLift, at: int) -> Because:
    return Because(
        ground, int(found.claims[at]), int(found.together[at]), float(found.expected[at]), float(found.lift[at])
    )
