"""The truth about one day of a simulated city, as far as the actor may see that city."""

from datetime import date, datetime
from typing import Any

from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.delay_facts import ORDINARY
from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES
from tiffin.capabilities.rehearsals.domain.planted_view import CauseView, TruthView
from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.engines.simulation.truth.stages import Stage
from tiffin.kernel.errors import NotFound
from tiffin.kernel.facts.delay_causes import DELAY_CAUSES
from tiffin.kernel.facts.planted_rows import PLANTED_ROWS
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store


def find_truth(context: Context, city_id: str, day: date) -> TruthView:
    """Find what was planted in a day of a city, and what each cause did to its orders.

    Raises
    ------
    NotFound
        Nothing is planted there, or the actor may not see the city.
    """
    planted = tuple(one for one in list_planted(context) if one.city_id == city_id and one.day == day)
    if not planted:
        raise NotFound(
            Message("Nothing that you may see is planted in {city} on {day}. The page of planted disruptions lists the "
                    "days.", city=city_id, day=day)
        )  # fmt: skip
    store = open_store(context.workspace)
    told = _asked(context, queries.delays(city_id, day)) if store.has(DELAY_CAUSES.name) else []
    if city_id in ALL_CITIES and not _is_of_these_facts(context, city_id, day, told):
        told = []
    rows = _asked(context, queries.planted_rows(city_id, day)) if store.has(PLANTED_ROWS.name) else []
    causes = sorted(
        (_cause(row) for row in told if row["orders"]), key=lambda one: (one.cause_id != ORDINARY, -abs(one.duration_s))
    )
    ordinary = [row for row in told if row["cause_id"] == ORDINARY]
    return TruthView(
        planted=planted,
        causes=tuple(causes),
        orders=sum(row["orders"] for row in ordinary),
        touched=sum(row["touched"] for row in ordinary),
        is_exact=all(row["is_exact"] for row in told),
        rows=tuple((row["disruption_id"], row["what"], row["table_name"] or "", row["n"]) for row in rows),
    )


def written_truth(context: Context, city_id: str, day: date) -> str:
    """Write the causes of each order of a day as CSV; every row says that it is simulated.

    Raises
    ------
    NotFound
        Nothing is planted there, nobody has worked it out, or the actor may not see the city.
    """
    if not find_truth(context, city_id, day).causes:
        raise NotFound(
            Message("Nobody has worked out yet who delayed the orders of {city} on {day}. Run tiffin truth "
                    "{city}/{day}, or use the button on its page.", city=city_id, day=day)
        )  # fmt: skip
    names = [column.name for column in DELAY_CAUSES.columns]
    rows = _asked(context, queries.delay_rows(city_id, day))
    return as_csv(names, [[_plain(row.get(name)) for name in names] for row in rows])


def _is_of_these_facts(context: Context, city_id: str, day: date, told: list[dict[str, Any]]) -> bool:
    """Tell whether the causes add up to the orders that the facts hold; a demo loaded anew has others."""
    times = _asked(context, queries.order_times(city_id, day)) if told else []
    lasted = sum((row["ended_at"] - row["placed_at"]).total_seconds() for row in times if row["ended_at"])
    return bool(lasted == sum(row["duration_s"] for row in told))


def _asked(context: Context, query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = context.warehouse.query(query).to_pylist()
    return found


def _cause(row: dict[str, Any]) -> CauseView:
    return CauseView(
        cause_id=row["cause_id"],
        disruption_id=row["disruption_id"],
        party=row["party"],
        orders=row["orders"],
        duration_s=int(row["duration_s"]),
        stage_s=tuple(int(row[f"{stage.value}_s"]) for stage in Stage),
        promise_s=int(row["promise_s"]),
        lost=float(row["lost_share"]),
        touched_s=int(row["touched_s"]),
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
