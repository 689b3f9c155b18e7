"""The conditions of several versions of a policy, each once: what a case is reduced to before anything is decided.

Whatever tables say of a case follows from the set of conditions that it meets, its *signature*. Versions of a policy
share nearly all their rows, so that both together have hardly more conditions than one of them, and a whole signature
stands in a few machine words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tiffin.engines.decisions.dmn.plain import constant, plain_cell
from tiffin.engines.decisions.dmn.tables import Row
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - gives the nodes of cells their meaning
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.grids.axes import Axis
from tiffin.engines.decisions.grids.grid import grids_of
from tiffin.engines.decisions.policy import Domain, PolicyTable

WORD_BITS = 62
"""Conditions in one word: a signed integer of 64 bits that is never negative, in every engine."""

Signature = tuple[int, ...]
"""The conditions that a case meets: a bit for each, in words."""


@dataclass(frozen=True)
class Conditions:
    """The distinct conditions of several versions over common parts of the inputs.

    Parameters
    ----------
    versions : tuple of PolicyTable
        The versions, with the same inputs in the same order.
    axes : tuple of Axis
        One an input.
    cells : tuple of tuple of int
        Of each condition, for each axis, a bit for every part that passes.
    rows : tuple of tuple of int
        Of each version, the condition of each row.
    inside : tuple of int
        Of each version, the condition that every input has a value that it may have.
    """

    versions: tuple[PolicyTable, ...]
    axes: tuple[Axis, ...]
    cells: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    inside: tuple[int, ...]

    @cached_property
    def words(self) -> int:
        """Number of words of a signature."""
        return -(-len(self.cells) // WORD_BITS)

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """Name the conditions without which no case is decided otherwise by one version than by another one."""
        everything = tuple(range(len(self.cells)))
        if len(set(self.inside)) > 1 or len({_frame(one) for one in self.versions}) > 1:
            return everything
        said = [_said(version, rows) for version, rows in zip(self.versions, self.rows, strict=True)]
        common = set.intersection(*(set(one) for one in said))
        kept = [[key for key in one if key in common] for one in said]
        if any(one != kept[0] for one in kept):
            return everything
        return tuple(sorted({key[0] for one in said for key in one if key not in common}))

    def met(self, signature: Signature, condition: int) -> bool:
        """Tell whether a case with a signature meets a condition."""
        word, bit = divmod(condition, WORD_BITS)
        return bool(signature[word] >> bit & 1)


def conditions_of(*versions: PolicyTable) -> Conditions:
    """Bring the conditions of several versions together; inputs that one of them lacks are not tested by it.

    Raises
    ------
    NotPlain
        A cell holds more than plain tests of plain values.
    """
    aligned = _aligned(versions)
    grids = grids_of(*(_with_limits(one) for one in aligned))
    numbers: dict[tuple[int, ...], int] = {}
    rows, inside = [], []
    for grid in grids:
        *found, limits = grid.cells
        # Null may always stand: what is required is promised by whoever brings the case, and rows decide about it.
        inside.append(numbers.setdefault(tuple(mask | 1 for mask in limits), len(numbers)))
        rows.append(tuple(numbers.setdefault(cells, len(numbers)) for cells in found))
    return Conditions(aligned, grids[0].axes, tuple(numbers), tuple(rows), tuple(inside))


def _with_limits(version: PolicyTable) -> PolicyTable:
    """Add a row that holds where every input has a value that it may have."""
    table = version.table
    limits = Row(tuple(one.allowed or _ANYTHING for one in table.inputs), ())
    return replace(version, table=replace(table, rows=(*table.rows, limits)))


def _aligned(versions: Sequence[PolicyTable]) -> tuple[PolicyTable, ...]:
    domains: dict[str, Domain] = {}
    for version in versions:
        for domain in version.domains:
            domains.setdefault(domain.name, domain)
    return tuple(_widened(one, tuple(domains.values()), versions) for one in versions)


def _widened(version: PolicyTable, domains: tuple[Domain, ...], versions: Sequence[PolicyTable]) -> PolicyTable:
    own = {one.name: number for number, one in enumerate(version.domains)}
    if tuple(own) == tuple(one.name for one in domains):
        return version
    columns = {
        domain.name: replace(column, allowed=None)
        for other in versions
        for domain, column in zip(other.domains, other.table.inputs, strict=True)
    }
    table = version.table
    inputs = tuple(table.inputs[own[one.name]] if one.name in own else columns[one.name] for one in domains)
    rows = tuple(
        replace(row, tests=tuple(row.tests[own[one.name]] if one.name in own else _ANYTHING for one in domains))
        for row in table.rows
    )
    own_domains = tuple(version.domains[own[one.name]] if one.name in own else one for one in domains)
    return replace(version, table=replace(table, inputs=inputs, rows=rows), domains=own_domains)


def _frame(version: PolicyTable) -> str:
    """Tell what a table says beside its rows."""
    table, known = version.table, version.parameters
    outputs = [
        (
            one.name,
            [constant(node, known) for node in one.priorities],
            one.allowed and plain_cell(one.allowed, known),
            one.default and constant(one.default, known),
            one.type,
        )
        for one in table.outputs
    ]
    return repr((table.hit_policy, table.aggregation, outputs))


def _said(version: PolicyTable, rows: Sequence[int]) -> list[tuple[int, str]]:
    """Tell of each row its condition and what it gives there, its tier, its id and its result."""
    tiers = version.table.tiers or (0,) * len(rows)
    return [
        (condition, repr((tier, name, [constant(one, version.parameters) for one in row.results])))
        for condition, tier, row, name in zip(rows, tiers, version.table.rows, version.row_ids, strict=True)
    ]


_ANYTHING = Tests(())
