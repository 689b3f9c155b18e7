"""How what a file plants in a day is read: times of the city's own clock, zones by their names."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.rehearsals.domain.scenario import MINUTES_A_DAY, BrokenFeed, Fault, FraudRing, Planted
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.tables import SLOT_S
from tiffin.engines.simulation.truth.parties import PARTY_OF, Party
from tiffin.kernel.errors import InvalidDefinition

EVERYWHERE = "all"
STRENGTH_KEYS: Mapping[Kind, str] = {
    Kind.WRONG_PROMISE: "minutes",
    Kind.FRAUD_RING: "claim_share",
    Kind.BROKEN_FEED: "share",
}
"""What the strength of a kind is called in a file, where not ``strength``."""


def planted_from(entry: Mapping[str, Any], *, zone_ids: Mapping[str, str], cutoff_min: int, where: str) -> Planted:
    """Read one planted disruption.

    Parameters
    ----------
    zone_ids : Mapping
        Identifier of each zone by the name that the file uses.

    Raises
    ------
    InvalidDefinition
        An unknown zone or kind, a time off the half hour, or an end before the start.
    """
    kinds = {kind.value: kind for kind in Kind}
    if entry["kind"] not in kinds:
        raise InvalidDefinition(f"{where}: a disruption is one of {', '.join(kinds)}; found {entry['kind']!r}.")
    names = () if entry["zones"] == EVERYWHERE else tuple(entry["zones"])
    unknown = [name for name in names if name not in zone_ids]
    if unknown:
        raise InvalidDefinition(f"{where}: the disruption strikes {unknown[0]!r}, which is no zone of this city.")
    starts, ends = (_since_cutoff(entry[key], cutoff_min, where) for key in ("starts", "ends"))
    ends = ends or MINUTES_A_DAY
    if ends <= starts:
        raise InvalidDefinition(
            f"{where}: a disruption must end after it starts; found {entry['starts']}-{entry['ends']}."
        )
    kind = kinds[entry["kind"]]
    return Planted(
        day=entry["day"],
        kind=kind,
        starts_min=starts,
        ends_min=ends,
        strength=float(entry[STRENGTH_KEYS.get(kind, "strength")]),
        zone_ids=tuple(zone_ids[name] for name in names),
        story=str(entry.get("story") or ""),
        party=Party(entry.get("party") or PARTY_OF[kind]),
        detail=_detail(kind, entry),
    )


def _detail(kind: Kind, entry: Mapping[str, Any]) -> FraudRing | BrokenFeed | None:
    if kind is Kind.FRAUD_RING:
        return FraudRing(entry["customers"], entry.get("riders", 0), entry.get("merchants", 0))
    if kind is Kind.BROKEN_FEED:
        return BrokenFeed(entry["table"], Fault(entry["fault"]), int(entry.get("minutes") or 0))
    return None


def _since_cutoff(clock: str, cutoff_min: int, where: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    since = (hour * 60 + minute - cutoff_min) % MINUTES_A_DAY
    if since * 60 % SLOT_S:
        raise InvalidDefinition(f"{where}: disruptions begin and end on the half hour; found {clock}.")
    return since
