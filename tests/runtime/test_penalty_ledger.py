"""The ledger of points and money on both databases: written once however many write, whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.erasing import SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.ledger import LedgerEvent, LedgerParty
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_checking import check_ledger
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
VERDICTS = 20

WRITER = """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.runtime.edge import open_context

root, count, act = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
now = datetime(2026, 2, 16, 8, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
new = 0
for number in range(count):
    about = Incident("riyadh", "SA", f"o-{number}", IncidentType.LATE, now, date(2026, 2, 16), now, "customer",
                     "rider-7", "shop-3", "c-9")
    verdict = Verdict(f"{about.key}|1", about, {Party.RIDER: 10000}, "verdict-late", "v1", "row", {"en": "late"}, 1.0,
                      DecidedBy.POLICY, now, points={Party.RIDER: 1}, recovery_minor={Party.MERCHANT: 100},
                      compensation_minor=100, currency="SAR")
    with open_context(root, now=now) as context:
        new += ledger.post_verdict(context, verdict).is_new
        if act == "and reverse":
            ledger.reverse(context, verdict.verdict_id, "both")
    print(number, flush=True)
print(json.dumps(new), flush=True)
"""


def a_verdict(order: str, number: int = 1, **changes: object) -> Verdict:
    about = Incident(
        "riyadh", "SA", order, IncidentType.LATE, NOW, date(2026, 2, 16), NOW, "customer", "rider-7", "shop-3", "c-9"
    )
    stated = {
        "points": {Party.RIDER: 1},
        "recovery_minor": {Party.MERCHANT: 100},
        "compensation_minor": 100,
        "currency": "SAR",
        "reason": {"en": "late"},
    }
    plain = (f"{about.key}|{number}", about, {Party.RIDER: WHOLE}, "verdict-late", f"v{number}", "row")
    whole = stated | changes
    return Verdict(*plain, whole.pop("reason"), 1.0, DecidedBy.POLICY, NOW, **whole)  # type: ignore[arg-type]


def writers(root: Path, count: int, *acts: str) -> list[subprocess.Popen[str]]:
    """Start processes that all write the same verdicts, at the same moment."""
    command = [sys.executable, "-c", WRITER, str(root), str(count)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    found = [subprocess.Popen([*command, act], env={**os.environ}, **pipes) for act in acts]  # type: ignore[call-overload]
    for one in found:
        assert one.stdout.readline() == "ready\n"
    for one in found:
        one.stdin.write("go\n")
        one.stdin.flush()
    return found


def test_processes_that_post_the_same_verdicts_and_reverse_them_at_once_do_each_once(workspace: Workspace) -> None:
    with open_context(workspace.root, now=NOW):
        pass
    both = writers(workspace.root, VERDICTS, "and reverse", "and reverse")
    told = [one.communicate(timeout=120)[0].splitlines()[-1] for one in both]

    assert sum(map(json.loads, told)) == VERDICTS
    found = check_ledger(engine_for(workspace.database_url))
    assert (found.is_whole, found.events) == (True, 2 * VERDICTS), found.faults
    with open_context(workspace.root, now=NOW) as context:
        assert ledger.balance(context, Party.RIDER, "rider-7", "riyadh").of("points").booked == 0


def test_a_writer_that_is_killed_leaves_each_verdict_whole_or_not_at_all(workspace: Workspace) -> None:
    with open_context(workspace.root, now=NOW):
        pass
    (dying,) = writers(workspace.root, 500, "and reverse")
    for _ in range(5):
        dying.stdout.readline()
    time.sleep(0.02)
    dying.send_signal(signal.SIGKILL)
    dying.wait(timeout=60)

    found = check_ledger(engine_for(workspace.database_url))
    assert found.is_whole, found.faults
    assert found.events % 2 == 0
    assert found.events >= 10
    with open_context(workspace.root, now=NOW) as context:
        assert not ledger.post_verdict(context, a_verdict("o-0")).is_new
        assert ledger.post_verdict(context, a_verdict("o-499")).is_new


def test_what_is_undone_leaves_nothing_in_the_ledger(workspace: Workspace) -> None:
    def fail() -> None:
        with open_context(workspace.root, now=NOW) as context:
            ledger.post_verdict(context, a_verdict("o-1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with open_context(workspace.root, now=NOW) as context:
        assert context.session.scalars(select(LedgerEvent)).all() == []
        ledger.post_verdict(context, a_verdict("o-1"))
        ledger.replace(context, a_verdict("o-1").verdict_id, a_verdict("o-1", 2))

    assert check_ledger(engine_for(workspace.database_url)).events == 3


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entries set amount = 1000",
        "delete from ledger_entries",
        "update ledger_events set digest = 'x'",
        "delete from ledger_events",
        "update ledger_heads set events = 0",
        "delete from ledger_heads",
        "update ledger_parties set party_id = 'rider-8'",
        "update ledger_terms set body = ''",
    ],
)
def test_the_database_refuses_to_change_the_ledger(workspace: Workspace, statement: str) -> None:
    with open_context(workspace.root, now=NOW) as context:
        ledger.post_verdict(context, a_verdict("o-1"))

    engine = engine_for(workspace.database_url)
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_rider_is_erased_from_the_ledger_and_all_amounts_stay_proven(workspace: Workspace) -> None:
    with open_context(workspace.root, now=NOW) as context:
        for name in ("ana", "ben"):
            access.add_account(context, name)
            access.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=access.Terms("tests"))
        ledger.post_verdict(context, a_verdict("o-1", reason={"en": "rider-7 waited."}))
    acting = partial(open_context, workspace.root, user="ben", now=NOW)
    with open_context(workspace.root, user="ana", now=NOW) as context:
        number = erasing.ask_erasure(context, SoughtPerson("rider", "rider-7"), "Own wish").erasure_id
    with acting() as context:
        erasing.approve_erasure(context, number)

    done = erasing_steps.carry_out(acting, number)

    assert done.state is State.ERASED
    found = check_ledger(engine_for(workspace.database_url))
    assert (found.is_whole, found.removed) == (True, 2), found.faults
    assert check_trail(engine_for(workspace.database_url)).is_whole
    with acting() as context:
        assert people_scan.scan_for(context, ["rider-7"]).is_clean
        named = {row.kind: (row.party_id, row.salt is None) for row in context.session.scalars(select(LedgerParty))}
    assert named["rider"] == ("erased-1", True)
    assert named["merchant"] == ("shop-3", False)
