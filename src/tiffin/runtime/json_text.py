"""Answers as JSON text, the same for the command line, files and the database."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any


def json_text(payload: Any) -> str:
    """Write a payload as JSON: instants and dates as ISO 8601, decimals as text, what is no number (NaN) as null."""
    return json.dumps(_plain(payload), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Decimal | Path):
        return str(value)
    if hasattr(value, "item"):  # a numpy scalar
        return _plain(value.item())
    return [_plain(item) for item in value]
