"""A sort of case as a picture, with its actions and clocks, in the reader's language."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.capabilities.cases.service.records import type_of
from tiffin.capabilities.cases.service.words import CLOCKS, word
from tiffin.engines.cases.drawing import BOX_HEIGHT, BOX_WIDTH, picture_of
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)


@router.get("/cases/types/{name}")
def show_type(
    request: Request, context: ContextDep, name: str, state: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show what can become of a case of a sort, with the state in which one stands marked."""
    found, locale = type_of(name), context.locale
    return page(
        request,
        context,
        "cases/type.html",
        declared=found,
        picture=picture_of(found),
        size=(BOX_WIDTH, BOX_HEIGHT),
        present=state if state in found.states_by_name else "",
        names=sorted(CASE_TYPES),
        word=lambda text: word(text, locale),
        clock=lambda text: translate(locale, CLOCKS[text]) if text in CLOCKS else word(text, locale),
    )
