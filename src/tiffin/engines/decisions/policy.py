"""A decision table that is in force somewhere, with what is known of its inputs: ready for every back end."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.engines.decisions.dmn.tables import Row, TableOf
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value


@dataclass(frozen=True, slots=True)
class Domain:
    """What is known of an input beside its allowed values, which stand in the table's column.

    Parameters
    ----------
    name : str
        The name by which a case brings it.
    kind : Kind
        Its type in FEEL; ``ANY`` where that is not told.
    whole : bool
        Only whole numbers occur.
    required : bool
        It is never null.
    unit : str
        What it is counted in.
    """

    name: str
    kind: Kind = Kind.ANY
    whole: bool = False
    required: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """A decision table, and what its cells and inputs rest on.

    Parameters
    ----------
    name : str
        The policy.
    table : TableOf
        Its rows; the first annotation of each is its id, which is also the key of its reason.
    domains : tuple of Domain
        Of the inputs, in the table's order.
    parameters : Mapping
        Values of the names that cells and results may use beside the inputs.
    """

    name: str
    table: TableOf
    domains: tuple[Domain, ...]
    parameters: Mapping[str, Value]

    @property
    def row_ids(self) -> tuple[str, ...]:
        """The id of each row; its number, from 1, where it has none."""
        return tuple(id_of(row, number) for number, row in enumerate(self.table.rows, 1))


def id_of(row: Row, number: int) -> str:
    """Give the id of a row, or its number where it has none."""
    return row.annotations[0] if row.annotations and row.annotations[0] else str(number)
