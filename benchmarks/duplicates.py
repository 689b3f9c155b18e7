"""Are copies found, and only they? Metrics and tables planted beside the real ones, and others that only look so.

Run ``python benchmarks/duplicates.py``; ``--metrics``, ``--tables`` and ``--others`` set how many are planted,
``--seed`` which. Precision is over every pair that is reported for a planted one, whether with its own original or
not, so that a planted one that happens to mean another shipped metric counts against it; recall over every copy.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from planted_metrics import COPIED, COPIES, PlantedMetric, copied_source, plant, renamed_column
from planted_tables import PlantedTable, base_tables, plant_tables, profile

from tiffin.capabilities.metrics.service.gathering import gathered
from tiffin.capabilities.metrics.service.library import _shipped_files, known_tables
from tiffin.capabilities.metrics.service.meaning import facts_of
from tiffin.capabilities.metrics.service.shelf import Files
from tiffin.engines.likeness.metrics import Copy, meanings
from tiffin.engines.likeness.tables import paired
from tiffin.engines.metrics.model import Model

Count = Counter[tuple[str, bool]]


def main() -> None:
    """Plant, look, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metrics", type=int, default=300, help="planted copies of metrics")
    parser.add_argument("--tables", type=int, default=200, help="planted copies and parts of tables")
    parser.add_argument("--others", type=int, default=400, help="planted ones that only look the same, half of each")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    started = time.process_time()
    metrics = found_metrics(shipped_model(), asked.metrics, asked.others // 2, asked.seed)
    tables = found_tables(asked.tables, asked.others // 2, asked.seed)
    told = [report("metrics", metrics), report("tables", tables)]
    hits, missed, wrong = (sum(part) for part in zip(*told, strict=True))
    precision, recall = hits / max(hits + wrong, 1), hits / max(hits + missed, 1)
    cpu_s = time.process_time() - started
    print(f"together: precision {precision:.3f}, recall {recall:.3f} of {hits + missed} planted; {cpu_s:.1f} s of CPU")


def shipped_model() -> Model:
    """Read the metrics that ship."""
    return gathered(Files(_shipped_files(), {}), None, known_tables()).model


def found_metrics(model: Model, duplicates: int, others: int, seed: int) -> tuple[Count, Count, Count]:
    """Look for planted metrics; gives what was found, missed and wrongly reported, by way of planting."""
    planted = plant(model, duplicates=duplicates, others=others, seed=seed)
    facts = facts_of(model)
    copied = {name: copied_source(model.sources[name].source) for name in COPIED}
    facts = replace(facts, sources={**facts.sources, **{COPIES + name: one for name, one in copied.items()}})
    copies = {
        COPIES + name: Copy(
            name, {renamed_column(column): column for column in known_tables()[one.table[len(COPIES) :]].columns}
        )
        for name, one in copied.items()
    }
    told = meanings({**model.metrics, **{one.metric.name: one.metric for one in planted}}, facts, copies)
    by_meaning: dict[str, set[str]] = {}
    for name in model.metrics:
        by_meaning.setdefault(told.get(name, name), set()).add(name)
    hits, missed, wrong = Counter(), Counter(), Counter()
    for one in planted:
        reported = by_meaning.get(told.get(one.metric.name, ""), set())
        # A copy of a metric that has copies among the shipped ones is found with all of them.
        strange = reported if not one.is_duplicate or one.base not in reported else set()
        _judge(one, is_found=one.base in reported, is_reported=bool(strange), told=(hits, missed, wrong))
    return hits, missed, wrong


def found_tables(duplicates: int, others: int, seed: int) -> tuple[Count, Count, Count]:
    """Look for planted tables among the simulated ones."""
    tables = base_tables(seed)
    bases = [profile(name, rows) for name, rows in tables.items()]
    hits, missed, wrong = Counter(), Counter(), Counter()
    for one in plant_tables(tables, duplicates=duplicates, others=others, seed=seed):
        made = profile(one.name, one.rows)
        reported = [base.name for base in bases if paired(made, base)]
        strange = set(reported) - {one.base} if one.is_duplicate else set(reported)
        _judge(one, is_found=one.base in reported, is_reported=bool(strange), told=(hits, missed, wrong))
    return hits, missed, wrong


def _judge(
    one: PlantedMetric | PlantedTable, *, is_found: bool, is_reported: bool, told: tuple[Count, Count, Count]
) -> None:
    hits, missed, wrong = told
    if one.is_duplicate:
        (hits if is_found else missed)[one.way] += 1
        wrong[one.way] += is_reported
    else:
        hits[one.way] += 0
        wrong[one.way] += is_reported


def report(what: str, told: tuple[Count, Count, Count]) -> tuple[int, int, int]:
    """Print the ways of planting with what became of them."""
    hits, missed, wrong = told
    for way in sorted({*hits, *missed, *wrong}):
        print(f"  {what:8} {way:28} found {hits[way]:4} missed {missed[way]:4} wrongly reported {wrong[way]:4}")
    total = sum(hits.values()), sum(missed.values()), sum(wrong.values())
    precision, recall = total[0] / max(total[0] + total[2], 1), total[0] / max(total[0] + total[1], 1)
    print(f"{what}: precision {precision:.3f}, recall {recall:.3f}")
    return total


if __name__ == "__main__":
    main()
