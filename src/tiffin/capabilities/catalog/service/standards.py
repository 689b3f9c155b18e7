"""The standards held over every asset of a workspace, metric definitions included."""

import threading
from collections.abc import Sequence

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standards import Compliance, Finding, Standard, checked, waived
from tiffin.capabilities.catalog.service.standard_rules import METRICS, read_standards
from tiffin.capabilities.catalog.service.waivers import waivers_in_force
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.standards import standards_report
from tiffin.engines.metrics.model import Model
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context

_KEPT = 8
_LOCK = threading.Lock()
_OF_METRICS: dict[str, tuple[Model, tuple[tuple[str, str], ...]]] = {}
"""What is wrong with metric definitions, by workspace, with the model that was looked at."""


def standards(context: Context) -> tuple[Standard, ...]:
    """List the standards that hold today."""
    return read_standards(context.workspace, context.now.date())


def compliance_of(context: Context, assets: Sequence[Asset]) -> Compliance:
    """Hold the standards over some assets, with the waivers that are in force."""
    held = standards(context)
    found = checked(assets, held)
    own = [one for one in held if one.by == METRICS]
    if own:
        found = _with_metrics(context, found, own[0], assets)
    return waived(found, waivers_in_force(context), context.now.date())


def _with_metrics(context: Context, found: Compliance, standard: Standard, assets: Sequence[Asset]) -> Compliance:
    concerned = {asset.name for asset in assets if asset.kind is AssetKind.METRIC and standard.concerns(asset)}
    if not concerned:
        return found
    more = tuple(
        Finding(AssetId(AssetKind.METRIC, name), standard, said)
        for name, said in _of_metrics(context)
        if name in concerned
    )
    checks = dict(found.checks)
    for name in concerned:
        asset = AssetId(AssetKind.METRIC, name)
        checks[asset] = checks.get(asset, 0) + 1
    topics = {**found.topics, standard.topic: found.topics.get(standard.topic, 0) + len(concerned)}
    return Compliance(found.checked + len(concerned), (*found.findings, *more), checks, topics)


def _of_metrics(context: Context) -> tuple[tuple[str, str], ...]:
    key, model = str(context.workspace.root), unchecked_library(context.workspace).model
    with _LOCK:
        kept = _OF_METRICS.get(key)
    if kept is not None and kept[0] is model:
        return kept[1]
    # Worked examples are run where a definition is written and published; here they would take seconds.
    report = standards_report(context, with_examples=False)
    found = tuple((one.metric, one.message) for one in report.findings if one.metric)
    with _LOCK:
        if len(_OF_METRICS) >= _KEPT:
            _OF_METRICS.clear()
        _OF_METRICS[key] = (model, found)
    return found
