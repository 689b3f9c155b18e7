"""The editor of a policy's table in a browser."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from tiffin.capabilities.policies.domain.sheet import Headings, SheetColumn
from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS
from tiffin.capabilities.policies.pages.drafts import draft_of
from tiffin.capabilities.policies.pages.editing_words import EVERYWHERE, KINDS, SHORTCUTS, SIDES, WORDS
from tiffin.capabilities.policies.pages.effect import told_effect
from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.pages.units import told_unit
from tiffin.capabilities.policies.pages.where import place_name, where_of
from tiffin.capabilities.policies.service import drafting_saving, editing
from tiffin.capabilities.policies.service.drafting import Draft
from tiffin.capabilities.policies.service.drafting_rights import may_draft
from tiffin.capabilities.policies.service.editing import Judged
from tiffin.capabilities.policies.service.proving import Findings
from tiffin.kernel.errors import Conflict, InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import digits_of, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}/drafts/{draft_id}/edit")


class SentSheet(BaseModel):
    """A sheet as the browser sends it.

    Parameters
    ----------
    place : str
        Empty for the base, else the market or city of the overlay.
    rows : list
        Cells by the keys of the columns.
    follows : int
        The save upon which it was written.
    """

    model_config = ConfigDict(extra="forbid")

    place: str
    rows: list[dict[str, str]]
    follows: int


@router.get("")
def show_editor(request: Request, context: ContextDep, name: str, draft_id: int, place: str = BASE) -> HTMLResponse:
    """Show a file of a draft as a sheet of cells, and as text."""
    draft = draft_of(context, name, draft_id)
    return _editor(request, context, draft, place)


@router.post("/check")
def check(context: ContextDep, name: str, draft_id: int, sheet: SentSheet) -> dict[str, Any]:
    """Say what stands against a sheet, and what it would change, before it is saved."""
    draft_of(context, name, draft_id)
    judged = editing.judge(context, draft_id, sheet.place, sheet.rows)
    locale = context.locale
    return {
        "cells": [{"row": one.row, "column": one.column, "said": translate(locale, one.said)} for one in judged.cells],
        "proven": judged.findings is not None,
        "findings": _findings(judged, locale),
        "impact": None if judged.impact is None else told_effect(judged.impact.comparison, locale),
        "unknown": translate(locale, judged.unknown_impact),
    }


@router.post("/save")
def save(context: ContextDep, name: str, draft_id: int, sheet: SentSheet) -> dict[str, int]:
    """Keep a sheet as the next save of its draft."""
    draft_of(context, name, draft_id)
    kept = editing.save_sheet(context, draft_id, sheet.place, sheet.rows, seen=sheet.follows)
    return {"head": kept.head}


@router.post("/text", response_model=None)
def save_text(
    request: Request,
    context: ContextDep,
    name: str,
    draft_id: int,
    text: Annotated[str, Form()],
    follows: Annotated[int, Form()],
    place: str = BASE,
) -> HTMLResponse | RedirectResponse:
    """Keep a text as the next save of its draft."""
    draft = draft_of(context, name, draft_id)
    try:
        drafting_saving.save_draft(context, draft_id, {place: text}, seen=follows)
    except Conflict as conflict:
        return _editor(request, context, draft, place, text=text, refused=conflict)
    return RedirectResponse(request.url.path.removesuffix("/text") + f"?place={place}", HTTPStatus.SEE_OTHER)


def _editor(
    request: Request,
    context: Context,
    draft: Draft,
    place: str,
    *,
    text: str | None = None,
    refused: Conflict | None = None,
) -> HTMLResponse:
    told, locale = titled(context, draft.policy), context.locale
    table, faulty = _table(context, draft, place)
    return page(
        request,
        context,
        "policies/policy_editor.html",
        status=refused.http_status if refused else HTTPStatus.OK,
        draft=draft,
        title=told.title,
        question=told.question,
        address=f"/policies/{draft.policy}/drafts/{draft.draft_id}",
        place=place,
        places=_places(context, draft, place),
        table=table,
        groups=_groups(table, locale),
        faulty=refused.said if refused else faulty,
        locked=_locked(context, draft, place),
        text=draft.texts.get(place, "") if text is None else text,
        words={key: translate(locale, said) for key, said in WORDS.items()},
        digits=digits_of(locale),
        shortcuts=[(keys, translate(locale, said)) for keys, said in SHORTCUTS],
    )


def _findings(judged: Judged, locale: str) -> list[dict[str, Any]]:
    """Give what stands against the whole, then what the proof found."""
    found = judged.findings or Findings()
    whole = [one for one in (judged.refused, found.refused) if one]
    told = [{"heading": "", "said": translate(locale, one), "example": "", "rows": [], "tone": "bad"} for one in whole]
    for one in found.told:
        texts = {"heading": one.heading, "said": one.said, "example": one.example}
        told.append({key: translate(locale, text) for key, text in texts.items()} | {"rows": one.rows, "tone": "bad"})
    return told


def _table(context: Context, draft: Draft, place: str) -> tuple[dict[str, Any] | None, str]:
    """Give the sheet for the browser; or why there is none. Parameters have none, and nothing is wrong with that."""
    if place == PARAMETERS:
        return None, ""
    locale = context.locale
    headings = Headings(*(translate(locale, SIDES[one]) for one in ("id", "over", "reason")))
    try:
        sheet = editing.sheet_of(context, draft, place, headings)
    except InvalidDefinition as fault:
        return None, fault.said
    columns = [_column(one, locale) for one in sheet.columns]
    return {"columns": columns, "rows": sheet.rows, "head": draft.head}, ""


def _column(column: SheetColumn, locale: str) -> dict[str, Any]:
    unit = told_unit(column.unit, locale)
    kind = translate(locale, KINDS[column.kind]) if column.kind in KINDS else column.kind
    hint = " · ".join(one for one in (kind, unit, column.values) if one)
    return {
        "key": column.key,
        "side": column.side,
        "label": column.label,
        "unit": unit,
        "hint": hint,
        "options": column.options,
    }


def _groups(table: Mapping[str, Any] | None, locale: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Bring the columns of each side together, in their order."""
    sides: dict[str, list[dict[str, Any]]] = {}
    for column in table["columns"] if table else ():
        side = "id" if column["side"] == "over" else column["side"]
        sides.setdefault(side, []).append(column)
    return [(translate(locale, SIDES[side]), columns) for side, columns in sides.items()]


def _places(context: Context, draft: Draft, place: str) -> list[dict[str, str]]:
    names = where_of(context).names
    every = dict.fromkeys((BASE, *(one for one in (*draft.texts, place) if one != PARAMETERS), PARAMETERS))
    whole = translate(context.locale, EVERYWHERE)
    return [{"place": one, "name": place_name(one, context.locale, names) if one else whole} for one in every]


def _locked(context: Context, draft: Draft, place: str) -> str:
    if not draft.is_open:
        return translate(context.locale, Message("This draft is finished and can only be read."))
    if not may_draft(context, (place,)):
        return translate(context.locale, Message("You may read this table and not write it."))
    return ""
