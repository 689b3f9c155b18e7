"""What is granted masked is told masked at every door, on either engine, and its key to nobody."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.service import reviews
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service import ledger
from tiffin.capabilities.metrics.service.explaining import explanation
from tiffin.capabilities.metrics.service.exports import Format, export
from tiffin.capabilities.scorecards.service.rows import all_rows_behind, rows_behind
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.mask_key import mask_key
from tiffin.runtime.workspace import Workspace, create_workspace

Acting = Callable[..., AbstractContextManager[Context]]
Granted = Callable[..., str]
BY_RIDER = MetricRequest(("orders",), ("rider_id",))
RIDERS = {f"rider-{number:04}" for number in range(5)}
MASKED = ("personal",)


def told(acting: Acting, name: str, request: MetricRequest = BY_RIDER) -> Any:
    with acting(user=name) as context:
        return metrics.query(context, request)


def test_riders_are_told_apart_and_not_known(in_two_cities: Acting, granted: Granted) -> None:
    found = told(in_two_cities, granted(masked=MASKED))

    assert [row[1] for row in found.rows] == [8] * 5
    assert len({row[0] for row in found.rows}) == 5
    assert not RIDERS & {row[0] for row in found.rows}
    assert found.receipt.masked_as == {"rider_id": "hash"}
    assert [column.name for column in found.columns] == ["rider_id", "orders"]


def test_each_role_is_told_as_its_rule_says(in_two_cities: Acting, granted: Granted) -> None:
    manager = told(in_two_cities, granted(role=Role.CITY_MANAGER, masked=MASKED))
    nobody = granted()

    assert {row[0] for row in manager.rows} == {f"…{rider[-4:]}" for rider in RIDERS}
    with pytest.raises(Forbidden, match="rider_id is masked"):
        told(in_two_cities, nobody)


def test_both_engines_tell_the_same_codes(two_cities: Workspace, in_two_cities: Acting, granted: Granted) -> None:
    name = granted(masked=MASKED)
    with in_two_cities(user=name) as context:
        actor, key, one = context.actor, mask_key(context), metrics.query(context, BY_RIDER)
        now = context.now
    with open_unit(two_cities, lambda _: actor, now=now, engine="spark") as context:
        other = metrics.query(context, BY_RIDER)

    assert one.rows == other.rows
    assert len(key) == 64


def test_a_condition_on_the_rider_himself_finds_nothing_and_one_on_his_code_finds_him(
    in_two_cities: Acting, granted: Granted
) -> None:
    name = granted(masked=MASKED)
    code = told(in_two_cities, name).rows[0][0]

    def asked(value: str) -> Any:
        where = (Condition("rider_id", Operator.EQ, (value,)),)
        return told(in_two_cities, name, MetricRequest(("orders",), where=where)).rows

    assert asked(code) == ((8,),)
    assert {asked(rider) for rider in RIDERS} == {((0,),)}


def test_no_order_and_no_limit_tells_which_code_is_whose(in_two_cities: Acting, granted: Granted) -> None:
    name = granted(masked=MASKED)
    falling = MetricRequest(("orders",), ("rider_id",), order_by=(Order("rider_id", is_descending=True),), limit=2)

    codes = sorted(row[0] for row in told(in_two_cities, name).rows)
    assert [row[0] for row in told(in_two_cities, name, falling).rows] == codes[:-3:-1]


def test_files_hold_what_is_told_and_say_how(in_two_cities: Acting, granted: Granted) -> None:
    name = granted(masked=MASKED)
    codes = {row[0] for row in told(in_two_cities, name).rows}
    for form in Format:
        with in_two_cities(user=name) as context:
            made = export(context, BY_RIDER, form)
            whole = b"".join(made.parts)
        assert made.receipt.masked_as == {"rider_id": "hash"}
        assert not any(rider.encode() in whole for rider in RIDERS)
        if form is Format.CSV:
            assert {line.split(",")[0] for line in whole.decode().splitlines()[1:]} == codes


def test_the_key_is_in_no_statement_that_is_shown(in_two_cities: Acting, granted: Granted) -> None:
    with in_two_cities(user=granted(masked=MASKED)) as context:
        shown, key = explanation(context, BY_RIDER), mask_key(context)

    assert not any(key in sql for sql in shown.sql.values())
    assert key not in json.dumps(shown.receipt.request)


def test_another_workspace_has_other_codes(
    in_two_cities: Acting, granted: Granted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with in_two_cities(user=granted(masked=MASKED)) as context:
        here = mask_key(context)
    other = create_workspace(tmp_path_factory.mktemp("other") / "workspace")
    with open_context(other.root) as context:
        assert mask_key(context) != here


def test_rows_behind_a_number_show_masks_and_are_chosen_by_them(in_two_cities: Acting, granted: Granted) -> None:
    name = granted(masked=MASKED)
    code = told(in_two_cities, name).rows[0][0]
    with in_two_cities(user=name) as context:
        whole = all_rows_behind(context, MetricRequest(("orders",)))
        chosen = rows_behind(context, MetricRequest(("orders",), where=(Condition("rider_id", Operator.EQ, (code,)),)))
        by_name = MetricRequest(("orders",), where=(Condition("rider_id", Operator.EQ, ("rider-0001",)),))
        nobody = rows_behind(context, by_name)

    place = {column: whole.columns.index(column) for column in ("rider_id", "dropoff_latitude", "customer_id")}
    assert (whole.total, chosen.total, nobody.total) == (40, 8, 0)
    assert not RIDERS & {row[place["rider_id"]] for row in whole.rows}
    assert code in {row[place["rider_id"]] for row in whole.rows}
    assert {row[place["dropoff_latitude"]] for row in whole.rows} == {24.71, 24.72, 24.73, 24.74, 24.75}
    assert "rider_id" in whole.masked


def test_a_number_by_rider_is_published_by_nobody_who_is_told_codes(in_two_cities: Acting, granted: Granted) -> None:
    with in_two_cities(user=granted(masked=MASKED)) as context, pytest.raises(Forbidden, match="rider_id masked"):
        ledger.publish(context, BY_RIDER, title="Riders")


def test_a_role_without_a_rule_is_granted_no_mask(granted: Granted) -> None:
    with pytest.raises(InvalidData, match="No rule says"):
        granted(role=Role.VIEWER, masked=("special",))


def test_what_is_reduced_or_revoked_stays_masked_or_ends(in_two_cities: Acting, granted: Granted) -> None:
    name = granted(masked=MASKED)
    with in_two_cities() as context:
        grant = service.find_account(context, name).grants[0]
        assert grant.masks == {"personal": {"text": "hash", "place": "coarse:100", "time": "month"}}
        service.add_account(context, f"r{name}")
        due = context.now.replace(year=context.now.year + 1)
        made = reviews.start_campaign(
            context, name, countries=["SA"], cities=[], reviewer=context.actor.name, due_at=due
        )
        mine = next(one for one in reviews.show_campaign(context, made.campaign_id)[1] if one.account == name)
        reviews.decide(context, mine.review_id, reviews.Decision.REDUCE)
        left = service.find_account(context, name).grants[-1]
        assert (left.role, [*left.masks]) == ("viewer", ["personal"])
        service.revoke(context, left.grant_id)
    with pytest.raises(Forbidden):
        told(in_two_cities, name)


def test_a_tile_says_itself_what_it_tells_masked(
    two_cities: Workspace, in_two_cities: Acting, granted: Granted
) -> None:
    name = granted(masked=MASKED)
    with in_two_cities() as context:
        link = service.make_sign_in_link(context, name)
        now = context.now
    app = create_app(two_cities)
    app.state.console = replace(app.state.console, clock=lambda: now)
    client = TestClient(app)
    client.get(f"/sign-in/{link}")

    by_rider, by_city = (client.get(f"/explore?metrics=orders&by={one}").text for one in ("rider_id", "city_id"))

    assert "Rider (masked)</span></summary>" in by_rider
    assert "(masked)" not in by_city
