"""The options of a proposal: every lever that helps, each in the strengths that the finding asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiffin.capabilities.balance.domain.lever_findings import Finding
from tiffin.capabilities.balance.domain.levers import Judgement
from tiffin.engines.simulation.levers import Lever, Pull

BORROWS = frozenset({Lever.MOVE_RIDERS, Lever.DEMAND_STEERING})
"""Levers that need other zones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One option to rehearse."""

    name: str
    lever: Lever
    strength: float
    pulls: tuple[Pull, ...]


def candidates(
    judgements: Sequence[Judgement], finding: Finding, zone_numbers: Mapping[str, int]
) -> tuple[Candidate, ...]:
    """Give every lever that helps in each of its strengths, in the order of the library.

    Parameters
    ----------
    zone_numbers : mapping
        Numbers by which the simulated city knows its zones; zones that it has not are left out.
    """
    zones = _numbers(finding.zones, zone_numbers)
    lenders = _numbers(finding.lenders, zone_numbers)
    found = []
    for one in judgements:
        lever = one.definition.lever
        if not one.holds or not zones or (lever in BORROWS and not lenders):
            continue
        for strength in one.definition.strengths.sized(finding):
            pull = Pull(lever, zones, finding.start_s, finding.end_s, strength, lenders if lever in BORROWS else ())
            found.append(Candidate(candidate_name(lever, strength), lever, strength, (pull,)))
    return tuple(found)


def candidate_name(lever: Lever, strength: float) -> str:
    """Name an option.

    Examples
    --------
    >>> candidate_name(Lever.PROMISE, 5.0)
    'promise_5'
    """
    return f"{lever.value}_{strength:g}"


def _numbers(zones: Sequence[str], known: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted(known[zone] for zone in zones if zone in known))
