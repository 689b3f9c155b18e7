"""What a proof finds wrong, each with a case on which it shows, and what it may be asked to prove."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.proving.limits import Limit

Case = tuple[Value, ...]
"""A value for each input, in the table's order."""


class Fault(StrEnum):
    """What may be wrong with a table.

    ``gap``: no row holds, and nothing says what follows. ``overlap``: rows contradict each other. ``masked``: a row can
    never decide. ``unreachable``: an output's value never comes. ``sum``: outputs do not add up. ``order``: worse costs
    less. ``law``: a market is looser than its law. ``result``: a row gives what its output may not be. ``unsettled``:
    a promise that cannot be proven, since a result rests on the case or is a list; without a promise, the table
    itself, since its rows cut across each other in too many ways.
    """

    GAP = "gap"
    OVERLAP = "overlap"
    MASKED = "masked"
    UNREACHABLE = "unreachable"
    SUM = "sum"
    ORDER = "order"
    LAW = "law"
    RESULT = "result"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class Sum:
    """Outputs that add up to a total in every row."""

    outputs: tuple[str, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """An output that never falls as an input rises, all else being equal; or, where not ``rising``, never rises."""

    input: str
    output: str
    rising: bool = True


@dataclass(frozen=True, slots=True)
class Law:
    """A floor or ceiling of an output, by law, wherever some cells hold.

    Parameters
    ----------
    tests : tuple of Tests
        The cells of the cases that it binds, in the order of the table's inputs.
    market : str
        The ISO 3166 code of the country whose law it is.
    reference : str
        Where the law says so.
    """

    output: str
    tests: tuple[Tests, ...]
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    market: str = ""
    reference: str = ""

    def permits(self, value: Value) -> bool:
        """Tell whether an output may have a value; null is no number and never may."""
        if not isinstance(value, Decimal):
            return False
        high_enough = self.at_least is None or value >= self.at_least
        return high_enough and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Unused:
    """A value that an output may have."""

    output: str
    value: Value


Promise = Sum | Order | Law | Unused


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a table.

    Parameters
    ----------
    fault : Fault
        What it is.
    rows : tuple of int
        The rows that it names, numbered from 0; the number after the last stands for the default. Of a masked row, the
        row and then those that override it.
    where : tuple of Limit
        What the cases have in common on which it shows; an input that is not here may have any value.
    case : tuple or None
        One of these cases.
    other : tuple or None
        Of a broken order, the case that is compared with it.
    promise : Promise or None
        What was to hold.
    values : tuple
        What was found instead.
    """

    fault: Fault
    rows: tuple[int, ...] = ()
    where: tuple[Limit, ...] = ()
    case: Case | None = None
    other: Case | None = None
    promise: Promise | None = None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was found.

    Parameters
    ----------
    findings : tuple of Finding
        By kind of fault.
    cut : frozenset of Fault
        The kinds of which there is more than is listed.
    """

    findings: tuple[Finding, ...]
    cut: frozenset[Fault] = frozenset()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
