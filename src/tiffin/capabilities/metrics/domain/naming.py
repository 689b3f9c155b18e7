"""The small text that says what outside names are called here, one line each.

``fct_orders = orders`` names a table, ``fct_orders.created_at = placed_at`` a column of it (``orders.placed_at`` says
the same), ``orders.status: Completed = delivered`` a value.
"""

from tiffin.engines.metrics.comparing.outside_names import Naming
from tiffin.kernel.errors import WrongUse


def read_mapping(text: str) -> Naming:
    """Read a mapping.

    Raises
    ------
    WrongUse
        A line is none.
    """
    tables: dict[str, str] = {}
    columns: dict[str, str] = {}
    values: dict[str, str] = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        theirs, sign, ours = (part.strip() for part in line.partition("="))
        if not sign or not theirs or not ours:
            raise WrongUse(f"A line such as `fct_orders.created_at = placed_at` was expected, {line!r} was found.")
        column, is_value, value = theirs.partition(":")
        if is_value:
            values[f"{column.strip()}={value.strip()}"] = ours
        elif "." in theirs:
            columns[theirs.lower()] = ours.rpartition(".")[2]
        else:
            tables[theirs.lower()] = ours
    return Naming(tables, columns, values)


def mapping_text(naming: Naming) -> str:
    """Write a mapping as the lines that `read_mapping` reads."""
    lines = [f"{theirs} = {ours}" for theirs, ours in naming.tables.items()]
    lines += [f"{theirs} = {ours}" for theirs, ours in naming.columns.items()]
    lines += [f"{theirs.replace('=', ': ', 1)} = {ours}" for theirs, ours in naming.values.items()]
    return "\n".join(lines)
