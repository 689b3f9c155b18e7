"""The page of the search: what answers a question, why, and what to do when nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.capabilities.catalog.domain.searching import Found, Results
from tiffin.capabilities.catalog.pages.browsing import page_of
from tiffin.capabilities.catalog.pages.wording import KINDS
from tiffin.capabilities.catalog.service.glossary import find_term
from tiffin.capabilities.catalog.service.glossary_writing import may_add
from tiffin.capabilities.catalog.service.searching import search
from tiffin.capabilities.catalog.service.unanswered import unanswered
from tiffin.engines.search.reasons import Piece, Reason
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, direction, language_of, language_tag, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

SHOWN = 40
SUGGESTED = 8
TOLD_REASONS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One asset that was found, in the reader's language.

    Parameters
    ----------
    pieces : tuple of Piece
        The text that answers, with its answering words marked; in the language ``lang``.
    """

    name: str
    label: str
    kind: AssetKind
    href: str
    tier: str
    life_cycle: str
    pieces: tuple[Piece, ...]
    lang: str
    dir: str
    reasons: tuple[Reason, ...]


@router.get("/search")
def show_search(request: Request, context: ContextDep, q: str = "", kind: str = "") -> HTMLResponse:
    """Show what answers a question, by kind."""
    results = _searched(context, q, kind, limit=SHOWN) if q.strip() else None
    language = language_of(context.locale)
    groups = _groups(results, language) if results else {}
    values: dict[str, Any] = {
        "q": q,
        "kind": kind,
        "results": results,
        "groups": groups,
        "kinds": {one.value: translate(language, KINDS[one]) for one in (results.kinds if results else {})},
        "kind_names": {one: translate(language, KINDS[one]) for one in groups},
        "concept_label": lambda name: find_term(context, name).label.text(language),
        "endonyms_of": ENDONYMS,
        "ask_address": f"/adoption/ask?q={quote(q)}",
        "may_add": may_add(context),
    }
    return page(request, context, "catalog/search.html", **values)


@router.get("/search/suggest")
def suggest(request: Request, context: ContextDep, q: str = "") -> Response:
    """Give the first answers to a question that is being typed, as a part of a page."""
    language = language_of(context.locale)
    results = _searched(context, q, "", limit=SUGGESTED, is_typing=True) if q.strip() else None
    groups = _groups(results, language) if results else {}
    names = {one: translate(language, KINDS[one]) for one in groups}
    return page(request, context, "catalog/suggest.html", q=q, groups=groups, kind_names=names)


@router.get("/search/unanswered")
def show_unanswered(request: Request, context: ContextDep) -> HTMLResponse:
    """Show which questions found nothing, to stewards."""
    return page(request, context, "catalog/unanswered.html", found=unanswered(context))


def _searched(context: Context, q: str, kind: str, *, limit: int, is_typing: bool = False) -> Results:
    kinds = (AssetKind(kind),) if kind in set(AssetKind) else ()
    return search(context, q, kinds=kinds, limit=limit, is_typing=is_typing)


def _groups(results: Results, language: str) -> Mapping[AssetKind, tuple[Entry, ...]]:
    return {kind: tuple(_entry(one, language) for one in found) for kind, found in results.groups.items()}


def _entry(found: Found, language: str) -> Entry:
    asset, why = found.asset, found.why
    label, meaning = asset.label_in(language), asset.meaning_in(language)
    pieces, locale = why.pieces, why.text.locale if why.text else language
    if not pieces or (locale != language and meaning) or "".join(one.text for one in pieces) == label:
        pieces, locale = (Piece(meaning, answers=False),), language
    return Entry(
        name=asset.id.text,
        label=label,
        kind=asset.kind,
        href=page_of(asset.id),
        tier=asset.tier.value,
        life_cycle=asset.life_cycle.value,
        pieces=pieces if meaning or why.text else (),
        lang=language_tag(locale),
        dir=direction(locale),
        reasons=tuple(islice(why.reasons, TOLD_REASONS)),
    )
