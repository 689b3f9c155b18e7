"""Taking a publication back: what will hold afterwards, and why it is taken back."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tiffin.capabilities.policies.domain.versions import Version, in_force
from tiffin.capabilities.policies.pages.pairs import Comparison, compared
from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.pages.tables import TableTold, told_texts
from tiffin.capabilities.policies.pages.where import Where, place_name, where_of
from tiffin.capabilities.policies.service import ledger, publishing
from tiffin.capabilities.policies.service.drafting_rights import need_publisher
from tiffin.capabilities.policies.service.ledger import Publication
from tiffin.kernel.errors import Conflict, InvalidDefinition, NotFound, TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}/take-back")


@router.get("/{publication_id}")
def ask(request: Request, context: ContextDep, name: str, publication_id: int) -> HTMLResponse:
    """Show what would hold afterwards, and ask for the reason."""
    return _asked(request, context, _publication(context, name, publication_id))


@router.post("/{publication_id}", response_model=None)
def take_back(
    request: Request, context: ContextDep, name: str, publication_id: int, reason: Annotated[str, Form()] = ""
) -> HTMLResponse | RedirectResponse:
    """Take it back at once."""
    found = _publication(context, name, publication_id)
    try:
        with context.session.begin_nested():
            publishing.take_back(context, publication_id, reason)
    except (Conflict, WrongUse) as refusal:
        return _asked(request, context, found, refusal)
    return RedirectResponse(f"/policies/{name}#versions", status_code=HTTPStatus.SEE_OTHER)


def _asked(request: Request, context: Context, found: Publication, refusal: TiffinError | None = None) -> HTMLResponse:
    where = where_of(context, on=max(found.from_date, context.now.date()).isoformat())
    changes, broken = _afterwards(context, found, where)
    return page(
        request,
        context,
        "policies/take_back.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        name=found.policy,
        told=titled(context, found.policy),
        publication=found,
        places=[_place(place, where, context.locale) for place in found.digests],
        where=where,
        compared=changes,
        broken=broken,
    )


def _publication(context: Context, name: str, publication_id: int) -> Publication:
    """Find a publication that the reader may take back.

    Raises
    ------
    NotFound
        There is none of that number of this policy.
    Forbidden
        The actor is no steward over one of its places.
    """
    found = ledger.find_publication(context, publication_id)
    if found.policy != name:
        raise NotFound(Message("There is no publication {number} of a policy.", number=publication_id))
    need_publisher(context, found.digests)
    return found


def _afterwards(context: Context, found: Publication, where: Where) -> tuple[Comparison | None, str]:
    """Give what holds now beside what will hold; or why nothing will."""
    every = ledger.every_version(context, found.policy)
    left = [one for one in every if one.publication != found.number]
    try:
        now, then = (_told(context, found.policy, versions, where) for versions in (every, left))
        return compared(now, then), ""
    except (InvalidDefinition, NotFound) as error:
        return None, error.said


def _told(context: Context, policy: str, versions: Iterable[Version], where: Where) -> TableTold:
    held = ledger.with_parameters(context, policy, in_force(versions, on=where.on, known_at=context.now))
    return told_texts(context, policy, {place: one.text for place, one in held.items()}, where)


def _place(place: str, where: Where, locale: str) -> str:
    return place_name(place, locale, where.names) if place else translate(locale, "All markets")
