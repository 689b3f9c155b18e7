"""Trees as other parts ask for them: in words, and told as plain values."""

from typing import Any

from tiffin.capabilities.metrics.domain.comparing import read_against
from tiffin.capabilities.metrics.domain.tree_asking import (
    AskedTree,
    group_as_plain,
    part_as_plain,
    read_rows,
)
from tiffin.capabilities.metrics.service.decomposing import Decomposition, DecompositionRequest, decompose
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.runtime.context import Context


def decompose_as_asked(
    context: Context,
    name: str,
    rows: AskedTree,
    *,
    at: str = "",
    against: str = "previous",
    targets: tuple[str, ...] = (),
    by: str | None = None,
) -> Decomposition:
    """Answer a tree, or a metric in one, asked for in words.

    Raises
    ------
    WrongUse
        The words cannot be read.
    """
    where, days = read_rows(rows, library_of(context.workspace).model.dimensions)
    request = DecompositionRequest(name, where, days, read_against(against, targets), by or None, at or None)
    return decompose(context, request)


def decomposition_as_plain(context: Context, found: Decomposition) -> dict[str, Any]:
    """Give a decomposition as plain values, the value first, with the receipts of both sides."""
    metrics = library_of(context.workspace).model.metrics
    groups = None
    if found.groups:
        groups = {
            "by": found.by,
            "weighed_by": found.weight,
            "change": float(found.groups.change),
            "unexplained": float(found.groups.unexplained),
            "groups": [group_as_plain(group) for group in found.groups.groups],
        }
    return {
        "tree": found.tree.name,
        "metric": found.root,
        "days": {"first": found.days.first, "last": found.days.last},
        "against": {
            "comparison": found.against.comparison,
            "first": found.base_days.first,
            "last": found.base_days.last,
            "place": found.against.place,
            "targets": dict(found.against.targets),
        },
        "currency": found.currency,
        "parts": [part_as_plain(part, metrics[part.metric], context.locale) for part in found.parts],
        "influences": {name: {"base": base, "value": value} for name, (base, value) in found.influences.items()},
        "groups": groups,
        "receipt": found.receipt,
        "base_receipt": found.base_receipt,
    }
