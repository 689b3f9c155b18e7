"""The standards of a workspace: those that ship, under the operator's own."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.catalog.domain.conditions import TESTS, Condition
from tiffin.capabilities.catalog.domain.standards import Severity, Standard, Topic
from tiffin.kernel.assets import AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.workspace import Workspace

FILE = Path(__file__).resolve().parents[1] / "standards.yaml"
METRICS = "metrics"
_KEYS = {"topic", "severity", "kinds", "when", "must", "since", "says", "by"}


def read_standards(workspace: Workspace, day: date) -> tuple[Standard, ...]:
    """Read the standards that hold on a day; ``catalog/standards.yaml`` of the workspace adds to those that ship.

    Raises
    ------
    InvalidDefinition
        One lacks a part, or names a kind, topic or test that does not exist.
    """
    found = dict(_read_file(FILE, _stamp(FILE)))
    own = workspace.overlay("catalog") / "standards.yaml"
    if own.is_file():
        found |= _read_file(own, _stamp(own))
    return tuple(one for one in found.values() if one.since <= day)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=16)
def _read_file(path: Path, _stamp: tuple[int, int]) -> Mapping[str, Standard]:
    found = read_yaml(path)
    listed = found.get("standards") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        raise InvalidDefinition(f"{path} must hold names with standards under `standards`.")
    plain = without_lines(listed)
    return {name: _standard(f"{place_of(path, listed, name)}: {name}", name, plain[name]) for name in plain}


def _standard(place: str, name: str, raw: Any) -> Standard:
    if not isinstance(raw, dict) or not {"topic", "severity", "kinds", "since", "says"} <= set(raw) <= _KEYS:
        raise InvalidDefinition(f"{place}: a standard has {', '.join(sorted(_KEYS))}; found {raw!r}.")
    says, by = raw["says"], raw.get("by", "")
    if not isinstance(says, dict) or set(LOCALES) - set(says):
        raise InvalidDefinition(f"{place}: `says` needs a sentence in each of {', '.join(LOCALES)}.")
    if by not in ("", METRICS) or bool(by) == bool(raw.get("must")):
        raise InvalidDefinition(f"{place}: a standard has `must`, or is held `by: {METRICS}`.")
    if not isinstance(raw["since"], date):
        raise InvalidDefinition(f"{place}: `since` is a date such as 2026-01-01; found {raw['since']!r}.")
    try:
        topic, severity = Topic(raw["topic"]), Severity(raw["severity"])
        kinds = tuple(AssetKind(kind) for kind in raw["kinds"])
    except (TypeError, ValueError) as error:
        raise InvalidDefinition(f"{place}: {error}.") from error
    when, must = _conditions(place, raw.get("when", {})), _conditions(place, raw.get("must", {}))
    return Standard(name, topic, severity, kinds, says, raw["since"], when, must, by)


def _conditions(place: str, raw: Any) -> tuple[Condition, ...]:
    is_nested = isinstance(raw, dict) and all(isinstance(tests, dict) for tests in raw.values())
    if not is_nested or any(test not in TESTS for tests in raw.values() for test in tests):
        raise InvalidDefinition(
            f"{place}: `when` and `must` map attributes to tests of {', '.join(TESTS)}; found {raw!r}."
        )
    return tuple(Condition(name, test, value) for name, tests in raw.items() for test, value in tests.items())
