"""Calling functions: those of the model, and the built-in ones by their signatures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, at_midnight
from tiffin.engines.decisions.feel.conversions import converted
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Function, Range, Value, described

SORTS: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "datetime": (DateTime,),
    "days": (Days,),
    "years": (Years,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
}
"""The words for sorts of arguments in signatures, beside ``any`` and ``function``."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What a built-in function takes: its name, its sorts, whether null is taken and whether it may be left out."""

    name: str
    sorts: tuple[str, ...]
    nullable: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function.

    ``many`` takes any number of values where a list is meant; ``rest`` hands all arguments on as they are.
    """

    arguments: tuple[Argument, ...]
    body: Callable[..., Value]
    many: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class BuiltIn:
    """A built-in function, with all the ways to call it."""

    name: str
    signatures: tuple[Signature, ...]


CALL_STEPS = 3
"""Steps that a built-in function takes beside its arguments, about the time of as many nodes."""

BUILT_INS: dict[str, BuiltIn] = {}
"""Every built-in function by name; the modules of `functions` fill it."""


def builtin(
    name: str, *arguments: str, many: bool = False, rest: bool = False
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a built-in function, or one more way to call it.

    Parameters
    ----------
    name : str
        Its name.
    *arguments : str
        Each as ``"start position: number"``; sorts are separated by ``|``, ``?`` lets null in and ``=`` lets it be
        left out. The function is given them by position, after the run.
    many : bool
        Whether a list may be given as several arguments.
    rest : bool
        Whether any number of arguments is taken, each as it is.
    """

    def declare(body: Callable[..., Value]) -> Callable[..., Value]:
        signature = Signature(tuple(_argument(one) for one in arguments), body, many, rest)
        known = BUILT_INS[name].signatures if name in BUILT_INS else ()
        BUILT_INS[name] = BuiltIn(name, (*known, signature))
        return body

    return declare


def call(function: Value, arguments: Sequence[Value], names: Sequence[str], run: Run) -> Value:
    """Call a function.

    Raises
    ------
    FeelFault
        When it is none, or the arguments do not fit it.
    """
    if isinstance(function, Function):
        return _call_own(function, arguments, names, run)
    if not isinstance(function, BuiltIn):
        raise FeelFault(f"A function was expected; found a {described(function)}.")
    run.spend(CALL_STEPS)
    faults: list[FeelFault] = []
    for signature in function.signatures:
        try:
            bound = _bound(signature, arguments, names)
        except FeelFault as fault:
            faults.append(fault)
            continue
        return signature.body(run, *bound)
    raise FeelFault(f"{function.name}: {faults[0]}")


def _call_own(function: Function, arguments: Sequence[Value], names: Sequence[str], run: Run) -> Value:
    if function.external:
        raise FeelFault("External functions are not run here.")
    expected = [one.name for one in function.parameters]
    given = dict(zip(names or expected, arguments, strict=False))
    if len(arguments) != len(expected) or set(given) != set(expected):
        raise FeelFault(
            f"The arguments {', '.join(expected) or '(none)'} were expected; found {len(arguments)} arguments."
        )
    values = {one.name: converted(given[one.name], one.type, run) for one in function.parameters}
    return converted(run.evaluate(function.body, function.scope.with_values(values)), function.result, run)


def _bound(signature: Signature, arguments: Sequence[Value], names: Sequence[str]) -> list[Value]:
    expected = signature.arguments
    if signature.rest:
        if names and names[0] != "list":
            raise FeelFault(f"The argument list was expected; found {names[0]}.")
        return [list(arguments)]
    if signature.many and not names and (len(arguments) > 1 or (len(arguments) == 1 and not _is_list(arguments[0]))):
        if len(arguments) == 1 and arguments[0] is None:
            raise FeelFault("A list was expected; found null.")
        return [list(arguments)]
    if names:
        return _by_name(expected, dict(zip(names, arguments, strict=True)))
    required = sum(not one.optional for one in expected)
    if not required <= len(arguments) <= len(expected):
        raise FeelFault(f"{required} to {len(expected)} arguments were expected; found {len(arguments)}.")
    return [_fitted(one, value) for one, value in zip(expected, arguments, strict=False)]


def _by_name(expected: Sequence[Argument], given: Mapping[str, Value]) -> list[Value]:
    unknown = set(given) - {one.name for one in expected}
    missing = [one.name for one in expected if one.name not in given and not one.optional]
    if unknown or missing:
        names = ", ".join(one.name for one in expected)
        raise FeelFault(f"The arguments {names} were expected; found {', '.join(given)}.")
    return [None if one.name not in given else _fitted(one, given[one.name]) for one in expected]


def _fitted(expected: Argument, value: Value) -> Value:
    if value is None:
        if expected.nullable:
            return None
        raise FeelFault(f"{expected.name} may not be null.")
    if _fits(expected, value):
        return value
    if "list" in expected.sorts and not isinstance(value, list):
        return [value]
    if isinstance(value, list) and len(value) == 1 and _fits(expected, value[0]):
        return value[0]
    if "datetime" in expected.sorts and isinstance(value, Date):
        return at_midnight(value)
    raise FeelFault(f"{expected.name} has to be a {' or '.join(expected.sorts)}; found a {described(value)}.")


def _fits(expected: Argument, value: Value) -> bool:
    if "any" in expected.sorts:
        return True
    if "function" in expected.sorts and isinstance(value, Function | BuiltIn):
        return True
    return any(type(value) in SORTS.get(sort, ()) for sort in expected.sorts)


def _is_list(value: Value) -> bool:
    return isinstance(value, list)


def _argument(text: str) -> Argument:
    name, _, sorts = text.partition(": ")
    plain = sorts.rstrip("?=")
    return Argument(name, tuple(plain.split("|")), "?" in sorts, "=" in sorts)
