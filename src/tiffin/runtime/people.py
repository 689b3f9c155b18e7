"""Persons named by facts: each has a random pseudonym, and a key of his own under which his values are sealed.

Facts hold the pseudonym alone. Which pseudonym belongs to which identifier stands in the operational database, and
that only as a keyed digest. Forgetting somebody deletes one pseudonym and one key: what facts still hold then leads to
nobody, in older versions and copies of them too, and what was sealed cannot be opened any more. The digest stays behind
as a mark, so that later loads of the same files do not bring the person back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from tiffin.kernel.people import PersonKind
from tiffin.runtime.database import Unit, unit_of
from tiffin.runtime.people_rows import (
    Secret,
    add_keys,
    add_people,
    key_of,
    known_keys,
    known_people,
    make_secret,
    read_secret,
)
from tiffin.runtime.people_scrubbing import scrub
from tiffin.runtime.people_tables import PEOPLE

AT_ONCE = 50_000
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
    found = pseudonyms_of_digests(unit, kind, sorted(asked))
    return {identifier: found[digest] for digest, identifier in asked.items()}


def pseudonyms_of_digests(unit: Unit, kind: PersonKind, ascending: Sequence[str]) -> Mapping[str, str | None]:
    """Give pseudonyms as `pseudonyms` does, where the digests were computed already.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    found: dict[str, str | None] = {}
    for digests in _portions(ascending):
        with _apart(unit) as reading:
            known = known_people(reading, digests)
        found |= known
        fresh = [digest for digest in digests if digest not in known] if len(known) < len(digests) else []
        if fresh:
            with _apart(unit) as writing:
                found |= add_people(writing, kind, fresh)
    return found


def keys(unit: Unit, kind: PersonKind, ids: Iterable[str]) -> dict[str, bytes]:
    """Give the keys of people by their pseudonyms, new ones where nothing of theirs was sealed before.

    People who were forgotten, or never had a pseudonym, have none. What is new stands as `pseudonyms` says.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    secret = needed_secret(unit)
    found: dict[str, bytes] = {}
    for digests in _portions(sorted({secret.digest(kind, one) for one in ids})):
        with _apart(unit) as reading:
            portion = known_keys(reading, digests)
        if len(portion) < len(digests):
            with _apart(unit) as writing:
                add_keys(writing, digests)
                portion = known_keys(writing, digests)
        found |= portion
    return found


def forgotten(unit: Unit) -> Callable[[str], bool] | None:
    """Give what tells of a text whether it is the identifier of somebody who was forgotten; None where nobody was.

    For texts that stand somewhere as a source wrote them, such as rows that a load leaves out.
    """
    gone = frozenset(unit.execute(select(PEOPLE.c.digest).where(PEOPLE.c.forgotten_at.is_not(None))).scalars())
    secret = read_secret(unit)
    if not gone or secret is None:
        return None
    return cache(lambda text: any(secret.digest(kind, text) in gone for kind in PersonKind))


def find(unit: Unit, kind: PersonKind, identifier: str) -> Person | None:
    """Find the person whom a source names so; None where facts know nobody of that name, or know him no longer."""
    row = _row(unit, kind, identifier)
    return Person(kind, row.pseudonym) if row is not None and row.pseudonym is not None else None


def is_forgotten(unit: Unit, kind: PersonKind, identifier: str) -> bool:
    """Tell whether a person was forgotten, so that no load brings him back."""
    row = _row(unit, kind, identifier)
    return row is not None and row.pseudonym is None


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
    known = find(unit, kind, identifier)
    digest = (read_secret(unit) or _made_secret(unit)).digest(kind, identifier)
    gone = {"pseudonym": None, "data_key": None, "forgotten_at": now}
    if known is not None:
        unit.execute(update(PEOPLE).where(PEOPLE.c.digest == digest).values(**gone))
    elif not is_forgotten(unit, kind, identifier):
        unit.execute(insert(PEOPLE).values(digest=digest, kind=kind.value, **gone))
    unit.afterwards(_scrubbed)
    return known


def _row(unit: Unit, kind: PersonKind, identifier: str) -> Row[Any] | None:
    secret = read_secret(unit)
    if secret is None:
        return None
    digest = secret.digest(kind, identifier)
    return unit.execute(select(PEOPLE.c.pseudonym).where(PEOPLE.c.digest == digest)).one_or_none()


def _scrubbed(engine: Engine) -> None:
    scrub(engine)


@contextmanager
def _apart(unit: Unit) -> Iterator[Unit]:
    if unit.keeps_writers_waiting:
        yield unit
        return
    with unit_of(unit.engine) as own:
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


def _portions(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    return (digests[begin : begin + AT_ONCE] for begin in range(0, len(digests), AT_ONCE))
