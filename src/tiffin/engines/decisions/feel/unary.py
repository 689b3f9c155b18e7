"""Whether a value passes a unary test.

References
----------
OMG, Decision Model and Notation 1.5, §7.3.9 and table 55 (semantics of ``in``).
"""

from tiffin.engines.decisions.feel.comparing import compared, same, within
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Bound, Constant, Node, Test
from tiffin.engines.decisions.feel.values import Range, Scope, Value


def passes(test: Bound | Test, value: Value, scope: Scope, run: Run) -> bool | None:
    """Tell whether a value passes a test; null where that cannot be told, with the reason noted.

    Parameters
    ----------
    test : Bound or Test
        A relation to an endpoint, or any expression. One that speaks of ``?`` is passed when it is true; any other
        when its value is the tested one, or a list or range that holds it.
    """
    try:
        if isinstance(test, Bound):
            return compared(test.operator, value, run.evaluate(test.endpoint, scope))
        found = run.evaluate(test.value, scope)
        if test.asks:
            return found if isinstance(found, bool) else None
        return _matches(test.value, found, value)
    except FeelFault as fault:
        run.note(test, str(fault))
        return None


def _matches(test: Node, found: Value, value: Value) -> bool | None:
    if isinstance(found, list):
        return same(value, found) or any(_holds(one, value) for one in found)
    if isinstance(found, Range):
        return True if same(value, found) else within(value, found)
    if isinstance(found, bool) and not isinstance(value, bool) and not isinstance(test, Constant):
        return found
    return same(value, found)


def _holds(item: Value, value: Value) -> bool:
    if not isinstance(item, Range):
        return same(value, item)
    try:
        return same(value, item) or within(value, item) is True
    except FeelFault:
        return False
