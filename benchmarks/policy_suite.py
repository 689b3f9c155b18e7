"""Seed edits into decision tables and count those that their generated regression suites notice.

``nice .venv/bin/python benchmarks/policy_suite.py [TABLES]``. The liability table of 30 rows with every edit, and so
many tables at random, of every hit policy and with tiers. Edits after which the table decides every case as before are
told by `are_equivalent`, and counted apart.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from drawn_policies import drawn, liability
from table_edits import edits

from tiffin.engines.decisions.covering.suite import Suite, changed, suite_of
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.comparing import are_equivalent

SEED = 20261123
TABLES = 300
SHOWN = 10


@dataclass(slots=True)
class Count:
    """What became of edits, by their kind."""

    noticed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    equivalent: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of edits that change any decision and were noticed."""
        noticed = self.noticed.total()
        return noticed / max(1, noticed + self.missed.total())


def main() -> None:
    """Print, for both sorts of tables, how many edits were noticed."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    started = time.process_time()
    table = liability()
    suite = suite_of(table)
    took = time.process_time() - started
    print(f"liability: {len(table.table.rows)} rows, {len(suite.cases)} cases, made in {took:.2f} processor seconds")
    shown(tried(table, suite, random.Random(SEED), Count()))  # noqa: S311 - edits, not secrets
    at_random = Count()
    sizes = []
    for number in range(tables):
        chance = random.Random(SEED + number)  # noqa: S311 - tables, not secrets
        table = drawn(chance)
        suite = suite_of(table)
        sizes.append(len(suite.cases) / len(table.table.rows))
        tried(table, suite, chance, at_random)
    print(f"{tables} tables at random, {sum(sizes) / len(sizes):.1f} cases a row")
    shown(at_random)


def tried(table: PolicyTable, suite: Suite, chance: random.Random, count: Count) -> Count:
    """Try every edit of a table."""
    for kind, edited in edits(table, chance):
        try:
            is_noticed = bool(changed(suite, edited))
            if not is_noticed and not are_equivalent(table, edited):
                count.missed[kind] += 1
                count.examples.append(f"{kind}: {list(different_rows(table, edited))}")
            elif not is_noticed:
                count.equivalent[kind] += 1
            else:
                count.noticed[kind] += 1
        except NotPlain:
            continue
    return count


def different_rows(one: PolicyTable, other: PolicyTable) -> Iterator[str]:
    """Name the rows in which two tables differ."""
    return (name for name, row in zip(one.row_ids, one.table.rows, strict=True) if row not in other.table.rows)


def shown(count: Count) -> None:
    """Print what became of edits."""
    for kind in sorted({*count.noticed, *count.missed, *count.equivalent}):
        print(
            f"  {kind}: {count.noticed[kind]} noticed, {count.missed[kind]} missed, {count.equivalent[kind]} equivalent"
        )
    print(f"  {count.share:.2%} of {count.noticed.total() + count.missed.total()} edits that change a decision")
    print(*(f"  missed: {one}" for one in count.examples[:SHOWN]), sep="\n", end="\n" if count.examples else "")


if __name__ == "__main__":
    main()
