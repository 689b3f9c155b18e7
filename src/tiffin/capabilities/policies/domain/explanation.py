"""Why a case was decided so, and what would have changed it, as data that pages, commands and the API show."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.policies.domain.decision import Decision, Outcome
from tiffin.capabilities.policies.domain.policy import Words
from tiffin.engines.decisions.dmn.plain import PlainCell
from tiffin.engines.decisions.explaining.accounts import Standing
from tiffin.engines.decisions.feel.values import Value


@dataclass(frozen=True, slots=True)
class InputAccount:
    """An input of the case.

    Parameters
    ----------
    evidence : str
        What stands behind it; empty where the case brought nothing.
    is_tested : bool
        Whether a row that decides tests it.
    """

    name: str
    label: Words
    value: Value
    evidence: str
    is_tested: bool


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """What became of a row.

    Parameters
    ----------
    input : str
        Of a row that fails, the first input that fails it; else empty.
    value : Value
        What the case has there.
    asked : PlainCell or None
        What the row asks of it; None where the cell is more than plain tests.
    feel : str
        The same as FEEL writes it.
    """

    id: str
    standing: Standing
    input: str = ""
    value: Value = None
    asked: PlainCell | None = None
    feel: str = ""


@dataclass(frozen=True, slots=True)
class ChangedInput:
    """An input that would have been another: the nearest value that makes the difference."""

    input: str
    value: Value
    instead_of: Value


@dataclass(frozen=True, slots=True)
class ExplainedWay:
    """One change, of one input or two, and the rows that decide then."""

    changed: tuple[ChangedInput, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherOutcome:
    """Another outcome, and the smallest changes that lead to it, the nearest first."""

    outcome: Outcome
    outputs: Mapping[str, Value]
    ways: tuple[ExplainedWay, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a case was decided so.

    Parameters
    ----------
    reasons : tuple of str
        Of each row that decides, its reason in the reader's language; of a gap or conflict, what it is.
    rows : tuple of ExplainedRow
        Every row of the files, in the order of the table; of one that differs by place, the part for the case's place.
    others : tuple of OtherOutcome
        Outcomes to which a change of one input or of two leads; market and city stay as they are.
    unreached : tuple of Mapping
        Outputs to which only more changes lead, or none.
    untold : str
        Why other outcomes cannot be told; empty where they are.
    """

    decision: Decision
    reasons: tuple[str, ...]
    inputs: tuple[InputAccount, ...]
    rows: tuple[ExplainedRow, ...]
    others: tuple[OtherOutcome, ...]
    unreached: tuple[Mapping[str, Value], ...]
    untold: str = ""
