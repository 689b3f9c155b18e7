"""Contracts in a browser: what each table promises, how versions differ, who agreed, and the file to take along."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.capabilities.catalog.domain.contracts import Answer, Version
from tiffin.capabilities.catalog.service import (
    contracts,
    contracts_known,
    contracts_silence,
    contracts_versions,
    require_grant,
)
from tiffin.engines.contracts.changes import Severity
from tiffin.engines.contracts.standard import Contract
from tiffin.kernel.errors import Conflict, Forbidden, InvalidDefinition, TiffinError, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

STATES = {
    "registered": mark("registered"),
    "announced": mark("announced"),
    "in_force": mark("in force"),
    "replaced": mark("replaced"),
    "withdrawn": mark("withdrawn"),
}
SEVERITIES = {"breaking": mark("breaking"), "risky": mark("risky"), "safe": mark("safe")}
TONES = {"breaking": "bad", "risky": "warn", "safe": "good"}
SIDES = {
    "readers": mark("who reads it"),
    "writers": mark("who fills it"),
    "both": mark("who reads and who fills it"),
    "nobody": mark("nobody"),
}
ANSWERS = {"agreed": mark("agreed"), "objected": mark("objected")}
TEXT_MAX = 1_000_000


@router.get("/contracts")
def show_contracts(request: Request, context: ContextDep) -> HTMLResponse:
    """Show the contract of every table, and which of them change."""
    require_grant(context)
    versions = contracts_known.list_versions(context)
    forced = {one.table: one for one in versions if one.state == "in_force"}
    waiting = {one.table: one for one in versions if one.state in ("registered", "announced")}
    rows = [
        (table, forced[name].version if name in forced else table.version, waiting.get(name))
        for name, table in sorted(TABLES.items(), key=lambda pair: (pair[0] not in waiting, pair[0]))
    ]
    return page(
        request, context, "catalog/contracts.html", rows=rows, states=STATES, severities=SEVERITIES, tones=TONES
    )


@router.get("/contracts/silence/{case_id}")
def show_silence(context: ContextDep, case_id: int) -> RedirectResponse:
    """Lead from a case about somebody's silence to the page on which it is answered."""
    table = contracts_silence.table_of_case(context, case_id)
    return RedirectResponse(f"/catalog/contracts/{table}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/contracts/{table}")
def show_contract(request: Request, context: ContextDep, table: str) -> HTMLResponse:
    """Show one table's contract with its versions."""
    return _contract_page(request, context, table)


@router.get("/contracts/{table}/odcs.yaml")
def download_contract(context: ContextDep, table: str) -> Response:
    """Hand out the contract in force with all that a consumer needs."""
    return _file(contracts.export_table(context, table), f"{table}.odcs.yaml")


@router.get("/contracts/{table}/versions/{version}.yaml")
def download_version(context: ContextDep, table: str, version: str) -> Response:
    """Hand out one registered version as it was handed in."""
    return _file(contracts_known.version_text(context, table, version), f"{table}-{version}.odcs.yaml")


@router.post("/contracts/{table}")
def register(
    request: Request, context: ContextDep, table: str, text: Annotated[str, Form(max_length=TEXT_MAX)]
) -> Response:
    """Register the next version; what is wrong with it is told on the page, with the text still there."""
    try:
        contracts_versions.register(context, table, text)
    except (Conflict, InvalidDefinition) as refusal:
        return _contract_page(request, context, table, refused=refusal, text=text)
    return _back(table)


@router.post("/contracts/{table}/versions/{version}")
def act(
    request: Request, context: ContextDep, table: str, version: str, action: Annotated[str, Form(max_length=20)]
) -> Response:
    """Announce, put in force or withdraw a version."""
    acts = {
        "announce": contracts_versions.announce,
        "put_in_force": contracts_versions.put_in_force,
        "withdraw": contracts_versions.withdraw,
    }
    if action not in acts:
        raise WrongUse(Message("A version is announced, put in force or withdrawn. Choose one of these on its page."))
    try:
        acts[action](context, table, version)
    except (Conflict, Forbidden) as refusal:
        if isinstance(refusal, Forbidden) and not contracts_known.may_steward(context):
            raise
        return _contract_page(request, context, table, refused=refusal)
    return _back(table)


@router.post("/contracts/{table}/versions/{version}/answers")
def answer(
    request: Request,
    context: ContextDep,
    table: str,
    version: str,
    consumer: Annotated[str, Form(max_length=80)],
    said: Annotated[Answer, Form()],
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Agree or object for a consumer."""
    try:
        contracts_versions.answer(context, table, version, consumer, said, reason)
    except (Conflict, WrongUse) as refusal:
        return _contract_page(request, context, table, refused=refusal)
    return _back(table)


def _contract_page(
    request: Request, context: Context, table: str, *, refused: TiffinError | None = None, text: str = ""
) -> HTMLResponse:
    contract = contracts.contract_in_force(context, table)
    versions = contracts_known.list_versions(context, table)
    return page(
        request,
        context,
        "catalog/contract.html",
        status=HTTPStatus(refused.http_status) if refused else HTTPStatus.OK,
        refused=refused.said if refused else "",
        text=text,
        table=TABLES[table],
        contract=contract,
        versions=versions,
        pictures={one.version: _picture(one, contract) for one in versions if one.changes},
        waiting={one.version: contracts_known.hindrances(context, one) for one in versions},
        is_steward=contracts_known.may_steward(context),
        states=STATES,
        severities=SEVERITIES,
        tones=TONES,
        sides=SIDES,
        answers=ANSWERS,
    )


def _picture(version: Version, contract: Contract) -> Sequence[tuple[str, str]]:
    """Give every column with the worst that happens to it, in the order of the table; new ones come last."""
    worst: dict[str, str] = {}
    for change in version.changes:  # the worst come first
        table, _, inner = change.path.partition(".")
        if table == version.table and inner:
            worst.setdefault(inner.split(".")[0], change.severity)
    columns = [str(one.name) for table in contract.schema or () for one in table.properties or ()]
    shown = [(name, worst.get(name, "")) for name in columns]
    added = {change.after: change.severity for change in version.changes if change.kind.endswith("column_added")}
    return [
        *shown,
        *((name, severity or Severity.SAFE.value) for name, severity in added.items() if name not in columns),
    ]


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


def _back(table: str) -> Response:
    return RedirectResponse(f"/catalog/contracts/{table}", status_code=HTTPStatus.SEE_OTHER)
