"""Where two tables decide differently, as regions with a case each: nothing where they mean the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.proving.findings import Case
from tiffin.engines.decisions.proving.limits import Limit


class Standing(StrEnum):
    """What becomes of a case.

    ``decided``: rows or the default decide it. ``gap``: no row holds. ``contradiction``: rows hold that may not hold
    together. ``refused``: a value of it is none that its input may have.
    """

    DECIDED = "decided"
    GAP = "gap"
    CONTRADICTION = "contradiction"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table says of cases.

    Parameters
    ----------
    rows : tuple of int
        The rows that say it, or contradict each other, numbered from 0; none where the default does.
    values : Mapping
        By output, its value; empty where nothing is decided.
    """

    standing: Standing
    rows: tuple[int, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Difference:
    """A region in which two tables decide differently.

    Parameters
    ----------
    inputs : tuple of str
        The inputs of both, in the order of the case.
    where : tuple of Limit
        What its cases have in common, by number of the input.
    case : tuple
        One of them.
    """

    inputs: tuple[str, ...]
    where: tuple[Limit, ...]
    case: Case
    before: Outcome
    after: Outcome
