"""Slows down whoever guesses passwords: after a few failures in a row a name is locked for a while, longer each time.

Failures count for a name whether or not it has an account, so that being locked tells nobody which accounts exist.
They are kept in a transaction of their own, because the unit of work of a refused sign-in is undone.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tiffin.runtime.database import transaction
from tiffin.runtime.models import SignInFailure

FREE_FAILURES = 5
"""Failures in a row before a name is locked."""

FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)


def locked_until(session: Session, name: str, *, now: datetime) -> datetime | None:
    """Tell until when a name is locked, if it is."""
    row = session.get(SignInFailure, _key(name))
    return row.locked_until if row and row.locked_until and row.locked_until > now else None


def note_failure(engine: Engine, name: str, *, now: datetime) -> None:
    """Count one more failure of a name; from the sixth in a row each doubles the lock."""
    with transaction(engine) as session:
        session.execute(delete(SignInFailure).where(SignInFailure.last_at < now - FORGET_AFTER))
    try:
        _count(engine, name, now=now)
    except IntegrityError:  # another process wrote the name's first failure in this very moment
        _count(engine, name, now=now)


def forget_failures(session: Session, name: str) -> None:
    """Begin counting anew, after a sign-in that succeeded."""
    session.execute(delete(SignInFailure).where(SignInFailure.name_hash == _key(name)))


def lock_after(failures: int) -> timedelta:
    """Tell how long a name is locked after so many failures in a row.

    Examples
    --------
    >>> lock_after(4), lock_after(5), lock_after(7)
    (datetime.timedelta(0), datetime.timedelta(seconds=30), datetime.timedelta(seconds=120))
    """
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 10)
    return min(LONGEST_LOCK, FIRST_LOCK * (1 << doublings))


def _count(engine: Engine, name: str, *, now: datetime) -> None:
    key = _key(name)
    with transaction(engine) as session:
        one_more = (
            update(SignInFailure)
            .where(SignInFailure.name_hash == key)
            .values(count=SignInFailure.count + 1, last_at=now)
        )
        session.execute(one_more)
        row = session.get(SignInFailure, key)
        if row is None:
            row = SignInFailure(name_hash=key, count=1, last_at=now)
            session.add(row)
        lock = lock_after(row.count)
        row.locked_until = now + lock if lock else None


def _key(name: str) -> str:
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()


def wait_after(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """Tell how long to wait before something that failed so often is tried again: each time twice as long.

    Examples
    --------
    >>> wait_after(3, first=timedelta(seconds=10), longest=timedelta(hours=1))
    datetime.timedelta(seconds=40)
    """
    return min(longest, first * (1 << min(max(attempts - 1, 0), 20)))
