"""Cells beside a table that have to be placed on its inputs: of laws, of allowed values, of what cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tiffin.engines.decisions.dmn.tables import Row
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.policy import PolicyTable

Cells = tuple[Tests, ...]
"""A cell for each input of a table."""

Impossible = Mapping[str, Tests]
"""By input, the cells of cases that cannot be although each value may; an input that is not named may be anything."""


def cells_of(policy: PolicyTable, impossible: Impossible) -> Cells:
    """Give a cell for each input of a table."""
    return tuple(impossible.get(domain.name, _ANYTHING) for domain in policy.domains)


def with_rows(policy: PolicyTable, rows: Sequence[Cells]) -> PolicyTable:
    """Give a table of the same inputs whose rows are other cells, so that inputs are cut where these differ too."""
    made = tuple(Row(cells, ()) for cells in rows)
    return replace(policy, table=replace(policy.table, rows=made, outputs=(), tiers=()))


_ANYTHING = Tests(())
