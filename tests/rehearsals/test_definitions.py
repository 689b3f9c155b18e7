"""Parameters, shapes and demo cities: what their files may say."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES
from tiffin.capabilities.rehearsals.domain.planting import planted_from
from tiffin.capabilities.rehearsals.domain.scenario import (
    CalendarDay,
    Profiles,
    by_slot,
    demand_shape,
    expected_orders,
    traffic_shape,
)
from tiffin.capabilities.rehearsals.service.definitions import (
    PARAMETERS_FILE,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.definitions import read_yaml, without_lines

DAY = date(2026, 2, 24)


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return read_profiles()


def test_every_parameter_has_a_source_and_a_date() -> None:
    entries = without_lines(read_yaml(PARAMETERS_FILE))

    assert all(set(dated) == {"since", "value", "unit", "source"} for entry in entries.values() for dated in entry)
    assert all(dated["source"] for entry in entries.values() for dated in entry)


def test_the_value_in_force_on_the_day_is_read(tmp_path: Path) -> None:
    text = PARAMETERS_FILE.read_text()
    newer = '  - {since: 2026-02-24, value: 99, unit: s, source: "test"}\n'
    path = tmp_path / "parameters.yaml"
    path.write_text(text.replace("home_after_s:\n", f"home_after_s:\n{newer}"))

    assert read_parameters(DAY, path).home_after_s == 99
    assert read_parameters(date(2026, 2, 23), path).home_after_s == read_parameters(DAY).home_after_s


def test_a_missing_unknown_or_too_young_parameter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text(PARAMETERS_FILE.read_text().replace("home_after_s:", "home_later_s:"))

    with pytest.raises(InvalidDefinition, match=r"home_after_s.*home_later_s"):
        read_parameters(DAY, path)
    with pytest.raises(InvalidDefinition, match="no value that holds on 2020-01-01"):
        read_parameters(date(2020, 1, 1))


@pytest.mark.parametrize("city_id", ALL_CITIES)
def test_a_demo_city_is_in_one_piece(city_id: str, profiles: Profiles) -> None:
    scenario = read_scenario(city_id, profiles=profiles)
    cells = [zone.cell for zone in scenario.zones]

    assert len(set(cells)) == len(cells) >= 10
    assert len({zone.zone_id for zone in scenario.zones}) == len(cells)
    assert all(zone.zone_id.isascii() for zone in scenario.zones)
    assert sum(scenario.vehicles.values()) == pytest.approx(1.0)
    assert len(scenario.planted) == 3
    for weekend in (True, False):
        for ramadan in (True, False):
            day = CalendarDay(DAY, is_weekend=weekend, is_ramadan=ramadan, is_holiday=False)
            assert demand_shape(profiles, scenario, day).sum() == pytest.approx(1.0)
            assert (traffic_shape(profiles, scenario, day) >= 0.9).all()


def test_weekends_holidays_and_ramadan_change_what_is_expected(profiles: Profiles) -> None:
    riyadh = read_scenario("riyadh", profiles=profiles)
    ordinary = expected_orders(riyadh, CalendarDay(DAY, is_weekend=False, is_ramadan=False, is_holiday=False))
    festive = expected_orders(riyadh, CalendarDay(DAY, is_weekend=True, is_ramadan=True, is_holiday=True))

    assert ordinary == riyadh.orders_per_day
    assert festive == pytest.approx(ordinary * riyadh.weekend_factor * riyadh.ramadan_factor * riyadh.holiday_factor)


def test_an_unknown_city_is_not_found_and_the_known_ones_are_named(profiles: Profiles) -> None:
    with pytest.raises(NotFound, match=r"atlantis.*riyadh"):
        read_scenario("atlantis", profiles=profiles)


def test_an_hour_without_orders_stays_closed_and_the_others_lie_on_a_line() -> None:
    hourly = (0.0,) * 10 + (2.0, 4.0) + (0.0,) * 12
    shape = by_slot(hourly, cutoff_min=240)

    assert shape.argmax() == (11 - 4) * 2
    assert (shape > 0).sum() == 4
    assert shape[12:16] == pytest.approx(np.array([1.5, 2.5, 3.5, 3.0]))


ENTRY = {"day": DAY, "kind": "rain", "starts": "20:30", "ends": "00:30", "strength": 0.5, "zones": "all", "story": "x"}


def test_a_planted_disruption_is_told_in_the_citys_own_clock() -> None:
    planted = planted_from({**ENTRY, "zones": ["A"]}, zone_ids={"A": "a"}, cutoff_min=240, where="f")

    assert (planted.starts_min, planted.ends_min) == (990, 1230)
    assert planted.zone_ids == ("a",)
    assert planted.factor == 1.5
    assert planted.party == "circumstances"


def test_what_lasts_until_the_cut_off_ends_with_the_day() -> None:
    planted = planted_from({**ENTRY, "ends": "04:00"}, zone_ids={}, cutoff_min=240, where="f")

    assert (planted.starts_min, planted.ends_min) == (990, 1440)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "plague"}, "a disruption is one of"),
        ({"zones": ["B"]}, "no zone of this city"),
        ({"starts": "20:10"}, "on the half hour"),
        ({"ends": "20:00"}, "must end after"),
    ],
)
def test_an_impossible_disruption_is_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(InvalidDefinition, match=complaint):
        planted_from({**ENTRY, **change}, zone_ids={"A": "a"}, cutoff_min=240, where="f")


def test_every_planted_disruption_has_a_story_and_lies_in_the_second_week(profiles: Profiles) -> None:
    planted = [one for city_id in ALL_CITIES for one in read_scenario(city_id, profiles=profiles).planted]

    assert len(planted) == 3 * len(ALL_CITIES)
    assert all(one.story and one.day >= date(2026, 2, 23) for one in planted)
