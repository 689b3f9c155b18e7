"""Persons named by facts: each has a random pseudonym, and a key of his own under which his values are sealed.

Facts hold the pseudonym alone. Which pseudonym belongs to which identifier stands in the operational database, and
that only as a keyed digest. Forgetting somebody deletes one pseudonym and one key: what facts still hold then leads to
nobody, in older versions and copies of them too, and what was sealed cannot be opened any more. The digest stays behind
as a mark, so that later loads of the same files do not bring the person back.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from sqlalchemy import Engine, delete, insert, select

from tiffin.kernel.people import PersonKind
from tiffin.runtime.database import Unit, engine_beside, unit_of
from tiffin.runtime.people_digests import (
    Digests,
    Secret,
    digests_of_bytes,
    make_secret,
    read_secret,
    take_turns,
)
from tiffin.runtime.people_keys import add_keys, key_of, known_keys
from tiffin.runtime.people_pages import ENTRY, Names, add_names, names_of, remove_name
from tiffin.runtime.people_scrubbing import scrub
from tiffin.runtime.people_tables import FORGOTTEN_PEOPLE, PEOPLE_KEYS

AT_ONCE = 400_000
"""So many people are looked up, or added, by one statement."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom facts name.

    Parameters
    ----------
    pseudonym : str
        The name under which all facts know the person.
    """

    kind: PersonKind
    pseudonym: str


def pseudonyms(unit: Unit, kind: PersonKind, ids: Iterable[str]) -> dict[str, str | None]:
    """Give the pseudonym of each identifier, a new one where there is none yet; None for people who were forgotten.

    What is new stands as soon as this returns, whatever becomes of the unit that asked: of two loads that meet the same
    person for the first time at once, both get the same pseudonym, and facts never hold one that nobody knows. Only
    where the unit itself keeps all other writers waiting does it stand or fall with the unit.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    secret = needed_secret(unit)
    asked = {secret.digest(kind, one): one for one in ids}
    ascending = digests_of_bytes(sorted(asked))
    found = pseudonyms_of_digests(unit, ascending).tolist()
    return {asked[digest]: name.decode() or None for digest, name in zip(sorted(asked), found, strict=True)}


def pseudonyms_of_digests(unit: Unit, ascending: Digests) -> Names:
    """Give pseudonyms as `pseudonyms` does, where the digests were computed already; empty for who was forgotten.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    found = [_portion(unit, ascending[begin : begin + AT_ONCE]) for begin in range(0, len(ascending), AT_ONCE)]
    return np.concatenate(found) if found else np.array([], dtype=ENTRY["pseudonym"])


def _portion(unit: Unit, ascending: Digests) -> Names:
    with _apart(unit) as reading:
        found = names_of(reading, ascending)
        meant = ascending[(found == b"") & ~np.isin(ascending, _forgotten(reading))]
    if len(meant):
        with _apart(unit) as writing:
            take_turns(writing)
            # Whoever was forgotten meanwhile stays so.
            meant = meant[~np.isin(meant, _forgotten(writing))]
            found[np.searchsorted(ascending, meant)] = add_names(writing, meant)
    return found


def _forgotten(unit: Unit) -> Digests:
    return digests_of_bytes(_forgotten_digests(unit))


def _forgotten_digests(unit: Unit) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in unit.execute(select(FORGOTTEN_PEOPLE.c.digest)).scalars()]


def keys(unit: Unit, kind: PersonKind, ids: Iterable[str]) -> dict[str, bytes]:
    """Give the keys of people by their pseudonyms, new ones where nothing of theirs was sealed before.

    People who were forgotten, or never had a pseudonym, have none. What is new stands as `pseudonyms` says.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    secret = needed_secret(unit)
    ascending = digests_of_bytes(sorted({secret.digest(kind, one) for one in ids}))
    with _apart(unit) as reading:
        names = _named(reading, ascending)
        found = known_keys(reading, names)
    if len(found) < len(names):
        with _apart(unit) as writing:
            take_turns(writing)
            # Whoever was forgotten meanwhile gets no key.
            names = _named(writing, ascending)
            add_keys(writing, names)
            found = known_keys(writing, names)
    return found


def _named(unit: Unit, ascending: Digests) -> list[str]:
    return [name.decode() for name in names_of(unit, ascending).tolist() if name]


def forgotten(unit: Unit) -> Callable[[str], bool] | None:
    """Give what tells of a text whether it is the identifier of somebody who was forgotten; None where nobody was.

    For texts that stand somewhere as a source wrote them, such as rows that a load leaves out.
    """
    gone = frozenset(_forgotten_digests(unit))
    secret = read_secret(unit)
    if not gone or secret is None:
        return None
    return cache(lambda text: any(secret.digest(kind, text) in gone for kind in PersonKind))


def find(unit: Unit, kind: PersonKind, identifier: str) -> Person | None:
    """Find the person whom a source names so; None where facts know nobody of that name, or know him no longer."""
    secret = read_secret(unit)
    if secret is None:
        return None
    found = _named(unit, digests_of_bytes([secret.digest(kind, identifier)]))
    return Person(kind, found[0]) if found else None


def is_forgotten(unit: Unit, kind: PersonKind, identifier: str) -> bool:
    """Tell whether a person was forgotten, so that no load brings him back."""
    secret = read_secret(unit)
    if secret is None:
        return False
    mark = FORGOTTEN_PEOPLE.c.digest == secret.digest(kind, identifier).hex()
    return unit.execute(select(FORGOTTEN_PEOPLE.c.digest).where(mark)).one_or_none() is not None


def data_key(unit: Unit, pseudonym: str) -> bytes | None:
    """Give the key that opens a person's sealed values; None where there are none, or he was forgotten."""
    return key_of(unit, pseudonym)


def forget(unit: Unit, kind: PersonKind, identifier: str, *, now: datetime) -> Person | None:
    """Delete a person's pseudonym and key, and see to it that no later load gives new ones.

    When the unit of work has ended, what was deleted is removed from the database's own files too. Whoever is not known
    is marked all the same, so that facts never will know him.

    Returns
    -------
    Person or None
        As whom facts knew the person, for removing what else is there of him. Keep it nowhere beside the identifier.
    """
    digest = (read_secret(unit) or _made_secret(unit)).digest(kind, identifier)
    take_turns(unit)
    known = find(unit, kind, identifier)
    if known is not None:
        remove_name(unit, digest)
        unit.execute(delete(PEOPLE_KEYS).where(PEOPLE_KEYS.c.pseudonym == known.pseudonym))
    if not is_forgotten(unit, kind, identifier):
        unit.execute(insert(FORGOTTEN_PEOPLE).values(digest=digest.hex(), kind=kind.value, forgotten_at=now))
    unit.afterwards(_scrubbed)
    return known


def _scrubbed(engine: Engine) -> None:
    scrub(engine)


@contextmanager
def _apart(unit: Unit) -> Iterator[Unit]:
    if unit.keeps_writers_waiting:
        yield unit
        return
    with unit_of(engine_beside(unit.engine)) as own:
        yield own


def needed_secret(unit: Unit) -> Secret:
    """Give what keys the digests of people, made now if nobody was ever named."""
    found = read_secret(unit)
    if found is not None:
        return found
    with _apart(unit) as writing:
        return _made_secret(writing)


def _made_secret(unit: Unit) -> Secret:
    make_secret(unit)
    found = read_secret(unit)
    assert found is not None  # noqa: S101 - it was made one line above, by this process or another
    return found
