"""The drawing of a policy's model: what it is given and its parameters below the decision that they lead to.

References
----------
OMG, Decision Model and Notation 1.5, §13 (diagram interchange).
"""

from collections.abc import Sequence

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.xml import Element

DMNDI = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"

WIDTH, HEIGHT, GAP = 150, 60, 30
"""Pixels of a shape, and between two."""

TOP, MIDDLE, BOTTOM = 40, 200, 360
"""Where the decision, its parameters and what is given stand."""


def drawing_of(decisions: Sequence[model.Decision], inputs: Sequence[model.InputData]) -> Element:
    """Draw a model whose first decision rests on all else.

    Parameters
    ----------
    decisions : Sequence of Decision
        The policy itself, then its parameters.
    """
    at = _row(inputs, BOTTOM) | _row(decisions[1:], MIDDLE)
    widest = max((x for x, _ in at.values()), default=GAP)
    at[decisions[0].id or ""] = (max(GAP, widest // 2), TOP)
    shapes = [_shape(name, *place) for name, place in at.items()]
    edges = [
        _edge(one.id or "", at[href.removeprefix("#")], at[decision.id or ""])
        for decision in decisions
        for one in decision.information
        if (href := one.input or one.decision or "").removeprefix("#") in at
    ]
    diagram = Element(f"{{{DMNDI}}}DMNDiagram", (("id", "diagram"),), (*shapes, *edges))
    return Element(f"{{{DMNDI}}}DMNDI", children=(diagram,))


def _row(elements: Sequence[model.Decision | model.InputData], y: int) -> dict[str, tuple[int, int]]:
    return {one.id or "": (GAP + number * (WIDTH + GAP), y) for number, one in enumerate(elements)}


def _shape(name: str, x: int, y: int) -> Element:
    bounds = Element(f"{{{DC}}}Bounds", _numbers(height=HEIGHT, width=WIDTH, x=x, y=y))
    return Element(f"{{{DMNDI}}}DMNShape", (("id", f"shape_{name}"), ("dmnElementRef", name)), (bounds,))


def _edge(name: str, below: tuple[int, int], above: tuple[int, int]) -> Element:
    begins = Element(f"{{{DI}}}waypoint", _numbers(x=below[0] + WIDTH // 2, y=below[1]))
    ends = Element(f"{{{DI}}}waypoint", _numbers(x=above[0] + WIDTH // 2, y=above[1] + HEIGHT))
    return Element(f"{{{DMNDI}}}DMNEdge", (("id", f"edge_{name}"), ("dmnElementRef", name)), (begins, ends))


def _numbers(**values: int) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in values.items())
