"""The ledger of points and money: events that are only ever added, their entries, and what their chain rests on."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant


class LedgerEvent(Base):
    """Something that happened in a city's ledger.

    It is numbered among the events of its incident when it is written, and chained (``number``, ``previous_digest``,
    ``digest``) at the end of the same transaction. ``actor`` is a code of `tiffin.runtime.actor_codes`; ``reason`` is
    JSON by locale and comes into the digest under a salt, so that it can be removed. ``decision`` is what makes a
    posting the same as another, ``follows`` the posting in whose place it comes, ``terms`` the digest of the terms
    under which it was entered.
    """

    __tablename__ = "ledger_events"
    __table_args__ = (
        UniqueConstraint("incident_key", "sequence", name="uq_ledger_events_incident"),
        UniqueConstraint("city_id", "number", name="uq_ledger_events_chain"),
        Index("ix_ledger_events_city_day", "city_id", "business_date"),
        Index("ix_ledger_events_verdict", "verdict_id"),
    )

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    city_id: Mapped[str] = mapped_column(String(128))
    number: Mapped[int | None] = mapped_column(Integer)
    incident_key: Mapped[str] = mapped_column(String(255))
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    verdict_id: Mapped[str] = mapped_column(String(255))
    follows: Mapped[str] = mapped_column(String(255))
    decision: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(26))
    country: Mapped[str] = mapped_column(String(2))
    zone_id: Mapped[str | None] = mapped_column(String(128))
    order_id: Mapped[str] = mapped_column(String(128))
    incident: Mapped[str] = mapped_column(String(32))
    business_date: Mapped[date] = mapped_column()
    policy: Mapped[str] = mapped_column(String(128))
    policy_version: Mapped[str] = mapped_column(String(128))
    row_name: Mapped[str] = mapped_column(String(128))
    terms: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    reason_salt: Mapped[str | None] = mapped_column(String(32))
    reason_digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


class LedgerEntry(Base):
    """One line of an event: an amount on an account; the lines of an event add up to nought in every unit.

    ``account`` is ``platform:…`` or the code of a party; ``amount`` is points or minor units, above nought against the
    owner. ``once`` is given to what is posted to a party, from order, incident, decision, predecessor and party: no two
    entries have the same.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_account", "account"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("ledger_events.event_id"), primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(BigInteger)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)


class LedgerHead(Base):
    """Where the chain of a city ends: how many events it has, and the digest of the last."""

    __tablename__ = "ledger_heads"

    city_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    events: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))


class LedgerParty(Base):
    """Whom the code of an account means; who was erased has no salt, and a mark stands for his identifier."""

    __tablename__ = "ledger_parties"
    __table_args__ = (UniqueConstraint("kind", "city_id", "party_id", name="uq_ledger_parties_party"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    city_id: Mapped[str] = mapped_column(String(128))
    party_id: Mapped[str] = mapped_column(String(128))
    salt: Mapped[str | None] = mapped_column(String(32))


class LedgerTerms(Base):
    """Terms under which postings were entered, as they stood then: JSON by its SHA-256."""

    __tablename__ = "ledger_terms"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
