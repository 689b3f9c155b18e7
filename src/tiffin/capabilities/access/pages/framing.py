"""What the pages of requests, emergencies and reviews share: names of places and words."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.access.service.surroundings import countries_of_cities, names_of_cities
from tiffin.capabilities.access.service.wording import CLASSES, ROLES
from tiffin.capabilities.cases.service.words import word
from tiffin.runtime.context import Context
from tiffin.web.page import page


def framed(
    request: Request,
    context: Context,
    template: str,
    /,
    *,
    status: int = HTTPStatus.OK,
    refused: str = "",
    **shown: Any,
) -> Response:
    """Draw a page of access with the words for roles, classes of columns, places and states."""
    around: Mapping[str, Any] = {
        "countries": sorted({*countries_of_cities(context).values()}),
        "names": names_of_cities(context),
        "words": CLASSES,
        "roles": ROLES,
        "case_word": lambda name: word(name, context.locale),
        "refused": refused,
    }
    return page(request, context, f"access/{template}", status=status, **around, **shown)


def went_to(address: str) -> Response:
    """Lead on to a page after something was done."""
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
