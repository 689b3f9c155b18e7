"""Definitions and requests as plain values for JSON, and back: complete, and the same text for the same meaning.

What stands at its default is left out, so that a value keeps its text when its class gains a field. Where a field may
hold one of several classes, ``is`` names the one.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tiffin.kernel.errors import InvalidData

IS = "is"
Wanted = TypeVar("Wanted")


def encode(value: Any, hint: Any = None) -> Any:
    """Write a value as plain ones; places in files are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return _written(value, hint)
    if isinstance(value, Mapping):
        return {str(key): encode(item, _item_hint(hint)) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [encode(item, _item_hint(hint)) for item in value]
    if isinstance(value, date):
        return {"instant" if isinstance(value, datetime) else "date": value.isoformat()}
    return value.value if isinstance(value, Enum) else value


def decode(wanted: type[Wanted], plain: Any) -> Wanted:
    """Read what `encode` wrote.

    Raises
    ------
    InvalidData
        It is not what was expected.
    """
    try:
        found: Wanted = _read(wanted, plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidData(f"A stored {wanted.__name__} was expected, and it cannot be read: {error}.") from error
    return found


def canonical(plain: Any) -> str:
    """Write plain values as JSON that is the same for the same values."""
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(plain: Any) -> str:
    """Give the SHA-256 of plain values."""
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def _written(value: Any, hint: Any) -> Mapping[str, Any]:
    kind: Any = type(value)
    found = {IS: kind.__name__} if hint is not None and len(_classes(hint)) > 1 else {}
    for name, default, own in _parts(kind):
        item = getattr(value, name)
        if default is MISSING or item != default:
            found[name] = encode(item, own)
    return found


@cache
def _parts(kind: Any) -> tuple[tuple[str, Any, Any], ...]:
    """Give each field of a class that counts: its name, its default or `MISSING`, and of what type it is."""
    hints = _hints(kind)
    return tuple((part.name, _default(part), hints[part.name]) for part in fields(kind) if part.compare)


def _default(part: Field[Any]) -> Any:
    return part.default if part.default_factory is MISSING else part.default_factory()


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _choices(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _classes(hint: Any) -> tuple[type, ...]:
    return tuple(choice for choice in _choices(hint) if isinstance(choice, type) and is_dataclass(choice))


def _item_hint(hint: Any) -> Any:
    for choice in _choices(hint):
        arguments = [argument for argument in get_args(choice) if argument is not Ellipsis]
        if arguments:
            return arguments[-1]
    return None


def _read(hint: Any, plain: Any) -> Any:
    if plain is None or isinstance(plain, bool | int | float):
        return plain
    if isinstance(plain, str):
        return _read_text(hint, plain)
    if isinstance(plain, list):
        return tuple(_read(_item_hint(hint), item) for item in plain)
    classes = {kind.__name__: kind for kind in _classes(hint)}
    if not classes:
        return _read_mapping(hint, plain)
    kind = classes[plain[IS]] if IS in plain else next(iter(classes.values()))
    return kind(**{name: _read(_hints(kind)[name], item) for name, item in plain.items() if name != IS})


def _read_mapping(hint: Any, plain: Mapping[str, Any]) -> Any:
    if set(plain) == {"date"}:
        return date.fromisoformat(plain["date"])
    if set(plain) == {"instant"}:
        return datetime.fromisoformat(plain["instant"])
    return {key: _read(_item_hint(hint), item) for key, item in plain.items()}


def _read_text(hint: Any, plain: str) -> Any:
    for choice in _choices(hint):
        if isinstance(choice, type) and issubclass(choice, Enum):
            return choice(plain)
    return plain
