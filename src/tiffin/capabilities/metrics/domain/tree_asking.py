"""Questions for trees as people type them, and trees and their answers as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tiffin.capabilities.metrics.domain.asking import Asked, read_request
from tiffin.engines.metrics.decomposition.splitting import GroupPart, Part
from tiffin.engines.metrics.decomposition.trees import Fork, Tree
from tiffin.engines.metrics.definitions import Dimension, Metric
from tiffin.engines.metrics.request import Condition, Operator
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import Days


@dataclass(frozen=True, slots=True)
class AskedTree:
    """Rows and days of a tree in words; either both days or none."""

    city: str = ""
    where: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None


def read_rows(asked: AskedTree, dimensions: Mapping[str, Dimension]) -> tuple[tuple[Condition, ...], Days | None]:
    """Turn words into conditions and days.

    Raises
    ------
    WrongUse
        A date or filter cannot be read, or one of the two days is missing.
    """
    if bool(asked.first) != bool(asked.last):
        raise WrongUse("A first and a last business date were expected, or neither; one was found. Add the other.")
    request = read_request(Asked((), (), asked.where, asked.first, asked.last), dimensions)
    city = (Condition("city_id", Operator.EQ, (asked.city,)),) if asked.city else ()
    return (*city, *request.where), request.days


def tree_as_plain(tree: Tree, locale: str) -> dict[str, Any]:
    """Describe a tree in one language."""
    return {
        "name": tree.name,
        "label": tree.label.text(locale),
        "meaning": tree.meaning.text(locale),
        "level": tree.level,
        "root": tree.root,
        "drill": tree.drill,
        "forks": {metric: _fork_as_plain(fork) for metric, fork in tree.forks.items()},
        "metrics": tree.metrics(),
        "defined_at": str(tree.place),
    }


def _fork_as_plain(fork: Fork) -> dict[str, Any]:
    below: dict[str, list[str]] = {}
    for branch in fork.branches:
        below.setdefault(branch.combination, []).append(branch.metric)
    constant = {"constant": float(fork.constant)} if fork.constant else {}
    influences = {"influences": fork.influences} if fork.influences else {}
    return {**constant, **below, **influences}


def part_as_plain(part: Part, metric: Metric, locale: str) -> dict[str, Any]:
    """Describe one part of a decomposition; decimals become the doubles that print like them."""
    return {
        "metric": part.metric,
        "label": metric.label.text(locale),
        "unit": metric.unit,
        "parent": part.parent,
        "enters_by": part.combination,
        "depth": part.depth,
        "base": _number(part.base),
        "value": _number(part.actual),
        "change": _number(part.change),
        "contribution_to_parent": _number(part.to_parent),
        "contribution_to_root": _number(part.to_root),
        "unexplained": _number(part.unexplained),
    }


def group_as_plain(group: GroupPart) -> dict[str, Any]:
    """Describe what one group contributes."""
    return {
        "group": group.group,
        "base": _number(group.base),
        "value": _number(group.actual),
        "contribution": _number(group.total),
        "rate_effect": _number(group.rate),
        "mix_effect": _number(group.mix),
        "base_weight": _number(group.base_weight),
        "weight": _number(group.actual_weight),
    }


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
