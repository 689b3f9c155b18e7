"""Commands of the platform as a whole: init, doctor, migrate, backup and restore."""

import io
import json
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from sqlalchemy import text

from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics.service import checking
from tiffin.capabilities.scorecards.service import library
from tiffin.cli import machine
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.markets import find_market
from tiffin.runtime.migrations import REVISIONS
from tiffin.runtime.workspace import DEFINITIONS, create_workspace, open_workspace

Tiffin = Callable[..., Any]


@pytest.fixture
def own(tiffin: Tiffin, tmp_path: Path) -> Path:
    """Make a workspace with ``tiffin init``."""
    return Path(tiffin("init", tmp_path / "mycity", "--json").json()["workspace"])


@pytest.fixture
def loaded(own: Path) -> Path:
    """Load the example's orders into it."""
    with open_context(own) as context:
        facts.load(context, "example-orders", [own / "feeds" / "example-orders.csv"])
    return own


def orders(root: Path) -> list[dict[str, Any]]:
    with open_context(root) as context:
        rows = context.warehouse.query_text("select order_id, business_date from orders order by order_id")
        return list(rows.to_pylist())


def health(ended: Any) -> dict[str, str]:
    return {finding["part"]: finding["health"] for finding in json.loads(ended.out)["findings"]}


def test_init_makes_a_workspace_in_which_every_example_loads(own: Path) -> None:
    with open_context(own) as context:
        report = facts.load(context, "example-orders", [own / "feeds" / "example-orders.csv"])
        checked = checking.check(context, engines=("duckdb",))
        sound, faulty = library.dashboards_in(context.workspace)
        market = find_market("OM", context.workspace.overlay("markets"))

    assert (report.read, report.loaded) == (6, 5)
    assert [count.rule for count in report.quarantined] == ["delivered_after_placed"]
    assert checked.is_good
    assert "scheduled_orders" in {outcome.metric for outcome in checked.outcomes}
    assert "morning" in {dashboard.name for dashboard in sound}
    assert not faulty
    assert market.minor_digits == 3


def test_init_tells_what_to_try_and_is_not_done_twice(tiffin: Tiffin, tmp_path: Path) -> None:
    first, second = tiffin("init", tmp_path / "w"), tiffin("init", tmp_path / "w")

    assert "tiffin load example-orders" in first.out
    assert second.code == 1
    assert "already" in second.err


