"""What a row rule can come to where some columns are empty."""

from collections.abc import Collection, Sequence
from itertools import product

from tiffin.kernel.rule_language import Expression, Form

Outcomes = frozenset[bool | None]

_ANY: Outcomes = frozenset({True, False, None})
_EMPTY: Outcomes = frozenset({None})
_THERE: Outcomes = frozenset({True, False})


def can_fail(rule: Expression, empty: Collection[str], there: Collection[str] = ()) -> bool:
    """Tell whether a rule may be false for some row in which some columns are empty and some are not.

    Examples
    --------
    >>> from tiffin.kernel.rule_language import parse_rule
    >>> columns = {"ready_at": "timestamp", "placed_at": "timestamp"}
    >>> can_fail(parse_rule("ready_at >= placed_at", columns), {"ready_at"})
    False
    >>> can_fail(parse_rule("ready_at IS NOT NULL", columns), {"ready_at"})
    True
    """
    return False in _outcomes(rule, empty, there)


def _outcomes(part: Expression, empty: Collection[str], there: Collection[str]) -> Outcomes:
    """List what a part may come to: true, false or nothing; of a part that is no condition, whether it is there."""
    found = [_outcomes(one, empty, there) for one in part.parts]
    match part.form:
        case Form.COLUMN if part.text in there:
            return _THERE
        case Form.IS_NULL | Form.IS_NOT_NULL:
            return frozenset((value is None) is (part.form is Form.IS_NULL) for value in found[0])
        case Form.NOT:
            return frozenset(None if value is None else not value for value in found[0])
        case Form.INFIX if part.text in ("AND", "OR"):
            return frozenset(_joined(pair, decisive=part.text == "OR") for pair in product(*found))
        case _:
            return _EMPTY if _is_empty(part, found, empty) else _ANY


def _is_empty(part: Expression, found: Sequence[Outcomes], empty: Collection[str]) -> bool:
    """Tell whether a part that is no condition of conditions always comes to nothing."""
    if part.form is Form.COLUMN:
        return part.text in empty
    if part.text == "coalesce":
        return all(one == _EMPTY for one in found)
    return _EMPTY in (found[:1] if part.form in (Form.IN, Form.BETWEEN) else found)


def _joined(pair: tuple[bool | None, ...], *, decisive: bool) -> bool | None:
    """Join two conditions: by OR, for which true is decisive, or by AND, for which false is."""
    if decisive in pair:
        return decisive
    return None if None in pair else not decisive
