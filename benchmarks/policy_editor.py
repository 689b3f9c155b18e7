"""Measure how long an editor of a policy's table waits for proof and effect after each edit.

``nice .venv/bin/python benchmarks/policy_editor.py [CASES]``. A workspace gets so many past cases of the shipped policy
`liability`, drawn from the values that its inputs may have. Then cells of a draft are edited one after the other, and
each edit is sent to the console as the page sends it; the answer holds every faulty cell, the proof and the effect on
a million cases. Every edit is another one, so nothing is answered from what was remembered. The peer is the same
sheet sent again without an edit, whose proof is remembered.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.policies.domain.case_source_sql import BUCKETS, cases_contract
from tiffin.capabilities.policies.domain.sheet import Headings
from tiffin.capabilities.policies.service import drafting, editing, library
from tiffin.capabilities.policies.service.history import source_of
from tiffin.engines.decisions.grids.grid import grid_of
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import create_workspace

POLICY = "liability"
CASES = 1_000_000
EDITS = 24
PEOPLE = 200_000
SEED = 20261123
LIMIT_S = 1.0
FIRST_DAY = np.datetime64("2026-01-01", "us")


def main() -> None:
    """Print how long edits took."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with tempfile.TemporaryDirectory(prefix="editor-") as folder:
        root = create_workspace(Path(folder) / "workspace").root
        with open_context(root) as context:
            keep_cases(context, cases)
            draft = drafting.begin_draft(context, POLICY)
            rows = [dict(row) for row in editing.sheet_of(context, draft, "", Headings("", "", "")).rows]
            token = access.make_sign_in_link(context, context.actor.name)
        with TestClient(create_app(root)) as browser:
            browser.get(f"/sign-in/{token}")
            address = f"/policies/{POLICY}/drafts/{draft.draft_id}/edit/check"
            show(browser, address, rows, cases)


def show(browser: TestClient, address: str, rows: list[dict[str, str]], cases: int) -> None:
    """Send edits, and the same sheet as often."""
    chance = random.Random(SEED)  # noqa: S311 - edits, not secrets
    amounts = [number for number, row in enumerate(rows) if row.get("then.amount_minor", "").isdigit()]
    ask(browser, address, rows)
    edited, again = [], []
    for number in range(EDITS):
        row = chance.choice(amounts)
        changed = [*rows[:row], {**rows[row], "then.amount_minor": str(100 + number)}, *rows[row + 1 :]]
        edited.append(ask(browser, address, changed))
        again.append(ask(browser, address, changed))
    walls, processor = (sorted(one[part] for one in edited) for part in (0, 1))
    peer = statistics.median(one[0] for one in again)
    print(f"{cases:,} cases, {len(rows)} rows, {EDITS} edits; the last answer: {edited[-1][2]}")
    median, worst = statistics.median(walls), walls[-1]
    print(f"after an edit: median {median:.2f} s, worst {worst:.2f} s ({median / peer:.2f} x the same sheet again)")
    print(f"processor seconds: median {statistics.median(processor):.2f}; asked: {LIMIT_S:.0f} s")


def ask(browser: TestClient, address: str, rows: list[dict[str, str]]) -> tuple[float, float, str]:
    """Send a sheet; give seconds, processor seconds and what was said of past cases."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = browser.post(address, json={"place": "", "rows": rows, "follows": 0})
    took = time.perf_counter() - wall, time.process_time() - processor
    if answer.status_code != 200 or answer.json()["impact"] is None:  # noqa: PLR2004 - HTTP's OK
        raise SystemExit(f"The edit was not judged: {answer.text[:2000]}")
    said = answer.json()
    return *took, f"{len(said['findings'])} findings, {said['impact']['lead']}"


def keep_cases(context: Context, count: int) -> None:
    """Write cases into the table in which those of the policy are kept."""
    effective = library.in_force(context, POLICY, context.now.date())
    source = source_of(effective)
    contract = cases_contract(source)
    schema = arrow_schema(contract)
    chance = np.random.default_rng(SEED)
    kept = {axis.domain.name: axis.parts(axis.inside) for axis in grid_of(effective.table).axes}
    columns = {name: draw(name, schema.field(name).type, kept.get(name), count, chance) for name in schema.names}
    table = pa.table(columns, schema=schema)
    store = open_store(context.workspace)
    store.upsert(contract, table.to_reader(max_chunksize=100_000), now=context.now, source="drawn")


def draw(  # noqa: PLR0911 - a sort of column each
    name: str, kind: pa.DataType, parts: Any, count: int, chance: np.random.Generator
) -> pa.Array:
    """Draw a column: the parts of an input evenly, people by number, everything else plainly."""
    if name == "bucket":
        return pa.array(chance.integers(0, BUCKETS, count), kind)
    if name == "case_id":
        return pa.array([f"case-{number}" for number in range(count)], kind)
    if pa.types.is_timestamp(kind):
        return pa.array(FIRST_DAY + chance.integers(0, 180 * 86_400, count).astype("timedelta64[s]"), kind)
    if parts:
        values = [one.sample() for one in parts]
        plain = [None if one is None else int(one) if pa.types.is_integer(kind) else one for one in values]
        return pa.array(plain, kind).take(pa.array(chance.integers(0, len(plain), count)))
    if pa.types.is_string(kind):
        names = ["KWD"] if name == "currency" else [f"{name}-{number}" for number in range(PEOPLE)]
        return pa.array(names, kind).take(pa.array(chance.integers(0, len(names), count)))
    if pa.types.is_boolean(kind):
        return pa.array(chance.random(count) < 0.5, kind)  # noqa: PLR2004 - evenly
    return pa.array(chance.integers(0, 9_000, count), pa.int64()).cast(kind)


if __name__ == "__main__":
    main()
