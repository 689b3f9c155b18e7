"""A solved instance brought into the facts, as a city of its own that exists in a simulation only."""

import re
from dataclasses import dataclass
from pathlib import Path

from tiffin.capabilities.facts.service import require_steward
from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.instance_facts import SOURCE, instance_facts
from tiffin.capabilities.rehearsals.service.instances import Solved
from tiffin.capabilities.rehearsals.service.rows import arrow_rows, write_rows
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.kernel.errors import Conflict
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store


@dataclass(frozen=True, slots=True)
class Saved:
    """What was brought into the facts; ``is_changed`` is false where all of it stood there already."""

    city_id: str
    rows: dict[str, int]
    is_changed: bool


def refuse_saving(context: Context) -> None:
    """Refuse who may not load facts, before anything is solved.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    """
    require_steward(context, "write facts")


def save_solution(context: Context, folder: Path, policy: str, solved: Solved) -> Saved:
    """Bring a solved instance into the facts, under the city ``simulated-<instance>-<policy>``.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    Conflict
        Another instance was saved under that name.
    """
    refuse_saving(context)
    name = folder.resolve().name
    city_id = "simulated-" + re.sub(r"[^a-z0-9]+", "-", f"{name}-{policy}".lower()).strip("-")
    _refuse_other(context, city_id, solved.instance)
    rows, is_changed = {}, False
    facts = instance_facts(solved.instance, solved.outcome, name=f"Simulated: instance {name}, {policy}")
    for table, columns in facts.items():
        found = arrow_rows(TABLES[table], {"city_id": city_id, "source": SOURCE, **columns})
        report = write_rows(context, table, found, SOURCE)
        rows[table] = found.num_rows
        is_changed |= not report.unchanged
    return Saved(city_id, rows, is_changed)


def _refuse_other(context: Context, city_id: str, instance: Instance) -> None:
    if not open_store(context.workspace).has("orders"):
        return
    known = context.warehouse.query(queries.order_ids(city_id))["order_id"].to_pylist()
    if set(known) - set(instance.order_ids):
        raise Conflict(
            Message("Another instance was saved as {city}: it has orders that this one has not. Give the folder of "
                    "this one another name.", city=city_id)
        )  # fmt: skip
