"""Lineage: what a number is made from, as boxes in layers joined by lines, from the columns to the metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tiffin.web.charts.figure import WIDTH, Caption, Figures, drawing, figure, nothing_to_draw
from tiffin.web.charts.svg import Frame, label, number, shortened, tag

BOX = 30.0
GAP = 10.0
ROOM = 190.0
"""Width that a layer takes in a drawing of more layers than a column has room for."""
COLUMN_LAYERS = 3
LANE = 46.0
"""Room between two layers, in which the lines run."""
HEAD = 24.0
TALL = 480.0


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    Parameters
    ----------
    key : str
        Its name in edges.
    kind : str
        ``column``, ``measure`` or ``metric``; decides the look.
    href : str
        Where a click or the enter key leads; empty for nowhere.
    """

    key: str
    name: str
    kind: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Boxes of one depth under a heading."""

    heading: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    node: Node
    layer: int
    top: float


def lineage(
    layers: Sequence[Layer], edges: Sequence[tuple[str, str]], *, caption: Caption, locale: str = "en"
) -> Markup:
    """Draw layers from where reading begins to where it ends; an edge leads from a box to one of a later layer."""
    shown = [layer for layer in layers if layer.nodes]
    if not shown or not edges:
        return nothing_to_draw(caption, locale=locale)
    height = HEAD + max(len(layer.nodes) for layer in shown) * (BOX + GAP)
    is_wide = len(shown) > COLUMN_LAYERS
    whole = len(shown) * ROOM if is_wide else WIDTH
    frame = Frame(whole, height, 1, 1, top=0, bottom=0, locale=locale)
    width = (frame.inner_width - LANE * (len(shown) - 1)) / len(shown)
    boxes = {box.node.key: box for at, layer in enumerate(shown) for box in _stacked(layer, at, height)}
    headings = [_heading(frame, layer.heading, at, width) for at, layer in enumerate(shown)]
    lines = [_line(frame, boxes[start], boxes[end], width) for start, end in edges]
    parts = [*headings, *lines, *(_box(frame, box, width) for box in boxes.values())]
    role = "group" if any(box.node.href for box in boxes.values()) else "img"
    svg = drawing(parts, width=whole, height=height, caption=caption, locale=locale, role=role)
    css = "lineage-wide" if is_wide else "lineage"
    return figure(caption, svg, locale=locale, figures=_figures(shown, boxes, edges), css=css)


def _stacked(layer: Layer, at: int, height: float) -> list[_Box]:
    taken = len(layer.nodes) * (BOX + GAP) - GAP
    # In a tall drawing what is few would lie out of sight in the middle.
    first = HEAD + ((height - HEAD - GAP - taken) / 2 if height <= TALL else 0)
    return [_Box(node, at, first + index * (BOX + GAP)) for index, node in enumerate(layer.nodes)]


def _begins(frame: Frame, layer: int, width: float) -> float:
    return frame.start + layer * (width + LANE)


def _heading(frame: Frame, text: str, layer: int, width: float) -> Markup:
    return label(frame.along(_begins(frame, layer, width) + 2), 12, text, anchor="start")


def _box(frame: Frame, box: _Box, width: float) -> Markup:
    begins = _begins(frame, box.layer, width)
    left = min(frame.along(begins), frame.along(begins + width))
    name = frame.isolated(shortened(box.node.name, width=width - 16, size=11.5))
    drawn = tag(
        "g",
        tag("title", box.node.name),
        tag("rect", x=left, y=box.top, width=width, height=BOX, rx=7, class_=f"node {box.node.kind}"),
        label(left + width / 2, box.top + BOX / 2 + 4, name, css="node-name"),
    )
    return tag("a", drawn, href=box.node.href, class_="node-link") if box.node.href else drawn


def _line(frame: Frame, start: _Box, end: _Box, width: float) -> Markup:
    x1, x2 = _begins(frame, start.layer, width) + width, _begins(frame, end.layer, width)
    y1, y2 = start.top + BOX / 2, end.top + BOX / 2
    bend = (x2 - x1) / 2
    points = [(x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2)]
    first, *rest = (f"{number(frame.along(x))} {number(y)}" for x, y in points)
    return tag("path", d=f"M{first}C{', '.join(rest)}", class_="edge")


def _figures(layers: Sequence[Layer], boxes: Mapping[str, _Box], edges: Sequence[tuple[str, str]]) -> Figures:
    headings = [layer.heading for layer in layers]
    rows = tuple((boxes[start].node.name, boxes[end].node.name) for start, end in edges)
    return Figures((headings[0], headings[-1]), rows)
