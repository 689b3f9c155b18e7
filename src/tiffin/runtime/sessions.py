"""Signed-in browsers and one-time links: random tokens of which the database keeps only the hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, delete, select, update
from sqlalchemy.orm import Session

from tiffin.runtime.actor import Actor, SignInNeeded
from tiffin.runtime.auth import ActiveAccount, effective_actor
from tiffin.runtime.database import transaction
from tiffin.runtime.i18n import mark
from tiffin.runtime.models import Account, SignInLink, SignInSession

SESSION_LIFE = timedelta(days=7)
"""A session ends after this long, however much it is used."""

SESSION_IDLE = timedelta(hours=12)
"""A session that nobody uses ends after this long."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept; finer would write at every request."""

LINK_LIFE = timedelta(minutes=30)
"""A one-time link that nobody follows ends after this long."""


FORGOTTEN_AFTER = timedelta(days=30)
"""Sessions and links that ended are removed this long afterwards; that they were is on the audit trail."""

NOBODY_HERE = mark("Nobody is signed in here, or the session has ended. Sign in and try again.")
DEAD_LINK = mark("This sign-in link was used already, or has run out. Ask for a new one.")


def start_session(session: Session, account: Account, *, now: datetime) -> str:
    """Sign an account in and give the token for its cookie."""
    session.execute(delete(SignInSession).where(SignInSession.expires_at < now - FORGOTTEN_AFTER))
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            account_id=account.account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    return token


def session_actor(session: Session, token: str | None, *, now: datetime) -> Actor:
    """Give the actor of a signed-in browser, with the grants that hold at this moment.

    Raises
    ------
    SignInNeeded
        The token is none of ours, or its session ended, ran out, was idle for too long, or its account is disabled.
    """
    row = session.get(SignInSession, token_hash(token)) if token else None
    account = session.get(Account, row.account_id) if row else None
    if row is None or account is None or not _is_live(row, now=now) or account.disabled_at is not None:
        raise SignInNeeded(NOBODY_HERE)
    if now - row.last_seen_at > SEEN_EVERY:
        _note_use(session.get_bind().engine, row.token_hash, now=now)
    return effective_actor(session, account, now=now)


def end_session(session: Session, token: str | None, *, now: datetime) -> None:
    """Sign a browser out; a token that is none of ours changes nothing."""
    row = session.get(SignInSession, token_hash(token)) if token else None
    if row is not None and row.ended_at is None:
        row.ended_at = now


def end_sessions_of(session: Session, account: Account, *, now: datetime) -> None:
    """Sign an account out everywhere, and void its unused links."""
    live = (SignInSession.account_id == account.account_id, SignInSession.ended_at.is_(None))
    session.execute(update(SignInSession).where(*live).values(ended_at=now))
    unused = (SignInLink.account_id == account.account_id, SignInLink.used_at.is_(None))
    session.execute(update(SignInLink).where(*unused).values(used_at=now))


def make_link(session: Session, account: Account | ActiveAccount, *, now: datetime) -> str:
    """Make a one-time link for an account and give its token."""
    session.execute(delete(SignInLink).where(SignInLink.expires_at < now - FORGOTTEN_AFTER))
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            token_hash=token_hash(token), account_id=account.account_id, created_at=now, expires_at=now + LINK_LIFE
        )
    )
    return token


def use_link(session: Session, token: str, *, now: datetime) -> Account:
    """Use up a one-time link and give its account; of two who follow it at once, one succeeds.

    Raises
    ------
    SignInNeeded
        The link is none of ours, was used, has run out, or its account is disabled.
    """
    hashed = token_hash(token)
    usable = (SignInLink.token_hash == hashed, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    used = cast("CursorResult[Any]", session.execute(update(SignInLink).where(*usable).values(used_at=now)))
    account = session.scalar(
        select(Account).join(SignInLink).where(SignInLink.token_hash == hashed, Account.disabled_at.is_(None))
    )
    if used.rowcount != 1 or account is None:
        raise SignInNeeded(DEAD_LINK)
    return account


def token_hash(token: str) -> str:
    """Give what the database keeps of a token, which is long and random: a plain digest of it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _note_use(engine: Engine, hashed: str, *, now: datetime) -> None:
    # In a transaction of its own: a page that only reads must not make SQLite's other writers wait.
    with transaction(engine) as session:
        session.execute(update(SignInSession).where(SignInSession.token_hash == hashed).values(last_seen_at=now))


def _is_live(row: SignInSession, *, now: datetime) -> bool:
    return row.ended_at is None and now < row.expires_at and now - row.last_seen_at < SESSION_IDLE
