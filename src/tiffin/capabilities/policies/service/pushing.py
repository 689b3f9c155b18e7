"""Whether many cases of a policy can be decided at once by a warehouse, exactly as each is decided singly."""

from collections.abc import Mapping
from dataclasses import replace

from tiffin.capabilities.policies.domain.policy import Effective
from tiffin.engines.decisions.feel.tree import Name
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.policy import Domain
from tiffin.engines.decisions.sql import columns
from tiffin.engines.decisions.sql.columns import ColumnType, NotPushed
from tiffin.engines.decisions.sql.deciding import push

_TYPES: Mapping[Kind, ColumnType] = {
    Kind.NUMBER: columns.DOUBLE,
    Kind.STRING: columns.TEXT,
    Kind.BOOLEAN: columns.BOOLEAN,
    Kind.DATE: columns.DATE,
    Kind.TIME: columns.TIME,
    Kind.DATE_TIME: columns.INSTANT,
    Kind.DAYS: columns.SPAN,
    Kind.YEARS: columns.MONTHS,
}


def refused_by_sql(effective: Effective) -> str:
    """Say why a policy cannot be written as SQL; empty where it can.

    Inputs count as columns of the cases, computed before; an expression by which a case's facts make one is not looked
    at.
    """
    table = effective.table.table
    inputs = tuple(
        replace(column, value=Name(domain.name))
        for column, domain in zip(table.inputs, effective.table.domains, strict=True)
    )
    policy = replace(effective.table, table=replace(table, inputs=inputs))
    try:
        push(policy, {one.name: _type(one) for one in policy.domains}, "duckdb")
    except NotPushed as error:
        return error.said
    return ""


def _type(domain: Domain) -> ColumnType:
    return columns.WHOLE if domain.kind is Kind.NUMBER and domain.whole else _TYPES[domain.kind]
