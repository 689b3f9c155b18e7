"""Links from metrics to where people meet them: tiles, dashboards, alerts, reports, questions, published numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl

from tiffin.capabilities.balance.service.statements import daybook_statements
from tiffin.capabilities.catalog.domain.tools import FIND_ASSETS
from tiffin.capabilities.catalog.service.lineage_metrics import dimensions_read
from tiffin.capabilities.catalog.service.lineage_names import column_id, dimension_id, metric_id
from tiffin.capabilities.metrics.domain.tools import TOOLS as OF_METRICS
from tiffin.capabilities.scorecards.domain.alerts import AlertRule
from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.capabilities.scorecards.service.saving import Saved
from tiffin.engines.lineage.links import How, Link
from tiffin.engines.lineage.queries import columns_read
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.model import Model
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.facts.registry import TABLES

LISTS_DIMENSIONS = "list_dimensions"
DAYBOOK, HOME, MORNING = (AssetId(AssetKind.REPORT, name) for name in ("daybook", "home", "morning_sheet"))


def dashboard_links(dashboards: Iterable[Dashboard], model: Model) -> Iterator[Link]:
    """Link tiles to what they show, and dashboards to their tiles and filters."""
    for dashboard in dashboards:
        later = AssetId(AssetKind.DASHBOARD, dashboard.name)
        for tile, name in zip(dashboard.tiles, dashboard.tile_names, strict=True):
            shown = AssetId(AssetKind.TILE, f"{dashboard.name}/{name}")
            yield Link(shown, later, How.SHOWN_IN)
            yield from (Link(metric_id(metric), shown, How.SHOWN_IN) for metric in tile.metrics)
            split = dimensions_read(model, tile.metrics, tile.by)
            yield from (Link(one, shown, How.SPLIT_BY) for one in split)
        filters = dict.fromkeys((*dashboard.filters, *((dashboard.needs,) if dashboard.needs else ())))
        read = dimensions_read(model, dashboard.metrics, filters)
        yield from (Link(one, later, How.FILTERED_BY) for one in read)


def alert_links(rules: Iterable[AlertRule], model: Model) -> Iterator[Link]:
    """Link alerts to the metric that they watch, and to the place for which they do."""
    for rule in rules:
        later = AssetId(AssetKind.ALERT, rule.name)
        yield Link(metric_id(rule.metric), later, How.SHOWN_IN)
        split = dimensions_read(model, (rule.metric,), (rule.per.value,))
        yield from (Link(one, later, How.SPLIT_BY) for one in split)


def report_links(
    figures: Mapping[AssetId, Sequence[str]], sheet: Dashboard | None, trees: Sequence[Tree]
) -> Iterator[Link]:
    """Link reports to their figures, the morning sheet to its dashboard and trees, the day-book to what it reads."""
    for report, metrics in figures.items():
        yield from (Link(metric_id(name), report, How.SHOWN_IN) for name in metrics)
    if sheet is not None:
        yield Link(AssetId(AssetKind.DASHBOARD, sheet.name), MORNING, How.SHOWN_IN)
        for tree in trees:
            if not set(tree.metrics()).isdisjoint(sheet.metrics):
                yield Link(AssetId(AssetKind.TREE, tree.name), MORNING, How.SHOWN_IN)
    schema = {name: contract.column_names for name, contract in TABLES.items()}
    for statement in daybook_statements():
        for table, column in columns_read(statement, schema):
            yield Link(column_id(table, column), DAYBOOK, How.COMPUTED_FROM)


def question_links(questions: Iterable[Saved], model: Model) -> Iterator[Link]:
    """Link saved questions to what their address names."""
    for question in questions:
        later = AssetId(AssetKind.QUESTION, str(question.question_id))
        pairs = parse_qsl(question.address)
        metrics = [value for name, value in pairs if name == "metrics" and value in model.metrics]
        yield from (Link(metric_id(name), later, How.SHOWN_IN) for name in metrics)
        split = [value for name, value in pairs if name == "by"]
        yield from (Link(one, later, How.SPLIT_BY) for one in dimensions_read(model, metrics, split))
        filtered = [name for name, value in pairs if name in model.dimensions and value]
        yield from (Link(one, later, How.FILTERED_BY) for one in dimensions_read(model, metrics, filtered))


def tool_links(model: Model) -> Iterator[Link]:
    """Link assistants' tools to what they hand on: metrics with their meaning and values, and dimensions."""
    for name in OF_METRICS:
        later = AssetId(AssetKind.TOOL, name)
        handed = model.dimensions if name == LISTS_DIMENSIONS else model.resolved
        of = dimension_id if name == LISTS_DIMENSIONS else metric_id
        yield from (Link(of(one), later, How.SHOWN_IN) for one in handed)
    finding = AssetId(AssetKind.TOOL, FIND_ASSETS)
    yield from (Link(metric_id(one), finding, How.SHOWN_IN) for one in model.resolved)


def published_links(entries: Mapping[str, Sequence[str]], model: Model) -> Iterator[Link]:
    """Link published numbers, by their reference, to the metrics that they told."""
    for reference, metrics in entries.items():
        later = AssetId(AssetKind.PUBLISHED, reference)
        known = (name for name in metrics if name.partition("@")[0] in model.metrics)
        yield from (Link(metric_id(name), later, How.SHOWN_IN) for name in known)
