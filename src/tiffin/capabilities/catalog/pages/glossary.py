"""The glossary as pages: every term in the reader's language, with its words in all the others."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.glossary import MOST_LETTERS, Term
from tiffin.capabilities.catalog.pages.browsing import page_of
from tiffin.capabilities.catalog.service.glossary import (
    add_synonym,
    added_here,
    find_term,
    glossary_of,
    glossary_problems,
    may_add,
    remove_synonym,
)
from tiffin.engines.search.folding import folded
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, direction, language_of, language_tag
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/glossary")
def show_glossary(request: Request, context: ContextDep, q: str = "") -> HTMLResponse:
    """Show every term, or those that hold some words in any language."""
    service.require_grant(context)
    language = language_of(context.locale)
    found = [term for term in glossary_of(context).values() if _holds(term, folded(q.strip()))]
    found.sort(key=lambda term: folded(term.label.text(language)))
    problems = [str(one) for one in glossary_problems(context)] if may_add(context) else []
    return page(request, context, "catalog/glossary.html", q=q, found=found, problems=problems)


@router.get("/glossary/{name}")
def show_term(request: Request, context: ContextDep, name: str) -> HTMLResponse:
    """Show one term: what it means, its words in every language, and the assets that are about it."""
    service.require_grant(context)
    term, glossary, language = find_term(context, name), glossary_of(context), language_of(context.locale)
    known = service.visible(context)
    about = [(page_of(asset), known[asset].label_in(language), asset) for asset in term.about_among(known)]
    values: dict[str, Any] = {
        "term": term,
        "related": [glossary[one] for one in term.related],
        "about": about,
        "words": [(locale, term.label.text(locale), term.synonyms.get(locale, ())) for locale in LOCALES],
        "added": {locale: added_here(context.workspace, name, locale) for locale in LOCALES},
        "may_add": may_add(context),
        "most_letters": MOST_LETTERS,
        "direction_of": direction,
        "tag_of": language_tag,
        "endonyms_of": ENDONYMS,
    }
    return page(request, context, "catalog/term.html", **values)


@router.post("/glossary/{name}")
def change_term(
    context: ContextDep,
    name: str,
    locale: Annotated[str, Form()],
    words: Annotated[str, Form()],
    action: Annotated[str, Form()] = "add",
) -> Response:
    """Add a word to a term, or take one back."""
    _change(context, name, locale, words, action)
    return RedirectResponse(f"/catalog/glossary/{name}", status_code=HTTPStatus.SEE_OTHER)


def _change(context: Context, name: str, locale: str, words: str, action: str) -> None:
    (remove_synonym if action == "remove" else add_synonym)(context, name, locale, words)


def _holds(term: Term, words: str) -> bool:
    texts = (*term.label.texts.values(), *(one for said in term.synonyms.values() for one in said), term.name)
    return not words or any(words in folded(text) for text in texts)
