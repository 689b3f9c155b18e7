"""A published number: what was said, what it stood on, and how entries of the ledger hang together."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.capabilities.metrics.domain.bridge import Number
from tiffin.capabilities.metrics.domain.codec import decode
from tiffin.capabilities.metrics.domain.exchange import Exchange
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.request import MetricRequest, RowScope

FIRST_HASH = "0" * 64
"""What the first entry is chained to."""


def chained(previous: str, whole: str, pieces: str) -> str:
    """Give the hash of an entry: over the two digests of its body and the hash of the entry before it."""
    return hashlib.sha256(f"{previous}\n{whole}\n{pieces}".encode()).hexdigest()


def whole_of(salt: str, body: str) -> str:
    """Give the digest of a body as a whole."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def reference_of(year: int, number: int) -> str:
    """Name an entry so that it can be said on the telephone.

    Examples
    --------
    >>> reference_of(2026, 17)
    'PN-2026-00017'
    """
    return f"PN-{year}-{number:05}"


@dataclass(frozen=True, slots=True)
class Published:
    """One entry of the ledger.

    Parameters
    ----------
    body : mapping
        Everything that was kept, as plain values.
    """

    position: int
    reference: str
    title: str
    published_at: datetime
    published_by: str
    body: Mapping[str, Any]
    previous_hash: str
    entry_hash: str

    @property
    def note(self) -> str:
        """What the publisher said about it."""
        return str(self.body["note"])

    @property
    def request(self) -> MetricRequest:
        """What was asked."""
        return decode(MetricRequest, self.body["request"])

    @property
    def definitions(self) -> Definitions:
        """The definitions as they were."""
        return decode(Definitions, self.body["definitions"])

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, dimensions first."""
        return tuple(self.body["columns"])

    @property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The published values."""
        return decode(tuple, self.body["rows"])

    @property
    def currencies(self) -> tuple[str | None, ...]:
        """Currency of each row's money; empty where there is none."""
        return tuple(self.body["currencies"])

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of each metric."""
        return {name: described["unit"] for name, described in self.receipt["metrics"].items()}

    @property
    def versions(self) -> Mapping[str, int | None]:
        """Version of each table that it stands on; None where there was none."""
        return dict(self.body["versions"])

    @property
    def scope(self) -> RowScope:
        """The rows that the publisher could see."""
        return decode(RowScope, self.body["scope"])

    @property
    def exchange(self) -> Exchange | None:
        """The rates that were used."""
        return decode(Exchange, self.body["exchange"]) if self.body["exchange"] else None

    @property
    def cities(self) -> Mapping[str, tuple[str | None, str | None]]:
        """Country and currency of each city that the numbers can hold rows of, as they were."""
        return {city: (facts[0], facts[1]) for city, facts in self.body["cities"].items()}

    @property
    def receipt(self) -> Mapping[str, Any]:
        """The receipt that was published with it."""
        receipt: Mapping[str, Any] = self.body["receipt"]
        return receipt


def read_body(text: str) -> Mapping[str, Any]:
    """Read the text of an entry."""
    body: Mapping[str, Any] = json.loads(text)
    return body


def by_group(
    columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], metrics: tuple[str, ...]
) -> dict[tuple[tuple[Any, ...], str], Number]:
    """Give the values of an answer by group and metric."""
    split = len(columns) - len(metrics)
    return {
        (row[:split], name): value for row in rows for name, value in zip(columns[split:], row[split:], strict=True)
    }
