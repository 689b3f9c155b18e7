"""What people say of assets with its history, waivers of standards, and how assets stood day by day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tiffin.runtime.models import Base
from tiffin.runtime.tables import Instant
from tiffin.runtime.uses import ASSET_USES, NAME_MAX

__all__ = [
    "ASSET_USES",
    "AssetChange",
    "AssetDay",
    "AssetSaying",
    "CatalogDay",
    "EstateMatch",
    "EstateReading",
    "StandardWaiver",
]


class AssetSaying(Base):
    """What holds now of what people said of an asset: one value a field and language."""

    __tablename__ = "asset_sayings"

    asset: Mapped[str] = mapped_column(String(NAME_MAX), primary_key=True)
    field: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(80))


class AssetChange(Base):
    """One change of what is said of an asset; changes are only ever added, and an undoing is one more."""

    __tablename__ = "asset_changes"
    __table_args__ = (Index("ix_asset_changes_asset", "asset", "change_id"),)

    change_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    asset: Mapped[str] = mapped_column(String(NAME_MAX))
    field: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    undoes: Mapped[int | None] = mapped_column(Integer)


class StandardWaiver(Base):
    """A standard that an asset need not keep until a day."""

    __tablename__ = "standard_waivers"

    waiver_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    rule: Mapped[str] = mapped_column(String(80))
    asset: Mapped[str] = mapped_column(String(NAME_MAX), index=True)
    reason: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(80))
    ends_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(80))


class CatalogDay(Base):
    """How the assets of a team, an area, or all together stood on a day."""

    __tablename__ = "catalog_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    assets: Mapped[int] = mapped_column(Integer)
    score: Mapped[float] = mapped_column(Float)
    checked: Mapped[int] = mapped_column(Integer)
    findings: Mapped[int] = mapped_column(Integer)
    waived: Mapped[int] = mapped_column(Integer)


class AssetDay(Base):
    """How one asset stood on a day: its health, and how many standards it did not keep."""

    __tablename__ = "asset_days"

    asset: Mapped[str] = mapped_column(String(NAME_MAX), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    findings: Mapped[int] = mapped_column(Integer)


class EstateReading(Base):
    """What one system outside told of itself when it was last read."""

    __tablename__ = "estate_readings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    system: Mapped[str] = mapped_column(String(16))
    read_at: Mapped[datetime] = mapped_column(Instant)
    read_by: Mapped[str] = mapped_column(String(80))
    found: Mapped[dict[str, Any]] = mapped_column(JSON)


class EstateMatch(Base):
    """What somebody said of a match: that a table outside is, or is not, a table here."""

    __tablename__ = "estate_matches"

    estate: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    table: Mapped[str] = mapped_column("own_table", String(80))
    is_same: Mapped[bool] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
