"""People whom facts name: one pseudonym each, whoever meets them first, and nothing left of who was forgotten."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tiffin.kernel.errors import InvalidData
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import engine_for, unit_of
from tiffin.runtime.people_scrubbing import scrub
from tiffin.runtime.people_sealing import Seal
from tiffin.runtime.schema import ready_engine

MANY = 3_000

NAMING = """
import json, sys
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.database import unit_of
from tiffin.runtime.schema import ready_engine

engine = ready_engine(sys.argv[1])
sys.stdin.readline()
ids = [f"r{n}" for n in range(int(sys.argv[2]))]
with unit_of(engine) as unit:
    print(json.dumps(people.pseudonyms(unit, PersonKind.RIDER, ids)))
"""


def test_a_person_keeps_one_pseudonym_and_another_kind_is_another_person(database_url: str) -> None:
    engine = ready_engine(database_url)

    first = named(engine, PersonKind.RIDER, ["r1", "r2"])
    again = named(engine, PersonKind.RIDER, ["r2", "r3", "r1"])
    customers = named(engine, PersonKind.CUSTOMER, ["r1"])

    assert {name: again[name] for name in first} == first
    assert len({*again.values(), *customers.values()}) == 4
    assert all(len(name or "") == 12 for name in again.values())


def test_another_workspace_gives_other_pseudonyms(tmp_path: Path) -> None:
    one, other = (
        named(ready_engine(f"sqlite:///{tmp_path / name}.db"), PersonKind.RIDER, ["r1"])["r1"]
        for name in ("one", "other")
    )

    assert one != other


def test_processes_that_meet_the_same_people_at_once_give_them_the_same_pseudonyms(database_url: str) -> None:
    ready_engine(database_url)
    command = [sys.executable, "-c", NAMING, engine_for(database_url).url.render_as_string(hide_password=False)]
    running = [
        subprocess.Popen([*command, str(MANY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    with ThreadPoolExecutor(2) as pool:
        answers = [one[0] for one in pool.map(lambda process: process.communicate("go\n", timeout=60), running)]

    assert answers[0].count("r") >= MANY
    assert len(set(answers)) == 1


def test_who_was_forgotten_is_found_no_more_and_never_comes_back(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)
    before = named(engine, PersonKind.RIDER, ["r1", "r2"])
    keys(engine, PersonKind.RIDER, ["r1", "r2"])

    with unit_of(engine) as unit:
        gone = people.forget(unit, PersonKind.RIDER, "r1", now=now)

    assert gone == people.Person(PersonKind.RIDER, str(before["r1"]))
    assert named(engine, PersonKind.RIDER, ["r1", "r2"]) == {"r1": None, "r2": before["r2"]}
    assert set(keys(engine, PersonKind.RIDER, ["r1", "r2"])) == {before["r2"]}
    with unit_of(engine) as unit:
        assert people.find(unit, PersonKind.RIDER, "r1") is None
        assert people.is_forgotten(unit, PersonKind.RIDER, "r1")
        assert not people.is_forgotten(unit, PersonKind.RIDER, "r2")
        assert people.data_key(unit, str(before["r1"])) is None
        assert people.data_key(unit, str(before["r2"])) is not None


def test_somebody_unknown_can_be_forgotten_beforehand_and_twice(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    for _ in range(2):
        with unit_of(engine) as unit:
            assert people.forget(unit, PersonKind.CUSTOMER, "c1", now=now) is None

    assert named(engine, PersonKind.CUSTOMER, ["c1"]) == {"c1": None}


def test_forgetting_that_is_undone_forgets_nobody(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)
    before = named(engine, PersonKind.RIDER, ["r1"])

    def fail() -> None:
        with unit_of(engine) as unit:
            people.forget(unit, PersonKind.RIDER, "r1", now=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert named(engine, PersonKind.RIDER, ["r1"]) == before


def test_no_file_of_the_database_holds_the_identifier_nor_after_forgetting_the_pseudonym_and_the_key(
    tmp_path: Path, now: datetime
) -> None:
    engine = ready_engine(f"sqlite:///{tmp_path / 'tiffin.db'}")
    known = named(engine, PersonKind.RIDER, [f"somebody-{n}" for n in range(500)])
    pseudonym = str(known["somebody-77"])
    key = keys(engine, PersonKind.RIDER, ["somebody-77"])[pseudonym].hex()
    assert b"somebody" not in written(tmp_path)
    assert pseudonym.encode() in written(tmp_path)

    with unit_of(engine) as unit:
        people.forget(unit, PersonKind.RIDER, "somebody-77", now=now)
    assert scrub(engine)

    assert pseudonym.encode() not in written(tmp_path)
    assert key.encode() not in written(tmp_path)
    assert str(known["somebody-78"]).encode() in written(tmp_path)


@pytest.mark.postgres
def test_postgresql_keeps_no_row_of_who_was_forgotten(postgres, now: datetime) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - its type lives in conftest.py
    engine = ready_engine(postgres.new_database())
    pseudonym = str(named(engine, PersonKind.RIDER, ["r1", "r2"])["r1"])
    with unit_of(engine) as unit:
        people.forget(unit, PersonKind.RIDER, "r1", now=now)

    assert scrub(engine)

    with engine.connect() as connection:
        stored = connection.execute(
            text("select pg_read_binary_file(pg_relation_filepath('people_pages'))")
        ).scalar_one()
    assert pseudonym.encode() not in bytes(stored)
    engine.dispose()


def named(engine: Engine, kind: PersonKind, ids: list[str]) -> dict[str, str | None]:
    with unit_of(engine) as unit:
        return people.pseudonyms(unit, kind, ids)


def keys(engine: Engine, kind: PersonKind, ids: list[str]) -> dict[str, bytes]:
    with unit_of(engine) as unit:
        return people.keys(unit, kind, ids)


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_sealed_value_opens_under_its_key_at_its_place_and_nowhere_else() -> None:
    values = {"latitude": 24.7136, "excuse": "ألم في الظهر", "states": None}
    seal = Seal(bytes(range(32)))

    sealed = seal.sealed("adherence a1", values)

    assert seal.opened("adherence a1", sealed) == values
    assert seal.sealed("adherence a1", values) == sealed
    assert seal.sealed("adherence a2", values) != sealed
    changed = ("A" if sealed[20] != "A" else "B").join([sealed[:20], sealed[21:]])
    for key, place, text_ in (
        (bytes(32), "adherence a1", sealed),
        (bytes(range(32)), "adherence a2", sealed),
        (bytes(range(32)), "adherence a1", changed),
    ):
        with pytest.raises(InvalidData, match="do not"):
            Seal(key).opened(place, text_)
