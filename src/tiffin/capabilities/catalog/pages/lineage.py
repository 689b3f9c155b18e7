"""Lineage in a browser: a drawing to walk through, a list beside it, what an edit would touch, and both as files."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from tiffin.capabilities.catalog.service.lineage import Touched, impact
from tiffin.capabilities.catalog.service.lineage_plain import COLUMNS, impact_as_plain, walk_as_plain, walk_as_rows
from tiffin.capabilities.catalog.service.lineage_walks import Box, Picture, Walk, Way, address_of, picture_of, walk
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.engines.lineage.graph import Reached
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_number, mark, translate
from tiffin.runtime.json_text import json_text
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.lineage import Layer, Node, lineage
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

KINDS = {
    AssetKind.FEED: mark("Feeds"),
    AssetKind.FEED_COLUMN: mark("Columns of files"),
    AssetKind.TABLE: mark("Tables"),
    AssetKind.COLUMN: mark("Columns of tables"),
    AssetKind.DIMENSION: mark("Dimensions"),
    AssetKind.ROLLUP: mark("Roll-ups"),
    AssetKind.METRIC: mark("Metrics"),
    AssetKind.TREE: mark("Trees"),
    AssetKind.TARGET: mark("Targets"),
    AssetKind.POLICY: mark("Policies"),
    AssetKind.MODEL: mark("Models"),
    AssetKind.TILE: mark("Tiles"),
    AssetKind.DASHBOARD: mark("Dashboards"),
    AssetKind.ALERT: mark("Alerts"),
    AssetKind.QUESTION: mark("Saved questions"),
    AssetKind.REPORT: mark("Reports"),
    AssetKind.PUBLISHED: mark("Published numbers"),
    AssetKind.TOOL: mark("Tools"),
}
WAYS = {
    Way.BOTH: mark("Both directions"),
    Way.UP: mark("Where it comes from"),
    Way.DOWN: mark("Where it goes to"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Everything of one kind in one direction, with the address that draws its boxes one by one."""

    kind: AssetKind
    title: str
    reached: tuple[Reached, ...]
    is_open: bool


@router.get("/lineage-of/{kind}/{name:path}")
def show_part(request: Request, context: ContextDep, kind: str, name: str) -> HTMLResponse:
    """Show the drawing and the list alone, for the page of an asset."""
    return _drawn(request, context, _asset(kind, name), Way.BOTH, (), template="catalog/lineage_part.html")


@router.get("/lineage/{kind}/{name:path}")
def show_lineage(
    request: Request,
    context: ContextDep,
    kind: str,
    name: str,
    way: Way = Way.BOTH,
    opened: Annotated[list[AssetKind] | None, Query(alias="open")] = None,
    as_: Annotated[str, Query(alias="as")] = "",
) -> Response:
    """Show where an asset comes from and where it goes to; ``as=json`` and ``as=csv`` give it as a file."""
    asset = _asset(kind, name)
    if as_ in ("json", "csv"):
        return _file(context, asset, way, as_)
    return _drawn(request, context, asset, way, tuple(opened or ()), template="catalog/lineage.html")


def _asset(kind: str, name: str) -> AssetId:
    if kind not in set(AssetKind):
        raise NotFound(Message("There is no kind of asset {kind}. The catalog lists those there are.", kind=kind))
    return AssetId(AssetKind(kind), name)


def _drawn(
    request: Request, context: Context, asset: AssetId, way: Way, opened: tuple[AssetKind, ...], *, template: str
) -> HTMLResponse:
    found, touched = walk(context, asset, way), impact(context, asset)
    return page(
        request,
        context,
        template,
        asset=asset,
        label=found.label(asset, context.locale),
        drawing=_drawing(found, opened, context.locale, address=address_of(asset), way=way),
        up=_groups(found.up, opened, context.locale),
        down=_groups(found.down, opened, context.locale),
        name_of=lambda one: found.label(one, context.locale),
        address_of=address_of,
        home=_home(found, asset),
        way=way,
        ways=WAYS,
        opened=opened,
        certified=set(touched.impact.certified),
        touched=touched,
        summary=_summary(touched, context.locale),
    )


def _home(found: Walk, asset: AssetId) -> str:
    known = found.estate.inventory.get(asset)
    return known.address if known else ""


def _groups(reached: tuple[Reached, ...], opened: tuple[AssetKind, ...], locale: str) -> list[Group]:
    kinds = [kind for kind in KINDS if any(one.asset.kind is kind for one in reached)]
    return [
        Group(
            kind,
            translate(locale, KINDS[kind]),
            tuple(one for one in reached if one.asset.kind is kind),
            kind in opened,
        )
        for kind in kinds
    ]


def _summary(touched: Touched, locale: str) -> str:
    return translate(
        locale,
        "Touched by an edit: {count}. Certified metrics among them: {certified}.",
        count=format_number(touched.impact.count, locale),
        certified=format_number(len(touched.impact.certified), locale),
    )


def _drawing(found: Walk, opened: tuple[AssetKind, ...], locale: str, *, address: str, way: Way) -> Markup:
    picture: Picture = picture_of(found, opened)
    layers = tuple(
        Layer(
            ", ".join(dict.fromkeys(translate(locale, KINDS[box.kind]) for box in boxes)),
            tuple(_node(found, box, opened, locale, address=address, way=way) for box in boxes),
        )
        for boxes in picture.layers
    )
    title = translate(locale, "From where {name} comes and where it goes", name=found.label(found.asset, locale))
    said = translate(locale, "Facts flow in the direction of reading; a box leads to the lineage of what it names.")
    return lineage(layers, picture.edges, caption=Caption(title, said), locale=locale)


def _node(found: Walk, box: Box, opened: tuple[AssetKind, ...], locale: str, *, address: str, way: Way) -> Node:
    if box.asset is None:
        name = f"{translate(locale, KINDS[box.kind])}: {format_number(box.count, locale)}"
        more = "".join(f"&open={kind.value}" for kind in dict.fromkeys((*opened, box.kind)))
        return Node(box.key, name, "measure", f"{address}?way={way.value}{more}")
    look = "metric" if box.asset == found.asset else "column"
    return Node(box.key, found.label(box.asset, locale), look, "" if look == "metric" else address_of(box.asset))


def _file(context: Context, asset: AssetId, way: Way, kind: str) -> Response:
    found = walk(context, asset, way)
    if kind == "json":
        content = {**walk_as_plain(found, context.locale), "impact": impact_as_plain(impact(context, asset))}
        text, media_type = json_text(content), "application/json"
    else:
        text = as_csv(COLUMNS, walk_as_rows(found, context.locale))
        media_type = "text/csv; charset=utf-8"
    safe = "".join(character if character.isascii() and character.isalnum() else "-" for character in asset.text)
    headers = {"Content-Disposition": f'attachment; filename="lineage-{safe}.{kind}"'}
    return Response(text, media_type=media_type, headers=headers)
