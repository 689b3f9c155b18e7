"""Past episodes like another one."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.similar import Traits, Weights, follow_ups, likeness, most_similar
from tiffin.capabilities.balance.service.page_parameters import page_parameters
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 25)
WEIGHTS = Weights(0.4, 0.15, 0.15, 0.15, 0.1, 0.05, rain_apart_mm=5.0)


def traits(**changes: Any) -> Traits:
    known: dict[str, Any] = {
        "city_id": "dubai",
        "day": DAY,
        "number": 0,
        "zones": ("a", "b"),
        "zones_share": 0.2,
        "from_hour": 18,
        "to_hour": 20,
        "miss_min": 900.0,
        "wanted_of_day": 2000.0,
        "causes": {"longer_travel": 0.9, "unexplained": 0.1},
        "is_weekend": False,
        "is_ramadan": False,
        "holiday": None,
        "rain_mm": None,
    }
    return Traits(**known | changes)


ANY = st.builds(
    traits,
    city_id=st.sampled_from(["dubai", "doha"]),
    zones=st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True).map(tuple),
    zones_share=st.floats(0, 1),
    from_hour=st.integers(0, 23),
    to_hour=st.integers(0, 23),
    miss_min=st.floats(0, 1e5),
    wanted_of_day=st.floats(0, 1e5),
    causes=st.dictionaries(st.sampled_from([c.value for c in Cause]), st.floats(-1, 2), max_size=4),
    is_weekend=st.booleans(),
    holiday=st.sampled_from([None, "eid"]),
    rain_mm=st.none() | st.floats(0, 50),
)


@given(ANY, ANY)
def test_likeness_lies_between_nothing_and_all_and_is_the_same_both_ways(one: Traits, other: Traits) -> None:
    alike = likeness(one, other, WEIGHTS).alike

    assert -1e-9 <= alike <= 1 + 1e-9
    assert abs(alike - likeness(other, one, WEIGHTS).alike) < 1e-9


@given(ANY)
def test_an_episode_is_wholly_like_itself(one: Traits) -> None:
    assert likeness(one, one, WEIGHTS).alike == 1.0


def test_the_cause_outweighs_where_it_was_and_when_together() -> None:
    elsewhere = traits(day=DAY - timedelta(days=7), zones=("x",), from_hour=8, to_hour=9)
    other_cause = traits(day=DAY - timedelta(days=7), causes={"fewer_riders": 1.0})

    found = most_similar(traits(), [other_cause, elsewhere], WEIGHTS, least=0.0, most=1)

    assert [one.traits for one in found] == [elsewhere]


def test_only_earlier_days_are_told_and_only_those_alike_enough() -> None:
    later, unlike = traits(day=DAY + timedelta(days=1)), traits(day=DAY - timedelta(days=1), causes={"fewer_riders": 1})

    assert most_similar(traits(), [later, traits()], WEIGHTS, least=0.0, most=3) == ()
    assert most_similar(traits(), [unlike], WEIGHTS, least=0.95, most=3) == ()


def test_zones_of_another_city_are_compared_by_their_share_of_it() -> None:
    other = traits(city_id="doha", zones=("p", "q"), wanted_of_day=2000.0)

    assert likeness(traits(), other, WEIGHTS).apart["zones"] == 0.0
    assert likeness(traits(), traits(zones=("p", "q")), WEIGHTS).apart["zones"] == 1.0


def test_weather_counts_only_where_both_tell_it() -> None:
    dry = likeness(traits(rain_mm=0.0), traits(rain_mm=10.0), WEIGHTS)

    assert dry.apart["weather"] == 1.0
    assert "weather" not in likeness(traits(rain_mm=10.0), traits(), WEIGHTS).apart
    assert likeness(traits(rain_mm=10.0), traits(), WEIGHTS).alike == 1.0


def test_the_days_after_are_the_same_weekday_where_there_is_one() -> None:
    days = [DAY + timedelta(days=k) for k in range(1, 15)]
    types = dict.fromkeys([DAY, *days], "weekday")

    assert follow_ups(DAY, days, types, most=4) == (DAY + timedelta(days=7), DAY + timedelta(days=14))
    assert follow_ups(DAY, days[:3], types, most=2) == tuple(days[:2])


def test_the_weights_add_up_to_one_and_a_workspace_may_state_others(empty: Workspace) -> None:
    held = page_parameters(empty, DAY).weights
    whole = held.causes + held.zones + held.hours + held.size + held.calendar + held.weather

    assert abs(whole - 1.0) < 1e-9
    folder = empty.overlay("parameters")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city_page.yaml").write_text(
        "parameters: [{name: person_miss_min, value: 120, from: 2026-01-01, source: the city}]", encoding="utf-8"
    )
    assert page_parameters(empty, DAY).person_miss_min == 120
