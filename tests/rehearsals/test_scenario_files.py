"""Scenarios that people write: what a file says is what is simulated; the rest is refused with its line."""

from datetime import date
from pathlib import Path

import pytest

from tiffin.capabilities.rehearsals.domain.scenario import BrokenFeed, Fault, FraudRing, disruption_ids
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file, scenario_paths
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.truth.parties import Party
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.time import Days

GOOD = """\
title: Rain, twice
city: doha
first_day: 2026-02-24
seed: 5
disruptions:
  - kind: rain
    starts: "20:00"
    ends: "22:00"
    strength: 0.5
    party: platform
  - kind: rain
    starts: "21:00"
    ends: "23:00"
    strength: 0.25
    zones: [Al Sadd]
"""


def written(folder: Path, text: str, name: str = "mine") -> Path:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(scenario_paths()))
def test_every_shipped_scenario_keeps_its_form(name: str) -> None:
    found = read_scenario_file(name)

    assert found.title
    assert found.source == f"simulated:{name}"
    assert all(found.days.first <= one.day <= found.days.last for one in found.scenario.planted)


def test_the_shipped_scenarios_show_every_kind_and_an_evening_of_several() -> None:
    files = [read_scenario_file(name) for name in scenario_paths()]

    assert {one.kind for file in files for one in file.scenario.planted} == set(Kind)
    assert max(len(file.scenario.disruptions_on(file.days.first)) for file in files) >= 3


def test_a_workspace_writes_its_own_scenario(tmp_path: Path) -> None:
    mine = read_scenario_file("mine", workspace=written(tmp_path, GOOD))
    first, second = mine.scenario.planted

    assert (mine.seed, mine.days) == (5, Days(date(2026, 2, 24), date(2026, 2, 24)))
    assert (first.party, second.party) == (Party.PLATFORM, Party.CIRCUMSTANCES)
    assert (first.zone_ids, second.zone_ids) == ((), ("al-sadd",))
    assert disruption_ids("doha", mine.scenario.planted) == ("doha-20260224-rain", "doha-20260224-rain-2")


def test_a_workspaces_scenario_stands_over_the_shipped_one(tmp_path: Path) -> None:
    workspace = written(tmp_path, GOOD, "false-claims")

    assert read_scenario_file("false-claims", workspace=workspace).title == "Rain, twice"
    assert read_scenario_file("false-claims").title != "Rain, twice"


def test_what_strikes_after_the_day_is_no_disruption_of_the_day() -> None:
    ring, rain = read_scenario_file("false-claims").scenario.planted
    feeds = read_scenario_file("broken-clock").scenario

    assert isinstance(ring.detail, FraudRing)
    assert ring.party is Party.CUSTOMER
    assert rain.detail is None
    assert not feeds.disruptions_on(date(2026, 2, 24))
    assert {one.detail.fault for one in feeds.planted if isinstance(one.detail, BrokenFeed)} == set(Fault)


def test_an_unknown_scenario_names_near_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="football-in-the-rain"):
        read_scenario_file("football-in-rain", workspace=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kind: rain\n    starts: "20', 'kind: plague\n    starts: "20', r"line 6.*kind must be one of rain"),
        ("strength: 0.5", "strength: lots", r"mine.yaml, line 9.*strength"),
        ("strength: 0.5", "power: 0.5", r"mine.yaml, line \d+.*strength"),
        ("title: Rain, twice\n", "", "title"),
        ("first_day: 2026-02-24", "first_day: yesterday", r"line 3"),
        ("seed: 5", "last_day: 2026-04-24", "0 to 30 days after"),
        ("seed: 5", "last_day: 2026-02-25", "each disruption needs its day"),
        ("zones: [Al Sadd]", "zones: [Mayfair]", r"line 11.*'Mayfair'.* no zone"),
        ('ends: "22:00"', 'ends: "22:10"', r"line 6.*on the half hour"),
        ('ends: "22:00"', 'ends: "19:00"', "must end after it starts"),
        ('kind: rain\n    starts: "21', 'kind: broken_feed\n    starts: "21', r"line 11.*broken_feed.table"),
        ("city: doha", "city: atlantis", "demo city"),
        ("seed: 5", "policy: telepathy", "line 4.*telepathy is no policy"),
        ("seed: 5", "riders: half", r"line 4.*\+10%"),
    ],
)
def test_what_a_scenario_cannot_mean_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    workspace = written(tmp_path, GOOD.replace(old, new, 1))

    with pytest.raises((InvalidDefinition, NotFound), match=complaint):
        read_scenario_file("mine", workspace=workspace)
