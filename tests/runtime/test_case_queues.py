"""Cases find whoever can do them, on either kind of database: one each, however many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from tiffin.capabilities.access import service as access
from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.assigning import Profile
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.service.assigning import hand_over, release, share_out_waiting, take_next
from tiffin.capabilities.cases.service.log_checking import check_log
from tiffin.capabilities.cases.service.staff import profile_of, set_profile
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
Opening = Callable[[str | None], Any]


@pytest.fixture
def entering(workspace: Workspace) -> Opening:
    """Open units of work of ana and ben, stewards of Saudi Arabia, and of cai, who leads Kuwait alone."""
    with open_context(workspace.root, now=NOW) as context:
        for name, country in (("ana", "SA"), ("ben", "SA"), ("cai", "KW")):
            access.add_account(context, name)
            access.grant(context, name, Role.STEWARD, countries=[country], terms=access.Terms("tests"))
    return lambda name: partial(open_context, workspace.root, user=name, now=NOW)()


def opened(entering: Opening, *keys: str, **more: Any) -> tuple[int, ...]:
    with entering(None) as context:
        new = [NewCase("data_incident", key, "Orders", country="SA", **more) for key in keys]
        return service.open_cases(context, new)


def test_whoever_asks_gets_the_most_urgent_that_nobody_has(entering: Opening) -> None:
    one, two = opened(entering, "a", "b")

    with entering("ana") as context:
        first = take_next(context)
    with entering("ben") as context:
        second, third = take_next(context), take_next(context)
    with entering("cai") as context:
        elsewhere = take_next(context)

    assert first is not None
    assert second is not None
    assert {first.summary.case_id, second.summary.case_id} == {one, two}
    assert (first.summary.assignee, first.summary.state) == ("ana", "investigating")
    assert (third, elsewhere) == (None, None)


def test_those_who_ask_at_once_get_different_ones(entering: Opening) -> None:
    numbers = opened(entering, *"abcdef")

    def ask(name: str) -> int | None:
        with entering(name) as context:
            found = take_next(context)
            return found.summary.case_id if found else None

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(ask, ["ana", "ben"] * 3))

    given = [one for one in taken if one is not None]
    assert len(set(given)) == len(given) >= 2
    assert set(given) <= set(numbers)


@pytest.mark.parametrize(
    ("profile", "is_taken"),
    [
        (Profile("ana", skills=("cold_food",)), True),
        (Profile("ana", skills=("data_incident",)), True),
        (Profile("ana", skills=("appeal",)), False),
        (Profile("ana", languages=("ar", "en")), True),
        (Profile("ana", languages=("en",)), False),
        (Profile("ana", countries=("KW",)), False),
    ],
)
def test_a_case_is_for_whoever_has_its_skill_language_and_market(
    entering: Opening,
    profile: Profile,
    is_taken: bool,  # noqa: FBT001 - a row of a table
) -> None:
    opened(entering, "a", skill="cold_food", language="ar")
    with entering(None) as context:
        set_profile(context, profile)

    with entering("ana") as context:
        assert (take_next(context) is not None) is is_taken


def test_nobody_gets_more_than_he_takes_or_anything_off_duty(entering: Opening) -> None:
    opened(entering, "a", "b")
    with entering(None) as context:
        set_profile(context, Profile("ana", most=1))
        set_profile(context, Profile("ben", is_on_duty=False))

    with entering("ana") as context:
        assert take_next(context) is not None
        with pytest.raises(Conflict, match="takes no more"):
            take_next(context)
    with entering("ben") as context, pytest.raises(Conflict, match="come on duty"):
        take_next(context)


def test_a_case_goes_to_a_colleague_or_back_into_the_queue(entering: Opening) -> None:
    [number] = opened(entering, "a")
    with entering("ana") as context:
        take_next(context)
        with pytest.raises(NotFound, match="colleague"):
            hand_over(context, number, "cai", "his market")
        assert hand_over(context, number, "ben", "he knows the feed").summary.assignee == "ben"
    with entering("cai") as context, pytest.raises(NotFound):
        release(context, number, "noise")
    with entering("ben") as context:
        found = release(context, number, "end of shift")
    with entering("ben") as context:
        check = check_log(context)

    assert found.summary.assignee is None
    assert [one.action for one in found.trail] == ["opened", "take", "hand_over", "release"]
    assert check.faults == ()


def test_whoever_neither_has_nor_leads_hands_nothing_over(entering: Opening, workspace: Workspace) -> None:
    [number] = opened(entering, "a")
    with open_context(workspace.root, now=NOW) as context:
        access.add_account(context, "eve")
        access.grant(context, "eve", Role.ANALYST, countries=["SA"], terms=access.Terms("tests"))

    with entering("eve") as context, pytest.raises(Forbidden, match="in hand"):
        release(context, number, "noise")


def test_the_platform_shares_cases_out_by_load_among_those_on_duty(entering: Opening) -> None:
    opened(entering, *"abcd")
    with entering(None) as context:
        for profile in (Profile("ana", most=4), Profile("ben", most=2), Profile("cai")):
            set_profile(context, profile)
        given = share_out_waiting(context)
        assert share_out_waiting(context) == {}

    assert sorted(given.values()) == ["ana", "ana", "ana", "ben"] or sorted(given.values()) == [
        "ana",
        "ana",
        "ben",
        "ben",
    ]
    with entering("ana") as context:
        assert profile_of(context, "ana").in_hand == list(given.values()).count("ana")
