"""A policy's regression suite: cases with the rows and outcome that the policy gives them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiffin.engines.decisions.covering.cases import covering_cases
from tiffin.engines.decisions.explaining.settling import ReadyPolicy
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.policy import PolicyTable


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """A case of a suite.

    Parameters
    ----------
    values : tuple of Value
        Of the inputs, in the table's order.
    shows : str
        What the case is there for: the id of a row, and the input of which it shows the boundary.
    rows : tuple of str
        Ids of the rows that decide; none in a gap.
    value : Value
        The outcome.
    conflict : bool
        Whether the rows contradict each other.
    """

    values: tuple[Value, ...]
    shows: tuple[str, str]
    rows: tuple[str, ...]
    value: Value
    conflict: bool


@dataclass(frozen=True, slots=True)
class Suite:
    """A policy's regression suite.

    Parameters
    ----------
    inputs : tuple of str
        Names of the inputs, in the order of the cases' values.
    """

    policy: str
    inputs: tuple[str, ...]
    cases: tuple[SuiteCase, ...]


def suite_of(policy: PolicyTable) -> Suite:
    """Make the regression suite of a policy.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    ready = ReadyPolicy(policy)
    names = ready.names
    cases = []
    for one in covering_cases(ready):
        shows = policy.row_ids[one.row], "" if one.input is None else names[one.input]
        cases.append(_recorded(ready, one.values, shows))
    return Suite(policy.name, names, tuple(cases))


def changed(suite: Suite, policy: PolicyTable) -> tuple[tuple[SuiteCase, SuiteCase], ...]:
    """Decide the cases of a suite by another version; give those that come out otherwise, as before and as now."""
    ready = ReadyPolicy(policy)
    pairs = ((one, _recorded(ready, one.values, one.shows)) for one in suite.cases)
    return tuple((one, now) for one, now in pairs if not _alike(one, now))


def _recorded(ready: ReadyPolicy, values: Sequence[Value], shows: tuple[str, str]) -> SuiteCase:
    settled = ready.settle(values)
    ids = tuple(ready.policy.row_ids[number] for number in settled.rows)
    return SuiteCase(tuple(values), shows, ids, settled.value, bool(settled.conflict))


def _alike(one: SuiteCase, other: SuiteCase) -> bool:
    return one.rows == other.rows and one.conflict == other.conflict and same(one.value, other.value)
