"""Rows of JSON lines."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.guard import GuardedText
from tiffin.runtime.intake.shape import LINE, Malformed, Rows, Shape, check_headers
from tiffin.runtime.intake.sources import SourceFile

BATCH_ROWS = 20_000


def json_rows(source: SourceFile, shape: Shape) -> Rows:
    """Read one JSON object a line; numbers keep their digits, nested values become JSON text.

    The columns are checked on the first object; a later one with an unknown key goes to quarantine.

    Raises
    ------
    InvalidData
        The file is empty, or its first object has other keys than expected.
    """
    rows = Rows(iter(()))
    rows.batches = _batches(source, shape, rows)
    return rows


def _batches(source: SourceFile, shape: Shape, rows: Rows) -> Iterator[pa.RecordBatch]:
    guard = GuardedText(
        source.opened, name=source.name, encoding=shape.encoding, limits=shape.limits, on_bytes=shape.on_bytes
    )
    known = {header: alias for header, alias, _ in shape.headers}
    objects: list[dict[str, Any]] = []
    is_first = True
    with io.BufferedReader(guard, buffer_size=1 << 20) as text:
        for line, raw in enumerate(text, 1):
            if not raw.strip():
                continue
            if is_first:
                _check_first(raw, shape, source, line)
                is_first = False
            found = _object(raw, line, known, shape, rows, source)
            objects += [found] if found else []
            if len(objects) >= BATCH_ROWS:
                rows.has_nul = guard.has_nul
                yield pa.RecordBatch.from_pylist(objects, schema=shape.schema)
                objects = []
        rows.has_nul = guard.has_nul
    if is_first:
        raise InvalidData(
            f"{source.name} is empty; a JSON object a line was expected there. Nothing was loaded. Fetch the file "
            "again."
        )
    yield pa.RecordBatch.from_pylist(objects, schema=shape.schema)


def _check_first(raw: bytes, shape: Shape, source: SourceFile, line: int) -> None:
    parsed = _parsed(raw)
    if isinstance(parsed, dict):
        check_headers(list(parsed), _all_optional_but_known(parsed, shape), name=source.name, line=line)


def _all_optional_but_known(parsed: dict[str, Any], shape: Shape) -> Shape:
    """Leave a key out of the demands when only null would stand there: writers of JSON often omit those."""
    headers = [(header, alias, required and header in parsed) for header, alias, required in shape.headers]
    return Shape(headers, stated_in=shape.stated_in, limits=shape.limits)


def _object(
    raw: bytes, line: int, known: dict[str, str], shape: Shape, rows: Rows, source: SourceFile
) -> dict[str, Any] | None:
    parsed = _parsed(raw)
    unknown = sorted(set(parsed) - set(known)) if isinstance(parsed, dict) else []
    if isinstance(parsed, dict) and not unknown:
        return {known[key]: _as_text(value) for key, value in parsed.items()} | {LINE: line}
    rule, reason = (
        ("unknown_key", f"the key {unknown[0]!r} is not in {shape.stated_in}")
        if unknown
        else ("not_json", "not a JSON object")
    )
    if len(rows.malformed) > shape.limits.malformed:
        raise InvalidData(
            f"{source.name}: more than {shape.limits.malformed:,} lines are not the objects that {shape.stated_in} "
            "expects. "
            "Nothing of the file was loaded. Check that it is the right file."
        )
    text = raw.decode(errors="replace").rstrip("\n")[: shape.limits.cell_chars]
    rows.malformed.append(Malformed(line, rule, reason, text))
    return None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
