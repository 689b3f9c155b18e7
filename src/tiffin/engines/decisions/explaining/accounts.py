"""An account of every row of a table for one case: whether it decides, and what fails it if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiffin.engines.decisions.explaining.settling import HOLDS, ReadyPolicy


class Standing(StrEnum):
    """Where a row stands in a case."""

    DECIDES = "decides"
    """The outcome is made of it."""
    FAILS = "fails"
    """One of its conditions does not hold."""
    OVERRIDDEN = "overridden"
    """It holds, and a row that goes before it does too."""
    BEHIND = "behind"
    """It holds, and the hit policy takes another row of its tier."""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """What became of a row.

    Parameters
    ----------
    row : int
        Its number, from 0.
    id : str
        Its id, as the policy states it.
    input : str
        Of a row that fails, the first input that fails it; else empty.
    """

    row: int
    id: str
    standing: Standing
    input: str = ""


def accounts(ready: ReadyPolicy, failed: Sequence[int], deciding: Sequence[int]) -> tuple[RowAccount, ...]:
    """Tell what became of every row.

    Parameters
    ----------
    failed : Sequence of int
        For each row the first input that fails it, as `ReadyPolicy.follow` gives it.
    deciding : Sequence of int
        The rows that decide.
    """
    held, decides = set(ready.held(failed)), set(deciding)
    found = []
    for number, (name, first) in enumerate(zip(ready.policy.row_ids, failed, strict=True)):
        if first != HOLDS:
            found.append(RowAccount(number, name, Standing.FAILS, ready.names[first]))
        elif number in decides:
            found.append(RowAccount(number, name, Standing.DECIDES))
        else:
            found.append(RowAccount(number, name, Standing.BEHIND if number in held else Standing.OVERRIDDEN))
    return tuple(found)
