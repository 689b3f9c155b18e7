"""What the row of a fact table keeps of people: pseudonyms, and nothing of what is sealed apart from it."""

from tiffin.capabilities.facts.domain.functions import identifier, quoted
from tiffin.capabilities.facts.service.naming import FORGOTTEN
from tiffin.kernel.contract import TableContract

STRAIGHT = "straight_m"
_PLACES = ("pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude")


def stored_columns(contract: TableContract) -> str:
    """Write the columns as the table keeps them of rows that name people, each under its own name."""
    return ", ".join(f"{_stored(contract, name)} AS {identifier(name)}" for name in contract.column_names)


def _stored(contract: TableContract, name: str) -> str:
    column, value = contract.column(name), identifier(name)
    if column in contract.person_columns:
        return f"nullif({value}, {quoted(FORGOTTEN)})"
    if column.sealed_for:
        return f"CASE WHEN {identifier(column.sealed_for)} IS NULL THEN {value} END"
    if name == STRAIGHT and all(contract.has(place) for place in _PLACES):
        named = f"{identifier(str(contract.column('dropoff_latitude').sealed_for))} IS NOT NULL AND distance_m IS NULL"
        return f"coalesce({value}, CASE WHEN {named} THEN {_straight()} END)"
    return value


def _straight() -> str:
    """Write the distance that the day-book computes where it finds places (`balance.queries.window`)."""
    return (
        "111195.0 * sqrt(pow(dropoff_latitude - pickup_latitude, 2) "
        "+ pow((dropoff_longitude - pickup_longitude) * cos(radians(pickup_latitude)), 2))"
    )
