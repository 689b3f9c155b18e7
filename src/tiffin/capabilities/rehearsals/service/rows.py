"""Columns of the domain turned into Arrow rows as the contracts want them, and written."""

from typing import Any

import numpy as np
import pyarrow as pa

from tiffin.capabilities.facts.domain.report import TableReport
from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.rehearsals.domain.demo import DEMO_SOURCE
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import FailedCheck
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema


def rows_of(contract: TableContract, scenario: Scenario, columns: Columns) -> pa.Table:
    """Make the rows of a table from its columns; what has one value has it on every row.

    Columns that the platform computes at load are left to it.
    """
    return arrow_rows(contract, {"city_id": scenario.city.city_id, "source": DEMO_SOURCE, **columns})


def arrow_rows(contract: TableContract, given: Columns) -> pa.Table:
    """Make the rows of a table from its columns, its city and source among them."""
    count = max(len(values) for values in given.values() if not isinstance(values, str))
    kept = [field for field in arrow_schema(contract) if field.name in given]
    return pa.table([_column(given[field.name], field.type, count) for field in kept], schema=pa.schema(kept))


def write_rows(context: Context, table: str, rows: pa.Table, source: str) -> TableReport:
    """Write simulated rows of a table, all of them or none.

    Raises
    ------
    Forbidden
        The actor may not write facts.
    FailedCheck
        A row breaks its contract: a fault of the simulator.
    """
    report = write_facts(context, table, rows.to_reader(), source)
    if report.loaded != rows.num_rows:
        raise FailedCheck(
            f"All {rows.num_rows} simulated rows of {table} were expected to keep the contract, {report.loaded} did: "
            f"see quarantine_{table} for the others and mend the simulator."
        )
    return report


def _column(values: Any, kind: pa.DataType, count: int) -> pa.Array:
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), count)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pa.array(values).cast(kind)
    return pa.array(values, kind)
