"""SQL decides every case as the single decision does, on both engines."""

from typing import Any

from tiffin.engines.decisions.sql.columns import NotPushed
from tiffin.engines.decisions.sql.deciding import push

TABLES, CASES = 25, 50


def test_random_tables_are_decided_alike_case_by_case_and_by_sql(
    engine: Any, typed_tables: Any, single_answer: Any, arrow_cases: Any, decided_by: Any
) -> None:
    dialect, asked = engine
    decided = set()

    for seed in range(TABLES):
        world = typed_tables.drawn_world(seed)
        cases = [world.draw() for _ in range(CASES)]
        try:
            pushed = push(world.policy, world.facts, dialect)
        except NotPushed:
            continue
        for case, answer in zip(cases, decided_by(asked, pushed, arrow_cases(cases, world.facts)), strict=True):
            rows, outputs = single_answer(world.policy, case)
            assert answer[0] in rows, (seed, case)
            assert answer[1:] == outputs, (seed, case)
            decided.add(min(answer[0], 1))

    assert decided == {-2, -1, 0, 1}
