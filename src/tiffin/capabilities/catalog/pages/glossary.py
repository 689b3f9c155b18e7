"""The glossary as pages: every term in the reader's language, with its words in all the others."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.glossary import MOST_LETTERS, Term
from tiffin.capabilities.catalog.pages.asset import form_of
from tiffin.capabilities.catalog.pages.browsing import page_of
from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of, glossary_problems
from tiffin.capabilities.catalog.service.glossary_writing import (
    DEFINITION_LETTERS,
    NewTerm,
    add_synonym,
    add_term,
    added_here,
    is_added_here,
    may_add,
    remove_synonym,
    remove_term,
)
from tiffin.engines.search.folding import folded
from tiffin.kernel.assets import AssetId
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, direction, language_of, language_tag
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/glossary")
def show_glossary(request: Request, context: ContextDep, q: str = "") -> HTMLResponse:
    """Show every term, or those that hold some words in any language."""
    return _glossary_page(request, context, q=q)


@router.post("/glossary")
def write_term(request: Request, context: ContextDep, said: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
    """Add a term with its words in every language; what is refused stays in the form."""
    try:
        with context.session.begin_nested():
            term = add_term(context, _new_term(said))
    except (Conflict, WrongUse) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _glossary_page(request, context, form=said, refused=refusal.said, status=status)
    return RedirectResponse(f"/catalog/glossary/{quote(term.name)}", status_code=HTTPStatus.SEE_OTHER)


def _glossary_page(
    request: Request,
    context: Context,
    *,
    q: str = "",
    form: Mapping[str, str] | None = None,
    refused: object = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    service.require_grant(context)
    language = language_of(context.locale)
    found = [term for term in glossary_of(context).values() if _holds(term, folded(q.strip()))]
    found.sort(key=lambda term: folded(term.label.text(language)))
    problems = [str(one) for one in glossary_problems(context)] if may_add(context) else []
    values: dict[str, Any] = {
        "q": q,
        "found": found,
        "problems": problems,
        "may_add": may_add(context),
        "form": form or {},
        "refused": refused,
        "most_letters": MOST_LETTERS,
        "definition_letters": DEFINITION_LETTERS,
        "tongues": [(locale, ENDONYMS[locale], language_tag(locale), direction(locale)) for locale in LOCALES],
    }
    return page(request, context, "catalog/glossary.html", status=status, **values)


def _new_term(said: Mapping[str, str]) -> NewTerm:
    """Read the form: words between commas of any script, and assets by name."""

    def by_locale(part: str) -> dict[str, str]:
        texts = {locale: " ".join(said.get(f"{part}.{locale}", "").split()) for locale in LOCALES}
        return {locale: text for locale, text in texts.items() if text}

    synonyms = {locale: tuple(_listed(text)) for locale, text in by_locale("synonyms").items()}
    about = tuple(AssetId.parse(name) for name in _listed(said.get("about", "")))
    return NewTerm(by_locale("label"), by_locale("definition"), synonyms, about)


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in re.split("[,\u060c\uff0c\u3001;\n]", text) if one.strip()))


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
        "is_added_here": is_added_here(context.workspace, name),
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
    locale: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "add",
) -> Response:
    """Add a word to a term, take one back, or take back the whole term where people added it."""
    if action == "remove_term":
        remove_term(context, name)
        return RedirectResponse("/catalog/glossary", status_code=HTTPStatus.SEE_OTHER)
    _change(context, name, locale, words, action)
    return RedirectResponse(f"/catalog/glossary/{name}", status_code=HTTPStatus.SEE_OTHER)


def _change(context: Context, name: str, locale: str, words: str, action: str) -> None:
    (remove_synonym if action == "remove" else add_synonym)(context, name, locale, words)


def _holds(term: Term, words: str) -> bool:
    texts = (*term.label.texts.values(), *(one for said in term.synonyms.values() for one in said), term.name)
    return not words or any(words in folded(text) for text in texts)
