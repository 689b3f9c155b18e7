"""How many rows of a policy decided any past case."""

from dataclasses import dataclass

from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.service.backtest import SAMPLE, compare_versions
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far past cases reach into a table.

    Parameters
    ----------
    rows, met : int
        Rows of the policy, and those of them that decided at least one of the cases.
    cases : int
        Cases that were looked at.
    never : tuple of str
        Ids of the rows that decided none.
    """

    rows: int
    met: int
    cases: int
    never: tuple[str, ...]


def coverage_of(context: Context, found: Effective) -> Coverage | None:
    """Tell which rows decided past cases; None where there are none that the reader may see."""
    try:
        compared = compare_versions(context, found, found, sample=SAMPLE).comparison
    except (NotFound, Forbidden, InvalidDefinition):
        return None
    rows = tuple(dict.fromkeys(one.row for one in found.origins))
    met = {row for one in compared.transitions for row in one.base.rows}
    never = tuple(row for row in rows if row not in met)
    return Coverage(len(rows), len(rows) - len(never), compared.cases, never) if compared.cases else None
