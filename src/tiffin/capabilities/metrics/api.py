"""Metrics over HTTP: what there is, what each means, and the numbers."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.asking import Asked
from tiffin.capabilities.metrics.domain.writing import as_csv, metric_as_plain, metric_in_full
from tiffin.runtime.terminal import json_text
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/metrics", tags=["metrics"])

Name = Annotated[str, Field(max_length=200)]


class Query(BaseModel):
    """A request for numbers.

    ``where`` takes filters such as ``city_id = 'riyadh' and local_hour >= 18``; ``from`` and ``to`` business dates;
    ``order`` column names, with a minus sign before those that fall.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    metrics: list[Name] = Field(min_length=1, max_length=100)
    by: list[Name] = Field(default=[], max_length=20)
    where: list[Annotated[str, Field(max_length=10_000)]] = Field(default=[], max_length=50)
    first: Name | None = Field(default=None, alias="from")
    last: Name | None = Field(default=None, alias="to")
    order: list[Name] = Field(default=[], max_length=20)
    limit: int | None = Field(default=None, ge=0, le=1_000_000)

    def asked(self) -> Asked:
        """Give the request in the service's terms."""
        return Asked(
            metrics=tuple(self.metrics),
            by=tuple(self.by),
            where=tuple(self.where),
            first=self.first,
            last=self.last,
            order=tuple(self.order),
            limit=self.limit,
        )


@router.get("")
def list_metrics(context: ContextDep, search: str = "") -> Response:
    """List the metrics whose name, label or meaning contains a text."""
    found = [metric_as_plain(metric, context.locale) for metric in service.search_metrics(context, search)]
    return _json({"metrics": found})


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


@router.post("/query")
def query(context: ContextDep, asked: Query) -> Response:
    """Answer a request over the rows that the asker may see, with its receipt."""
    result = service.query(context, service.request_of(context, asked.asked()))
    return _json(
        {"columns": [column.name for column in result.columns], "rows": result.rows, "receipt": result.receipt}
    )


@router.post("/query.csv")
def query_csv(context: ContextDep, asked: Query) -> Response:
    """Answer a request as CSV."""
    result = service.query(context, service.request_of(context, asked.asked()))
    text = as_csv([column.name for column in result.columns], result.rows)
    return Response(text, media_type="text/csv; charset=utf-8")


@router.post("/explain")
def explain(context: ContextDep, asked: Query) -> Response:
    """Show the statement of each engine and the lineage of a request."""
    found = service.explain(context, service.request_of(context, asked.asked()))
    return _json(
        {
            "sql": found.sql,
            "lineage": {name: asdict(item) for name, item in found.lineage.items()},
            "receipt": found.receipt,
        }
    )


def _json(payload: dict[str, Any]) -> Response:
    return Response(json_text(payload), media_type="application/json")
