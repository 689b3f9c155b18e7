"""What is proven of appeals: every reachable situation, planted faults, deadlines by country, and rows' bounds.

Run ``python benchmarks/appeals_proof.py``. Nothing is read but what ships: the declarations, the table of effects that
the service performs by, the dated deadlines and the calendars of the markets.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.cases.service.office import office_hours
from tiffin.capabilities.liability.domain.appeal_proof import INVARIANTS, world_of_appeals
from tiffin.capabilities.liability.domain.incident_proof import INVARIANTS as OF_INCIDENTS
from tiffin.capabilities.liability.domain.incident_proof import world_of_incidents
from tiffin.capabilities.liability.domain.row_standing import bounds_of
from tiffin.engines.cases.clocks import due_at
from tiffin.engines.cases.declaration import CaseType
from tiffin.engines.cases.model_checking import prove
from tiffin.runtime.workspace import create_workspace

COUNTRIES = {
    "SA": "Asia/Riyadh",
    "AE": "Asia/Dubai",
    "QA": "Asia/Qatar",
    "KW": "Asia/Kuwait",
    "HK": "Asia/Hong_Kong",
    "BR": "America/Sao_Paulo",
    "FI": "Europe/Helsinki",
}
DAYS, RUNS, APPEALS, CONFIDENCE = 730, 1_000, 300, 0.95


def mutants() -> Iterator[tuple[str, CaseType]]:
    """Give the appeal with one stay, one exclusion, one independence or one role taken away, each by itself."""
    for number, one in enumerate(APPEAL.transitions):
        changes = [(f"{one.action} without {effect}", {"effects": tuple(e for e in one.effects if e != effect)})
                   for effect in one.effects if effect not in ("notify", "escalate", "vary")]  # fmt: skip
        # Whoever takes an appeal in hand decides nothing yet: independence counts where it is decided.
        decides = one.action.removesuffix("_second") in ("uphold", "vary", "overturn")
        changes += [(f"{one.action} by anybody", {"is_independent": False})] if decides else []
        changes += [(f"{one.action} by a machine", {"roles": frozenset[str]()})] if "vary" in one.effects else []
        for name, change in changes:
            listed = [*APPEAL.transitions]
            listed[number] = replace(one, **change)
            yield name, replace(APPEAL, transitions=tuple(listed))


def wrong_deadlines(country: str, zone: str) -> int:
    """Count the days of two years on which a reply would not be due at the same local time two weeks later."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = create_workspace(Path(folder) / "ws")
        first = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
        hours = office_hours(workspace, country, date(2026, 1, 1), zone)
        levels = levels_of(workspace, APPEAL.name, date(2026, 1, 1), country)
        declared = next(one for one in APPEAL.clocks if one.name == "reply")
        clock = levels[1].of(declared) if levels else declared
        wrong = 0
        for day in range(DAYS):
            at = first + timedelta(days=day)
            local = at.astimezone(ZoneInfo(zone))
            wrong += due_at(at, clock, hours) != (local + timedelta(days=clock.days)).astimezone(UTC)
        return wrong


def coverage(rate: float) -> float:
    """Simulate how often the bounds hold after every appeal of a row."""
    failed = (np.random.default_rng(7).random((RUNS, APPEALS)) < rate).cumsum(axis=1)
    known: dict[tuple[int, int], bool] = {}
    for number in range(1, APPEALS + 1):
        for count in np.unique(failed[:, number - 1]):
            lower, upper = bounds_of(int(count), number, CONFIDENCE)
            known[int(count), number] = lower <= rate <= upper
    return sum(all(known[int(count), number] for number, count in enumerate(row, 1)) for row in failed) / RUNS


def main() -> None:
    """Print each figure asked, the figure found, and whether it holds."""
    rows: list[tuple[str, str, str, bool]] = []
    for name, world, invariants in (
        ("appeals", world_of_appeals(), INVARIANTS),
        ("incidents", world_of_incidents(), OF_INCIDENTS),
    ):
        start = time.perf_counter()
        found = prove(world, invariants)
        told = f"{found.situations} situations, {found.steps} steps, {time.perf_counter() - start:.2f} s"
        rows.append(
            (f"{name}: invariants that fail in a reachable state", "0", f"{len(found.found)} in {told}", found.is_sound)
        )
    planted = [(name, prove(world_of_appeals(one), INVARIANTS)) for name, one in mutants()]
    missed = [name for name, one in planted if one.is_sound]
    rows.append(("planted faults that are found", "all", f"{len(planted) - len(missed)} of {len(planted)}", not missed))
    for country, zone in COUNTRIES.items():
        wrong = wrong_deadlines(country, zone)
        rows.append((f"{country}: days with a wrong deadline, 2026 and 2027", "0", f"{wrong} of {DAYS}", not wrong))
    for rate in (0.02, 0.1, 0.2, 0.5):
        held = coverage(rate)
        rows.append(
            (f"bounds of rows hold at all times, rate {rate:.0%}", ">= 95 %", f"{held:.1%}", held >= CONFIDENCE)
        )
    for name, asked, told, holds in rows:
        print(f"{'holds' if holds else 'FAILS':<6} {name:<52} asked {asked:>8}   found {told}")
    for name in missed:
        print(f"       not found: {name}")


if __name__ == "__main__":
    main()
