"""Drafts of a policy: begun, proposed, sent back, withdrawn, and published by a second person."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from tiffin.capabilities.policies.pages.pairs import Comparison, compared
from tiffin.capabilities.policies.pages.parameters import ParameterTold, told_parameter
from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.pages.tables import told_texts
from tiffin.capabilities.policies.pages.where import day_of, place_name, where_of
from tiffin.capabilities.policies.pages.wording import ACTS, STATES
from tiffin.capabilities.policies.service import (
    drafting,
    drafting_merging,
    drafting_proposing,
    drafting_saving,
    publishing,
)
from tiffin.capabilities.policies.service.drafting import Draft
from tiffin.capabilities.policies.service.drafting_rights import may_draft, may_publish
from tiffin.capabilities.policies.service.parameter_checks import changed_entries
from tiffin.kernel.errors import Conflict, FailedCheck, InvalidData, InvalidDefinition, NotFound, TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}/drafts")

Text = Annotated[str, Form()]
Seen = Annotated[int, Form()]


class Proposal(BaseModel):
    """What is said when a draft is proposed; ``seen`` is the save that its author looked at."""

    seen: int
    from_date: str = ""
    comment: str = ""
    late_reason: str = ""


@router.get("")
def show_drafts(request: Request, context: ContextDep, name: str, everything: str = "") -> HTMLResponse:
    """Show the drafts of a policy, and how to begin another."""
    names = where_of(context).names
    return page(
        request,
        context,
        "policies/drafts.html",
        name=name,
        told=titled(context, name),
        drafts=drafting.list_drafts(context, name, everything=bool(everything)),
        everything=everything,
        may_draft=may_draft(context, ()),
        states=STATES,
        place_name=lambda place: _place(place, context.locale, names),
    )


@router.post("")
def begin(context: ContextDep, name: str, title: Text = "") -> RedirectResponse:
    """Begin a draft."""
    return _to(name, drafting.begin_draft(context, name, title=title).draft_id)


@router.get("/{draft_id}")
def show_draft(request: Request, context: ContextDep, name: str, draft_id: int) -> HTMLResponse:
    """Show a draft: what it changes, what is proven of it, and its review."""
    return _shown(request, context, name, draft_id)


@router.post("/{draft_id}/propose", response_model=None)
def propose(
    request: Request, context: ContextDep, name: str, draft_id: int, proposal: Annotated[Proposal, Form()]
) -> HTMLResponse | RedirectResponse:
    """Hand a draft over to a second person."""

    def act() -> object:
        return drafting_proposing.propose(
            context,
            draft_id,
            from_date=day_of(proposal.from_date),
            comment=proposal.comment,
            late_reason=proposal.late_reason,
            seen=proposal.seen,
        )

    return _done(request, context, name, draft_id, act)


@router.post("/{draft_id}/publish", response_model=None)
def publish(
    request: Request, context: ContextDep, name: str, draft_id: int, seen: Seen, comment: Text = ""
) -> HTMLResponse | RedirectResponse:
    """Publish a proposed draft as its second person."""
    act = partial(publishing.publish_draft, context, draft_id, comment=comment, seen=seen)
    return _done(request, context, name, draft_id, act)


@router.post("/{draft_id}/send-back", response_model=None)
def send_back(
    request: Request, context: ContextDep, name: str, draft_id: int, comment: Text = ""
) -> HTMLResponse | RedirectResponse:
    """Hand a proposed draft back to its authors."""
    return _done(request, context, name, draft_id, partial(drafting_proposing.send_back, context, draft_id, comment))


@router.post("/{draft_id}/withdraw", response_model=None)
def withdraw(
    request: Request, context: ContextDep, name: str, draft_id: int, comment: Text = ""
) -> HTMLResponse | RedirectResponse:
    """Give a draft up."""
    return _done(request, context, name, draft_id, partial(drafting_proposing.withdraw, context, draft_id, comment))


@router.post("/{draft_id}/undo", response_model=None)
def undo(
    request: Request, context: ContextDep, name: str, draft_id: int, seen: Seen
) -> HTMLResponse | RedirectResponse:
    """Go back to the save before."""
    act = partial(drafting_saving.undo_save, context, draft_id, seen=seen)
    return _done(request, context, name, draft_id, act)


@router.post("/{draft_id}/redo", response_model=None)
def redo(
    request: Request, context: ContextDep, name: str, draft_id: int, seen: Seen
) -> HTMLResponse | RedirectResponse:
    """Go forward to the save after."""
    act = partial(drafting_saving.redo_save, context, draft_id, seen=seen)
    return _done(request, context, name, draft_id, act)


def _done(
    request: Request, context: Context, name: str, draft_id: int, act: Callable[[], object]
) -> HTMLResponse | RedirectResponse:
    """Do what was asked for; what stands against it is shown over the draft."""
    draft_of(context, name, draft_id)
    try:
        with context.session.begin_nested():
            act()
    except (FailedCheck, Conflict, InvalidData, WrongUse) as refusal:
        return _shown(request, context, name, draft_id, refusal)
    return _to(name, draft_id)


def _shown(
    request: Request, context: Context, name: str, draft_id: int, refusal: TiffinError | None = None
) -> HTMLResponse:
    draft = draft_of(context, name, draft_id)
    names = where_of(context).names
    changes, broken = _changes(context, draft)
    return page(
        request,
        context,
        "policies/draft.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        name=name,
        told=titled(context, name),
        draft=draft,
        states=STATES,
        acts=ACTS,
        moved=[_place(place, context.locale, names) for place in drafting_merging.moved_places(context, draft)],
        compared=changes,
        broken=broken,
        entries=_entries(context, draft),
        today=context.now.date(),
        may_draft=may_draft(context, draft.files or ()),
        may_publish=may_publish(context, draft.files or ("",)),
        is_author=context.actor.name in draft.authors,
        is_proposer=context.actor.name == draft.proposer,
    )


def draft_of(context: Context, name: str, draft_id: int) -> Draft:
    """Find a draft of this policy.

    Raises
    ------
    NotFound
        There is none of that number.
    """
    draft = drafting.find_draft(context, draft_id)
    if draft.policy != name:
        raise NotFound(
            Message(
                "Draft {number} is not one of the policy {policy}. Go there from its drafts.",
                number=draft_id,
                policy=name,
            )
        )
    return draft


def _changes(context: Context, draft: Draft) -> tuple[Comparison | None, str]:
    """Give what a draft changes of what it began from, and why that cannot be told."""
    if not draft.files:
        return None, ""
    where = where_of(context)
    try:
        now = told_texts(context, draft.policy, draft.texts, where)
        was = told_texts(context, draft.policy, draft.base, where) if draft.base else None
    except InvalidDefinition as error:
        return None, error.said
    return compared(was or replace(now, rows=()), now), ""


def _entries(context: Context, draft: Draft) -> list[tuple[str, ParameterTold]]:
    """Give the entries of parameters that a draft adds or takes away; none while they cannot be read."""
    where = where_of(context)
    try:
        gone, added = changed_entries(draft)
    except InvalidDefinition:
        return []
    told = [(is_new, one) for is_new, found in ((False, gone), (True, added)) for one in found]
    return [(one.name, told_parameter(one, where, context.locale, holds=is_new)) for is_new, one in told]


def _place(place: str, locale: str, names: Mapping[str, str]) -> str:
    return place_name(place, locale, names) if place else translate(locale, "All markets")


def _to(name: str, draft_id: int) -> RedirectResponse:
    return RedirectResponse(f"/policies/{name}/drafts/{draft_id}", status_code=HTTPStatus.SEE_OTHER)
