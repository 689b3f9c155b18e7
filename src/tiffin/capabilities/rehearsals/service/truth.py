"""The truth about simulated days, brought into the facts: of the demo marketplace, and of scenarios with all facts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.service import require_steward
from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.after_the_day import told_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.delay_facts import day_truths, delay_columns
from tiffin.capabilities.rehearsals.domain.demo import DEMO_SOURCE, Marketplace
from tiffin.capabilities.rehearsals.domain.ledger import make_ledger
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, changed_riders
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.domain.scenario_run import ScenarioDays, run_scenario
from tiffin.capabilities.rehearsals.service.city_days import setting_of
from tiffin.capabilities.rehearsals.service.definitions import calendar_days, read_parameters, read_profiles
from tiffin.capabilities.rehearsals.service.rows import rows_of, write_rows
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

DELAY_CAUSES = "delay_causes"
STAMP_FILE = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthReport:
    """What was worked out and written.

    Parameters
    ----------
    orders : int
        Orders of the days that something strikes.
    seconds : Mapping
        Seconds of the orders' time by cause: disruptions, chance of a party, ordinary.
    rows : Mapping
        Rows written, by table.
    """

    city_id: str
    first_day: date
    last_day: date
    orders: int
    seconds: Mapping[str, int]
    rows: Mapping[str, int]


def work_out(context: Context, city_id: str, day: date, *, with_chance: bool) -> TruthReport:
    """Work out who took how many seconds of each order of a day of the demo marketplace, and write it down.

    Parameters
    ----------
    with_chance : bool
        Whether what is ordinary is split further, over each party's own chance; takes some seconds more.

    Raises
    ------
    Forbidden
        The actor may not write facts.
    NotFound
        The demo marketplace is not loaded, has no such city or day, or nothing is planted in it.
    Conflict
        The facts of that day were made by other definitions than those of today.
    """
    require_steward(context, "write facts")
    marketplace = _loaded(context)
    if city_id not in marketplace.cities or day not in marketplace.days:
        raise NotFound(
            Message("A day of the loaded demo marketplace was expected, {city} on {day} is none. It has {cities} from "
                    "{first} to {last}.", city=city_id, day=day, cities=", ".join(marketplace.cities),
                    first=marketplace.days.first, last=marketplace.days.last)
        )  # fmt: skip
    setting = setting_of(marketplace, city_id, str(context.workspace.overlay("markets")))
    scenario = setting.scenario
    if not scenario.disruptions_on(day):
        raise NotFound(
            Message("Nothing that delays orders is planted in {city} on {day}. The planted days stand on the page of "
                    "planted disruptions.", city=city_id, day=day)
        )  # fmt: skip
    found = run_scenario(
        scenario,
        [one for one in setting.calendar if one.day == day],
        profiles=setting.profiles,
        parameters=setting.parameters,
        stream=setting.stream,
    )
    columns = _delays(found, with_chance=with_chance)
    rows = rows_of(TABLES[DELAY_CAUSES], scenario, columns)
    _require_same(context, city_id, day, rows)
    write_rows(context, DELAY_CAUSES, pa.concat_tables([rows, _withdrawn(context, city_id, day, rows)]), DEMO_SOURCE)
    return _report(scenario, Days(day, day), {DELAY_CAUSES: rows})


def load_scenario(context: Context, name: str, *, with_chance: bool) -> TruthReport:
    """Simulate a scenario and write down all its facts, under a city of its own, with the truth about them.

    Raises
    ------
    Forbidden
        The actor may not write facts.
    NotFound
        There is no such scenario.
    InvalidDefinition
        Its file breaks the form.
    """
    require_steward(context, "write facts")
    file = read_scenario_file(name, workspace=context.workspace.root)
    roster = changed_riders(file.riders) if file.riders else OWN_ROSTER
    found = run_scenario(
        file.scenario,
        calendar_days(file.scenario, file.days),
        profiles=read_profiles(),
        parameters=read_parameters(file.days.first),
        stream=Stream.of_seed(file.seed).child(file.scenario.city.city_id),
        policy=file.policy,
        roster=roster,
    )
    # A city of its own: its facts stand beside those of the demo and never replace them.
    city = replace(file.scenario.city, city_id=file.city_id, name=f"{file.scenario.city.name} ({name})")
    scenario = replace(file.scenario, city=city)
    found = replace(found, run=replace(found.run, scenario=scenario))
    told = told_facts(city_facts(found.run, found.parameters, found.stream), scenario, found.stream)
    in_time = {**told.in_time, DELAY_CAUSES: _delays(found, with_chance=with_chance)}
    written: dict[str, pa.Table] = {}
    for part in (in_time, told.late):
        for table, columns in part.items():
            if columns:
                rows = rows_of(TABLES[table], scenario, {**columns, "source": file.source})
                write_rows(context, table, rows, file.source)
                written[table] = pa.concat_tables([written[table], rows]) if table in written else rows
    return _report(scenario, file.days, written)


def _delays(found: ScenarioDays, *, with_chance: bool) -> Columns:
    truths = day_truths(
        found.run.city, found.plans, parameters=found.parameters, stream=found.stream, with_chance=with_chance
    )
    return delay_columns(make_ledger(found.run), truths)


def _loaded(context: Context) -> Marketplace:
    found = loaded_demo(context)
    if found is None:
        raise NotFound(
            Message("The demo marketplace was expected in this workspace, and it is not loaded. Run tiffin demo.")
        )
    return found


def loaded_demo(context: Context) -> Marketplace | None:
    """Tell what the demo marketplace of this workspace was made of; None where it is not loaded."""
    path = context.workspace.state / STAMP_FILE
    if not path.is_file():
        return None
    known = json.loads(path.read_text(encoding="utf-8"))
    first, last = (date.fromisoformat(known[name]) for name in ("first_day", "last_day"))
    return Marketplace(
        cities=tuple(known["cities"]), days=Days(first, last), seed=int(known["seed"]), scale=float(known["scale"])
    )


def _require_same(context: Context, city_id: str, day: date, rows: pa.Table) -> None:
    """Refuse a truth about orders other than those that the facts hold."""
    known = context.warehouse.query(queries.order_times(city_id, day)).to_pylist()
    told = rows.group_by("order_id").aggregate([("duration_s", "sum")]).to_pylist()
    lasted = {row["order_id"]: (row["ended_at"] - row["placed_at"]).total_seconds() for row in known if row["ended_at"]}
    if {row["order_id"]: row["duration_s_sum"] for row in told} != lasted:
        raise Conflict(
            Message("The facts of {city} of {day} were made by other definitions, or with another seed, than the "
                    "simulator has today, so nothing true can be said about them. Run tiffin demo again, then this.",
                    city=city_id, day=day)
        )  # fmt: skip


def _withdrawn(context: Context, city_id: str, day: date, rows: pa.Table) -> pa.Table:
    """Give the rows that an earlier truth about the day had and this one has not, with nothing left in them."""
    if not open_store(context.workspace).has(DELAY_CAUSES):
        return rows.slice(0, 0)
    known = context.warehouse.query(queries.delay_rows(city_id, day)).to_pylist()
    told = set(zip(rows["order_id"].to_pylist(), rows["cause_id"].to_pylist(), strict=True))
    numbers = [
        field.name for field in rows.schema if pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
    ]
    gone = [row | dict.fromkeys(numbers, 0) for row in known if (row["order_id"], row["cause_id"]) not in told]
    return pa.Table.from_pylist([{name: row.get(name) for name in rows.column_names} for row in gone], rows.schema)


def _report(scenario: Scenario, days: Days, written: Mapping[str, pa.Table]) -> TruthReport:
    delays = written.get(DELAY_CAUSES)
    seconds: dict[str, int] = {}
    if delays is not None:
        sums = delays.group_by("cause_id").aggregate([("duration_s", "sum")]).to_pylist()
        seconds = {row["cause_id"]: row["duration_s_sum"] for row in sums}
    return TruthReport(
        city_id=scenario.city.city_id,
        first_day=days.first,
        last_day=days.last,
        orders=len(pc.unique(delays["order_id"])) if delays is not None else 0,
        seconds=dict(sorted(seconds.items())),
        rows={table: rows.num_rows for table, rows in written.items()},
    )
