"""One order's file and its story."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.orders.conftest import PLACED, RIDER, Entering, at, write

from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.orders.domain.order_file import Leg
from tiffin.capabilities.orders.service.order_file import order_file
from tiffin.capabilities.orders.service.story import order_story
from tiffin.kernel.errors import NotFound
from tiffin.runtime.actor import Party, Role
from tiffin.runtime.edge import open_context


def test_an_order_that_is_not_there_is_like_one_that_may_not_be_seen(entering: Entering) -> None:
    with entering() as context, pytest.raises(NotFound) as unknown:
        order_file(context, "riyadh", "nobody's")
    with entering(countries=("AE",)) as context, pytest.raises(NotFound) as unseen:
        order_file(context, "riyadh", "o-1")

    assert str(unknown.value) == str(unseen.value)


def test_two_cities_orders_of_one_name_are_two_orders(entering: Entering) -> None:
    with entering(countries=("*",)) as context:
        found = [order_file(context, city, "o-1").order["rider_id"] for city in ("riyadh", "dubai")]

    assert found == [RIDER, "r-dubai"]


def test_legs_begin_and_end_at_their_milestones_and_lateness_counts_from_the_promise(entering: Entering) -> None:
    with entering() as context:
        file = order_file(context, "riyadh", "o-1")

    assert {leg.name: (leg.begin, leg.end) for leg in file.legs}[Leg.RIDE] == (at(16), at(38))
    assert [leg.name for leg in file.legs] == [one.value for one in Leg]
    assert file.late_min == 10


def test_what_the_rider_had_in_hand_before_is_told(entering: Entering) -> None:
    with entering() as context:
        earlier = order_file(context, "riyadh", "o-1").rows("earlier")

    assert [(one["order_id"], one["delivered_at"]) for one in earlier] == [("o-before", at(10))]


def test_a_story_tells_everything_in_the_order_in_which_it_happened(entering: Entering) -> None:
    with entering() as context:
        story = order_story(context, "riyadh", "o-1")

    assert [one.at for one in story] == sorted(one.at for one in story)
    said = [one.said for one in story]
    assert said[0] == "The customer placed the order."
    assert "A rider declined the order: too far." in said
    assert "The promise was moved to 15:45: traffic." in said
    assert "SAR 5.00 was given back: it was late." in [one.replace("\xa0", " ") for one in said]
    assert said.index("The promised time passed.") < said.index("The order was handed over.")


def test_a_partys_story_is_his_own_whoever_asks_for_it(entering: Entering) -> None:
    with entering() as context:
        told = [one.kind for one in order_story(context, "riyadh", "o-1", Party("rider", "riyadh", RIDER))]

    assert "refund" not in told
    assert "offer" not in told
    assert told.count("milestone") == 8


def test_a_cancelled_order_tells_who_ended_it_and_is_late_when_it_ended_after_its_promise(entering: Entering) -> None:
    with entering() as context:
        file = order_file(context, "riyadh", "o-gone")
        said = [one.said for one in order_story(context, "riyadh", "o-gone")]

    assert file.late_min == 15
    assert "The order was cancelled by the platform: no rider was there." in said


def test_an_order_with_nothing_but_its_row_has_a_file(entering: Entering, root: Path) -> None:
    write(
        root,
        "orders",
        [{"city_id": "dubai", "order_id": "bare", "country": "AE", "status": "placed", "placed_at": PLACED}],
    )
    with entering(countries=("AE",)) as context:
        file = order_file(context, "dubai", "bare")

    assert (file.late_min, [one.end for one in file.legs], file.order["rider_id"]) == (None, [None], None)
    assert not any(rows for rows in file.tables.values())


def test_that_a_file_was_read_is_on_the_trail_with_no_value_of_it(entering: Entering, root: Path) -> None:
    with entering("reader", Role.SUPPORT) as context:
        order_file(context, "riyadh", "o-1")
    with open_context(root) as context:
        found = auditing.search_audit(context, AuditSearch(actor="reader", action="order_file_seen"))

    assert [(one.subject, one.details["as"]) for one in found] == [("order:riyadh/o-1", "staff")]
    assert RIDER not in str(found)


def test_contacts_of_the_days_after_belong_to_the_file(entering: Entering, root: Path) -> None:
    late = {"contact_id": "k-late", "contacted_at": PLACED + timedelta(days=9), "channel": "phone", "reason": "other"}
    write(root, "contacts", [{"city_id": "riyadh", "order_id": "o-before", **late}])
    with entering() as context:
        contacts = order_file(context, "riyadh", "o-before").rows("contacts")

    assert [one["contact_id"] for one in contacts] == ["k-late"]
