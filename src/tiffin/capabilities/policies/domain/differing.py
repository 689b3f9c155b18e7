"""Where two versions of a policy decide differently, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiffin.capabilities.policies.domain.conditions import Terms, example, is_single, where
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.proving.differences import Difference, Outcome, Standing
from tiffin.engines.decisions.proving.results import Computed
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """What a version says of the cases of a region.

    Parameters
    ----------
    rows : tuple of str
        Ids of the rows that decide, or contradict each other; none for the default or a gap.
    said : str
        The outputs with their values, or why nothing is decided.
    values : Mapping
        By output, its value; empty where nothing is decided.
    """

    standing: Standing
    rows: tuple[str, ...]
    said: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ToldDifference:
    """A region of cases that two versions decide differently.

    Parameters
    ----------
    where : str
        What its cases have in common.
    example : str
        One of them, by the inputs that matter; empty where there is but one.
    case : Mapping
        The same as a whole case to try, by input.
    """

    where: str
    example: str
    case: Mapping[str, Value]
    before: ToldOutcome
    after: ToldOutcome


def told_difference(
    difference: Difference,
    terms: Terms,
    row_ids: tuple[Sequence[str], Sequence[str]],
    case: Mapping[str, Value],
) -> ToldDifference:
    """Put a difference into words.

    Parameters
    ----------
    row_ids : pair of Sequence
        Ids of the rows of the version before and of the one after.
    """
    limits = difference.where
    return ToldDifference(
        where=where(limits, terms),
        example="" if all(is_single(one) for one in limits) else example(limits, difference.case, terms),
        case=case,
        before=_outcome(difference.before, terms, row_ids[0]),
        after=_outcome(difference.after, terms, row_ids[1]),
    )


def _outcome(outcome: Outcome, terms: Terms, row_ids: Sequence[str]) -> ToldOutcome:
    rows = tuple(dict.fromkeys(row_ids[row] for row in outcome.rows))
    return ToldOutcome(outcome.standing, rows, _said(outcome, terms), outcome.values)


def _said(outcome: Outcome, terms: Terms) -> str:
    if outcome.standing is Standing.GAP:
        return Message("no row holds")
    if outcome.standing is Standing.CONTRADICTION:
        return Message("rows contradict each other")
    if outcome.standing is Standing.REFUSED:
        return Message("a value that may not occur")
    return ", ".join(f"{terms.label(name)} {_value(name, one, terms)}" for name, one in outcome.values.items())


def _value(name: str, value: Value, terms: Terms) -> str:
    return "…" if isinstance(value, Computed) else terms.value(name, value)
