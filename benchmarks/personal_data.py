"""Tell how well the detectors know what columns hold, on made-up columns in five languages.

Prints precision, recall and F1 by kind, by language and over all, F1 by how the column is called, how many of the names
stand in no list of the detectors, and the time for a table of 50 columns with 1,000 values each.

Run: ``nice .venv/bin/python benchmarks/personal_data.py [--each 12] [--rows 300] [--seed 2001] [--faults]``.
The seeds under 1,000 were for making the detectors; the figure is of others.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import personal_data_words as words
from personal_data_columns import Drawn, draw_corpus

from tiffin.engines.detection.detecting import detect
from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.name_lists import ARABIC, GIVEN, HAN_GIVEN, SURNAMES
from tiffin.engines.detection.samples import Sample, folded

ASKED = 0.95
SCORED = frozenset(Kind) - {Kind.MONEY, Kind.OPEN_FACT, Kind.OPINION, Kind.MISCONDUCT}


def main() -> None:
    """Draw the corpus, ask the detectors, print the figures."""
    given = _arguments()
    corpus = draw_corpus(seed=given.seed, each=given.each, rows=given.rows)
    counts = score(corpus, tell=given.faults)
    print(f"{len(corpus):,} columns, {sum(len(one.values) for one in corpus):,} values, seed {given.seed}")
    for group in ("kind", "language", "naming"):
        names = sorted({name for level, name, _ in counts if level == group})
        print(f"\n{group:<14}{'precision':>10}{'recall':>8}{'F1':>8}{'columns':>9}")
        for name in names:
            _tell(name, _figures(counts, group, name))
    print()
    _tell("all", _figures(counts, "all", "all"))
    print(f"asked: F1 {ASKED}")
    print(f"names in no list of the detectors: {_unlisted():.0%}")
    _time(corpus)


def score(corpus: Iterable[Drawn], *, tell: bool = False) -> Counter[tuple[str, str, str]]:
    """Count hits, misses and false finds by kind, by language and by how the column is called."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in corpus:
        found = {kind.value for kind in detect(Sample(one.name, one.values)).kinds & SCORED}
        for outcome, kinds in (("hit", found & one.truth), ("miss", one.truth - found), ("false", found - one.truth)):
            for kind in kinds:
                levels = (("kind", kind), ("language", one.language), ("naming", one.naming), ("all", "all"))
                counts.update((*level, outcome) for level in levels)
        if tell and found != one.truth:
            shown = [value for value in one.values if value not in (None, "", "-", "N/A")][:4]
            print(one.language, one.family, repr(one.name), "found", sorted(found), "of", sorted(one.truth), shown)
    return counts


def f1(counts: Counter[tuple[str, str, str]], group: str = "all", name: str = "all") -> float:
    """Give F1 of a kind, a language, or all."""
    return _figures(counts, group, name)[2]


def _figures(counts: Counter[tuple[str, str, str]], group: str, name: str) -> tuple[float, float, float, int]:
    hit, miss, false = (counts[group, name, outcome] for outcome in ("hit", "miss", "false"))
    precision, recall = hit / max(hit + false, 1), hit / max(hit + miss, 1)
    return precision, recall, 2 * hit / max(2 * hit + miss + false, 1), hit + miss


def _tell(name: str, figures: tuple[float, float, float, int]) -> None:
    precision, recall, both, columns = figures
    print(f"{name:<14}{precision:>10.3f}{recall:>8.3f}{both:>8.3f}{columns:>9}")


def _unlisted() -> float:
    latin = [folded(name) for language in ("en", "pt") for name in (*words.GIVEN[language], *words.FAMILY[language])]
    arabic = [folded(name) for name in (*words.GIVEN["ar"], *words.FAMILY["ar"])]
    chinese = [name for language in ("zh_Hans", "zh_Hant") for name in words.GIVEN[language]]
    unlisted = sum(name not in GIVEN and name not in SURNAMES for name in latin) + sum(
        name not in ARABIC for name in arabic
    )
    unlisted += sum(not any(mark in HAN_GIVEN for mark in name) for name in chinese)
    return unlisted / (len(latin) + len(arabic) + len(chinese))


def _time(corpus: list[Drawn]) -> None:
    table = [Sample(one.name, (one.values * 1000)[:1000]) for one in corpus[:: max(len(corpus) // 50, 1)]][:50]
    start = time.process_time()
    for sample in table:
        detect(sample)
    print(f"{len(table)} columns x 1,000 values: {time.process_time() - start:.2f} s of CPU (asked: 1 s)")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--each", type=int, default=12, help="columns of a family in a language")
    parser.add_argument("--rows", type=int, default=300, help="values of a long column")
    parser.add_argument("--seed", type=int, default=2001)
    parser.add_argument("--faults", action="store_true", help="name every column that was not known")
    return parser.parse_args()


if __name__ == "__main__":
    main()
