"""Standards held over all definitions of a workspace, and over a draft before it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tiffin.capabilities.metrics.domain.standards import Finding, Known, Rule, findings_of
from tiffin.capabilities.metrics.service.checking import example_outcomes
from tiffin.capabilities.metrics.service.library import Library, unchecked_library
from tiffin.capabilities.metrics.service.meaning import likenesses_in, likenesses_of
from tiffin.capabilities.metrics.service.translations import (
    old_translations,
    record_shipped,
    unknown_translations,
)
from tiffin.capabilities.metrics.service.trial import Checked
from tiffin.engines.metrics.comparing.fingerprint import Likeness
from tiffin.engines.metrics.definitions import Metric, Tier, Unit
from tiffin.engines.metrics.refusals import no_metric
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

GRAINS: Mapping[str, Unit] = {
    "orders": Unit.ORDERS,
    "contacts": Unit.CONTACTS,
    "refunds": Unit.REFUNDS,
    "ratings": Unit.RATINGS,
    "marketplace_slots": Unit.SLOTS,
    "merchants": Unit.MERCHANTS,
    "riders": Unit.RIDERS,
}
"""What one row of a table counts as; a row of other tables is nothing that has a unit of its own."""


@dataclass(frozen=True, slots=True)
class StandardsReport:
    """What the machine found wrong with the definitions of a workspace.

    Parameters
    ----------
    near : tuple of Likeness
        What resembles the metrics that were named without meaning the same. Families of metrics resemble each other on
        purpose, so that nothing is said of it where all metrics are looked at.
    """

    metrics: int
    findings: tuple[Finding, ...]
    near: tuple[Likeness, ...]

    @property
    def is_good(self) -> bool:
        """Tell whether every standard is kept."""
        return not self.findings


def standards_report(context: Context, only: tuple[str, ...] = (), *, with_examples: bool = True) -> StandardsReport:
    """Hold the standards over the definitions of a workspace.

    Parameters
    ----------
    only : tuple of str
        Metrics to look at; empty for all.
    with_examples : bool
        Whether the worked examples are run as well, which takes some seconds.

    Raises
    ------
    NotFound
        One of ``only`` is no metric.
    """
    library = unchecked_library(context.workspace)
    for name in only:
        if name not in library.model.metrics:
            raise no_metric(name, library.model.metrics)
    metrics = {name: one for name, one in library.model.metrics.items() if not only or name in only}
    findings = [Finding("", Rule.NAMING, str(problem)) for problem in library.problems if not only]
    for metric in metrics.values():
        findings += findings_of(metric, known_in(library))
        findings += _old(context.workspace, metric)
    alike = likenesses_in(library, only)
    findings += [_duplicate(one) for one in alike if one.is_duplicate and _is_live(one, library)]
    if with_examples:
        outcomes = example_outcomes(context, library, tuple(metrics), engines=("duckdb",))
        findings += [Finding(one.metric, Rule.EXAMPLE, one.why) for one in outcomes if not one.is_good]
    near = (one for one in alike if only and not one.is_duplicate)
    return StandardsReport(len(metrics), tuple(findings), tuple(near))


def publication_findings(context: Context, checked: Checked) -> tuple[Finding, ...]:
    """List the standards that a draft breaks."""
    if checked.metric is None or checked.library is None:
        return ()
    metric = checked.metric
    alike = likenesses_of(unchecked_library(context.workspace), metric)
    duplicates = (_duplicate(one) for one in alike if one.is_duplicate and metric.tier is not Tier.DEPRECATED)
    known = known_in(checked.library)
    return (*findings_of(metric, known), *_old(context.workspace, metric), *duplicates)


def record_translations(context: Context) -> int:
    """Keep the digests of the shipped definitions' texts, for builders; give how many were new."""
    return record_shipped(unchecked_library(context.workspace).model.metrics)


def unrecorded(context: Context) -> tuple[str, ...]:
    """Name the shipped texts of which no digest is kept yet, by metric and language."""
    metrics = unchecked_library(context.workspace).model.metrics.values()
    return tuple(
        f"{metric.name}.{text}.{locale}"
        for metric in metrics
        for text, locale in unknown_translations(context.workspace, metric)
    )


def known_in(library: Library) -> Known:
    """Give what the standards are held against."""
    sources = {name: prepared.source for name, prepared in library.model.sources.items()}
    return Known(library.model.metrics, sources, _units(), GRAINS)


@cache
def _units() -> Mapping[str, str]:
    return {
        f"{name}.{column.name}": column.unit
        for name, table in TABLES.items()
        for column in table.columns
        if column.unit is not None
    }


def _old(workspace: Workspace, metric: Metric) -> list[Finding]:
    return [
        Finding(
            metric.name,
            Rule.TRANSLATION,
            Message(
                "the {text} in {locale} is older than the English one: the English text has changed since. "
                "Translate it.",
                text=Message("label") if text == "label" else Message("meaning"),
                locale=locale,
            ),
        )
        for text, locale in old_translations(workspace, metric)
    ]


def _duplicate(one: Likeness) -> Finding:
    said = Message(
        "it means exactly what {other} means. Keep one of the two, and deprecate the other.", other=one.other
    )
    return Finding(one.metric, Rule.DUPLICATE, said)


def _is_live(one: Likeness, library: Library) -> bool:
    both = (library.model.metrics.get(name) for name in (one.metric, one.other))
    return all(metric is not None and metric.tier is not Tier.DEPRECATED for metric in both)
