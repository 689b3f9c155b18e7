"""The metric catalogue and the page of each metric."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.writing import as_csv, with_marks
from tiffin.capabilities.metrics.pages import authoring, comparing, published, trees
from tiffin.capabilities.metrics.pages.catalogue import SORTS, Filters, entries, options
from tiffin.capabilities.metrics.pages.history import DAYS, chosen_split, daily_request, history_of
from tiffin.capabilities.metrics.pages.telling import described, lineage_chart
from tiffin.capabilities.metrics.service.accounting import Door, note_taken
from tiffin.capabilities.metrics.service.cities import unseen_city
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.capabilities.metrics.service.forest import list_trees
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import ordered

router = APIRouter(prefix="/metrics", include_in_schema=False)
router.include_router(trees.router)
router.include_router(published.router)
router.include_router(authoring.router)
router.include_router(comparing.router)


@router.get("")
def show_catalogue(request: Request, context: ContextDep, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    """Show the metrics that match."""
    everything = service.list_metrics(context)
    found = ordered(entries(everything, filters, context.locale), sort=filters.sort, keys=SORTS)
    choices = options(everything, context.locale)
    return page(request, context, "metrics/catalogue.html", found=found, filters=filters, choices=choices)


@router.get("/{name}")
def show_metric(
    request: Request,
    context: ContextDep,
    name: str,
    city: str = "",
    days: int = DAYS,
    by: str = "",
    under: date | None = None,
) -> HTMLResponse:
    """Show what a metric means, how it is computed and how it has run in a city; under a day, as defined then."""
    metric = service.find_metric(context, name)
    cities = service.cities_with(context, name)
    chosen = _chosen(cities, city)
    explained = service.explain(context, daily_request(name, chosen, under))
    lineage = explained.lineage[name]
    below = {part: service.lineage(context, part) for part in lineage.metrics}
    titles = _titles(
        context, [*below, *(parent.metric for parent in metric.parents), *filter(None, [metric.successor])]
    )
    splits = [one for one in service.dimensions_of(context, name) if one.name not in {"city_id", "business_date"}]
    by = chosen_split([one.name for one in splits], by)
    return page(
        request,
        context,
        "metrics/metric.html",
        metric=described(metric, context.locale),
        cities=cities,
        city=chosen,
        days=days,
        splits=splits,
        under=under,
        history=history_of(context, metric, chosen, days=days, by=by, under=under) if chosen else None,
        explained=explained,
        lineage=lineage,
        trees=[tree for tree in list_trees(context) if name in tree.metrics()],
        drawing=lineage_chart(metric, lineage, below, titles, context.locale),
        titles=titles,
    )


def _titles(context: Context, names: Iterable[str]) -> dict[str, str]:
    """Give what the reader calls metrics, by their names."""
    return {name: service.find_metric(context, name).label.text(context.locale) for name in names}


@router.get("/{name}/export.{kind}")
def export(context: ContextDep, name: str, kind: str, city: str = "") -> Response:
    """Give a metric's days as a file."""
    chosen = _chosen(service.cities_with(context, name), city) if city else None
    request = daily_request(name, chosen)
    result = service.query(context, request)
    note_taken(context, request, Door.FILE)
    columns = [column.name for column in result.columns]
    if kind == "csv":
        marked = [*with_marks(result.rows, result.receipt.withheld)]
        text, media_type = as_csv(columns, marked), "text/csv; charset=utf-8"
    elif kind == "json":
        text = json_text({"columns": columns, "rows": result.rows, "receipt": result.receipt})
        media_type = "application/json"
    else:
        raise NotFound(Message("A metric is exported as csv or json; '{kind}' was asked for.", kind=kind))
    headers = {"Content-Disposition": f'attachment; filename="{name}-{chosen.city_id if chosen else "all"}.{kind}"'}
    if result.receipt.faults:
        headers["Tiffin-Known-Faults"] = ", ".join(str(fault["incident"]) for fault in result.receipt.faults)
    return Response(text, media_type=media_type, headers=headers)


def _chosen(cities: tuple[CityRecord, ...], city_id: str) -> CityRecord | None:
    """Give the chosen city, the first one where none was chosen, or none where there is none to see."""
    if not city_id:
        return cities[0] if cities else None
    for city in cities:
        if city.city_id == city_id:
            return city
    raise unseen_city(city_id)
