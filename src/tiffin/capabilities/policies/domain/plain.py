"""Policies and what they decided as plain values that JSON can write."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tiffin.capabilities.policies.domain.decision import Decision
from tiffin.capabilities.policies.domain.explanation import Explanation
from tiffin.capabilities.policies.domain.policy import Effective, Input, Output, Words
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import literal_of

LARGEST_WHOLE = 2**53
"""Whole numbers beyond this are not the same everywhere where JSON is read."""


def value_as_plain(value: Value) -> Any:
    """Give a value as JSON has it: numbers as numbers where that loses nothing, else as texts; days and times as texts.

    Examples
    --------
    >>> value_as_plain(Decimal("2.50")), value_as_plain(Decimal("0.1000000000000000000001"))
    (2.5, '0.1000000000000000000001')
    """
    if isinstance(value, Decimal):
        return _number(value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): value_as_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [value_as_plain(one) for one in value]
    return value if isinstance(value, int) else literal_of(value)


def decision_as_plain(decision: Decision, reason: str) -> dict[str, Any]:
    """Give what was decided of a case, and by which version; ``row`` is null where none or several rows decide."""
    return {
        "outcome": decision.outcome.value,
        "row": decision.row or None,
        "rows": list(decision.rows),
        "outputs": {name: value_as_plain(value) for name, value in decision.outputs.items()},
        "reason": reason,
        "evidence": dict(decision.evidence),
        "version": decision.version,
        "on": decision.on.isoformat(),
    }


def explanation_as_plain(found: Explanation, reason: str) -> dict[str, Any]:
    """Give a decision with every input, every row, and what would have led elsewhere."""
    return {
        **decision_as_plain(found.decision, reason),
        "inputs": [
            {
                "name": one.name,
                "label": dict(one.label),
                "value": value_as_plain(one.value),
                "evidence": one.evidence or None,
                "is_tested": one.is_tested,
            }
            for one in found.inputs
        ],
        "table": [
            {
                "row": one.id,
                "standing": one.standing.value,
                "failed_by": one.input or None,
                "value": value_as_plain(one.value),
                "asked": one.feel or None,
            }
            for one in found.rows
        ],
        "otherwise": [
            {
                "outcome": one.outcome.value,
                "outputs": {name: value_as_plain(value) for name, value in one.outputs.items()},
                "ways": [
                    {
                        "changed": {step.input: value_as_plain(step.value) for step in way.changed},
                        "rows": list(way.rows),
                    }
                    for way in one.ways
                ],
            }
            for one in found.others
        ],
        "untold": found.untold or None,
    }


def policy_as_plain(found: Effective, language: str) -> dict[str, Any]:
    """Give a policy as it is in force on a day: what it asks for, what it gives, its rows and laws."""
    stated = found.stated
    return {
        "name": found.name,
        "title": _said(stated.title, language),
        "question": _said(stated.question, language),
        "owner": stated.owner,
        "source": stated.source,
        "since": found.since.isoformat(),
        "version": found.digest,
        "hit_policy": stated.hit_policy.value.lower(),
        "aggregation": stated.aggregation.value.lower() if stated.aggregation else None,
        "inputs": [_input(one, language) for one in stated.inputs],
        "outputs": [_output(one, language) for one in stated.outputs],
        "parameters": {name: value_as_plain(value) for name, value in found.table.parameters.items()},
        "rows": {name: _said(words, language) for name, words in found.reasons.items()},
        "laws": [
            {
                "output": one.output,
                "market": one.market,
                "at_least": value_as_plain(one.at_least),
                "at_most": value_as_plain(one.at_most),
                "reference": one.reference,
            }
            for one in found.laws
        ],
    }


def _input(one: Input, language: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": _said(one.label, language),
        "type": one.kind.value,
        "values": one.values.text if one.values else None,
        "computed": one.feel.text if one.feel else None,
        "whole": one.whole,
        "required": one.required,
        "unit": one.unit or None,
    }


def _output(one: Output, language: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": _said(one.label, language),
        "type": one.kind.value,
        "values": one.values.text if one.values else None,
        "default": one.default.text if one.default else None,
        "unit": one.unit or None,
    }


def _said(words: Words, language: str) -> str:
    return words.get(language) or words["en"]


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) <= LARGEST_WHOLE:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
