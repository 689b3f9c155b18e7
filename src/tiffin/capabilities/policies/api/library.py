"""The library of policies over HTTP: what there is, what is in force, and the files that it can be taken away in."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from tiffin.capabilities.policies.domain.plain import policy_as_plain
from tiffin.capabilities.policies.service.exchange import Format, export
from tiffin.capabilities.policies.service.library import in_force
from tiffin.capabilities.policies.service.listing import entries_as_plain, proof_as_plain
from tiffin.runtime.i18n import language_of
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/policies", tags=["policies"])

On = Annotated[date | None, Query(description="As it is in force on this day; today where it is not said.")]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {one.media_type.partition(";")[0]: {"schema": {"type": "string"}} for one in Format},
        "description": "The policy as a file.",
    },
    404: {"description": "There is no such policy, or none of its versions is in force on that day."},
}


@router.get("")
def list_policies(context: ContextDep, on: On = None) -> dict[str, Any]:
    """List the policies with the version of each that is in force on a day."""
    return {"policies": entries_as_plain(context, on)}


@router.get("/{policy}")
def show_policy(context: ContextDep, policy: str, on: On = None) -> dict[str, Any]:
    """Describe a policy as it is in force on a day: its inputs, outputs, rows, laws, and the version by its digest."""
    return policy_as_plain(in_force(context, policy, on or context.now.date()), language_of(context.locale))


@router.get("/{policy}/proof")
def prove_policy(context: ContextDep, policy: str, on: On = None) -> dict[str, Any]:
    """Say what is wrong with a policy as it is in force on a day: gaps, contradictions, broken promises."""
    found = in_force(context, policy, on or context.now.date())
    return proof_as_plain(context, found)


@router.get("/{policy}/export", responses=FILES, response_class=Response)
def export_policy(
    context: ContextDep,
    policy: str,
    form: Annotated[Format, Query(alias="format", description="dmn, xlsx, csv or yaml.")] = Format.DMN,
    on: On = None,
) -> Response:
    """Give a policy as a file: a DMN 1.5 model, a spreadsheet, CSV, or YAML as it is kept."""
    made = export(context, policy, form, on=on)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=form.media_type, headers=headers)
