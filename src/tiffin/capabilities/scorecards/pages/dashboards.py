"""Pages of dashboards: which there are, each under the choices of its address, and the rows behind a number."""

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.capabilities.metrics.domain.writing import csv_lines
from tiffin.capabilities.metrics.service import find_metric
from tiffin.capabilities.scorecards.domain.asking import Chosen
from tiffin.capabilities.scorecards.domain.rows import ROWS_A_PAGE
from tiffin.capabilities.scorecards.service import saving
from tiffin.capabilities.scorecards.service.choosing import chosen_on
from tiffin.capabilities.scorecards.service.drawing import TileView
from tiffin.capabilities.scorecards.service.library import dashboards_in, find_dashboard, list_dashboards
from tiffin.capabilities.scorecards.service.places import places_of
from tiffin.capabilities.scorecards.service.rows import all_rows_behind, rows_behind
from tiffin.capabilities.scorecards.service.snapshots import dashboard_file
from tiffin.capabilities.scorecards.service.viewing import DashboardView, show_dashboard
from tiffin.capabilities.scorecards.service.words import LEVELS, PROMISES
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page
from tiffin.web.paging import Page

router = APIRouter(prefix="/dashboards", include_in_schema=False)

PageNumber = Annotated[int, Query(alias="page", ge=1)]


@router.get("")
def show_dashboards(request: Request, context: ContextDep) -> HTMLResponse:
    """Show which dashboards and saved questions there are."""
    found = list_dashboards(context)
    levels = [
        (translate(context.locale, words), [one for one in found if one.level is level])
        for level, words in LEVELS.items()
    ]
    return page(
        request,
        context,
        "scorecards/dashboards.html",
        levels=[(name, listed) for name, listed in levels if listed],
        saved=saving.list_saved(context),
        problems=[str(one) for one in dashboards_in(context.workspace)[1]],
    )


@router.get("/{name}")
def show_one(request: Request, context: ContextDep, name: str) -> HTMLResponse:
    """Show a dashboard; a choice that cannot be read is told in its place, over the dashboard without it."""
    dashboard = find_dashboard(context, name)
    raw = dict(request.query_params)
    wrong, status = "", HTTPStatus.OK
    try:
        view = show_dashboard(context, dashboard, raw)
    except (WrongUse, NotFound) as error:
        wrong, status = error.said, HTTPStatus(error.http_status)
        view = show_dashboard(context, dashboard, {})
    return page(request, context, "scorecards/dashboard.html", status=status, wrong=wrong, **_around(context, view))


@router.get("/{name}/file.html")
def download(request: Request, context: ContextDep, name: str) -> Response:
    """Give a dashboard as one self-contained file, as it would go by e-mail."""
    text = dashboard_file(context, find_dashboard(context, name), dict(request.query_params))
    headers = {"Content-Disposition": f'attachment; filename="{name}.html"'}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/{name}/rows")
def show_rows(
    request: Request, context: ContextDep, name: str, metric: str, part: int | None = None, number: PageNumber = 1
) -> HTMLResponse:
    """Show the rows behind a number of a dashboard."""
    asked, chosen = _asked(request, context, name, metric)
    found = rows_behind(context, asked, part=part, offset=(max(number, 1) - 1) * ROWS_A_PAGE, limit=ROWS_A_PAGE)
    return page(
        request,
        context,
        "scorecards/rows.html",
        found=found,
        chosen=chosen,
        dashboard=find_dashboard(context, name),
        metric=find_metric(context, metric),
        paging=Page(found.rows, max(number, 1), ROWS_A_PAGE, found.total),
        back=f"/dashboards/{name}?{urlencode(_address(chosen))}",
        file=f"/dashboards/{name}/rows.csv?{urlencode({**request.query_params})}",
    )


@router.get("/{name}/rows.csv")
def export_rows(request: Request, context: ContextDep, name: str, metric: str, part: int | None = None) -> Response:
    """Give the rows behind a number as a file."""
    asked, _ = _asked(request, context, name, metric)
    found = all_rows_behind(context, asked, part=part)
    heads = [f"{column} (masked)" if column in found.veiled else column for column in found.columns]
    text = csv_lines([heads]) + csv_lines(found.rows)
    headers = {"Content-Disposition": f'attachment; filename="{metric}-rows.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request, context: Context, name: str, metric: str) -> tuple[MetricRequest, Chosen]:
    dashboard = find_dashboard(context, name)
    if metric not in dashboard.metrics:
        raise NotFound(f"The dashboard {name} shows no {metric}. Go back to it and choose a tile.")
    chosen = chosen_on(context, dashboard, places_of(context), dict(request.query_params))
    return MetricRequest((metric,), where=chosen.where, days=chosen.days), chosen


def _around(context: Context, view: DashboardView) -> dict[str, Any]:
    name, address = view.dashboard.name, dict(view.address)

    def narrow(dimension: str, value: Any) -> str:
        if dimension not in view.dashboard.filters:
            return ""
        return f"/dashboards/{name}?{urlencode({**address, dimension: value})}"

    def rows_of(tile: TileView) -> str:
        return f"/dashboards/{name}/rows?{urlencode({**address, 'metric': tile.metric})}"

    def tree_of(tile: TileView) -> str:
        return tree_address(view, tile.metric)

    return {
        "view": view,
        "narrow": narrow,
        "rows_of": rows_of,
        "tree_of": tree_of,
        "here": f"/dashboards/{name}?{urlencode(address)}",
        "here_file": f"/dashboards/{name}/file.html?{urlencode(address)}",
        "promises": {key: translate(context.locale, words) for key, words in PROMISES.items()},
        "language": language_of(context.locale),
    }


def _address(chosen: Chosen) -> dict[str, str]:
    days = {"first": chosen.days.first.isoformat(), "last": chosen.days.last.isoformat()}
    return {**chosen.values, **days}


def tree_address(view: DashboardView, metric: str) -> str:
    """Give the address of the tree that a metric stands in, under the same choices; empty where it stands in none."""
    tree = view.trees.get(metric)
    if tree is None:
        return ""
    known = {"city_id", "first", "last"}
    inside = [f"{key}:{value}" for key, value in view.address.items() if key not in known]
    chosen = {
        "city": view.address.get("city_id", "*"),
        "at": metric,
        "against": "week",
        "first": view.address["first"],
        "last": view.address["last"],
        "inside": inside,
    }
    return f"/metrics/trees/{tree}?{urlencode(chosen, doseq=True)}"
