"""Where each rider of a simulated day was: the legs of his way, from log-on to log-off."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.tables import NEVER, Floats, Mishap, Records, Seconds, Status, records

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
JOBS = {
    "session": "i8",
    "order": "i8",  # the order that the rider was sent for first
    "start_s": "i8",  # when he took it
    "arrives_s": "i8",  # when he was at the merchant
    "leaves_s": "i8",  # when he left it: with the goods, or with nothing after the last of his orders was cancelled
    "end_s": "i8",  # when he was done with all of it
}
"""Riders' jobs: what a rider does from taking an order until he has no work; orders of one job leave together."""

OWNED = {"session": "i8", "order": "i8"}
MOVES = {**LEGS, "until_s": "i8"}  # until when he is busy where the leg ends

Place = tuple[Floats, Floats]
Numbers = NDArray[np.int64]


class Purpose(IntEnum):
    """What a rider does on a leg of his way."""

    APPROACH = 0
    WAIT = 1
    DELIVER = 2
    RETURN = 3
    HOME = 4


def jobs(day: SimulatedDay) -> Records:
    """Give the jobs of all riders, by session and time; no two of one rider overlap."""
    track = day.happened.track
    carried = np.flatnonzero(track.session != NEVER)
    in_turn = carried[np.lexsort((track.assigned_s[carried], track.job[carried], track.session[carried]))]
    own = track[in_turn]
    first = np.flatnonzero((np.diff(own.session, prepend=NEVER) != 0) | (np.diff(own.job, prepend=NEVER) != 0))
    end_s = _most(own.freed_s, first)
    # Who learns of a cancellation on his way learns of it at the merchant's door, and is free there.
    reached = np.where(own.at_merchant_s == NEVER, np.iinfo(np.int64).max, own.at_merchant_s)
    arrives_s = np.minimum(_least(reached, first), end_s)
    picked_up_s = _most(own.picked_up_s, first)
    return records(
        JOBS,
        session=own.session[first],
        order=in_turn[first],
        start_s=own.assigned_s[first],
        arrives_s=arrives_s,
        leaves_s=np.where(picked_up_s == NEVER, end_s, picked_up_s),
        end_s=end_s,
    )


def legs(day: SimulatedDay, city: City) -> Records:
    """Tell the way of each rider, by session and time.

    Returns
    -------
    records of LEGS
        One row a leg, each beginning when and where the rider's last one ended; a rider who waits stays where he is.
        `order` is what the leg is for, -1 where it is for none. A leg that takes no time is left out.
    """
    moves = _chained(_moves(day, city), day)
    every: Records = np.concatenate([moves, *_waits(moves, day)]).view(np.recarray)
    every = every[every.end_s > every.start_s]
    every = every[np.lexsort((every.start_s, every.session))]
    return records(LEGS, **{name: every[name] for name in LEGS})


def _most(values: Numbers, first: Numbers) -> Numbers:
    return np.maximum.reduceat(values, first) if len(first) else values[:0]


def _least(values: Numbers, first: Numbers) -> Numbers:
    return np.minimum.reduceat(values, first) if len(first) else values[:0]


def _moves(day: SimulatedDay, city: City) -> Records:
    """Give all legs on which somebody moves, one after the other; from where is not known yet."""
    worked, homeward = jobs(day), day.happened.rides_home
    shop = city.merchants[day.orders.merchant[worked.order]]
    home = day.sessions[homeward.session]
    every: Records = np.concatenate(
        [
            _rows(Purpose.APPROACH, worked, (worked.start_s, worked.arrives_s, worked.leaves_s), (shop.x, shop.y)),
            *_out(day, city),
            _rows(Purpose.HOME, homeward, (homeward.start_s, homeward.end_s, homeward.end_s), (home.x, home.y)),
        ]
    ).view(np.recarray)
    return every[np.lexsort((every.end_s, every.start_s, every.session))]


