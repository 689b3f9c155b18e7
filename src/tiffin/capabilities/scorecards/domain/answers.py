"""The numbers of a dashboard's tiles, before they are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.scorecards.domain.dashboards import Tile

Key = tuple[Any, ...]
"""Values of the dimensions of a split."""

Split = Mapping[Key, tuple[float | None, ...]]
"""Values of a tile's metrics by key, in the tile's order."""


@dataclass(frozen=True, slots=True)
class TileNumbers:
    """What a tile shows.

    Parameters
    ----------
    value, other : float or None
        Of a value tile: the number, and what it is compared with.
    history : tuple of (date, float or None)
        Of a value tile: day by day, oldest first.
    split, before : mapping
        Of the other forms: values by key, and the same a week before.
    currency : str or None
        Of money; None where the rows count in several, which ``currencies`` then names.
    untold : tuple of str
        Chosen filters by which the metric cannot be narrowed; then there are no numbers.
    refused : str
        Why the numbers are not told, as the metrics say it.
    """

    tile: Tile
    value: float | None = None
    other: float | None = None
    history: tuple[tuple[date, float | None], ...] = ()
    split: Mapping[Key, tuple[float | None, ...]] | None = None
    before: Mapping[Key, tuple[float | None, ...]] | None = None
    currency: str | None = None
    currencies: Mapping[Key, str | None] | None = None
    untold: tuple[str, ...] = ()
    refused: str = ""
    receipt: Any = None
