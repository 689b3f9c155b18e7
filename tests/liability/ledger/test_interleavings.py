"""Whatever processes do in whatever order: balances are the fold of events, money adds up, forgeries are found."""

import importlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.liability.ledger.conftest import NOW, Entering

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerParty
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_checking import check_ledger
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def worlds(project_root: Path) -> Iterator[ModuleType]:
    """Import what draws interleavings, from the folder of benchmarks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        yield importlib.import_module("ledger_interleavings")


@settings(max_examples=250)
@given(seed=st.integers(0, 2**48))
def test_after_every_interleaving_balances_are_the_fold_and_a_plain_ledger_agrees(
    worlds: ModuleType, seed: int
) -> None:
    worlds.interleaved(seed)


@pytest.mark.full
def test_many_more_interleavings_hold_too(worlds: ModuleType) -> None:
    for seed in range(20_000):
        worlds.interleaved(seed)


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_the_database_books_what_a_plain_ledger_books(
    worlds: ModuleType, entering: Entering, workspace: Workspace, seed: int
) -> None:
    plain = importlib.import_module("plain_ledger")
    terms = plain.PlainTerms(90, 6, "day", 0, None, "")
    book, now = plain.PlainLedger(), NOW
    for command in worlds._work(random.Random(seed)):  # noqa: S311 - drawn anew by seed
        if command[0] == "restore":
            continue
        now += timedelta(hours=7)
        expected = book.answer(command)
        with entering(now=now) as context:
            assert done(context, command) == expected, command
        if expected == "done":
            book.carry_out(command, now, terms)

    with entering(now=now) as context:
        assert booked(context) == book.balances()
        for rider in ("r-1", "r-2"):
            found = ledger.balance(context, Party.RIDER, rider, "riyadh").of("points")
            assert found.counted == book.counted(f"rider:{rider}", "points", now)
    check = check_ledger(engine_for(workspace.database_url))
    assert check.is_whole, check.faults


def done(context: Context, command: tuple[Any, ...]) -> str:
    act, _, *rest = command
    try:
        if act == "post":
            moved = ledger.post_verdict(context, rest[0])
        elif act == "replace":
            moved = ledger.replace(context, *rest)
        elif act == "lift":
            moved = ledger.lift_stay(context, rest[0])
        else:
            moved = {"stay": ledger.stay, "reverse": ledger.reverse}[act](context, rest[0], "said")
    except (Conflict, NotFound):
        return "refused"
    return "done" if moved.is_new else "nothing"


def booked(context: Context) -> dict[tuple[str, str], int]:
    """Add up the entries of the database, account by account under the names of the facts."""
    names = {row.code: f"{row.kind}:{row.party_id}" for row in context.session.scalars(select(LedgerParty))}
    sums: dict[tuple[str, str], int] = {}
    for row in context.session.scalars(select(LedgerEntry)):
        place = (names.get(row.account, row.account), row.unit)
        sums[place] = sums.get(place, 0) + row.amount
    return {place: amount for place, amount in sums.items() if amount}
