"""The dated numbers of adoption and of its scores: as shipped, or as the workspace states them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.adoption.domain.scoring import MOST_POINTS, PARTS, Scale, Scoring, Step, Worth, score
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.dated import Number, numbers_in_force
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import read_yaml, without_lines
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
    own = workspace.overlay("parameters") / "adoption.yaml"
    known = dict.fromkeys(NAMES, Number(least=1, is_whole=True))
    found = numbers_in_force(FOLDER / "parameters.yaml", own, day, known, "adoption")
    return {name: int(value) for name, value in found.items()}


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
