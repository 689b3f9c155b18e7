"""Write a table contract as Python: the committed modules under ``kernel/facts``."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract

_WIDTH = 120
_FULL_WIDTH_SIGNS = "\N{FULLWIDTH COMMA}\N{FULLWIDTH COLON}\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH LEFT PARENTHESIS}"
_CONTRACT_NAMES = ("Classification", "Column", "LogicalType", "Rule", "TableContract")

_PYTHON_TYPES = {
    LogicalType.STRING: "str",
    LogicalType.INTEGER: "int",
    LogicalType.NUMBER: "float",
    LogicalType.BOOLEAN: "bool",
    LogicalType.DATE: "date",
    LogicalType.TIMESTAMP: "datetime",
}


def write_module(contract: TableContract) -> str:
    """Write the module of one table: its closed sets of values, the type of its rows, its contract."""
    enums = [_enum(column) for column in contract.columns if column.values]
    body = "\n\n\n".join([*enums, _row(contract), _constant(contract)])
    return _exemptions(text := f"{_header(contract, body)}\n\n\n{body}\n") + text


def write_registry(contracts: Sequence[TableContract]) -> str:
    """Write the module that knows every table by name."""
    imports = "\n".join(
        f"from tiffin.kernel.facts.{contract.name} import {contract.name.upper()}" for contract in contracts
    )
    names = "\n".join(f"    {contract.name.upper()}," for contract in contracts)
    return (
        '"""Every fact table by name; generated from the contracts, never edited by hand."""\n\n'
        "from collections.abc import Mapping\nfrom types import MappingProxyType\n\n"
        "from tiffin.kernel.contract import TableContract\n"
        f"{imports}\n\n"
        f"_CONTRACTS = (\n{names}\n)\n\n"
        "TABLES: Mapping[str, TableContract] = MappingProxyType({contract.name: contract for contract in _CONTRACTS})\n"
        '"""Contract of each fact table."""\n'
    )


def _exemptions(text: str) -> str:
    """Write the lint rules that the text cannot keep: meanings stand on one line, with their language's own signs."""
    broken = [
        *(["E501"] if max(map(len, text.splitlines())) > _WIDTH else []),
        *(["RUF001"] if any(sign in text for sign in _FULL_WIDTH_SIGNS) else []),
    ]
    return f"# ruff: noqa: {', '.join(broken)} - meanings stand as the contract has them\n" if broken else ""


def _header(contract: TableContract, body: str) -> str:
    lines = [f'"""{contract.meaning["en"]}', "", "Generated from the contract, never edited by hand.", '"""', ""]
    dates = sorted({_PYTHON_TYPES[column.type] for column in contract.columns} & {"date", "datetime"})
    if dates:
        lines.append(f"from datetime import {', '.join(dates)}")
    if "(StrEnum)" in body:
        lines.append("from enum import StrEnum")
    lines += ["from typing import TypedDict", ""]
    names = [name for name in _CONTRACT_NAMES if re.search(rf"\b{name}[.(]", body)]
    lines.append(f"from tiffin.kernel.contract import {', '.join(names)}")
    return "\n".join(lines)


def _class_name(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _enum(column: Column) -> str:
    members = "\n".join(
        f"    {re.sub('[^A-Z0-9]', '_', value.upper())} = {json.dumps(value)}" for value in column.values
    )
    return f'class {_class_name(column.name)}(StrEnum):\n    """{column.meaning["en"]}"""\n\n{members}'


def _row(contract: TableContract) -> str:
    lines = [
        f"class {_class_name(contract.name)}Row(TypedDict, total=False):",
        f'    """One row: {contract.grain["en"]}."""',
        "",
    ]
    for column in contract.columns:
        optional = "" if column.required else " | None"
        lines.append(f"    {column.name}: {_PYTHON_TYPES[column.type]}{optional}")
    return "\n".join(lines)


def _constant(contract: TableContract) -> str:
    """Write the contract, one line a column and a rule, so that the module stays short and its changes readable."""
    lines = ["# fmt: off", f"{contract.name.upper()} = TableContract("]
    for name, value in _stated(contract):
        if isinstance(value, tuple) and value and isinstance(value[0], Column | Rule):
            lines += [f"    {name}=(", *(f"        {_call(part)}," for part in value), "    ),"]
        else:
            lines.append(f"    {name}={_literal(value)},")
    return "\n".join([*lines, ")", f'"""Contract of the table {contract.name}."""', "# fmt: on"])


def _call(part: Column | Rule) -> str:
    return f"{type(part).__name__}({', '.join(f'{name}={_literal(value)}' for name, value in _stated(part))})"


def _stated(part: TableContract | Column | Rule) -> Iterator[tuple[str, Any]]:
    """Give the fields that differ from their defaults."""
    for item in fields(part):
        value = getattr(part, item.name)
        default = item.default if item.default_factory is MISSING else item.default_factory()
        if default is MISSING or value != default:
            yield item.name, value


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(_literal(item) for item in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(text)}" for key, text in value.items()) + "}"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
