"""What is planted in the facts of a day when it is over, and the truth about it: the table ``planted_rows``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import Planted, Scenario, day_start

Rows = NDArray[np.int64]
Facts = Mapping[str, Columns]
NOTED = (
    "what",
    "table_name",
    "row_key",
    "true_key",
    "shifted_min",
    "order_id",
    "customer_id",
    "rider_id",
    "merchant_id",
)


@dataclass(slots=True)
class Notes:
    """The truth about one disruption, row by row."""

    disruption_id: str
    planted: Planted
    rows: list[dict[str, Any]] = field(default_factory=list)

    def note(self, what: str, **known: Any) -> None:
        """Note one planted row or member."""
        self.rows.append({**dict.fromkeys(NOTED), "shifted_min": 0, "what": what, **known})


def noted_columns(notes: Sequence[Notes]) -> Columns:
    """Write the table ``planted_rows``; nothing where nothing was planted."""
    told = [(one, number, row) for one in notes for number, row in enumerate(one.rows, start=1)]
    if not told:
        return {}
    return {
        "disruption_id": [one.disruption_id for one, _, _ in told],
        "planted_number": [number for _, number, _ in told],
        "business_date": np.array([one.planted.day for one, _, _ in told], dtype="datetime64[D]"),
        **{name: [row[name] for _, _, row in told] for name in NOTED},
    }


def inside(scenario: Scenario, planted: Planted, table: Columns, at: str) -> Rows:
    """Find the rows of a table that lie in a disruption's zones and hours.

    Parameters
    ----------
    at : str
        Column of the instant that counts.
    """
    start = day_start(scenario.city, planted.day)
    begin, end = (start + np.timedelta64(minutes, "m") for minutes in (planted.starts_min, planted.ends_min))
    struck = (table[at] >= begin) & (table[at] < end)
    if planted.zone_ids and "zone_id" in table:
        struck &= np.isin(np.asarray(table["zone_id"], dtype=object), planted.zone_ids)
    return np.flatnonzero(struck)


def taken(table: Columns, rows: Rows) -> dict[str, Any]:
    """Take rows of a table; what has one value keeps it."""
    return {name: values if isinstance(values, str) else np.asarray(values)[rows] for name, values in table.items()}


def joined(first: Columns, second: Columns) -> dict[str, Any]:
    """Put the rows of one table behind those of another with the same columns."""
    return {
        name: values if isinstance(values, str) else np.concatenate([np.asarray(values), np.asarray(second[name])])
        for name, values in first.items()
    }


def size_of(table: Columns) -> int:
    """Count the rows of a table."""
    return max(len(values) for values in table.values() if not isinstance(values, str))
