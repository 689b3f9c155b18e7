"""What is remembered of the operational database is what reading it again would give, whoever wrote meanwhile."""

import random
import subprocess
import sys
from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy import delete, insert, select, update

from tiffin.runtime.database import Unit, engine_for, unit_of
from tiffin.runtime.models import Account
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.tables import ACCOUNTS

NAMES = select(ACCOUNTS.c.name).order_by(ACCOUNTS.c.name)


def plainly(unit: Unit) -> list[str]:
    return list(unit.execute(NAMES).scalars())


def remembered(unit: Unit) -> list[str]:
    return unit.remembered("names", lambda: plainly(unit))


def times_read(unit: Unit) -> int:
    """Ask twice and count how often the database was read for it."""
    read: list[int] = []
    for _ in range(2):
        unit.remembered("counted", lambda: read.append(1) or len(read))
    return len(read)


def add(unit: Unit, name: str, now: datetime) -> None:
    unit.execute(insert(ACCOUNTS).values(name=name, created_at=now))


def test_nothing_is_read_again_while_nothing_changes(database_url: str) -> None:
    with unit_of(ready_engine(database_url)) as unit:
        assert times_read(unit) == 1
    with unit_of(engine_for(database_url)) as unit:
        assert times_read(unit) <= 1


def test_what_another_process_writes_is_seen_at_the_next_look(database_url: str, now: datetime) -> None:
    code = (
        "import sys\nfrom datetime import datetime\nfrom sqlalchemy import insert\n"
        "from tiffin.runtime.database import engine_for, unit_of\nfrom tiffin.runtime.tables import ACCOUNTS\n"
        "with unit_of(engine_for(sys.argv[1])) as unit:\n"
        "    unit.execute(insert(ACCOUNTS).values(name='nora', created_at=datetime.fromisoformat(sys.argv[2])))\n"
    )
    with unit_of(ready_engine(database_url)) as unit:
        assert remembered(unit) == []
        subprocess.run([sys.executable, "-c", code, database_url, now.isoformat()], check=True)
        assert remembered(unit) == ["nora"]


def test_a_unit_sees_what_it_wrote_itself_and_forgets_it_when_it_is_undone(database_url: str, now: datetime) -> None:
    engine = ready_engine(database_url)

    def fail() -> None:
        with unit_of(engine) as unit:
            assert remembered(unit) == []
            unit.session.add(Account(name="nora", created_at=now))
            assert remembered(unit) == ["nora"]
            point = unit.session.begin_nested()
            unit.session.add(Account(name="omar", created_at=now))
            assert remembered(unit) == ["nora", "omar"]
            point.rollback()
            assert remembered(unit) == ["nora"]
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with unit_of(engine) as unit:
        assert remembered(unit) == []


@pytest.mark.parametrize("seed", range(2))
def test_memory_and_database_never_differ(database_url: str, now: datetime, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    engine = ready_engine(database_url)
    for step in range(25):
        with suppress(LookupError), unit_of(engine) as one, unit_of(engine) as other:
            assert (remembered(one), remembered(other)) == (plainly(one), plainly(other))
            change(dice.choice((one, other)), dice, step, now)
            assert (remembered(one), remembered(other)) == (plainly(one), plainly(other))
            if dice.random() < 0.3:
                raise LookupError


def change(writer: Unit, dice: random.Random, step: int, now: datetime) -> None:
    known = plainly(writer)
    if known and dice.random() < 0.3:
        writer.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == dice.choice(known)))
    elif known and dice.random() < 0.5:
        writer.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == dice.choice(known)).values(name=f"again-{step}"))
    else:
        add(writer, f"name-{step}", now)