def test_init_where_nobody_may_write_is_told(tiffin: Tiffin, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = tiffin("init", tmp_path / "file" / "w")

    assert ended.code == 7
    assert "could not be made" in ended.err


def test_the_doctor_finds_a_healthy_workspace_healthy(tiffin: Tiffin, loaded: Path) -> None:
    ended = tiffin("doctor", "--workspace", loaded, "--json")

    found = health(ended)
    assert ended.code == 0
    assert set(found) >= {
        "python",
        "environment",
        "disk",
        "clock",
        "workspace",
        "database",
        "tables",
        "duckdb",
        "spark",
    }
    assert not [part for part, state in found.items() if state == "fail"]


def test_the_doctor_without_a_workspace_says_how_to_make_one(tiffin: Tiffin, tmp_path: Path) -> None:
    ended = tiffin("doctor", "--workspace", tmp_path / "none")

    assert ended.code == 0
    assert "tiffin init" in ended.out


def test_the_doctor_finds_a_data_file_that_was_lost(tiffin: Tiffin, loaded: Path) -> None:
    next((loaded / ".tiffin" / "tables" / "orders").glob("*.parquet")).unlink()

    ended = tiffin("doctor", "--workspace", loaded, "--json")

    assert ended.code == 1
    assert health(ended)["tables"] == "fail"
    assert "Not in order: tables" in ended.err


def test_the_doctor_finds_people_who_stand_in_facts_under_the_names_of_files(tiffin: Tiffin, loaded: Path) -> None:
    before = health(tiffin("doctor", "--workspace", loaded, "--json"))
    orders = loaded / ".tiffin" / "tables" / "orders"
    rows = DeltaTable(orders).to_pyarrow_table()
    at = rows.column_names.index("rider_id")
    named = rows.set_column(
        at, rows.schema.field(at), pa.array(["Sami Haddad"] * len(rows), rows.schema.field(at).type)
    )
    write_deltalake(orders, named, mode="overwrite")

    ended = tiffin("doctor", "--workspace", loaded, "--json")

    assert (before["people"], health(ended)["people"], ended.code) == ("ok", "warn", 0)
    (said,) = [one for one in json.loads(ended.out)["findings"] if one["part"] == "people"]
    assert "orders (rider_id)" in said["found"]
    assert "Haddad" not in ended.out
    assert "tiffin load" in said["mend"]

    at = named.column_names.index("source")
    imagined = named.set_column(at, "source", pa.array(["simulated:day"] * len(named), named.schema.field(at).type))
    write_deltalake(orders, imagined, mode="overwrite")

    assert health(tiffin("doctor", "--workspace", loaded, "--json"))["people"] == "ok", "they name nobody real"


@pytest.mark.parametrize(("revision", "said"), [("9999", "newer"), (REVISIONS[0], "older")])
def test_the_doctor_finds_a_schema_of_another_version(tiffin: Tiffin, own: Path, revision: str, said: str) -> None:
    with engine_for(open_workspace(own).database_url).begin() as connection:
        connection.execute(text("update alembic_version set version_num = :to"), {"to": revision})

    ended = tiffin("doctor", "--workspace", own, "--json")

    (database,) = (f for f in json.loads(ended.out)["findings"] if f["part"] == "database")
    assert database["health"] == "fail"
    assert said in database["found"] + database["mend"]


def test_the_doctor_finds_a_broken_settings_file_and_checks_the_rest(tiffin: Tiffin, own: Path) -> None:
    (own / "tiffin.toml").write_text("[warehouse")

    found = health(tiffin("doctor", "--workspace", own, "--json"))

    assert found["workspace"] == found["database"] == "fail"
    assert found["python"] == "ok"


def test_the_doctor_finds_a_definition_that_does_not_load(tiffin: Tiffin, own: Path) -> None:
    (own / "feeds" / "broken.yaml").write_text("feed: broken\n")

    assert health(tiffin("doctor", "--workspace", own, "--json"))["definitions"] == "fail"


def test_the_doctor_survives_a_part_that_breaks_in_an_unknown_way(
    tiffin: Tiffin, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(shutil, "disk_usage", broken)

    found = health(tiffin("doctor", "--workspace", own, "--json"))

    assert found["disk"] == "fail"
    assert found["database"] == "ok"


@pytest.mark.parametrize(("free", "expected"), [(1_000, "fail"), (1_000_000_000, "warn"), (10_000_000_000, "ok")])
def test_the_doctor_weighs_the_room_that_is_left(
    tiffin: Tiffin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, expected: str
) -> None:
    total, used, _ = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("U", (), {"total": total, "used": used, "free": free}))

    assert health(tiffin("doctor", "--workspace", tmp_path / "none", "--json"))["disk"] == expected


def test_the_doctor_finds_packages_that_are_not_the_locked_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = "duckdb==0.0.1 \\\n    --hash=sha256:0\nnumpy==0.1 ; python_version < '3'\nno-such-package==1\n"
    (tmp_path / "requirements.lock").write_text(lock)
    monkeypatch.setattr(machine, "CHECKOUT", tmp_path)
    found = machine._environment()
    (tmp_path / "requirements.lock").unlink()

    assert found.health == "warn"
    assert "instead of 0.0.1" in found.found
    assert "no-such-package" not in found.found
    assert machine._environment().health == "ok"


def test_the_doctor_says_what_only_tests_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    assert machine._chromium().health == "warn"
    monkeypatch.setattr(machine, "CHECKOUT", tmp_path)
    assert "chromium" not in dict(machine.machine_checks(tmp_path))


def test_the_doctor_finds_a_clock_that_runs_behind(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)

    assert machine._clock(own).health == "warn"


def test_migrate_tells_what_it_found_and_what_stands(tiffin: Tiffin, tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "workspace").root
    first = tiffin("migrate", "--json").json()
    second = tiffin("migrate", "--json").json()

    assert (first["before"], second["before"]) == ("new", "current")
    assert first["revision"] == REVISIONS[-1]
    assert str(workspace) in first["database"]


def test_the_version_is_told(tiffin: Tiffin) -> None:
    assert tiffin("version", "--json").json()["version"]


def test_what_was_backed_up_is_what_is_restored(tiffin: Tiffin, loaded: Path, tmp_path: Path) -> None:
    with open_context(loaded) as context:
        access.add_account(context, "نورة", password="correct horse battery")  # noqa: S106 - of a test
        before = access.list_accounts(context)

    for folder in DEFINITIONS:
        (loaded / folder).mkdir(exist_ok=True)
        (loaded / folder / "note.txt").write_text(folder)

    written = tiffin("backup", tmp_path / "b.tar.gz", "--workspace", loaded, "--json").json()
    restored = tiffin("restore", tmp_path / "b.tar.gz", tmp_path / "again", "--json").json()

    assert written["tables"] == restored["tables"] > 0
    assert written["rows"] == restored["rows"] > 0
    assert orders(tmp_path / "again") == orders(loaded)
    with open_context(tmp_path / "again") as context:
        assert access.list_accounts(context) == before
        actions = {entry.action for entry in access.list_audit(context)}
        assert actions >= {"account_added", "workspace_backed_up"}
    notes = [f"{folder}/note.txt" for folder in DEFINITIONS]
    for file in ("tiffin.toml", "feeds/example-orders.yaml", "markets/OM.yaml", *notes):
        assert (tmp_path / "again" / file).read_bytes() == (loaded / file).read_bytes()


def test_a_backup_knows_every_folder_that_the_code_reads_definitions_from(project_root: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (project_root / "src" / "tiffin").rglob("*.py"))
    named = re.findall(r"""overlay\(["'](\w+)["']\)""", code)

    assert {"metrics", "catalog"} <= set(named) <= set(DEFINITIONS)


def test_a_restored_workspace_goes_on(tiffin: Tiffin, loaded: Path, tmp_path: Path) -> None:
    tiffin("backup", tmp_path / "b.tar.gz", "--workspace", loaded)
    tiffin("restore", tmp_path / "b.tar.gz", tmp_path / "again")

    with open_context(tmp_path / "again") as context:
        report = facts.load(context, "example-orders", [loaded / "feeds" / "example-orders.csv"])
        assert report.unchanged
        access.add_account(context, "omar")


def test_a_backup_overwrites_nothing(tiffin: Tiffin, loaded: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar.gz").write_text("precious")

    assert tiffin("backup", tmp_path / "b.tar.gz", "--workspace", loaded).code == 1
    assert tiffin("restore", tmp_path / "b.tar.gz", loaded).code == 1
    assert (tmp_path / "b.tar.gz").read_text() == "precious"


def test_a_backup_is_for_administrators(tiffin: Tiffin, loaded: Path, tmp_path: Path) -> None:
    with open_context(loaded) as context:
        access.add_account(context, "nora")

    ended = tiffin("backup", tmp_path / "b.tar.gz", "--workspace", loaded, "--user", "nora")

    assert ended.code == 5
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(tiffin: Tiffin, loaded: Path, tmp_path: Path) -> None:
    ended = tiffin("backup", tmp_path / "no" / "such" / "folder.tar.gz", "--workspace", loaded)

    assert ended.code == 7
    assert "could not be written" in ended.err


def an_archive(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "feeds/../../outside", "somewhere/else", ".ssh/keys"])
def test_a_backup_that_reaches_elsewhere_is_refused(tiffin: Tiffin, tmp_path: Path, name: str) -> None:
    archive = an_archive(tmp_path / "evil.tar.gz", **{"tiffin.toml": b"", name: b"x"})

    ended = tiffin("restore", archive, tmp_path / "deep" / "w")

    assert ended.code == 3
    assert "no backup of Tiffin does" in ended.err
    assert not list(tmp_path.rglob("outside"))


def test_a_link_in_a_backup_is_refused(tiffin: Tiffin, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("feeds/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)

    assert tiffin("restore", tmp_path / "evil.tar.gz", tmp_path / "w").code == 3


def test_what_is_no_backup_is_told(tiffin: Tiffin, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    newer = an_archive(
        tmp_path / "newer.tar.gz",
        **{"tiffin.toml": b"", "backup.json": b'{"revision": "9999"}', "database.jsonl": b""},
    )

    assert tiffin("restore", tmp_path / "none.tar.gz", tmp_path / "a").code == 4
    assert tiffin("restore", tmp_path / "notes.txt", tmp_path / "b").code == 3
    assert tiffin("restore", an_archive(tmp_path / "e.tar.gz", **{"tiffin.toml": b""}), tmp_path / "c").code == 3
    assert tiffin("restore", newer, tmp_path / "d").code == 7
