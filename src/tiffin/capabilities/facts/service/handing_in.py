# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Rows that come from no file: the simulated city's, and batches over HTTP."""

import pyarrow as pa

from tiffin.capabilities.facts.domain.report import TableReport
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.capabilities.facts.service.cities import (
    CITIES,
    CITY_CALENDARS,
    city_of,
    known_cities,
    merged,
    with_calendars,
)
from tiffin.capabilities.facts.service.naming import naming_of
from tiffin.capabilities.facts.service.quarantine import LeavingOut, keep_rows
from tiffin.capabilities.facts.service.restating import restate_days
from tiffin.capabilities.facts.service.staging import named_rules
from tiffin.capabilities.facts.service.writing import CITY_DAYS, Writing, cells_of, numbered, report_of
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime import people
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import need_in_force
from tiffin.runtime.markets import load_markets
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.staging import Bench, open_bench


def contract_of(table: str) -> TableContract:
    """Find a fact table's contract.

    Raises
    ------
    NotFound
        There is no such table.
    """
    if table not in TABLES:
        raise NotFound(f"There is no fact table {table!r}. There are: {', '.join(sorted(TABLES))}.")
    return TABLES[table]


def put_rows(context: Context, table: str, rows: pa.RecordBatchReader, source: str) -> TableReport:
    """Derive, check and upsert rows; what breaks the contract goes to the table's quarantine.

    Raises
    ------
    NotFound
        There is no such table.
    InvalidData
        A column is unknown or of another type.
    Conflict
        The table's contract is not in force here.
    """
    contract = contract_of(table)
    need_in_force(context, (table,))
    unknown = [name for name in rows.schema.names if not contract.has(name)]
    if unknown:
        raise InvalidData(f"The columns of {table} were expected; found besides: {', '.join(unknown)}. Leave them out.")
    store = open_store(context.workspace)
    markets = load_markets(context.workspace.overlay("markets"))
    with open_bench(context.workspace.tables) as bench:
        before = known_cities(store, bench)
        naming = naming_of(context.unit, contract, source)
        checked = check_rows(
            bench, contract, numbered(rows), cities=before, source=source, markets=markets, naming=naming
        )
        _keep_left_out(context, bench, checked, source)
        writing = Writing(store, context.now, source, markets)
        cities = _restated_cities(checked, before)
        restate_days(writing, bench, before, cities, markets)
        writing.note_spans(checked)
        if table != CITY_DAYS:
            writing.put_calendar(bench, cities)
            writing.put_zones(bench, cells_of([checked]), cities)
        upsert = writing.put(checked)
    context.warehouse.close()
    read = checked.loaded + checked.collapsed + sum(rule.count for rule in checked.quarantined)
    return report_of(checked, upsert, read=read, left_out=(), removed=())


def _restated_cities(checked: Checked, known: dict[str, City]) -> dict[str, City]:
    """Give the cities as they will be once these rows are written."""
    if checked.contract.name == CITIES:
        return merged(known, [city_of(row) for row in checked.reader().read_all().to_pylist()])
    if checked.contract.name == CITY_CALENDARS:
        return with_calendars(known, checked.reader().read_all().to_pylist())
    return known


def _keep_left_out(context: Context, bench: Bench, checked: Checked, source: str) -> None:
    if not checked.has_faults:
        return
    named = named_rules(checked.faults(), [(rule.name, rule.reason) for rule in checked.rules], "q.row")
    select = (
        "SELECT rule, reason, false AS kept, CAST(NULL AS VARCHAR) AS file, md5(CAST(row AS VARCHAR)) AS file_sha256, "
        f"CAST(NULL AS BIGINT) AS line, row FROM ({named})"
    )
    occasion = LeavingOut(source, context.now, people.forgotten(context.unit))
    keep_rows(open_store(context.workspace), bench, checked.contract.name, [select], occasion)
