"""The index: for every term the documents that hold it with what it is worth there, worked out beforehand.

References
----------
Robertson, Zaragoza and Taylor (2004), Simple BM25 extension to multiple weighted fields (BM25F).
Garbe (2012), symmetric delete spelling correction: words one edit apart share a word with one letter less.
"""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.search.analysis import Unit, language_of_locale, terms, units
from tiffin.engines.search.concepts import Concept, Phrasebook
from tiffin.engines.search.documents import ABOUT, WEIGHTS, Document, Field, FieldWeight
from tiffin.engines.search.stemming import arabic_root

SATURATION = 1.4
"""BM25's k1: how soon more of the same adds no more."""

CONCEPT = "concept:"
"""Before a concept's name it makes the concept's term."""

COMMONEST_CONCEPT = 40
"""Documents beyond which a concept counts as no commoner: the more there is about something, the harder would it else
be to find what it is about. Chosen on questions that were not held out."""

WHOLE_PHRASES = (Field.LABEL, Field.NAME, Field.SYNONYM)
"""Fields whose neighbouring words are terms too."""

LIKE_LETTERS, LIKE_SHARE = 5, 0.7
"""A word that stands nowhere is taken for one that begins alike: so many letters, and that part of the longer one."""

SHORTEST_MENDED = 4
"""Letters that a word must have before anything in it is forgiven."""

SHORTEST_SLIPPED = 4
"""Letters that a stem must have before one wrong letter is: a shorter one is near too many others."""

ARABIC = "ar:"
SHORTEST_ROOT = 3
"""Consonants of a root."""


