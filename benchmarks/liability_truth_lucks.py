"""How many lucks of the day the truth of a case needs; nothing here really happened.

The truth about a party's own chance is a mean over lucks of the day, so it has an error. A case whose outcome could
still be another one within that error is replayed in more lucks, twice as many each time, until it is clear or the most
lucks are reached. Whether it is clear follows from the truth alone: nothing here knows what was attributed.

What can change an outcome are three borders (`liability_truth_outcomes.py`): who bears most; whether he bears 60 %;
whether a merchant or a rider of whom a stage was slow bears a third. A case is clear when it lies from each of them
further than `CLEAR` standard errors of its mean. Shares count nothing below zero, so near a mean the distance from a
border is a sum of those parts that are above it, and its error is that of such a sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.truth.delays import chance_in_lucks
from tiffin.engines.simulation.truth.own import OWN
from tiffin.engines.simulation.truth.parties import Party
from tiffin.engines.simulation.truth.worlds import Worlds

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

PARTIES = tuple(Party)
COLUMNS = [PARTIES.index(party) for party in OWN]
MERCHANT, RIDER, ORDINARY = PARTIES.index(Party.MERCHANT), PARTIES.index(Party.RIDER), len(PARTIES)
BEARER = np.array([0, 1, 2, 3, 3, 3])
"""On whom each part lands: circumstances and the ordinary on the platform."""
CLEAR = 3.0
MOST, STRUCK = 0.6, 1.0 / 3.0


@dataclass(frozen=True, slots=True)
class Meant:
    """What each party's own chance did to some orders on the mean over their lucks.

    Parameters
    ----------
    late_s, lost : (n, n_own), in the order of `OWN`
    lucks : (n,), in how many each was replayed
    is_open : (n,), whether its outcome is not clear after the most lucks
    """

    late_s: Floats
    lost: Floats
    lucks: Numbers
    is_open: Mask


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of the cases besides their own chance, (n, ...) each.

    Parameters
    ----------
    is_lost : (n,), whether the order was not delivered: then parts are of its loss, not of its time
    total : (n,), seconds late; 1 of an order that was not delivered
    planted : (n, n_parties), what was planted did of that
    is_slow : (n, 2), whether a stage of the merchant's, of the rider's own was slow
    """

    is_lost: Mask
    total: Floats
    planted: Floats
    is_slow: Mask


def meant(
    worlds: Worlds, actual: SimulatedDay, which: Numbers, cases: Case, *, lucks: tuple[int, int], stream: Stream
) -> Meant:
    """Replay cases until their outcome is clear.

    Parameters
    ----------
    lucks : the first lucks, which all are replayed in, and the most
    """
    n, (first, most) = len(which), lucks
    summed, squared = np.zeros((2, n, len(OWN))), np.zeros((n, len(OWN), len(OWN)))
    replays, rows = np.zeros(n, dtype=np.int64), np.arange(n)
    for numbers in _rounds(first, most):
        if not len(rows):
            break
        found = chance_in_lucks(worlds, actual, which[rows], lucks=numbers, stream=stream)
        counted = np.where(cases.is_lost[rows], found.lost, found.late_s)
        for part, values in enumerate((found.late_s, found.lost)):
            summed[part, rows] += values.sum(axis=1).T
        squared[rows] += np.einsum("aln,bln->nab", counted, counted)
        replays[rows] += len(numbers)
        rows = rows[_open(cases, summed, squared, replays)[rows]]
    late_s, lost = summed / replays[:, None]
    return Meant(late_s, lost, replays, np.isin(np.arange(n), rows))


def _rounds(first: int, most: int) -> Iterator[range]:
    begin, end = 0, first
    while begin < most:
        yield range(begin, end)
        begin, end = end, min(most, 2 * end)


def _open(cases: Case, summed: Floats, squared: Floats, replays: Numbers) -> Mask:
    late_s, lost = summed / replays[:, None]
    mean = np.where(cases.is_lost[:, None], lost, late_s)
    spread = squared / replays[:, None, None] - mean[:, :, None] * mean[:, None, :]
    of_mean = spread / np.maximum(1, replays - 1)[:, None, None]
    # What is left of the whole is the ordinary, so its error is that of all parts together.
    onto = np.zeros((len(OWN), ORDINARY + 1))
    onto[range(len(OWN)), COLUMNS] = 1.0
    onto[:, ORDINARY] = -1.0
    parts = np.column_stack([cases.planted, cases.total - cases.planted.sum(axis=1)]) + mean @ onto
    return is_open(parts, onto.T @ of_mean @ onto, cases.is_slow)


def is_open(parts: Floats, of_mean: Floats, is_slow: Mask) -> Mask:
    """Mark the cases whose outcome could be another one within the error of their mean.

    Parameters
    ----------
    parts : (n, n_parties + 1), what each party added; the last is the ordinary
    of_mean : (n, n_parties + 1, n_parties + 1), covariance of these means
    is_slow : (n, 2)
    """
    counts = (parts > 0).astype(np.float64)
    lands = np.stack([counts * (bearer == BEARER) for bearer in range(max(BEARER) + 1)], axis=1)
    bears = np.einsum("nbp,np->nb", lands, parts)
    order, row = np.argsort(-bears, axis=1), np.arange(len(parts))
    first, second = lands[row, order[:, 0]], lands[row, order[:, 1]]
    borders = [(first - second, True), (first - MOST * counts, True)]
    for column, party in enumerate((MERCHANT, RIDER)):
        own = np.where(np.arange(ORDINARY + 1) == party, counts, 0.0)
        borders.append((own - STRUCK * counts, is_slow[:, column]))
    found = np.zeros(len(parts), dtype=np.bool_)
    for weights, counts_here in borders:
        distance = np.abs(np.einsum("np,np->n", weights, parts))
        error = np.sqrt(np.maximum(0.0, np.einsum("np,npq,nq->n", weights, of_mean, weights)))
        found |= counts_here & (distance < CLEAR * error)
    return found
