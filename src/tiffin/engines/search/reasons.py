"""Why something was found: the words of its texts that answer the question, and in which language they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tiffin.engines.search.analysis import language_of_locale, placed_units, terms
from tiffin.engines.search.asking import Wanted
from tiffin.engines.search.concepts import Phrasebook
from tiffin.engines.search.documents import Document, Field, Text
from tiffin.engines.search.index import CONCEPT

TOLD = (Field.LABEL, Field.MEANING, Field.SYNONYM, Field.NAME)
"""Fields that are shown to people, in this order where they answer alike."""

OWN_LANGUAGE = 1.5
"""How much more a text in the reader's language is worth showing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that is shown, and whether it answers the question."""

    text: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document was found.

    Parameters
    ----------
    said : str
        Words of the question.
    found : str
        Words of the document, as they stand there.
    locale : str
        Language in which they stand there.
    concept : str or None
        The concept that joins them; None where they are the same word.
    """

    said: str
    found: str
    locale: str
    concept: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The text of a document that answers best, with its answering words marked, and the reasons."""

    text: Text | None
    pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    wanted: Wanted


def explain(document: Document, wanted: Sequence[Wanted], phrasebook: Phrasebook, *, locale: str) -> Explanation:
    """Tell why a document answers a question, best in the reader's language.

    Parameters
    ----------
    locale : str
        The reader's.
    """
    by_term = {one.term: one for one in wanted}
    answering = [(text, _spans(text, by_term, phrasebook)) for text in document.texts if text.field in TOLD]
    answering = [(text, spans) for text, spans in answering if spans]
    if not answering:
        pointed = tuple(
            Reason(one.said, one.said, locale, one.concept)
            for one in wanted
            if one.concept and document.key in phrasebook.concepts[one.concept].about
        )
        return Explanation(None, (), pointed[:1])
    answering.sort(key=lambda one: (-_worth(one[0], one[1], locale), TOLD.index(one[0].field)))
    text, spans = answering[0]
    own_first = sorted(answering, key=lambda one: (one[0].locale != locale, one[0].field is Field.NAME))
    return Explanation(text, _pieces(text.text, spans), _reasons(own_first))


def _spans(text: Text, wanted: Mapping[str, Wanted], phrasebook: Phrasebook) -> list[_Span]:
    cut = placed_units(text.text, language_of_locale(text.locale))
    found = [(term, first, last) for term, first, last in terms(cut) if term in wanted]
    matches = [(CONCEPT + one.concept, one.first, one.last) for one in phrasebook.matches(cut)]
    found += [one for one in matches if one[0] in wanted]
    return [_Span(cut[first].start, cut[last].end, wanted[term]) for term, first, last in found]


def _worth(text: Text, spans: Sequence[_Span], locale: str) -> float:
    worth = sum(one.weight for one in {span.wanted.term: span.wanted for span in spans}.values())
    return worth * (OWN_LANGUAGE if text.locale == locale and text.field is not Field.NAME else 1.0)


def _pieces(text: str, spans: Sequence[_Span]) -> tuple[Piece, ...]:
    marked = [False] * len(text)
    for span in spans:
        marked[span.start : span.end] = [True] * (span.end - span.start)
    cuts = [0, *(i for i in range(1, len(text)) if marked[i] != marked[i - 1]), len(text)]
    return tuple(Piece(text[start:end], marked[start]) for start, end in pairwise(cuts) if end > start)


def _reasons(answering: Sequence[tuple[Text, Sequence[_Span]]]) -> tuple[Reason, ...]:
    kept: dict[str, Reason] = {}
    weights: dict[str, float] = {}
    for text, spans in answering:
        for span in spans:
            said = span.wanted.said
            if weights.get(said, 0.0) < span.wanted.weight:
                weights[said] = span.wanted.weight
                found = text.text[span.start : span.end]
                kept[said] = Reason(said, found, text.locale, span.wanted.concept)
    return tuple(kept[said] for said in sorted(kept, key=lambda said: -weights[said]))
