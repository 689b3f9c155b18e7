"""Bring a contract of an older version of the standard to 3.1."""

from collections.abc import Mapping
from typing import Any

from tiffin.engines.contracts.standard import API_VERSION

READABLE = ("v3.0.0", "v3.0.1", "v3.0.2", API_VERSION)
"""Versions of the standard that are read."""

_RULES = {
    "nullCheck": "nullValues",
    "nullValues": "nullValues",
    "missingValues": "missingValues",
    "invalidValues": "invalidValues",
    "validValues": "invalidValues",
    "duplicateCount": "duplicateValues",
    "duplicateValues": "duplicateValues",
    "countCheck": "rowCount",
    "rowCount": "rowCount",
}
"""Library rules of 3.0, and the measures of 3.1 that say the same."""


def upgraded(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same contract as 3.1 writes it; one of 3.1 comes back as it is.

    A team becomes an object with members, the default element of promises stands at each promise that named none, and
    a quality rule's ``rule`` becomes its ``metric`` where 3.1 knows one that says the same.
    """
    found = dict(document)
    if found.get("apiVersion") == API_VERSION:
        return found
    found["apiVersion"] = API_VERSION
    if isinstance(found.get("team"), list):
        found["team"] = {"members": found["team"]}
    default = found.pop("slaDefaultElement", None)
    if default is not None and isinstance(found.get("slaProperties"), list):
        found["slaProperties"] = [{"element": default, **item} for item in found["slaProperties"]]
    if isinstance(found.get("schema"), list):
        found["schema"] = [_element(item) for item in found["schema"]]
    return found


def _element(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    found = dict(item)
    for key in ("properties",):
        if isinstance(found.get(key), list):
            found[key] = [_element(one) for one in found[key]]
    if "items" in found:
        found["items"] = _element(found["items"])
    if isinstance(found.get("quality"), list):
        found["quality"] = [_quality(one) for one in found["quality"]]
    return found


def _quality(item: Any) -> Any:
    if not isinstance(item, dict) or "metric" in item or item.get("rule") not in _RULES:
        return item
    return {
        ("metric" if key == "rule" else key): (_RULES[value] if key == "rule" else value) for key, value in item.items()
    }
