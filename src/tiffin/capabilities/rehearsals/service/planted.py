"""The truth about the simulated days, as far as the actor may see the cities."""

from typing import Any

from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.planted_view import PlantedView
from tiffin.runtime.context import Context


def list_planted(context: Context) -> tuple[PlantedView, ...]:
    """List what was planted in the cities that the actor may see, by country, city and time."""
    rows = context.warehouse.query(queries.planted()).to_pylist()
    seen = [row for row in rows if context.actor.may_see_city(country=row["country"], city_id=row["city_id"])]
    if not seen:
        return ()
    named = context.warehouse.query(queries.zone_names()).to_pylist()
    names = {(row["city_id"], row["zone_id"]): row["name"] for row in named}
    return tuple(_view(row, names) for row in seen)


def _view(row: dict[str, Any], names: dict[tuple[str, str], str | None]) -> PlantedView:
    zone_ids = (row["zone_ids"] or "").split(",") if row["zone_ids"] else []
    return PlantedView(
        disruption_id=row["disruption_id"],
        city_id=row["city_id"],
        city=row["city"],
        country=row["country"],
        timezone=row["timezone"],
        day=row["business_date"],
        kind=row["kind"],
        cause=row["cause"],
        party=row["party"] or "",
        zones=tuple(names.get((row["city_id"], zone_id)) or zone_id for zone_id in zone_ids),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        strength=row["strength"],
    )
