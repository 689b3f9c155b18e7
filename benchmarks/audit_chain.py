"""Time the verifying of an audit trail of a million entries, and tell its memory.

``nice .venv/bin/python benchmarks/audit_chain.py [ENTRIES] [--postgres URL]`` writes the entries as Tiffin does,
verifies them in a process of its own, and hashes the same bytes with nothing but SHA-256 for comparison. Then it edits
an entry and removes another behind Tiffin's back, and looks whether both are found.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, text

from tiffin.runtime.audit_chain import Entry, append
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.audit_reading import one_moment, raw_entries
from tiffin.runtime.database import engine_for, unit_of
from tiffin.runtime.schema import ready_engine

AT_ONCE = 10_000
ACTIONS = ("rows_seen", "rows_exported", "signed_in", "case_acted", "number_published")
SINGLE = 200


def main() -> None:
    """Write, verify, tamper, verify."""
    if sys.argv[1:2] == ["verify"]:
        verify(sys.argv[2])
        return
    entries = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdecimal() else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[sys.argv.index("--postgres") + 1] if "--postgres" in sys.argv else f"sqlite:///{folder}/a.db"
        write(url, entries)
        subprocess.run([sys.executable, __file__, "verify", url], check=True)  # noqa: S603 - this very file
        tampered(ready_engine(url), Path(folder), entries)


def write(url: str, entries: int) -> None:
    """Write the entries, most of them many at a time, and the last ones one by one, as requests do."""
    engine, began, cpu = ready_engine(url), time.perf_counter(), time.process_time()
    made = (entry_of(number) for number in range(entries))
    for start in range(0, entries - SINGLE, AT_ONCE):
        with unit_of(engine) as unit:
            for _, entry in zip(range(min(AT_ONCE, entries - SINGLE - start)), made, strict=False):
                unit.lastly(append, entry)
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    print(f"written {entries:,} entries, {AT_ONCE:,} at a time: {seconds:.1f} s, {spent:.1f} s CPU")
    began, cpu = time.perf_counter(), time.process_time()
    for entry in made:
        with unit_of(engine) as unit:
            unit.lastly(append, entry)
    seconds, spent = (time.perf_counter() - began) / SINGLE, (time.process_time() - cpu) / SINGLE
    print(f"one write alone: {seconds * 1e3:.2f} ms, {spent * 1e3:.2f} ms CPU, its transaction included")


def entry_of(number: int) -> Entry:
    """Make an entry such as a busy day makes."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    details = {"rows": number % 5000, "part": "orders", "city": f"city-{number % 97}"}
    return Entry(at, f"person.{number % 400}", ACTIONS[number % 5], f"metric_{number % 1200}", "read", details)


def verify(url: str) -> None:
    """Verify in this process, and hash the same bytes by hand."""
    engine = ready_engine(url)
    before = peak_mib()
    began, cpu = time.perf_counter(), time.process_time()
    check = check_trail(engine)
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    grown = peak_mib() - before
    print(f"verified {check.entries:,} entries: {seconds:.2f} s, {spent:.2f} s CPU, whole: {check.is_whole}")
    print(f"memory at most {peak_mib():.0f} MiB, {grown:.0f} MiB of it while verifying")
    with one_moment(engine) as connection:
        hashing = 0.0
        for batch in raw_entries(connection):
            lines = [b"".join(value for value in row[1:8]) for row in batch]
            began = time.process_time()
            for line in lines:
                sha256(line).hexdigest()
            hashing += time.process_time() - began
    print(f"SHA-256 alone over the same bytes: {hashing:.2f} s CPU; verifying takes {spent / hashing:.1f} times that")


def tampered(engine: Engine, folder: Path, entries: int) -> None:
    """Change the trail past its guards and tell what is found."""
    if engine.dialect.name != "sqlite":
        return
    edited, removed = entries // 3, entries // 2
    with engine_for(f"sqlite:///{folder}/a.db").begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"drop trigger audit_entries_stay_{verb}"))
        connection.execute(text("update audit_entries set actor = 'x' where entry_id = :n"), {"n": edited})
        connection.execute(text("delete from audit_entries where entry_id = :n"), {"n": removed})
    check = check_trail(engine)
    for fault, number in zip(check.faults, count(1)):
        print(f"fault {number}: {fault.kind} at entry {fault.entry_id}, after {fault.after}")
    print(f"edited {edited:,} and removed {removed:,}: {check.fault_count} faults")


def peak_mib() -> float:
    """Give this process's peak memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
