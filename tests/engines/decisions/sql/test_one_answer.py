"""SQL decides every case as the single decision does, on both engines."""

from typing import Any

from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.sql.columns import TEXT, WHOLE, NotPushed
from tiffin.engines.decisions.sql.deciding import push

TABLES, CASES = 20, 40


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


def test_a_table_of_many_texts_is_decided_alike(
    engine: Any, a_policy: Any, single_answer: Any, arrow_cases: Any, decided_by: Any
) -> None:
    names = [*(f"m{number:02d}" for number in range(20)), "é", "😀", "Z"]
    rows = [[f'"{name}"', cell] for name in names for cell in ("> 2", "<= 2")]
    policy = a_policy([*rows, ['not("m07")', "null"]], inputs=["s", "n"], hit_policy=HitPolicy.UNIQUE)
    cases = [{"s": name, "n": n} for name in (*names, "m", "m191", "", "zz", "\U0010ffff", None) for n in (1, 3, None)]
    facts = {"s": TEXT, "n": WHOLE}
    pushed = push(policy, facts, engine[0])

    found = decided_by(engine[1], pushed, arrow_cases(cases, facts))

    assert "<= 'm" in pushed.row.sql()
    for case, answer in zip(cases, found, strict=True):
        codes, outputs = single_answer(policy, case)
        assert answer[0] in codes
        assert answer[1:] == outputs
