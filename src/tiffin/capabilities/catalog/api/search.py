"""Search and glossary over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.catalog.domain.tools import FIND_ASSETS, TOOLS
from tiffin.capabilities.catalog.service.glossary import find_term, glossary_of
from tiffin.capabilities.catalog.service.search_plain import results_as_plain, term_as_plain
from tiffin.capabilities.catalog.service.searching import MOST_FOUND, search
from tiffin.kernel.assets import AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of
from tiffin.web.assistants import OfferedTool, offer
from tiffin.web.edge import ContextDep

router = APIRouter()


class Asked(BaseModel):
    """What an assistant looks for."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=200, description="What is looked for, in the asker's own words and language.")
    kinds: list[AssetKind] = Field(default=[], description="Only these kinds of assets; none for all.")
    limit: int = Field(default=10, ge=1, le=50, description="How many at most.")


def _answer(context: Context, asked: Asked) -> dict[str, Any]:
    results = search(context, asked.question, kinds=asked.kinds, limit=asked.limit)
    return results_as_plain(results, language_of(context.locale))


offer(OfferedTool(FIND_ASSETS, TOOLS[FIND_ASSETS], Asked, _answer))


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
