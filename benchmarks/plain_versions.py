"""Metrics under the versions that a request means: by number, on a date, or those in force today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tiffin.engines.metrics.definitions import Metric, Version
from tiffin.kernel.errors import NotFound

TODAY = date(2026, 3, 1)
"""The present of all requests."""


class Chosen(dict[str, Metric]):
    """Metrics by the name under which they are asked; those that did not exist are refused when they are needed."""

    def __missing__(self, name: str) -> Metric:
        raise NotFound(f"{name} was not defined")


def chosen(metrics: Mapping[str, Metric], asked: Sequence[str], day: date | None) -> Chosen:
    """Give every metric as it was on a day, and those that are asked by number under that version."""
    found = Chosen()
    for name, metric in metrics.items():
        known = [version for version in _versions(metric) if version.since <= (day or TODAY)]
        if known or day is None:
            found[name] = _under(metric, known[-1] if known else _versions(metric)[0])
    for name in asked:
        base, _, number = name.partition("@")
        for version in _versions(metrics[base]):
            if str(version.number) == number:
                found[name] = _under(metrics[base], version)
    return found


def _versions(metric: Metric) -> list[Version]:
    return sorted((metric.version, *metric.earlier), key=lambda version: version.since)


def _under(metric: Metric, version: Version) -> Metric:
    return metric if version is metric.version else replace(metric, version=version)
