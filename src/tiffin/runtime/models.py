"""Operational tables of the platform itself: accounts, grants, sessions, the audit trail, settings.

Capabilities put their own tables on the same `Base` in their ``models.py``; the one Alembic history sees them all.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column

from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.tables import ACCOUNTS, AUDIT_ENTRIES, AUDIT_HEAD, GRANTS, METADATA, Instant


class Base(DeclarativeBase):
    """Every operational table."""

    metadata = METADATA


class Account(Base):
    """A person who may sign in.

    ``password_hash`` is empty while the account has no password: a fresh workspace's owner signs in by a one-time link.
    The account of a rider, merchant or customer says whose it is (`tiffin.runtime.actor.Party`).
    """

    __table__ = ACCOUNTS

    account_id: Mapped[int]
    name: Mapped[str]
    locale: Mapped[str]
    password_hash: Mapped[str | None]
    is_owner: Mapped[bool]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    party_kind: Mapped[str | None]
    party_city: Mapped[str | None]
    party_id: Mapped[str | None]


# At most one owner: of two processes that begin with a fresh workspace at once, one makes the account. Not beside the
# table: saying it imports PostgreSQL's dialect.
Index(
    "uq_accounts_one_owner",
    ACCOUNTS.c.is_owner,
    unique=True,
    sqlite_where=text("is_owner = 1"),
    postgresql_where=text("is_owner"),
)


class AccountGrant(Base):
    """One role of one account over a scope, until it expires or is taken back.

    ``row_filters`` maps dimensions to the values whose rows it shows; ``opens`` lists the guarded classes of columns
    that it opens, and ``masks`` says by class how it masks others; groups of fewer rows than ``minimum_size`` are
    withheld. ``assets`` lists the single assets that it is for, and is empty where it is for everything. ``owner`` is
    the account that answers for it; ``source`` tells where it came from.
    """

    __table__ = GRANTS

    grant_id: Mapped[int]
    account_id: Mapped[int]
    role: Mapped[str]
    countries: Mapped[list[str]]
    cities: Mapped[list[str]]
    row_filters: Mapped[dict[str, list[str]]]
    opens: Mapped[list[str]]
    minimum_size: Mapped[int]
    masks: Mapped[dict[str, dict[str, str]]]
    assets: Mapped[list[str]]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    expires_at: Mapped[datetime]
    purpose: Mapped[str]
    owner: Mapped[str]
    source: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class SignInSession(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.account_id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class AccessToken(Base):
    """A token with which a program acts as an account, within that account's grants; only digests of it are kept.

    ``wire_hash`` is the digest that MySQL's handshake compares (SHA-1 of SHA-1): tokens are long and random, so that
    it cannot be turned back.
    """

    __tablename__ = "access_tokens"

    token_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    wire_hash: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.account_id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(String(80))


class SignInLink(Base):
    """A one-time link that signs an account in; only the hash of its token is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.account_id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInFailure(Base):
    """How often signing in under a name has failed in a row, whether or not such an account exists."""

    __tablename__ = "sign_in_failures"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class AuditEntry(Base):
    """Who did what to what, and whether it was allowed; entries are only ever added, each chained to the one before.

    ``digest`` covers all of the entry with its predecessor's digest (`tiffin.runtime.audit_chain`): subject and details
    by digests under ``salt``, so that a text can be removed from them; ``remainder`` then tells what is left. The actor
    is chained as a code, whose name stands in ``actor_codes``.
    """

    __table__ = AUDIT_ENTRIES

    entry_id: Mapped[int]
    at: Mapped[datetime]
    actor_code: Mapped[str] = column_property(AUDIT_ENTRIES.c.actor)
    action: Mapped[str]
    subject: Mapped[str]
    outcome: Mapped[str]
    details: Mapped[dict[str, Any]]
    salt: Mapped[str | None]
    pieces: Mapped[str]
    remainder: Mapped[str | None]
    previous_digest: Mapped[str]
    digest: Mapped[str]
    actor: Mapped[str] = column_property(
        select(ACTOR_CODES.c.name).where(ACTOR_CODES.c.code == AUDIT_ENTRIES.c.actor).scalar_subquery()
    )


class AuditHead(Base):
    """Where the audit trail ends: how many entries it has, the number of the last one and its digest; one row.

    ``names_mark`` is drawn anew whenever a code of `actor_codes` gets another name.
    """

    __table__ = AUDIT_HEAD

    head_id: Mapped[int]
    entries: Mapped[int]
    last_entry_id: Mapped[int]
    digest: Mapped[str]
    names_mark: Mapped[str]


class Setting(Base):
    """One value that the platform keeps about itself, such as when the demo marketplace was loaded."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(80))
