"""The data pages: tables with their contracts, loads, and what waits in quarantine."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.facts import service
from tiffin.capabilities.facts.domain.views import LoadView, QuarantinedRow, TableSummary
from tiffin.kernel.contract import Classification, TableContract
from tiffin.kernel.errors import Forbidden
from tiffin.runtime.classes import class_in_force, confirmed_classes
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, mark
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import Page, ordered, paged

router = APIRouter(prefix="/data", include_in_schema=False)

PageNumber = Annotated[int, Query(alias="page", ge=1)]

RECENT = 8
ROWS_A_PAGE = 25
MASK = "•••"
GUARDED = frozenset({Classification.PERSONAL, Classification.SPECIAL})
PERSONAL_WORDS = frozenset(
    [
        "address",
        "customer",
        "email",
        "lat",
        "latitude",
        "lng",
        "lon",
        "longitude",
        "mail",
        "mobile",
        "name",
        "phone",
        "rider",
        "user",
    ]
)
"""Words in the name of a file's own column that tell of a person, whatever the contract calls the column."""

CLASSIFICATIONS: Mapping[Classification, str] = {
    Classification.PUBLIC: mark("public"),
    Classification.INTERNAL: mark("internal"),
    Classification.CONFIDENTIAL: mark("confidential"),
    Classification.PERSONAL: mark("personal"),
    Classification.SPECIAL: mark("special"),
}

TABLE_SORTS: dict[str, Callable[[TableSummary], Any]] = {
    "name": lambda table: table.name,
    "rows": lambda table: table.rows,
    "changed": lambda table: table.changed_at,
    "quarantined": lambda table: table.quarantined,
}
LOAD_SORTS: dict[str, Callable[[LoadView], Any]] = {
    "at": lambda load: load.loaded_at,
    "feed": lambda load: load.feed,
    "read": lambda load: load.read,
    "quarantined": lambda load: load.quarantined,
}


@router.get("")
def show_tables(request: Request, context: ContextDep, q: str = "", sort: str = "") -> HTMLResponse:
    """Show every fact table, the loaded ones first."""
    words = q.casefold().split()
    matching = [table for table in service.list_tables(context) if _matches(table, words)]
    return page(
        request,
        context,
        "facts/tables.html",
        loaded=ordered([table for table in matching if table.rows], sort=sort, keys=TABLE_SORTS),
        empty=[table for table in matching if not table.rows],
        loads=service.list_loads(context, limit=RECENT),
        q=q,
        sort=sort,
    )


@router.get("/loads")
def show_loads(
    request: Request, context: ContextDep, feed: str = "", sort: str = "", page_number: PageNumber = 1
) -> HTMLResponse:
    """Show the loads, newest first."""
    loads = service.list_loads(context, limit=1000)
    chosen = [load for load in loads if feed in ("", load.feed)]
    return page(
        request,
        context,
        "facts/loads.html",
        loads=paged(ordered(chosen, sort=sort, keys=LOAD_SORTS), number=page_number),
        feeds=sorted({load.feed for load in loads}),
        feed=feed,
        sort=sort,
    )


@router.get("/attention")
def show_attention(request: Request, context: ContextDep) -> HTMLResponse:
    """Show what needs a look among the facts, as a panel for other pages."""
    waiting = [table for table in service.list_tables(context) if table.quarantined]
    return page(
        request, context, "facts/attention.html", waiting=waiting, loads=service.list_loads(context, limit=RECENT)
    )


@router.get("/{name}")
def show_table(
    request: Request, context: ContextDep, name: str, rule: str = "", page_number: PageNumber = 1
) -> HTMLResponse:
    """Show one table: its contract, versions, loads and quarantine."""
    detail = service.describe_table(context, name)
    return page(
        request,
        context,
        "facts/table.html",
        table=detail.summary,
        contract=detail.contract,
        history=detail.history,
        rules=detail.quarantine,
        quarantine=_quarantine(context, detail.contract, rule=rule, number=page_number) if detail.quarantine else None,
        rule=rule,
        loads=service.list_loads(context, table=name, limit=RECENT),
        classifications=CLASSIFICATIONS,
        in_force=_in_force(context, detail.contract),
        guarded=GUARDED,
        meanings={one.name: one.meaning.get(language_of(context.locale)) for one in detail.contract.rules},
    )


def _matches(table: TableSummary, words: list[str]) -> bool:
    text = f"{table.name} {table.name.replace('_', ' ')} {table.meaning}".casefold()
    return all(word in text for word in words)


def _quarantine(
    context: Context, contract: TableContract, *, rule: str, number: int
) -> Page[tuple[QuarantinedRow, Mapping[str, Any]]] | None:
    """Give one page of the rows left out; none for somebody who may not see source rows."""
    try:
        found = service.quarantined(
            context, contract.name, rule=rule or None, limit=ROWS_A_PAGE, offset=(number - 1) * ROWS_A_PAGE
        )
    except Forbidden:
        return None
    guarded = {name for name, found in _in_force(context, contract).items() if found in GUARDED}
    return Page([(row, _masked(row.row, guarded)) for row in found.rows], number, ROWS_A_PAGE, found.total)


def _in_force(context: Context, contract: TableContract) -> Mapping[str, Classification]:
    """Give each column's class: the contract's, or a stricter one that people confirmed here."""
    confirmed = confirmed_classes(context)
    return {one.name: class_in_force(confirmed, contract.name, one.name) for one in contract.columns}


def _masked(row: Mapping[str, Any] | str, guarded: set[str]) -> Mapping[str, Any]:
    if isinstance(row, str):
        return {"": row}
    return {key: MASK if value is not None and _is_personal(key, guarded) else value for key, value in row.items()}


def _is_personal(column: str, guarded: set[str]) -> bool:
    return column in guarded or not PERSONAL_WORDS.isdisjoint(re.split(r"[^a-z]+", column.casefold()))
