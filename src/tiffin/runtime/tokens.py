"""Tokens with which programs act as an account: random, kept as digests only, expiring, revocable.

A token opens exactly what its account's grants open at the moment of each use.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tiffin.runtime.actor import Actor, SignInNeeded
from tiffin.runtime.auth import ActiveAccount, effective_actor
from tiffin.runtime.i18n import mark
from tiffin.runtime.models import AccessToken, Account
from tiffin.runtime.sessions import token_hash

PREFIX = "tiffin_"
"""How every token begins, so that whoever finds one knows what it is."""

DEAD_TOKEN = mark("This access token is none of this workspace, or was revoked, or has run out. Make a new one.")


def make_token(
    session: Session, account: Account | ActiveAccount, name: str, *, now: datetime, expires_at: datetime
) -> tuple[str, int]:
    """Make a token for an account; give it, which happens only this once, and its number."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = AccessToken(
        token_hash=token_hash(token),
        wire_hash=wire_hash(token),
        account_id=account.account_id,
        name=name,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return token, row.token_id


def token_actor(session: Session, token: str, *, now: datetime) -> Actor:
    """Give the actor of a program that shows a token, with the grants that hold at this moment.

    Raises
    ------
    SignInNeeded
        The token is none of ours, was revoked, has run out, or its account is disabled.
    """
    return _actor(session, session.scalar(select(AccessToken).where(AccessToken.token_hash == token_hash(token))), now)


def numbered_actor(session: Session, token_id: int, *, now: datetime) -> Actor:
    """Give the actor of a connection that has shown a token before.

    Raises
    ------
    SignInNeeded
        The token was revoked since, has run out, or its account is disabled.
    """
    return _actor(session, session.get(AccessToken, token_id), now)


def wire_digests(session: Session, account: str, *, now: datetime) -> dict[int, str]:
    """Give what MySQL's handshake compares for each live token of an account, by the token's number."""
    rows = session.scalars(select(AccessToken).join(Account).where(Account.name == account))
    return {row.token_id: row.wire_hash for row in rows if _is_live(row, now)}


def wire_hash(token: str) -> str:
    """Give the digest of a token that MySQL's handshake compares."""
    inner = hashlib.sha1(token.encode(), usedforsecurity=False).digest()
    return hashlib.sha1(inner, usedforsecurity=False).hexdigest()


def _actor(session: Session, row: AccessToken | None, now: datetime) -> Actor:
    account = session.get(Account, row.account_id) if row else None
    if row is None or account is None or not _is_live(row, now) or account.disabled_at is not None:
        raise SignInNeeded(DEAD_TOKEN)
    return effective_actor(session, account, now=now)


def _is_live(row: AccessToken, now: datetime) -> bool:
    return row.revoked_at is None and now < row.expires_at
