"""How a day at work goes with 200 people and 5,000 incidents a minute on PostgreSQL, and what a killed process leaves.

    nice -n 10 python benchmarks/case_load.py --workspace FOLDER [--workers 200] [--per-minute 5000] [--seconds 60]

FOLDER is a workspace with the demo's facts (``tiffin up --once``); it is copied, and the copy put on a PostgreSQL
server of its own that waits for the disk at each commit. Two processes share the work: an inbound feed that opens and
judges incidents by fifties, a worker of the outbox that posts and notifies, and people. An action is what a request of
a person commits: taking a case in hand, adding a note, deciding (its posting to the ledger included), measured from
asking for the unit of work to its commit. Looking at it is told apart: it commits nothing.

Then the same with a process killed in the middle and started again. Nothing may be lost and nothing repeated: what a
process had committed is there, each incident has one case and at most one first verdict, each effect one posting and
one notice, and the chains of cases, ledger and trail are whole.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from postgres_server import a_server
from sqlalchemy import Engine, text

ASKED_P95_MS, ASKED_PER_MINUTE = 200.0, 5000
SETTLED_AFTER = timedelta(hours=2)
"""Later than any lease of a process that died, and any wait of an effect that failed."""

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the processes."""

    workers: int
    per_minute: float
    seconds: float
    processes: int
    think_s: float
    is_killed: bool


@contextmanager
def a_place(source: Path, workers: int) -> Iterator[Path]:
    """Copy a workspace, put it on a server of its own, and make the people's accounts."""
    with a_server() as url, tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(source, root)
        os.environ["TIFFIN_DATABASE_URL"] = url
        from tiffin.runtime.settings import settings  # noqa: PLC0415 - reads the address that was just set

        settings.cache_clear()
        prepare(root, workers)
        yield root


def prepare(root: Path, workers: int) -> None:
    """Migrate the database, and make an adjudicator's account for each person."""
    from tiffin.capabilities.access import service as access  # noqa: PLC0415 - after the address is set
    from tiffin.runtime.actor import Role  # noqa: PLC0415 - the same
    from tiffin.runtime.edge import open_context  # noqa: PLC0415 - the same
    from tiffin.runtime.schema import migrate  # noqa: PLC0415 - the same

    migrate(engine())
    with open_context(root) as context:
        for number in range(workers):
            access.add_account(context, f"worker{number}")
            terms = access.Terms("load")
            access.grant(context, f"worker{number}", Role.ADJUDICATOR, countries=["*"], terms=terms)


def engine() -> Engine:
    """Give the connections to the server."""
    from tiffin.runtime.database import engine_for  # noqa: PLC0415 - after the address is set

    return engine_for(os.environ["TIFFIN_DATABASE_URL"])


def run(root: Path, load: Load, journals: Path) -> list[Line]:
    """Let the processes work, kill one where that is asked, and give what all of them told."""
    journals.mkdir()
    started = [start(root, load, journals, number, 0) for number in range(load.processes)]
    for one in started:
        wait_until_ready(one)
    ends = time.time() + load.seconds
    for one in started:
        begin(one, ends)
    if load.is_killed:
        time.sleep(load.seconds / 2)
        started[0].send_signal(signal.SIGKILL)
        started[0].wait()
        started[0] = start(root, load, journals, 0, 1)
        wait_until_ready(started[0])
        begin(started[0], ends)
    failed = [one.wait() for one in started]
    if any(failed):
        sys.exit(f"processes ended with {failed}")
    return [line for file in sorted(journals.iterdir()) for line in lines_of(file)]


