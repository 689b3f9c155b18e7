"""Whether two documents mean the same: the order of keys may differ, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which two documents say something else; a side that says nothing holds `NOTHING`."""

    path: str
    one: Any
    other: Any


class _Nothing:
    """What stands where nothing stands; not even a null."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


def differences(one: Any, other: Any, path: str = "") -> Iterator[Difference]:
    """Give every place at which two documents differ in meaning.

    A whole number, a fraction, a flag, a text and a null are never the same, however alike they look; lists are the
    same item by item.

    Examples
    --------
    >>> [found.path for found in differences({"a": [1, {"b": None}]}, {"a": [1.0, {}]})]
    ['a[0]', 'a[1].b']
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in (*one, *(key for key in other if key not in one)):
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(one.get(key, NOTHING), other.get(key, NOTHING), inner)
    elif isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            first, second = (each[number] if number < len(each) else NOTHING for each in (one, other))
            yield from differences(first, second, f"{path}[{number}]")
    elif type(one) is not type(other) or one != other:
        yield Difference(path, one, other)
