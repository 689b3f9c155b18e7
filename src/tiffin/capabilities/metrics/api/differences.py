"""Over HTTP: the standards of definitions, and why two numbers differ."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.metrics.service.asking_differences import (
    AskedDifference,
    difference_as_plain,
    difference_asked,
)
from tiffin.capabilities.metrics.service.standards import standards_report
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter()

Short = Annotated[str, Field(max_length=200)]


class Compared(BaseModel):
    """A metric and what to compare it with: a query, another metric or version, or an export."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    metric: Short
    sql: Annotated[str, Field(max_length=50_000)] = ""
    dialect: Short = "duckdb"
    mapping: Annotated[str, Field(max_length=50_000)] = ""
    other: Short = ""
    claimed: Short = ""
    as_of: Short = ""
    first: Short = Field(default="", alias="from")
    last: Short = Field(default="", alias="to")
    export: Annotated[str, Field(max_length=2_000_000)] = ""


@router.post("/differ")
def differ(context: ContextDep, asked: Compared) -> Response:
    """Say why another number differs from a metric; the parts and the rest add up exactly."""
    found = difference_asked(context, AskedDifference(**asked.model_dump()))
    return Response(json_text(difference_as_plain(found)), media_type="application/json")


@router.get("/standards")
def standards(context: ContextDep) -> Response:
    """List the standards that definitions break."""
    report = standards_report(context, with_examples=False)
    found = {"metrics": report.metrics, "findings": [asdict(one) for one in report.findings]}
    return Response(json_text(found), media_type="application/json")
