"""Built-in functions that make lists of lists."""

from decimal import Decimal
from functools import cmp_to_key

from tiffin.engines.decisions.feel.calling import builtin, call
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import whole
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Value, described

_LIST = "list: list"


def part_of(start: Decimal, length: Decimal | None, size: int) -> slice:
    """Give the slice that a start position, from 1 or, negative, from the end, and a length mean."""
    first = whole(start)
    if not first or abs(first) > size:
        raise FeelFault(f"A position from 1 to {size}, or from the end, was expected; found {start}.")
    begin = first - 1 if first > 0 else size + first
    count = size - begin if length is None else whole(length)
    if count is None or count < 0 or begin + count > size:
        raise FeelFault(f"A length up to {size - begin} was expected; found {length}.")
    return slice(begin, begin + count)


@builtin("list contains", _LIST, "element: any?")
def _contains(run: Run, items: list[Value], element: Value) -> bool:
    run.spend(len(items))
    return any(same(one, element) for one in items)


@builtin("sublist", _LIST, "start position: number", "length: number=")
def _sublist(_run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    return items[part_of(start, length, len(items))]


@builtin("insert before", _LIST, "position: number", "newItem: any?")
def _insert(_run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    begin = _index(position, items)
    return [*items[:begin], item, *items[begin:]]


@builtin("remove", _LIST, "position: number")
def _remove(_run: Run, items: list[Value], position: Decimal) -> list[Value]:
    begin = _index(position, items)
    return [*items[:begin], *items[begin + 1 :]]


@builtin("list replace", _LIST, "position: number", "newItem: any?")
def _replace(_run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    begin = _index(position, items)
    return [*items[:begin], item, *items[begin + 1 :]]


@builtin("list replace", _LIST, "match: function", "newItem: any?")
def _replace_matching(run: Run, items: list[Value], match: Value, item: Value) -> list[Value]:
    return [item if _told(match, one, item, run) else one for one in items]


@builtin("reverse", _LIST)
def _reverse(_run: Run, items: list[Value]) -> list[Value]:
    return items[::-1]


@builtin("index of", _LIST, "match: any?")
def _index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    run.spend(len(items))
    return [Decimal(number) for number, one in enumerate(items, 1) if same(one, match)]


@builtin("distinct values", _LIST)
def _distinct(run: Run, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for one in items:
        run.spend(len(found))
        if not any(same(one, known) for known in found):
            found.append(one)
    return found


@builtin("flatten", _LIST)
def _flatten(run: Run, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    left = items[::-1]
    while left:
        run.spend(1)
        one = left.pop()
        if isinstance(one, list):
            left.extend(one[::-1])
        else:
            found.append(one)
    return found


@builtin("sort", _LIST, "precedes: function")
def _sort(run: Run, items: list[Value], precedes: Value) -> list[Value]:
    def order(one: Value, other: Value) -> int:
        if _told(precedes, one, other, run):
            return -1
        return 1 if _told(precedes, other, one, run) else 0

    return sorted(items, key=cmp_to_key(order))


@builtin("concatenate", rest=True)
def _concatenate(run: Run, lists: list[Value]) -> list[Value]:
    """Put lists one after the other; a value that is no list stands for a list of it."""
    if not lists or any(one is None for one in lists):
        raise FeelFault("Lists were expected; found none, or null.")
    found = [item for one in lists for item in (one if isinstance(one, list) else [one])]
    run.spend(len(found))
    return found


@builtin("append", rest=True)
def _append(run: Run, arguments: list[Value]) -> list[Value]:
    """Put items after a list."""
    if not arguments or arguments[0] is None:
        raise FeelFault("A list was expected, then items.")
    run.spend(len(arguments))
    return [*_concatenate(run, arguments[:1]), *arguments[1:]]


@builtin("union", rest=True)
def _union(run: Run, lists: list[Value]) -> list[Value]:
    """Put lists one after the other, each value once."""
    found: list[Value] = _distinct(run, _concatenate(run, lists))
    return found


def _index(position: Decimal, items: list[Value]) -> int:
    found = part_of(position, Decimal(1), len(items))
    return int(found.start)


def _told(function: Value, one: Value, other: Value, run: Run) -> bool:
    found = call(function, [one, other], (), run)
    if not isinstance(found, bool):
        raise FeelFault(f"The function has to tell true or false; it told a {described(found)}.")
    return found
