"""What is used is counted for whoever decides by it, also while he himself writes."""

from datetime import datetime

from sqlalchemy import insert

from tiffin.runtime.actor import Actor
from tiffin.runtime.edge import open_unit
from tiffin.runtime.uses import ASSET_USES, count_users, note_views
from tiffin.runtime.workspace import Workspace


def test_people_are_counted_whose_uses_wait_to_be_written_while_the_unit_keeps_writers_waiting(
    plain_workspace: Workspace, now: datetime
) -> None:
    day = now.date()
    with open_unit(plain_workspace, lambda _: Actor("ana", ()), now=now) as context:
        note_views(context, ["metric:orders"])
    written = {"asset": "metric:orders", "actor": "ben", "day": day, "uses": 1, "milliseconds": 0.0}

    with open_unit(plain_workspace, lambda _: Actor("ana", ()), now=now) as context:
        context.unit.execute(insert(ASSET_USES).values(**written))
        found = count_users(context, ["metric:orders"], since=day)

        assert context.unit.keeps_writers_waiting
        assert found == 2
        assert count_users(context, ["metric:other"], since=day) == 0
