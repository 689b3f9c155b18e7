"""Whether values are of a type, and the conversions that FEEL makes by itself.

References
----------
OMG, Decision Model and Notation 1.5, §10.3.2.9.4 (type conversions).
"""

from tiffin.engines.decisions.feel.calendar import Date, at_midnight
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.types import (
    ANY,
    Constrained,
    ContextType,
    FunctionType,
    Kind,
    ListType,
    Named,
    RangeType,
    Simple,
    Type,
    conforms,
)
from tiffin.engines.decisions.feel.values import KIND_OF, Function, Range, Scope, Value, described

_MAX_ALIASES = 50


def converted(value: Value, kind: Type, run: Run) -> Value:
    """Give a value as one of a type: null stays null, one item leaves its list, one value becomes a list.

    Raises
    ------
    FeelFault
        When it is none, or not among the values that the type allows.
    """
    kind = resolved(kind, run)
    if value is None or kind == ANY:
        return value
    if isinstance(kind, Constrained):
        return _allowed(converted(value, kind.base, run), kind, run)
    if isinstance(kind, ListType):
        return [converted(one, kind.item, run) for one in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and len(value) == 1:
        return converted(value[0], kind, run)
    return _one(value, kind, run)


def _one(value: Value, kind: Type, run: Run) -> Value:
    if isinstance(kind, ContextType) and isinstance(value, dict):
        return _context(value, kind, run)
    if kind == Simple(Kind.DATE_TIME) and isinstance(value, Date):
        return at_midnight(value)
    if isinstance(kind, FunctionType) and callable_in_feel(value):
        return value
    if not is_instance(value, kind, run):
        raise FeelFault(f"A {type_text(kind)} was expected; found a {described(value)}.")
    return value


def is_instance(value: Value, kind: Type, run: Run) -> bool:
    """Tell whether a value is of a type; null is of none. Allowed values are not asked for."""
    kind = resolved(kind, run)
    while isinstance(kind, Constrained):
        kind = resolved(kind.base, run)
    if value is None:
        return False
    if isinstance(kind, Simple):
        return kind == ANY or KIND_OF.get(type(value)) == kind.kind
    return _has_parts(value, kind, run)


def resolved(kind: Type, run: Run) -> Type:
    """Follow the names that a model gave to types.

    Raises
    ------
    FeelFault
        When no type has that name.
    """
    for _ in range(_MAX_ALIASES):
        if not isinstance(kind, Named):
            return kind
        if kind.name not in run.types:
            break
        kind = run.types[kind.name]
    raise FeelFault(f"There is no type {kind}.")


def type_text(kind: Type) -> str:
    """Write a type as FEEL does."""
    if isinstance(kind, Simple):
        return kind.kind.value
    if isinstance(kind, Named):
        return kind.name
    if isinstance(kind, Constrained):
        return type_text(kind.base)
    if isinstance(kind, ListType | RangeType):
        return f"{'list' if isinstance(kind, ListType) else 'range'}<{type_text(kind.item)}>"
    if isinstance(kind, ContextType):
        return f"context<{', '.join(f'{name}: {type_text(one)}' for name, one in kind.fields)}>"
    return f"function<{', '.join(map(type_text, kind.parameters))}>->{type_text(kind.result)}"


def _context(value: dict[str, Value], kind: ContextType, run: Run) -> Value:
    missing = [name for name, _ in kind.fields if name not in value]
    if missing:
        raise FeelFault(
            f"A context with {', '.join(missing)} was expected; found one with {', '.join(value) or 'nothing'}."
        )
    return value | {name: converted(value[name], one, run) for name, one in kind.fields}


def _allowed(value: Value, kind: Constrained, run: Run) -> Value:
    if value is not None and run.evaluate(kind.tests, Scope({"?": value})) is not True:
        raise FeelFault(f"{value!s:.60} is not among the values that are allowed.")
    return value


def _has_parts(value: Value, kind: Type, run: Run) -> bool:
    if isinstance(kind, ListType):
        whole = kind.item == ANY
        return isinstance(value, list) and all(
            whole or one is None or is_instance(one, kind.item, run) for one in value
        )
    if isinstance(kind, ContextType):
        fields = kind.fields
        held = isinstance(value, dict) and all(name in value for name, _ in fields)
        return held and all(value[name] is None or is_instance(value[name], one, run) for name, one in fields)
    if isinstance(kind, RangeType):
        ends = [one for one in (value.low, value.high) if one is not None] if isinstance(value, Range) else []
        return bool(ends) and all(is_instance(one, kind.item, run) for one in ends)
    return isinstance(kind, FunctionType) and _is_function(value, kind, run)


def callable_in_feel(value: Value) -> bool:
    """Tell whether a value is a function, one of the model or a built-in one."""
    return value is not None and not isinstance(value, dict | list | Range) and type(value) not in KIND_OF


def _is_function(value: Value, kind: FunctionType, run: Run) -> bool:
    if not isinstance(value, Function):
        return callable_in_feel(value) and kind.result == ANY
    own = FunctionType(tuple(resolved(one.type, run) for one in value.parameters), resolved(value.result, run))
    return conforms(own, FunctionType(tuple(resolved(one, run) for one in kind.parameters), resolved(kind.result, run)))
