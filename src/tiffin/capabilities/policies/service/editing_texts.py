"""Edited rows go back into the text of a file; rows that nobody touched, and all around them, stay as they were."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tiffin.capabilities.policies.domain.sheet import SheetRow, rows_of, with_rows
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.definitions import LINES_KEY, parse_yaml, without_lines, yaml_text

ROWS = "rows"
_INDENT = "  "
_BARE = re.compile(r"[a-z][a-z0-9_-]*[._-][a-z0-9_.-]*")
"""Ids that need no quotes: a point, hyphen or _ tells them from YAML's own words."""


def plain_of(text: str, name: str) -> Mapping[str, Any]:
    """Read a file as plain values; nothing for an empty text.

    Raises
    ------
    InvalidDefinition
        It is no YAML, or no names with values.
    """
    found: Mapping[str, Any] = without_lines(_read(text, name))
    return found


def text_with(text: str, name: str, rows: Sequence[SheetRow]) -> str:
    """Put rows into a file's text.

    Raises
    ------
    InvalidDefinition
        The text is no YAML.
    InvalidData
        There are more rows, or longer cells, than a policy may have.
    """
    raw = _read(text, name)
    plain = without_lines(raw)
    stated = with_rows(plain, rows)[ROWS]
    lines = text.splitlines(keepends=True)
    held = raw.get(ROWS)
    if not isinstance(held, list) or not held or not all(isinstance(one, Mapping) for one in held):
        return yaml_text({**plain, ROWS: stated})
    starts = [min(one[LINES_KEY].values()) - 1 for one in held]
    end = _end(raw, lines, starts[-1])
    if any(not lines[start].lstrip().startswith("-") for start in starts):
        return yaml_text({**plain, ROWS: stated})
    chunks = ["".join(lines[one:other]) for one, other in pairwise([*starts, end])]
    known = {_key(row): chunk for row, chunk in zip(rows_of(plain), chunks, strict=True)}
    indent = lines[starts[0]][: len(lines[starts[0]]) - len(lines[starts[0]].lstrip())]
    written = [known.get(_key(row)) or _chunk(one, indent) for row, one in zip(rows, stated, strict=True)]
    body = "".join(one if one.endswith("\n") else f"{one}\n" for one in written) or f"{indent or _INDENT}[]\n"
    return "".join(lines[: starts[0]]) + body + "".join(lines[end:])


def _read(text: str, name: str) -> Mapping[str, Any]:
    found = parse_yaml(text, name) if text.strip() else {}
    if not isinstance(found, Mapping):
        raise InvalidDefinition(
            Message("The file of a policy is names with values; {found} was found.", found=type(found).__name__)
        )
    return found


def _end(raw: Mapping[str, Any], lines: Sequence[str], last: int) -> int:
    """Find where the rows end: before the next name, and before what was written over that name."""
    after = [line - 1 for line in raw[LINES_KEY].values() if line - 1 > last]
    end = min(after, default=len(lines))
    while end > last + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _key(row: SheetRow) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, text.strip()) for key, text in row.items() if text.strip() not in ("", "-")))


def _chunk(row: Mapping[str, Any], indent: str) -> str:
    """Write a row as people do: a line for what holds, one for what follows, one for each language of the reason."""
    inner = f"{indent}{_INDENT}"
    parts: list[str] = []
    for key, value in row.items():
        if key == "reason":
            languages = (f"\n{inner}{_INDENT}{locale}: {_scalar(text)}" for locale, text in value.items())
            parts.append(f"{key}:{''.join(languages)}")
        elif isinstance(value, Mapping):
            parts.append(f"{key}: {{{', '.join(f'{name}: {_scalar(one)}' for name, one in value.items())}}}")
        elif isinstance(value, list):
            parts.append(f"{key}: [{', '.join(_scalar(one) for one in value)}]")
        else:
            parts.append(f"{key}: {_scalar(value)}")
    return f"{indent}- " + f"\n{inner}".join(parts) + "\n"


def _scalar(value: Any) -> str:
    """Write a plain value so that it is read as the same one, wherever it stands."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int) or _BARE.fullmatch(text):
        return text
    if '"' in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
