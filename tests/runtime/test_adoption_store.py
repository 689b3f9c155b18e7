"""What adoption keeps, on both databases: items with their events, views that add up, one answer a quarter."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.domain.satisfaction import STATEMENTS
from tiffin.capabilities.adoption.service import feedback, requirements, surveys, usage
from tiffin.kernel.errors import Conflict
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.edge import open_unit
from tiffin.runtime.uses import ASSET_USES, note_views, write_all_uses
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)
STEWARD = Actor("sam", (Grant(Role.STEWARD, ("*",), ()),))


def test_adoption_keeps_the_same_on_both_databases(workspace: Workspace) -> None:
    def unit():  # noqa: ANN202 - a context manager of this test
        return open_unit(workspace, lambda _: STEWARD, now=NOW)

    for seen_at in (NOW, NOW, NOW - timedelta(days=7)):
        with open_unit(workspace, lambda _: STEWARD, now=seen_at) as context:
            note_views(context, ["metric:late_share"], milliseconds=3)
            note_views(context, ["metric:late_share"], milliseconds=1)  # of the same unit: no second use
        write_all_uses()
    with unit() as context:
        number = requirements.ask(context, Ask("Which kitchens to call", "daily")).requirement.item.item_id
        requirements.decide(context, number, "accept", {"reason": "yes"})
        feedback.say(context, "idea", text="خريطة", page="/quality")
        surveys.answer(context, dict.fromkeys(STATEMENTS, 5))
        surveys.put_off(context)
    with pytest.raises(Conflict), unit() as context:
        surveys.answer(context, dict.fromkeys(STATEMENTS, 1))
    with unit() as context:
        rows = {row.day: (row.uses, row.milliseconds) for row in context.unit.execute(select(ASSET_USES))}
        weeks = usage.use_of_asset(context, "metric:late_share").weeks
        state = requirements.show(context, number).requirement.item.state
        said = feedback.list_feedback(context)[0].headline

    assert rows == {NOW.date(): (2, 8), NOW.date() - timedelta(days=7): (1, 4)}
    assert [(week.users, week.views) for week in weeks[-2:]] == [(1, 1), (1, 2)]
    assert (state, said) == ("accepted", "خريطة")
