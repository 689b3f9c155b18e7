"""One metric told to people: attributes in words, its formula, worked examples and lineage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tiffin.capabilities.metrics.pages.wording import COMBINATIONS, DIRECTIONS, KINDS, LEVELS, TIERS, UNITS
from tiffin.engines.metrics.definitions import Example, Metric, Targets
from tiffin.engines.metrics.lineage import Lineage
from tiffin.runtime.i18n import format_percent, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.lineage import Layer, Node, lineage


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows of one table of a worked example, as they are written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ToldExample:
    """A worked example: rows, and the groups with their values."""

    tables: tuple[ExampleTable, ...]
    by: tuple[str, ...]
    gives: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ToldMetric:
    """A metric in the reader's language; ``parents`` pairs a metric's name with how this one enters it."""

    name: str
    label: str
    meaning: str
    unit: str
    kind: str
    direction: str
    level: str
    tier: str
    is_certified: bool
    owner: str
    successor: str | None
    version: int
    since: date
    earlier: tuple[tuple[int, date], ...]
    parents: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, str], ...]
    examples: tuple[ToldExample, ...]
    file: str


def described(metric: Metric, locale: str) -> ToldMetric:
    """Tell a metric in a language."""
    return ToldMetric(
        name=metric.name,
        label=metric.label.text(locale),
        meaning=metric.meaning.text(locale),
        unit=translate(locale, UNITS[metric.unit]),
        kind=translate(locale, KINDS[metric.kind]),
        direction=translate(locale, DIRECTIONS[metric.direction]),
        level=translate(locale, LEVELS[metric.level]),
        tier=translate(locale, TIERS[metric.tier]),
        is_certified=metric.tier == "certified",
        owner=metric.owner.replace("_", " "),
        successor=metric.successor,
        version=metric.version.number,
        since=metric.version.since,
        earlier=tuple((version.number, version.since) for version in metric.earlier),
        parents=tuple((up.metric, translate(locale, COMBINATIONS[up.combination])) for up in metric.parents),
        targets=_targets(metric.targets, locale),
        examples=tuple(_example(example) for example in metric.examples),
        file="/".join(metric.place.file.split("/")[-3:]) if metric.place else "",
    )


def lineage_chart(
    metric: Metric, found: Lineage, below: Mapping[str, Lineage], titles: Mapping[str, str], locale: str
) -> Markup:
    """Draw the metric's way from the columns of the fact tables over the metrics that it names.

    Parameters
    ----------
    below : mapping of str to Lineage
        Lineage of each metric that the formula names.
    titles : mapping of str to str
        What the reader calls each of these metrics.
    """
    end = f"={metric.name}"
    layers = (
        Layer(translate(locale, "Columns"), tuple(_column(column) for column in found.columns)),
        Layer(
            translate(locale, "Metrics"),
            tuple(Node(name, titles[name], "measure", f"/metrics/{name}") for name in below),
        ),
        Layer(translate(locale, "Metric"), (Node(end, metric.label.text(locale), "metric"),)),
    )
    through = [(_column(column).key, name) for name, lower in below.items() for column in lower.columns]
    reached = {start for start, _ in through}
    direct = [(_column(column).key, end) for column in found.columns if _column(column).key not in reached]
    edges = [*through, *direct, *((name, end) for name in below)]
    title = translate(locale, "What this number is made from")
    return lineage(layers, edges, caption=Caption(title, found.formula), locale=locale)


def _column(column: tuple[str, str]) -> Node:
    name = ".".join(column)
    return Node(name, name, "column")


def _targets(targets: Targets | None, locale: str) -> tuple[tuple[str, str], ...]:
    if targets is None:
        return ()
    told = (
        (translate(locale, "Ready by"), targets.ready_by),
        (translate(locale, "Agrees with an independent count within"), _share(targets.agrees_within, locale)),
        (translate(locale, "A settled day moves by at most"), _share(targets.settled_within, locale)),
    )
    return tuple((name, value) for name, value in told if value is not None)


def _share(value: float | None, locale: str) -> str | None:
    return None if value is None else format_percent(value, locale, decimals=2)


def _example(example: Example) -> ToldExample:
    tables = []
    for name, rows in example.rows.items():
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        written = tuple(tuple(_written(row.get(column)) for column in columns) for row in rows)
        tables.append(ExampleTable(name, columns, written))
    return ToldExample(
        tuple(tables), example.by, tuple(tuple(_written(value) for value in group) for group in example.gives)
    )


def _written(value: object) -> str:
    return "" if value is None else str(value)
