"""Editing a draft's table: a file as a sheet, what stands against the sheet, and the sheet back as the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.policies.domain.faults import PolicyFault
from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.capabilities.policies.domain.sheet import (
    CellFault,
    Headings,
    SheetColumn,
    SheetRow,
    columns_of,
    faults_of,
    rows_of,
)
from tiffin.capabilities.policies.domain.versions import BASE, PARAMETERS
from tiffin.capabilities.policies.service import library
from tiffin.capabilities.policies.service.backtest import Backtest, impact
from tiffin.capabilities.policies.service.drafting import Draft, find_draft
from tiffin.capabilities.policies.service.drafting_rights import need_author
from tiffin.capabilities.policies.service.drafting_saving import save_draft
from tiffin.capabilities.policies.service.editing_texts import plain_of, text_with
from tiffin.capabilities.policies.service.parameter_checks import stated_in
from tiffin.capabilities.policies.service.proving import Findings, prove
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import yaml_text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of a draft as cells."""

    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands against a sheet, and what it would change.

    Parameters
    ----------
    cells : tuple of CellFault
        Cells that cannot be read.
    refused : str
        Why the whole cannot be read where no cell is to blame; empty where it can.
    findings : Findings or None
        What the proof says; None where nothing can be proven.
    impact : Backtest or None
        Against what is in force, over past cases; None where that cannot be told.
    unknown_impact : str
        Why it cannot; empty where it can, or where there was nothing to be tried.
    """

    cells: tuple[CellFault, ...]
    refused: str = ""
    findings: Findings | None = None
    impact: Backtest | None = None
    unknown_impact: str = ""


def sheet_of(context: Context, draft: Draft, place: str, headings: Headings) -> Sheet:
    """Give a file of a draft as a sheet; a place that has no overlay yet has an empty one.

    Raises
    ------
    InvalidDefinition
        The text is no YAML, and can be mended as text only.
    WrongUse
        The place is that of the parameters.
    """
    _refuse_parameters(place)
    base = plain_of(draft.texts.get(BASE, ""), draft.policy)
    plain = base if place == BASE else plain_of(draft.texts.get(place, ""), draft.policy)
    overridden = () if place == BASE else _ids(base)
    parameters = _parameter_names(context, draft)
    columns = columns_of(base, context.locale, headings, parameters=parameters, overridden=overridden)
    return Sheet(columns, rows_of(plain))


def judge(context: Context, draft_id: int, place: str, rows: Sequence[SheetRow]) -> Judged:
    """Say what stands against a sheet that is being written, and what it would change.

    Raises
    ------
    NotFound
        There is no such draft.
    """
    draft = find_draft(context, draft_id)
    headings = Headings("", "", "")
    cells = faults_of(rows, sheet_of(context, draft, place, headings).columns)
    if cells:
        return Judged(cells)
    try:
        texts = {**draft.texts, place: _text_with(draft, place, rows)}
        drafted = library.drafted(context, draft.policy, draft.from_date or context.now.date(), texts)
    except PolicyFault as fault:
        return _blamed(fault, rows)
    except InvalidDefinition as fault:
        return Judged((), fault.said)
    found, why = _impact(context, draft, drafted)
    return Judged((), "", prove(context, drafted), found, why)


def save_sheet(context: Context, draft_id: int, place: str, rows: Sequence[SheetRow], *, seen: int) -> Draft:
    """Keep a sheet as the next save of a draft, be it sound or not.

    Raises
    ------
    Conflict
        Somebody saved meanwhile; the sheet is kept beside his.
    Forbidden
        The actor may not write on the place.
    """
    need_author(context, (place,))
    draft = find_draft(context, draft_id)
    _refuse_parameters(place)
    return save_draft(context, draft_id, {place: _text_with(draft, place, rows)}, seen=seen)


def _refuse_parameters(place: str) -> None:
    if place == PARAMETERS:
        raise WrongUse(Message("Parameters are written as text, not as rows of a table."))


def _impact(context: Context, draft: Draft, drafted: Effective) -> tuple[Backtest | None, str]:
    """Try a draft on past cases; or tell why that cannot be."""
    try:
        return impact(context, library.in_force(context, draft.policy, drafted.since), drafted), ""
    except (NotFound, Forbidden, InvalidDefinition) as refusal:
        return None, refusal.said


def _blamed(fault: PolicyFault, rows: Sequence[SheetRow]) -> Judged:
    """Find the cell that a complaint is about."""
    spot = fault.spot
    number = next((number for number, row in enumerate(rows) if row.get("id") == spot.row), None)
    if not spot.row or number is None:
        return Judged((), fault.said)
    keys = [key for key in rows[number] if key.partition(".")[2] == spot.column] if spot.column else ["id"]
    return Judged((CellFault(number, keys[0] if keys else "id", fault.reason),))


def _text_with(draft: Draft, place: str, rows: Sequence[SheetRow]) -> str:
    text = draft.texts.get(place, "")
    if place != BASE and not text.strip():
        text = yaml_text({"policy": draft.policy, "overlay": place, "source": draft.title or draft.policy})
    return text_with(text, draft.policy, rows)


def _parameter_names(context: Context, draft: Draft) -> list[str]:
    """Name the parameters that cells may name; none while they cannot be read."""
    try:
        if PARAMETERS in draft.texts:
            found = stated_in(draft.policy, draft.texts[PARAMETERS])
        else:
            found = library.parameters_of(context.workspace, draft.policy)
    except InvalidDefinition:
        return []
    return sorted({one.name for one in found})


def _ids(base: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row["id"] for row in rows_of(base))
