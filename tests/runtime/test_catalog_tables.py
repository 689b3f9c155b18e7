"""What people say of assets, waivers, use and kept days: the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.saying import Field, Saying
from tiffin.capabilities.catalog.service.days import KeptDay, keep, trend
from tiffin.capabilities.catalog.service.health import examine
from tiffin.capabilities.catalog.service.saying import history, say, undo
from tiffin.capabilities.catalog.service.waivers import waive, waivers_in_force
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Conflict
from tiffin.runtime.edge import open_context
from tiffin.runtime.uses import ASSET_USES, note_uses, write_all_uses
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 22, 9, 0, tzinfo=UTC)
ORDERS = AssetId(AssetKind.TABLE, "orders")


def test_the_catalog_keeps_what_it_is_told(workspace: Workspace) -> None:
    with open_context(workspace.root, now=NOW) as context:
        asset = service.find_asset(context, ORDERS)
        (first,) = say(context, asset, [Saying(Field.NOTE, "Frag die Nachtschicht 夜班.")])
        waive(context, asset, "owned", reason="Nobody is there at night.", owner="otto", ends_on=NOW.date())
        keep(context, [KeptDay(NOW.date(), "all", "*", 9, 87.5, 100, 3, 1)], examine(context, (asset,)))
    with open_context(workspace.root, now=NOW) as context:
        told = service.find_asset(context, ORDERS).note
        undo(context, asset, first)
        with pytest.raises(Conflict):
            undo(context, asset, first)
    with open_context(workspace.root, now=NOW + timedelta(days=1)) as context:
        kept, over, changes = trend(context), waivers_in_force(context), history(context, ORDERS)

    assert told == "Frag die Nachtschicht 夜班."
    assert [(one.assets, one.score, one.waived) for one in kept] == [(9, 87.5, 1)]
    assert over == ()
    assert [(one.after, one.undoes) for one in changes] == [(None, first), ("Frag die Nachtschicht 夜班.", None)]


def test_uses_add_up_by_person_and_day(workspace: Workspace) -> None:
    for day in (0, 0, 1):
        with open_context(workspace.root, now=NOW + timedelta(days=day)) as context:
            note_uses(context, (ORDERS,), milliseconds=2.5)
        write_all_uses()
    with open_context(workspace.root, now=NOW) as context:
        rows = context.unit.execute(select(ASSET_USES).order_by(ASSET_USES.c.day)).all()

    assert {row.asset for row in rows} == {"table:orders"}
    assert [(row.uses, row.milliseconds) for row in rows] == [(2, 5.0), (1, 2.5)]
