"""Diagrams of case types, made from their tables: places for a picture, and text for the documentation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tiffin.engines.cases.declaration import CaseType, Clock, Transition

BOX_WIDTH, BOX_HEIGHT = 196, 46
COLUMN, ROW, MARGIN = 224, 116, 24
BEND = 46


@dataclass(frozen=True, slots=True)
class Box:
    """A state in a picture: its left upper corner, in pixels."""

    state: str
    x: int
    y: int
    is_first: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """All actions that lead from one state to another.

    Parameters
    ----------
    points : tuple of (int, int)
        Begin, two points that bend it, and end (a cubic Bézier curve), in pixels.
    """

    number: int
    source: str
    target: str
    actions: tuple[str, ...]
    points: tuple[tuple[int, int], ...]

    @property
    def place_of_number(self) -> tuple[int, int]:
        """Give a point on it: nearer to its begin where it leads back, since half way may lie other states."""
        (_, top), *_, (_, bottom) = self.points
        share = 0.5 if 0 < bottom - top <= ROW else 0.2
        rest = 1 - share
        parts = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
        x, y = (round(sum(part * one[axis] for part, one in zip(parts, self.points, strict=True))) for axis in (0, 1))
        return x, y


@dataclass(frozen=True, slots=True)
class Picture:
    """A case type as boxes and arrows; the first state stands on top."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture_of(case_type: CaseType) -> Picture:
    """Place the states of a case type by how many actions lead to them, and the arrows between them."""
    rows = _rows(case_type)
    widest = max(len(row) for row in rows)
    width = widest * COLUMN + 2 * (MARGIN + BEND)
    boxes = {}
    for at, row in enumerate(rows):
        left = (width - len(row) * COLUMN) // 2 + (COLUMN - BOX_WIDTH) // 2
        for place, name in enumerate(row):
            state = case_type.state(name)
            corner = left + place * COLUMN, MARGIN + at * ROW
            boxes[name] = Box(name, *corner, name == case_type.first, state.is_closed)
    arrows = tuple(_arrows(case_type, boxes))
    return Picture(width, 2 * MARGIN + (len(rows) - 1) * ROW + BOX_HEIGHT, tuple(boxes.values()), arrows)


def mermaid_of(case_type: CaseType) -> str:
    """Write a case type as a state diagram in Mermaid's language."""
    lines = ["stateDiagram-v2", f"    [*] --> {case_type.first}"]
    for (source, target), found in _ways(case_type).items():
        lines.append(f"    {source} --> {target}: {', '.join(one.action for one in found)}")
    lines += [f"    {state.name} --> [*]" for state in case_type.states if state.is_closed]
    for clock in case_type.clocks:
        lines.append(f"    note right of {clock.runs_in[0]}: {clock_text(clock)}")
    return "\n".join(lines)


def document_of(case_types: Iterable[CaseType]) -> str:
    """Write the documentation of case types: a diagram and a table of actions each."""
    told = "Generated from the tables by `python -m tiffin.capabilities.cases.service.diagrams`; do not edit."
    parts = [f"## {one.name}\n\n```mermaid\n{mermaid_of(one)}\n```\n\n{_table(one)}\n" for one in case_types]
    return "\n".join([f"# Sorts of cases\n\n{told}\n", *parts])


def clock_text(clock: Clock) -> str:
    """Say in one line what a clock counts."""
    amount = f"{clock.days} days" if clock.days else f"{clock.hours:g} hours"
    kind = "of work" if clock.in_business_hours else "by the calendar" if clock.days else "round the clock"
    paused = f", stands still in {', '.join(clock.paused_in)}" if clock.paused_in else ""
    ends = f", then {clock.on_expiry}" if clock.on_expiry else ""
    return f"{clock.name} within {amount} {kind}{paused}{ends}"


def _table(case_type: CaseType) -> str:
    lines = ["| action | in | leads to | who | four eyes | effects |", "|---|---|---|---|---|---|"]
    lines += [_line(one) for one in case_type.transitions]
    return "\n".join(lines)


def _line(one: Transition) -> str:
    who = ", ".join(sorted(one.roles)) or "the platform"
    eyes = "independent" if one.is_independent else f"not who took {one.four_eyes_with}" if one.four_eyes_with else ""
    cells = (one.action, ", ".join(one.sources), one.target or "stays", who, eyes, ", ".join(one.effects))
    return f"| {' | '.join(cells)} |"


def _ways(case_type: CaseType) -> Mapping[tuple[str, str], tuple[Transition, ...]]:
    found: dict[tuple[str, str], list[Transition]] = defaultdict(list)
    for one in case_type.transitions:
        for source in one.sources if one.target else ():
            if source != one.target:
                found[source, str(one.target)].append(one)
    return {way: tuple(listed) for way, listed in found.items()}


def _rows(case_type: CaseType) -> list[list[str]]:
    rows, seen, ways = [[case_type.first]], {case_type.first}, _ways(case_type)
    while True:
        following = [target for above in rows[-1] for source, target in ways if source == above]
        fresh = [name for name in dict.fromkeys(following) if name not in seen]
        if not fresh:
            return rows
        rows.append(fresh)
        seen.update(fresh)


def _arrows(case_type: CaseType, boxes: Mapping[str, Box]) -> Iterator[Arrow]:
    for number, ((source, target), found) in enumerate(_ways(case_type).items(), 1):
        points = _points(boxes[source], boxes[target], number)
        yield Arrow(number, source, target, tuple(one.action for one in found), points)


def _points(source: Box, target: Box, number: int) -> tuple[tuple[int, int], ...]:
    half, aside = BOX_WIDTH // 2, 14 * (number % 3 - 1)
    if target.y > source.y:
        begin, end = (source.x + half + aside, source.y + BOX_HEIGHT), (target.x + half + aside, target.y)
        return begin, (begin[0], begin[1] + BEND), (end[0], end[1] - BEND), end
    if target.y == source.y:
        is_right = target.x > source.x
        begin = (source.x + (BOX_WIDTH if is_right else 0), source.y + BOX_HEIGHT // 2 + aside)
        end = (target.x + (0 if is_right else BOX_WIDTH), target.y + BOX_HEIGHT // 2 + aside)
        return begin, (begin[0], begin[1] + BEND // 2), (end[0], end[1] + BEND // 2), end
    side = BOX_WIDTH if number % 2 else 0
    outwards = BEND + aside if number % 2 else -BEND + aside
    begin, end = (source.x + side, source.y + BOX_HEIGHT // 2), (target.x + side, target.y + BOX_HEIGHT // 2)
    return begin, (begin[0] + outwards, begin[1]), (end[0] + outwards, end[1]), end
