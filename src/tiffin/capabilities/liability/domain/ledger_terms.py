"""Terms under which the ledger takes something in: what expires, is capped, comes back, and who may be charged."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.engines.ledger.counting import Cap, Span
from tiffin.engines.ledger.entries import POINTS


@dataclass(frozen=True, slots=True)
class UnitTerms:
    """Terms of points, or of money.

    Parameters
    ----------
    expire_days : int
        Days after which what was entered stops counting; nought for never.
    most, share_bp : int or None
        What counts at most in a span: so much, or basis points of what the party sold in it.
    per : str
        ``day``, ``week`` or ``month``; empty where there is no cap.
    """

    is_allowed: bool = True
    expire_days: int = 0
    most: int | None = None
    share_bp: int | None = None
    per: str = ""

    @property
    def cap(self) -> Cap | None:
        """The most that counts; None where there is no cap."""
        return Cap(Span(self.per), self.most, self.share_bp) if self.per else None

    def expires_at(self, entered: datetime) -> datetime | None:
        """Tell when something that was entered stops counting."""
        return entered + timedelta(days=self.expire_days) if self.expire_days else None


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """Terms of one kind of party.

    Parameters
    ----------
    restored : int
        Points that come back for so many ``good_deliveries``; nought for none.
    """

    party: Party
    points: UnitTerms
    money: UnitTerms
    restored: int = 0
    good_deliveries: int = 0

    def of(self, unit: str) -> UnitTerms:
        """Give the terms of a unit."""
        return self.points if unit == POINTS else self.money


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a country on a day."""

    parties: Mapping[Party, PartyTerms] = field(default_factory=dict)

    def of(self, party: Party) -> PartyTerms:
        """Give the terms of a kind of party; points alone where nothing is stated."""
        return self.parties.get(party, PartyTerms(party, UnitTerms(), UnitTerms(is_allowed=False)))

    @property
    def body(self) -> str:
        """Write them for good, the same terms always the same."""
        told = {party.value: asdict(self.parties[party]) for party in sorted(self.parties)}
        return json.dumps(told, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """Name them by what they say."""
        return digest_of_terms(self.body)


def digest_of_terms(body: str) -> str:
    """Give the name of terms as they are written."""
    return sha256(body.encode()).hexdigest()


def read_terms(body: str) -> Terms:
    """Read what `Terms.body` wrote."""
    return Terms({Party(party): _party(party, told) for party, told in json.loads(body).items()})


def _party(party: str, told: Mapping[str, Any]) -> PartyTerms:
    rest = {name: told[name] for name in ("restored", "good_deliveries")}
    return PartyTerms(Party(party), UnitTerms(**told["points"]), UnitTerms(**told["money"]), **rest)
