"""YAML of foreign contracts, read so that it is written again with the same meaning to every reader.

Readers of YAML 1.1 and of 1.2 take some plain words for different values (``2022-10-03``, ``on``, ``12:30``, ``010``,
``1e3``). Such a word is kept as it was written, and written so again.
"""

import re
from typing import Any

import yaml

from tiffin.runtime.definitions import parse_text

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"


class PlainText(str):
    """A word that stood without quotes and that readers take for different values; it is written without quotes."""

    __slots__ = ()


def read_plain(text: str, name: str) -> Any:
    """Read one document as plain values.

    Raises
    ------
    InvalidDefinition
        It is not YAML of the allowed kind (safe tags, no anchors and aliases, no duplicate keys, one document).
    """
    return parse_text(text, name, lambda found: yaml.load(found, Loader=_PlainLoader))  # noqa: S506 - a safe loader


def write_plain(value: Any) -> str:
    """Write a document so that it is read as the same values by readers of either version of YAML."""
    return str(yaml.dump(value, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=116))


def _newer(text: str) -> Any:
    """Give the value of a plain word as YAML 1.2 reads it."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FRACTION.fullmatch(text):
        return float(text)
    return float(text.replace(".", "").lower()) if _SPECIAL.fullmatch(text) else text


class _PlainLoader(yaml.CSafeLoader):
    """A safe loader that refuses duplicate keys and keeps the words on which readers differ."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - yaml's own signature
        value = super().construct_object(node, deep=deep)
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return value
        newer = _newer(node.value)
        is_same = type(newer) is type(value) and (newer == value or newer != newer)  # noqa: PLR0124 - not a number
        return value if is_same else PlainText(node.value)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002, FBT001, FBT002 - yaml's own signature
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain value", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return {str(key.value): self.construct_object(value, deep=True) for key, value in node.value}


_PlainLoader.add_constructor(f"{_TAG}value", lambda _, node: str(node.value))  # the word "=", which yaml itself refuses


class _PlainDumper(yaml.SafeDumper):
    """Writes words on which readers differ as they stood, and texts that look like such words in quotes."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's own signature
        return True


def _plain(dumper: yaml.SafeDumper, text: PlainText) -> yaml.Node:
    tag = dumper.resolve(yaml.ScalarNode, str(text), (True, False))  # type: ignore[no-untyped-call] # of yaml
    return dumper.represent_scalar(tag, str(text))


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None if _newer(text) == text else "'"
    return dumper.represent_scalar(f"{_TAG}str", text, style=style)


_PlainDumper.add_representer(PlainText, _plain)
_PlainDumper.add_representer(str, _quoted)
