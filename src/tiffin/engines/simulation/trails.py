"""Where each rider of a simulated day was: the legs of his way, from log-on to log-off."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.tables import NEVER, Floats, Records, Seconds, records

LEGS = {
    "session": "i8",
    "order": "i8",  # -1 where it is for none
    "purpose": "i8",  # a number of `Purpose`
    "start_s": "i8",
    "end_s": "i8",
    "from_x": "f8",
    "from_y": "f8",
    "to_x": "f8",
    "to_y": "f8",
}


class Purpose(IntEnum):
    """What a rider does on a leg of his way."""

    APPROACH = 0
    WAIT = 1
    DELIVER = 2
    RETURN = 3
    HOME = 4


def legs(day: SimulatedDay, city: City) -> Records:
    """Tell the way of each rider, by session and time.

    Returns
    -------
    records of LEGS
        One row a leg; a rider who waits stays where he is: his leg begins and ends at one place. `order` is what the
        leg is for, -1 where it is for none.
    """
    moves = _moves(day, city)
    return _with_waits(moves, day)


def _moves(day: SimulatedDay, city: City) -> Records:
    orders, track, merchants = day.orders, day.happened.track, city.merchants
    number = np.flatnonzero(track.session != NEVER)
    goods = orders.merchant[number]
    shop_x, shop_y = merchants.x[goods], merchants.y[goods]
    arrived = np.where(track.at_merchant_s[number] == NEVER, track.freed_s[number], track.at_merchant_s[number])
    there = _rows(
        track.session[number], number, Purpose.APPROACH, (track.assigned_s[number], arrived), (shop_x, shop_y)
    )
    out = np.flatnonzero(track.at_customer_s != NEVER)
    spans = (track.picked_up_s[out], track.at_customer_s[out])
    onward = _rows(track.session[out], out, Purpose.DELIVER, spans, (orders.drop_x[out], orders.drop_y[out]))
    moves = np.concatenate([there, onward]).view(np.recarray)
    moves = moves[np.lexsort((moves.purpose, moves.start_s, moves.session))]
    first = np.flatnonzero(np.diff(moves.session, prepend=NEVER))
    moves.from_x[1:], moves.from_y[1:] = moves.to_x[:-1], moves.to_y[:-1]
    moves.from_x[first] = day.sessions.x[moves.session[first]]
    moves.from_y[first] = day.sessions.y[moves.session[first]]
    return moves


def _rows(
    session: NDArray[np.int64],
    order: NDArray[np.int64],
    purpose: Purpose,
    span: tuple[Seconds, Seconds],
    to: tuple[Floats, Floats],
) -> Records:
    kind = np.full(len(session), purpose, dtype=np.int64)
    return records(
        LEGS,
        session=session,
        order=order,
        purpose=kind,
        start_s=span[0],
        end_s=span[1],
        from_x=to[0],
        from_y=to[1],
        to_x=to[0],
        to_y=to[1],
    )


def _with_waits(moves: Records, day: SimulatedDay) -> Records:
    """Fill the time between moves with waiting where the last one ended."""
    number = np.arange(len(day.sessions), dtype=np.int64)
    first = _rows(
        number, np.full(len(number), NEVER), Purpose.WAIT, (day.sessions.on_s,) * 2, (day.sessions.x, day.sessions.y)
    )
    known = np.concatenate([first, moves]).view(np.recarray)
    known = known[np.lexsort((known.start_s, known.session))]
    last = np.append(known.session[1:] != known.session[:-1], True)
    until = np.where(last, day.happened.ended_s[known.session], np.append(known.start_s[1:], 0))
    waits = known.copy()
    waits.purpose, waits.start_s, waits.end_s = Purpose.WAIT, known.end_s, until
    waits.from_x, waits.from_y = known.to_x, known.to_y
    every = np.concatenate([moves, waits[waits.end_s > waits.start_s]]).view(np.recarray)
    return every[np.lexsort((every.end_s, every.start_s, every.session))]
