"""Requests that an imported semantic layer keeps under a name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tiffin.engines.metrics.semantic.compiler import SemanticRequest
from tiffin.engines.metrics.semantic.naming import Ref, named_of
from tiffin.kernel.errors import InvalidDefinition

_FALLING = re.compile(r"(.*)\.descending\((True|False)\)", re.DOTALL)
_METRIC = re.compile(r"Metric\('(\w+)'\)")


def read_saved(documents: Iterable[Mapping[str, Any]], grains: frozenset[str]) -> dict[str, SemanticRequest]:
    """Read the saved queries among a manifest's documents.

    Raises
    ------
    InvalidDefinition
        One lacks what it must say, or groups by something that is no dimension.
    """
    found = {}
    for document in documents:
        if "saved_query" in document:
            plain = document["saved_query"]
            try:
                found[str(plain["name"])] = _request(plain["query_params"], grains)
            except KeyError as error:
                raise InvalidDefinition(f"A saved query lacks {error}: {str(plain)[:200]}") from error
    return found


def _request(plain: Mapping[str, Any], grains: frozenset[str]) -> SemanticRequest:
    where = plain.get("where") or ()
    return SemanticRequest(
        metrics=tuple(plain.get("metrics") or ()),
        by=tuple(_ref(text, grains) for text in plain.get("group_by") or ()),
        where=(where,) if isinstance(where, str) else tuple(where),
        order_by=tuple(_order(text, grains) for text in plain.get("order_by") or ()),
        limit=plain.get("limit"),
    )


def _ref(text: str, grains: frozenset[str]) -> Ref:
    found = named_of(text, grains)
    if not isinstance(found, Ref):
        raise InvalidDefinition(f"A saved query groups by {text}, which is no dimension.")
    return found


def _order(text: str, grains: frozenset[str]) -> tuple[str, bool]:
    falling = _FALLING.fullmatch(text)
    name = falling[1] if falling else text
    metric = _METRIC.fullmatch(name.strip())
    return metric[1] if metric else _ref(name, grains).column, bool(falling and falling[2] == "True")