@dataclass(frozen=True, slots=True)
class Index:
    """Documents ready to be asked for.

    Parameters
    ----------
    vocabulary : tuple of str
        All terms in order.
    starts : array, shape (n_terms + 1,)
        Where each term's documents begin in `documents` and `worth`.
    documents : array, shape (n_postings,)
        Places of documents.
    worth : array, shape (n_postings,)
        What the term is worth for the document.
    priors : array, shape (n_documents,)
        Use and trust of each document, between 0 and 1.
    """

    keys: tuple[str, ...]
    vocabulary: tuple[str, ...]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    worth: NDArray[np.float32]
    priors: NDArray[np.float32]
    phrasebook: Phrasebook
    _lookup: "_Lookup" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare what is looked up by term."""
        object.__setattr__(self, "_lookup", _Lookup(self.vocabulary, self.phrasebook.words))

    def place(self, term: str) -> int | None:
        """Tell where a term stands in the vocabulary."""
        return self._lookup.places.get(term)

    def knows(self, term: str) -> bool:
        """Tell whether a word stands in any document or in the glossary."""
        return term in self._lookup.places or term in self.phrasebook.words

    def breadth(self, term: str) -> int:
        """Count the documents that hold a term."""
        at = self.place(term)
        return 0 if at is None else int(self.starts[at + 1] - self.starts[at])

    def nearest(self, term: str) -> str | None:
        """Find the known word one slip of the finger away, else one of the same root, else one that begins alike.

        Of several it is the one that begins with the same letter, then that of most documents.
        """
        found = self._lookup.one_edit_away(term) or self._lookup.of_one_root(term) or {*self._beginning_alike(term)}
        first = len("en:")
        return max(found, key=lambda one: (one[: first + 1] == term[: first + 1], self.breadth(one), one), default=None)

    def _beginning_alike(self, term: str) -> Sequence[str]:
        letters = len(term) - len("en:")
        if letters < LIKE_LETTERS:
            return ()
        shared = max(LIKE_LETTERS, ceil(letters * LIKE_SHARE))
        words = self._lookup.beginning_with(term[: len("en:") + shared])
        return [word for word in words if (len(word) - len("en:")) * LIKE_SHARE <= shared]

    def beginning_with(self, term: str, most: int = 24) -> Sequence[str]:
        """Find terms that begin so, the shortest first."""
        first = bisect_left(self.vocabulary, term)
        last = bisect_left(self.vocabulary, f"{term}\uffff")
        return sorted((one for one in self.vocabulary[first:last] if " " not in one), key=len)[:most]


class _Lookup:
    """Places of terms, and words by what is left of them without one letter."""

    def __init__(self, vocabulary: Sequence[str], words: Iterable[str]) -> None:
        self.places = {term: place for place, term in enumerate(vocabulary)}
        self._words = sorted({*words, *(t for t in vocabulary if t[:3] in ("en:", "pt:", "ar:") and " " not in t)})

    def beginning_with(self, begun: str) -> Sequence[str]:
        return self._words[bisect_left(self._words, begun) : bisect_left(self._words, f"{begun}\uffff")]

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if len(word) - len("en:") >= SHORTEST_MENDED - 1:
                for shorter in {word, *_without_one_letter(word)}:
                    made[shorter].append(word)
        return made

    @cached_property
    def _roots(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            if word.startswith(ARABIC):
                made[arabic_root(word.removeprefix(ARABIC))].append(word)
        return made

    def of_one_root(self, term: str) -> set[str]:
        """Find the Arabic words that are made from the same consonants."""
        root = arabic_root(term.removeprefix(ARABIC)) if term.startswith(ARABIC) else ""
        return {*self._roots.get(root, ())} if len(root) >= SHORTEST_ROOT else set()

    def one_edit_away(self, term: str) -> set[str]:
        if len(term) - len("en:") < SHORTEST_SLIPPED:
            return set()
        near = {known for shorter in {term, *_without_one_letter(term)} for known in self._shortened.get(shorter, ())}
        return {one for one in near if _is_one_edit(one, term)}


def _without_one_letter(word: str) -> Iterable[str]:
    return (word[:i] + word[i + 1 :] for i in range(len("en:"), len(word)))


def _is_one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def build(
    documents: Sequence[Document], concepts: Iterable[Concept] = (), *, background: "Index | None" = None
) -> Index:
    """Index documents; each is read through the concepts too.

    Parameters
    ----------
    background : Index or None
        What else there is: how rare a word is, is told from both, so that a few documents of one person can be
        weighed against all others.

    Examples
    --------
    >>> from tiffin.engines.search.documents import Text
    >>> index = build([Document("metric:late_share", (Text(Field.LABEL, "en", "Late share"),))])
    >>> index.breadth("en:shar"), index.nearest("en:shra")
    (1, 'en:shar')
    """
    phrasebook = Phrasebook(concepts)
    gathered = _Gathered(phrasebook)
    for place, document in enumerate(documents):
        gathered.read(place, document)
    places = {document.key: place for place, document in enumerate(documents)}
    for concept in phrasebook.concepts.values():
        gathered.point(concept, _about(concept, places))
    return gathered.index(documents, background)


def _about(concept: Concept, places: Mapping[str, int]) -> list[int]:
    """Find the documents that a concept is about; ``alert:*`` names all of a kind."""
    kinds = tuple(key[:-1] for key in concept.about if key.endswith(":*"))
    return [place for key, place in places.items() if key in concept.about or (kinds and key.startswith(kinds))]


class _Gathered:
    """What was counted in the documents: one row for a term in a field of a document."""

    def __init__(self, phrasebook: Phrasebook) -> None:
        self.phrasebook = phrasebook
        self.terms: dict[str, int] = {}
        self.streams: dict[tuple[str, str], int] = {}
        self.weights: list[FieldWeight] = []
        self.rows = tuple(array("l") for _ in range(4))
        self.lengths: Counter[tuple[int, int]] = Counter()

    def read(self, place: int, document: Document) -> None:
        seen: dict[Field, Counter[str]] = defaultdict(Counter)
        for text in document.texts:
            language = language_of_locale(text.locale)
            cut = units(text.text, language)
            counted = Counter(term for term, _, _ in terms(cut))
            if text.field in WHOLE_PHRASES:
                counted.update(neighbours(cut))
            self._add(place, (text.field, language), WEIGHTS[text.field], counted)
            meant = Counter(CONCEPT + match.concept for match in self.phrasebook.matches(cut))
            seen[text.field] |= Counter(dict.fromkeys(meant, 1))
        for kind, meant in seen.items():
            self._add(place, (kind, CONCEPT), WEIGHTS[kind], meant)

    def point(self, concept: Concept, places: Iterable[int]) -> None:
        for place in places:
            self._add(place, ("about", CONCEPT), ABOUT, Counter({CONCEPT + concept.name: 1}))

    def _add(self, place: int, stream: tuple[str, str], weight: FieldWeight, counted: Counter[str]) -> None:
        if stream not in self.streams:
            self.streams[stream] = len(self.streams)
            self.weights.append(weight)
        at = self.streams[stream]
        terms_, documents, streams, counts = self.rows
        for term, count in counted.items():
            terms_.append(self.terms.setdefault(term, len(self.terms)))
            documents.append(place)
            streams.append(at)
            counts.append(count)
        self.lengths[place, at] += counted.total()

    def index(self, documents: Sequence[Document], background: Index | None) -> Index:
        vocabulary = sorted(self.terms)
        order = np.empty(len(vocabulary), dtype=np.int64)
        order[[self.terms[term] for term in vocabulary]] = np.arange(len(vocabulary))
        found, places, streams, counts = (np.frombuffer(row, dtype=np.int64) for row in self.rows)
        weighed = counts * self._factors(len(documents))[places, streams] if len(counts) else np.zeros(0)
        joined, which = np.unique(order[found] * max(1, len(documents)) + places, return_inverse=True)
        totals = np.bincount(which, weights=weighed, minlength=len(joined))
        term_of, document_of = np.divmod(joined, max(1, len(documents)))
        breadths = np.bincount(term_of, minlength=len(vocabulary))
        everywhere = breadths + np.array(
            [background.breadth(term) if background else 0 for term in vocabulary], dtype=int
        )
        is_concept = np.array([term.startswith(CONCEPT) for term in vocabulary], dtype=bool)
        everywhere = np.where(is_concept, np.minimum(everywhere, COMMONEST_CONCEPT), everywhere)
        n_all = len(documents) + (len(background.keys) if background else 0)
        rarity = np.log1p((n_all - everywhere + 0.5) / (everywhere + 0.5))
        return Index(
            keys=tuple(document.key for document in documents),
            vocabulary=tuple(vocabulary),
            starts=np.concatenate([[0], np.cumsum(breadths)]).astype(np.int64),
            documents=document_of.astype(np.int32),
            worth=(rarity[term_of] * totals * (SATURATION + 1) / (SATURATION + totals)).astype(np.float32),
            priors=np.array([document.prior for document in documents], dtype=np.float32),
            phrasebook=self.phrasebook,
        )

    def _factors(self, n_documents: int) -> NDArray[np.float64]:
        lengths = np.zeros((n_documents, len(self.streams)))
        for (place, stream), length in self.lengths.items():
            lengths[place, stream] = length
        filled = np.maximum(1, (lengths > 0).sum(axis=0))
        relative = lengths / np.maximum(1e-9, lengths.sum(axis=0) / filled)
        weight = np.array([one.weight for one in self.weights])
        by_length = np.array([one.by_length for one in self.weights])
        return np.asarray(weight / np.maximum(1e-9, 1 - by_length + by_length * relative))


def neighbours(cut: Sequence[Unit]) -> list[str]:
    """Give the pairs of neighbouring words of a cut text as terms of their own; Chinese has pairs anyway."""
    words = [one for one in cut if one.language != "zh" and not one.is_stop_word]
    pairs = pairwise(words)
    return [f"{a.language}:{a.key} {b.key}" for a, b in pairs if a.language == b.language]
