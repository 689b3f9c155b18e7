"""What the pages of adoption share: the words of a form, and how a refusal shows the page again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.adoption.service.words import word
from tiffin.kernel.errors import Conflict, NotFound, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.web.page import page


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was sent: its fields, and the cities that were chosen among several."""

    told: Mapping[str, str]
    cities: tuple[str, ...]


async def whole_form(request: Request) -> Form:
    """Read a whole form."""
    form = await request.form()
    told = {name: text.strip() for name, text in form.items() if isinstance(text, str)}
    return Form(told, tuple(text for text in form.getlist("cities") if isinstance(text, str) and text))


WholeForm = Annotated[Form, Depends(whole_form)]
Show = Callable[..., Response]


def shown(request: Request, context: Context, template: str, /, **values: Any) -> Response:
    """Draw a page with the words of adoption at hand."""
    return page(request, context, template, word=lambda name: word(name, context.locale), **values)


def acted(act: Callable[[], object], target: str, again: Show, said: Mapping[str, str]) -> Response:
    """Act and go to where the result is seen; a refusal that can be mended shows the page again and says why."""
    try:
        act()
    except (Conflict, WrongUse, NotFound) as refusal:
        return again(refused=refusal.said, said=said, status=status_of(refusal))
    return seen(target)


def status_of(refusal: TiffinError) -> HTTPStatus:
    """Give the HTTP status of a refusal."""
    return HTTPStatus(refusal.http_status)


def seen(target: str) -> Response:
    """Go to a page after something was written."""
    return RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)
