"""Search and glossary over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of
from tiffin.capabilities.catalog.service.search_plain import results_as_plain, term_as_plain
from tiffin.capabilities.catalog.service.searching import MOST_FOUND, search
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.i18n import language_of
from tiffin.web.edge import ContextDep

router = APIRouter()


@router.get("/search")
def find(
    context: ContextDep,
    q: str,
    kind: Annotated[list[AssetKind] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
) -> dict[str, Any]:
    """Find the assets that answer a question in any language of the platform, best first, with the reasons."""
    return results_as_plain(search(context, q, kinds=kind or (), limit=limit), language_of(context.locale))


@router.get("/glossary")
def terms(context: ContextDep) -> dict[str, Any]:
    """List the terms of the business with their words in every language."""
    language = language_of(context.locale)
    return {"concepts": [term_as_plain(term, language) for term in glossary_of(context).values()]}


@router.get("/glossary/{name}")
def term(context: ContextDep, name: str) -> dict[str, Any]:
    """Give one term of the glossary."""
    return term_as_plain(find_term(context, name), language_of(context.locale))
