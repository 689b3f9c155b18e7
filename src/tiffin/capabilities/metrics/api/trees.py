"""Metric trees over HTTP: which there are, and a number together with what made its change."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from tiffin.capabilities.metrics.domain.tree_asking import AskedTree, tree_as_plain
from tiffin.capabilities.metrics.service.forest import list_trees
from tiffin.capabilities.metrics.service.walking import decompose_as_asked, decomposition_as_plain
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter()

Texts = Annotated[list[str] | None, Query()]


@router.get("/trees")
def show_trees(context: ContextDep) -> Response:
    """List the metric trees: what each splits, and how its parts enter."""
    return _json({"trees": [tree_as_plain(tree, context.locale) for tree in list_trees(context)]})


@router.get("/tree/{name}")
def show_tree(  # noqa: PLR0913 - one parameter a part of the address
    context: ContextDep,
    name: str,
    *,
    at: str = "",
    city: str = "",
    where: Texts = None,
    first: Annotated[str | None, Query(alias="from")] = None,
    last: Annotated[str | None, Query(alias="to")] = None,
    against: str = "previous",
    target: Texts = None,
    by: str = "",
) -> Response:
    """Give a tree, or a metric in one, with its value and what each part contributes to its change.

    ``at`` is a metric of the tree to begin with.
    ``against`` is ``previous``, ``week``, ``2026-02-01..2026-02-07`` or ``city_id=doha``; ``target`` is
    ``completion_rate=0.97``; ``by`` adds what each group of a dimension contributes.
    """
    rows = AskedTree(city, tuple(where or ()), first, last)
    found = decompose_as_asked(context, name, rows, at=at, against=against, targets=tuple(target or ()), by=by)
    return _json(decomposition_as_plain(context, found))


def _json(payload: dict[str, Any]) -> Response:
    return Response(json_text(payload), media_type="application/json")