def _out(day: SimulatedDay, city: City) -> list[Records]:
    """Give the legs with goods: to the customer, on to the right address, back to the merchant."""
    orders, track = day.orders, day.happened.track
    number = np.flatnonzero(track.at_customer_s != NEVER)
    number = number[np.lexsort((track.at_customer_s[number], track.job[number], track.session[number]))]
    goods, own = orders[number], track[number]
    returned = own.status == Status.RETURNED
    gone_s = np.where(returned, own.cancelled_s, own.freed_s)
    follows = (np.diff(own.session, prepend=NEVER) == 0) & (np.diff(own.job, prepend=NEVER) == 0)
    begin_s = np.where(follows, np.append(NEVER, gone_s)[:-1], own.picked_up_s)
    served = records(OWNED, session=own.session, order=number)
    last = np.append(~follows, True)[1:]
    astray = (goods.mishap == Mishap.WRONG_ADDRESS) & ~returned
    again_s = own.at_customer_s + goods.mishap_s, own.freed_s - goods.dropoff_s, own.freed_s
    back = last & (_last_of_job(own.returned_s, follows) != NEVER)
    back_s = gone_s, _last_of_job(own.returned_s, follows), _last_of_job(own.freed_s, follows)
    shop = city.merchants[goods.merchant]
    return [
        _rows(Purpose.DELIVER, served, (begin_s, own.at_customer_s, gone_s), (goods.drop_x, goods.drop_y)),
        _rows(Purpose.DELIVER, served, again_s, (goods.right_x, goods.right_y))[astray],
        _rows(Purpose.RETURN, served, back_s, (shop.x, shop.y))[back],
    ]


def _last_of_job(values: Seconds, follows: NDArray[np.bool_]) -> Seconds:
    """Give each order the greatest value of its job."""
    first = np.flatnonzero(~follows)
    return np.repeat(_most(values, first), np.diff(np.append(first, len(values))))


def _rows(purpose: Purpose, whose: Records, times: tuple[Seconds, Seconds, Seconds], to: Place) -> Records:
    """Make legs from who moves for what, when each begins and ends and until when he is busy there, and where to."""
    order = whose.order if "order" in whose.dtype.names else np.full(len(whose), NEVER)
    start_s, end_s, until_s = times
    kind = np.full(len(whose), purpose, dtype=np.int64)
    span = {"start_s": start_s, "end_s": end_s, "until_s": until_s}
    place = {"from_x": to[0], "from_y": to[1], "to_x": to[0], "to_y": to[1]}
    return records(MOVES, session=whose.session, order=order, purpose=kind, **span, **place)


def _chained(moves: Records, day: SimulatedDay) -> Records:
    """Let each leg begin where the last one ended; who is sent off on his way home is there first."""
    first = np.diff(moves.session, prepend=NEVER) != 0
    moves.start_s[1:] = np.where(first[1:], moves.start_s[1:], np.maximum(moves.start_s[1:], moves.end_s[:-1]))
    for axis in ("x", "y"):
        before = np.append(0.0, moves[f"to_{axis}"])[:-1]
        moves[f"from_{axis}"] = np.where(first, day.sessions[axis][moves.session], before)
    _cut(moves, day.happened.ended_s[moves.session])
    return moves


def _cut(moves: Records, ended_s: Seconds) -> None:
    """End the way of those who go off shift on their way home where they are then."""
    cut = np.flatnonzero(moves.end_s > ended_s)
    share = np.clip((ended_s - moves.start_s)[cut] / (moves.end_s - moves.start_s)[cut], 0.0, 1.0)
    for axis in ("x", "y"):
        begin = moves[f"from_{axis}"][cut]
        moves[f"to_{axis}"][cut] = begin + share * (moves[f"to_{axis}"][cut] - begin)
    moves.end_s[cut] = ended_s[cut]


def _waits(moves: Records, day: SimulatedDay) -> list[Records]:
    """Fill the time between moves with waiting where the last one ended: first for an order, then for none."""
    number = np.arange(len(day.sessions), dtype=np.int64)
    whose = records(OWNED, session=number, order=np.full(len(number), NEVER))
    begin = _rows(Purpose.WAIT, whose, (day.sessions.on_s,) * 3, (day.sessions.x, day.sessions.y))
    known: Records = np.concatenate([begin, moves]).view(np.recarray)
    known = known[np.lexsort((known.end_s, known.start_s, known.session))]
    last = np.diff(known.session, append=NEVER) != 0
    next_s = np.where(last, day.happened.ended_s[known.session], np.append(known.start_s, NEVER)[1:])
    busy_s = np.clip(known.until_s, known.end_s, np.maximum(next_s, known.end_s))
    place = known.to_x, known.to_y
    idle = records(OWNED, session=known.session, order=np.full(len(known), NEVER))
    return [
        _rows(Purpose.WAIT, known, (known.end_s, busy_s, busy_s), place),
        _rows(Purpose.WAIT, idle, (busy_s, next_s, next_s), place),
    ]
