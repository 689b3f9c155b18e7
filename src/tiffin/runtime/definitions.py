"""Definition files: the only module that reads YAML.

A definition is read into plain Python values that remember where each key stood, so that every complaint can name file and line.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tiffin.kernel.errors import InvalidDefinition, NotFound, Place

LINES_KEY = "__lines__"
"""Key under which each mapping keeps the line of each of its keys; removed by `without_lines`."""

MAX_BYTES = 4_000_000


class _LineLoader(yaml.CSafeLoader):
    """A safe loader that refuses duplicate keys and anchors and remembers lines."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's own signature
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if key in lines:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            lines[key] = key_node.start_mark.line + 1
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[LINES_KEY] = lines
        return mapping

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):  # type: ignore[no-untyped-call]
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", event.start_mark)
        return super().compose_node(parent, index)  # type: ignore[no-any-return]


def read_yaml(path: Path) -> Any:
    """Read one definition file.

    Raises
    ------
    NotFound
        No file stands there.
    InvalidDefinition
        It is not YAML of the allowed kind (safe tags, no aliases, no duplicate keys, at most 4 MB).
    """
    if not path.is_file():
        raise NotFound(f"A definition file was expected at {path}, and there is none.")
    if path.stat().st_size > MAX_BYTES:
        raise InvalidDefinition(f"{path} is larger than {MAX_BYTES} bytes; a definition file is never that long.")
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506 - subclass of the safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidDefinition(
            f"{path} could not be read as YAML: {' '.join(str(error).split())}. Mend the file and try again."
        ) from error


def without_lines(value: Any) -> Any:
    """Strip the line numbers that `read_yaml` left in every mapping."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key != LINES_KEY}
    if isinstance(value, list):
        return [without_lines(item) for item in value]
    return value


def place_of(path: Path, mapping: Mapping[Any, Any], key: Any = None) -> Place:
    """Tell where a key of a mapping that `read_yaml` made stands; without a key, where the mapping begins."""
    lines: Mapping[Any, int] = mapping.get(LINES_KEY, {})
    return Place(str(path), lines.get(key) or min(lines.values(), default=None))


def definition_files(*folders: Path, pattern: str = "*.yaml") -> Iterator[Path]:
    """List definition files of several folders in order; a later folder's file of the same relative name replaces an earlier one's."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob(pattern)) if folder.is_dir() else ():
            found[str(path.relative_to(folder))] = path
    yield from found.values()
