"""Asking: a question in any language becomes weighed terms, and these an order of documents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.search.analysis import Unit, placed_units, terms
from tiffin.engines.search.concepts import outermost
from tiffin.engines.search.index import CONCEPT, SHORTEST_MENDED, Index, neighbours

WORD, NEIGHBOURS, MEANT, MEANT_WITHIN, MEANT_LOOSELY, MENDED, BEGUN = 0.7, 0.4, 2.5, 0.25, 1.2, 0.5, 0.4
"""What counts: a word, two side by side, a concept, one within a longer phrase or with a word between, a mended word, a
beginning."""

BESIDE = 0.35
"""What is left of a weight for words that only say when or where, beside words that say what."""

PRIOR_SWING = 0.3
"""By what part use and trust move the relevance at most, from the least to the most."""

UNLIKELY = 0.35
"""What a reading of Latin words counts when the other language's small words say that it is the wrong one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One term that a question asks for.

    Parameters
    ----------
    said : str
        The words of the question that it comes from.
    is_mended : bool
        Whether a slip in them was forgiven.
    """

    term: str
    weight: float
    said: str
    is_mended: bool = False

    @property
    def concept(self) -> str | None:
        """The concept that it is, if it is one."""
        return self.term.removeprefix(CONCEPT) if self.term.startswith(CONCEPT) else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, and how well it answers."""

    place: int
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found, best first, with the readings that were tried."""

    hits: tuple[Hit, ...]
    wanted: tuple[Wanted, ...]
    n_found: int

    @property
    def concepts(self) -> tuple[str, ...]:
        """Concepts that the question speaks of, the strongest first."""
        strong = sorted((one for one in self.wanted if one.concept), key=lambda one: -one.weight)
        return tuple(dict.fromkeys(one.concept for one in strong if one.concept))


def ask(
    index: Index,
    question: str,
    *,
    limit: int,
    shown: NDArray[np.bool_] | None = None,
    priors: NDArray[np.float32] | None = None,
    is_typing: bool = False,
) -> Answer:
    """Find the documents that answer a question best.

    Parameters
    ----------
    shown : array of bool, shape (n_documents,), or None
        Documents that may be found; None for all.
    priors : array, shape (n_documents,), or None
        Use and trust as they are now, between 0 and 1; None for those of the index.
    is_typing : bool
        Whether the last word may be only begun.
    """
    readings = [(_wanted(index, cut, question, is_typing=is_typing), w) for cut, w in _readings(index, question)]
    scores = np.max([_scores(index, wanted) * weight for wanted, weight in readings], axis=0)
    scores *= 1 + PRIOR_SWING * ((index.priors if priors is None else priors) - 0.5)
    if shown is not None:
        scores[~shown] = 0.0
    found = np.flatnonzero(scores > 0)
    best = found[np.lexsort((found, -scores[found]))][:limit]
    hits = tuple(Hit(int(place), index.keys[place], float(scores[place])) for place in best)
    likely = [one for wanted, weight in readings if weight == 1.0 for one in wanted]
    return Answer(hits, tuple(_strongest(likely)), len(found))


def _readings(index: Index, question: str) -> list[tuple[list[Unit], float]]:
    """Cut a question as English and as Portuguese, the likelier reading first; other script reads one way only."""
    english, portuguese = placed_units(question, "en"), placed_units(question, "pt")
    if not any(one.language == "en" for one in english):
        return [(english, 1.0)]
    tried = [(_fluency(index, cut, latin), cut) for cut, latin in ((english, "en"), (portuguese, "pt"))]
    (best, first), (other, second) = sorted(tried, key=lambda one: -one[0])
    return [(first, 1.0), (second, 1.0 if other == best else UNLIKELY)]


def _fluency(index: Index, cut: Sequence[Unit], latin: str) -> float:
    own = [one for one in cut if one.language == latin]
    known = sum(1.0 for one in own if one.is_stop_word)
    return known + sum(0.5 for one in own if not one.is_stop_word and index.knows(f"{latin}:{one.key}"))


def _wanted(index: Index, cut: list[Unit], question: str, *, is_typing: bool) -> list[Wanted]:
    whole = [_mended(index, one) for one in cut]
    says_what = any(not one.is_circumstance for one in cut)

    def wanted(term: str, weight: float, first: int, last: int) -> Wanted:
        is_mended = whole[first : last + 1] != cut[first : last + 1]
        covered = cut[first : last + 1]
        is_empty = all(one.is_stop_word for one in covered)
        is_beside = says_what and not is_empty and all(one.is_circumstance for one in covered)
        said = question[cut[first].start : cut[last].end]
        return Wanted(term, weight * (MENDED if is_mended else 1.0) * (BESIDE if is_beside else 1.0), said, is_mended)

    made = [wanted(term, WORD, first, last) for term, first, last in terms(whole)]
    made += [Wanted(term, NEIGHBOURS, term.partition(":")[2]) for term in neighbours(whole)]
    outer, inner = outermost(index.phrasebook.matches(whole))
    loose = index.phrasebook.loose_matches(whole)
    for matches, weight in ((outer, MEANT), (inner, MEANT_WITHIN), (loose, MEANT_LOOSELY)):
        made += [wanted(CONCEPT + one.concept, weight, one.first, one.last) for one in matches]
    if is_typing and cut and cut[-1].language != "zh":
        made += _begun(index, whole)
    return _strongest(made)


def _begun(index: Index, cut: list[Unit]) -> Iterator[Wanted]:
    """Take the last word as a beginning: of words of documents, and of phrases of the glossary."""
    last = cut[-1]
    begun = f"{last.language}:{last.word}"
    yield from (Wanted(term, BEGUN, last.word) for term in index.beginning_with(begun))
    for word in index.phrasebook.beginning_with(begun):
        whole = [*cut[:-1], replace(last, key=word.partition(":")[2])]
        for match in index.phrasebook.matches(whole):
            if match.last == len(cut) - 1:
                yield Wanted(CONCEPT + match.concept, BEGUN, last.word)


def _strongest(wanted: Iterable[Wanted]) -> list[Wanted]:
    kept: dict[str, Wanted] = {}
    for one in wanted:
        if one.term not in kept or kept[one.term].weight < one.weight:
            kept[one.term] = one
    return list(kept.values())


def _mended(index: Index, unit: Unit) -> Unit:
    term = f"{unit.language}:{unit.key}"
    if unit.language == "zh" or unit.is_stop_word or len(unit.word) < SHORTEST_MENDED or index.knows(term):
        return unit
    near = index.nearest(term)
    return unit if near is None else replace(unit, key=near.partition(":")[2])


def _scores(index: Index, wanted: Iterable[Wanted]) -> NDArray[np.float64]:
    scores = np.zeros(len(index.keys))
    for one in wanted:
        at = index.place(one.term)
        if at is not None:
            span = slice(index.starts[at], index.starts[at + 1])
            scores[index.documents[span]] += one.weight * index.worth[span]
    return scores
