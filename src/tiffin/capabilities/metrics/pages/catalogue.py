"""The list of metrics: what matches a search, and how a metric's attributes are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from tiffin.capabilities.metrics.pages.wording import LEVELS, TIERS, UNITS
from tiffin.engines.metrics.definitions import Metric
from tiffin.runtime.i18n import translate


class Filters(BaseModel):
    """What a reader looks for; every part may be empty."""

    q: str = ""
    level: str = ""
    tier: str = ""
    unit: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """One metric of the list, in the reader's language."""

    name: str
    label: str
    meaning: str
    unit: str
    level: str
    tier: str
    is_certified: bool
    owner: str


SORTS: dict[str, Callable[[MetricEntry], Any]] = {
    "label": lambda entry: entry.label.casefold(),
    "unit": lambda entry: entry.unit,
    "level": lambda entry: entry.level,
    "tier": lambda entry: entry.tier,
    "owner": lambda entry: entry.owner,
}


def entries(metrics: Sequence[Metric], filters: Filters, locale: str) -> list[MetricEntry]:
    """Give the metrics that match all filters; every word of the search stands in name, label or meaning."""
    words = filters.q.casefold().split()
    return [
        entry_of(metric, locale)
        for metric in metrics
        if _matches(metric, filters) and all(word in _text_of(metric, locale) for word in words)
    ]


def entry_of(metric: Metric, locale: str) -> MetricEntry:
    """Tell a metric in a language."""
    return MetricEntry(
        name=metric.name,
        label=metric.label.text(locale),
        meaning=metric.meaning.text(locale),
        unit=translate(locale, UNITS[metric.unit]),
        level=translate(locale, LEVELS[metric.level]),
        tier=translate(locale, TIERS[metric.tier]),
        is_certified=metric.tier == "certified",
        owner=metric.owner.replace("_", " "),
    )


def options(metrics: Sequence[Metric], locale: str) -> Mapping[str, list[tuple[str, str]]]:
    """List what can be chosen in each filter: the values that occur, in the reader's language."""

    def choices(attribute: str, words: Mapping[Any, str]) -> list[tuple[str, str]]:
        occurring = {getattr(metric, attribute) for metric in metrics}
        named = sorted((translate(locale, words[value]), str(value)) for value in occurring)
        return [("", translate(locale, "All")), *((value, name) for name, value in named)]

    return {"level": choices("level", LEVELS), "tier": choices("tier", TIERS), "unit": choices("unit", UNITS)}


def _matches(metric: Metric, filters: Filters) -> bool:
    wanted = ((filters.level, metric.level), (filters.tier, metric.tier), (filters.unit, metric.unit))
    return all(asked in ("", found) for asked, found in wanted)


def _text_of(metric: Metric, locale: str) -> str:
    parts = (metric.name, metric.label.text(locale), metric.label.text("en"), metric.meaning.text(locale))
    return " ".join(parts).replace("_", " ").casefold() + f" {metric.name}"
