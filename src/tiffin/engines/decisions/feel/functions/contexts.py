"""Built-in functions of contexts."""

from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Value


@builtin("get value", "m: context", "key: string")
def _get_value(_run: Run, context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get entries", "m: context")
def _get_entries(_run: Run, context: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(_run: Run, entries: list[Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in entries:
        if not isinstance(one, dict) or not {"key", "value"} <= one.keys() or not isinstance(one["key"], str):
            raise FeelFault("Each entry has to have a key, which is a text, and a value.")
        if one["key"] in found:
            raise FeelFault(f"The key {one['key']} is there twice.")
        found[one["key"]] = one["value"]
    return found


@builtin("context put", "context: context", "key: string", "value: any?")
def _put(_run: Run, context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    return {**context, key: value}


@builtin("context put", "context: context", "keys: list", "value: any?")
def _put_deep(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    if not keys or not all(isinstance(one, str) for one in keys):
        raise FeelFault("One key at least was expected, each a text.")
    run.spend(len(keys))
    contexts = [context]
    for key in keys[:-1]:
        inner = contexts[-1].get(key)
        if not isinstance(inner, dict):
            raise FeelFault(f"There is no context at {key}.")
        contexts.append(inner)
    for holder, key in zip(reversed(contexts), reversed(keys), strict=True):
        value = {**holder, key: value}
    return dict(value)


@builtin("context merge", "contexts: list")
def _merge(_run: Run, contexts: list[Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for one in contexts:
        if not isinstance(one, dict):
            raise FeelFault("Contexts were expected.")
        found |= one
    return found
