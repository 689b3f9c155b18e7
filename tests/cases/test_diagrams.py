"""Diagrams follow from the tables: nothing is left out, nothing lies on another, and the documentation is current."""

from pathlib import Path

import pytest

from tiffin.capabilities.cases.domain.registry import CASE_TYPES
from tiffin.capabilities.cases.service.diagrams import DOCUMENT, document
from tiffin.engines.cases.declaration import CaseType
from tiffin.engines.cases.drawing import BOX_HEIGHT, BOX_WIDTH, mermaid_of, picture_of

every_type = pytest.mark.parametrize("case_type", CASE_TYPES.values(), ids=lambda one: one.name)


def test_the_documentation_says_what_the_tables_say(project_root: Path) -> None:
    written = (project_root / DOCUMENT).read_text(encoding="utf-8")

    assert written == document(), "run `python -m tiffin.capabilities.cases.service.diagrams`"


@every_type
def test_a_picture_shows_every_state_and_every_way_between_two(case_type: CaseType) -> None:
    found = picture_of(case_type)

    drawn = {(arrow.source, arrow.target, action) for arrow in found.arrows for action in arrow.actions}
    assert {box.state for box in found.boxes} == set(case_type.states_by_name)
    assert drawn == {
        (source, one.target, one.action)
        for one in case_type.transitions
        for source in one.sources
        if one.target not in (None, source)
    }
    assert all(f"{source} --> {target}" in mermaid_of(case_type) for source, target, _ in drawn)


@every_type
def test_no_state_lies_on_another_or_outside(case_type: CaseType) -> None:
    found = picture_of(case_type)

    for one in found.boxes:
        assert 0 <= one.x <= found.width - BOX_WIDTH
        assert 0 <= one.y <= found.height - BOX_HEIGHT
        near = [b for b in found.boxes if abs(b.x - one.x) < BOX_WIDTH and abs(b.y - one.y) < BOX_HEIGHT]
        assert near == [one]
    places = [point for arrow in found.arrows for point in (arrow.points[0], arrow.points[3])]
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in places)
