"""A miss as levers see it: what its causes explain, who is missing, who sits idle, what takes longer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.daybook import EpisodeStory
from tiffin.capabilities.balance.domain.marketplace_state import MarketplaceState

_Place = TypeVar("_Place", str, int)

HOURS = 24
HOUR_S = 3600
LEAST_IDLE_SHARE = 0.25
"""A zone lends riders only where at least so much of their time is idle."""
MOST_LENDERS = 6
CORE_SHARE = 0.85
"""A miss's zones and hours are those that carry so much of its minutes; its edges would thin out every lever."""


class Figure(StrEnum):
    """What a condition can be about.

    ``CAUSE_SHARE``: part of the miss that some causes explain together. ``RIDERS_LACKING``: riders short of what the
    wanted orders need at the usual load, in each zone of the miss on average; ``RIDERS_LACKING_SHARE`` the same as a
    share of those needed. ``IDLE_ELSEWHERE_HOURS``: hours that riders of other zones sat idle meanwhile.
    ``SHARE_TO_MOVE``: share of those zones' riders that would make up for what is lacking. ``ZONES_SHARE``: of the
    city's zones, those that missed. ``KITCHENS_SLOWER_SHARE``: by how much food was ready later. ``DISTANCE_M``: to the
    customer, as usual. ``DOOR_LONGER_MIN``: minutes to the door beyond usual. ``HOUR``: local hour in which it began.
    """

    CAUSE_SHARE = "cause_share"
    RIDERS_LACKING = "riders_lacking"
    RIDERS_LACKING_SHARE = "riders_lacking_share"
    IDLE_ELSEWHERE_HOURS = "idle_elsewhere_hours"
    SHARE_TO_MOVE = "share_to_move"
    ZONES_SHARE = "zones_share"
    KITCHENS_SLOWER_SHARE = "kitchens_slower_share"
    DISTANCE_M = "distance_m"
    DOOR_LONGER_MIN = "door_longer_min"
    HOUR = "hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One miss of a day-book, as far as levers need it; what the facts do not tell is None.

    Parameters
    ----------
    zones : tuple of str
        Where; the zone that missed most first.
    start_s, end_s : int
        When, in seconds since the business day began, on whole hours.
    lenders : tuple of str
        Zones whose riders sat idle meanwhile, the idlest first.
    miss_min : float
        Minutes of delay beyond usual, with each order nobody carried weighed in.
    """

    city_id: str = ""
    country: str = ""
    day: date = date.min
    episode: int = 0
    zones: tuple[str, ...] = ()
    start_s: int = 0
    end_s: int = 0
    lenders: tuple[str, ...] = ()
    miss_min: float = 0.0
    causes: Mapping[Cause, float] = field(default_factory=dict)
    riders_lacking: float | None = None
    riders_lacking_share: float | None = None
    idle_elsewhere_hours: float | None = None
    share_to_move: float | None = None
    zones_share: float | None = None
    kitchens_slower_share: float | None = None
    distance_m: float | None = None
    door_longer_min: float | None = None
    hour: float | None = None

    def figure(self, name: Figure, causes: Sequence[Cause] = ()) -> float | None:
        """Give a figure; None where the facts do not tell it."""
        if name is Figure.CAUSE_SHARE:
            return sum(self.causes.get(one, 0.0) for one in causes)
        found: float | None = getattr(self, name.value)
        return found

    @property
    def hours(self) -> float:
        """How long the miss lasted."""
        return (self.end_s - self.start_s) / 3600

    def plain(self) -> dict[str, Any]:
        """Give it as plain JSON values, as `finding_from` reads them."""
        return asdict(self) | {
            "day": self.day.isoformat(),
            "causes": {one.value: share for one, share in self.causes.items()},
            "zones": list(self.zones),
            "lenders": list(self.lenders),
        }


def finding_from(plain: Mapping[str, Any]) -> Finding:
    """Read a finding from plain values; what is left out is not known.

    Raises
    ------
    TypeError, ValueError
        It says something that a finding does not.
    """
    said = dict(plain)
    if "day" in said:
        said["day"] = date.fromisoformat(str(said["day"]))
    said["causes"] = {Cause(name): float(share) for name, share in said.get("causes", {}).items()}
    return Finding(**said | {name: tuple(said.get(name, ())) for name in ("zones", "lenders")})


def finding_of(state: MarketplaceState, episode: int, story: EpisodeStory) -> Finding:
    """Tell a miss of a day-book as levers see it.

    Parameters
    ----------
    state : MarketplaceState
        Of the same city and day: who sat idle where.
    """
    zones, start_s, end_s = _core(state, story)
    needed, there = _riders(story)
    lacking = None if needed is None or there is None else max(needed - there, 0.0)
    idle = _idle(state, set(zones), start_s, end_s)
    return Finding(
        city_id=state.city.city_id,
        country=state.city.country,
        day=state.day,
        episode=episode,
        zones=zones,
        start_s=start_s,
        end_s=end_s,
        lenders=tuple(idle.lenders),
        miss_min=story.miss_min,
        causes={one.cause: one.share for one in story.causes},
        riders_lacking=None if lacking is None else lacking / len(zones),
        riders_lacking_share=None if lacking is None or not needed else lacking / needed,
        idle_elsewhere_hours=idle.idle_hours,
        share_to_move=_share_to_move(lacking, (end_s - start_s) / 3600, idle),
        zones_share=len(zones) / max(len(state.zones), len(zones)),
        kitchens_slower_share=_slower(story, "kitchen_min"),
        distance_m=next((one.usual for one in story.factors if one.name == "distance"), None),
        door_longer_min=_difference(story.door_min, story.usual_door_min),
        hour=float((start_s // 60 + state.city.cutoff_min) % (HOURS * 60) // 60),
    )


def _core(state: MarketplaceState, story: EpisodeStory) -> tuple[tuple[str, ...], int, int]:
    """Give the zones and the seconds of the day that carry most of a miss's late and lost minutes."""
    cells = set(story.cells)
    by_zone: dict[str, float] = dict.fromkeys(story.zones, 0.0)
    by_hour: dict[int, float] = {}
    for start, row in zip(state.starts, state.cells, strict=True):
        hour_s = _second(state, start) // HOUR_S * HOUR_S
        hour = (hour_s // 60 + state.city.cutoff_min) % (HOURS * 60) // 60
        for cell in row:
            if (cell.zone_id, hour) in cells:
                by_zone[cell.zone_id] += cell.weighed_min
                by_hour[hour_s] = by_hour.get(hour_s, 0.0) + cell.weighed_min
    hours = _most(by_hour) or sorted(
        (hour * 60 - state.city.cutoff_min) % (HOURS * 60) * 60 for hour in (story.from_hour, story.to_hour)
    )
    return tuple(_most(by_zone)) or story.zones, min(hours), max(hours) + HOUR_S


def _most(minutes: Mapping[_Place, float]) -> list[_Place]:
    """Give the fewest places that carry most of some minutes, the worst first; none where there are no minutes."""
    left = CORE_SHARE * sum(minutes.values())
    kept: list[_Place] = []
    for place in sorted(minutes, key=lambda one: -minutes[one]):
        if left <= 0:
            break
        kept.append(place)
        left -= minutes[place]
    return kept


@dataclass(frozen=True, slots=True)
class _Idle:
    lenders: Sequence[str]
    idle_hours: float | None
    lent_hours: float


def _riders(story: EpisodeStory) -> tuple[float | None, float | None]:
    """Give riders needed to carry what was wanted at the usual load, and those who were there."""
    factor = next((one for one in story.factors if one.name == "riders_on_shift"), None)
    if factor is None or story.usual_wanted <= 0:
        return None, None
    riding = _slower(story, "ride_min") or 0.0
    busier = story.wanted / story.usual_wanted * (1.0 + max(riding, 0.0))
    return factor.usual * max(busier, 1.0), factor.actual


def _slower(story: EpisodeStory, stage: str) -> float | None:
    found = next((one for one in story.stages if one.stage == stage), None)
    return None if found is None or found.usual_min <= 0 else found.actual_min / found.usual_min - 1.0


def _difference(now: float | None, usual: float | None) -> float | None:
    return None if now is None or usual is None else now - usual


def _idle(state: MarketplaceState, missed: set[str], start_s: int, end_s: int) -> _Idle:
    """Add up the hours of riders in the other zones while the miss lasted."""
    slot_h = state.slot_min / 60
    rows = [
        row for start, row in zip(state.starts, state.cells, strict=True) if start_s <= _second(state, start) < end_s
    ]
    idle: dict[str, float] = {}
    there: dict[str, float] = {}
    for row in rows:
        for cell in row:
            if cell.zone_id not in missed and cell.idle is not None and cell.on_shift:
                idle[cell.zone_id] = idle.get(cell.zone_id, 0.0) + cell.idle * slot_h
                there[cell.zone_id] = there.get(cell.zone_id, 0.0) + cell.on_shift * slot_h
    lending = [zone for zone in idle if idle[zone] >= LEAST_IDLE_SHARE * there[zone]]
    lenders = sorted(lending, key=lambda zone: (-idle[zone], zone))[:MOST_LENDERS]
    known = any(cell.idle is not None for row in rows for cell in row)
    return _Idle(lenders, sum(idle[one] for one in lenders) if known else None, sum(there[one] for one in lenders))


def _second(state: MarketplaceState, instant: datetime) -> int:
    """Give the second of the clock since the business day began."""
    local = instant.astimezone(ZoneInfo(state.city.timezone))
    return (local.hour * 60 + local.minute - state.city.cutoff_min) % (HOURS * 60) * 60


def _share_to_move(lacking: float | None, hours: float, idle: _Idle) -> float | None:
    """Give the share of the lenders' riders that makes up for what is lacking, at most those who sit idle."""
    if lacking is None or idle.idle_hours is None or idle.lent_hours <= 0:
        return None
    return min(lacking * hours, idle.idle_hours) / idle.lent_hours
