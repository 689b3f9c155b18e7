"""Free text of the facts that names an erased person is shown before, rewritten in every version, and told after."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import ErasureView, SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.edge import open_context
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.warehouse.keeping import keep_versions, missing_files
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.rollup_names import FOLDER
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.workspace import Workspace

NAME, HIS, HERS = "Omar Haddad", "Ask Omar Haddad at the gate", "Kitchen of Omar Haddad"
PERSON = SoughtPerson("customer", "customer-9931", (NAME,))
ITEMS = TABLES["order_items"]


def lines(**names: str) -> pa.RecordBatchReader:
    rows = [
        {"city_id": "riyadh", "order_id": order, "line": 1, "item_id": "i", "name": name, "quantity": 1}
        for order, name in names.items()
    ]
    known = {field.name for field in ITEMS.columns}
    table = pa.Table.from_pylist([{key: value for key, value in row.items() if key in known} for row in rows])
    return table.to_reader()


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    """Facts in four versions: on the second stands a published number, nothing stands on the first and the third."""
    with open_context(workspace.root) as context:
        for name in ("ana", "ben"):
            service.add_account(context, name)
            service.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
    store = open_store(workspace)
    loads = ({"o1": HIS, "o2": "Rice"}, {"o2": HERS}, {"o1": f"{HIS}!"}, {"o3": "Tea"})
    for day, load in enumerate(loads, 1):
        store.upsert(ITEMS, lines(**load), now=datetime(2026, 2, day, tzinfo=UTC), source="tests")
        if day == 2:
            keep_versions(store, {ITEMS.name: store.version(ITEMS.name)}, reason="PN-2026-00001")
    return workspace


def acting(workspace: Workspace, name: str = "ben") -> Any:
    return partial(open_context, workspace.root, user=name)


def asked(workspace: Workspace) -> int:
    with acting(workspace, "ana")() as context:
        return erasing.ask_erasure(context, PERSON, "Own wish").erasure_id


def approved(workspace: Workspace, number: int, **left: Any) -> ErasureView:
    with acting(workspace)() as context:
        erasing.approve_erasure(context, number, **left)
    return erasing_steps.carry_out(acting(workspace), number)


def names_in(workspace: Workspace, version: int | None = None) -> list[str]:
    with open_context(workspace.root, as_of=version) as context:
        found = context.warehouse.query_text("select name from order_items order by order_id").to_pylist()
    return [row["name"] for row in found]


def test_who_decides_sees_each_text_with_the_rows_that_hold_it(shop: Workspace) -> None:
    number = asked(shop)

    with acting(shop)() as context:
        found = erasing.texts_to_rewrite(context, number)

    assert found is not None
    assert (found.count, found.rows) == (2, 2)
    assert {(one.table, one.column, one.text, one.rows) for one in found.texts} == {
        ("order_items", "name", f"{HIS}!", 1),
        ("order_items", "name", HERS, 1),
    }


def test_texts_are_rewritten_in_every_version_and_published_ones_stay_readable(shop: Workspace) -> None:
    done = approved(shop, asked(shop))

    assert done.state is State.ERASED
    assert names_in(shop) == ["Ask erased-1-2 at the gate!", "Kitchen of erased-1-2", "Tea"]
    assert names_in(shop, 1) == ["Ask erased-1-2 at the gate", "Kitchen of erased-1-2"]
    assert missing_files(open_store(shop), {"order_items": 1}) == ()
    assert missing_files(open_store(shop), {"order_items": 0}) != ()
    with acting(shop)() as context:
        assert people_scan.scan_for(context, [NAME]).is_clean
    told = done.steps["facts"]
    assert (told["texts"], told["left_out"]) == ({"order_items.name": 2}, 0)
    assert told["files_rewritten"] >= 1
    assert NAME not in json.dumps(erasing.certificate_of(done), default=str)


def test_files_of_published_numbers_keep_their_length_so_that_every_reader_finds_their_end(shop: Workspace) -> None:
    store = open_store(shop)
    before = store.snapshot("order_items", 1)

    approved(shop, asked(shop))

    after = store.snapshot("order_items", 1)
    assert before is not None
    assert after is not None
    assert [(one.name, one.size) for one in after.files] == [(one.name, one.size) for one in before.files]
    sizes = {path.name: path.stat().st_size for path in store.location("order_items").glob("*.parquet")}
    assert all(sizes[one.name] == one.size for one in after.files)


def test_a_text_that_means_somebody_else_stays_with_a_reason_and_the_certificate_says_so(shop: Workspace) -> None:
    number = asked(shop)
    with acting(shop)() as context:
        found = erasing.texts_to_rewrite(context, number)
        (key,) = [one.key for one in found.texts if one.text == HERS] if found else ()
    with pytest.raises(WrongUse, match="why"), acting(shop)() as context:
        erasing.approve_erasure(context, number, left_out=[key])

    done = approved(shop, number, left_out=[key], why_left_out=f"{NAME} is another one, who cooks")

    assert done.state is State.ERASED
    assert names_in(shop) == ["Ask erased-1-2 at the gate!", HERS, "Tea"]
    told = done.steps["facts"]
    assert (told["texts"], told["left_out"]) == ({"order_items.name": 1}, 1)
    assert told["left_out_reason"] == "… is another one, who cooks"
    assert check_trail(ready_engine(shop.database_url)).is_whole


def test_roll_ups_lose_the_words_in_every_version_and_stay_readable(shop: Workspace) -> None:
    derived = DeltaStore(open_store(shop).root / FOLDER)
    for day, name in enumerate((HIS, f"{HIS}!"), 1):
        derived.upsert(ITEMS, lines(o1=name), now=datetime(2026, 2, day, tzinfo=UTC), source="tests")

    done = approved(shop, asked(shop))

    assert done.state is State.ERASED
    for version, told in ((0, "Ask erased-1-2 at the gate"), (1, "Ask erased-1-2 at the gate!")):
        found = derived.snapshot(ITEMS.name, version)
        assert found is not None
        assert parquet.read_table([*found.paths]).column("name").to_pylist() == [told]


def test_loads_go_on_after_a_text_was_rewritten(shop: Workspace) -> None:
    approved(shop, asked(shop))

    done = open_store(shop).upsert(ITEMS, lines(o1="Bread"), now=datetime(2026, 3, 1, tzinfo=UTC), source="tests")

    assert (done.inserted, done.updated) == (0, 1)
    assert names_in(shop) == ["Bread", "Kitchen of erased-1-2", "Tea"]


KILLED = """
import os, pathlib, signal, sys
from functools import partial
from tiffin.capabilities.access.service import erasing_steps
from tiffin.runtime.edge import open_context

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

place, name = (os, "replace") if sys.argv[2] == "replace" else (pathlib.Path, "unlink")
setattr(place, name, die)
erasing_steps.carry_out(partial(open_context, pathlib.Path(sys.argv[1]), user="ben"), 1)
"""


@pytest.mark.parametrize("moment", ["replace", "unlink"])
def test_a_run_killed_while_old_files_are_cleared_is_completed_by_the_next(shop: Workspace, moment: str) -> None:
    number = asked(shop)
    with acting(shop)() as context:
        erasing.approve_erasure(context, number)
    command = [sys.executable, "-c", KILLED, str(shop.root), moment]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -signal.SIGKILL

    done = erasing_steps.carry_out(acting(shop), number)

    assert done.state is State.ERASED
    assert names_in(shop, 1) == ["Ask erased-1-2 at the gate", "Kitchen of erased-1-2"]
    with acting(shop)() as context:
        assert people_scan.scan_for(context, [NAME]).is_clean
