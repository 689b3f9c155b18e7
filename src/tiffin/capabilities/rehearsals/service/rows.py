"""Columns of the domain turned into Arrow rows as the contracts want them."""

from typing import Any

import numpy as np
import pyarrow as pa

from tiffin.capabilities.rehearsals.domain.demo import DEMO_SOURCE
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.kernel.contract import TableContract
from tiffin.runtime.warehouse.columns import arrow_schema


def rows_of(contract: TableContract, scenario: Scenario, columns: Columns) -> pa.Table:
    """Make the rows of a table from its columns; what has one value has it on every row.

    Columns that the platform computes at load are left to it.
    """
    schema = arrow_schema(contract)
    count = max(len(values) for values in columns.values() if not isinstance(values, str))
    given = {"city_id": scenario.city.city_id, "source": DEMO_SOURCE, **columns}
    kept = [field for field in schema if field.name in given]
    return pa.table([_column(given[field.name], field.type, count) for field in kept], schema=pa.schema(kept))


def _column(values: Any, kind: pa.DataType, count: int) -> pa.Array:
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), count)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pa.array(values).cast(kind)
    return pa.array(values, kind)
