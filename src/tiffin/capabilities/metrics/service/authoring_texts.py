"""Texts of definitions: what is published now, what a draft says, and where in it a problem stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tiffin.capabilities.metrics.domain.forms import field_at, fields_of, form_values, plain_of
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.definitions import LINES_KEY, parse_yaml, place_of, read_yaml, without_lines, yaml_text
from tiffin.runtime.workspace import Workspace

NAME = "the draft"
"""What complaints call a text that lies in no file."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft's text, read: the metric's name and its definition as plain values that remember their lines."""

    name: str
    raw: Mapping[str, Any]
    file: File

    @property
    def plain(self) -> dict[str, Any]:
        """Give the definition without lines."""
        found: dict[str, Any] = without_lines(self.raw)
        return found


def published_plain(workspace: Workspace, name: str) -> dict[str, Any] | None:
    """Give a metric's published definition in full, with the defaults of its file; None where there is none."""
    metric = unchecked_library(workspace).model.metrics.get(name)
    if metric is None or metric.place is None:
        return None
    content = without_lines(read_yaml(Path(metric.place.file)))
    return {**(content.get("defaults") or {}), **content["metrics"][name]}


def text_of(name: str, plain: Mapping[str, Any]) -> str:
    """Write a definition as the file of one metric."""
    return yaml_text({"metrics": {name: dict(plain)}})


def read_text(text: str) -> DraftText:
    """Read a draft's text.

    Raises
    ------
    InvalidDefinition
        It is not YAML, or not the definition of one metric.
    """
    content = parse_yaml(text, NAME)
    held = content.get("metrics") if isinstance(content, Mapping) else None
    metrics: Mapping[Any, Any] = held if isinstance(held, Mapping) else {}
    names = [name for name in metrics if name != LINES_KEY]
    if len(names) != 1 or not isinstance(metrics[names[0]], Mapping) or set(content) - {"metrics", LINES_KEY}:
        raise InvalidDefinition(
            f"{NAME} is the definition of one metric: `metrics:`, below it the metric's name, below that its entries."
        )
    return DraftText(str(names[0]), metrics[names[0]], File(content, partial(place_of, Path(NAME))))


def form_of(plain: Mapping[str, Any]) -> dict[str, str]:
    """Fill the form of a definition."""
    return form_values(plain, write=yaml_text)


def text_from_form(name: str, values: Mapping[str, str]) -> str:
    """Write the text that a filled form stands for.

    Raises
    ------
    InvalidDefinition
        A field holds what cannot be read.
    """
    return text_of(name, plain_of(values, read=_read_field))


def _read_field(text: str, path: str) -> Any:
    return without_lines(parse_yaml(text, f"the field {path}"))


def field_of_line(draft: DraftText, line: int | None) -> str:
    """Tell which field of the form stands at a line of the text; empty where none does."""
    known = [field.path for field in fields_of(str(draft.raw.get("kind", "")))]
    return field_at(sorted(_lines(draft.raw, "")), line, known)


def _lines(raw: Mapping[str, Any], above: str) -> list[tuple[int, str]]:
    found = [(line, f"{above}{key}") for key, line in raw.get(LINES_KEY, {}).items()]
    for key, value in raw.items():
        if key != LINES_KEY and isinstance(value, Mapping):
            found += _lines(value, f"{above}{key}.")
    return found
