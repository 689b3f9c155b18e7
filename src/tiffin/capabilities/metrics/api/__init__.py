"""Metrics over HTTP: what there is, what each means, the numbers, and the files that they can be taken away in."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query
from fastapi.responses import Response, StreamingResponse

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.api import assistants, differences, ledger, trees
from tiffin.capabilities.metrics.api.questions import EXAMPLE, AnswerShape, Link, Question, ReceiptShape
from tiffin.capabilities.metrics.domain.writing import dimension_as_plain, metric_as_plain, metric_in_full
from tiffin.capabilities.metrics.service.accounting import Door, note_taken
from tiffin.capabilities.metrics.service.exports import Format, export, receipt_in_a_line
from tiffin.capabilities.metrics.service.reproducing import context_as_of
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/metrics", tags=["metrics"])
router.include_router(trees.router)
router.include_router(ledger.router)
router.include_router(differences.router)

Asked = Annotated[
    Question,
    Body(openapi_examples={"evenings": {"summary": "Late orders on February's evenings, by city", "value": EXAMPLE}}),
]
Linked = Annotated[Link, Query()]
Accept = Annotated[str, Header()]

FILES: dict[str, Any] = {str(kind.media_type).partition(";")[0]: {"schema": {"type": "string"}} for kind in Format}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": AnswerShape, "content": FILES, "description": "The numbers with their receipt."},
    400: {"description": "The request makes no sense; `detail` says what was expected."},
    403: {"description": "The asker may not see that."},
    404: {"description": "There is no such metric or dimension; `detail` names those that are near."},
}


@router.get("")
def list_metrics(context: ContextDep, search: str = "") -> Response:
    """List the metrics whose name, label or meaning contains a text."""
    found = [metric_as_plain(metric, context.locale) for metric in service.search_metrics(context, search)]
    return _json({"metrics": found})


@router.get("/dimensions")
def list_dimensions(
    context: ContextDep, metrics: Annotated[list[str] | None, Query(description="Names of metrics.")] = None
) -> Response:
    """List the dimensions by which all the named metrics can be split and filtered; without names, all there are."""
    names = [name for text in metrics or () for name in text.split(",") if name]
    found = service.dimensions_of(context, *names)
    return _json({"dimensions": [dimension_as_plain(item, context.locale) for item in found]})


@router.get("/query", responses=ANSWERS)
def query_by_link(context: ContextDep, asked: Linked, accept: Accept = "") -> Response:
    """Answer a request that stands in the address: as JSON, or as CSV, an Arrow stream or Parquet."""
    return _answered(context, asked, asked.format or _preferred(accept))


@router.post("/query", responses=ANSWERS)
def query(context: ContextDep, asked: Asked, accept: Accept = "") -> Response:
    """Answer a request over the rows that the asker may see, with its receipt, in the form that Accept prefers."""
    return _answered(context, asked, _preferred(accept))


@router.post("/query.csv")
def query_csv(context: ContextDep, asked: Asked) -> Response:
    """Answer a request as CSV."""
    return _answered(context, asked, Format.CSV)


@router.get("/explain")
def explain_link(context: ContextDep, asked: Annotated[Question, Query()]) -> Response:
    """Show the statement of each engine and the lineage of a request that stands in the address."""
    return explain(context, asked)


@router.post("/explain")
def explain(context: ContextDep, asked: Asked) -> Response:
    """Show the statement of each engine and the lineage of a request."""
    context = context_as_of(context, asked.as_of)
    found = service.explain(context, service.request_of(context, asked.asked()))
    return _json(
        {
            "sql": found.sql,
            "lineage": {name: asdict(item) for name, item in found.lineage.items()},
            "receipt": found.receipt,
        }
    )


@router.get("/receipt", responses={200: {"model": ReceiptShape}})
def receipt(context: ContextDep, asked: Annotated[Question, Query()]) -> Response:
    """Give the receipt that an answer would have now, without computing the answer."""
    context = context_as_of(context, asked.as_of)
    found = service.explain(context, service.request_of(context, asked.asked()))
    return _json({"receipt": found.receipt})


@router.get("/{name}")
def show_metric(context: ContextDep, name: str) -> Response:
    """Describe a metric: meaning, formula, lineage, dimensions, examples."""
    metric = service.find_metric(context, name)
    full = metric_in_full(
        metric,
        context.locale,
        lineage=service.lineage(context, name),
        dimensions=service.dimensions_of(context, name),
        children=service.children_of(context, name),
    )
    return _json(full)


# Assistants are served beside the metrics, at /api/mcp.
_numbers, router = router, APIRouter()
router.include_router(_numbers)
router.include_router(assistants.router)


def _preferred(accept: str) -> Format | None:
    """Give the file that a caller prefers to JSON, if any: the first that he names before JSON or anything at all."""
    kinds = {kind.media_type.partition(";")[0]: kind for kind in Format}
    for named in accept.split(","):
        media_type = named.partition(";")[0].strip()
        if media_type in kinds:
            return kinds[media_type]
        if media_type in ("application/json", "application/*", "*/*"):
            return None
    return None


def _answered(context: Context, asked: Question, wanted: Format | None) -> Response:
    context = context_as_of(context, asked.as_of)
    request = service.request_of(context, asked.asked())
    if wanted is not None:
        file = export(context, request, wanted)
        headers = {
            "Content-Disposition": f'attachment; filename="metrics.{wanted}"',
            "Tiffin-Receipt": receipt_in_a_line(file.receipt),
        }
        return StreamingResponse(file.parts, media_type=wanted.media_type, headers=headers)
    result = service.query(context, request)
    note_taken(context, request, Door.PROGRAM)
    columns = [column.name for column in result.columns]
    return _json({"columns": columns, "rows": result.rows, "receipt": result.receipt})


def _json(payload: dict[str, Any]) -> Response:
    return Response(json_text(payload), media_type="application/json")
