"""Two tables brought to the same inputs, so that their cases can be compared."""

from collections.abc import Sequence
from dataclasses import replace

from tiffin.engines.decisions.dmn.tables import InputColumn, Row
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.policy import Domain, PolicyTable


def with_common_inputs(before: PolicyTable, after: PolicyTable) -> tuple[PolicyTable, PolicyTable]:
    """Give both tables all inputs of either, by name and in one order; an input that a table lacks tests nothing in it.

    What either knows of an input holds for both: a value occurs only as whole, or only present, where one says so.
    """
    known = {domain.name: domain for domain in after.domains}
    domains = [_joined(domain, known.get(domain.name, domain)) for domain in before.domains]
    names = {domain.name for domain in domains}
    domains += [domain for domain in after.domains if domain.name not in names]
    return _over(before, domains, after), _over(after, domains, before)


def _joined(one: Domain, other: Domain) -> Domain:
    return replace(one, whole=one.whole or other.whole, required=one.required or other.required)


def _over(policy: PolicyTable, domains: Sequence[Domain], other: PolicyTable) -> PolicyTable:
    own = {domain.name: number for number, domain in enumerate(policy.domains)}
    columns = {**_columns(other), **_columns(policy)}
    inputs = tuple(
        columns[one.name] if one.name in own else replace(columns[one.name], allowed=None) for one in domains
    )
    rows = tuple(_row(row, [own.get(one.name) for one in domains]) for row in policy.table.rows)
    return replace(policy, domains=tuple(domains), table=replace(policy.table, inputs=inputs, rows=rows))


def _columns(policy: PolicyTable) -> dict[str, InputColumn]:
    return {domain.name: column for domain, column in zip(policy.domains, policy.table.inputs, strict=True)}


def _row(row: Row, places: Sequence[int | None]) -> Row:
    return replace(row, tests=tuple(_ANYTHING if place is None else row.tests[place] for place in places))


_ANYTHING = Tests(())
