"""Texts under a commitment that lets one of them be removed later, and still proves all the others.

A text is a piece: a value at a place. What is chained holds two digests: one of the whole text under a random salt,
which is quick to verify, and one of all pieces, each under a salt of its own that is drawn from the first. When a piece
is removed, it goes with its salt and the salt of the whole; its digest stays, and the salts of the pieces that stay.
So what is left is proven piece by piece, nothing can be put in the place of what is gone, and without its salt nobody
finds out by trying what it was.

References
----------
R. Steinfeld, L. Bull, Y. Zheng (2001), "Content extraction signatures", ICISC, section 4.1 (commitment vector).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, shake_256
from typing import Any

SALT_BYTES = 16
Place = tuple[str | int, ...]
_JSON = json.JSONEncoder().encode


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is kept of a text of which pieces were removed.

    Parameters
    ----------
    whole : str
        Digest of the whole as it was.
    gone : mapping of int to str
        By the number of a removed piece its digest, from which nothing can be told.
    salts : tuple of (str or None)
        Salt of each piece that stays.
    """

    whole: str
    gone: Mapping[int, str]
    salts: tuple[str | None, ...]

    @property
    def text(self) -> str:
        """Write it for a row of the database."""
        return json.dumps({"whole": self.whole, "gone": {str(k): v for k, v in self.gone.items()}, "salts": self.salts})


def read_remainder(written: str | bytes) -> Remainder:
    """Read what `Remainder.text` wrote.

    Raises
    ------
    ValueError
        It is something else.
    """
    try:
        found = json.loads(written)
        gone = {int(number): str(digest) for number, digest in found["gone"].items()}
        return Remainder(str(found["whole"]), gone, tuple(found["salts"]))
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def pieces_of(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Give whatever is no mapping and no list in a value, in order.

    Examples
    --------
    >>> list(pieces_of({"a": 1, "b": {"c": [2, 3]}}))
    [(('a',), 1), (('b', 'c', 0), 2), (('b', 'c', 1), 3)]
    """
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from pieces_of(item, (*place, str(key)))
    elif isinstance(value, list | tuple) and value:
        for number, item in enumerate(value):
            yield from pieces_of(item, (*place, number))
    else:
        yield place, value


def with_pieces(value: Any, fresh: Mapping[Place, Any], place: Place = ()) -> Any:
    """Give a value with something else at some places."""
    if place in fresh:
        return fresh[place]
    if isinstance(value, Mapping):
        return {key: with_pieces(item, fresh, (*place, str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_pieces(item, fresh, (*place, number)) for number, item in enumerate(value)]
    return value


def salts_of(salt: str, count: int) -> list[str]:
    """Draw the salts of pieces from the salt of the whole."""
    letters = 2 * SALT_BYTES
    drawn = shake_256(salt.encode()).hexdigest(SALT_BYTES * count)
    return [drawn[begin : begin + letters] for begin in range(0, letters * count, letters)]


def piece_digest(salt: str, value: Any) -> str:
    """Give the digest of one piece."""
    return sha256(f"{salt}{_JSON(value)}".encode()).hexdigest()


def root_of(places: Sequence[Place], digests: Sequence[str]) -> str:
    """Give the digest of all pieces together, each at its place."""
    told = "".join([f"{_written(place)}{digest}\n" for place, digest in zip(places, digests, strict=True)])
    return sha256(told.encode()).hexdigest()


@lru_cache(maxsize=4096)
def _written(place: Place) -> str:
    return _JSON(place)


def sealed_root(salt: str, pieces: Sequence[tuple[Place, Any]]) -> str:
    """Give the digest of all pieces of a text that is whole."""
    salts = salts_of(salt, len(pieces))
    digests = [piece_digest(own, value) for own, (_, value) in zip(salts, pieces, strict=True)]
    return root_of([place for place, _ in pieces], digests)


def remaining_root(kept: Remainder, pieces: Sequence[tuple[Place, Any]]) -> str:
    """Give the digest of all pieces of a text of which some were removed.

    Raises
    ------
    ValueError
        What is kept does not belong to these pieces.
    """
    if len(kept.salts) != len(pieces) or {n for n, salt in enumerate(kept.salts) if salt is None} != {*kept.gone}:
        raise ValueError
    digests = [
        kept.gone[number] if salt is None else piece_digest(salt, value)
        for number, (salt, (_, value)) in enumerate(zip(kept.salts, pieces, strict=True))
    ]
    return root_of([place for place, _ in pieces], digests)


def reduced(
    salt: str | None, former: Remainder | None, whole: str, pieces: Sequence[tuple[Place, Any]], gone: Sequence[int]
) -> Remainder:
    """Give what is kept once pieces are removed.

    Parameters
    ----------
    salt : str or None
        Salt of the whole; None where pieces were removed before, which ``former`` tells.
    """
    salts: list[str | None] = [*former.salts] if former else [*salts_of(salt or "", len(pieces))]
    digests = dict(former.gone) if former else {}
    for number in gone:
        own = salts[number]
        if own is not None:
            digests[number], salts[number] = piece_digest(own, pieces[number][1]), None
    return Remainder(former.whole if former else whole, digests, tuple(salts))
