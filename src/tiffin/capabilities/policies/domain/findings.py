"""What a proof found, in words that people can act on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tiffin.capabilities.policies.domain.conditions import Terms, example, is_single, where
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.proving.findings import Fault, Finding, Law, Order, Sum, Unused
from tiffin.kernel.messages import Message

HEADINGS: Mapping[Fault, Message] = {
    Fault.GAP: Message("Cases without an answer"),
    Fault.OVERLAP: Message("Rows that contradict each other"),
    Fault.MASKED: Message("A row that never decides"),
    Fault.UNREACHABLE: Message("A value that never comes"),
    Fault.SUM: Message("Outputs that do not add up"),
    Fault.ORDER: Message("An output that goes the wrong way"),
    Fault.LAW: Message("Looser than the law"),
    Fault.RESULT: Message("A result that its output may not be"),
    Fault.UNSETTLED: Message("What cannot be proven"),
}


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A fault of a policy.

    Parameters
    ----------
    heading : str
        What kind of fault it is.
    said : str
        Which rows and cases it is about, and what is wrong with them.
    example : str
        One of the cases, by the inputs that matter; empty where ``said`` leaves but one, or there is none.
    rows : tuple of str
        Ids of the rows that it names.
    case : Mapping
        A whole case to try, by input; empty where there is none.
    other : Mapping
        The case that it is compared with, where outputs of two cases stand in the wrong order.
    """

    fault: Fault
    heading: str
    said: str
    example: str = ""
    rows: tuple[str, ...] = ()
    case: Mapping[str, Value] = field(default_factory=dict)
    other: Mapping[str, Value] = field(default_factory=dict)


def told(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> ToldFinding:
    """Put a finding into words."""
    names = [domain.name for domain in terms.domains]
    case = dict(zip(names, finding.case, strict=True)) if finding.case is not None else {}
    other = dict(zip(names, finding.other, strict=True)) if finding.other is not None else {}
    told_by_place = all(is_single(one) for one in finding.where)
    return ToldFinding(
        fault=finding.fault,
        heading=HEADINGS[finding.fault],
        said=_SAID[finding.fault](finding, terms, row_ids),
        example="" if finding.case is None or told_by_place else example(finding.where, finding.case, terms),
        rows=tuple(dict.fromkeys(row_ids[row] for row in finding.rows if row < len(row_ids))),
        case=case,
        other=other,
    )


def _gap(finding: Finding, terms: Terms, _row_ids: Sequence[str]) -> Message:
    return Message("No row decides cases with {where}.", where=where(finding.where, terms))


def _overlap(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    one, other = (row_ids[row] for row in finding.rows)
    return Message(
        "Rows {row} and {other} both hold for cases with {where}, and neither goes before the other.",
        row=one,
        other=other,
        where=where(finding.where, terms),
    )


def _masked(finding: Finding, _terms: Terms, row_ids: Sequence[str]) -> Message:
    row = row_ids[finding.rows[0]]
    if len(finding.rows) == 1:
        return Message("Row {row} can never hold: no case that may occur passes all its cells.", row=row)
    others = _names(finding.rows[1:], row_ids)
    return Message("Row {row} can never decide: these go before it in all its cases: {others}.", row=row, others=others)


def _unreachable(finding: Finding, terms: Terms, _row_ids: Sequence[str]) -> Message:
    promise = finding.promise
    assert isinstance(promise, Unused)  # noqa: S101 - such findings bring it
    return Message(
        "{output} may be {value}, but no case comes to it.",
        output=terms.label(promise.output),
        value=terms.value(promise.output, promise.value),
    )


def _sum(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    promise = finding.promise
    assert isinstance(promise, Sum)  # noqa: S101 - such findings bring it
    return Message(
        "{row}: {values} do not add up to {total}.",
        row=_names(finding.rows, row_ids),
        values=_values(promise.outputs, finding.values, terms),
        total=terms.value(promise.outputs[0], promise.total),
    )


def _order(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    promise = finding.promise
    assert isinstance(promise, Order)  # noqa: S101 - such findings bring it
    assert finding.case is not None  # noqa: S101 - the same
    assert finding.other is not None  # noqa: S101 - the same
    number = next(number for number, one in enumerate(terms.domains) if one.name == promise.input)
    return Message(
        "{output} goes from {before} to {after} when {input} grows from {low} to {high}, all else alike: {where}. "
        "Rows: {rows}.",
        output=terms.label(promise.output),
        before=terms.value(promise.output, finding.values[0]),
        after=terms.value(promise.output, finding.values[1]),
        input=terms.label(promise.input),
        low=terms.value(promise.input, finding.case[number]),
        high=terms.value(promise.input, finding.other[number]),
        where=where(finding.where, terms),
        rows=_names(finding.rows, row_ids),
    )


def _law(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    promise = finding.promise
    assert isinstance(promise, Law)  # noqa: S101 - such findings bring it
    return Message(
        "{row} gives {value} for cases with {where}, but the law ({reference}) asks for {bound}.",
        row=_names(finding.rows, row_ids),
        value=_values((promise.output,), finding.values, terms),
        where=where(finding.where, terms),
        reference=promise.reference,
        bound=_bound(promise, terms),
    )


def _bound(promise: Law, terms: Terms) -> Message:
    if promise.at_least is None:
        return Message("at most {value}", value=terms.value(promise.output, promise.at_most))
    least = terms.value(promise.output, promise.at_least)
    if promise.at_most is None:
        return Message("at least {value}", value=least)
    return Message("{low} to {high}", low=least, high=terms.value(promise.output, promise.at_most))


def _result(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    return Message(
        "{row} gives {values}, which its outputs may not be.",
        row=_names(finding.rows, row_ids),
        values=_values(terms.outputs, finding.values, terms),
    )


def _unsettled(finding: Finding, terms: Terms, row_ids: Sequence[str]) -> Message:
    promise = finding.promise
    if promise is None:
        return Message(
            "Rows cut across each other in too many ways for all cases to be looked at. Split the table, or let its "
            "rows test fewer inputs."
        )
    outputs = promise.outputs if isinstance(promise, Sum) else (promise.output,)
    named = ", ".join(terms.label(one) for one in outputs)
    if finding.rows:
        return Message(
            "What is promised of {output} cannot be proven, since {row} computes it from the case.",
            output=named,
            row=_names(finding.rows, row_ids),
        )
    return Message(
        "What is promised of {output} cannot be proven: rows that hold together give a list, or compute "
        "it from the case.",
        output=named,
    )


def _names(rows: Sequence[int], row_ids: Sequence[str]) -> str:
    """Name rows; the number after the last is the default."""
    named = ", ".join(dict.fromkeys(row_ids[row] for row in rows if row < len(row_ids)))
    return named or Message("the default")


def _values(outputs: Sequence[str], values: Sequence[Value], terms: Terms) -> str:
    pairs = zip(outputs, values, strict=True)
    return ", ".join(f"{terms.label(name)} {terms.value(name, value)}" for name, value in pairs)


_SAID: Mapping[Fault, Callable[[Finding, Terms, Sequence[str]], Message]] = {
    Fault.GAP: _gap,
    Fault.OVERLAP: _overlap,
    Fault.MASKED: _masked,
    Fault.UNREACHABLE: _unreachable,
    Fault.SUM: _sum,
    Fault.ORDER: _order,
    Fault.LAW: _law,
    Fault.RESULT: _result,
    Fault.UNSETTLED: _unsettled,
}
