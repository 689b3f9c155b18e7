"""Definition files: the only module that reads YAML, save for contracts of others (`runtime.contracts.plain_yaml`).

A definition is read into plain Python values that remember where each key stood, so that every complaint can name file
and line.
"""

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tiffin.kernel.errors import InvalidDefinition, NotFound, Place

LINES_KEY = "__lines__"
"""Key under which each mapping keeps the line of each of its keys; removed by `without_lines`."""

_Read = TypeVar("_Read")

MAX_BYTES = 4_000_000

MAX_DEPTH = 60
"""Deeper than anybody writes; the C parser behind the loader crashes the whole process at some ten thousand levels."""


class _LineLoader(yaml.CSafeLoader):
    """A safe loader that refuses duplicate keys and remembers lines."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's own signature
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain value", key_node.start_mark)
            if key in lines:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            lines[key] = key_node.start_mark.line + 1
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[LINES_KEY] = lines
        return mapping


def read_yaml(path: Path) -> Any:
    """Read one definition file.

    Raises
    ------
    NotFound
        No file stands there.
    InvalidDefinition
        It is not YAML of the allowed kind (safe tags, no anchors and aliases, no duplicate keys, one document, at most
        4 MB and 60 levels).
    """
    return _read(path, lambda text: yaml.load(text, Loader=_LineLoader))  # noqa: S506 - a safe loader


def parse_yaml(text: str, name: str) -> Any:
    """Read a definition that is being written and lies in no file yet, as `read_yaml` reads a file.

    Parameters
    ----------
    name : str
        What complaints call the text.

    Raises
    ------
    InvalidDefinition
        It is not YAML of the allowed kind.
    """
    return parse_text(text, name, lambda found: yaml.load(found, Loader=_LineLoader))  # noqa: S506 - a safe loader


def parse_text(text: str, name: str, load: Callable[[str], _Read]) -> _Read:
    """Read YAML by a loader of one's own, which need not fear large, deep or self-repeating texts.

    Raises
    ------
    InvalidDefinition
        It is not YAML of the allowed kind, or the loader refuses it.
    """
    if len(text.encode()) > MAX_BYTES:
        raise InvalidDefinition(f"{name} is larger than {MAX_BYTES} bytes; a definition is never that long.")
    return _parsed(text, name, load)


class _PlainDumper(yaml.SafeDumper):
    """Writes a value that stands in several places out in each of them: what is read may hold no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's own signature
        return True


def yaml_text(value: Any) -> str:
    """Write plain values as YAML in the order in which they stand, letters of every script as they are."""
    return str(
        yaml.dump(value, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=116, default_flow_style=None)
    )


def read_yaml_documents(path: Path) -> list[Any]:
    """Read a file that may hold several documents, as foreign definition files do.

    Raises
    ------
    NotFound
        No file stands there.
    InvalidDefinition
        It is not YAML of the allowed kind, save for the number of documents.
    """
    return _read(path, lambda text: list(yaml.load_all(text, Loader=_LineLoader)))


def _read(path: Path, load: Callable[[str], _Read]) -> _Read:
    if not path.is_file():
        raise NotFound(f"A definition file was expected at {path}, and there is none.")
    if path.stat().st_size > MAX_BYTES:
        raise InvalidDefinition(f"{path} is larger than {MAX_BYTES} bytes; a definition file is never that long.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidDefinition(f"{path} could not be read as YAML: {error}. Mend the file and try again.") from error
    return _parsed(text, str(path), load)


def _parsed(text: str, name: str, load: Callable[[str], _Read]) -> _Read:
    try:
        _refuse_bombs(text)
        return load(text)
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).replace('in "<unicode string>", ', "at ").split())
        raise InvalidDefinition(f"{name} could not be read as YAML: {reason}. Mend the file and try again.") from error


def _refuse_bombs(text: str) -> None:
    """Refuse what would grow without bounds when composed; reading the events first costs a quarter of reading."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if getattr(event, "anchor", None) is not None:
            raise _refusal("anchors and aliases are not allowed", event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _refusal(f"nested deeper than {MAX_DEPTH} levels", event)


def _refusal(reason: str, event: yaml.Event) -> yaml.YAMLError:
    mark: Any = event.start_mark
    return yaml.composer.ComposerError(None, None, reason, mark)


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
