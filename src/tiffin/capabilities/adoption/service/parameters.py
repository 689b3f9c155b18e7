"""The dated numbers of adoption and of its scores: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.adoption.domain.scoring import MOST_POINTS, PARTS, Scale, Scoring, Step, Worth, score
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[1]
NAMES = (
    "views_kept_days",
    "unused_after_days",
    "notice_days",
    "restorable_days",
    "survey_every_days",
    "survey_pause_days",
    "survey_first_after_days",
    "minimum_group",
)
Parameters = Mapping[str, int]


def uses_kept_days(workspace: Workspace, day: date) -> int:
    """Tell for how many days it is kept who used what."""
    return read_parameters(workspace, day)["views_kept_days"]


def read_parameters(workspace: Workspace, day: date) -> Parameters:
    """Read the parameters that hold on a day; the workspace's ``parameters/adoption.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks a part, is of no known name, or none holds on the day.
    """
    chosen: dict[str, tuple[date, int]] = {}
    for path in (FOLDER / "parameters.yaml", workspace.overlay("parameters") / "adoption.yaml"):
        for name, since, value in _entries(path) if path.is_file() else ():
            if chosen.get(name, (date.min, 0))[0] <= since <= day:
                chosen[name] = (since, value)
    missing = [name for name in NAMES if name not in chosen]
    if missing:
        raise InvalidDefinition(
            f"No value of {', '.join(missing)} holds on {day}. Give one an earlier date in "
            f"{workspace.overlay('parameters') / 'adoption.yaml'}."
        )
    return {name: value for name, (_, value) in chosen.items()}


def read_scoring(workspace: Workspace, day: date) -> Scoring:
    """Read how requirements are scored on a day.

    Raises
    ------
    InvalidDefinition
        A file is faulty, one of its own worked cases gives another score, or none holds on the day.
    """
    files = definition_files(FOLDER / "scoring", workspace.overlay("adoption") / "scoring")
    listed = [one for path in files if (one := scoring_in(path)).valid_from <= day]
    if not listed:
        raise InvalidDefinition(f"No scoring of requirements holds on {day}. Give one an earlier `valid_from`.")
    return max(listed, key=lambda one: one.valid_from)


def scoring_in(path: Path) -> Scoring:
    """Read one file of scoring and work its cases.

    Raises
    ------
    InvalidDefinition
        It is faulty, or a case gives another score.
    """
    raw = read_yaml(path)
    if not isinstance(raw, dict) or raw.get("scoring") != "requirements":
        raise InvalidDefinition(f"{path} must begin with `scoring: requirements`.")
    plain = without_lines(raw)
    try:
        found = Scoring(
            valid_from=plain["valid_from"],
            source=str(plain["source"]),
            weights={name: float(plain["weights"][name]) for name in PARTS},
            scales={name: _scale(path, name, plain["scales"][name]) for name in PARTS},
            times_a_month={str(name): float(times) for name, times in plain["times_a_month"].items()},
            hour_worth=float(plain["hour_worth"]),
            currency=str(plain["currency"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidDefinition(
            f"{path}: a scoring has valid_from, source, currency, hour_worth, times_a_month, and weights and scales "
            f"of {', '.join(PARTS)}; found a fault at {error}."
        ) from error
    if not isinstance(found.valid_from, date) or min(*found.weights.values(), found.hour_worth) <= 0:
        raise InvalidDefinition(f"{path}: valid_from is a date; weights and hour_worth are above nought.")
    for case in plain.get("cases") or []:
        _work(path, case, found)
    return found


def _entries(path: Path) -> list[tuple[str, date, int]]:
    found = read_yaml(path)
    listed = found.get("parameters") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise InvalidDefinition(f"{path} must hold a list under `parameters`, each with name, value, from and source.")
    return [_entry(path, entry) for entry in listed]


def _entry(path: Path, entry: Any) -> tuple[str, date, int]:
    if not isinstance(entry, dict) or not {"name", "value", "from", "source"} <= set(entry):
        raise InvalidDefinition(f"{path}: every parameter needs name, value, unit, from and source; found {entry!r}.")
    name, since, value = entry["name"], entry["from"], entry["value"]
    place = place_of(path, entry, "name")
    if name not in NAMES:
        raise InvalidDefinition(f"{place}: {name!r} is no parameter of adoption. There are: {', '.join(NAMES)}.")
    if not isinstance(since, date) or not isinstance(value, int) or value < 1:
        raise InvalidDefinition(f"{place}: {name} needs a date under `from`, and a whole number of at least 1.")
    return name, since, value


def _scale(path: Path, name: str, raw: Mapping[str, Any]) -> Scale:
    steps = tuple(_step(path, name, one) for one in raw["steps"])
    levels = [one.at_least for one in steps]
    if not levels or levels[0] != 0 or levels != sorted(set(levels)):
        raise InvalidDefinition(f"{path}: the steps of {name} begin at 0 and rise; found {levels}.")
    return Scale(steps, _step(path, name, {"at_least": 0, **raw["unknown"]}))


def _step(path: Path, name: str, raw: Mapping[str, Any]) -> Step:
    reason, points = raw["reason"], raw["points"]
    if set(LOCALES) - set(reason):
        raise InvalidDefinition(f"{path}: every step of {name} has a reason in each of {', '.join(LOCALES)}.")
    if points not in range(MOST_POINTS + 1):
        raise InvalidDefinition(f"{path}: {name} gives {points!r} points; there are 0 to {MOST_POINTS}.")
    return Step(float(raw["at_least"]), points, reason)


def _work(path: Path, case: Mapping[str, Any], scoring: Scoring) -> None:
    found = score(Worth(**case["asked"]), scoring)
    points = {one.name: one.points for one in found.parts}
    if (points, found.total) != (case["points"], case["score"]):
        raise InvalidDefinition(
            f"{path}: the case {case['name']!r} should give {case['points']} and {case['score']}, and gives {points} "
            f"and {found.total}. Mend the scale or the case."
        )
