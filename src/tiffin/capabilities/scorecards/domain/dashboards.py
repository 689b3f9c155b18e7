"""A dashboard: tiles of governed metrics, what they are compared with, and the filters that its address carries."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tiffin.engines.metrics.definitions import Level, Wording
from tiffin.kernel.errors import Place

DAY, HOUR, ZONE, CITY, COUNTRY, WEEKDAY = "business_date", "local_hour", "zone_id", "city_id", "country", "weekday"


class Form(StrEnum):
    """How a tile shows its numbers."""

    VALUE = "value"
    LINE = "line"
    BAR = "bar"
    HEATMAP = "heatmap"
    TABLE = "table"
    MAP = "map"


class Against(StrEnum):
    """What a value is compared with."""

    WEEK = "week"
    TARGET = "target"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Aim:
    """A value that is aimed at from a day on, everywhere or in one place.

    Parameters
    ----------
    value : float
        In the metric's unit; of an additive metric, for one day of one city.
    """

    value: float
    since: date = date.min
    country: str | None = None
    city_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile.

    Parameters
    ----------
    by : tuple of str
        Dimensions by which its numbers are split, none for a value.
    days : int or None
        Length of the history of a split over time; None takes the days that the reader chose.
    aims : tuple of Aim
        Where it is compared with a target or a plan.
    title : Wording or None
        None takes the metric's own label.
    """

    form: Form
    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    days: int | None = None
    against: Against | None = None
    aims: tuple[Aim, ...] = ()
    title: Wording | None = None
    limit: int = 12
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of tiles.

    Parameters
    ----------
    filters : tuple of str
        Dimensions by which a reader may narrow it.
    needs : str or None
        Dimension of which one value is always chosen, such as the city.
    days : int
        Business days that are shown where the reader chose none.
    currency : str or None
        Into which money is converted where the chosen places count in several.
    """

    name: str
    title: Wording
    purpose: Wording
    level: Level
    filters: tuple[str, ...]
    tiles: tuple[Tile, ...]
    needs: str | None = None
    days: int = 1
    currency: str | None = None
    place: Place | None = field(default=None, compare=False)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric of its tiles, once."""
        return tuple(dict.fromkeys(name for tile in self.tiles for name in tile.metrics))

    @property
    def tile_names(self) -> tuple[str, ...]:
        """Name of each tile among its dashboard: its first metric, numbered from the second such tile on."""
        seen: dict[str, int] = {}
        names = []
        for tile in self.tiles:
            first = tile.metrics[0]
            seen[first] = seen.get(first, 0) + 1
            names.append(first if seen[first] == 1 else f"{first}-{seen[first]}")
        return tuple(names)


def aim_for(tile: Tile, *, day: date, city_id: str | None, country: str | None) -> Aim | None:
    """Choose the aim that holds on a day: that of the city before that of the country before that of everywhere."""
    held = [aim for aim in tile.aims if aim.since <= day and _is_of(aim, city_id, country)]
    return max(held, key=lambda aim: (aim.city_id is not None, aim.country is not None, aim.since), default=None)


def _is_of(aim: Aim, city_id: str | None, country: str | None) -> bool:
    return aim.city_id in (None, city_id) and aim.country in (None, country)
