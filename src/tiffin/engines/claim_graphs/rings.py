"""Who hangs together: parties that stand out, and the claimed orders between them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from tiffin.engines.claim_graphs.claims import NOBODY, Claims, Codes, Side, Truths

Member = tuple[Side, int]
"""A party: its side and its number there."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two parties with claimed orders together."""

    first: Member
    second: Member
    claims: int


@dataclass(frozen=True, slots=True)
class Ring:
    """Parties that hang together by claimed orders.

    Parameters
    ----------
    claims : int
        Claimed orders among them.
    """

    members: tuple[Member, ...]
    links: tuple[Link, ...]
    claims: int


def rings(claims: Claims, suspects: Mapping[Side, Truths], *, least: int) -> tuple[Ring, ...]:
    """Bring together customers that stand out by the riders and merchants whom at least two of them have in common.

    Parameters
    ----------
    suspects : mapping of Side to (n_orders,)
        Orders of which a party stands out; customers have to be among them.
    least : int
        Fewer customers make no ring.

    Returns
    -------
    tuple of Ring
        Those with most claims first.
    """
    rows = np.flatnonzero(claims.is_claimed & suspects[Side.CUSTOMER])
    customers = claims.parties[Side.CUSTOMER][rows]
    links = [
        *_links(customers, claims.parties[Side.RIDER][rows], Side.RIDER),
        *_links(customers, claims.parties[Side.MERCHANT][rows], Side.MERCHANT),
    ]
    return _components(links, customers, least)


def _links(customers: Codes, others: Codes, side: Side) -> list[Link]:
    known = others != NOBODY
    pairs, counts = np.unique(np.column_stack([customers[known], others[known]]), axis=0, return_counts=True)
    shared = {int(one) for one, times in zip(*np.unique(pairs[:, 1], return_counts=True), strict=True) if times > 1}
    return [
        Link((Side.CUSTOMER, int(customer)), (side, int(other)), int(count))
        for (customer, other), count in zip(pairs, counts, strict=True)
        if int(other) in shared
    ]


def _components(links: list[Link], customers: Codes, least: int) -> tuple[Ring, ...]:
    members = sorted({one for link in links for one in (link.first, link.second)})
    if not members:
        return ()
    number = {one: at for at, one in enumerate(members)}
    rows, columns = [number[one.first] for one in links], [number[one.second] for one in links]
    graph = sparse.coo_array((np.ones(len(links)), (rows, columns)), shape=(len(members), len(members)))
    _, of = csgraph.connected_components(graph, directed=False)
    claimed = dict(zip(*(one.tolist() for one in np.unique(customers, return_counts=True)), strict=True))
    found = []
    for component in np.unique(of):
        inside = tuple(one for one in members if of[number[one]] == component)
        people = [one for side, one in inside if side is Side.CUSTOMER]
        if len(people) >= least:
            own = tuple(link for link in links if of[number[link.first]] == component)
            found.append(Ring(inside, own, sum(claimed[one] for one in people)))
    return tuple(sorted(found, key=lambda one: (-one.claims, one.members)))
