"""The pages on which columns are classified: what waits, and one table's columns."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.access.domain.classification import ColumnView, Holder
from tiffin.capabilities.access.service import classification as service
from tiffin.capabilities.access.service.kinds import CLASS_MEANINGS, CLASS_NAMES, KINDS, RULES
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/access/classification", include_in_schema=False)

WAITING = "waiting"
ALL = "all"
GUARDED = "guarded"

HolderName = Annotated[str, Query(alias="of", max_length=400)]
IsFile = Annotated[bool, Query(alias="file")]
FormHolder = Annotated[str, Form(alias="of", max_length=400)]
FormIsFile = Annotated[bool, Form(alias="file")]
ColumnField = Annotated[str, Form(max_length=400)]


@router.get("")
def show_holders(request: Request, context: ContextDep) -> Response:
    """Show which tables and files were looked at, and in which something waits."""
    return _holders_page(request, context)


@router.post("/look")
def look(request: Request, context: ContextDep, table: Annotated[str, Form(max_length=400)]) -> Response:
    """Run the detectors over a table."""
    try:
        service.classify_table(context, table)
    except Conflict as refusal:
        return _holders_page(request, context, refused=refusal.said, status=HTTPStatus.CONFLICT)
    return _to(Holder(table))


@router.get("/columns")
def show_columns(
    request: Request, context: ContextDep, of: HolderName, *, file: IsFile = False, show: str = WAITING
) -> Response:
    """Show the columns of one table or file with what is proposed, confirmed and in force."""
    return _columns_page(request, context, Holder(of, is_file=file), show=show)


@router.post("/confirm")
def confirm(
    request: Request,
    context: ContextDep,
    of: FormHolder,
    column: ColumnField,
    chosen: Annotated[Classification, Form()],
    reason: Annotated[str, Form(max_length=2000)] = "",
    file: FormIsFile = False,  # noqa: FBT002 - a field of the form
) -> Response:
    """Confirm one column's class; a refusal shows the page again and says why."""
    holder = Holder(of, is_file=file)
    try:
        service.confirm(context, holder, column, chosen, reason=reason)
    except (Conflict, InvalidData) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _columns_page(request, context, holder, show=ALL, refused=refusal.said, status=status)
    return _to(holder, column)


@router.post("/confirm-all")
def confirm_all(context: ContextDep, of: FormHolder, file: FormIsFile = False) -> Response:  # noqa: FBT002 - as above
    """Confirm every proposal of a table or file that waits."""
    holder = Holder(of, is_file=file)
    service.confirm_all(context, holder)
    return _to(holder)


@router.post("/loosen")
def loosen(
    request: Request,
    context: ContextDep,
    of: FormHolder,
    column: ColumnField,
    answer: Annotated[str, Form()],
    file: FormIsFile = False,  # noqa: FBT002 - as above
) -> Response:
    """Agree that a column is guarded less, or leave it as it is."""
    holder = Holder(of, is_file=file)
    decide = service.agree if answer == "agree" else service.decline
    try:
        decide(context, holder, column)
    except (Conflict, Forbidden) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _columns_page(request, context, holder, show=WAITING, refused=refusal.said, status=status)
    return _to(holder, column)


def _holders_page(
    request: Request, context: ContextDep, *, refused: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    found = service.list_holders(context)
    looked_at = {one.holder.name for one in found if not one.holder.is_file}
    return page(
        request,
        context,
        "access/classification.html",
        status=status,
        found=found,
        tables=[("", translate(context.locale, mark("Choose"))), *((name, name) for name in sorted(TABLES))],
        unseen=len(set(TABLES) - looked_at),
        refused=refused,
    )


def _columns_page(
    request: Request,
    context: ContextDep,
    holder: Holder,
    *,
    show: str,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    every = service.columns_of(context, holder)
    shown = {WAITING: [one for one in every if one.waits], GUARDED: [one for one in every if _is_guarded(one)]}
    return page(
        request,
        context,
        "access/classified_columns.html",
        status=status,
        holder=holder,
        columns=shown.get(show, every),
        show=show if show in shown else ALL,
        total=len(every),
        waiting=sum(one.confirmed is None for one in every),
        refused=refused,
        classes=CLASS_NAMES,
        meanings=CLASS_MEANINGS,
        kinds=KINDS,
        rules=RULES,
    )


def _is_guarded(one: ColumnView) -> bool:
    return one.in_force not in (Classification.PUBLIC, Classification.INTERNAL)


def _to(holder: Holder, column: str = "") -> RedirectResponse:
    at = f"?of={quote(holder.name)}&file={str(holder.is_file).lower()}&show={ALL}"
    anchor = f"#column-{quote(column)}" if column else ""
    return RedirectResponse(f"/access/classification/columns{at}{anchor}", status_code=HTTPStatus.SEE_OTHER)
