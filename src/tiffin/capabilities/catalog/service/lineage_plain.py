"""Lineage as plain values, for files, programs and the command line."""

from collections.abc import Sequence
from typing import Any

from tiffin.capabilities.catalog.service.lineage import Touched
from tiffin.capabilities.catalog.service.lineage_walks import Walk
from tiffin.engines.lineage.graph import Reached

COLUMNS = ("direction", "kind", "name", "label", "steps", "through")


def walk_as_plain(found: Walk, language: str) -> dict[str, Any]:
    """Give a walk: what was reached in each direction, nearest first, and every link between it."""
    return {
        "asset": found.asset.text,
        "up": [_reached(found, one, language) for one in found.up],
        "down": [_reached(found, one, language) for one in found.down],
        "links": [
            {"earlier": link.earlier.text, "later": link.later.text, "how": link.how.value} for link in found.links
        ],
    }


def walk_as_rows(found: Walk, language: str) -> Sequence[tuple[object, ...]]:
    """Give a walk as rows under `COLUMNS`."""
    return [
        (direction, one.asset.kind.value, one.asset.name, found.label(one.asset, language), one.steps, _through(one))
        for direction, reached in (("up", found.up), ("down", found.down))
        for one in reached
    ]


def impact_as_plain(found: Touched) -> dict[str, Any]:
    """Give what an edit touches, what people rely on most first."""
    impact = found.impact
    return {
        "asset": impact.asset.text,
        "count": impact.count,
        "hidden": found.hidden,
        "certified": [asset.text for asset in impact.certified],
        "people": list(impact.people),
        "touched": {
            kind.value: [{"asset": one.asset.text, "steps": one.steps} for one in reached]
            for kind, reached in impact.groups.items()
        },
    }


def _reached(found: Walk, one: Reached, language: str) -> dict[str, Any]:
    label = found.label(one.asset, language)
    return {"asset": one.asset.text, "label": label, "steps": one.steps, "through": _through(one)}


def _through(one: Reached) -> str | None:
    return one.before.text if one.before else None
