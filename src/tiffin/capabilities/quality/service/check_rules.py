"""Which checks there are: those that follow from each table's contract, the shipped ones and the workspace's own."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality.domain.checks import CheckKind, Origin, TableCheck
from tiffin.capabilities.quality.service.days import has_days, promised, tables_of
from tiffin.capabilities.quality.service.parameters import FOLDER, side_of
from tiffin.engines.metrics.definitions import Metric
from tiffin.kernel.contract import LOCALES, Column, TableContract
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.kernel.row_rules import RowRule, row_rules
from tiffin.kernel.rule_language import parse_rule
from tiffin.kernel.rule_sql import quoted, rule_sql
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import place_of, read_yaml, without_lines

CHECKS = "checks.yaml"
DAY = "business_date"
_COMMON = {"table", "kind", "label"}
_PARTS: Mapping[CheckKind, tuple[frozenset[str], frozenset[str]]] = {
    CheckKind.FRESHNESS: (frozenset({"ready_by"}), frozenset()),
    CheckKind.VOLUME: (frozenset(), frozenset()),
    CheckKind.VALIDITY: (frozenset({"holds"}), frozenset({"allowed", "columns"})),
    CheckKind.UNIQUENESS: (frozenset({"columns"}), frozenset()),
    CheckKind.REFERENCE: (frozenset({"column", "to"}), frozenset({"allowed"})),
    CheckKind.RETENTION: (frozenset(), frozenset()),
    CheckKind.RECONCILIATION: (frozenset({"one", "other", "within"}), frozenset()),
    CheckKind.DISTRIBUTION: (frozenset({"column"}), frozenset()),
}
"""By kind: what an own check must say besides table, kind and label, and what it may say."""


def checks_of(context: Context) -> Mapping[str, tuple[TableCheck, ...]]:
    """Give the checks of every table by name; a workspace's check replaces its namesake.

    Raises
    ------
    InvalidDefinition
        ``checks.yaml`` of the workspace's ``quality`` folder is not what it should be.
    """
    hours = _hours(context)
    found = {check.name: check for contract in TABLES.values() for check in contract_checks(contract, hours)}
    found |= _read(FOLDER / CHECKS, Origin.SHIPPED)
    own = context.workspace.overlay("quality") / CHECKS
    if own.is_file():
        found |= _read(own, Origin.WORKSPACE)
    by_table: dict[str, list[TableCheck]] = {}
    for check in found.values():
        by_table.setdefault(check.table, []).append(check)
    return {table: tuple(by_table[table]) for table in sorted(by_table)}


def contract_checks(contract: TableContract, hours: Mapping[str, str]) -> Iterator[TableCheck]:
    """Derive the checks that a contract promises.

    Parameters
    ----------
    hours : mapping of str to str
        By table, the hour of the morning by which certified metrics need it.
    """
    yield from _standing_checks(contract)
    if not has_days(contract.name):
        return
    yield _of(contract, "volume", CheckKind.VOLUME, Message("As many rows a day as usual"))
    if contract.name in hours:
        said = Message("There by {hour} the next morning", hour=hours[contract.name])
        yield _of(contract, "freshness", CheckKind.FRESHNESS, said, ready_by=hours[contract.name])
    if contract.retention_months:
        said = Message("No row is kept longer than {months} months", months=contract.retention_months)
        yield _of(contract, "retention", CheckKind.RETENTION, said)


@cache
def _standing_checks(contract: TableContract) -> tuple[TableCheck, ...]:
    key = ", ".join(contract.key)
    unique = Message("One row for each {key}", key=key)
    return (
        *(_of_rule(contract, rule) for rule in row_rules(contract)),
        _of(contract, "unique:key", CheckKind.UNIQUENESS, unique, columns=contract.key),
        *(
            _reference(contract, column, column.references)
            for column in contract.columns
            if column.references and column.references.split(".")[0] in TABLES
        ),
    )


def _of(contract: TableContract, what: str, kind: CheckKind, said: Message, **parts: Any) -> TableCheck:
    return TableCheck(f"{contract.name}/{what}", contract.name, kind, Origin.CONTRACT, said, **parts)


def _reference(contract: TableContract, column: Column, to: str) -> TableCheck:
    table, _, name = to.partition(".")
    said = Message("{column} names something that {table} knows", column=column.name, table=table)
    what = f"reference:{column.name}"
    return _of(contract, what, CheckKind.REFERENCE, said, columns=(column.name,), refers=(table, name))


def _of_rule(contract: TableContract, rule: RowRule) -> TableCheck:
    kind, _, column = rule.name.partition(":")
    if not column:
        own = next(one for one in contract.rules if one.name == rule.name)
        columns = _named_in(own.expression, contract)
        said = Message("{text}", text=own.meaning["en"])
        parts: dict[str, Any] = {"columns": columns, "label": own.meaning, "holds": rule.sql}
        return _of(contract, rule.name, CheckKind.VALIDITY, said, **parts)
    texts = {
        "required": Message("{column} is never empty", column=column),
        "values": Message("{column} is one of its allowed values", column=column),
        "range": Message("{column} lies within its bounds", column=column),
        "length": Message("{column} is not too long", column=column),
        "pattern": Message("{column} is written as agreed", column=column),
    }
    return _of(contract, rule.name, CheckKind.VALIDITY, texts[kind], columns=(column,), holds=rule.sql)


def _named_in(expression: str, contract: TableContract) -> tuple[str, ...]:
    words = set("".join(one if one.isalnum() or one == "_" else " " for one in expression).split())
    return tuple(name for name in contract.column_names if name in words)


def _hours(context: Context) -> Mapping[str, str]:
    """Give the earliest hour by which a certified metric promises its day, by table that it reads."""
    found: dict[str, str] = {}
    for metric in promised(context):
        ready_by = metric.targets.ready_by if metric.targets else None
        for table in tables_of(context, metric) if ready_by else ():
            found[table] = min(found.get(table, "99:99"), str(ready_by))
    return found


def certified_in(context: Context) -> Mapping[str, Metric]:
    """Give the certified metrics by name."""
    return {one.name: one for one in metrics.list_metrics(context) if one.tier.value == "certified"}


def _read(path: Path, origin: Origin) -> dict[str, TableCheck]:
    found = read_yaml(path)
    listed = found.get("checks") if isinstance(found, dict) else None
    if not isinstance(listed, dict):
        raise InvalidDefinition(
            Message("{path} must hold names with what is checked under `checks`; found something else.", path=path)
        )
    plain = without_lines(listed)
    return {
        check.name: check
        for name in plain
        for check in (_own(f"{place_of(path, listed, name)}: {name}", str(name), plain[name], origin),)
    }


def _own(place: str, name: str, raw: Any, origin: Origin) -> TableCheck:
    contract, kind = _head(place, raw)
    needed, further = _PARTS[kind]
    given = set(raw) - _COMMON
    if not needed <= given <= needed | further:
        raise InvalidDefinition(
            Message(
                "{place}: a check of {kind} has table, kind, label, {needed}{further}; found {found}.",
                place=place,
                kind=kind.value,
                needed=", ".join(sorted(needed)) or Message("nothing else"),
                further=f" ({', '.join(sorted(further))})" if further else "",
                found=", ".join(sorted(raw)),
            )
        )
    label = raw["label"]
    said = Message("{text}", text=label["en"])
    columns = _columns(place, contract, raw)
    return TableCheck(
        name=f"{contract.name}/{name}",
        table=contract.name,
        kind=kind,
        origin=origin,
        said=said,
        columns=columns,
        label=label,
        holds=_holds(contract, raw["holds"]) if "holds" in raw else "",
        refers=_refers(place, raw["to"]) if "to" in raw else None,
        allowed=_share(place, raw.get("allowed", raw.get("within", 0.0))),
        ready_by=_hour(place, raw["ready_by"]) if "ready_by" in raw else "",
        one=side_of(place, raw["one"]) if "one" in raw else None,
        other=side_of(place, raw["other"]) if "other" in raw else None,
    )


def _head(place: str, raw: Any) -> tuple[TableContract, CheckKind]:
    if not isinstance(raw, dict) or not set(raw) >= _COMMON:
        raise InvalidDefinition(
            Message("{place}: a check has table, kind and label; found {found}.", place=place, found=repr(raw))
        )
    table, kind, label = raw["table"], raw["kind"], raw["label"]
    if table not in TABLES:
        raise InvalidDefinition(
            Message("{place}: there is no fact table {table}. `tiffin facts` lists them.", place=place, table=table)
        )
    if kind not in set(CheckKind):
        raise InvalidDefinition(
            Message(
                "{place}: there is no kind of check {kind}. There are: {known}.",
                place=place,
                kind=kind,
                known=", ".join(CheckKind),
            )
        )
    if not isinstance(label, dict) or set(LOCALES) - set(label):
        raise InvalidDefinition(
            Message("{place}: `label` needs a text in each of {locales}.", place=place, locales=", ".join(LOCALES))
        )
    if CheckKind(kind) in (CheckKind.FRESHNESS, CheckKind.VOLUME, CheckKind.DISTRIBUTION) and not has_days(table):
        raise InvalidDefinition(
            Message("{place}: {table} has no cities and business days to look at.", place=place, table=table)
        )
    return TABLES[table], CheckKind(kind)


def _columns(place: str, contract: TableContract, raw: Mapping[str, Any]) -> tuple[str, ...]:
    named = raw.get("columns", [raw["column"]] if "column" in raw else [])
    named = named or ([*_named_in(raw["holds"], contract)] if "holds" in raw else [])
    unknown = [name for name in named if not contract.has(name)] if isinstance(named, list) else [named]
    if unknown:
        raise InvalidDefinition(
            Message(
                "{place}: {table} has no column {column}. It has: {known}.",
                place=place,
                table=contract.name,
                column=unknown[0],
                known=", ".join(contract.column_names),
            )
        )
    return tuple(named)


def _holds(contract: TableContract, text: str) -> str:
    types = {column.name: column.type.value for column in contract.columns}
    return f"coalesce({rule_sql(parse_rule(text, types))}, true)"


def _refers(place: str, to: str) -> tuple[str, str]:
    table, _, column = str(to).partition(".")
    if table not in TABLES or not TABLES[table].has(column):
        raise InvalidDefinition(
            Message(
                "{place}: `to` names a fact table and its column, as orders.order_id; found {to}.", place=place, to=to
            )
        )
    return table, column


def _share(place: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise InvalidDefinition(
            Message("{place}: a share is a number from 0 to below 1; found {value}.", place=place, value=repr(value))
        )
    return float(value)


def _hour(place: str, value: Any) -> str:
    hour, _, minute = str(value).partition(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):  # noqa: PLR2004 - a clock
        raise InvalidDefinition(
            Message('{place}: an hour is written as "06:30"; found {value}.', place=place, value=repr(value))
        )
    return f"{int(hour):02}:{int(minute):02}"


def retained(column: str, oldest: str) -> str:
    """Write that a row is not older than a day."""
    return f"({quoted(column)} IS NULL OR {quoted(column)} >= DATE '{oldest}')"