def start(root: Path, load: Load, journals: Path, number: int, generation: int) -> "subprocess.Popen[str]":
    """Start one of the processes."""
    said = {
        "workspace": root,
        "journal": journals / f"{number}-{generation}",
        "number": number,
        "generation": generation,
        "processes": load.processes,
        "workers": load.workers,
        "per-minute": load.per_minute / load.processes,
        "think": load.think_s,
        "seconds": load.seconds,
    }
    arguments = [part for name, value in said.items() for part in (f"--{name}", str(value))]
    script = Path(__file__).with_name("case_load_process.py")
    command = [sys.executable, script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - here


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    """Wait until a process has gathered its facts."""
    if process.stdout is None or process.stdout.readline().strip() != "ready":
        sys.exit("a process ended before it had begun")


def begin(process: "subprocess.Popen[str]", ends: float) -> None:
    """Let a process begin, and tell it when to end."""
    if process.stdin is not None:
        process.stdin.write(f"{ends}\n")
        process.stdin.flush()


def lines_of(file: Path) -> Iterable[Line]:
    """Read a journal; the last line of a process that was killed may be cut off."""
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def settle(root: Path) -> tuple[int, int]:
    """Do what is left in the outbox, the leases of the dead included; tells how much that was, and what failed."""
    from tiffin.capabilities.cases.service import workers  # noqa: PLC0415 - after the address is set
    from tiffin.capabilities.liability.service.judging_effects import HANDLERS  # noqa: PLC0415 - the same
    from tiffin.runtime.edge import open_context  # noqa: PLC0415 - the same

    later = datetime.now(UTC) + SETTLED_AFTER
    done = workers.work(lambda: open_context(root, now=later), HANDLERS)
    return done.done, done.failed


_SAID = "select case_id, replace(action, '_first', '') as action, details from case_events where not is_platform"


def lost(lines: Sequence[Line]) -> dict[str, int]:
    """Count what a process had committed, as its journal says, and what is not there."""
    with engine().connect() as connection:
        incidents = set(connection.scalars(text("select incident_key from incidents")))
        # A decision above an amount is the first of two persons', and stands under another name.
        said = connection.execute(text(_SAID))
        tokens = Counter((row.case_id, row.action, row.details.get("note") or row.details.get("text")) for row in said)
    told = [key for one in lines if one["what"] == "judged" for key in one.get("keys", ())]
    acts = [(one["case"], one["action"], one["token"]) for one in acts_of(lines) if one["token"]]
    return {
        "incidents told as kept that are missing": sum(key not in incidents for key in told),
        "actions told as done that are missing": sum(not tokens[one] for one in acts),
        "actions found twice": sum(count > 1 for (_, _, token), count in tokens.items() if token),
    }


_FAULTS = {
    "incidents without a case": "select count(*) from incidents i left join cases c using (case_id)"
    " where c.case_id is null",
    "incidents without verdict or question": "select count(*) from incidents i where not is_waiting and not exists"
    " (select 1 from verdicts v where v.incident_key = i.incident_key)"
    " and not exists (select 1 from cases c where c.case_id = i.case_id and c.closed_at is null)",
    "cases of two incidents": "select count(*) from (select 1 from incidents group by case_id having count(*) > 1) x",
    "cases opened twice": "select count(*) from (select 1 from case_events where action = 'opened'"
    " group by case_id having count(*) > 1) x",
    "incidents with two verdicts that hold": "select count(*) from (select 1 from verdicts v where not exists"
    " (select 1 from verdicts w where w.supersedes = v.verdict_id) group by incident_key having count(*) > 1) x",
    "effects not done": "select count(*) from case_effects where done_at is null",
    "verdicts posted twice": "select count(*) from (select 1 from ledger_events where kind = 'posted'"
    " group by verdict_id having count(*) > 1) x",
    "verdicts that lead to money or points and were not posted": "select count(*) from verdicts v where"
    " (compensation_minor > 0 or points::text <> '{}' or recovery_minor::text <> '{}')"
    " and not exists (select 1 from ledger_events e where e.verdict_id = v.verdict_id)",
    "notices sent twice": "select count(*) from (select 1 from notices group by kind, subject, occasion, party_kind,"
    " party_id having count(*) > 1) x",
}


def faults(root: Path) -> dict[str, int]:
    """Count what must not be in the database, and what the chains say."""
    from tiffin.capabilities.cases.service.log_checking import check_log  # noqa: PLC0415 - after the address is set
    from tiffin.capabilities.liability.service.ledger_checking import check_ledger  # noqa: PLC0415 - the same
    from tiffin.runtime.audit_checking import check_trail  # noqa: PLC0415 - the same
    from tiffin.runtime.edge import open_context  # noqa: PLC0415 - the same

    with engine().connect() as connection:
        found = {name: connection.scalar(text(asked)) or 0 for name, asked in _FAULTS.items()}
    with open_context(root) as context:
        found["faults in the log of cases"] = len(check_log(context).faults)
    found["faults in the ledger"] = check_ledger(engine()).fault_count
    found["faults in the trail"] = check_trail(engine()).fault_count
    return found


def acts_of(lines: Sequence[Line]) -> list[Line]:
    """Give the actions that were done."""
    return [one for one in lines if one["what"] == "acted" and "refused" not in one]


def per_minute_of(judged: Sequence[Line]) -> float:
    """Give how many incidents were taken in a minute, by what lies between a process's first batch and its last."""
    total = 0.0
    for number in {one["by"] for one in judged}:
        own = sorted((one for one in judged if one["by"] == number), key=lambda one: float(one["at"]))
        span = own[-1]["at"] - own[0]["at"]
        total += 60 * sum(len(one["keys"]) for one in own[:-1]) / span if span else 0.0
    return total


def server_cpu_s() -> float:
    """Give the CPU that the server has taken so far, seconds: its own and that of connections, those that ended too."""
    ticks, servers = 0, set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(") ")
        except OSError:  # it has just ended
            continue
        fields = rest.split()
        if name.endswith("(postgres") and int(fields[1]) == os.getpid():
            servers.add(path.parent.name)
            ticks += sum(int(one) for one in fields[11:15])
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(") ")[2].split()
            ticks += sum(int(one) for one in fields[11:13]) if fields[1] in servers else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def print_speed(lines: Sequence[Line], load: Load) -> bool:
    """Print how fast people were answered, and how many incidents came in; tells whether that is what was asked."""
    acts, looks = acts_of(lines), [one for one in lines if one["what"] == "looked" and "refused" not in one]
    judged = [one for one in lines if one["what"] == "judged" and "keys" in one]
    followed = [one for one in lines if one["what"] == "followed"]
    incidents, per_minute = sum(len(one["keys"]) for one in judged), per_minute_of(judged)
    for name, found in (("actions", acts), *by_action(acts), ("looks", looks)):
        print_times(name, found)
    refused = Counter(str(one["refused"]) for one in lines if "refused" in one)
    print(f"  refused: {dict(refused) or 'none'} (Conflict: somebody else came first)")
    for why, count in Counter(str(one["why"]) for one in lines if "why" in one).most_common(3):
        print(f"    {count} x {why}")
    ended = [one["cpu"] for one in lines if one["what"] == "ended"]
    gathered = [one for one in lines if one["what"] == "gathered"]
    before = 1e3 * sum(one["cpu"] for one in gathered) / max(1, sum(one["incidents"] for one in gathered))
    if incidents:
        each = ", ".join(
            f"{name} {1e3 * sum(one['cpu'] for one in group) / incidents:.1f} ms"
            for name, group in (("judged", judged), ("followed", followed))
        )
        print(f"  incidents: {incidents:,}; of the CPU of the processes each took: {each}")
        print(f"  gathered before, each incident: {before:.1f} ms")
        print(f"  CPU of the processes from the beginning to the end: {', '.join(f'{one:.1f} s' for one in ended)}")
        statements = sum(one["statements"] for one in judged) / incidents
        done = sum(one.get("done", 0) for one in followed)
        print(f"  statements for each incident judged: {statements:.1f}; effects done: {done:,}")
    p95 = percentile([one["s"] for one in acts], 95) * 1e3
    verdict = "holds" if p95 <= ASKED_P95_MS else "FAILS"
    print(f"asked: p95 of an action <= {ASKED_P95_MS:.0f} ms; found {p95:.0f} ms: {verdict}")
    verdict = "holds" if per_minute >= 0.98 * load.per_minute else "FAILS"
    print(f"asked: {load.per_minute:,.0f} incidents a minute; found {per_minute:,.0f}: {verdict}")
    return p95 <= ASKED_P95_MS and per_minute >= 0.98 * load.per_minute


def by_action(acts: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Part actions by what was done."""
    return [(f"  {name}", [one for one in acts if one["action"] == name]) for name in ("take", "note", "decide")]


def print_times(name: str, found: Sequence[Line]) -> None:
    """Print how long pieces of work took."""
    took = [1e3 * one["s"] for one in found]
    if not took:
        print(f"  {name}: none")
        return
    told = ", ".join(f"p{rank} {percentile(took, rank):.0f}" for rank in (50, 95, 99))
    cpu, statements = (statistics.fmean(one[part] for one in found) for part in ("cpu", "statements"))
    print(
        f"  {name}: {len(took):,}; ms {told}, most {max(took):.0f}; CPU {1e3 * cpu:.1f} ms, statements {statements:.1f}"
    )


def percentile(values: Sequence[float], rank: int) -> float:
    """Give a percentile by the nearest rank; nothing took forever."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * rank // 100) - 1)] if ordered else float("inf")


def one_day(source: Path, load: Load) -> bool:
    """Run one load, print what came of it, and tell whether that is what was asked; who is killed need not be fast."""
    told = "one process killed in the middle and started again" if load.is_killed else "nobody killed"
    print(f"\n{load.workers} people, {load.per_minute:,.0f} incidents a minute, {load.seconds:.0f} s, "
          f"{load.processes} processes, {told}")  # fmt: skip
    with a_place(source, load.workers) as root, tempfile.TemporaryDirectory() as folder:
        before, cpu = os.getloadavg()[0], server_cpu_s()
        lines = run(root, load, Path(folder) / "journals")
        cpu = server_cpu_s() - cpu
        print(f"  load average before {before:.1f}, after {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
        is_fast = print_speed(lines, load)
        print(f"  CPU of the server: {cpu:.1f} s")
        left, failed = settle(root)
        print(f"  left in the outbox and done afterwards: {left:,} (failed {failed})")
        wrong = {**lost(lines), **faults(root)}
        engine().dispose()
    for name, count in wrong.items():
        if count:
            print(f"  {name}: {count}")
    print(f"asked: nothing lost, nothing repeated; found {sum(wrong.values())} of {len(wrong)} kinds of fault: "
          f"{'FAILS' if any(wrong.values()) else 'holds'}")  # fmt: skip
    return not any(wrong.values()) and (is_fast or load.is_killed)


def main() -> None:
    """Run the load with nobody killed, and with one process killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--per-minute", type=float, default=ASKED_PER_MINUTE)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--think", type=float, default=20.0, help="seconds of thinking for each case, on average")
    parser.add_argument("--only", choices=("steady", "killed"), help="one of the two loads")
    asked = parser.parse_args()
    held = [
        one_day(
            asked.workspace,
            Load(asked.workers, asked.per_minute, asked.seconds, asked.processes, asked.think, is_killed),
        )
        for is_killed in (False, True)
        if asked.only != ("steady" if is_killed else "killed")
    ]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
