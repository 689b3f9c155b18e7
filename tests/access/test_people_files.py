"""Looking for a person through every file of a workspace harms none of them."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tiffin.capabilities.access.domain.people_traces import Sought
from tiffin.capabilities.access.service.people_files import files_of, traces_in

COMING_AND_GOING = (
    "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM t').fetchone()[0])"
)


def seen_by_another(path: Path) -> int:
    """Tell how many rows a process sees that comes, looks and goes."""
    command = [sys.executable, "-c", COMING_AND_GOING, str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.fixture
def sought() -> Sought:
    return Sought(("omar@mail.example",))


def test_what_is_written_after_the_database_was_looked_through_others_see(tmp_path: Path, sought: Sought) -> None:
    path = tmp_path / "tiffin.db"
    own = sqlite3.connect(path, isolation_level=None)
    own.execute("PRAGMA journal_mode=WAL")
    own.execute("CREATE TABLE t (who TEXT)")
    own.execute("INSERT INTO t VALUES ('somebody')")
    for file in files_of(tmp_path):
        traces_in(file, tmp_path, sought)

    assert seen_by_another(path) == 1
    own.execute("INSERT INTO t VALUES ('somebody else')")
    assert seen_by_another(path) == 2
    own.close()


def test_a_person_is_found_in_the_pages_and_the_journal_of_a_database(tmp_path: Path, sought: Sought) -> None:
    path = tmp_path / "tiffin.db"
    own = sqlite3.connect(path, isolation_level=None)
    own.execute("CREATE TABLE t (who TEXT)")
    own.execute("INSERT INTO t VALUES ('omar@mail.example')")
    own.execute("PRAGMA journal_mode=WAL")
    own.execute("INSERT INTO t VALUES ('omar@mail.example')")

    found = {one.path: one.count for file in files_of(tmp_path) for one in traces_in(file, tmp_path, sought)}

    own.close()
    assert found["tiffin.db"] == 1
    assert found["tiffin.db-wal"] >= 1
