"""Whether the worked cases of a policy come out as somebody worked them out."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.policies.domain.columns import fitted
from tiffin.capabilities.policies.domain.faults import unknown
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective, WorkedCase
from tiffin.engines.decisions.dmn.tables import outcome, permits, rows_that_hold
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import id_of
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class WrongCase:
    """A worked case that comes out otherwise; ``reason`` says what was expected and what came."""

    case: WorkedCase
    reason: str


def wrong_cases(effective: Effective) -> tuple[WrongCase, ...]:
    """Run every worked case; give those that come out otherwise."""
    told = ((case, _wrong(effective, case)) for case in effective.stated.worked_cases)
    return tuple(WrongCase(case, reason) for case, reason in told if reason)


def _wrong(effective: Effective, case: WorkedCase) -> str:
    columns = [one.name for one in effective.stated.inputs]
    strange = [name for name in case.given if name not in columns]
    if strange:
        return unknown(strange[0], columns)
    table, scope = effective.table.table, Scope(effective.table.parameters)
    given = {**dict.fromkeys(columns), **case.given, MARKET: case.market or None, CITY: case.city or None}
    values = [fitted(given[one.name], one.kind) for one in effective.table.domains]
    for column, value in zip(table.inputs, values, strict=True):
        if not permits(column, value, scope, Run()):
            return Message(
                "{value} is not among the values of the input {input}.",
                value=literal_of(value)[:60],
                input=column.label,
            )
    hits = rows_that_hold(table, values, scope, Run())
    ids = [id_of(row, number) for number, row in enumerate(table.rows, 1) if any(row is hit for hit in hits)]
    if case.row and ids != [case.row]:
        return Message("row {row} was expected; {found} came.", row=case.row, found=", ".join(ids) or "-")
    try:
        found = outcome(table, hits, scope, Run())
    except FeelFault as fault:
        return str(fault)
    return _differing(effective, case, found if isinstance(found, Mapping) else {table.outputs[0].name: found})


def _differing(effective: Effective, case: WorkedCase, found: Mapping[str, Value]) -> str:
    kinds = {one.name: one.kind for one in effective.stated.outputs}
    for name, stated in case.expect.items():
        if name not in found:
            return unknown(name, found)
        wanted = fitted(stated, kinds.get(name))
        if not same(wanted, found[name]):
            return Message(
                "{output} was expected to be {wanted}; it is {found}.",
                output=name,
                wanted=literal_of(wanted),
                found=literal_of(found[name])[:60],
            )
    return ""
