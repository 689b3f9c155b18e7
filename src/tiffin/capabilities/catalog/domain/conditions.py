"""Conditions over what is known of an asset, as the standards' file writes them: an attribute, a test, a value."""

import re
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.kernel.contract import LOCALES

_STOPS = (".", "。", "؟", "!", "?")
_FIELDS = (
    "label",
    "meaning",
    "owner",
    "technical_owner",
    "classification",
    "life_cycle",
    "successor",
    "contract",
    "domain",
    "tier",
    "tags",
    "file",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one attribute."""

    attribute: str
    test: str
    value: Any

    def holds(self, asset: Asset) -> bool:
        """Tell whether an asset passes; an attribute that it does not have is empty."""
        return TESTS[self.test](attribute_of(asset, self.attribute), self.value)


def attribute_of(asset: Asset, name: str) -> Any:
    """Give an attribute of an asset: its own, or a trait of its kind.

    ``name`` is the last part of its name: the column without its table, the tile without its dashboard.
    """
    if name == "name":
        return re.split(r"[./]", asset.name)[-1] if asset.part_of else asset.name
    if name == "kind":
        return asset.kind.value
    return getattr(asset, name) if name in _FIELDS else asset.traits.get(name, "")


def _is_present(found: Any, wanted: Any) -> bool:
    return _is_filled(found) is bool(wanted)


def _is_filled(found: Any) -> bool:
    return len(found) > 0 if isinstance(found, Sized) else found is not None and found != ""


def _matches(found: Any, pattern: Any) -> bool:
    return _compiled(str(pattern)).fullmatch(str(found)) is not None


def _lacks(found: Any, pattern: Any) -> bool:
    return _compiled(str(pattern)).search(str(found)) is None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_in_all_languages(found: Mapping[str, str], wanted: Any) -> bool:
    return all(found.get(language, "").strip() for language in LOCALES) is bool(wanted)


def _is_sentence(found: Mapping[str, str], wanted: Any) -> bool:
    return all(text.rstrip().endswith(_STOPS) for text in found.values() if text) is bool(wanted)


TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "present": _is_present,
    "equals": lambda found, wanted: found == wanted,
    "one_of": lambda found, wanted: found in wanted,
    "matches": _matches,
    "lacks": _lacks,
    "max_length": lambda found, wanted: len(found) <= wanted,
    "at_least": lambda found, wanted: (found or 0) >= wanted,
    "contains": lambda found, wanted: wanted in found,
    "in_all_languages": _is_in_all_languages,
    "sentence": _is_sentence,
}
"""Every test that a standard may use: given what was found and what is wanted."""
