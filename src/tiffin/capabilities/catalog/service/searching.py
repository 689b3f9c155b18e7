"""Search: a question in any language finds the assets that answer it, of those that the asker may know of."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.glossary import Glossary, Term
from tiffin.capabilities.catalog.domain.searching import Found, Results, documents_of, used
from tiffin.capabilities.catalog.service import require_grant, visible
from tiffin.capabilities.catalog.service.glossary import glossary_of
from tiffin.capabilities.catalog.service.inventory import Inventory, inventory_of
from tiffin.capabilities.catalog.service.search_store import index_of
from tiffin.capabilities.catalog.service.unanswered import note_unanswered
from tiffin.capabilities.catalog.service.usage import counts_in
from tiffin.engines.search.asking import Answer, Hit, ask
from tiffin.engines.search.documents import Document
from tiffin.engines.search.folding import folded
from tiffin.engines.search.index import Index, build
from tiffin.engines.search.reasons import explain
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

MOST_LETTERS = 200
"""A question is a sentence at most; what is longer is cut."""

MOST_FOUND = 200
"""Assets that are looked at for their kinds; further down nobody looks."""

FLOOR = 0.25
"""What fits less than this part of the best answer is no answer."""

NEAR_TERMS = 6
USE_KEPT = timedelta(minutes=10)
"""How long the counts of use may lag; they move the order a little."""

_KEPT = 8


@dataclass(frozen=True, slots=True)
class _Shelf:
    """An index, and what it was made of: while these are the same, so is it."""

    inventory: Inventory
    said: Mapping[AssetId, Asset]
    glossary: Glossary
    documents: Mapping[str, Document]
    index: Index
    priors: NDArray[np.float32]
    counted_at: datetime


_LOCK = threading.Lock()
_SHELVES: dict[str, _Shelf] = {}


def search(
    context: Context,
    question: str,
    *,
    kinds: Collection[AssetKind] = (),
    limit: int = 20,
    is_typing: bool = False,
) -> Results:
    """Find the assets that answer a question best, of those that the actor may know of.

    Parameters
    ----------
    kinds : collection of AssetKind
        Only these; none for all.
    is_typing : bool
        Whether the question is still being typed: its last word may be begun, and nothing is counted.

    Raises
    ------
    WrongUse
        The question is empty.
    Forbidden
        The actor has no grant.
    """
    require_grant(context)
    asked = " ".join(question.split())[:MOST_LETTERS]
    if not asked:
        raise WrongUse(Message("A question was expected, and it is empty. Write what you look for in your own words."))
    known, shelf = visible(context), _shelf(context)
    answer = _fitting(_asked(shelf, known, asked, is_typing=is_typing))
    chosen = [hit for hit in answer.hits if not kinds or AssetId.parse(hit.key).kind in kinds]
    if not answer.hits and not is_typing:
        note_unanswered(context, asked)
    terms = [shelf.glossary[name] for name in answer.concepts if name in shelf.glossary]
    return Results(
        question=asked,
        found=tuple(_found(context, shelf, known, hit, answer) for hit in chosen[:limit]),
        kinds=_kinds(answer.hits),
        terms=tuple(terms) or (_nearest(shelf.glossary, asked) if not answer.hits else ()),
        n_found=len(chosen),
    )


def _asked(shelf: _Shelf, known: Mapping[AssetId, Asset], question: str, *, is_typing: bool) -> Answer:
    names = {one.text for one in known}
    shown = np.fromiter((key in names for key in shelf.index.keys), dtype=bool, count=len(shelf.index.keys))
    answer = ask(shelf.index, question, limit=MOST_FOUND, shown=shown, priors=shelf.priors, is_typing=is_typing)
    own = documents_of(asset for asset in known.values() if asset.id not in shelf.inventory)
    if not own:
        return answer
    index = build(own, (term.concept for term in shelf.glossary.values()), background=shelf.index)
    more = ask(index, question, limit=MOST_FOUND, is_typing=is_typing)
    hits = sorted((*answer.hits, *more.hits), key=lambda hit: -hit.score)[:MOST_FOUND]
    return replace(answer, hits=tuple(hits), n_found=answer.n_found + more.n_found)


def _fitting(answer: Answer) -> Answer:
    best = answer.hits[0].score if answer.hits else 0.0
    return replace(answer, hits=tuple(hit for hit in answer.hits if hit.score >= FLOOR * best))


def _found(context: Context, shelf: _Shelf, known: Mapping[AssetId, Asset], hit: Hit, answer: Answer) -> Found:
    asset = known[AssetId.parse(hit.key)]
    document = shelf.documents.get(hit.key) or documents_of((asset,))[0]
    return Found(asset, hit.score, explain(document, answer.wanted, shelf.index.phrasebook, locale=context.locale))


def _kinds(hits: Collection[Hit]) -> Mapping[AssetKind, int]:
    counted: dict[AssetKind, int] = {}
    for hit in hits:
        kind = AssetId.parse(hit.key).kind
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def _nearest(glossary: Glossary, question: str) -> tuple[Term, ...]:
    """Find the terms whose words look most like a question that found nothing."""
    asked = folded(question)

    def likeness(term: Term) -> float:
        words = (*term.label.texts.values(), *(word for said in term.synonyms.values() for word in said))
        return max(SequenceMatcher(None, asked, folded(word)).ratio() for word in words)

    return tuple(sorted(glossary.values(), key=lambda term: (-likeness(term), term.name))[:NEAR_TERMS])


def _shelf(context: Context) -> _Shelf:
    """Give the index of all that definitions declare and people said; what only some may know is hidden later."""
    key = str(context.workspace.root)
    inventory, glossary = inventory_of(context), glossary_of(context)
    known = visible(context)
    said = {name: known[name] for name, asset in inventory.items() if known.get(name, asset) is not asset}
    with _LOCK:
        kept = _SHELVES.get(key)
    if kept and kept.inventory is inventory and kept.glossary is glossary and kept.said == said:
        return kept if context.now - kept.counted_at < USE_KEPT else _counted(context, kept)
    documents = documents_of({**inventory, **said}.values())
    index = index_of(context.workspace, documents, [term.concept for term in glossary.values()])
    by_key = {document.key: document for document in documents}
    return _counted(context, _Shelf(inventory, said, glossary, by_key, index, index.priors, context.now))


def _counted(context: Context, shelf: _Shelf) -> _Shelf:
    gains = used({asset: count.uses for asset, count in counts_in(context).items()})
    gained = np.array([gains.get(key, 0.0) for key in shelf.index.keys], dtype=np.float32)
    made = replace(shelf, priors=np.minimum(1.0, shelf.index.priors + gained), counted_at=context.now)
    with _LOCK:
        if len(_SHELVES) >= _KEPT:
            _SHELVES.clear()
        _SHELVES[str(context.workspace.root)] = made
    return made
