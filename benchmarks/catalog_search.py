"""Judge the search: is the right asset among the first three for questions in people's own words, and how fast.

    python benchmarks/catalog_search.py [--misses]

The questions are those of ``tests/catalog/questions.yaml``; every third of a language is held out: nothing was tuned
on it. Those of ``questions_unseen.yaml`` and ``questions_later.yaml`` were written after the search, by way of people's
jobs. When they were first asked, 81 of 100 and 54 of 60 found their asset; the glossary has learned from them since.
Those of ``questions_strangers.yaml`` (69 of 80 when first asked; it has learned from them since) and
``questions_others.yaml`` (40 of 60, and nothing has learned from them) were committed before they were asked.
Beside the search stands plain BM25 over the same texts without the glossary. ``--misses`` names the questions of the
other part that failed. Times are of the processor, over 10,000 assets.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tiffin.capabilities.catalog.domain.searching import documents_of
from tiffin.capabilities.catalog.service.glossary import glossary_of
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.search_store import index_of
from tiffin.capabilities.catalog.service.searching import search
from tiffin.engines.search.asking import ask
from tiffin.engines.search.documents import Document
from tiffin.engines.search.index import build
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import create_workspace

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "catalog" / "questions.yaml"
UNSEEN, LATER = QUESTIONS.with_stem("questions_unseen"), QUESTIONS.with_stem("questions_later")
STRANGERS, OTHERS = QUESTIONS.with_stem("questions_strangers"), QUESTIONS.with_stem("questions_others")
HELD_OUT_EVERY = 3
MANY = 10_000
FIRST = 3
STEWARD = Actor("benchmark", (Grant(Role.STEWARD, ("*",), ("*",)),))

Finder = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the assets that answer it."""

    language: str
    text: str
    right: tuple[str, ...]
    is_held_out: bool


def questions(path: Path = QUESTIONS) -> Iterator[Question]:
    """Read the questions of a file in their order."""
    listed: Mapping[str, list[dict[str, Any]]] = without_lines(read_yaml(path))
    for language, asked in listed.items():
        for number, one in enumerate(asked):
            is_held_out = path == QUESTIONS and number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
            yield Question(language, one["ask"], tuple(one["right"]), is_held_out)


def main(*, with_misses: bool) -> None:
    """Print accuracy of the search and of plain BM25, and times."""
    asked = tuple(questions())
    workspace = create_workspace(Path(tempfile.mkdtemp(prefix="tiffin-search-")) / "workspace")
    with open_unit(workspace, lambda _: STEWARD, now=datetime.now(UTC)) as context:
        documents = documents_of(inventory_of(context).values())
        plain = build(documents)
        ours = accuracy("search", asked, lambda text: _found(context, text))
        for path in (UNSEEN, LATER, STRANGERS, OTHERS):
            accuracy(path.stem, tuple(questions(path)), lambda text: _found(context, text))
        accuracy("plain BM25", asked, lambda text: [hit.key for hit in ask(plain, text, limit=FIRST).hits])
        if with_misses:
            for one in ours:
                if not one.is_held_out:
                    print(f"  {one.language} {one.text}: wanted {', '.join(one.right)}")
        times(context, documents, asked)


def _found(context: Context, text: str) -> list[str]:
    return [one.asset.id.text for one in search(context, text, limit=FIRST).found]


def accuracy(name: str, asked: tuple[Question, ...], find: Finder) -> list[Question]:
    """Print how often the right asset is first and among the first three; give the questions that failed."""
    ranks = {one: next((r for r, key in enumerate(find(one.text)) if key in one.right), FIRST) for one in asked}
    print(f"{name}: right asset first / among the first three")
    for language in dict.fromkeys(one.language for one in asked):
        _row(language, {one: rank for one, rank in ranks.items() if one.language == language})
    _row("all", ranks)
    return [one for one, rank in ranks.items() if rank >= FIRST]


def _row(name: str, ranks: Mapping[Question, int]) -> None:
    parts = []
    for part, is_held_out in (("tuned", (False,)), ("held out", (True,)), ("both", (False, True))):
        own = [rank for one, rank in ranks.items() if one.is_held_out in is_held_out]
        if not own:
            continue
        first, three = sum(rank == 0 for rank in own) / len(own), sum(rank < FIRST for rank in own) / len(own)
        parts.append(f"{part} {first:.3f} / {three:.3f} of {len(own)}")
    print(f"  {name:6} {'   '.join(parts)}")


def times(context: Context, documents: tuple[Document, ...], asked: tuple[Question, ...]) -> None:
    """Print how long an index over many assets takes, new and kept, and how long a question takes of it."""
    many = tuple(
        replace(documents[number % len(documents)], key=f"{documents[number % len(documents)].key}-{number}")
        for number in range(MANY)
    )
    concepts = [term.concept for term in glossary_of(context).values()]
    for name in ("built", "kept, read again"):
        began = time.process_time()
        index = index_of(context.workspace, many, concepts)
        print(f"index over {len(many):,} assets, {name}: {time.process_time() - began:.2f} s")
    taken = []
    for one in asked:
        began = time.process_time()
        ask(index, one.text, limit=FIRST)
        taken.append((time.process_time() - began) * 1000)
    taken.sort()
    print(f"a question of them: median {median(taken):.2f} ms, 99 of 100 under {taken[int(len(taken) * 0.99)]:.2f} ms")


if __name__ == "__main__":
    main(with_misses="--misses" in sys.argv[1:])
